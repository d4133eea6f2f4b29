/*
 * suite.h: the TLS 1.3 cipher suites and the operations they need (RFC 9001 5).
 *
 * What a suite *is* (lengths, limits) is said here once, in gn_suite_of. What
 * it *does* is a table of functions, gn_suite_ops, so that a simulation or a
 * fuzzer can run with a cheap stand-in instead of real cryptography.
 *
 * Keys are used through prepared forms that the caller keeps: a gn_suite_slot
 * for packet protection, a gn_suite_mask for header protection. Both are plain
 * bytes without pointers: they may be copied with memcpy and wiped with
 * gn_ct_wipe, and need no other end. A slot also has room for exactly two
 * masks, those of the two directions of one encryption level.
 */
#ifndef GN_CRYPTO_SUITE_H
#define GN_CRYPTO_SUITE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

typedef enum gn_suite_id {
    GN_SUITE_AES_128_GCM_SHA256,
    GN_SUITE_AES_256_GCM_SHA384,
    GN_SUITE_CHACHA20_POLY1305_SHA256,
    GN_SUITES
} gn_suite_id;

typedef enum gn_suite_hash { GN_SUITE_SHA256, GN_SUITE_SHA384 } gn_suite_hash;

enum {
    GN_SUITE_KEY_MAX = 32,  /* bytes of the longest AEAD or header protection key */
    GN_SUITE_HASH_MAX = 48, /* bytes of the longest hash, hence of the longest secret */
    GN_SUITE_NONCE_BYTES = 12,
    GN_SUITE_TAG_BYTES = 16,
    GN_SUITE_SAMPLE_BYTES = 16,  /* RFC 9001 5.4.2 */
    GN_SUITE_MASK_OUT_BYTES = 5, /* RFC 9001 5.4.1 */
    GN_SUITE_SLOT_BYTES = 896,   /* a prepared AES-GCM key of wolfCrypt takes 880 */
    GN_SUITE_MASK_BYTES = GN_SUITE_SLOT_BYTES / 2
};

/* One suite's numbers. */
typedef struct gn_suite {
    const char *name;               /* as IANA spells it */
    uint64_t confidentiality_limit; /* packets protected with one key (RFC 9001 6.6) */
    uint64_t integrity_limit;       /* packets that failed, all keys together (RFC 9001 6.6) */
    uint16_t tls_code;              /* 0x1301 to 0x1303 */
    uint8_t key_len;                /* of the AEAD key and of the header protection key */
    uint8_t hash_len;
    gn_suite_hash hash;
} gn_suite;

/* The suite's numbers; static. id must be below GN_SUITES. */
const gn_suite *gn_suite_of(gn_suite_id id);

/* Which suite TLS means by code. GN_ERR_NONE: one we do not have. */
GN_MUST_USE gn_err gn_suite_from_tls(uint16_t code, gn_suite_id *out);

/* The length of a hash in bytes. */
size_t gn_suite_hash_len(gn_suite_hash hash);

/* A prepared AEAD key, or the two masks of a level. */
typedef struct gn_suite_slot {
    _Alignas(16) uint8_t opaque[GN_SUITE_SLOT_BYTES];
} gn_suite_slot;

/* A prepared header protection key. */
typedef struct gn_suite_mask {
    _Alignas(16) uint8_t opaque[GN_SUITE_MASK_BYTES];
} gn_suite_mask;

_Static_assert(sizeof(gn_suite_slot) == GN_SUITE_SLOT_BYTES, "a slot has no padding");
_Static_assert(2 * sizeof(gn_suite_mask) == sizeof(gn_suite_slot), "two masks fill a slot");

/* What to expand a secret to. out_len is at most 255 times the length of the hash. */
typedef struct gn_suite_expansion {
    const uint8_t *info;
    size_t info_len;
    uint8_t *out;
    size_t out_len;
} gn_suite_expansion;

/*
 * The operations. All are pure functions of their arguments: same in, same
 * out, on every machine; they keep no state but what they write where told.
 * A bad argument is our own mistake and traps; only open can fail.
 *
 * A stand-in must keep three promises: the tag is GN_SUITE_TAG_BYTES long;
 * any change to key, nonce, associated data, ciphertext or tag makes open
 * fail (but for chance below 2^-32); and different secrets, labels or lengths
 * give different keys (but for the same chance).
 */
typedef struct gn_suite_ops {
    const char *name; /* "wolfcrypt"; static */

    /* Prepares the AEAD key of gn_suite_of(suite)->key_len bytes. Writes the whole slot. */
    void (*aead_set)(gn_suite_id suite, gn_suite_slot *slot, const uint8_t *key);

    /*
     * Encrypts the len bytes at text in place and puts the tag behind them
     * (room: len + GN_SUITE_TAG_BYTES). aad does not overlap text. len may be 0.
     */
    void (*seal)(gn_suite_id suite, const gn_suite_slot *slot,
                 const uint8_t nonce[GN_SUITE_NONCE_BYTES], const uint8_t *aad, size_t aad_len,
                 uint8_t *text, size_t len);

    /*
     * Decrypts len bytes, the last GN_SUITE_TAG_BYTES of which are the tag, to
     * out (len - GN_SUITE_TAG_BYTES bytes; overlaps neither in nor aad). The
     * input is never written. GN_ERR_AUTH: not authentic, or len is less than
     * a tag; out then holds nothing of meaning.
     */
    GN_MUST_USE gn_err (*open)(gn_suite_id suite, const gn_suite_slot *slot,
                               const uint8_t nonce[GN_SUITE_NONCE_BYTES], const uint8_t *aad,
                               size_t aad_len, const uint8_t *in, size_t len, uint8_t *out);

    /* Prepares the header protection key of gn_suite_of(suite)->key_len bytes. Writes it whole. */
    void (*mask_set)(gn_suite_id suite, gn_suite_mask *mask, const uint8_t *key);

    /* RFC 9001 5.4.3, 5.4.4: the mask for this sample of ciphertext. */
    void (*mask)(gn_suite_id suite, const gn_suite_mask *mask,
                 const uint8_t sample[GN_SUITE_SAMPLE_BYTES], uint8_t out[GN_SUITE_MASK_OUT_BYTES]);

    /* RFC 5869 2.2: writes gn_suite_hash_len(hash) bytes to prk. salt_len may be 0. */
    void (*hkdf_extract)(gn_suite_hash hash, const uint8_t *salt, size_t salt_len,
                         const uint8_t *ikm, size_t ikm_len, uint8_t *prk);

    /*
     * RFC 5869 2.3, once for each of count expansions of one secret: what they have in common need
     * be done once only. prk is as long as the hash; no out overlaps another, prk or an info.
     */
    void (*hkdf_expand)(gn_suite_hash hash, const uint8_t *prk, const gn_suite_expansion *each,
                        size_t count);
} gn_suite_ops;

#endif
