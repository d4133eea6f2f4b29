/*
 * stream_app.h: what the application wants of streams, and gets (RFC 9000 section 2.4).
 *
 *   1. open a stream, or hear of one by readable
 *   2. write and end it; EVENT_WRITABLE follows a write that was cut short
 *   3. while readable names a slot: take its events, gn_stream_peek at its bytes, consume them
 */
#ifndef GN_STREAM_STREAM_APP_H
#define GN_STREAM_STREAM_APP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/span.h"
#include "stream/stream_set.h"

/* Opens our next stream of that kind. GN_ERR_NONE: the peer allows no more, STREAMS_BLOCKED will
 * say so. GN_ERR_FULL: no slot. */
GN_MUST_USE gn_err gn_stream_app_open(gn_stream_set *set, gn_stream_pools pools, uint32_t kind,
                                      uint64_t *id);

/* Opens the stream of ours that the caller chose, and with it all lower ones of its kind, which
 * may be opened by this call later. GN_ERR_RANGE: not ours to open; GN_ERR_STATE: used already;
 * GN_ERR_NONE and GN_ERR_FULL as above. */
GN_MUST_USE gn_err gn_stream_app_open_id(gn_stream_set *set, gn_stream_pools pools, uint64_t id);

/* The verbs of stream.h by id. GN_ERR_NONE: no such stream, or it is over; GN_ERR_STATE: not now,
 * or it has no such half. */
GN_MUST_USE gn_err gn_stream_app_write(gn_stream_set *set, gn_stream_pools pools, uint64_t id,
                                       gn_span bytes, bool fin, uint64_t cap_bytes,
                                       size_t *accepted);
GN_MUST_USE gn_err gn_stream_app_reset(gn_stream_set *set, gn_stream_pools pools, uint64_t id,
                                       uint64_t code);
GN_MUST_USE gn_err gn_stream_app_stop(gn_stream_set *set, gn_stream_pools pools, uint64_t id,
                                      uint64_t code);
GN_MUST_USE gn_err gn_stream_app_prioritise(gn_stream_set *set, gn_stream_pools pools, uint64_t id,
                                            int32_t priority);

/* The stream that became readable first, or GN_POOL_NONE. */
uint32_t gn_stream_app_readable(const gn_stream_set *set);

/* n bytes that gn_stream_peek showed were delivered (n 0 tells a bare end). Puts the stream at
 * the end of the readable line, or out of it. */
void gn_stream_app_consume(gn_stream_set *set, gn_stream_pools pools, uint32_t at, uint64_t n);

/* Takes one GN_STREAM_EVENT_* off the stream, as gn_stream_take; read the codes first. */
bool gn_stream_app_take(gn_stream_set *set, gn_stream_pools pools, uint32_t at, uint8_t event);

#endif
