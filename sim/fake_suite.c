/*
 * fake_suite.c: see fake_suite.h.
 */
#include "sim/fake_suite.h"

#include <string.h>

#include "base/ct.h"

#define FAKE_LANES 4
#define FAKE_P1 UINT64_C(0x9e3779b185ebca87)
#define FAKE_P2 UINT64_C(0xc2b2ae3d27d4eb4f)

/* A hash in four lanes of 64 bits; two words of it make a tag. */
typedef struct fake_hash {
    uint64_t lane[FAKE_LANES];
    uint64_t fed; /* pieces, so that their bounds count */
} fake_hash;

/* Eight bytes, least significant first; compilers make one load of it, and would not of a loop. */
static inline uint64_t
fake_load(const uint8_t *p)
{
    return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 | (uint64_t)p[3] << 24 |
           (uint64_t)p[4] << 32 | (uint64_t)p[5] << 40 | (uint64_t)p[6] << 48 |
           (uint64_t)p[7] << 56;
}

static void
fake_store(uint8_t *bytes, uint64_t word)
{
    for (unsigned i = 0; i < 8; i++)
        bytes[i] = (uint8_t)(word >> (8 * i));
}

static uint64_t
fake_rotate(uint64_t word, unsigned by)
{
    return word << by | word >> (64 - by);
}

static uint64_t
fake_mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static inline uint64_t
fake_step(uint64_t lane, const uint8_t *bytes)
{
    return fake_rotate(lane + fake_load(bytes) * FAKE_P2, 31) * FAKE_P1;
}

static void
fake_block(fake_hash *hash, const uint8_t block[8 * FAKE_LANES])
{
    for (unsigned i = 0; i < FAKE_LANES; i++)
        hash->lane[i] = fake_step(hash->lane[i], block + 8 * i);
}

/* As many whole blocks as there are, with the lanes in registers; the bytes taken. */
static size_t
fake_blocks(fake_hash *hash, const uint8_t *bytes, size_t len)
{
    uint64_t a = hash->lane[0], b = hash->lane[1], c = hash->lane[2], d = hash->lane[3];
    size_t at = 0;

    for (; len - at >= 8 * FAKE_LANES; at += 8 * FAKE_LANES) {
        a = fake_step(a, bytes + at);
        b = fake_step(b, bytes + at + 8);
        c = fake_step(c, bytes + at + 16);
        d = fake_step(d, bytes + at + 24);
    }
    hash->lane[0] = a;
    hash->lane[1] = b;
    hash->lane[2] = c;
    hash->lane[3] = d;
    return at;
}

/* One piece: its bytes, padded with zeros, then its length. */
static void
fake_feed(fake_hash *hash, const uint8_t *bytes, size_t len)
{
    uint8_t rest[8 * FAKE_LANES] = {0};
    const size_t at = fake_blocks(hash, bytes, len);

    if (at < len) {
        memcpy(rest, bytes + at, len - at);
        fake_block(hash, rest);
    }
    hash->fed++;
    for (unsigned i = 0; i < FAKE_LANES; i++)
        hash->lane[i] ^= fake_mix((uint64_t)len * FAKE_LANES + i + (hash->fed << 48));
}

static fake_hash
fake_begin(uint64_t purpose)
{
    fake_hash hash = {.fed = purpose << 8};

    for (unsigned i = 0; i < FAKE_LANES; i++)
        hash.lane[i] = fake_mix(purpose + i + 1);
    return hash;
}

/* The nth word of the result; as many as are wanted. */
static uint64_t
fake_word(const fake_hash *hash, uint64_t n)
{
    uint64_t word = fake_mix(n + FAKE_P1);

    for (unsigned i = 0; i < FAKE_LANES; i++)
        word = fake_mix(word ^ hash->lane[i]) * FAKE_P1;
    return fake_mix(word);
}

static void
fake_fill(const fake_hash *hash, uint8_t *out, size_t len)
{
    for (size_t at = 0; at < len; at += 8) {
        uint8_t bytes[8];
        const size_t piece = len - at < sizeof bytes ? len - at : sizeof bytes;

        fake_store(bytes, fake_word(hash, at / 8));
        memcpy(out + at, bytes, piece);
    }
}

enum { FAKE_SEAL = 1, FAKE_MASK, FAKE_EXTRACT, FAKE_EXPAND, FAKE_DERIVE };

/* A prepared key is the state of a hash that was fed the suite and the key. */
static fake_hash
fake_key(uint64_t purpose, gn_suite_id suite, const uint8_t *key)
{
    fake_hash hash = fake_begin(purpose + ((uint64_t)suite << 4));

    fake_feed(&hash, key, gn_suite_of(suite)->key_len);
    return hash;
}

static void
fake_aead_set(gn_suite_id suite, gn_suite_slot *slot, const uint8_t *key)
{
    const fake_hash hash = fake_key(FAKE_SEAL, suite, key);

    memset(slot, 0, sizeof *slot);
    memcpy(slot->opaque, &hash, sizeof hash);
}

static void
fake_tag(const gn_suite_slot *slot, const uint8_t *nonce, const uint8_t *aad, size_t aad_len,
         const uint8_t *text, size_t len, uint8_t tag[GN_SUITE_TAG_BYTES])
{
    fake_hash hash;

    memcpy(&hash, slot->opaque, sizeof hash);
    fake_feed(&hash, nonce, GN_SUITE_NONCE_BYTES);
    fake_feed(&hash, aad, aad_len);
    fake_feed(&hash, text, len);
    fake_fill(&hash, tag, GN_SUITE_TAG_BYTES);
}

