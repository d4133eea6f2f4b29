/*
 * suite_wolfcrypt.c: see suite_wolfcrypt.h.
 *
 * Only the one-shot calls are used: in this version the streaming ones of the
 * library's QUIC interface accept forged ChaCha20-Poly1305 packets.
 */
#include "crypto/suite_wolfcrypt.h"

#include <string.h>

#include <wolfssl/wolfcrypt/settings.h>

#include <wolfssl/wolfcrypt/aes.h>
#include <wolfssl/wolfcrypt/chacha.h>
#include <wolfssl/wolfcrypt/chacha20_poly1305.h>
#include <wolfssl/wolfcrypt/hmac.h>
#include <wolfssl/wolfcrypt/sha256.h>

#include "base/assert.h"
#include "base/ct.h"

/*
 * An AEAD slot holds a whole Aes, or a ChaCha20 key. A mask holds an Aes
 * without its GCM tables, which header protection does not touch: what is
 * before them, then what is behind them.
 */
enum {
    AES_TABLES_AT = offsetof(Aes, gcm),
    AES_BEHIND_TABLES = offsetof(Aes, gcm) + sizeof(Gcm),
    AES_BEHIND_BYTES = sizeof(Aes) - AES_BEHIND_TABLES
};

_Static_assert(sizeof(Aes) <= GN_SUITE_SLOT_BYTES, "a slot holds an Aes");
_Static_assert(_Alignof(Aes) <= _Alignof(gn_suite_slot), "a slot is aligned for an Aes");
_Static_assert(AES_TABLES_AT + AES_BEHIND_BYTES <= GN_SUITE_MASK_BYTES, "a mask holds a schedule");

/* The library takes a pointer to non-const where it only reads. */
static Aes *
slot_aes(const gn_suite_slot *slot)
{
    return (Aes *)slot->opaque;
}

static void
wolfcrypt_aead_set(gn_suite_id suite, gn_suite_slot *slot, const uint8_t *key)
{
    const gn_suite *numbers = gn_suite_of(suite);

    memset(slot, 0, sizeof *slot);
    if (suite == GN_SUITE_CHACHA20_POLY1305_SHA256) {
        memcpy(slot->opaque, key, numbers->key_len);
        return;
    }
    int failed = wc_AesInit(slot_aes(slot), NULL, INVALID_DEVID);
    GN_ASSERT(failed == 0);
    failed = wc_AesGcmSetKey(slot_aes(slot), key, numbers->key_len);
    GN_ASSERT(failed == 0);
}

static void
wolfcrypt_seal(gn_suite_id suite, const gn_suite_slot *slot,
               const uint8_t nonce[GN_SUITE_NONCE_BYTES], const uint8_t *aad, size_t aad_len,
               uint8_t *text, size_t len)
{
    int failed;

    GN_ASSERT(aad_len <= UINT16_MAX && len <= UINT16_MAX);
    if (suite == GN_SUITE_CHACHA20_POLY1305_SHA256)
        failed = wc_ChaCha20Poly1305_Encrypt(slot->opaque, nonce, aad, (word32)aad_len, text,
                                             (word32)len, text, text + len);
    else
        failed =
            wc_AesGcmEncrypt(slot_aes(slot), text, text, (word32)len, nonce, GN_SUITE_NONCE_BYTES,
                             text + len, GN_SUITE_TAG_BYTES, aad, (word32)aad_len);
    GN_ASSERT(failed == 0);
}

static gn_err
wolfcrypt_open(gn_suite_id suite, const gn_suite_slot *slot,
               const uint8_t nonce[GN_SUITE_NONCE_BYTES], const uint8_t *aad, size_t aad_len,
               const uint8_t *in, size_t len, uint8_t *out)
{
    int failed;

    GN_ASSERT(aad_len <= UINT16_MAX && len <= UINT16_MAX);
    if (len < GN_SUITE_TAG_BYTES)
        return GN_ERR_AUTH;
    size_t text_len = len - GN_SUITE_TAG_BYTES;
    if (suite == GN_SUITE_CHACHA20_POLY1305_SHA256)
        failed = wc_ChaCha20Poly1305_Decrypt(slot->opaque, nonce, aad, (word32)aad_len, in,
                                             (word32)text_len, in + text_len, out);
    else
        failed =
            wc_AesGcmDecrypt(slot_aes(slot), out, in, (word32)text_len, nonce, GN_SUITE_NONCE_BYTES,
                             in + text_len, GN_SUITE_TAG_BYTES, aad, (word32)aad_len);
    return failed == 0 ? GN_OK : GN_ERR_AUTH;
}

