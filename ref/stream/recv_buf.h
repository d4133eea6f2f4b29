/*
 * recv_buf.h: received bytes put in order (RFC 9000 section 2.2, 4.5).
 *
 *      0          read_off            have_off                    high_off
 *      |-- read --|--- can be read ---|  gap  |-- ahead --|  gap  |
 *
 * Bytes below read_off were delivered and their chunks given back. Chunks exist only where
 * bytes arrived, so a peer that withholds early bytes and scatters the rest costs at most as many
 * chunks as there can be ranges plus what the flow-control window pays for. Bytes in order cost
 * O(1). The same buffer serves STREAM and CRYPTO data; how far ahead bytes may be is the
 * caller's credit. chunks is always the pool that the buffer was filled from.
 */
#ifndef GN_STREAM_RECV_BUF_H
#define GN_STREAM_RECV_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/fault.h"
#include "base/slots.h"
#include "base/span.h"
#include "stream/chain.h"
#include "stream/credit.h"
#include "stream/marks.h"

#define GN_RECV_SIZE_UNKNOWN UINT64_MAX

typedef struct gn_recv_buf {
    uint64_t read_off;   /* everything below was delivered */
    uint64_t have_off;   /* everything below has arrived */
    uint64_t high_off;   /* one past the highest byte that arrived */
    uint64_t final_size; /* or GN_RECV_SIZE_UNKNOWN */
    gn_marks ahead;      /* what arrived above have_off, not touching it */
    gn_chain chain;      /* with holes where nothing arrived; the hint is the chunk written last */
    uint32_t reserved;
} gn_recv_buf;

/*
 * recv_came: whether the byte at v has arrived. recv_byte: which byte the peer has there; RFC 9000
 * 2.2: it never changes. recv_window: the offsets of the picture. recv_covered: bytes to be read,
 * now or later, have a chunk. recv_live: each chunk reaches above what was read. recv_true: what
 * arrived is kept as the peer sent it.
 */
/*@
  axiomatic recv { logic integer recv_byte(gn_recv_buf *b, integer off); }
  predicate recv_has{L}(gn_recv_buf *b, integer i) =
    gn_owner[i] == &b->ahead.slot || chain_has(&b->chain, i);
  predicate recv_came{L}(gn_recv_buf *b, gn_slots c, integer v) =
    v < b->have_off || marks_in(&b->ahead, c, v);
  predicate recv_window{L}(gn_recv_buf *b, gn_slots c) =
    b->read_off <= b->have_off <= b->high_off <= b->final_size &&
    b->high_off <= GN_CREDIT_TOP_BYTES && marks_ok(&b->ahead, c) &&
    \forall integer v; marks_in(&b->ahead, c, v) ==> b->have_off < v < b->high_off;
  predicate recv_holds{L}(gn_recv_buf *b, gn_slots c, integer v) =
    \exists integer i; chain_has(&b->chain, i) &&
      chain_off(c, i) <= v < chain_off(c, i) + GN_CHUNK_BYTES;
  predicate recv_covered{L}(gn_recv_buf *b, gn_slots c) =
    \forall integer v; b->read_off <= v && recv_came(b, c, v) ==> recv_holds(b, c, v);
  predicate recv_live{L}(gn_recv_buf *b, gn_slots c) =
    \forall integer i; chain_has(&b->chain, i) ==>
      b->read_off < chain_off(c, i) + GN_CHUNK_BYTES && chain_off(c, i) <= b->high_off;
  predicate recv_true{L}(gn_recv_buf *b, gn_slots c) =
    \forall integer i, k; chain_has(&b->chain, i) && 0 <= k < GN_CHUNK_BYTES &&
      b->read_off <= chain_off(c, i) + k && recv_came(b, c, chain_off(c, i) + k) ==>
        chunk_of(c, i)->bytes[k] == recv_byte(b, chain_off(c, i) + k);
  predicate recv_ok{L}(gn_recv_buf *b, gn_slots c) =
    recv_window(b, c) && chain_ok(&b->chain, c) && recv_covered(b, c) && recv_live(b, c) &&
    recv_true(b, c);
  logic integer recv_first{L}(gn_recv_buf *b, integer off) =
    off > b->have_off ? off : b->have_off;
  predicate recv_steps{L}(gn_recv_buf *b, gn_slots c, integer first, integer end) =
    \forall integer m, n; first <= m <= n <= end ==>
      0 <= chain_lacks(&b->chain, c, first, m) <= chain_lacks(&b->chain, c, first, n);
  predicate recv_apart(gn_recv_buf *b, gn_slots c) =
    \valid(b) && \separated(b, c.pool) && outside(\base_addr(b));
*/

/* An empty buffer at offset 0, final size unknown. */
/*@
  requires \valid(b);
  terminates \true; exits \false;
  assigns *b;
  ensures start: b->read_off == 0 && b->have_off == 0 && b->high_off == 0;
  ensures open: b->final_size == GN_RECV_SIZE_UNKNOWN;
  ensures ok: \forall gn_slots c; (\forall integer i; !chain_has(&b->chain, i)) ==> recv_ok(b, c);
*/
void gn_recv_buf_init(gn_recv_buf *b);

