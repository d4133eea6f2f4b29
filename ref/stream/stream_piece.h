/*
 * stream_piece.h: what a packet can carry of a stream, and its fate (RFC 9000 section 13.3).
 *
 * A stream is asked for its next piece, the piece goes into a packet and into the log of sent
 * packets, and with the packet's fate it comes back. Nothing is stored but that small value: what
 * is sent again is what is true then, such as a larger limit, the bytes not acknowledged meanwhile,
 * or nothing at all. chunks is the endpoint's chunk pool.
 */
#ifndef GN_STREAM_STREAM_PIECE_H
#define GN_STREAM_STREAM_PIECE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slots.h"
#include "stream/stream.h"

typedef enum gn_stream_piece_kind {
    GN_STREAM_PIECE_DATA,     /* STREAM */
    GN_STREAM_PIECE_RESET,    /* RESET_STREAM */
    GN_STREAM_PIECE_STOP,     /* STOP_SENDING */
    GN_STREAM_PIECE_MAX_DATA, /* MAX_STREAM_DATA */
    GN_STREAM_PIECE_BLOCKED,  /* STREAM_DATA_BLOCKED */
    GN_STREAM_PIECE_KINDS
} gn_stream_piece_kind;

typedef struct gn_stream_piece {
    uint64_t id;
    uint64_t off;  /* DATA: of the first byte; RESET: final size; MAX_DATA, BLOCKED: the limit */
    uint64_t code; /* RESET, STOP: the application's error code */
    uint32_t len;  /* DATA: bytes, 0 for a bare FIN */
    uint8_t kind;  /* gn_stream_piece_kind */
    bool fin;      /* DATA */
    bool is_new;   /* DATA: takes credit */
    uint8_t reserved;
} gn_stream_piece;

/* Has the stream anything that needs no connection credit, as control, lost bytes, a bare FIN? */
bool gn_stream_piece_owed(const gn_stream *s, gn_slots chunks);

/* Has the stream new bytes within its own credit? */
bool gn_stream_piece_fresh(const gn_stream *s);

/* What the stream puts in a packet next: RESET, STOP, MAX_DATA, BLOCKED, then DATA of at most room
 * bytes, of new ones at most total_left. False, touching nothing, when there is nothing or DATA
 * is next and room is 0. */
bool gn_stream_piece_next(const gn_stream *s, gn_slots chunks, uint64_t total_left, size_t room,
                          gn_stream_piece *out);

/* Cuts DATA to its first len bytes; a FIN that would no longer be at the end is taken off. */
void gn_stream_piece_cut(gn_stream_piece *piece, uint32_t len);

/* The piece that next gave, perhaps cut, went into a packet. */
void gn_stream_piece_on_sent(gn_stream *s, gn_slots chunks, const gn_stream_piece *piece);

/* The packet that carried piece was acknowledged, or lost. piece->id is the stream's. */
void gn_stream_piece_on_acked(gn_stream *s, gn_slots chunks, const gn_stream_piece *piece);
void gn_stream_piece_on_lost(gn_stream *s, gn_slots chunks, const gn_stream_piece *piece);

#endif
