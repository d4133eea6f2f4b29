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

/*
 * send_byte: which byte the application gave for off. send_window: the offsets of the picture.
 * send_covered: what is not acknowledged up to here has a chunk. send_live: each chunk holds some
 * of that. send_true: it is kept as the application gave it. send_done: whether v is acknowledged.
 */
/*@
  axiomatic send { logic integer send_byte(gn_send_buf *b, integer off); }
  predicate send_has{L}(gn_send_buf *b, integer i) = chain_has(&b->chain, i) ||
    gn_owner[i] == &b->acked.slot || gn_owner[i] == &b->lost.slot;
  predicate send_done{L}(gn_send_buf *b, gn_slots c, integer v) =
    v < b->acked_off || marks_in(&b->acked, c, v);
  predicate send_window{L}(gn_send_buf *b, gn_slots c) =
    b->acked_off <= b->next_off <= b->end_off <= GN_CREDIT_TOP_BYTES &&
    marks_ok(&b->acked, c) && marks_ok(&b->lost, c) &&
    (\forall integer v; marks_in(&b->acked, c, v) ==> b->acked_off < v < b->next_off) &&
    (\forall integer v; marks_in(&b->lost, c, v) ==> b->acked_off <= v < b->next_off);
  predicate send_holds{L}(gn_send_buf *b, gn_slots c, integer v) =
    \exists integer i; chain_has(&b->chain, i) &&
      chain_off(c, i) <= v < chain_off(c, i) + GN_CHUNK_BYTES;
  predicate send_covered{L}(gn_send_buf *b, gn_slots c) =
    \forall integer v; b->acked_off <= v < b->end_off ==> send_holds(b, c, v);
  predicate send_live{L}(gn_send_buf *b, gn_slots c) =
    (b->acked_off == b->end_off ==> b->chain.head == GN_POOL_NONE) &&
    \forall integer i; chain_has(&b->chain, i) ==>
      b->acked_off < chain_off(c, i) + GN_CHUNK_BYTES && chain_off(c, i) < b->end_off;
  predicate send_true{L}(gn_send_buf *b, gn_slots c) =
    \forall integer i, k; chain_has(&b->chain, i) && 0 <= k < GN_CHUNK_BYTES &&
      b->acked_off <= chain_off(c, i) + k < b->end_off ==>
        chunk_of(c, i)->bytes[k] == send_byte(b, chain_off(c, i) + k);
  predicate send_kept{L}(gn_send_buf *b, gn_slots c) =
    chain_ok(&b->chain, c) && send_covered(b, c) && send_live(b, c) && send_true(b, c);
  predicate send_fins{L}(gn_send_buf *b) =
    ((b->fin & GN_SEND_FIN_SENT) != 0 ==> b->next_off == b->end_off) &&
    ((b->fin & GN_SEND_FIN_SET) == 0 ==> (b->fin & GN_SEND_FIN_SENT) == 0 &&
      (b->fin & GN_SEND_FIN_ACKED) == 0 && (b->fin & GN_SEND_FIN_LOST) == 0);
  predicate send_ok{L}(gn_send_buf *b, gn_slots c) =
    send_window(b, c) && send_kept(b, c) && send_fins(b);
  predicate send_apart(gn_send_buf *b, gn_slots c) =
    \valid(b) && \separated(b, c.pool) && outside(\base_addr(b));
*/

typedef struct gn_send_piece {
    uint64_t off;
    uint32_t len; /* 0 only for a bare FIN */
    bool fin;
    bool is_new; /* begins at next_off: uses credit; otherwise sent before */
} gn_send_piece;

/* send_piece_ok: the piece may go into a packet now. */
/*@
  predicate send_piece_ok{L}(gn_send_buf *b, gn_send_piece *p) =
    b->acked_off <= p->off && p->off + p->len <= b->end_off &&
    (p->is_new != 0 ? p->off == b->next_off : p->off + p->len <= b->next_off) &&
    (p->fin != 0 ==> (b->fin & GN_SEND_FIN_SET) != 0 && p->off + p->len == b->end_off);
*/

/* An empty buffer at offset 0. */
/*@
  requires \valid(b);
  terminates \true; exits \false;
  assigns *b;
  ensures start: b->acked_off == 0 && b->next_off == 0 && b->end_off == 0 && b->fin == 0;
  ensures ok: \forall gn_slots c; (\forall integer i; !chain_has(&b->chain, i)) ==> send_ok(b, c);
*/
void gn_send_buf_init(gn_send_buf *b);

