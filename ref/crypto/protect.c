/*
 * protect.c: see protect.h.
 */
#include "crypto/protect.h"

#include "base/assert.h"
#include "base/bytes.h"
#include "base/pool.h"
#include "wire/pktnum.h"

enum {
    PROTECT_LONG = 0x80,        /* RFC 9000 17.2: header form */
    PROTECT_LONG_MASKED = 0x0f, /* RFC 9001 5.4.1 */
    PROTECT_SHORT_MASKED = 0x1f,
    PROTECT_LONG_RESERVED = 0x0c,  /* RFC 9000 17.2 */
    PROTECT_SHORT_RESERVED = 0x18, /* RFC 9000 17.3.1 */
    PROTECT_PHASE = 0x04,          /* RFC 9000 17.3.1 */
    PROTECT_PN_SIZE = 0x03         /* the size of the number, less 1 */
};

/* The bits of the first byte that header protection covers. */
static uint8_t
masked_bits(uint8_t first)
{
    return first & PROTECT_LONG ? PROTECT_LONG_MASKED : PROTECT_SHORT_MASKED;
}

/* RFC 9001 5.3: the IV, exclusive or the packet number in its low end. */
static void
nonce_make(const gn_packet_key *key, uint64_t pn, uint8_t nonce[GN_SUITE_NONCE_BYTES])
{
    gn_bytes_copy(nonce, key->iv, GN_SUITE_NONCE_BYTES);
    for (size_t i = GN_SUITE_NONCE_BYTES; pn > 0; pn /= 0x100)
        nonce[--i] ^= (uint8_t)pn;
}

static const gn_suite_mask *
mask_of(gn_slots key_slots, const gn_packet_keys *side)
{
    const gn_suite_mask *masks = gn_slots_at(key_slots, side->mask_slot);

    return &masks[side->mask_at];
}

gn_err
gn_protect_seal(const gn_suite_ops *ops, gn_slots key_slots, gn_packet_keys *tx, uint8_t *packet,
                size_t pn_at, size_t pn_size, size_t payload_len, uint64_t pn)
{
    const gn_suite_id suite = (gn_suite_id)tx->suite;
    const size_t header_len = pn_at + pn_size;
    uint8_t nonce[GN_SUITE_NONCE_BYTES];
    uint8_t mask[GN_SUITE_MASK_OUT_BYTES];

    GN_ASSERT(pn_size >= 1 && pn_size <= GN_PKTNUM_BYTES_MAX && pn <= GN_PKTNUM_MAX);
    GN_ASSERT((packet[0] & PROTECT_PN_SIZE) + 1u == pn_size && pn_at >= 1);
    GN_ASSERT(pn_size + payload_len >= GN_PROTECT_TEXT_MIN);
    GN_ASSERT(tx->last_pn == GN_KEYS_NO_PN || pn > tx->last_pn);
    /* [R-9001-6.6-2] */
    if (tx->key.slot == GN_POOL_NONE || tx->used >= tx->limit)
        return GN_ERR_STATE;

    nonce_make(&tx->key, pn, nonce);
    ops->seal(suite, gn_slots_at(key_slots, tx->key.slot), nonce, packet, header_len,
              packet + header_len, payload_len);
    ops->mask(suite, mask_of(key_slots, tx), packet + pn_at + GN_PKTNUM_BYTES_MAX, mask);
    packet[0] ^= (uint8_t)(mask[0] & masked_bits(packet[0]));
    for (size_t i = 0; i < pn_size; i++)
        packet[pn_at + i] ^= mask[1 + i];

    /* [R-9001-6.6-1] */
    tx->used++;
    if (tx->first_pn == GN_KEYS_NO_PN)
        tx->first_pn = pn;
    tx->last_pn = pn;
    return GN_OK;
}

gn_err
gn_protect_unmask(const gn_suite_ops *ops, gn_slots key_slots, const gn_packet_keys *rx,
                  const uint8_t *packet, size_t packet_len, size_t pn_at, gn_unmasked *out)
{
    uint8_t mask[GN_SUITE_MASK_OUT_BYTES];
    gn_unmasked result = {0};

    GN_ASSERT(pn_at >= 1 && rx->mask_slot != GN_POOL_NONE);
    /* RFC 9001 5.4.2 [R-9000-10.3-3] [R-9001-5.4.2-1] */
    if (packet_len < pn_at + GN_PKTNUM_BYTES_MAX + GN_SUITE_SAMPLE_BYTES)
        return GN_ERR_SHORT;
    ops->mask((gn_suite_id)rx->suite, mask_of(key_slots, rx), packet + pn_at + GN_PKTNUM_BYTES_MAX,
              mask);
    result.first = (uint8_t)(packet[0] ^ (mask[0] & masked_bits(packet[0])));
    result.pn_size = (uint8_t)((result.first & PROTECT_PN_SIZE) + 1);
    for (size_t i = 0; i < result.pn_size; i++) {
        result.pn_bytes[i] = packet[pn_at + i] ^ mask[1 + i];
        result.pn_short = result.pn_short * 0x100 + result.pn_bytes[i];
    }
    *out = result;
    return GN_OK;
}

