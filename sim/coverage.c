/*
 * coverage.c: see coverage.h.
 */
#include "sim/coverage.h"

#include <stdbool.h>
#include <string.h>

#include "base/assert.h"
#include "base/reader.h"
#include "wire/frame.h"

/* The events: where the numbers of each kind begin. */
enum {
    COVERAGE_SENT = 0,      /* a frame by its type */
    COVERAGE_RECEIVED = 32, /* likewise */
    COVERAGE_DROPPED = 64,  /* gn_drop_cause */
    COVERAGE_LOST = 80,     /* the cause */
    COVERAGE_CHANGE = 84,   /* gn_path_change */
    COVERAGE_KEYS = 88,     /* discarded: gn_event_packet */
    COVERAGE_CLOSED = 96,   /* gn_close_cause */
    COVERAGE_MARK = 104,    /* the ECN field of a packet read */
    COVERAGE_PTO = 108,
    COVERAGE_SECRET = 109,
    COVERAGE_PEER = 110 /* the peer's parameters */
};

/* Along the connection's line. */
enum {
    COVERAGE_HANDSHAKE_KEYS = 1,
    COVERAGE_KEYS_1RTT = 2,
    COVERAGE_CONFIRMED = 3,
    COVERAGE_CLOSED_STATE = 4
};

_Static_assert(GN_SIM_COVERAGE_STATES_END <= GN_SIM_COVERAGE_STATES, "a line has no room");
_Static_assert(COVERAGE_PEER < GN_SIM_COVERAGE_EVENTS, "an event has no room");

static uint32_t
coverage_clamp(uint64_t value, uint32_t count)
{
    return value < count ? (uint32_t)value : count - 1;
}

static void
coverage_set(gn_sim_coverage *coverage, uint16_t host, uint32_t state, uint32_t event)
{
    const uint32_t bit = (host * GN_SIM_COVERAGE_STATES + state) * GN_SIM_COVERAGE_EVENTS + event;

    coverage->map.bits[bit / 8] |= (uint8_t)(1u << bit % 8);
}

/* The event meets the state of every line. */
static void
coverage_meet(gn_sim_coverage *coverage, uint16_t host, uint32_t event)
{
    const gn_sim_coverage_host *at = &coverage->host[host];

    coverage_set(coverage, host, GN_SIM_COVERAGE_CONNECTION + at->connection, event);
    coverage_set(coverage, host, GN_SIM_COVERAGE_PATH + at->path, event);
    coverage_set(coverage, host, GN_SIM_COVERAGE_RECOVERY + at->recovery, event);
    coverage_set(coverage, host, GN_SIM_COVERAGE_ECN + at->ecn, event);
    coverage_set(coverage, host, GN_SIM_COVERAGE_STREAMS + at->streams, event);
}

/* STREAM frames have eight types; what matters is whether the stream ends. */
static uint32_t
coverage_frame(const gn_frame *frame)
{
    if (frame->type >= GN_FRAME_STREAM && frame->type <= GN_FRAME_STREAM_LAST)
        return GN_FRAME_STREAM + (frame->as.stream.fin ? 1 : 0);
    return coverage_clamp(frame->type, 32);
}

static void
coverage_frames(gn_sim_coverage *coverage, uint16_t host, const gn_event *event, uint32_t base)
{
    gn_reader reader = gn_reader_over(event->payload, event->payload_len);
    gn_sim_coverage_host *at = &coverage->host[host];
    gn_frame frame;
    gn_fault fault;

    while (gn_reader_left(&reader) > 0 && gn_frame_read(&reader, &frame, &fault) == GN_OK) {
        const uint32_t kind = coverage_frame(&frame);

        coverage_meet(coverage, host, base + kind);
        if (kind == GN_FRAME_STREAM && at->streams == 0)
            at->streams = 1;
        if (kind == GN_FRAME_STREAM + 1)
            at->streams = 2;
    }
}

static void
coverage_recovery(gn_sim_coverage_host *at)
{
    at->recovery = (uint8_t)(at->phase * 3 + coverage_clamp(at->ptos, 3));
}

