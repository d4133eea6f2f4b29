/*
 * witness.c: see witness.h.
 */
#include "sim/witness.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/reader.h"
#include "wire/frame.h"

/* What a CLOSED effect adds to its cause in a STATE record. */
#define WITNESS_CLOSE_BASE 100

void
gn_sim_witness_init(gn_sim_witness *witness, const gn_sim_world *world,
                    const gn_sim_scenario *scenario, const gn_suite_ops *ops,
                    const gn_sim_about *about, bool keep_records)
{
    const bool upload = scenario->workload.kind == GN_SIM_UPLOAD;

    witness->world = world;
    witness->about = *about;
    witness->sink_count = 0;
    witness->records = NULL;
    witness->record_count = 0;
    witness->record_cap = 0;
    witness->keeps_records = keep_records;
    witness->wants_packets = keep_records;
    gn_sim_stats_init(&witness->stats, upload ? GN_SIM_SERVER : GN_SIM_CLIENT);
    gn_sim_panel_init(&witness->panel, scenario, ops);
}

void
gn_sim_witness_free(gn_sim_witness *witness)
{
    free(witness->records);
    witness->records = NULL;
}

void
gn_sim_witness_add(gn_sim_witness *witness, const gn_sim_sink *sink)
{
    GN_ASSERT(witness->sink_count < GN_SIM_SINKS_MAX);
    witness->sinks[witness->sink_count++] = *sink;
    if (sink->wants_packets != 0)
        witness->wants_packets = true;
    if (sink->on_begin != NULL)
        sink->on_begin(sink->context, &witness->about);
}

static void
witness_record(gn_sim_witness *witness, const gn_sim_record *given)
{
    gn_sim_record record = *given;

    record.size = sizeof record;
    for (size_t i = 0; i < witness->sink_count; i++)
        if (witness->sinks[i].on_record != NULL)
            witness->sinks[i].on_record(witness->sinks[i].context, &record);
    if (!witness->keeps_records)
        return;
    if (witness->record_count == witness->record_cap) {
        const size_t cap = witness->record_cap == 0 ? 1024 : witness->record_cap * 2;
        gn_sim_record *records = realloc(witness->records, cap * sizeof *records);

        GN_ASSERT(records != NULL);
        witness->records = records;
        witness->record_cap = cap;
    }
    witness->records[witness->record_count++] = record;
}

void
gn_sim_witness_on_datagram(void *context, const gn_sim_datagram *datagram)
{
    gn_sim_witness *witness = context;

    gn_sim_stats_on_datagram(&witness->stats, datagram);
    gn_sim_panel_on_datagram(&witness->panel, datagram);
    for (size_t i = 0; i < witness->sink_count; i++)
        if (witness->sinks[i].on_datagram != NULL)
            witness->sinks[i].on_datagram(witness->sinks[i].context, datagram);
    if (datagram->fate != GN_SIM_FATE_MARKED && !gn_sim_fate_is_drop(datagram->fate))
        return;

    const bool marked = datagram->fate == GN_SIM_FATE_MARKED;
    const gn_sim_record record = {.at_us = datagram->at_us,
                                  .kind = marked ? GN_SIM_MARKED : GN_SIM_DROPPED,
                                  .host = datagram->from,
                                  .route = datagram->route,
                                  .a = datagram->number,
                                  .b = datagram->len,
                                  .c = marked ? 0 : datagram->fate};

    witness_record(witness, &record);
}

/* One more than the furthest stream byte that the frames carry; 0: none. */
static uint64_t
witness_stream_end(const gn_event *event)
{
    gn_reader reader = gn_reader_over(event->payload, event->payload_len);
    gn_frame frame;
    gn_fault fault;
    uint64_t end = 0;

    while (gn_reader_left(&reader) > 0) {
        if (gn_frame_read(&reader, &frame, &fault) != GN_OK)
            break;
        if (frame.type < GN_FRAME_STREAM || frame.type > GN_FRAME_STREAM_LAST)
            continue;
        if (frame.as.stream.off + frame.as.stream.data.len + 1 > end)
            end = frame.as.stream.off + frame.as.stream.data.len + 1;
    }
    return end;
}

/* Whether an event makes a record at all: most are packets, which nobody may want. */
static bool
witness_wants(const gn_sim_witness *witness, const gn_event *event)
{
    const bool packet =
        event->kind == GN_EVENT_PACKET_SENT || event->kind == GN_EVENT_PACKET_RECEIVED;

    return witness->wants_packets || !packet;
}