/* Gives all chunks back and forgets lost and acknowledged ranges; the offsets stay readable. */
/*@
  requires owned_ok(chunks) && send_apart(b, chunks) && send_ok(b, chunks);
  terminates \true; exits \false;
  assigns *b, chunks.pool->free_head, chunks.pool->used;
  assigns { gn_owner[i] | integer i; send_has(b, i) };
  assigns { *ranges_of(chunks, i) | integer i; send_has(b, i) };
  assigns { *chunk_of(chunks, i) | integer i; send_has(b, i) };
  ensures ok: owned_ok(chunks) && send_ok(b, chunks);
  ensures none: b->next_off == \old(b->next_off) && b->acked_off == b->next_off &&
    b->end_off == b->next_off && b->chain.head == GN_POOL_NONE && b->acked.slot == GN_POOL_NONE &&
    b->lost.slot == GN_POOL_NONE;
*/
void gn_send_buf_wipe(gn_send_buf *b, gn_slots chunks);

/* Copies as many of the len bytes as fit and says how many: no more than cap_bytes are kept
 * unacknowledged in all, and no more than there are chunks for beside the GN_CHUNKS_SPARE. Not
 * after fin. */
/*@
  requires owned_ok(chunks) && send_apart(b, chunks) && send_ok(b, chunks);
  requires open: (b->fin & GN_SEND_FIN_SET) == 0;
  requires bytes: \valid_read(bytes + (0 .. len - 1)) && outside(\base_addr(bytes));
  requires given: \forall integer i; 0 <= i < len ==> bytes[i] == send_byte(b, b->end_off + i);
  requires top: len <= GN_CREDIT_TOP_BYTES - b->end_off;
  terminates \true; exits \false;
  assigns b->end_off, b->chain;
  assigns chunks.pool->free_head, chunks.pool->fresh, chunks.pool->used, chunks.pool->peak;
  assigns { gn_owner[i] | integer i; gn_owner[i] == \null };
  assigns { *chunk_of(chunks, i) | integer i;
    gn_owner[i] == \null || gn_owner[i] == &b->chain.head };
  ensures ok: owned_ok(chunks) && send_ok(b, chunks);
  ensures taken: \result <= len && b->end_off == \old(b->end_off) + \result;
  ensures cap: \result > 0 ==> b->end_off - b->acked_off <= cap_bytes;
*/
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
/*@
  requires owned_ok(chunks) && send_apart(b, chunks) && send_ok(b, chunks);
  terminates \true; exits \false;
  assigns \nothing;
*/
bool gn_send_buf_wants(const gn_send_buf *b, gn_slots chunks, uint64_t limit_off);

/* Is there anything to send again, or a FIN that needs no credit? */
/*@
  requires owned_ok(chunks) && send_apart(b, chunks) && send_ok(b, chunks);
  terminates \true; exits \false;
  assigns \nothing;
*/
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
/*@
  requires owned_ok(chunks) && send_apart(b, chunks) && send_ok(b, chunks);
  requires \valid(out) && \separated(out, b) && outside(\base_addr(out));
  terminates \true; exits \false;
  assigns *out;
  ensures none: !\result ==> *out == \old(*out);
  ensures piece: \result ==> send_piece_ok(b, out);
  ensures len: \result ==> out->len <= room && (out->len > 0 || out->fin != 0);
  ensures limit: \result && out->is_new != 0 && out->len > 0 ==> out->off + out->len <= limit_off;
  ensures fresh: \result ==> \forall integer v; out->off <= v < out->off + out->len ==>
    !send_done{Pre}(b, chunks, v);
  ensures lost: \result && out->is_new == 0 ==> \forall integer v;
    out->off <= v < out->off + out->len ==> marks_in{Pre}(&b->lost, chunks, v);
*/
bool gn_send_buf_next(const gn_send_buf *b, gn_slots chunks, uint64_t limit_off, size_t room,
                      gn_send_piece *out);

/* Copies bytes [off, off + len), all of them held, to out. */
/*@
  requires owned_ok(chunks) && send_apart(b, chunks) && send_ok(b, chunks);
  requires held: b->acked_off <= off && off + len <= b->end_off;
  requires room: \valid(out + (0 .. len - 1)) && outside(\base_addr(out)) &&
    \separated(out + (0 .. len - 1), b);
  terminates \true; exits \false;
  assigns b->chain.hint, out[0 .. len - 1];
  ensures ok: send_ok(b, chunks);
  ensures bytes: \forall integer i; 0 <= i < len ==> out[i] == send_byte(b, off + i);
*/
void gn_send_buf_copy(gn_send_buf *b, gn_slots chunks, uint64_t off, size_t len, uint8_t *out);

