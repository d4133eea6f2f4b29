/*
 * resumption.c: see resumption.h.
 */
#include "conn/resumption.h"

#include "base/assert.h"
#include "base/be.h"
#include "base/reader.h"
#include "base/siphash.h"

enum {
    RESUMPTION_MARK_BYTES = 4,
    RESUMPTION_FRONT_BYTES = RESUMPTION_MARK_BYTES + 2,
    RESUMPTION_SUM_BYTES = 8,
    RESUMPTION_VERIFIED = 1,
    RESUMPTION_PARAMETERS_MAX = 256
};

static const uint8_t mark[RESUMPTION_MARK_BYTES] = {'g', 'n', 'R', '1'};

static uint64_t
resumption_sum(const uint8_t *bytes, size_t len)
{
    static const uint8_t key[GN_SIPHASH_KEY_BYTES] = {'r', 'e', 's', 'u', 'm', 'e'};

    return gn_siphash(key, bytes, len);
}

uint64_t
gn_resumption_hash(gn_span text)
{
    return resumption_sum(text.ptr, text.len);
}

/* RFC 9000 7.4.1: what is new in each handshake, whatever was before. [R-9000-7.4.1-1] */
static gn_tparams
resumption_remembered(const gn_tparams *p)
{
    gn_tparams kept = *p;
    gn_tparams defaults;

    gn_tparams_init(&defaults);
    kept.present = 0;
    kept.ack_delay_exponent = defaults.ack_delay_exponent;
    kept.max_ack_delay_ms = defaults.max_ack_delay_ms;
    return kept;
}

gn_err
gn_resumption_write(gn_writer *w, const gn_resumption *r)
{
    const gn_tparams kept = resumption_remembered(&r->parameters);
    uint8_t bytes[RESUMPTION_PARAMETERS_MAX];
    gn_writer parameters = gn_writer_over(bytes, sizeof bytes);

    if (r->alpn.len > UINT8_MAX || gn_tparams_write(&parameters, &kept, true) != GN_OK)
        return GN_ERR_FULL;
    const size_t body = 4 + 1 + 8 + 8 + 1 + r->alpn.len + 2 + parameters.at + 2 + r->state.len;
    if (r->state.len > GN_RESUMPTION_MAX || body > GN_RESUMPTION_MAX ||
        gn_writer_left(w) < RESUMPTION_FRONT_BYTES + body + RESUMPTION_SUM_BYTES)
        return GN_ERR_FULL;
    const size_t start = w->at;
    const bool written =
        gn_writer_bytes(w, mark, sizeof mark) == GN_OK &&
        gn_writer_u16(w, (uint16_t)body) == GN_OK && gn_writer_u32(w, r->version) == GN_OK &&
        gn_writer_u8(w, r->verified ? RESUMPTION_VERIFIED : 0) == GN_OK &&
        gn_writer_u64(w, r->server_name) == GN_OK && gn_writer_u64(w, r->application) == GN_OK &&
        gn_writer_u8(w, (uint8_t)r->alpn.len) == GN_OK &&
        gn_writer_bytes(w, r->alpn.ptr, r->alpn.len) == GN_OK &&
        gn_writer_u16(w, (uint16_t)parameters.at) == GN_OK &&
        gn_writer_bytes(w, bytes, parameters.at) == GN_OK &&
        gn_writer_u16(w, (uint16_t)r->state.len) == GN_OK &&
        gn_writer_bytes(w, r->state.ptr, r->state.len) == GN_OK &&
        gn_writer_u64(w, resumption_sum(w->base + start, w->at - start)) == GN_OK;
    GN_ASSERT(written);
    return GN_OK;
}

/* Mark, length and sum: it is a blob, and as it was written. */
static bool
resumption_is_whole(gn_span blob)
{
    if (blob.len < RESUMPTION_FRONT_BYTES + RESUMPTION_SUM_BYTES)
        return false;
    for (int i = 0; i < RESUMPTION_MARK_BYTES; i++)
        if (blob.ptr[i] != mark[i])
            return false;
    const size_t end = blob.len - RESUMPTION_SUM_BYTES;
    return gn_be_read_u16(blob.ptr + RESUMPTION_MARK_BYTES) == end - RESUMPTION_FRONT_BYTES &&
           gn_be_read_u64(blob.ptr + end) == resumption_sum(blob.ptr, end);
}

static bool
resumption_text(gn_reader *r, gn_span *out)
{
    uint16_t len = 0;

    return gn_reader_u16(r, &len) == GN_OK && gn_reader_bytes(r, len, out) == GN_OK;
}

gn_err
gn_resumption_read(gn_span blob, gn_resumption *out)
{
    gn_resumption found = {0};
    gn_span parameters;
    uint8_t flags = 0;
    uint8_t alpn_len = 0;
    gn_fault fault;

    if (!resumption_is_whole(blob))
        return GN_ERR_FORM;
    gn_reader r = gn_reader_over(blob.ptr, blob.len - RESUMPTION_SUM_BYTES);
    if (gn_reader_skip(&r, RESUMPTION_FRONT_BYTES) != GN_OK ||
        gn_reader_u32(&r, &found.version) != GN_OK || gn_reader_u8(&r, &flags) != GN_OK ||
        gn_reader_u64(&r, &found.server_name) != GN_OK ||
        gn_reader_u64(&r, &found.application) != GN_OK || gn_reader_u8(&r, &alpn_len) != GN_OK ||
        gn_reader_bytes(&r, alpn_len, &found.alpn) != GN_OK || !resumption_text(&r, &parameters) ||
        !resumption_text(&r, &found.state) || gn_reader_left(&r) > 0)
        return GN_ERR_FORM;
    if (found.alpn.len == 0 || found.state.len == 0 || (flags & ~RESUMPTION_VERIFIED) != 0 ||
        gn_tparams_read(parameters, true, &found.parameters, &fault) != GN_OK)
        return GN_ERR_FORM;
    found.verified = (flags & RESUMPTION_VERIFIED) != 0;
    *out = found;
    return GN_OK;
}