/* The record an event makes; false: none. */
static bool
witness_record_of(const gn_event *event, gn_sim_record *record)
{
    switch (event->kind) {
    case GN_EVENT_PACKET_SENT:
    case GN_EVENT_PACKET_RECEIVED:
        record->kind = event->kind == GN_EVENT_PACKET_SENT ? GN_SIM_SENT : GN_SIM_RECEIVED;
        record->a = event->pn;
        record->b = event->len;
        record->c = event->space;
        record->d = witness_stream_end(event);
        return true;
    case GN_EVENT_PACKET_LOST:
        record->kind = GN_SIM_LOST;
        record->a = event->pn;
        record->b = event->len;
        record->c = event->space;
        record->d = event->detail;
        return true;
    case GN_EVENT_METRICS:
        if (event->info == NULL)
            return false;
        record->kind = GN_SIM_METRICS;
        record->a = event->info->window_bytes;
        record->b = event->info->in_flight_bytes;
        record->c = event->info->rtt_smoothed_us;
        record->d = event->info->rtt_latest_us;
        return true;
    case GN_EVENT_PTO:
        record->kind = GN_SIM_PTO;
        record->a = event->code;
        record->c = event->space;
        return true;
    default: return false;
    }
}

void
gn_sim_witness_on_event(void *context, uint16_t host, uint16_t route, const gn_event *event)
{
    gn_sim_witness *witness = context;

    gn_sim_stats_on_event(&witness->stats, host, route, event);
    gn_sim_panel_on_event(&witness->panel, host, event);
    for (size_t i = 0; i < witness->sink_count; i++)
        if (witness->sinks[i].on_event != NULL)
            witness->sinks[i].on_event(witness->sinks[i].context, host, route, event);
    if (!witness_wants(witness, event))
        return;

    gn_sim_record record = {
        .at_us = event->now, .host = host, .route = route, .connection = event->connection};

    if (witness_record_of(event, &record))
        witness_record(witness, &record);
}

void
gn_sim_witness_on_change(void *context, uint16_t host, uint16_t route, const gn_effect *effect)
{
    gn_sim_witness *witness = context;
    const uint64_t at_us = witness->world->now_us;
    gn_sim_record record = {
        .at_us = at_us, .host = host, .route = route, .connection = effect->connection};

    gn_sim_stats_on_change(&witness->stats, at_us, host, route, effect);
    if (effect->kind == GN_EFFECT_ZERO_RTT)
        return;
    gn_sim_panel_on_change(&witness->panel, at_us, host, effect);
    if (effect->kind == GN_EFFECT_PATH) {
        record.kind = GN_SIM_PATH;
        record.a = route;
        record.b = effect->detail;
    } else {
        record.kind = GN_SIM_STATE;
        record.a = effect->kind == GN_EFFECT_CLOSED ? WITNESS_CLOSE_BASE + (uint64_t)effect->detail
                                                    : effect->detail;
    }
    witness_record(witness, &record);
}

void
gn_sim_witness_on_progress(void *context, uint16_t host, uint64_t stream, uint64_t bytes)
{
    gn_sim_witness *witness = context;
    const gn_sim_record record = {.at_us = witness->world->now_us,
                                  .kind = GN_SIM_PROGRESS,
                                  .host = host,
                                  .route = GN_SIM_NO_ROUTE,
                                  .a = stream,
                                  .b = bytes};

    gn_sim_stats_on_progress(&witness->stats, record.at_us, host);
    witness_record(witness, &record);
}

void
gn_sim_witness_on_resume(gn_sim_witness *witness)
{
    gn_sim_stats_on_resume(&witness->stats);
    gn_sim_panel_on_resume(&witness->panel);
}

void
gn_sim_witness_on_happening(gn_sim_witness *witness, uint16_t number, uint16_t route, bool refused)
{
    const gn_sim_record record = {.at_us = witness->world->now_us,
                                  .kind = GN_SIM_MARKER,
                                  .route = route,
                                  .a = number,
                                  .b = refused ? 1 : 0};

    gn_sim_stats_on_happening(&witness->stats, record.at_us, number, refused);
    witness_record(witness, &record);
}

const char *
gn_sim_witness_end(gn_sim_witness *witness)
{
    const char *wrong = NULL;

    for (size_t i = 0; i < witness->sink_count; i++) {
        const gn_sim_sink *sink = &witness->sinks[i];
        const char *said =
            sink->on_end != NULL ? sink->on_end(sink->context, witness->world->now_us) : NULL;

        if (wrong == NULL)
            wrong = said;
    }
    witness->sink_count = 0;
    return wrong;
}