/* The event is met in the state before it. */
static void
coverage_step(gn_sim_coverage *coverage, uint16_t host, const gn_event *event)
{
    gn_sim_coverage_host *at = &coverage->host[host];

    switch (event->kind) {
    case GN_EVENT_PACKET_SENT: coverage_frames(coverage, host, event, COVERAGE_SENT); break;
    case GN_EVENT_PACKET_RECEIVED:
        coverage_frames(coverage, host, event, COVERAGE_RECEIVED);
        coverage_meet(coverage, host, COVERAGE_MARK + coverage_clamp(event->ecn, 4));
        break;
    case GN_EVENT_PACKET_DROPPED:
        coverage_meet(coverage, host, COVERAGE_DROPPED + coverage_clamp(event->detail, 16));
        break;
    case GN_EVENT_PACKET_LOST:
        coverage_meet(coverage, host, COVERAGE_LOST + coverage_clamp(event->detail, 4));
        break;
    case GN_EVENT_SECRET:
        coverage_meet(coverage, host, COVERAGE_SECRET);
        if (event->label != NULL && at->connection < COVERAGE_CONFIRMED)
            at->connection = strstr(event->label, "HANDSHAKE") != NULL ? COVERAGE_HANDSHAKE_KEYS
                                                                       : COVERAGE_KEYS_1RTT;
        break;
    case GN_EVENT_KEYS_DISCARDED:
        coverage_meet(coverage, host, COVERAGE_KEYS + coverage_clamp(event->packet, 8));
        /* RFC 9001 4.9.2: they go when the handshake is confirmed. */
        if (event->packet == GN_EVENT_HANDSHAKE && at->connection < COVERAGE_CONFIRMED)
            at->connection = COVERAGE_CONFIRMED;
        break;
    case GN_EVENT_PARAMETERS:
        if (event->detail == 1)
            coverage_meet(coverage, host, COVERAGE_PEER);
        break;
    case GN_EVENT_METRICS:
        if (event->info == NULL)
            break;
        at->phase = (uint8_t)coverage_clamp(event->info->cc_phase, 3);
        at->ptos = (uint8_t)coverage_clamp(event->info->pto_count, 3);
        at->ecn = (uint8_t)coverage_clamp(event->info->ecn_state, 4);
        coverage_recovery(at);
        break;
    case GN_EVENT_PATH:
        coverage_meet(coverage, host, COVERAGE_CHANGE + coverage_clamp(event->detail, 4));
        at->path = (uint8_t)(1 + coverage_clamp(event->detail, 4));
        break;
    case GN_EVENT_PTO:
        coverage_meet(coverage, host, COVERAGE_PTO);
        at->ptos = (uint8_t)coverage_clamp(event->code, 3);
        coverage_recovery(at);
        break;
    case GN_EVENT_CLOSED:
        coverage_meet(coverage, host, COVERAGE_CLOSED + coverage_clamp(event->detail, 8));
        at->connection = COVERAGE_CLOSED_STATE;
        break;
    default: break;
    }
}

static void
coverage_on_event(void *context, uint16_t host, uint16_t route, const gn_event *event)
{
    (void)route;
    if (host < GN_SIM_HOSTS)
        coverage_step(context, host, event);
}

void
gn_sim_coverage_open(gn_sim_coverage *coverage, gn_sim_sink *sink)
{
    *coverage = (gn_sim_coverage){.host = {{0}}};
    *sink = (gn_sim_sink){.context = coverage, .on_event = coverage_on_event};
}

static uint32_t
coverage_ones(uint8_t byte)
{
    uint32_t ones = 0;

    for (; byte != 0; byte &= (uint8_t)(byte - 1))
        ones++;
    return ones;
}

uint32_t
gn_sim_coverage_merge(gn_sim_coverage_map *into, const gn_sim_coverage_map *from)
{
    uint32_t fresh = 0;

    for (uint32_t i = 0; i < GN_SIM_COVERAGE_BYTES; i++) {
        fresh += coverage_ones((uint8_t)(from->bits[i] & ~into->bits[i]));
        into->bits[i] |= from->bits[i];
    }
    return fresh;
}

uint32_t
gn_sim_coverage_count(const gn_sim_coverage_map *map)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < GN_SIM_COVERAGE_BYTES; i++)
        count += coverage_ones(map->bits[i]);
    return count;
}

uint32_t
gn_sim_coverage_in(const gn_sim_coverage_map *map, uint16_t host, uint32_t state)
{
    const uint32_t first = (host * GN_SIM_COVERAGE_STATES + state) * (GN_SIM_COVERAGE_EVENTS / 8);
    uint32_t count = 0;

    GN_ASSERT(host < GN_SIM_HOSTS && state < GN_SIM_COVERAGE_STATES);
    for (uint32_t i = 0; i < GN_SIM_COVERAGE_EVENTS / 8; i++)
        count += coverage_ones(map->bits[first + i]);
    return count;
}
