/*
 * prop_resumption.c: reading any bytes as a resumption blob.
 *
 * Whatever they are, either nothing is touched, or writing what was read gives
 * a blob that is read as the same. As chance never makes a sum that fits, the
 * first byte says whether the bytes get a mark, a length and a sum of their own.
 */
#include <string.h>

#include "base/be.h"
#include "base/siphash.h"
#include "conn/resumption.h"
#include "prop.h"

enum { FRONT = 6, SUM = 8 };

/* The bytes, dressed up as a blob. */
static gn_span
dress(const uint8_t *in, size_t len, uint8_t out[GN_RESUMPTION_MAX])
{
    static const uint8_t key[GN_SIPHASH_KEY_BYTES] = {'r', 'e', 's', 'u', 'm', 'e'};

    if (len > GN_RESUMPTION_MAX - FRONT - SUM)
        len = GN_RESUMPTION_MAX - FRONT - SUM;
    memcpy(out, "gnR1", 4);
    gn_be_write_u16(out + 4, (uint16_t)len);
    memcpy(out + FRONT, in, len);
    gn_be_write_u64(out + FRONT + len, gn_siphash(key, out, FRONT + len));
    return gn_span_of(out, FRONT + len + SUM);
}

static bool
same(const gn_resumption *a, const gn_resumption *b)
{
    return a->version == b->version && a->verified == b->verified &&
           a->server_name == b->server_name && a->application == b->application &&
           a->alpn.len == b->alpn.len && memcmp(a->alpn.ptr, b->alpn.ptr, a->alpn.len) == 0 &&
           a->state.len == b->state.len && memcmp(a->state.ptr, b->state.ptr, a->state.len) == 0 &&
           a->parameters.initial_max_data == b->parameters.initial_max_data &&
           a->parameters.initial_max_streams_uni == b->parameters.initial_max_streams_uni &&
           a->parameters.max_idle_timeout_ms == b->parameters.max_idle_timeout_ms;
}

bool
gn_prop_resumption(const uint8_t *bytes, size_t len)
{
    uint8_t dressed[GN_RESUMPTION_MAX];
    uint8_t again[GN_RESUMPTION_MAX];
    gn_resumption first;
    gn_resumption second;

    memset(&first, 0x5a, sizeof first);
    const gn_resumption before = first;
    const bool dresses = len > 0 && (bytes[0] & 1) != 0;
    const gn_span blob = dresses ? dress(bytes + 1, len - 1, dressed) : gn_span_of(bytes, len);
    if (gn_resumption_read(blob, &first) != GN_OK)
        return memcmp(&first, &before, sizeof first) == 0;
    gn_writer w = gn_writer_over(again, sizeof again);
    /* What was left out of the parameters only makes it shorter. */
    return gn_resumption_write(&w, &first) == GN_OK && w.at <= blob.len &&
           gn_resumption_read(gn_span_of(again, w.at), &second) == GN_OK && same(&first, &second);
}
