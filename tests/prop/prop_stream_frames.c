/*
 * prop_stream_frames.c: whatever a peer says about streams, the set keeps its invariant, every
 * refusal is one of the four errors RFC 9000 names for it, nothing is received beyond a limit,
 * and in the end every chunk and slot comes back.
 *
 * The first byte chooses the role and the pools; every further four are a frame, or something that
 * the application does.
 */
#include "prop.h"
#include "stream/stream_app.h"
#include "stream/stream_frames.h"
#include "stream/stream_set.h"
#include "tests/support/streams.h"

static gn_test_pools memory;
static gn_stream_set set;

/* A size that is near zero, near the limits, or anywhere. */
static uint64_t
size_of(uint8_t a, uint8_t b)
{
    if (a % 16 == 15)
        return GN_VARINT_MAX - b;
    return (uint64_t)(a % 8) * 500 + b;
}

static gn_err
tell(gn_stream_pools pools, const uint8_t *op, gn_fault *fault)
{
    const uint64_t id = op[0] % 64 == 63 ? GN_VARINT_MAX - op[1] : op[1] % 96;
    const uint64_t size = size_of(op[2], op[3]);
    const gn_frame_reset_stream reset = {.id = id, .error_code = op[3], .final_size = size};
    const gn_frame_stop_sending stop = {.id = id, .error_code = op[3]};
    const gn_frame_credit credit = {.id = id, .limit = size};
    const size_t left = (size_t)(GN_VARINT_MAX - size);
    const size_t want = op[3] * 5u;
    const gn_frame_stream data = {
        .id = id,
        .off = size,
        .data = gn_test_stream_bytes(id, size, want < left ? want : left),
        .fin = op[2] >= 128 && op[3] % 4 == 0,
    };

    switch (op[0] % 16) {
    case 0: return gn_stream_frames_on_reset(&set, pools, &reset, fault);
    case 1: return gn_stream_frames_on_stop_sending(&set, pools, &stop, fault);
    case 2: return gn_stream_frames_on_max_stream_data(&set, pools, &credit, fault);
    case 3: return gn_stream_frames_on_stream_data_blocked(&set, pools, &credit, fault);
    case 4: (void)gn_stream_frames_on_max_data(&set, size); return GN_OK;
    default: return gn_stream_frames_on_data(&set, pools, &data, fault);
    }
}

/* The application reads, answers, and loses interest. */
static bool
act(gn_stream_pools pools, const uint8_t *op)
{
    const uint32_t at = gn_stream_app_readable(&set);
    uint64_t id;
    size_t accepted;
    uint64_t off;
    gn_span bytes;
    bool fin;

    if (gn_stream_app_open(&set, pools, op[1] % 2, &id) == GN_ERR_FORM)
        return false;
    if (gn_stream_app_write(&set, pools, op[1] % 96, gn_test_stream_bytes(0, 0, op[2]),
                            op[3] % 2 == 0, 4096, &accepted) == GN_ERR_FORM)
        return false;
    if (at == GN_POOL_NONE || at != gn_stream_app_readable(&set))
        return true;
    const gn_stream *s = gn_stream_set_at(pools, at);
    id = s->id;
    if (op[3] % 16 == 0)
        return gn_stream_app_stop(&set, pools, id, 1) != GN_ERR_NONE;
    if (s->events != 0)
        return gn_stream_app_take(&set, pools, at, s->events & (uint8_t)-s->events);
    if (!gn_stream_peek(s, pools.chunks, &off, &bytes, &fin) ||
        !gn_test_stream_equal(id, off, bytes))
        return false;
    gn_stream_app_consume(&set, pools, at, bytes.len);
    return true;
}

static bool
named_error(const gn_fault *fault)
{
    return fault->why != NULL &&
           (fault->wire_code == GN_FAULT_STREAM_STATE ||
            fault->wire_code == GN_FAULT_STREAM_LIMIT ||
            fault->wire_code == GN_FAULT_FLOW_CONTROL || fault->wire_code == GN_FAULT_FINAL_SIZE);
}

bool
gn_prop_stream_frames(const uint8_t *bytes, size_t len)
{
    const gn_stream_limits limits = {
        .max_data = 6000,
        .max_bidi_local = 2500,
        .max_bidi_remote = 2000,
        .max_uni = 1500,
        .streams_bidi = 16,
        .streams_uni = 12,
    };

    if (len == 0)
        return true;
    gn_test_pools_init(&memory, bytes[0] % 24, 4 + bytes[0] % 32);
    const gn_stream_pools pools = gn_test_pools_both(&memory);
    gn_stream_set_init(&set, bytes[0] >= 128, &limits);
    if (bytes[0] % 2 == 1)
        gn_stream_set_unorder(&set);
    gn_stream_set_on_limits(&set, pools, &limits);
    for (size_t i = 1; i + 3 < len; i += 4) {
        gn_fault fault = {.wire_code = 0};

        if (bytes[i] % 5 == 0) {
            if (!act(pools, bytes + i))
                return false;
        } else {
            const gn_err err = tell(pools, bytes + i, &fault);
            if (err != GN_OK && err != GN_ERR_FULL && (err != GN_ERR_FORM || !named_error(&fault)))
                return false;
        }
        if (!gn_stream_set_check(&set, pools))
            return false;
    }
    gn_stream_set_wipe(&set, pools);
    return memory.chunk_pool.used == 0 && memory.stream_pool.used == 0;
}