static void
wolfcrypt_mask_set(gn_suite_id suite, gn_suite_mask *mask, const uint8_t *key)
{
    const gn_suite *numbers = gn_suite_of(suite);

    memset(mask, 0, sizeof *mask);
    if (suite == GN_SUITE_CHACHA20_POLY1305_SHA256) {
        memcpy(mask->opaque, key, numbers->key_len);
        return;
    }
    Aes aes;
    memset(&aes, 0, sizeof aes);
    int failed = wc_AesInit(&aes, NULL, INVALID_DEVID);
    GN_ASSERT(failed == 0);
    failed = wc_AesSetKeyDirect(&aes, key, numbers->key_len, NULL, AES_ENCRYPTION);
    GN_ASSERT(failed == 0);
    memcpy(mask->opaque, &aes, AES_TABLES_AT);
    memcpy(mask->opaque + AES_TABLES_AT, (const uint8_t *)&aes + AES_BEHIND_TABLES,
           AES_BEHIND_BYTES);
    gn_ct_wipe(&aes, sizeof aes);
}

/* RFC 9001 5.4.4: the sample is the block counter, little-endian, and the nonce. */
static void
mask_chacha(const gn_suite_mask *mask, const uint8_t *sample, uint8_t *out)
{
    static const uint8_t zero[GN_SUITE_MASK_OUT_BYTES];
    uint32_t counter = (uint32_t)sample[0] | (uint32_t)sample[1] << 8 | (uint32_t)sample[2] << 16 |
                       (uint32_t)sample[3] << 24;
    ChaCha chacha;

    int failed = wc_Chacha_SetKey(&chacha, mask->opaque, CHACHA_MAX_KEY_SZ);
    GN_ASSERT(failed == 0);
    failed = wc_Chacha_SetIV(&chacha, sample + 4, counter);
    GN_ASSERT(failed == 0);
    failed = wc_Chacha_Process(&chacha, out, zero, sizeof zero);
    GN_ASSERT(failed == 0);
}

static void
wolfcrypt_mask(gn_suite_id suite, const gn_suite_mask *mask,
               const uint8_t sample[GN_SUITE_SAMPLE_BYTES], uint8_t out[GN_SUITE_MASK_OUT_BYTES])
{
    if (suite == GN_SUITE_CHACHA20_POLY1305_SHA256) {
        mask_chacha(mask, sample, out);
        return;
    }
    Aes aes;                                                /* its tables stay unset and unread */
    _Alignas(AES_BLOCK_SIZE) uint8_t block[AES_BLOCK_SIZE]; /* else the library allocates one */
    memcpy(block, sample, sizeof block);
    memcpy(&aes, mask->opaque, AES_TABLES_AT);
    memcpy((uint8_t *)&aes + AES_BEHIND_TABLES, mask->opaque + AES_TABLES_AT, AES_BEHIND_BYTES);
    int failed = wc_AesEncryptDirect(&aes, block, block);
    GN_ASSERT(failed == 0);
    memcpy(out, block, GN_SUITE_MASK_OUT_BYTES);
}

static int
hash_type(gn_suite_hash hash)
{
    return hash == GN_SUITE_SHA384 ? WC_SHA384 : WC_SHA256;
}

static void
wolfcrypt_hkdf_extract(gn_suite_hash hash, const uint8_t *salt, size_t salt_len, const uint8_t *ikm,
                       size_t ikm_len, uint8_t *prk)
{
    int failed =
        wc_HKDF_Extract(hash_type(hash), salt, (word32)salt_len, ikm, (word32)ikm_len, prk);
    GN_ASSERT(failed == 0);
}

