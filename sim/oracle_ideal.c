/*
 * oracle_ideal.c: see oracle_ideal.h.
 */
#include "sim/oracle_ideal.h"

#include <inttypes.h>

#include "base/reader.h"
#include "sim/words.h"
#include "wire/frame.h"

void
gn_sim_oracle_ideal_init(gn_sim_oracle_ideal *oracle)
{
    *oracle = (gn_sim_oracle_ideal){.verdict = gn_sim_oracle_of("nothing spurious", "RFC 9002 6")};
}

static void
ideal_on_sent(gn_sim_oracle_ideal *oracle, const gn_event *event)
{
    gn_reader reader = gn_reader_over(event->payload, event->payload_len);
    gn_frame frame;
    gn_fault fault;

    while (gn_reader_left(&reader) > 0) {
        if (gn_frame_read(&reader, &frame, &fault) != GN_OK)
            return;
        if (frame.type >= GN_FRAME_STREAM && frame.type <= GN_FRAME_STREAM_LAST)
            oracle->stream_bytes += frame.as.stream.data.len;
    }
}

void
gn_sim_oracle_ideal_on_event(gn_sim_oracle_ideal *oracle, uint16_t host, const gn_event *event)
{
    const char *who = host == 0 ? "client" : "server";

    oracle->verdict.checked++;
    switch (event->kind) {
    case GN_EVENT_PACKET_SENT: ideal_on_sent(oracle, event); break;
    case GN_EVENT_PACKET_LOST:
        gn_sim_oracle_break(&oracle->verdict, event->now,
                            "the %s declared packet %" PRIu64 " lost by %s", who, event->pn,
                            gn_sim_words_lost(event->detail));
        break;
    case GN_EVENT_PACKET_DROPPED:
        if (event->detail == GN_DROP_STATE)
            break;
        gn_sim_oracle_break(&oracle->verdict, event->now, "the %s dropped a packet for '%s'", who,
                            gn_sim_words_drop(event->detail));
        break;
    case GN_EVENT_PTO:
        gn_sim_oracle_break(&oracle->verdict, event->now, "a probe timeout at the %s", who);
        break;
    default: break;
    }
}

void
gn_sim_oracle_ideal_on_datagram(gn_sim_oracle_ideal *oracle, const gn_sim_datagram *datagram)
{
    if (gn_sim_fate_is_drop(datagram->fate))
        gn_sim_oracle_break(&oracle->verdict, datagram->at_us,
                            "the network dropped datagram %" PRIu64 " for '%s'", datagram->number,
                            gn_sim_fate_name(datagram->fate));
}

void
gn_sim_oracle_ideal_on_end(gn_sim_oracle_ideal *oracle, uint64_t at_us, uint64_t written_bytes)
{
    if (oracle->stream_bytes > written_bytes)
        gn_sim_oracle_break(&oracle->verdict, at_us,
                            "%" PRIu64 " stream bytes were sent for %" PRIu64 " written",
                            oracle->stream_bytes, written_bytes);
}
