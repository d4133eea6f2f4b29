/*
 * stream_frames.c: see stream_frames.h.
 */
#include "stream/stream_frames.h"

#include "stream/credit.h"
#include "stream/stream.h"
#include "stream/stream_ids.h"

/* Whom a frame is about: the half of ours that receives, or the one that sends. */
typedef enum stream_frames_half { HALF_RECEIVES, HALF_SENDS } stream_frames_half;

/* The slot that the peer's frame is for, created if need be; GN_POOL_NONE if the stream is over. */
static gn_err
stream_frames_resolve(gn_stream_set *set, gn_stream_pools pools, uint64_t id,
                      stream_frames_half half, uint64_t frame_type, uint32_t *at, gn_fault *fault)
{
    const bool local = gn_stream_ids_is_local(&set->ids, id);

    /* RFC 9000 19.4, 19.8, 19.13: never for what we alone send on.
     * [R-9000-19.4-1] [R-9000-19.13-1] */
    if (gn_stream_id_is_uni(id) && local && half == HALF_RECEIVES)
        return gn_fault_set(fault, GN_FAULT_STREAM_STATE, frame_type,
                            "RFC 9000 19.8: the stream is send-only");
    /* RFC 9000 19.5, 19.10: never for what we only receive on. [R-9000-19.5-2] [R-9000-19.10-2] */
    if (gn_stream_id_is_uni(id) && !local && half == HALF_SENDS)
        return gn_fault_set(fault, GN_FAULT_STREAM_STATE, frame_type,
                            "RFC 9000 19.10: the stream is receive-only");

    const uint32_t found = gn_stream_set_find(set, pools, id);
    if (found != GN_POOL_NONE) {
        *at = found;
        return GN_OK;
    }
    const gn_stream_standing standing = gn_stream_ids_standing(&set->ids, pools.chunks, id);
    if (standing == GN_STREAM_OPENED) {
        *at = GN_POOL_NONE;
        return GN_OK;
    }
    /* [R-9000-19.5-1] [R-9000-19.8-1] [R-9000-19.10-1] */
    if (local && standing != GN_STREAM_SKIPPED)
        return gn_fault_set(fault, GN_FAULT_STREAM_STATE, frame_type,
                            "RFC 9000 19.8: the stream is ours and not created");
    /* [R-9000-4.6-3] [R-9000-19.11-4] */
    if (standing == GN_STREAM_BEYOND)
        return gn_fault_set(fault, GN_FAULT_STREAM_LIMIT, frame_type,
                            "RFC 9000 4.6: the stream is beyond the limit");
    return gn_stream_set_create(set, pools, id, at);
}

gn_err
gn_stream_frames_on_data(gn_stream_set *set, gn_stream_pools pools, const gn_frame_stream *frame,
                         gn_fault *fault)
{
    uint32_t at;
    gn_err err =
        stream_frames_resolve(set, pools, frame->id, HALF_RECEIVES, GN_FRAME_STREAM, &at, fault);
    if (err != GN_OK || at == GN_POOL_NONE)
        return err;

    err =
        gn_stream_on_data(gn_stream_set_at(pools, at), pools.chunks, &set->total_in, frame, fault);
    gn_stream_set_settle(set, pools, at);
    return err;
}

gn_err
gn_stream_frames_on_reset(gn_stream_set *set, gn_stream_pools pools,
                          const gn_frame_reset_stream *frame, gn_fault *fault)
{
    uint32_t at;
    gn_err err = stream_frames_resolve(set, pools, frame->id, HALF_RECEIVES, GN_FRAME_RESET_STREAM,
                                       &at, fault);
    if (err != GN_OK || at == GN_POOL_NONE)
        return err;

    err =
        gn_stream_on_reset(gn_stream_set_at(pools, at), pools.chunks, &set->total_in, frame, fault);
    gn_stream_set_settle(set, pools, at);
    return err;
}

gn_err
gn_stream_frames_on_stop_sending(gn_stream_set *set, gn_stream_pools pools,
                                 const gn_frame_stop_sending *frame, gn_fault *fault)
{
    uint32_t at;
    const gn_err err =
        stream_frames_resolve(set, pools, frame->id, HALF_SENDS, GN_FRAME_STOP_SENDING, &at, fault);
    if (err != GN_OK || at == GN_POOL_NONE)
        return err;

    gn_stream_on_stop_sending(gn_stream_set_at(pools, at), pools.chunks, frame->error_code);
    gn_stream_set_settle(set, pools, at);
    return GN_OK;
}

gn_err
gn_stream_frames_on_max_stream_data(gn_stream_set *set, gn_stream_pools pools,
                                    const gn_frame_credit *frame, gn_fault *fault)
{
    uint32_t at;
    const gn_err err = stream_frames_resolve(set, pools, frame->id, HALF_SENDS,
                                             GN_FRAME_MAX_STREAM_DATA, &at, fault);
    if (err != GN_OK || at == GN_POOL_NONE)
        return err;

    gn_stream_on_max_data(gn_stream_set_at(pools, at), frame->limit);
    gn_stream_set_settle(set, pools, at);
    return GN_OK;
}

gn_err
gn_stream_frames_on_stream_data_blocked(gn_stream_set *set, gn_stream_pools pools,
                                        const gn_frame_credit *frame, gn_fault *fault)
{
    /* RFC 9000 4.2: credit never waits for this frame; all it does is create the stream. */
    uint32_t at;
    return stream_frames_resolve(set, pools, frame->id, HALF_RECEIVES, GN_FRAME_STREAM_DATA_BLOCKED,
                                 &at, fault);
}

bool
gn_stream_frames_on_max_data(gn_stream_set *set, uint64_t limit)
{
    return gn_credit_out_raise(&set->total_out, limit);
}

bool
gn_stream_frames_on_max_streams(gn_stream_set *set, uint32_t kind, uint64_t limit)
{
    return gn_stream_ids_allow(&set->ids, kind, limit);
}
