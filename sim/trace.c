/*
 * trace.c: see trace.h.
 */
#include "sim/trace.h"

#include <stdbool.h>
#include <string.h>

#include "sim/trace_text.h"

/* What a block is about: its first word, so that no two kinds are ever taken for one another. */
enum { TRACE_BEGIN = 1, TRACE_DATAGRAM, TRACE_EVENT, TRACE_RECORD, TRACE_INFO };

/* Odd numbers with well-mixed bits (the primes of xxHash). */
#define TRACE_PRIME_1 UINT64_C(0x9e3779b185ebca87)
#define TRACE_PRIME_2 UINT64_C(0xc2b2ae3d27d4eb4f)
#define TRACE_PRIME_3 UINT64_C(0x165667b19e3779f9)

static inline uint64_t
trace_turn(uint64_t value, unsigned bits)
{
    return value << bits | value >> (64 - bits);
}

/* Eight bytes, least significant first; compilers make one load of it. */
static inline uint64_t
trace_word(const uint8_t *p)
{
    return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 | (uint64_t)p[3] << 24 |
           (uint64_t)p[4] << 32 | (uint64_t)p[5] << 40 | (uint64_t)p[6] << 48 |
           (uint64_t)p[7] << 56;
}

/* One step of a lane; for a given lane another word always gives another result. */
static inline uint64_t
trace_step(uint64_t lane, uint64_t word)
{
    return trace_turn(lane ^ word, 29) * TRACE_PRIME_1;
}

static inline void
trace_block(gn_sim_trace *trace, uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
    trace->lane[0] = trace_step(trace->lane[0], a);
    trace->lane[1] = trace_step(trace->lane[1], b);
    trace->lane[2] = trace_step(trace->lane[2], c);
    trace->lane[3] = trace_step(trace->lane[3], d);
    trace->blocks += 1;
}

/* Bytes, the last block filled up with zeros. Their length must be hashed by the caller. */
static void
trace_bytes(gn_sim_trace *trace, const uint8_t *bytes, size_t len)
{
    uint64_t a = trace->lane[0], b = trace->lane[1], c = trace->lane[2], d = trace->lane[3];
    size_t at = 0;

    for (; len - at >= 32; at += 32) {
        a = trace_step(a, trace_word(bytes + at));
        b = trace_step(b, trace_word(bytes + at + 8));
        c = trace_step(c, trace_word(bytes + at + 16));
        d = trace_step(d, trace_word(bytes + at + 24));
    }
    trace->lane[0] = a;
    trace->lane[1] = b;
    trace->lane[2] = c;
    trace->lane[3] = d;
    trace->blocks += at / 32;
    if (at < len) {
        uint8_t last[32] = {0};

        memcpy(last, bytes + at, len - at);
        trace_block(trace, trace_word(last), trace_word(last + 8), trace_word(last + 16),
                    trace_word(last + 24));
    }
}

/* Four small numbers in one word. */
static inline uint64_t
trace_pack(uint16_t a, uint16_t b, uint16_t c, uint16_t d)
{
    return (uint64_t)a << 48 | (uint64_t)b << 32 | (uint64_t)c << 16 | d;
}

static void
trace_on_begin(void *context, const gn_sim_about *about)
{
    gn_sim_trace *trace = context;

    trace->about = *about;
    trace_block(trace, TRACE_BEGIN, about->seed, (uint64_t)about->unix_ms,
                (uint64_t)about->host_count << 32 | about->route_count);
    if (trace->text != NULL)
        gn_sim_trace_text_begin(trace->text, about);
}

static void
trace_on_datagram(void *context, const gn_sim_datagram *datagram)
{
    gn_sim_trace *trace = context;
    const uint8_t *source = datagram->source.ip;
    const uint8_t *destination = datagram->destination.ip;

    trace_block(trace, TRACE_DATAGRAM, datagram->at_us, datagram->number, datagram->len);
    trace_block(trace, trace_word(source), trace_word(source + 8), trace_word(destination),
                trace_word(destination + 8));
    trace_block(trace, trace_pack(datagram->from, datagram->to, datagram->route, datagram->ecn),
                trace_pack(datagram->source.port, datagram->destination.port, datagram->fate, 0), 0,
                0);
    if (datagram->fate == GN_SIM_FATE_SENT || datagram->fate == GN_SIM_FATE_CORRUPTED ||
        datagram->fate == GN_SIM_FATE_INJECTED)
        trace_bytes(trace, datagram->bytes, datagram->len);
    if (trace->text != NULL)
        gn_sim_trace_text_datagram(trace->text, &trace->about, datagram);
}

