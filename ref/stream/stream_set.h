/*
 * stream_set.h: all streams of one connection (RFC 9000 sections 2, 3, 4).
 *
 * Frames from the peer come in by stream_frames.h, the application's wishes by stream_app.h.
 * Streams are slots of the endpoint's pool. The set finds them by id, knows which ids may be
 * used, holds the connection's credit both ways, and keeps three lines: streams with something to
 * send that needs no connection credit (owed), streams with new bytes (fresh), streams with news
 * for the application (readable). Every verb leaves all three right and gives a finished stream's
 * slot back, so a slot index is good until the next call only.
 *
 * Sending, for the connection:
 *   1. wants says whether any stream would put something in a packet now
 *   2. next says which slot's turn it is; gn_stream_piece_next says what it would send, and may be
 *      asked with a generous room to learn the offset that the header's size depends on
 *   3. gn_stream_piece_cut to what fits, write the frame, gn_send_buf_copy the bytes; on_sent
 *   4. rotate when the packet is full, or after each piece: the next equal gets its turn
 *   5. on_acked or on_lost with the piece; a stream that is gone by then is nobody's business
 *
 * MAX_DATA, DATA_BLOCKED, MAX_STREAMS and STREAMS_BLOCKED are told by the credits in total_in,
 * total_out, ids.granted and ids.allowed: the connection asks those with gn_credit_*, except that
 * gn_stream_set_wants_data_blocked and gn_stream_ids_wants_blocked add the part they do not know.
 */
#ifndef GN_STREAM_STREAM_SET_H
#define GN_STREAM_STREAM_SET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/limits.h"
#include "base/slots.h"
#include "stream/credit.h"
#include "stream/stream.h"
#include "stream/stream_ids.h"
#include "stream/stream_piece.h"
#include "stream/turns.h"

/* Both pools, for the length of one call. */
typedef struct gn_stream_pools {
    gn_slots streams; /* of sizeof(gn_stream) */
    gn_slots chunks;  /* of sizeof(gn_chunk) */
} gn_stream_pools;

/* The six limits of RFC 9000 18.2, as one side announces them. */
typedef struct gn_stream_limits {
    uint64_t max_data;        /* initial_max_data */
    uint64_t max_bidi_local;  /* initial_max_stream_data_bidi_local */
    uint64_t max_bidi_remote; /* initial_max_stream_data_bidi_remote */
    uint64_t max_uni;         /* initial_max_stream_data_uni */
    uint64_t streams_bidi;    /* initial_max_streams_bidi */
    uint64_t streams_uni;     /* initial_max_streams_uni */
} gn_stream_limits;

typedef struct gn_stream_set {
    gn_credit_in total_in;
    gn_credit_out total_out;
    gn_stream_ids ids;
    gn_stream_limits ours;
    gn_stream_limits theirs; /* all zero until known */
    gn_turns owed;
    gn_turns fresh;
    uint32_t readable_head; /* in the order in which they became readable */
    uint32_t readable_tail;
    uint32_t count; /* streams with a slot */
    bool unordered; /* streams deliver bytes as they come */
    uint8_t reserved[3];
    uint32_t bucket[GN_STREAM_BUCKETS];
} gn_stream_set;

/* --- life ---------------------------------------------------------------------------------- */

/* No streams; ours is what our transport parameters say. */
void gn_stream_set_init(gn_stream_set *set, bool server, const gn_stream_limits *ours);

/* Streams created from now on deliver their bytes as they come (RFC 9000 2.2; recv_gaps.h). */
void gn_stream_set_unorder(gn_stream_set *set);

/* Gives every stream and chunk back. */
void gn_stream_set_wipe(gn_stream_set *set, gn_stream_pools pools);

/* The peer's transport parameters, remembered or fresh: limits only ever rise, also those of
 * streams opened before. Costs a walk over all streams. */
void gn_stream_set_on_limits(gn_stream_set *set, gn_stream_pools pools,
                             const gn_stream_limits *theirs);

/*
 * 0-RTT was refused (RFC 9001 4.6.2): the peer knows of no stream and grants nothing yet. Streams
 * stay, with what is written on them; those beyond the number the peer then allows do, too.
 */
void gn_stream_set_restart(gn_stream_set *set, gn_stream_pools pools);

/* --- finding ------------------------------------------------------------------------------- */

/* The stream in slot at. */
gn_stream *gn_stream_set_at(gn_stream_pools pools, uint32_t at);

/* The slot of stream id, or GN_POOL_NONE when it has none (any more, or yet). */
uint32_t gn_stream_set_find(const gn_stream_set *set, gn_stream_pools pools, uint64_t id);

/* --- for stream_frames.c and stream_app.c ---------------------------------------------------- */

/* Creates the stream id, which is FRESH or SKIPPED. GN_ERR_FULL, changing nothing: no slot. */
GN_MUST_USE gn_err gn_stream_set_create(gn_stream_set *set, gn_stream_pools pools, uint64_t id,
                                        uint32_t *at);

/* Makes the lines true again after anything happened to the stream in slot at, or lets it go. */
void gn_stream_set_settle(gn_stream_set *set, gn_stream_pools pools, uint32_t at);

/* The stream in slot at goes behind the others that are readable, if it is one of them. */
void gn_stream_set_pass_readable(gn_stream_set *set, gn_stream_pools pools, uint32_t at);

/* --- sending ------------------------------------------------------------------------------- */

/* Would any stream put something in a packet now? O(1). */
bool gn_stream_set_wants(const gn_stream_set *set);

/* Does any stream have something that waits for a packet, or for the connection's credit? O(1). */
bool gn_stream_set_waits(const gn_stream_set *set);

/* The slot whose turn it is: the highest priority; among equals owed before fresh; GN_POOL_NONE
 * when wants is false. Fresh streams count only while there is connection credit. */
uint32_t gn_stream_set_next(const gn_stream_set *set, gn_stream_pools pools);

/* The stream in slot at had its turn: it goes behind its equals in the lines where it is first. */
void gn_stream_set_rotate(gn_stream_set *set, gn_stream_pools pools, uint32_t at);

/* piece of the stream in slot at went into a packet; new bytes use connection credit. */
void gn_stream_set_on_sent(gn_stream_set *set, gn_stream_pools pools, uint32_t at,
                           const gn_stream_piece *piece);

/* The packet that carried piece was acknowledged, or lost. */
void gn_stream_set_on_acked(gn_stream_set *set, gn_stream_pools pools,
                            const gn_stream_piece *piece);
void gn_stream_set_on_lost(gn_stream_set *set, gn_stream_pools pools, const gn_stream_piece *piece);

/* Is a DATA_BLOCKED frame due: new bytes wait, and only connection credit is missing? */
bool gn_stream_set_wants_data_blocked(const gn_stream_set *set);

/* --- the invariant --------------------------------------------------------------------------- */

/* Everything agrees with everything. Walks all streams: for tests and the simulator. */
bool gn_stream_set_check(const gn_stream_set *set, gn_stream_pools pools);

#endif