/* The piece that next just gave, or a shorter beginning of it without FIN, went into a packet. */
/*@
  requires owned_ok(chunks) && send_apart(b, chunks) && send_ok(b, chunks);
  requires \valid_read(piece) && \separated(piece, b, chunks.pool) && outside(\base_addr(piece));
  requires given: send_piece_ok(b, piece);
  terminates \true; exits \false;
  assigns b->next_off, b->lost, b->fin, chunks.pool->free_head, chunks.pool->used;
  assigns { gn_owner[i] | integer i; gn_owner[i] == &b->lost.slot };
  assigns { *ranges_of(chunks, i) | integer i; gn_owner[i] == &b->lost.slot };
  assigns { *chunk_of(chunks, i) | integer i; gn_owner[i] == &b->lost.slot };
  ensures ok: owned_ok(chunks) && send_ok(b, chunks);
  ensures new: piece->is_new != 0 ==> b->next_off == \old(b->next_off) + piece->len;
  ensures again: piece->is_new == 0 ==> b->next_off == \old(b->next_off) && \forall integer v;
    marks_in(&b->lost, chunks, v) <==>
      marks_in{Pre}(&b->lost, chunks, v) && v >= piece->off + piece->len;
*/
void gn_send_buf_on_sent(gn_send_buf *b, gn_slots chunks, const gn_send_piece *piece);

/* A packet with these bytes (and the FIN) was acknowledged. Bytes acknowledged before are fine.
 * Where the ranges are too many to remember, the bytes are sent once more instead. */
/*@
  requires owned_ok(chunks) && send_apart(b, chunks) && send_ok(b, chunks);
  requires sent: off + len <= b->next_off && (fin != 0 ==> (b->fin & GN_SEND_FIN_SENT) != 0);
  terminates \true; exits \false;
  assigns b->acked_off, b->acked, b->lost, b->chain, b->fin;
  assigns chunks.pool->free_head, chunks.pool->fresh, chunks.pool->used, chunks.pool->peak;
  assigns { gn_owner[i] | integer i; gn_owner[i] == \null || send_has(b, i) };
  assigns { *ranges_of(chunks, i) | integer i; gn_owner[i] == \null || send_has(b, i) };
  assigns { *chunk_of(chunks, i) | integer i; send_has(b, i) };
  ensures ok: owned_ok(chunks) && send_ok(b, chunks);
  ensures never_back: b->acked_off >= \old(b->acked_off);
  ensures sound: \forall integer v; send_done(b, chunks, v) ==>
    send_done{Pre}(b, chunks, v) || off <= v < off + len;
  ensures kept: \forall integer v; send_done{Pre}(b, chunks, v) ==> send_done(b, chunks, v);
*/
void gn_send_buf_on_acked(gn_send_buf *b, gn_slots chunks, uint64_t off, uint64_t len, bool fin);

/* A packet with these bytes (and the FIN) is lost. What was acknowledged meanwhile is not sent
 * again. Where the ranges are too many, more is sent again rather than less. */
/*@
  requires owned_ok(chunks) && send_apart(b, chunks) && send_ok(b, chunks);
  requires sent: off + len <= b->next_off && (fin != 0 ==> (b->fin & GN_SEND_FIN_SENT) != 0);
  terminates \true; exits \false;
  assigns b->lost, b->fin;
  assigns chunks.pool->free_head, chunks.pool->fresh, chunks.pool->used, chunks.pool->peak;
  assigns { gn_owner[i] | integer i; gn_owner[i] == \null || gn_owner[i] == &b->lost.slot };
  assigns { *ranges_of(chunks, i) | integer i; gn_owner[i] == \null ||
    gn_owner[i] == &b->lost.slot };
  assigns { *chunk_of(chunks, i) | integer i; gn_owner[i] == &b->lost.slot };
  ensures ok: owned_ok(chunks) && send_ok(b, chunks);
  ensures again: \forall integer v; off <= v < off + len ==>
    send_done(b, chunks, v) || marks_in(&b->lost, chunks, v);
  ensures kept: \forall integer v; marks_in{Pre}(&b->lost, chunks, v) ==>
    marks_in(&b->lost, chunks, v);
*/
void gn_send_buf_on_lost(gn_send_buf *b, gn_slots chunks, uint64_t off, uint64_t len, bool fin);

/* Nothing was ever sent: what is held, of which nothing was acknowledged, begins anew. */
/*@
  requires owned_ok(chunks) && send_apart(b, chunks) && send_ok(b, chunks);
  requires never: b->acked_off == 0;
  requires none: b->acked.slot == GN_POOL_NONE && b->acked.from == b->acked.to;
  terminates \true; exits \false;
  assigns b->next_off, b->lost, b->chain.hint, b->fin, chunks.pool->free_head, chunks.pool->used;
  assigns { gn_owner[i] | integer i; gn_owner[i] == &b->lost.slot };
  assigns { *ranges_of(chunks, i) | integer i; gn_owner[i] == &b->lost.slot };
  assigns { *chunk_of(chunks, i) | integer i; gn_owner[i] == &b->lost.slot };
  ensures ok: owned_ok(chunks) && send_ok(b, chunks);
  ensures anew: b->next_off == 0 && b->end_off == \old(b->end_off);
*/
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
/*@
  requires owned_ok(chunks) && send_apart(b, chunks) && send_ok(b, chunks);
  terminates \true; exits \false;
  assigns \nothing;
*/
bool gn_send_buf_check(const gn_send_buf *b, gn_slots chunks);

#endif
