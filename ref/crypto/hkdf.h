/*
 * hkdf.h: the labelled key derivation of TLS 1.3 (RFC 8446 7.1, RFC 9001 5.1).
 */
#ifndef GN_CRYPTO_HKDF_H
#define GN_CRYPTO_HKDF_H

#include <stddef.h>
#include <stdint.h>

#include "crypto/suite.h"

/* Characters of the longest label we use, without "tls13 ". */
#define GN_HKDF_LABEL_MAX 18

/* So many keys follow from one secret at once: packet key, IV and header protection key. */
#define GN_HKDF_KEYS_MAX 3

/* A label, without "tls13 " and of at most GN_HKDF_LABEL_MAX characters, and the key for it. */
typedef struct gn_hkdf_key {
    const char *label;
    uint8_t *out;
    size_t out_len; /* 1 to 255 */
} gn_hkdf_key;

/*
 * HKDF-Expand-Label with an empty context, for each of count keys, GN_HKDF_KEYS_MAX at most, of
 * one secret: cheaper than one by one. secret is as long as the hash.
 */
void gn_hkdf_expand_labels(const gn_suite_ops *ops, gn_suite_hash hash, const uint8_t *secret,
                           const gn_hkdf_key *keys, size_t count);

/* The same for one. */
void gn_hkdf_expand_label(const gn_suite_ops *ops, gn_suite_hash hash, const uint8_t *secret,
                          const char *label, uint8_t *out, size_t out_len);

#endif
