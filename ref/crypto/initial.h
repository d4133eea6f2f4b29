/*
 * initial.h: what a QUIC version adds to key derivation, and Initial secrets (RFC 9001 5.2).
 *
 * One row a version: the salt of its Initial secrets, the labels under which
 * keys are derived from any secret, and what its Retry packets are sealed
 * with. Version 1 is RFC 9001, version 2 RFC 9369 3.3. Another version is
 * another row.
 */
#ifndef GN_CRYPTO_INITIAL_H
#define GN_CRYPTO_INITIAL_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "crypto/suite.h"

#define GN_INITIAL_SALT_BYTES 20
#define GN_INITIAL_SECRET_BYTES 32
#define GN_INITIAL_RETRY_KEY_BYTES 16

typedef struct gn_initial_row {
    uint32_t version;
    uint8_t salt[GN_INITIAL_SALT_BYTES];
    const char *key_label;                         /* the AEAD key (RFC 9001 5.1) */
    const char *iv_label;                          /* the IV (RFC 9001 5.1) */
    const char *mask_label;                        /* the header protection key (RFC 9001 5.4) */
    const char *update_label;                      /* the next secret (RFC 9001 6.1) */
    uint8_t retry_key[GN_INITIAL_RETRY_KEY_BYTES]; /* of the Retry Integrity Tag (RFC 9001 5.8) */
    uint8_t retry_nonce[GN_SUITE_NONCE_BYTES];
} gn_initial_row;

/* The row of a version, static; a null pointer when we do not speak it. */
const gn_initial_row *gn_initial_row_of(uint32_t version);

/*
 * The two secrets of the Initial level, from the Destination Connection ID
 * (0 to 20 bytes) of the client's first Initial packet, or, after a Retry, the
 * one the server chose. Each takes GN_INITIAL_SECRET_BYTES; the suite is
 * always GN_SUITE_AES_128_GCM_SHA256. GN_ERR_UNSUPPORTED: not our version.
 */
GN_MUST_USE gn_err gn_initial_secrets(const gn_suite_ops *ops, uint32_t version,
                                      const uint8_t *dcid, size_t dcid_len, uint8_t *client,
                                      uint8_t *server);

#endif
