/*
 * recv_gaps.h: received bytes delivered as they come (RFC 9000 section 2.2).
 *
 * A gn_recv_buf keeps what arrived beyond a gap until the gap is filled. Here it is delivered at
 * once, each byte once, and its chunks are given back: the buffer holds only what was not
 * delivered, and a set of offsets, came, says what arrived at all.
 *
 *      0                          have_off            high_off
 *      |-- delivered --|-- ready --|  gap  |-- ahead --|         b
 *      |---------- came ----------|  gap  |-- came ----------|   delivered or in ahead
 *
 * Once everything that came in one piece from 0 was delivered, the buffer begins behind it.
 * Bytes cost chunks until they are delivered, and the offsets one chunk more, from the second gap
 * on. b and came begin empty, and b is judged, skipped and ended as in recv_buf.h.
 */
#ifndef GN_STREAM_RECV_GAPS_H
#define GN_STREAM_RECV_GAPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/slots.h"
#include "base/span.h"
#include "stream/marks.h"
#include "stream/recv_buf.h"

/* Puts those of the bytes in their place that never came. off + len must be judged before.
 * GN_ERR_FULL when there is no room for all of them; some may have been taken then, each in its
 * place, and b->high_off tells how far. */
GN_MUST_USE gn_err gn_recv_gaps_write(gn_recv_buf *b, gn_marks *came, gn_slots chunks, uint64_t off,
                                      const uint8_t *bytes, size_t len);

/* Is there anything to deliver? */
bool gn_recv_gaps_any(const gn_recv_buf *b);

/* The lowest bytes to be delivered, as many as lie in one chunk, and the offset of the first;
 * valid until consumed. False, touching nothing, when there are none. */
bool gn_recv_gaps_peek(const gn_recv_buf *b, gn_slots chunks, uint64_t *off, gn_span *out);

/* n of the bytes peeked were delivered. */
void gn_recv_gaps_consume(gn_recv_buf *b, const gn_marks *came, gn_slots chunks, uint64_t n);

/* Has every byte up to a known final size come? */
bool gn_recv_gaps_complete(const gn_recv_buf *b, const gn_marks *came, gn_slots chunks);

/* What is in the buffer came, and nothing is there twice. For tests and the simulator. */
bool gn_recv_gaps_check(const gn_recv_buf *b, const gn_marks *came, gn_slots chunks);

#endif
