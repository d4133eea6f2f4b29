/*
 * datagrams_in.h: datagrams that arrived and that the application has not been given (RFC 9221 5).
 *
 *     page: | length bytes | length bytes | ...  end |  ->  page  ->  ...
 *
 * They lie one behind the other in slots of the pool of chunks, each whole in
 * one page, so that a packet full of tiny ones takes no more room than the
 * packet. There is no flow control for them: what finds no room is dropped,
 * which RFC 9221 5.3 allows.
 */
#ifndef GN_STREAM_DATAGRAMS_IN_H
#define GN_STREAM_DATAGRAMS_IN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/limits.h"
#include "base/slots.h"
#include "base/span.h"

/* A slot of the pool of chunks, seen as a page. */
typedef struct gn_datagrams_page {
    uint32_t next; /* GN_POOL_NONE at the end */
    uint32_t end;  /* bytes of it in use */
    uint8_t bytes[GN_CHUNK_BYTES];
} gn_datagrams_page;

/* Invariant: pages from head to tail, none of them empty; read_at is below head's end. */
typedef struct gn_datagrams_in {
    uint32_t head; /* GN_POOL_NONE: nothing is there */
    uint32_t tail;
    uint32_t pages;
    uint32_t read_at; /* in head, where the oldest datagram begins */
} gn_datagrams_in;

void gn_datagrams_in_init(gn_datagrams_in *q);

/* Gives every page back. */
void gn_datagrams_in_wipe(gn_datagrams_in *q, gn_slots chunks);

/*
 * Copies a datagram of at most GN_DATAGRAM_MAX bytes behind the others. False,
 * and nothing changed: no room, or GN_DATAGRAMS_IN_PAGES are full.
 */
bool gn_datagrams_in_push(gn_datagrams_in *q, gn_slots chunks, gn_span bytes);

/*
 * The oldest one, which is forgotten here; false: there is none. Its bytes stay
 * as they are until the next call that takes chunks.
 */
bool gn_datagrams_in_pop(gn_datagrams_in *q, gn_slots chunks, gn_span *out);

/* Whether the invariant holds. Walks the pages. */
bool gn_datagrams_in_check(const gn_datagrams_in *q, gn_slots chunks);

#endif
