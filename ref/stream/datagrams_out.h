/*
 * datagrams_out.h: datagrams of the application that wait to be sent (RFC 9221 5).
 *
 *     head -> priority 9 -> 9 -> 2 -> 0        dropped -> ... (will never be sent)
 *
 * A datagram is whole: it goes into one DATAGRAM frame or nowhere, and once it
 * is in a packet it is forgotten here, for it is never sent again. Higher
 * priorities go first; among equals the one given first does. What outlives
 * its moment, or has become too large for the path, is kept until the
 * application is told. Each takes one slot of the pool of chunks.
 *
 *   1. push
 *   2. expire; first says what would go now; on_sent says that it went, drop that it never will
 *   3. tell: one that was dropped, once
 */
#ifndef GN_STREAM_DATAGRAMS_OUT_H
#define GN_STREAM_DATAGRAMS_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/limits.h"
#include "base/slots.h"
#include "base/span.h"
#include "base/time.h"

/* What the application says of a datagram. */
typedef struct gn_datagram_note {
    uint64_t id;        /* the application's name for it; not on the wire */
    gn_time expires_at; /* not sent from then on; GN_NEVER: it may wait for ever */
    int32_t priority;   /* higher goes first */
    uint32_t why;       /* of one dropped: why, in the caller's terms */
} gn_datagram_note;

/* A slot of the pool of chunks, seen as a datagram that waits. */
typedef struct gn_datagram_kept {
    uint32_t next; /* GN_POOL_NONE at the end */
    uint32_t len;
    gn_datagram_note note;
    uint8_t bytes[GN_DATAGRAM_MAX];
} gn_datagram_kept;

/*
 * Invariant: from head on priorities never rise; count, bytes and expiring are those from head
 * on; tail is the last one from dropped on.
 */
typedef struct gn_datagrams_out {
    uint32_t head;
    uint32_t dropped;
    uint32_t tail;
    uint32_t count;
    uint32_t expiring; /* of count, those that expire */
    uint8_t yields;    /* 1: had its turn, streams go first in the next packet; the caller's */
    uint8_t reserved[3];
    uint64_t bytes;
} gn_datagrams_out;

/* Nothing waits. */
void gn_datagrams_out_init(gn_datagrams_out *q);

/* Gives every slot back. */
void gn_datagrams_out_wipe(gn_datagrams_out *q, gn_slots chunks);

/*
 * Copies a datagram of at most GN_DATAGRAM_MAX bytes into the line. GN_ERR_FULL,
 * and nothing changed: max_count wait already, or their bytes and these are
 * more than max_bytes, or only GN_CHUNKS_SPARE slots are left.
 */
GN_MUST_USE gn_err gn_datagrams_out_push(gn_datagrams_out *q, gn_slots chunks,
                                         const gn_datagram_note *note, gn_span bytes,
                                         uint32_t max_count, uint64_t max_bytes);

/* Does any wait? */
static inline bool
gn_datagrams_out_wants(const gn_datagrams_out *q)
{
    return q->count > 0;
}

/* The one whose turn it is, or NULL. Good until the next call. */
const gn_datagram_kept *gn_datagrams_out_first(const gn_datagrams_out *q, gn_slots chunks);

/* The first one is in a packet. */
void gn_datagrams_out_on_sent(gn_datagrams_out *q, gn_slots chunks);

/* The first one will never be sent. */
void gn_datagrams_out_drop(gn_datagrams_out *q, gn_slots chunks, uint32_t why);

/* Drops those whose time is over. */
void gn_datagrams_out_expire(gn_datagrams_out *q, gn_slots chunks, gn_time now, uint32_t why);

/* When the next one expires, or GN_NEVER. */
gn_time gn_datagrams_out_deadline(const gn_datagrams_out *q, gn_slots chunks);

/* Was any dropped that nobody was told of? */
static inline bool
gn_datagrams_out_any_dropped(const gn_datagrams_out *q)
{
    return q->dropped != GN_POOL_NONE;
}

/* The one dropped longest ago, which is forgotten here; false: none. */
bool gn_datagrams_out_tell(gn_datagrams_out *q, gn_slots chunks, gn_datagram_note *out);

/* Whether the invariant holds. Walks both lists. */
bool gn_datagrams_out_check(const gn_datagrams_out *q, gn_slots chunks);

#endif
