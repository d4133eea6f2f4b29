/*
 * datagrams_in.c: see datagrams_in.h.
 */
#include "stream/datagrams_in.h"

#include <string.h>

#include "base/assert.h"
#include "base/chunks.h"

_Static_assert(sizeof(gn_datagrams_page) <= sizeof(gn_chunk), "a page fits a slot");

/* The length before each datagram, in network order. */
enum { PAGE_LENGTH_BYTES = 2 };

_Static_assert(PAGE_LENGTH_BYTES + GN_DATAGRAM_MAX <= GN_CHUNK_BYTES, "the largest fits a page");

static gn_datagrams_page *
page_at(gn_slots chunks, uint32_t at)
{
    return gn_slots_at(chunks, at);
}

void
gn_datagrams_in_init(gn_datagrams_in *q)
{
    *q = (gn_datagrams_in){.head = GN_POOL_NONE, .tail = GN_POOL_NONE};
}

void
gn_datagrams_in_wipe(gn_datagrams_in *q, gn_slots chunks)
{
    for (uint32_t at = q->head; at != GN_POOL_NONE;) {
        const uint32_t next = page_at(chunks, at)->next;
        gn_slots_give(chunks, at);
        at = next;
    }
    gn_datagrams_in_init(q);
}

/* A page with room for so many bytes behind the others; false: none to be had. */
static bool
page_ready(gn_datagrams_in *q, gn_slots chunks, size_t need)
{
    if (q->tail != GN_POOL_NONE && page_at(chunks, q->tail)->end + need <= GN_CHUNK_BYTES)
        return true;
    if (q->pages == GN_DATAGRAMS_IN_PAGES || gn_slots_left(chunks) <= GN_CHUNKS_SPARE)
        return false;
    const uint32_t at = gn_slots_take(chunks);
    GN_ASSERT(at != GN_POOL_NONE);
    gn_datagrams_page *page = page_at(chunks, at);
    page->next = GN_POOL_NONE;
    page->end = 0;
    if (q->tail == GN_POOL_NONE)
        q->head = at;
    else
        page_at(chunks, q->tail)->next = at;
    q->tail = at;
    q->pages++;
    return true;
}

bool
gn_datagrams_in_push(gn_datagrams_in *q, gn_slots chunks, gn_span bytes)
{
    GN_ASSERT(bytes.len <= GN_DATAGRAM_MAX);
    if (!page_ready(q, chunks, PAGE_LENGTH_BYTES + bytes.len))
        return false;
    gn_datagrams_page *page = page_at(chunks, q->tail);
    uint8_t *to = page->bytes + page->end;

    to[0] = (uint8_t)(bytes.len >> 8);
    to[1] = (uint8_t)bytes.len;
    if (bytes.len > 0)
        memcpy(to + PAGE_LENGTH_BYTES, bytes.ptr, bytes.len);
    page->end += PAGE_LENGTH_BYTES + (uint32_t)bytes.len;
    return true;
}

bool
gn_datagrams_in_pop(gn_datagrams_in *q, gn_slots chunks, gn_span *out)
{
    if (q->head == GN_POOL_NONE)
        return false;
    const gn_datagrams_page *page = page_at(chunks, q->head);
    const uint8_t *from = page->bytes + q->read_at;

    GN_ASSERT(q->read_at + PAGE_LENGTH_BYTES <= page->end);
    const uint32_t len = (uint32_t)from[0] << 8 | from[1];
    *out = gn_span_of(from + PAGE_LENGTH_BYTES, len);
    q->read_at += PAGE_LENGTH_BYTES + len;
    GN_ASSERT(q->read_at <= page->end);
    if (q->read_at < page->end)
        return true;
    const uint32_t next = page->next;
    gn_slots_give(chunks, q->head);
    q->head = next;
    q->read_at = 0;
    q->pages--;
    if (next == GN_POOL_NONE)
        q->tail = GN_POOL_NONE;
    return true;
}

bool
gn_datagrams_in_check(const gn_datagrams_in *q, gn_slots chunks)
{
    uint32_t pages = 0;
    uint32_t last = GN_POOL_NONE;

    for (uint32_t at = q->head; at != GN_POOL_NONE; at = page_at(chunks, at)->next) {
        const gn_datagrams_page *page = page_at(chunks, at);
        if (pages++ == q->pages || page->end < PAGE_LENGTH_BYTES || page->end > GN_CHUNK_BYTES)
            return false;
        if (at == q->head && q->read_at >= page->end)
            return false;
        last = at;
    }
    return pages == q->pages && last == q->tail && (pages > 0 || q->read_at == 0);
}
