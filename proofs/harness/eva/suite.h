/*
 * suite.h: a stand-in for cryptography that looks at all it is given and answers anything.
 */
#ifndef EVA_SUITE_H
#define EVA_SUITE_H

#include "__fc_builtin.h"
#include "crypto/suite.h"

static volatile unsigned char eva_seen;

/* Both ends of what may be read. */
static void
eva_look(const uint8_t *bytes, size_t len)
{
    if (len > 0) {
        eva_seen = bytes[0];
        eva_seen = bytes[len - 1];
    }
}

static void
eva_any(uint8_t *bytes, size_t len)
{
    if (len > 0)
        Frama_C_make_unknown((char *)bytes, len);
}

static void
eva_aead_set(gn_suite_id suite, gn_suite_slot *slot, const uint8_t *key)
{
    eva_look(key, gn_suite_of(suite)->key_len);
    eva_any(slot->opaque, GN_SUITE_SLOT_BYTES);
}

static void
eva_seal(gn_suite_id suite, const gn_suite_slot *slot, const uint8_t nonce[GN_SUITE_NONCE_BYTES],
         const uint8_t *aad, size_t aad_len, uint8_t *text, size_t len)
{
    (void)suite;
    eva_look(slot->opaque, GN_SUITE_SLOT_BYTES);
    eva_look(nonce, GN_SUITE_NONCE_BYTES);
    eva_look(aad, aad_len);
    eva_any(text, len + GN_SUITE_TAG_BYTES);
}

static gn_err
eva_open(gn_suite_id suite, const gn_suite_slot *slot, const uint8_t nonce[GN_SUITE_NONCE_BYTES],
         const uint8_t *aad, size_t aad_len, const uint8_t *in, size_t len, uint8_t *out)
{
    (void)suite;
    eva_look(slot->opaque, GN_SUITE_SLOT_BYTES);
    eva_look(nonce, GN_SUITE_NONCE_BYTES);
    eva_look(aad, aad_len);
    eva_look(in, len);
    if (len < GN_SUITE_TAG_BYTES)
        return GN_ERR_AUTH;
    eva_any(out, len - GN_SUITE_TAG_BYTES);
    return Frama_C_interval(0, 1) == 0 ? GN_OK : GN_ERR_AUTH;
}

static void
eva_mask_set(gn_suite_id suite, gn_suite_mask *mask, const uint8_t *key)
{
    eva_look(key, gn_suite_of(suite)->key_len);
    eva_any(mask->opaque, GN_SUITE_MASK_BYTES);
}

static void
eva_mask(gn_suite_id suite, const gn_suite_mask *mask, const uint8_t sample[GN_SUITE_SAMPLE_BYTES],
         uint8_t out[GN_SUITE_MASK_OUT_BYTES])
{
    (void)suite;
    eva_look(mask->opaque, GN_SUITE_MASK_BYTES);
    eva_look(sample, GN_SUITE_SAMPLE_BYTES);
    eva_any(out, GN_SUITE_MASK_OUT_BYTES);
    /* One path for each value of the bits that count, on which sizes are exact. */
    out[0] = (uint8_t)Frama_C_interval_split(0, 31);
}

static void
eva_extract(gn_suite_hash hash, const uint8_t *salt, size_t salt_len, const uint8_t *ikm,
            size_t ikm_len, uint8_t *prk)
{
    eva_look(salt, salt_len);
    eva_look(ikm, ikm_len);
    eva_any(prk, gn_suite_hash_len(hash));
}

static void
eva_expand(gn_suite_hash hash, const uint8_t *prk, const gn_suite_expansion *each, size_t count)
{
    eva_look(prk, gn_suite_hash_len(hash));
    for (size_t i = 0; i < count; i++) {
        eva_look(each[i].info, each[i].info_len);
        eva_any(each[i].out, each[i].out_len);
    }
}

static const gn_suite_ops eva_suite = {
    .name = "eva",
    .aead_set = eva_aead_set,
    .seal = eva_seal,
    .open = eva_open,
    .mask_set = eva_mask_set,
    .mask = eva_mask,
    .hkdf_extract = eva_extract,
    .hkdf_expand = eva_expand,
};

#endif
