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

/* An empty buffer at offset 0, final size unknown. */
void gn_recv_buf_init(gn_recv_buf *b);

/* Gives all chunks back and forgets what was not read; the offsets and final size stay readable. */
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
GN_MUST_USE gn_err gn_recv_buf_fits(const gn_recv_buf *b, gn_slots chunks, uint64_t off,
                                    size_t len);

/* Puts bytes in their place. Bytes that are here already stay as they are. GN_ERR_FULL, changing
 * nothing, exactly when fits says so. off + len must be judged before. */
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
bool gn_recv_buf_peek(const gn_recv_buf *b, gn_slots chunks, gn_span *out);

/* The first n bytes that can be read were delivered. n may span chunks. */
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
bool gn_recv_buf_check(const gn_recv_buf *b, gn_slots chunks);

#endif
