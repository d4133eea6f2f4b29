/*
 * stream.h: one stream, both halves of it (RFC 9000 sections 2, 3, 4).
 *
 * A stream never sees a packet. It is told frames by the peer, asked by the application, and
 * delivers to the application; what it would put in a packet is told by stream_piece.h.
 *
 * Credit of the connection (gn_credit_in, gn_credit_out) is passed in by the set of streams.
 * Handlers check everything, then change everything. chunks is the endpoint's chunk pool.
 */
#ifndef GN_STREAM_STREAM_H
#define GN_STREAM_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/fault.h"
#include "base/slots.h"
#include "base/span.h"
#include "stream/credit.h"
#include "stream/marks.h"
#include "stream/recv_buf.h"
#include "stream/recv_state.h"
#include "stream/send_buf.h"
#include "stream/send_state.h"
#include "stream/turns.h"
#include "wire/frame.h"

/* The lines a stream may wait in (gn_stream.turn). */
enum {
    GN_STREAM_TURN_OWED,  /* has what needs no connection credit: control, lost bytes, FIN */
    GN_STREAM_TURN_FRESH, /* has new bytes within its own credit */
    GN_STREAM_TURNS,
};

/* Control frames to be sent (gn_stream.pending). MAX_STREAM_DATA and STREAM_DATA_BLOCKED
 * follow from the credits and need no flag. */
enum {
    GN_STREAM_PENDING_RESET = 1,
    GN_STREAM_PENDING_STOP = 2,
};

/* What the application has not been told yet (gn_stream.events); data and its end follow from
 * the buffer. */
enum {
    GN_STREAM_EVENT_RESET = 1,    /* the peer abandoned its half: peer_reset_code */
    GN_STREAM_EVENT_STOP = 2,     /* the peer wants no more: peer_stop_code */
    GN_STREAM_EVENT_WRITABLE = 4, /* a write was cut short, and there is room again */
};

/* gn_stream.flags */
enum {
    GN_STREAM_STOPPED = 1, /* the application reads no more: what arrives is counted and dropped */
    GN_STREAM_STARVED = 2, /* a write was cut short */
    GN_STREAM_UNORDERED = 4, /* bytes are delivered as they come (recv_gaps.h) */
};

/* Invariant: see gn_stream_check. A half that the stream does not have is in a terminal state. */
typedef struct gn_stream {
    uint64_t id;
    gn_send_buf out;
    gn_recv_buf in;
    gn_marks came;            /* UNORDERED, while receiving: what arrived, delivered or not */
    gn_credit_out credit_out; /* used is out.next_off */
    gn_credit_in credit_in;   /* received is in.high_off, or the final size after a reset */
    uint64_t reset_code;      /* of our RESET_STREAM; the final size is credit_out.used */
    uint64_t stop_code;       /* of our STOP_SENDING */
    uint64_t peer_reset_code;
    uint64_t peer_stop_code;
    uint64_t room_off; /* STARVED: there is room again once out.acked_off is here */
    gn_turn turn[GN_STREAM_TURNS];
    uint32_t readable_next; /* in the queue of streams with news for the application */
    uint32_t readable_prev;
    uint32_t bucket_next; /* the next stream of the same bucket */
    int32_t priority;     /* higher goes first; 0 unless said otherwise */
    uint8_t send_state;   /* gn_send_state */
    uint8_t recv_state;   /* gn_recv_state */
    uint8_t pending;      /* GN_STREAM_PENDING_* */
    uint8_t events;       /* GN_STREAM_EVENT_* */
    uint8_t flags;        /* GN_STREAM_STOPPED and so on */
    bool readable_queued;
    uint8_t reserved[2];
} gn_stream;

/* Ids (RFC 9000 2.1). index counts the streams of one kind from 0. */
static inline bool
gn_stream_id_is_uni(uint64_t id)
{
    return (id & 2) != 0;
}

static inline bool
gn_stream_id_is_server(uint64_t id)
{
    return (id & 1) != 0;
}

static inline uint64_t
gn_stream_id_index(uint64_t id)
{
    return id / 4;
}

/* May bytes still be sent, first or again? */
static inline bool
gn_stream_sending(const gn_stream *s)
{
    return s->send_state == GN_SEND_READY || s->send_state == GN_SEND_SEND ||
           s->send_state == GN_SEND_DATA_SENT;
}

/* Is there something the peer has still to send? */
static inline bool
gn_stream_receiving(const gn_stream *s)
{
    return s->recv_state == GN_RECV_RECV || s->recv_state == GN_RECV_SIZE_KNOWN;
}