/*
 * Turns bits of a text, the same ones when done twice. It hides little; but a stateless reset token
 * in a frame must not be one at the end of a datagram that was cut there (RFC 9000 10.3).
 */
static void
fake_turn(const gn_suite_slot *slot, const uint8_t *nonce, uint8_t *text, size_t len)
{
    fake_hash hash;
    uint8_t word[8];
    size_t at = 0;

    memcpy(&hash, slot->opaque, sizeof hash);
    fake_store(word, fake_mix(hash.lane[0] ^ fake_load(nonce + GN_SUITE_NONCE_BYTES - 8)));
    for (; len - at >= sizeof word; at += sizeof word)
        for (unsigned i = 0; i < sizeof word; i++)
            text[at + i] ^= word[i];
    for (unsigned i = 0; at + i < len; i++)
        text[at + i] ^= word[i];
}

static void
fake_seal(gn_suite_id suite, const gn_suite_slot *slot, const uint8_t nonce[GN_SUITE_NONCE_BYTES],
          const uint8_t *aad, size_t aad_len, uint8_t *text, size_t len)
{
    (void)suite;
    fake_turn(slot, nonce, text, len);
    fake_tag(slot, nonce, aad, aad_len, text, len, text + len);
}

static gn_err
fake_open(gn_suite_id suite, const gn_suite_slot *slot, const uint8_t nonce[GN_SUITE_NONCE_BYTES],
          const uint8_t *aad, size_t aad_len, const uint8_t *in, size_t len, uint8_t *out)
{
    uint8_t tag[GN_SUITE_TAG_BYTES];

    (void)suite;
    if (len < GN_SUITE_TAG_BYTES)
        return GN_ERR_AUTH;
    fake_tag(slot, nonce, aad, aad_len, in, len - GN_SUITE_TAG_BYTES, tag);
    if (!gn_ct_equal(tag, in + len - GN_SUITE_TAG_BYTES, GN_SUITE_TAG_BYTES))
        return GN_ERR_AUTH;
    memcpy(out, in, len - GN_SUITE_TAG_BYTES);
    fake_turn(slot, nonce, out, len - GN_SUITE_TAG_BYTES);
    return GN_OK;
}

static void
fake_mask_set(gn_suite_id suite, gn_suite_mask *mask, const uint8_t *key)
{
    const fake_hash hash = fake_key(FAKE_MASK, suite, key);

    memset(mask, 0, sizeof *mask);
    memcpy(mask->opaque, &hash, sizeof hash);
}

static void
fake_mask(gn_suite_id suite, const gn_suite_mask *mask, const uint8_t sample[GN_SUITE_SAMPLE_BYTES],
          uint8_t out[GN_SUITE_MASK_OUT_BYTES])
{
    fake_hash hash;

    (void)suite;
    memcpy(&hash, mask->opaque, sizeof hash);
    fake_feed(&hash, sample, GN_SUITE_SAMPLE_BYTES);
    fake_fill(&hash, out, GN_SUITE_MASK_OUT_BYTES);
}

static void
fake_hkdf_extract(gn_suite_hash kind, const uint8_t *salt, size_t salt_len, const uint8_t *ikm,
                  size_t ikm_len, uint8_t *prk)
{
    fake_hash hash = fake_begin(FAKE_EXTRACT + ((uint64_t)kind << 4));

    fake_feed(&hash, salt, salt_len);
    fake_feed(&hash, ikm, ikm_len);
    fake_fill(&hash, prk, gn_suite_hash_len(kind));
}

static void
fake_hkdf_expand(gn_suite_hash kind, const uint8_t *prk, const gn_suite_expansion *each,
                 size_t count)
{
    fake_hash keyed = fake_begin(FAKE_EXPAND + ((uint64_t)kind << 4));

    fake_feed(&keyed, prk, gn_suite_hash_len(kind));
    for (size_t i = 0; i < count; i++) {
        fake_hash hash = keyed;

        fake_feed(&hash, each[i].info, each[i].info_len);
        fake_feed(&hash, NULL, 0);
        hash.lane[0] ^= each[i].out_len * FAKE_P2;
        fake_fill(&hash, each[i].out, each[i].out_len);
    }
}

void
gn_sim_fake_suite_derive(const uint8_t secret[32], const char *label, uint8_t *out, size_t len)
{
    fake_hash hash = fake_begin(FAKE_DERIVE);

    fake_feed(&hash, secret, 32);
    fake_feed(&hash, (const uint8_t *)label, strlen(label));
    fake_fill(&hash, out, len);
}

_Static_assert(sizeof(fake_hash) <= GN_SUITE_MASK_BYTES, "a prepared key fits");

const gn_suite_ops *
gn_sim_fake_suite(void)
{
    static const gn_suite_ops ops = {.name = "fake",
                                     .aead_set = fake_aead_set,
                                     .seal = fake_seal,
                                     .open = fake_open,
                                     .mask_set = fake_mask_set,
                                     .mask = fake_mask,
                                     .hkdf_extract = fake_hkdf_extract,
                                     .hkdf_expand = fake_hkdf_expand};

    return &ops;
}