/* HMAC's two hashes, each behind its padded key (RFC 2104 2), and what is secret on the way. */
typedef struct hmac_key {
    wc_Sha256 inner;
    wc_Sha256 outer;
    wc_Sha256 going_on;
    uint8_t digest[WC_SHA256_DIGEST_SIZE];
} hmac_key;

static void
hmac_begin(hmac_key *key, const uint8_t *prk)
{
    uint8_t pad[WC_SHA256_BLOCK_SIZE];

    memset(pad, IPAD, sizeof pad);
    for (size_t i = 0; i < WC_SHA256_DIGEST_SIZE; i++)
        pad[i] ^= prk[i];
    int failed = wc_InitSha256(&key->inner);
    failed |= wc_Sha256Update(&key->inner, pad, sizeof pad);
    for (size_t i = 0; i < sizeof pad; i++)
        pad[i] ^= IPAD ^ OPAD;
    failed |= wc_InitSha256(&key->outer);
    failed |= wc_Sha256Update(&key->outer, pad, sizeof pad);
    GN_ASSERT(failed == 0);
    gn_ct_wipe(pad, sizeof pad);
}

/* A hash goes on from a state, over some bytes and perhaps one more, to the digest. */
static void
hmac_go_on(hmac_key *key, const wc_Sha256 *from, const uint8_t *bytes, size_t len,
           const uint8_t *last)
{
    /* Without a heap or a device such a state is plain bytes. */
    key->going_on = *from;
    int failed = wc_Sha256Update(&key->going_on, bytes, (word32)len);

    if (last != NULL)
        failed |= wc_Sha256Update(&key->going_on, last, 1);
    failed |= wc_Sha256Final(&key->going_on, key->digest);
    GN_ASSERT(failed == 0);
}

/*
 * RFC 5869 2.3 for SHA-256 and one block of output, which is every key of QUIC's. A handshake has
 * some fifty of these, and the library begins each anew with the key, which is half of the work.
 */
static void
expand_block(hmac_key *key, const gn_suite_expansion *one)
{
    static const uint8_t first = 1;

    hmac_go_on(key, &key->inner, one->info, one->info_len, &first);
    hmac_go_on(key, &key->outer, key->digest, sizeof key->digest, NULL);
    memcpy(one->out, key->digest, one->out_len);
}

static void
expand_any(gn_suite_hash hash, const uint8_t *prk, const gn_suite_expansion *one)
{
    int failed = wc_HKDF_Expand(hash_type(hash), prk, (word32)gn_suite_hash_len(hash), one->info,
                                (word32)one->info_len, one->out, (word32)one->out_len);
    GN_ASSERT(failed == 0);
}

static void
wolfcrypt_hkdf_expand(gn_suite_hash hash, const uint8_t *prk, const gn_suite_expansion *each,
                      size_t count)
{
    hmac_key key;

    if (hash == GN_SUITE_SHA256)
        hmac_begin(&key, prk);
    for (size_t i = 0; i < count; i++) {
        if (hash == GN_SUITE_SHA256 && each[i].out_len <= WC_SHA256_DIGEST_SIZE)
            expand_block(&key, &each[i]);
        else
            expand_any(hash, prk, &each[i]);
    }
    if (hash == GN_SUITE_SHA256)
        gn_ct_wipe(&key, sizeof key);
}

static const gn_suite_ops wolfcrypt = {
    .name = "wolfcrypt",
    .aead_set = wolfcrypt_aead_set,
    .seal = wolfcrypt_seal,
    .open = wolfcrypt_open,
    .mask_set = wolfcrypt_mask_set,
    .mask = wolfcrypt_mask,
    .hkdf_extract = wolfcrypt_hkdf_extract,
    .hkdf_expand = wolfcrypt_hkdf_expand,
};

const gn_suite_ops *
gn_suite_wolfcrypt(void)
{
    return &wolfcrypt;
}