/* A stream with both halves as its id and our role give them, window what we grant on it and
 * limit what the peer grants (0 where the half is missing). Takes no chunk. */
void gn_stream_init(gn_stream *s, uint64_t id, bool we_are_server, uint64_t window, uint64_t limit);

/* Gives all chunks back. The slot may then be given back too. */
void gn_stream_wipe(gn_stream *s, gn_slots chunks);

/* --- told by the peer --------------------------------------------------------------------- */

/* A STREAM frame. total is the connection's credit. GN_ERR_FORM with *fault: FLOW_CONTROL_ERROR
 * or FINAL_SIZE_ERROR. GN_ERR_FULL: no room, so the packet must not be acknowledged. Neither
 * changes anything. */
GN_MUST_USE gn_err gn_stream_on_data(gn_stream *s, gn_slots chunks, gn_credit_in *total,
                                     const gn_frame_stream *frame, gn_fault *fault);

/* A RESET_STREAM frame. As above, without GN_ERR_FULL. Unread data is dropped (RFC 9000 3.2). */
GN_MUST_USE gn_err gn_stream_on_reset(gn_stream *s, gn_slots chunks, gn_credit_in *total,
                                      const gn_frame_reset_stream *frame, gn_fault *fault);

/* A STOP_SENDING frame: answered with RESET_STREAM and the same code unless all was acknowledged
 * or reset before (RFC 9000 3.5). */
void gn_stream_on_stop_sending(gn_stream *s, gn_slots chunks, uint64_t code);

/* A MAX_STREAM_DATA frame. */
void gn_stream_on_max_data(gn_stream *s, uint64_t limit);

/* What we sent was not taken, none of it: what is still to be sent begins anew, without credit. */
void gn_stream_restart(gn_stream *s, gn_slots chunks);

/* --- asked by the application --------------------------------------------------------------- */

/* Accepts as many bytes as the buffer takes, up to cap_bytes unacknowledged, into *accepted. When
 * those are fewer than len, EVENT_WRITABLE follows as soon as half of what is held then has been
 * acknowledged. GN_ERR_STATE after fin or reset. GN_ERR_FULL: none accepted and none held, as
 * there is no chunk; no event will follow. */
GN_MUST_USE gn_err gn_stream_write(gn_stream *s, gn_slots chunks, gn_span bytes, uint64_t cap_bytes,
                                   size_t *accepted);

/* No more bytes will be written. GN_ERR_STATE after fin or reset. */
GN_MUST_USE gn_err gn_stream_fin(gn_stream *s);

/* Abandons sending; bytes not acknowledged are dropped. GN_ERR_STATE when the half has ended. */
GN_MUST_USE gn_err gn_stream_reset(gn_stream *s, gn_slots chunks, uint64_t code);

/* Reads no more and asks the peer to stop; unread and later bytes are dropped but counted.
 * GN_ERR_STATE when the half has ended or was stopped before. */
GN_MUST_USE gn_err gn_stream_stop(gn_stream *s, gn_slots chunks, gn_credit_in *total,
                                  uint64_t code);

/* --- delivered to the application ---------------------------------------------------------- */

/* Is there anything the application should hear of? */
bool gn_stream_readable(const gn_stream *s);

/* The next bytes in order, or UNORDERED the lowest there are, the offset of the first, and whether
 * the stream ends behind them and all else was delivered; an empty span only with *fin. False,
 * touching nothing, when there is neither. */
bool gn_stream_peek(const gn_stream *s, gn_slots chunks, uint64_t *off, gn_span *out, bool *fin);

/* n of the bytes peeked were delivered; all of them means that the end was, too. */
void gn_stream_consume(gn_stream *s, gn_slots chunks, gn_credit_in *total, uint64_t n);

/* Takes one of GN_STREAM_EVENT_* if it is there: it is told now. The codes are in the stream. */
bool gn_stream_take(gn_stream *s, uint8_t event);

/* --- for stream_piece.c ---------------------------------------------------------------------- */

/* Steps that figure 2 or 3 is known to have; traps otherwise. */
void gn_stream_step_send(gn_stream *s, gn_send_event event);
void gn_stream_step_recv(gn_stream *s, gn_recv_event event);

/* The receiving half of a stopped stream, in state Size Known, is over: its size is settled and
 * nobody waits for the bytes. */
void gn_stream_end_stopped(gn_stream *s);

/* --- the end ------------------------------------------------------------------------------- */

/* Are both halves terminal and has the application been told all? The slot may go then. */
bool gn_stream_finished(const gn_stream *s);

/* The invariant. Walks the chains: for tests and the simulator. */
bool gn_stream_check(const gn_stream *s, gn_slots chunks);

#endif
