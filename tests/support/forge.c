/*
 * forge.c: see forge.h.
 */
#include "tests/support/forge.h"

#include <check.h>
#include <string.h>

#include "base/slots.h"
#include "crypto/hkdf.h"
#include "crypto/initial.h"
#include "crypto/protect.h"
#include "crypto/suite_wolfcrypt.h"
#include "tests/support/frames.h"
#include "wire/header_write.h"
#include "wire/version.h"

enum { FORGE_SLOTS = 3, FORGE_PN_BYTES = 4 };

static gn_space_id
forge_space(gn_packet_kind kind)
{
    switch (kind) {
    case GN_PACKET_INITIAL: return GN_SPACE_INITIAL;
    case GN_PACKET_HANDSHAKE: return GN_SPACE_HANDSHAKE;
    default: return GN_SPACE_APP;
    }
}

void
gn_test_forge_shadow(gn_test_forge *f, gn_test_pair *pair, int as)
{
    const gn_test_side *real = &pair->side[as];
    const gn_test_side *client = &pair->side[GN_TEST_CLIENT];

    memset(f, 0, sizeof *f);
    f->pair = pair;
    f->as = as;
    f->kind = GN_PACKET_ONE_RTT;
    f->original = client->sent[0].dcid;
    for (uint32_t i = 0; i < real->sents; i++) {
        const gn_test_pair_packet *sent = &real->sent[i];
        f->pn[forge_space((gn_packet_kind)sent->kind)] = sent->pn + 1;
        f->dcid = sent->dcid;
        if (sent->kind != GN_EVENT_ONE_RTT)
            f->scid = sent->scid;
    }
    f->route = as == GN_TEST_CLIENT ? pair->outside[1] : 1;
    f->host = as == GN_TEST_CLIENT ? pair->host[1] : 200;
}

void
gn_test_forge_take(gn_test_forge *f, gn_test_pair *pair, int as)
{
    gn_test_forge_shadow(f, pair, as);
    pair->side[as].deaf = true;
    pair->side[as].mute = true;
}

void
gn_test_forge_bytes(gn_test_forge *f, const uint8_t *bytes, size_t len)
{
    ck_assert_uint_le(f->len + len, sizeof f->payload);
    memcpy(f->payload + f->len, bytes, len);
    f->len += len;
}

void
gn_test_forge_hex(gn_test_forge *f, const char *text)
{
    const gn_test_sample bytes = gn_test_hex(text);

    gn_test_forge_bytes(f, bytes.at, bytes.len);
}

void
gn_test_forge_frame(gn_test_forge *f, const gn_frame *frame)
{
    gn_writer w = gn_writer_over(f->payload + f->len, sizeof f->payload - f->len);

    ck_assert_int_eq(gn_frame_write(&w, frame), GN_OK);
    f->len += w.at;
}

void
gn_test_forge_stream(gn_test_forge *f, uint64_t id, uint64_t off, size_t len, bool fin)
{
    uint8_t bytes[GN_DATAGRAM_MAX];
    const gn_frame frame = {
        .type = GN_FRAME_STREAM | GN_FRAME_STREAM_BIT_OFF | GN_FRAME_STREAM_BIT_LEN |
                (fin ? GN_FRAME_STREAM_BIT_FIN : 0),
        .as.stream = {.id = id, .off = off, .data = gn_span_of(bytes, len), .fin = fin}};

    ck_assert_uint_le(len, sizeof bytes);
    for (size_t i = 0; i < len; i++)
        bytes[i] = gn_test_pair_byte(id, off + i);
    gn_test_forge_frame(f, &frame);
}

/* The secret of this level and key generation; its suite in *suite. */
static void
forge_secret(const gn_test_forge *f, gn_suite_id *suite, uint8_t secret[GN_SUITE_HASH_MAX])
{
    const gn_suite_ops *ops = gn_suite_wolfcrypt();
    const int level = f->kind == GN_PACKET_ONE_RTT;

    if (f->kind == GN_PACKET_INITIAL) {
        uint8_t both[2][GN_INITIAL_SECRET_BYTES];
        ck_assert_int_eq(gn_initial_secrets(ops, GN_VERSION_1, f->original.bytes, f->original.len,
                                            both[0], both[1]),
                         GN_OK);
        memcpy(secret, both[f->as], GN_INITIAL_SECRET_BYTES);
        *suite = GN_SUITE_AES_128_GCM_SHA256;
        return;
    }
    const gn_test_side *knows = &f->pair->side[f->pair->side[0].has_secret[level][f->as] ? 0 : 1];
    if (f->kind == GN_PACKET_ZERO_RTT) {
        *suite = (gn_suite_id)f->pair->side[GN_TEST_CLIENT].suite;
        memcpy(secret, f->pair->side[GN_TEST_CLIENT].early_secret, GN_SUITE_HASH_MAX);
        return;
    }
    ck_assert(knows->has_secret[level][f->as]);
    *suite = (gn_suite_id)knows->suite;
    const gn_suite *row = gn_suite_of(*suite);
    memcpy(secret, knows->secret[level][f->as], row->hash_len);
    for (uint32_t i = 0; i < f->phase; i++) {
        uint8_t next[GN_SUITE_HASH_MAX];
        gn_hkdf_expand_label(ops, row->hash, secret, gn_initial_row_of(GN_VERSION_1)->update_label,
                             next, row->hash_len);
        memcpy(secret, next, row->hash_len);
    }
}

