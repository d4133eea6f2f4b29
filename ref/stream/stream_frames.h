/*
 * stream_frames.h: what the peer says about streams (RFC 9000 sections 3, 4, 19.4 to 19.13).
 *
 * Each frame finds its stream, creates it where the RFC says so, is judged as a whole, and only
 * then changes anything.
 */
#ifndef GN_STREAM_STREAM_FRAMES_H
#define GN_STREAM_STREAM_FRAMES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/fault.h"
#include "stream/stream_set.h"
#include "wire/frame.h"

/* One function a frame. Each returns GN_OK also when the stream is over and the frame is late.
 * GN_ERR_FORM with *fault: STREAM_STATE_ERROR, STREAM_LIMIT_ERROR, FLOW_CONTROL_ERROR or
 * FINAL_SIZE_ERROR. GN_ERR_FULL: no slot or chunk, the packet must not be acknowledged; the
 * stream may have been created, nothing else has changed. */
GN_MUST_USE gn_err gn_stream_frames_on_data(gn_stream_set *set, gn_stream_pools pools,
                                            const gn_frame_stream *frame, gn_fault *fault);
GN_MUST_USE gn_err gn_stream_frames_on_reset(gn_stream_set *set, gn_stream_pools pools,
                                             const gn_frame_reset_stream *frame, gn_fault *fault);
GN_MUST_USE gn_err gn_stream_frames_on_stop_sending(gn_stream_set *set, gn_stream_pools pools,
                                                    const gn_frame_stop_sending *frame,
                                                    gn_fault *fault);
GN_MUST_USE gn_err gn_stream_frames_on_max_stream_data(gn_stream_set *set, gn_stream_pools pools,
                                                       const gn_frame_credit *frame,
                                                       gn_fault *fault);
GN_MUST_USE gn_err gn_stream_frames_on_stream_data_blocked(gn_stream_set *set,
                                                           gn_stream_pools pools,
                                                           const gn_frame_credit *frame,
                                                           gn_fault *fault);

/* MAX_DATA and MAX_STREAMS. True when the limit rose. kind is GN_STREAM_BIDI or GN_STREAM_UNI. */
bool gn_stream_frames_on_max_data(gn_stream_set *set, uint64_t limit);
bool gn_stream_frames_on_max_streams(gn_stream_set *set, uint32_t kind, uint64_t limit);

#endif
