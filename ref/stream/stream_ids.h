/*
 * stream_ids.h: which streams exist, did exist and may exist (RFC 9000 sections 2.1, 3.2, 4.6).
 *
 * Using an id opens all lower ones of its kind, so a peer may open a hundred streams with one
 * frame. None of those costs anything until it is used: what is remembered per kind is how many
 * were opened, and the set of indices that were skipped and never used. An id below the
 * opened count is then one of three: it has a slot, it is skipped, or it is over. As nothing is
 * remembered of what is over, memory does not grow with the age of a connection; and as
 * streams granted but not over are no more than the window, the skipped ones are bounded too.
 * Where the set has no room for one more range, the caller creates skipped streams for real
 * from the lower end of their range, which never needs room.
 */
#ifndef GN_STREAM_STREAM_IDS_H
#define GN_STREAM_STREAM_IDS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/slots.h"
#include "stream/credit.h"
#include "stream/marks.h"

/* Indices of granted, allowed, refused. */
enum {
    GN_STREAM_BIDI,
    GN_STREAM_UNI,
    GN_STREAM_KINDS,
};

typedef enum gn_stream_standing {
    GN_STREAM_OPENED,  /* used before: it has a slot or is over; only the set of streams knows */
    GN_STREAM_SKIPPED, /* opened by a higher id and not used yet */
    GN_STREAM_FRESH,   /* not opened, within the limit */
    GN_STREAM_BEYOND,  /* not opened, beyond the limit */
} gn_stream_standing;

typedef struct gn_stream_ids {
    gn_credit_in granted[GN_STREAM_KINDS];  /* the peer's streams: opened, and how many are over */
    gn_credit_out allowed[GN_STREAM_KINDS]; /* our streams: opened */
    gn_marks skipped[4];                    /* by the two low bits of the id: indices */
    bool server;                            /* our role */
    bool refused[GN_STREAM_KINDS];          /* the application wanted more than allowed */
    uint8_t reserved[5];
} gn_stream_ids;

/* No streams yet; the peer may open max_bidi and max_uni, we none before gn_stream_ids_allow. */
void gn_stream_ids_init(gn_stream_ids *ids, bool server, uint64_t max_bidi, uint64_t max_uni);

/* Gives chunks back that remember skipped ids. */
void gn_stream_ids_wipe(gn_stream_ids *ids, gn_slots chunks);

/* Did we initiate, or would we, the stream id? */
bool gn_stream_ids_is_local(const gn_stream_ids *ids, uint64_t id);

/* Where id stands. */
gn_stream_standing gn_stream_ids_standing(const gn_stream_ids *ids, gn_slots chunks, uint64_t id);

/* Id, FRESH or SKIPPED, is used now; lower ids of its kind that are not opened become SKIPPED.
 * GN_ERR_FULL, changing nothing, when one more range of skipped ids cannot be remembered. */
GN_MUST_USE gn_err gn_stream_ids_use(gn_stream_ids *ids, gn_slots chunks, uint64_t id);

/* The lowest id that is not used and whose use opens no further one, at or below id, which is
 * FRESH or SKIPPED: using it never fails, and using all up to id one by one neither. */
uint64_t gn_stream_ids_lowest(const gn_stream_ids *ids, gn_slots chunks, uint64_t id);

/* A peer's stream is over: one more may be granted. */
void gn_stream_ids_on_over(gn_stream_ids *ids, uint64_t id);

/* How many streams of that kind the peer may be told that it may open: as many as its window says,
 * but no more than slots, which are free, have room for beside all that it may open already; one
 * more at least when it has opened them all and a slot is free (RFC 9000 4.6). */
uint64_t gn_stream_ids_grant(const gn_stream_ids *ids, gn_slots chunks, uint32_t kind,
                             uint64_t slots);

/* Is MAX_STREAMS due, with so many slots free? */
bool gn_stream_ids_wants_grant(const gn_stream_ids *ids, gn_slots chunks, uint32_t kind,
                               uint64_t slots);

/* Would more be granted if there were more slots? */
bool gn_stream_ids_lacks_slots(const gn_stream_ids *ids, gn_slots chunks, uint64_t slots);

/* The id of the next stream of ours of that kind. GN_ERR_NONE, noting that we were refused, when
 * the peer allows no more. Opens nothing. */
GN_MUST_USE gn_err gn_stream_ids_next(gn_stream_ids *ids, uint32_t kind, uint64_t *id);

/* The application wanted a stream of that kind beyond the limit. */
void gn_stream_ids_refuse(gn_stream_ids *ids, uint32_t kind);

/* The peer allows limit streams of that kind. True when that is more than before. */
bool gn_stream_ids_allow(gn_stream_ids *ids, uint32_t kind, uint64_t limit);

/* The peer allows nothing of that kind any more but what we opened. */
void gn_stream_ids_restart(gn_stream_ids *ids, uint32_t kind);

/* Is a STREAMS_BLOCKED frame due: refused at this limit, and not said yet? */
bool gn_stream_ids_wants_blocked(const gn_stream_ids *ids, uint32_t kind);

/* How many of the peer's streams of that kind must have a slot: neither skipped nor over. */
uint64_t gn_stream_ids_live(const gn_stream_ids *ids, gn_slots chunks, uint32_t kind);

bool gn_stream_ids_check(const gn_stream_ids *ids, gn_slots chunks);

#endif