/* AEAD and header protection. The header protection key stays that of generation 0. */
static void
forge_protect(const gn_test_forge *f, uint8_t *packet, size_t pn_at, size_t payload_len,
              uint64_t pn)
{
    static gn_suite_slot memory[FORGE_SLOTS];
    const gn_suite_ops *ops = gn_suite_wolfcrypt();
    gn_test_forge first = *f;
    uint8_t secret[GN_SUITE_HASH_MAX];
    gn_suite_id suite = GN_SUITES;
    gn_pool pool;
    gn_keys keys;

    gn_pool_init(&pool, FORGE_SLOTS, sizeof memory[0]);
    const gn_slots slots = {.pool = &pool, .base = (uint8_t *)memory};
    gn_keys_init(&keys, GN_VERSION_1);
    first.phase = 0;
    forge_secret(&first, &suite, secret);
    ck_assert_int_eq(gn_keys_install(ops, slots, &keys, GN_KEYS_TX, suite, secret), GN_OK);
    if (f->phase > 0) {
        const gn_suite *row = gn_suite_of(suite);
        uint8_t key[GN_SUITE_KEY_MAX];
        forge_secret(f, &suite, secret);
        gn_hkdf_expand_label(ops, row->hash, secret, "quic key", key, row->key_len);
        gn_hkdf_expand_label(ops, row->hash, secret, "quic iv", keys.tx.key.iv,
                             sizeof keys.tx.key.iv);
        ops->aead_set(suite, gn_slots_at(slots, keys.tx.key.slot), key);
    }
    ck_assert_int_eq(
        gn_protect_seal(ops, slots, &keys.tx, packet, pn_at, FORGE_PN_BYTES, payload_len, pn),
        GN_OK);
}

size_t
gn_test_forge_seal(gn_test_forge *f, uint8_t *out)
{
    gn_writer w = gn_writer_over(out, GN_DATAGRAM_MAX);
    const uint64_t pn = f->pn[forge_space(f->kind)]++;
    size_t length_at = 0;

    if (f->kind == GN_PACKET_ONE_RTT)
        ck_assert_int_eq(
            gn_header_write_short(&w, &f->dcid, false, f->phase & 1, pn, FORGE_PN_BYTES), GN_OK);
    else
        ck_assert_int_eq(gn_header_write_long(&w, f->kind, GN_VERSION_1, &f->dcid, &f->scid,
                                              f->token, pn, FORGE_PN_BYTES, &length_at),
                         GN_OK);
    out[0] = (uint8_t)((out[0] & ~f->clear_bits) | f->reserved_bits);
    const size_t pn_at = w.at - FORGE_PN_BYTES;
    const size_t with_tag = w.at + f->len + GN_PROTECT_TAG_BYTES;
    if (with_tag < f->pad_to) {
        memset(f->payload + f->len, 0, f->pad_to - with_tag);
        f->len += f->pad_to - with_tag;
    }
    ck_assert_int_eq(gn_writer_bytes(&w, f->payload, f->len), GN_OK);
    ck_assert_uint_le(w.at + GN_PROTECT_TAG_BYTES, GN_DATAGRAM_MAX);
    if (length_at != 0)
        gn_header_write_length(&w, length_at, w.at - pn_at + GN_PROTECT_TAG_BYTES);
    forge_protect(f, out, pn_at, f->len, pn);
    f->len = 0;
    return w.at + GN_PROTECT_TAG_BYTES;
}

void
gn_test_forge_send(gn_test_forge *f)
{
    uint8_t bytes[GN_DATAGRAM_MAX];
    const size_t len = gn_test_forge_seal(f, bytes);

    gn_test_pair_give(f->pair, 1 - f->as, bytes, len, f->route, f->host);
}

void
gn_test_forge_say(gn_test_forge *f, const char *text)
{
    gn_test_forge_hex(f, text);
    gn_test_forge_send(f);
}

void
gn_test_forge_ack(gn_test_forge *f)
{
    const gn_test_side *other = &f->pair->side[1 - f->as];
    gn_frame ack = {.type = GN_FRAME_ACK};

    for (uint32_t i = 0; i < other->sents; i++)
        if (forge_space((gn_packet_kind)other->sent[i].kind) == forge_space(f->kind))
            ack.as.ack.largest = other->sent[i].pn;
    ack.as.ack.first_range = ack.as.ack.largest;
    gn_test_forge_frame(f, &ack);
    gn_test_forge_send(f);
}