static void
trace_info(gn_sim_trace *trace, const gn_info *info)
{
    trace_block(trace, TRACE_INFO,
                trace_pack(info->ready, info->confirmed, info->ending, info->paths),
                info->pto_count, info->route);
    trace_block(trace, info->rtt_latest_us, info->rtt_min_us, info->rtt_smoothed_us,
                info->rtt_var_us);
    trace_block(trace, info->window_bytes, info->in_flight_bytes, info->ssthresh_bytes,
                info->packets_sent);
    trace_block(trace, info->packets_received, info->packets_dropped, info->packets_lost, 0);
    trace_block(trace, info->bytes_sent, info->bytes_received, info->ptos, info->ce_marks);
    trace_block(trace, trace_pack(info->ecn_state, info->cc_phase, 0, 0), info->streams, 0, 0);
}

/* Whether an event's payload is hashed: not the clear frames, which the bytes on the wire are. */
static bool
trace_wants_payload(const gn_event *event)
{
    return event->kind != GN_EVENT_PACKET_SENT && event->kind != GN_EVENT_PACKET_RECEIVED;
}

static void
trace_on_event(void *context, uint16_t host, uint16_t route, const gn_event *event)
{
    gn_sim_trace *trace = context;

    trace_block(trace, TRACE_EVENT, (uint64_t)event->kind << 32 | event->detail, event->now,
                event->connection);
    trace_block(trace, trace_pack(host, route, event->packet, event->space),
                trace_pack(event->path, event->ecn, event->key_phase, event->suite), event->pn,
                event->route);
    trace_block(trace, event->code, event->frame_type, event->len,
                (uint64_t)event->dcid_len << 48 | (uint64_t)event->scid_len << 32 |
                    (uint32_t)event->payload_len);
    if (event->dcid_len > 0)
        trace_bytes(trace, event->dcid, event->dcid_len);
    if (event->scid_len > 0)
        trace_bytes(trace, event->scid, event->scid_len);
    if (event->payload_len > 0 && trace_wants_payload(event))
        trace_bytes(trace, event->payload, event->payload_len);
    if (event->extra_len > 0)
        trace_bytes(trace, event->extra, event->extra_len);
    if (event->label != NULL)
        trace_bytes(trace, (const uint8_t *)event->label, strlen(event->label));
    if (event->info != NULL)
        trace_info(trace, event->info);
    if (trace->text != NULL)
        gn_sim_trace_text_event(trace->text, &trace->about, host, route, event);
}

static void
trace_on_record(void *context, const gn_sim_record *record)
{
    gn_sim_trace *trace = context;

    /* These two are made for some sinks only, and say nothing that the packets did not. */
    if (record->kind == GN_SIM_SENT || record->kind == GN_SIM_RECEIVED)
        return;
    trace_block(trace, TRACE_RECORD, record->at_us,
                (uint64_t)record->kind << 32 | (uint64_t)record->host << 16 | record->route,
                record->connection);
    trace_block(trace, record->a, record->b, record->c, record->d);
    if (trace->text != NULL)
        gn_sim_trace_text_record(trace->text, &trace->about, record);
}

static const char *
trace_on_end(void *context, uint64_t at_us)
{
    gn_sim_trace *trace = context;
    bool bad = false;

    trace_block(trace, TRACE_BEGIN, at_us, 0, 0);
    if (trace->text != NULL) {
        gn_sim_trace_text_end(trace->text, at_us, gn_sim_trace_hash(trace));
        bad = ferror(trace->text) != 0;
        bad = fclose(trace->text) != 0 || bad;
        trace->text = NULL;
    }
    return bad ? "the trace file could not be written" : NULL;
}

const char *
gn_sim_trace_open(gn_sim_trace *trace, const char *text_path, gn_sim_sink *sink)
{
    *trace = (gn_sim_trace){
        .lane = {TRACE_PRIME_1 + TRACE_PRIME_2, TRACE_PRIME_2, TRACE_PRIME_3, TRACE_PRIME_1}};
    if (text_path != NULL) {
        trace->text = fopen(text_path, "w");
        if (trace->text == NULL)
            return "the trace file cannot be opened for writing";
    }
    *sink = (gn_sim_sink){.context = trace,
                          .on_begin = trace_on_begin,
                          .on_datagram = trace_on_datagram,
                          .on_event = trace_on_event,
                          .on_record = trace_on_record,
                          .on_end = trace_on_end};
    return NULL;
}

uint64_t
gn_sim_trace_hash(const gn_sim_trace *trace)
{
    uint64_t hash = trace->blocks * TRACE_PRIME_3;

    for (int i = 0; i < 4; i++) {
        hash = (hash ^ trace_turn(trace->lane[i] * TRACE_PRIME_2, 31)) * TRACE_PRIME_1;
        hash = trace_turn(hash, 27) * TRACE_PRIME_3;
    }
    hash = (hash ^ hash >> 33) * TRACE_PRIME_2;
    hash = (hash ^ hash >> 29) * TRACE_PRIME_3;
    return hash ^ hash >> 32;
}