/* Gives all chunks back and forgets what was not read; the offsets and final size stay readable. */
/*@
  requires owned_ok(chunks) && recv_apart(b, chunks) && recv_ok(b, chunks);
  terminates \true; exits \false;
  assigns b->read_off, b->ahead, b->chain, chunks.pool->free_head, chunks.pool->used;
  assigns { gn_owner[i] | integer i; recv_has(b, i) };
  assigns { *ranges_of(chunks, i) | integer i; recv_has(b, i) };
  assigns { *chunk_of(chunks, i) | integer i; recv_has(b, i) };
  ensures ok: owned_ok(chunks) && recv_ok(b, chunks);
  ensures none: b->read_off == b->have_off && b->chain.head == GN_POOL_NONE &&
    b->ahead.slot == GN_POOL_NONE && b->ahead.from == b->ahead.to;
*/
void gn_recv_buf_wipe(gn_recv_buf *b, gn_slots chunks);

/* Judges bytes that end at end_off (which is the final size, if final) against what is known:
 * FINAL_SIZE_ERROR when a final size would change, or bytes lie beyond it (RFC 9000 4.5). Changes
 * nothing. frame_type goes into the fault. */
/*@
  requires \valid_read(b) && \valid(fault) && \separated(b, fault);
  terminates \true; exits \false;
  assigns *fault;
  ensures good: \result == GN_OK <==>
    (b->final_size != GN_RECV_SIZE_UNKNOWN ==> end_off <= b->final_size) &&
    (final != 0 && b->final_size != GN_RECV_SIZE_UNKNOWN ==> end_off == b->final_size) &&
    (final != 0 ==> b->high_off <= end_off);
  ensures kept: \result == GN_OK ==> *fault == \old(*fault);
  ensures bad: \result != GN_OK ==> \result == GN_ERR_FORM &&
    fault->wire_code == GN_FAULT_FINAL_SIZE && fault->frame_type == frame_type;
*/
GN_MUST_USE gn_err gn_recv_buf_judge(const gn_recv_buf *b, uint64_t end_off, bool final,
                                     uint64_t frame_type, gn_fault *fault);

/* Now the final size is known. It was judged before. */
/*@
  requires \valid(b) && b->high_off <= size;
  requires once: b->final_size == GN_RECV_SIZE_UNKNOWN || b->final_size == size;
  terminates \true; exits \false;
  assigns b->final_size;
  ensures b->final_size == size;
*/
void gn_recv_buf_set_final(gn_recv_buf *b, uint64_t size);

/* Would write succeed? GN_ERR_FULL when ranges or chunks do not suffice; bytes beyond a gap leave
 * GN_CHUNKS_SPARE chunks free. Changes nothing. */
/*@
  requires owned_ok(chunks) && recv_apart(b, chunks) && recv_ok(b, chunks);
  requires off + len <= GN_CREDIT_TOP_BYTES;
  terminates \true; exits \false;
  assigns \nothing;
  ensures either: \result == GN_OK || \result == GN_ERR_FULL;
  ensures room: \result == GN_OK && b->have_off < off + len ==> owned_left(chunks) >=
    chain_lacks(&b->chain, chunks, recv_first(b, off) / GN_CHUNK_BYTES,
      (off + len - 1) / GN_CHUNK_BYTES + 1);
  ensures more: \result == GN_OK && b->have_off < off + len ==>
    recv_steps(b, chunks, recv_first(b, off) / GN_CHUNK_BYTES,
      (off + len - 1) / GN_CHUNK_BYTES + 1);
  ensures noted: \result == GN_OK && b->have_off < off && len > 0 ==>
    marks_touch(&b->ahead, chunks, off, off + len) ||
    (marks_count(&b->ahead, chunks) != 1 && marks_count(&b->ahead, chunks) < GN_RANGES_MAX) ||
    (marks_count(&b->ahead, chunks) == 1 && owned_left(chunks) > GN_CHUNKS_SPARE +
      chain_lacks(&b->chain, chunks, off / GN_CHUNK_BYTES,
        (off + len - 1) / GN_CHUNK_BYTES + 1));
*/
GN_MUST_USE gn_err gn_recv_buf_fits(const gn_recv_buf *b, gn_slots chunks, uint64_t off,
                                    size_t len);

/* Puts bytes in their place. Bytes that are here already stay as they are. GN_ERR_FULL, changing
 * nothing, exactly when fits says so. off + len must be judged before. */
