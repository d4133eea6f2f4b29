/*
 * trace_text.c: see trace_text.h.
 */
#include "sim/trace_text.h"

#include <inttypes.h>

#include "base/fault.h"
#include "sim/fate.h"
#include "sim/words.h"
#include "wire/ack_iter.h"
#include "wire/frame.h"
#include "wire/frame_rules.h"

/* What every line begins with. */
static void
text_head(FILE *out, const gn_sim_about *about, uint64_t at_us, uint32_t host, uint32_t route)
{
    (void)fprintf(out, "%5" PRIu64 ".%06" PRIu64 " %-7s %-7s", at_us / 1000000, at_us % 1000000,
                  gn_sim_words_host(about, host), gn_sim_words_route(about, route));
}

static void
text_hex(FILE *out, const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        (void)fprintf(out, "%02x", bytes[i]);
}

/* A reason given by the peer: what is not printable ASCII becomes a dot. */
static void
text_reason(FILE *out, const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        (void)fputc(bytes[i] >= 0x20 && bytes[i] < 0x7f ? bytes[i] : '.', out);
}

static void
text_ack(FILE *out, const gn_frame_ack *ack)
{
    gn_ack_iter it = gn_ack_iter_over(ack);
    gn_range range;

    while (gn_ack_iter_next(&it, &range))
        (void)fprintf(out, " %" PRIu64 "-%" PRIu64, range.from, range.to - 1);
    if (ack->has_ecn)
        (void)fprintf(out, " ecn %" PRIu64 "/%" PRIu64 "/%" PRIu64, ack->ect0, ack->ect1, ack->ce);
}

static void
text_frame(FILE *out, const gn_frame *frame)
{
    (void)fprintf(out, " %s", gn_frame_rules_name(frame->type));
    if (frame->type == GN_FRAME_ACK || frame->type == GN_FRAME_ACK_ECN)
        text_ack(out, &frame->as.ack);
    else if (frame->type == GN_FRAME_CRYPTO)
        (void)fprintf(out, " %" PRIu64 "+%zu", frame->as.crypto.off, frame->as.crypto.data.len);
    else if (frame->type >= GN_FRAME_STREAM && frame->type <= GN_FRAME_STREAM_LAST)
        (void)fprintf(out, " %" PRIu64 ":%" PRIu64 "+%zu%s", frame->as.stream.id,
                      frame->as.stream.off, frame->as.stream.data.len,
                      frame->as.stream.fin ? " fin" : "");
    else if (frame->type >= GN_FRAME_MAX_DATA && frame->type <= GN_FRAME_STREAMS_BLOCKED_UNI)
        (void)fprintf(out, " %" PRIu64 ":%" PRIu64, frame->as.credit.id, frame->as.credit.limit);
    else if (frame->type == GN_FRAME_NEW_CONNECTION_ID)
        (void)fprintf(out, " %" PRIu64, frame->as.new_connection_id.seq);
    else if (frame->type == GN_FRAME_RETIRE_CONNECTION_ID)
        (void)fprintf(out, " %" PRIu64, frame->as.retire_connection_id.seq);
    else if (frame->type == GN_FRAME_RESET_STREAM)
        (void)fprintf(out, " %" PRIu64, frame->as.reset_stream.id);
    else if (frame->type == GN_FRAME_STOP_SENDING)
        (void)fprintf(out, " %" PRIu64, frame->as.stop_sending.id);
    else if (frame->type == GN_FRAME_PADDING)
        (void)fprintf(out, " %zu", frame->as.padding.count);
}

static void
text_frames(FILE *out, const uint8_t *payload, size_t len)
{
    gn_reader reader = gn_reader_over(payload, len);

    while (gn_reader_left(&reader) > 0) {
        gn_frame frame;
        gn_fault fault;

        if (gn_frame_read(&reader, &frame, &fault) != GN_OK) {
            (void)fprintf(out, " unreadable+%zu (%s);", gn_reader_left(&reader), fault.why);
            return;
        }
        text_frame(out, &frame);
        (void)fputc(';', out);
    }
}

/* 64-bit FNV-1a: tells two datagrams apart on a line. */
static uint64_t
text_digest(const uint8_t *bytes, size_t len)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < len; i++)
        hash = (hash ^ bytes[i]) * UINT64_C(0x100000001b3);
    return hash;
}

void
gn_sim_trace_text_begin(FILE *out, const gn_sim_about *about)
{
    (void)fprintf(out, "# scenario %s, seed %" PRIu64 "\n", about->scenario, about->seed);
}

