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

/*
 * HKDF-Expand-Label with an empty context. secret is as long as the hash,
 * label is a string without "tls13 " of at most GN_HKDF_LABEL_MAX characters,
 * out_len is 1 to 255.
 */
void gn_hkdf_expand_label(const gn_suite_ops *ops, gn_suite_hash hash, const uint8_t *secret,
                          const char *label, uint8_t *out, size_t out_len);

#endif