/*@
  requires owned_ok(chunks) && recv_apart(b, chunks) && recv_ok(b, chunks);
  requires judged: off + len <= b->final_size && off + len <= GN_CREDIT_TOP_BYTES;
  requires bytes: \valid_read(bytes + (0 .. len - 1)) && outside(\base_addr(bytes));
  requires sent: \forall integer i; 0 <= i < len ==> bytes[i] == recv_byte(b, off + i);
  terminates \true; exits \false;
  assigns b->have_off, b->high_off, b->ahead, b->chain;
  assigns chunks.pool->free_head, chunks.pool->fresh, chunks.pool->used, chunks.pool->peak;
  assigns { gn_owner[i] | integer i; gn_owner[i] == \null || gn_owner[i] == &b->ahead.slot };
  assigns { *ranges_of(chunks, i) | integer i;
    gn_owner[i] == \null || gn_owner[i] == &b->ahead.slot };
  assigns { *chunk_of(chunks, i) | integer i; gn_owner[i] == \null || recv_has(b, i) };
  ensures ok: owned_ok(chunks) && recv_ok(b, chunks);
  ensures either: \result == GN_OK || \result == GN_ERR_FULL;
  ensures came: \result == GN_OK ==> \forall integer v; 0 <= v ==>
    (recv_came(b, chunks, v) <==> recv_came{Pre}(b, chunks, v) || off <= v < off + len);
  ensures same: \result == GN_ERR_FULL ==> \forall integer v; 0 <= v ==>
    (recv_came(b, chunks, v) <==> recv_came{Pre}(b, chunks, v));
  ensures high: \result == GN_OK && len > 0 ==>
    b->high_off == \max(\old(b->high_off), off + len);
*/
GN_MUST_USE gn_err gn_recv_buf_write(gn_recv_buf *b, gn_slots chunks, uint64_t off,
                                     const uint8_t *bytes, size_t len);

/* Notes that bytes up to end_off arrived that nobody wants: only high_off moves. */
/*@
  requires \valid(b) && end_off <= b->final_size;
  terminates \true; exits \false;
  assigns b->high_off;
  ensures b->high_off == \max(\old(b->high_off), end_off);
*/
void gn_recv_buf_skip(gn_recv_buf *b, uint64_t end_off);

/* The next bytes in order, as many as lie in one chunk; valid until consumed. False when none. */
/*@
  requires owned_ok(chunks) && recv_apart(b, chunks) && recv_ok(b, chunks);
  requires \valid(out) && \separated(out, b) && outside(\base_addr(out));
  terminates \true; exits \false;
  assigns *out;
  ensures some: \result <==> b->read_off < b->have_off;
  ensures none: !\result ==> *out == \old(*out);
  ensures len: \result ==> 0 < out->len <= b->have_off - b->read_off;
  ensures there: \result ==> \valid_read(out->ptr + (0 .. out->len - 1));
  ensures bytes: \result ==> \forall integer j; 0 <= j < out->len ==>
    out->ptr[j] == recv_byte(b, b->read_off + j);
*/
bool gn_recv_buf_peek(const gn_recv_buf *b, gn_slots chunks, gn_span *out);

/* The first n bytes that can be read were delivered. n may span chunks. */
/*@
  requires owned_ok(chunks) && recv_apart(b, chunks) && recv_ok(b, chunks);
  requires n <= b->have_off - b->read_off;
  terminates \true; exits \false;
  assigns b->read_off, b->chain, chunks.pool->free_head, chunks.pool->used;
  assigns { gn_owner[i] | integer i; chain_has(&b->chain, i) };
  assigns { *ranges_of(chunks, i) | integer i; chain_has(&b->chain, i) };
  assigns { *chunk_of(chunks, i) | integer i; chain_has(&b->chain, i) };
  ensures ok: owned_ok(chunks) && recv_ok(b, chunks);
  ensures read: b->read_off == \old(b->read_off) + n;
  ensures came: \forall integer v; 0 <= v ==>
    (recv_came(b, chunks, v) <==> recv_came{Pre}(b, chunks, v));
*/
void gn_recv_buf_consume(gn_recv_buf *b, gn_slots chunks, uint64_t n);

/* Bytes that can be read now. */
/*@
  requires \valid_read(b) && b->read_off <= b->have_off;
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result == b->have_off - b->read_off;
*/
uint64_t gn_recv_buf_ready(const gn_recv_buf *b);

/* Has every byte up to a known final size arrived? */
/*@
  requires \valid_read(b);
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result <==> b->have_off == b->final_size;
*/
bool gn_recv_buf_complete(const gn_recv_buf *b);

/* Has every byte up to a known final size been delivered? */
/*@
  requires \valid_read(b);
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result <==> b->read_off == b->final_size;
*/
bool gn_recv_buf_finished(const gn_recv_buf *b);

/* One past the highest byte that arrived: what flow control counts. */
/*@
  requires \valid_read(b);
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result == b->high_off;
*/
uint64_t gn_recv_buf_highest(const gn_recv_buf *b);

/* The invariant of the picture above. Walks the chain: for tests and the simulator. */
/*@
  requires owned_ok(chunks) && recv_apart(b, chunks) && recv_ok(b, chunks);
  terminates \true; exits \false;
  assigns \nothing;
*/
bool gn_recv_buf_check(const gn_recv_buf *b, gn_slots chunks);

#endif
