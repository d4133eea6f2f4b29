/*
 * datagrams_out.c: see datagrams_out.h.
 */
#include "stream/datagrams_out.h"

#include <string.h>

#include "base/assert.h"
#include "base/chunks.h"

_Static_assert(sizeof(gn_datagram_kept) <= sizeof(gn_chunk), "a datagram fits a slot");

void
gn_datagrams_out_init(gn_datagrams_out *q)
{
    memset(q, 0, sizeof *q);
    q->head = GN_POOL_NONE;
    q->dropped = GN_POOL_NONE;
    q->tail = GN_POOL_NONE;
}

static gn_datagram_kept *
datagram_at(gn_slots chunks, uint32_t at)
{
    return gn_slots_at(chunks, at);
}

static void
datagrams_give_list(gn_slots chunks, uint32_t at)
{
    while (at != GN_POOL_NONE) {
        const uint32_t next = datagram_at(chunks, at)->next;
        gn_slots_give(chunks, at);
        at = next;
    }
}

void
gn_datagrams_out_wipe(gn_datagrams_out *q, gn_slots chunks)
{
    datagrams_give_list(chunks, q->head);
    datagrams_give_list(chunks, q->dropped);
    gn_datagrams_out_init(q);
}

/* The last one that goes before a newcomer of this priority, or GN_POOL_NONE. */
static uint32_t
datagrams_before(const gn_datagrams_out *q, gn_slots chunks, int32_t priority)
{
    uint32_t before = GN_POOL_NONE;

    for (uint32_t at = q->head; at != GN_POOL_NONE; at = datagram_at(chunks, at)->next) {
        if (datagram_at(chunks, at)->note.priority < priority)
            break;
        before = at;
    }
    return before;
}

gn_err
gn_datagrams_out_push(gn_datagrams_out *q, gn_slots chunks, const gn_datagram_note *note,
                      gn_span bytes, uint32_t max_count, uint64_t max_bytes)
{
    GN_ASSERT(bytes.len <= GN_DATAGRAM_MAX);
    if (q->count >= max_count || q->bytes + bytes.len > max_bytes ||
        gn_slots_left(chunks) <= GN_CHUNKS_SPARE)
        return GN_ERR_FULL;
    const uint32_t at = gn_slots_take(chunks);
    GN_ASSERT(at != GN_POOL_NONE);
    gn_datagram_kept *kept = datagram_at(chunks, at);

    kept->len = (uint32_t)bytes.len;
    kept->note = *note;
    if (bytes.len > 0)
        memcpy(kept->bytes, bytes.ptr, bytes.len);
    const uint32_t before = datagrams_before(q, chunks, note->priority);
    uint32_t *link = before == GN_POOL_NONE ? &q->head : &datagram_at(chunks, before)->next;
    kept->next = *link;
    *link = at;
    q->count++;
    q->bytes += bytes.len;
    q->expiring += note->expires_at != GN_NEVER;
    return GN_OK;
}

const gn_datagram_kept *
gn_datagrams_out_first(const gn_datagrams_out *q, gn_slots chunks)
{
    return q->head == GN_POOL_NONE ? NULL : datagram_at(chunks, q->head);
}

/* Takes the one behind before (GN_POOL_NONE: the first) out of the line; its slot. */
static uint32_t
datagrams_unlink(gn_datagrams_out *q, gn_slots chunks, uint32_t before)
{
    uint32_t *link = before == GN_POOL_NONE ? &q->head : &datagram_at(chunks, before)->next;
    const uint32_t at = *link;
    gn_datagram_kept *kept = datagram_at(chunks, at);

    GN_ASSERT(q->count > 0 && q->bytes >= kept->len);
    *link = kept->next;
    kept->next = GN_POOL_NONE;
    q->count--;
    q->bytes -= kept->len;
    q->expiring -= kept->note.expires_at != GN_NEVER;
    return at;
}

void
gn_datagrams_out_on_sent(gn_datagrams_out *q, gn_slots chunks)
{
    gn_slots_give(chunks, datagrams_unlink(q, chunks, GN_POOL_NONE));
}

/* Moves the one behind before from the line to those that the application hears of. */
static void
datagrams_drop_after(gn_datagrams_out *q, gn_slots chunks, uint32_t before, uint32_t why)
{
    const uint32_t at = datagrams_unlink(q, chunks, before);

    datagram_at(chunks, at)->note.why = why;
    if (q->dropped == GN_POOL_NONE)
        q->dropped = at;
    else
        datagram_at(chunks, q->tail)->next = at;
    q->tail = at;
}

void
gn_datagrams_out_drop(gn_datagrams_out *q, gn_slots chunks, uint32_t why)
{
    datagrams_drop_after(q, chunks, GN_POOL_NONE, why);
}

void
gn_datagrams_out_expire(gn_datagrams_out *q, gn_slots chunks, gn_time now, uint32_t why)
{
    uint32_t before = GN_POOL_NONE;
    uint32_t at = q->head;

    while (q->expiring > 0 && at != GN_POOL_NONE) {
        const uint32_t next = datagram_at(chunks, at)->next;
        if (datagram_at(chunks, at)->note.expires_at <= now)
            datagrams_drop_after(q, chunks, before, why);
        else
            before = at;
        at = next;
    }
}

gn_time
gn_datagrams_out_deadline(const gn_datagrams_out *q, gn_slots chunks)
{
    gn_time first = GN_NEVER;

    if (q->expiring == 0)
        return first;
    for (uint32_t at = q->head; at != GN_POOL_NONE; at = datagram_at(chunks, at)->next)
        first = gn_time_min(first, datagram_at(chunks, at)->note.expires_at);
    return first;
}

bool
gn_datagrams_out_tell(gn_datagrams_out *q, gn_slots chunks, gn_datagram_note *out)
{
    const uint32_t at = q->dropped;

    if (at == GN_POOL_NONE)
        return false;
    *out = datagram_at(chunks, at)->note;
    q->dropped = datagram_at(chunks, at)->next;
    if (q->dropped == GN_POOL_NONE)
        q->tail = GN_POOL_NONE;
    gn_slots_give(chunks, at);
    return true;
}

bool
gn_datagrams_out_check(const gn_datagrams_out *q, gn_slots chunks)
{
    uint32_t count = 0;
    uint32_t expiring = 0;
    uint32_t last = GN_POOL_NONE;
    uint64_t bytes = 0;

    for (uint32_t at = q->head; at != GN_POOL_NONE; at = datagram_at(chunks, at)->next) {
        const gn_datagram_kept *kept = datagram_at(chunks, at);
        if (count == q->count || kept->len > GN_DATAGRAM_MAX)
            return false;
        if (last != GN_POOL_NONE && datagram_at(chunks, last)->note.priority < kept->note.priority)
            return false;
        count++;
        bytes += kept->len;
        expiring += kept->note.expires_at != GN_NEVER;
        last = at;
    }
    if (count != q->count || bytes != q->bytes || expiring != q->expiring)
        return false;
    last = GN_POOL_NONE;
    count = 0;
    for (uint32_t at = q->dropped; at != GN_POOL_NONE; at = datagram_at(chunks, at)->next) {
        if (count++ == chunks.pool->slots)
            return false;
        last = at;
    }
    return last == q->tail;
}
