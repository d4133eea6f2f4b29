/*
 * forgery.c: see forgery.h.
 */
#include "sim/forgery.h"

#include <string.h>

#include "base/assert.h"
#include "crypto/hkdf.h"
#include "crypto/initial.h"
#include "wire/header_read.h"
#include "wire/header_write.h"
#include "wire/retry.h"
#include "wire/version.h"
#include "wire/vneg.h"

/* RFC 9000 14.1: what the client sends has this size at least; more does no harm. */
#define FORGERY_INITIAL_BYTES 1200

/* A number that the real sender has not reached and the receiver still decodes. */
#define FORGERY_PN 200
#define FORGERY_PN_BYTES 4

/* A version that nobody speaks (RFC 9000 15). */
#define FORGERY_VERSION UINT32_C(0x0a1a2a3a)

/* A short header shows no length: so many bytes of it are copied. */
#define FORGERY_SHORT_BYTES 21

void
gn_sim_forgery_learn(gn_sim_forgery *forgery, bool up, const uint8_t *bytes, size_t len)
{
    gn_header header;

    if (len == 0 || (bytes[0] & GN_HEADER_LONG) == 0 ||
        gn_header_read(bytes, len, 0, &header) != GN_OK)
        return;
    if (header.kind != GN_PACKET_INITIAL && header.kind != GN_PACKET_HANDSHAKE)
        return;
    forgery->version = header.version;
    if (up && !forgery->knows_client && header.kind == GN_PACKET_INITIAL) {
        forgery->original = header.dcid;
        forgery->client = header.scid;
        forgery->knows_client = true;
    } else if (!up) {
        forgery->server = header.scid;
        forgery->knows_server = true;
    }
}

/* Bytes of the datagram that was seen that are header, as far as anybody can tell. */
static size_t
forgery_header_bytes(const gn_sim_forgery_order *order)
{
    gn_header header;

    if (order->seen_len == 0)
        return 0;
    if ((order->seen[0] & GN_HEADER_LONG) == 0)
        return order->seen_len < FORGERY_SHORT_BYTES ? order->seen_len : FORGERY_SHORT_BYTES;
    if (gn_header_read(order->seen, order->seen_len, 0, &header) != GN_OK)
        return 0;
    return header.kind == GN_PACKET_INITIAL || header.kind == GN_PACKET_HANDSHAKE ? header.pn_at
                                                                                  : 5;
}

static size_t
forgery_write_random(const gn_sim_forgery_order *order, gn_sim_prng *prng, uint8_t *out)
{
    size_t len = order->len;

    /* A long header says how long its packet is; what is shorter would not even be looked at. */
    if (order->kind == GN_SIM_FORGERY_HEADER && order->seen_len > 0 &&
        (order->seen[0] & GN_HEADER_LONG) != 0)
        len = order->seen_len;
    if (len > GN_SIM_FORGERY_BYTES)
        len = GN_SIM_FORGERY_BYTES;
    gn_sim_prng_fill(prng, out, len);
    if (order->kind == GN_SIM_FORGERY_HEADER) {
        const size_t head = forgery_header_bytes(order);

        memcpy(out, order->seen, head < len ? head : len);
    }
    if (order->kind == GN_SIM_FORGERY_RESET)
        out[0] = (uint8_t)((out[0] & 0x3f) | GN_HEADER_FIXED);
    return len;
}

static size_t
forgery_write_vneg(const gn_sim_forgery *forgery, uint8_t *out)
{
    static const uint32_t versions[] = {FORGERY_VERSION};
    gn_writer w = gn_writer_over(out, GN_SIM_FORGERY_BYTES);
    const gn_err err =
        gn_vneg_write(&w, 0, gn_span_of(forgery->client.bytes, forgery->client.len),
                      gn_span_of(forgery->original.bytes, forgery->original.len), versions, 1);

    GN_ASSERT(err == GN_OK);
    return w.at;
}

static size_t
forgery_write_retry(const gn_sim_forgery *forgery, gn_sim_prng *prng, uint8_t *out)
{
    uint8_t bytes[8 + 16];
    gn_writer w = gn_writer_over(out, GN_SIM_FORGERY_BYTES - GN_RETRY_TAG_BYTES);

    gn_sim_prng_fill(prng, bytes, sizeof bytes);
    const gn_cid scid = gn_cid_from(bytes, 8);
    const gn_err err = gn_retry_write(&w, 0, forgery->version, &forgery->client, &scid,
                                      gn_span_of(bytes + 8, sizeof bytes - 8));

    GN_ASSERT(err == GN_OK);
    gn_sim_prng_fill(prng, out + w.at, GN_RETRY_TAG_BYTES);
    return w.at + GN_RETRY_TAG_BYTES;
}

