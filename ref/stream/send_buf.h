/*
 * send_buf.h: bytes to be sent, kept until they are acknowledged (RFC 9000 section 2.2, 13.3).
 *
 *      0        acked_off          next_off           end_off
 *      |-- acked --|--- sent at least once ---|--- not yet ---|
 *                     of these: acked, lost
 *
 * Bytes below acked_off are gone and their chunks given back. Between acked_off and next_off
 * a byte is acknowledged (in acked), declared lost (in lost), or in flight (in neither).
 * Lost bytes are told what they are by their offset alone: a frame is never stored.
 *
 * Traffic in order costs O(1) amortised; sending again costs a walk as long as the
 * distance of the bytes from acked_off, in chunks. The same buffer serves STREAM and CRYPTO
 * data; CRYPTO has no end and no credit (limit_off UINT64_MAX). chunks is always the pool
 * that the buffer was filled from.
 *
 * Protocol of use:
 *   1. push, and fin after the last byte
 *   2. next says what would go now; copy fetches its bytes; on_sent says it went
 *   3. each piece sent is told on_acked or on_lost; on_lost makes next offer it again
 *   4. all_acked: the end. wipe gives everything back at any time
 */
#ifndef GN_STREAM_SEND_BUF_H
#define GN_STREAM_SEND_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slots.h"
#include "stream/chain.h"
#include "stream/credit.h"
#include "stream/marks.h"

enum {
    GN_SEND_FIN_SET = 1,   /* end_off is final */
    GN_SEND_FIN_SENT = 2,  /* it was sent at least once */
    GN_SEND_FIN_ACKED = 4, /* the peer knows it */
    GN_SEND_FIN_LOST = 8,  /* it has to be sent again */
};

typedef struct gn_send_buf {
    uint64_t acked_off; /* everything below is acknowledged */
    uint64_t next_off;  /* the first byte never sent */
    uint64_t end_off;   /* the first byte not yet given by the application */
    gn_marks acked;     /* within (acked_off, next_off] */
    gn_marks lost;      /* within [acked_off, next_off) */
    gn_chain chain;     /* from the chunk of acked_off on, without holes up to end_off */
    uint8_t fin;        /* GN_SEND_FIN_* */
    uint8_t reserved[3];
} gn_send_buf;

typedef struct gn_send_piece {
    uint64_t off;
    uint32_t len; /* 0 only for a bare FIN */
    bool fin;
    bool is_new; /* begins at next_off: uses credit; otherwise sent before */
} gn_send_piece;

/* An empty buffer at offset 0. */
void gn_send_buf_init(gn_send_buf *b);

/* Gives all chunks back and forgets lost and acknowledged ranges; the offsets stay readable. */
void gn_send_buf_wipe(gn_send_buf *b, gn_slots chunks);

/* Copies as many of the len bytes as fit and says how many: no more than cap_bytes are kept
 * unacknowledged in all, and no more than there are chunks for beside the GN_CHUNKS_SPARE. Not
 * after fin. */
size_t gn_send_buf_push(gn_send_buf *b, gn_slots chunks, const uint8_t *bytes, size_t len,
                        uint64_t cap_bytes);

/* There will be no more bytes. Once only. */
/*@
  requires \valid(b) && (b->fin & GN_SEND_FIN_SET) == 0;
  terminates \true; exits \false;
  assigns b->fin;
  ensures b->fin == GN_SEND_FIN_SET;
*/
void gn_send_buf_fin(gn_send_buf *b);

/* Bytes kept because they are not acknowledged up to here. */
/*@
  requires \valid_read(b) && b->acked_off <= b->end_off;
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result == b->end_off - b->acked_off;
*/
uint64_t gn_send_buf_held(const gn_send_buf *b);

/* Is there anything to send: lost bytes, new bytes below limit_off, or a FIN? */
bool gn_send_buf_wants(const gn_send_buf *b, gn_slots chunks, uint64_t limit_off);

/* Is there anything to send again, or a FIN that needs no credit? */
bool gn_send_buf_wants_again(const gn_send_buf *b, gn_slots chunks);

/* Are there new bytes at or above limit_off, so that only credit is missing? */
/*@
  requires \valid_read(b);
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result <==> limit_off <= b->next_off < b->end_off;
*/
bool gn_send_buf_blocked(const gn_send_buf *b, uint64_t limit_off);

/* What goes next into room bytes: first what was lost, lowest offset first, then new bytes below
 * limit_off. A piece that ends at the end carries the FIN. False when there is nothing, or
 * room is 0 and bytes would come first. Changes nothing; *out is untouched when false. */
bool gn_send_buf_next(const gn_send_buf *b, gn_slots chunks, uint64_t limit_off, size_t room,
                      gn_send_piece *out);

/* Copies bytes [off, off + len), all of them held, to out. */
void gn_send_buf_copy(gn_send_buf *b, gn_slots chunks, uint64_t off, size_t len, uint8_t *out);

/* The piece that next just gave, or a shorter beginning of it without FIN, went into a packet. */
void gn_send_buf_on_sent(gn_send_buf *b, gn_slots chunks, const gn_send_piece *piece);

/* A packet with these bytes (and the FIN) was acknowledged. Bytes acknowledged before are fine.
 * Where the ranges are too many to remember, the bytes are sent once more instead. */
void gn_send_buf_on_acked(gn_send_buf *b, gn_slots chunks, uint64_t off, uint64_t len, bool fin);

/* A packet with these bytes (and the FIN) is lost. What was acknowledged meanwhile is not sent
 * again. Where the ranges are too many, more is sent again rather than less. */
void gn_send_buf_on_lost(gn_send_buf *b, gn_slots chunks, uint64_t off, uint64_t len, bool fin);

/* Nothing was ever sent: what is held, of which nothing was acknowledged, begins anew. */
void gn_send_buf_restart(gn_send_buf *b, gn_slots chunks);

/* Were all bytes and the FIN acknowledged? */
/*@
  requires \valid_read(b);
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result <==> (b->fin & GN_SEND_FIN_ACKED) != 0 && b->acked_off == b->end_off;
*/
bool gn_send_buf_all_acked(const gn_send_buf *b);

/* The invariant of the picture above. Walks the chain: for tests and the simulator. */
bool gn_send_buf_check(const gn_send_buf *b, gn_slots chunks);

#endif