gn_err
gn_protect_open_with(const gn_suite_ops *ops, gn_slots key_slots, gn_suite_id suite,
                     const gn_packet_key *key, const uint8_t *packet, size_t packet_len,
                     size_t pn_at, const gn_unmasked *unmasked, uint64_t pn, uint8_t *out,
                     gn_opened *opened)
{
    const size_t header_len = pn_at + unmasked->pn_size;
    uint8_t nonce[GN_SUITE_NONCE_BYTES];

    GN_ASSERT(key->slot != GN_POOL_NONE);
    GN_ASSERT(packet_len >= header_len + GN_SUITE_TAG_BYTES);
    gn_bytes_copy(out, packet, pn_at);
    out[0] = unmasked->first;
    gn_bytes_copy(out + pn_at, unmasked->pn_bytes, unmasked->pn_size);
    nonce_make(key, pn, nonce);
    gn_err err = ops->open(suite, gn_slots_at(key_slots, key->slot), nonce, out, header_len,
                           packet + header_len, packet_len - header_len, out + header_len);
    if (err != GN_OK)
        return err;
    *opened = (gn_opened){.pn = pn,
                          .payload = out + header_len,
                          .payload_len = packet_len - header_len - GN_SUITE_TAG_BYTES,
                          .first = unmasked->first,
                          .pn_size = unmasked->pn_size};
    return GN_OK;
}

/* RFC 9000 17.2, 17.3.1: once a packet is authentic, these bits must be zero.
 * [R-9000-17.2-5] [R-9000-17.3.1-3] */
static gn_err
judge_reserved(uint8_t first, gn_fault *fault)
{
    /* [R-9000-17.4-2] */
    uint8_t reserved = first & PROTECT_LONG ? PROTECT_LONG_RESERVED : PROTECT_SHORT_RESERVED;

    if (first & reserved)
        return gn_fault_set(fault, GN_FAULT_PROTOCOL_VIOLATION, 0,
                            first & PROTECT_LONG ? "RFC 9000 17.2: reserved bits are set"
                                                 : "RFC 9000 17.3.1: reserved bits are set");
    return GN_OK;
}

/* RFC 9001 6.6: forgeries are counted, up to the limit where the connection ends. [R-9001-6.6-5] */
static void
count_failure(gn_packet_keys *rx)
{
    if (rx->used < rx->limit)
        rx->used++;
}

gn_err
gn_protect_open(const gn_suite_ops *ops, gn_slots key_slots, gn_packet_keys *rx,
                const uint8_t *packet, size_t packet_len, size_t pn_at, uint64_t expected_pn,
                uint8_t *out, gn_opened *opened, gn_fault *fault)
{
    gn_unmasked unmasked;
    gn_opened result;

    gn_err err = gn_protect_unmask(ops, key_slots, rx, packet, packet_len, pn_at, &unmasked);
    if (err != GN_OK)
        return err;
    uint64_t pn = gn_pktnum_expand(unmasked.pn_short, unmasked.pn_size, expected_pn);
    err = gn_protect_open_with(ops, key_slots, (gn_suite_id)rx->suite, &rx->key, packet, packet_len,
                               pn_at, &unmasked, pn, out, &result);
    if (err != GN_OK) {
        count_failure(rx);
        return err;
    }
    err = judge_reserved(result.first, fault);
    if (err == GN_OK)
        *opened = result;
    return err;
}

/*
 * Opens with the key of the age that the packet seems to have. One that no
 * next key opens may still be of the previous generation although its number
 * is above the current one's first: a mistake only who opens it can name
 * (RFC 9001 6.4).
 * [R-9001-5.5-2]
 */
static gn_err
open_aged(const gn_suite_ops *ops, gn_slots key_slots, const gn_keys *keys, const uint8_t *packet,
          size_t packet_len, size_t pn_at, const gn_unmasked *unmasked, uint64_t pn, gn_time now,
          gn_keys_age *age, uint8_t *out, gn_opened *opened)
{
    const gn_suite_id suite = (gn_suite_id)keys->rx.suite;

    gn_err err = gn_protect_open_with(ops, key_slots, suite, gn_keys_at(keys, *age), packet,
                                      packet_len, pn_at, unmasked, pn, out, opened);
    if (err != GN_ERR_AUTH || *age != GN_KEYS_NEXT || keys->previous.slot == GN_POOL_NONE ||
        now >= keys->previous_until)
        return err;
    *age = GN_KEYS_PREVIOUS;
    return gn_protect_open_with(ops, key_slots, suite, gn_keys_at(keys, *age), packet, packet_len,
                                pn_at, unmasked, pn, out, opened);
}

gn_err
gn_protect_open_short(const gn_suite_ops *ops, gn_slots key_slots, gn_keys *keys,
                      const uint8_t *packet, size_t packet_len, size_t pn_at, uint64_t expected_pn,
                      gn_time now, gn_time pto_us, uint8_t *out, gn_opened *opened, gn_fault *fault)
{
    gn_unmasked unmasked;
    gn_opened result;
    gn_keys_age age;

    gn_err err = gn_protect_unmask(ops, key_slots, &keys->rx, packet, packet_len, pn_at, &unmasked);
    if (err != GN_OK)
        return err;
    uint64_t pn = gn_pktnum_expand(unmasked.pn_short, unmasked.pn_size, expected_pn);
    unsigned phase_bit = unmasked.first & PROTECT_PHASE ? 1 : 0;
    err = gn_keys_choose(ops, key_slots, keys, pn, phase_bit, now, &age);
    if (err != GN_OK)
        return err;
    err = open_aged(ops, key_slots, keys, packet, packet_len, pn_at, &unmasked, pn, now, &age, out,
                    &result);
    if (err != GN_OK) {
        /* [R-9001-5.5-1] */
        count_failure(&keys->rx);
        return err;
    }
    err = judge_reserved(result.first, fault);
    if (err != GN_OK)
        return err;
    err = gn_keys_on_opened(ops, key_slots, keys, age, pn, now, pto_us, &result.phase, fault);
    if (err == GN_OK)
        *opened = result;
    return err;
}