/* RFC 9001 5.3, 5.4: seals what stands at out, a long header of head bytes and a payload. */
static void
forgery_seal(const gn_suite_ops *ops, uint32_t version, const uint8_t *secret, uint8_t *out,
             size_t head, size_t payload_len)
{
    const gn_suite_id id = GN_SUITE_AES_128_GCM_SHA256;
    const gn_suite *suite = gn_suite_of(id);
    const gn_initial_row *row = gn_initial_row_of(version);
    uint8_t key[GN_SUITE_KEY_MAX];
    uint8_t nonce[GN_SUITE_NONCE_BYTES];
    uint8_t bits[GN_SUITE_MASK_OUT_BYTES];
    gn_suite_slot slot;
    gn_suite_mask mask;

    gn_hkdf_expand_label(ops, suite->hash, secret, row->iv_label, nonce, sizeof nonce);
    for (unsigned i = 0; i < FORGERY_PN_BYTES; i++)
        nonce[sizeof nonce - 1 - i] ^= (uint8_t)((uint64_t)FORGERY_PN >> (8 * i));
    gn_hkdf_expand_label(ops, suite->hash, secret, row->key_label, key, suite->key_len);
    ops->aead_set(id, &slot, key);
    ops->seal(id, &slot, nonce, out, head, out + head, payload_len);
    gn_hkdf_expand_label(ops, suite->hash, secret, row->mask_label, key, suite->key_len);
    ops->mask_set(id, &mask, key);
    /* The packet number has four bytes, so the sample begins with the ciphertext. */
    ops->mask(id, &mask, out + head, bits);
    out[0] ^= bits[0] & 0x0f;
    for (unsigned i = 0; i < FORGERY_PN_BYTES; i++)
        out[head - FORGERY_PN_BYTES + i] ^= bits[1 + i];
}

/* CONNECTION_CLOSE of type 0x1c: no error, no frame, no reason (RFC 9000 19.19). */
static const uint8_t forgery_close[] = {0x1c, 0x00, 0x00, 0x00};

static size_t
forgery_write_close(const gn_sim_forgery *forgery, bool to_client, const gn_suite_ops *ops,
                    uint8_t *out)
{
    const gn_cid *dcid = to_client ? &forgery->client : &forgery->original;
    const gn_cid *scid = to_client ? &forgery->server : &forgery->client;
    uint8_t secrets[2][GN_INITIAL_SECRET_BYTES];
    gn_writer w = gn_writer_over(out, GN_SIM_FORGERY_BYTES);
    size_t length_at;

    if (forgery->knows_server && !to_client)
        dcid = &forgery->server;
    memset(out, 0, FORGERY_INITIAL_BYTES);
    gn_err err = gn_initial_secrets(ops, forgery->version, forgery->original.bytes,
                                    forgery->original.len, secrets[0], secrets[1]);
    GN_ASSERT(err == GN_OK);
    err = gn_header_write_long(&w, GN_PACKET_INITIAL, forgery->version, dcid, scid,
                               gn_span_of(out, 0), FORGERY_PN, FORGERY_PN_BYTES, &length_at);
    GN_ASSERT(err == GN_OK);

    const size_t head = w.at;
    const size_t payload_len = FORGERY_INITIAL_BYTES - GN_SUITE_TAG_BYTES - head;

    gn_header_write_length(&w, length_at, FORGERY_PN_BYTES + payload_len + GN_SUITE_TAG_BYTES);
    memcpy(out + head, forgery_close, sizeof forgery_close);
    forgery_seal(ops, forgery->version, secrets[to_client ? 1 : 0], out, head, payload_len);
    return FORGERY_INITIAL_BYTES;
}

size_t
gn_sim_forgery_write(const gn_sim_forgery *forgery, const gn_sim_forgery_order *order,
                     const gn_suite_ops *ops, gn_sim_prng *prng, uint8_t out[GN_SIM_FORGERY_BYTES])
{
    switch (order->kind) {
    case GN_SIM_FORGERY_VNEG: return forgery->knows_client ? forgery_write_vneg(forgery, out) : 0;
    case GN_SIM_FORGERY_RETRY:
        return forgery->knows_client ? forgery_write_retry(forgery, prng, out) : 0;
    case GN_SIM_FORGERY_CLOSE:
        if (!forgery->knows_client || (order->to_client && !forgery->knows_server))
            return 0;
        return forgery_write_close(forgery, order->to_client, ops, out);
    default: return forgery_write_random(order, prng, out);
    }
}