void
gn_sim_trace_text_datagram(FILE *out, const gn_sim_about *about, const gn_sim_datagram *datagram)
{
    char source[GN_SIM_ADDRESS_TEXT];
    char destination[GN_SIM_ADDRESS_TEXT];
    const bool dropped = gn_sim_fate_is_drop(datagram->fate);

    gn_sim_address_print(&datagram->source, source);
    gn_sim_address_print(&datagram->destination, destination);
    text_head(out, about, datagram->at_us, datagram->from, datagram->route);
    (void)fprintf(out, " #%" PRIu64 " %s%s %zu bytes %s %s > %s %016" PRIx64 "\n", datagram->number,
                  dropped ? "dropped by " : "", gn_sim_fate_name(datagram->fate), datagram->len,
                  gn_sim_words_mark(datagram->ecn), source, destination,
                  text_digest(datagram->bytes, datagram->len));
}

static void
text_info(FILE *out, const gn_info *info)
{
    (void)fprintf(out,
                  " window %" PRIu64 " in flight %" PRIu64 " rtt %" PRIu64 " (latest %" PRIu64
                  ", min %" PRIu64 ", var %" PRIu64 ") us",
                  info->window_bytes, info->in_flight_bytes, info->rtt_smoothed_us,
                  info->rtt_latest_us, info->rtt_min_us, info->rtt_var_us);
}

void
gn_sim_trace_text_event(FILE *out, const gn_sim_about *about, uint16_t host, uint16_t route,
                        const gn_event *event)
{
    text_head(out, about, event->now, host, route);
    (void)fprintf(out, " c%" PRIu64 " %s", event->connection, gn_sim_words_event(event->kind));
    switch (event->kind) {
    case GN_EVENT_PACKET_SENT:
    case GN_EVENT_PACKET_RECEIVED:
        (void)fprintf(out, " %s pn %" PRIu64 ", %zu bytes:", gn_sim_words_packet(event->packet),
                      event->pn, event->len);
        text_frames(out, event->payload, event->payload_len);
        break;
    case GN_EVENT_PACKET_DROPPED:
        (void)fprintf(out, " %s %zu bytes: %s", gn_sim_words_packet(event->packet), event->len,
                      gn_sim_words_drop(event->detail));
        break;
    case GN_EVENT_PACKET_LOST:
        (void)fprintf(out, " %s pn %" PRIu64 ", %zu bytes: %s", gn_sim_words_space(event->space),
                      event->pn, event->len, gn_sim_words_lost(event->detail));
        break;
    case GN_EVENT_SECRET:
        (void)fprintf(out, " %s ", event->label != NULL ? event->label : "?");
        text_hex(out, event->payload, event->payload_len);
        break;
    case GN_EVENT_KEYS_DISCARDED:
        (void)fprintf(out, " %s", gn_sim_words_packet(event->packet));
        break;
    case GN_EVENT_PARAMETERS:
        (void)fprintf(out, " %s ", event->detail == 0 ? "ours" : "peer's");
        text_hex(out, event->payload, event->payload_len);
        break;
    case GN_EVENT_METRICS:
        if (event->info != NULL)
            text_info(out, event->info);
        break;
    case GN_EVENT_PATH:
        (void)fprintf(out, " %u %s", event->path, gn_sim_words_path(event->detail));
        break;
    case GN_EVENT_PTO:
        (void)fprintf(out, " %s count %" PRIu64, gn_sim_words_space(event->space), event->code);
        break;
    case GN_EVENT_CLOSED:
        (void)fprintf(out, " %s code %" PRIu64 " ", gn_sim_words_close(event->detail), event->code);
        text_reason(out, event->payload, event->payload_len);
        break;
    default: break;
    }
    (void)fputc('\n', out);
}

void
gn_sim_trace_text_record(FILE *out, const gn_sim_about *about, const gn_sim_record *record)
{
    /* The other kinds repeat what a datagram or an event has said already. */
    if (record->kind != GN_SIM_STATE && record->kind != GN_SIM_PROGRESS &&
        record->kind != GN_SIM_MARKER)
        return;
    text_head(out, about, record->at_us, record->host, record->route);
    if (record->kind == GN_SIM_STATE)
        (void)fprintf(out, " c%" PRIu64 " is %s\n", record->connection,
                      gn_sim_words_state(record->a));
    else if (record->kind == GN_SIM_PROGRESS)
        (void)fprintf(out, " c%" PRIu64 " stream %" PRIu64 " has %" PRIu64 " bytes in order\n",
                      record->connection, record->a, record->b);
    else
        (void)fprintf(out, " scenario event %" PRIu64 "\n", record->a);
}

void
gn_sim_trace_text_end(FILE *out, uint64_t at_us, uint64_t hash)
{
    (void)fprintf(out, "# end at %" PRIu64 " us, hash %016" PRIx64 "\n", at_us, hash);
}
