/*
 * oracle_drop.c: see oracle_drop.h.
 */
#include "sim/oracle_drop.h"

#include "sim/packet_pool.h"
#include "sim/words.h"

void
gn_sim_oracle_drop_init(gn_sim_oracle_drop *oracle)
{
    *oracle = (gn_sim_oracle_drop){
        .verdict = gn_sim_oracle_of("dropped packets change nothing", "RFC 9000 12.2"),
        .every = GN_SIM_ORACLE_DROP_EVERY};
}

bool
gn_sim_oracle_drop_wants(const gn_sim_oracle_drop *oracle, uint64_t number, uint16_t flags)
{
    return (flags & (GN_SIM_PACKET_DUPLICATE | GN_SIM_PACKET_CORRUPTED | GN_SIM_PACKET_INJECTED)) !=
               0 ||
           number % oracle->every == 0;
}

void
gn_sim_oracle_drop_before(gn_sim_oracle_drop *oracle, uint64_t digest)
{
    oracle->looking = true;
    oracle->before = digest;
    oracle->accepted = 0;
    oracle->dropped = 0;
}

void
gn_sim_oracle_drop_on_event(gn_sim_oracle_drop *oracle, const gn_event *event)
{
    if (!oracle->looking)
        return;
    if (event->kind == GN_EVENT_PACKET_RECEIVED)
        oracle->accepted++;
    if (event->kind == GN_EVENT_PACKET_DROPPED && oracle->dropped++ == 0)
        oracle->cause = event->detail;
}

void
gn_sim_oracle_drop_refused(gn_sim_oracle_drop *oracle)
{
    oracle->dropped++;
    oracle->cause = GN_DROP_AUTH;
}

void
gn_sim_oracle_drop_after(gn_sim_oracle_drop *oracle, uint64_t at_us, uint64_t digest)
{
    if (!oracle->looking)
        return;
    oracle->looking = false;
    if (oracle->accepted > 0 || oracle->dropped == 0 || oracle->cause == GN_DROP_STATE)
        return;
    oracle->verdict.checked++;
    if (digest != oracle->before)
        gn_sim_oracle_break(&oracle->verdict, at_us,
                            "the connection changed with a datagram dropped for '%s'",
                            gn_sim_words_drop(oracle->cause));
}
