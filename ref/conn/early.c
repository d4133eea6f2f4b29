/*
 * early.c: see early.h.
 */
#include "conn/early.h"

#include <string.h>

#include "base/assert.h"
#include "base/be.h"
#include "base/bytes.h"
#include "base/chunks.h"
#include "base/ct.h"
#include "wire/ack_iter.h"

/* In front of each blob. */
enum { EARLY_LEN_BYTES = 2 };

void
gn_early_init(gn_early *e, uint32_t version)
{
    memset(e, 0, sizeof *e);
    gn_keys_init(&e->keys, version);
    e->discard_at = GN_NEVER;
    e->tickets = GN_POOL_NONE;
    e->status = GN_ZERO_RTT_UNAVAILABLE;
}

/* [R-9000-7.4.1-5] [R-9221-3-5] */
void
gn_early_limits(const gn_tparams *p, uint64_t out[GN_TLS_TERMS_LIMITS])
{
    const uint64_t limits[GN_TLS_TERMS_LIMITS] = {
        p->initial_max_data,
        p->initial_max_stream_data_bidi_local,
        p->initial_max_stream_data_bidi_remote,
        p->initial_max_stream_data_uni,
        p->initial_max_streams_bidi,
        p->initial_max_streams_uni,
        p->active_connection_id_limit,
        p->max_datagram_frame_size,
    };

    memcpy(out, limits, sizeof limits);
}

gn_err
gn_early_judge(const gn_early *e, const gn_tparams *peer, gn_fault *fault)
{
    uint64_t now[GN_TLS_TERMS_LIMITS];

    gn_early_limits(peer, now);
    /* [R-9221-3-6] */
    for (int i = 0; i < GN_TLS_TERMS_LIMITS; i++)
        if (now[i] < e->limit[i])
            return gn_fault_set(fault, GN_FAULT_PROTOCOL_VIOLATION, 0,
                                "RFC 9000 7.4.1: 0-RTT was accepted under limits that are lower");
    return GN_OK;
}

/* [R-9001-4.6.2-3] */
gn_err
gn_early_judge_ack(const gn_early *e, const gn_frame_ack *ack, gn_fault *fault)
{
    gn_ack_iter it = gn_ack_iter_over(ack);
    gn_range range;

    while (e->refused_below > 0 && gn_ack_iter_next(&it, &range))
        if (range.from < e->refused_below)
            return gn_fault_set(fault, GN_FAULT_PROTOCOL_VIOLATION,
                                ack->has_ecn ? GN_FRAME_ACK_ECN : GN_FRAME_ACK,
                                "RFC 9001 4.6.2: rejected 0-RTT packets are acknowledged");
    return GN_OK;
}

bool
gn_early_can_seal(const gn_early *e)
{
    enum { EARLY_LAST_PACKETS = 4 };

    return gn_keys_can_seal(&e->keys) && e->keys.tx.limit - e->keys.tx.used > EARLY_LAST_PACKETS;
}

static void
early_drop_oldest(gn_early *e, gn_slots chunks)
{
    gn_ct_wipe(gn_chunks_at(chunks, e->tickets)->bytes, GN_CHUNK_BYTES);
    e->tickets = gn_chunks_give(chunks, e->tickets);
    e->ticket_count--;
}

void
gn_early_keep(gn_early *e, gn_slots chunks, gn_span blob)
{
    GN_ASSERT(blob.len > 0 && blob.len <= GN_CHUNK_BYTES - EARLY_LEN_BYTES);
    if (e->ticket_count == GN_EARLY_TICKETS_MAX)
        early_drop_oldest(e, chunks);
    const uint32_t at = gn_slots_left(chunks) <= GN_CHUNKS_SPARE
                            ? GN_POOL_NONE
                            : gn_chunks_take(chunks, 0, GN_POOL_NONE);
    if (at == GN_POOL_NONE)
        return;
    gn_chunk *chunk = gn_chunks_at(chunks, at);
    gn_be_write_u16(chunk->bytes, (uint16_t)blob.len);
    gn_bytes_copy(chunk->bytes + EARLY_LEN_BYTES, blob.ptr, blob.len);
    uint32_t *link = &e->tickets;
    while (*link != GN_POOL_NONE)
        link = &gn_chunks_at(chunks, *link)->next;
    *link = at;
    e->ticket_count++;
}

size_t
gn_early_take(gn_early *e, gn_slots chunks, uint8_t *out)
{
    if (e->tickets == GN_POOL_NONE)
        return 0;
    const gn_chunk *chunk = gn_chunks_at(chunks, e->tickets);
    const size_t len = gn_be_read_u16(chunk->bytes);
    gn_bytes_copy(out, chunk->bytes + EARLY_LEN_BYTES, len);
    early_drop_oldest(e, chunks);
    return len;
}

void
gn_early_wipe(gn_early *e, gn_slots keys, gn_slots chunks)
{
    gn_keys_discard(keys, &e->keys);
    while (e->tickets != GN_POOL_NONE)
        early_drop_oldest(e, chunks);
}
