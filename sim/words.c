/*
 * words.c: see words.h.
 */
#include "sim/words.h"

#include <stddef.h>
#include <string.h>

/* The word at index of a table; "?" where there is none. */
static const char *
words_at(const char *const *table, size_t count, uint64_t index)
{
    return index < count && table[index] != NULL ? table[index] : "?";
}

#define WORDS_AT(table, index) words_at(table, sizeof table / sizeof table[0], index)

const char *
gn_sim_words_record(uint32_t kind)
{
    static const char *const table[GN_SIM_RECORD_KINDS] = {
        [GN_SIM_SENT] = "sent",     [GN_SIM_RECEIVED] = "received",
        [GN_SIM_LOST] = "lost",     [GN_SIM_DROPPED] = "dropped",
        [GN_SIM_MARKED] = "marked", [GN_SIM_METRICS] = "metrics",
        [GN_SIM_PATH] = "path",     [GN_SIM_PTO] = "pto",
        [GN_SIM_STATE] = "state",   [GN_SIM_PROGRESS] = "progress",
        [GN_SIM_MARKER] = "marker",
    };

    return WORDS_AT(table, kind);
}

const char *
gn_sim_words_event(uint32_t kind)
{
    static const char *const table[GN_EVENT_KINDS] = {
        [GN_EVENT_PACKET_SENT] = "packet_sent",
        [GN_EVENT_PACKET_RECEIVED] = "packet_received",
        [GN_EVENT_PACKET_DROPPED] = "packet_dropped",
        [GN_EVENT_PACKET_LOST] = "packet_lost",
        [GN_EVENT_SECRET] = "secret",
        [GN_EVENT_KEYS_DISCARDED] = "keys_discarded",
        [GN_EVENT_PARAMETERS] = "parameters",
        [GN_EVENT_METRICS] = "metrics",
        [GN_EVENT_PATH] = "path",
        [GN_EVENT_PTO] = "pto",
        [GN_EVENT_CLOSED] = "closed",
        [GN_EVENT_PACKET_HELD] = "packet_held",
    };

    return WORDS_AT(table, kind);
}

const char *
gn_sim_words_packet(uint32_t kind)
{
    static const char *const table[] = {
        [GN_EVENT_INITIAL] = "initial",
        [GN_EVENT_ZERO_RTT] = "0RTT",
        [GN_EVENT_HANDSHAKE] = "handshake",
        [GN_EVENT_RETRY] = "retry",
        [GN_EVENT_ONE_RTT] = "1RTT",
        [GN_EVENT_VNEG] = "version_negotiation",
        [GN_EVENT_STATELESS_RESET] = "stateless_reset",
    };

    return WORDS_AT(table, kind);
}

const char *
gn_sim_words_space(uint64_t space)
{
    static const char *const table[] = {"initial", "handshake", "application"};

    return WORDS_AT(table, space);
}

const char *
gn_sim_words_mark(uint32_t mark)
{
    static const char *const table[] = {"not-ect", "ect1", "ect0", "ce"};

    return WORDS_AT(table, mark);
}

const char *
gn_sim_words_path(uint64_t change)
{
    static const char *const table[GN_PATH_CHANGES] = {
        [GN_PATH_PROBING] = "probing",
        [GN_PATH_VALIDATED] = "validated",
        [GN_PATH_FAILED] = "failed",
        [GN_PATH_ACTIVE] = "active",
    };

    return WORDS_AT(table, change);
}

const char *const gn_sim_words_ends[] = {
    [GN_CLOSE_LOCAL_APPLICATION] = "local_application",
    [GN_CLOSE_LOCAL_TRANSPORT] = "local_transport",
    [GN_CLOSE_PEER_APPLICATION] = "peer_application",
    [GN_CLOSE_PEER_TRANSPORT] = "peer_transport",
    [GN_CLOSE_IDLE] = "idle",
    [GN_CLOSE_STATELESS_RESET] = "stateless_reset",
    [GN_CLOSE_NO_PATH] = "no_path",
    [GN_CLOSE_VERSION] = "no_version",
    [GN_CLOSE_CAUSES] = NULL,
};

const char *
gn_sim_words_close(uint64_t cause)
{
    return WORDS_AT(gn_sim_words_ends, cause);
}

const char *
gn_sim_words_state(uint64_t state)
{
    static const char *const table[] = {
        [GN_STATE_ACCEPTED] = "accepted",
        [GN_STATE_READY] = "ready",
        [GN_STATE_CONFIRMED] = "confirmed",
        [GN_STATE_KEYS_UPDATED] = "keys_updated",
    };

    return state >= 100 ? gn_sim_words_close(state - 100) : WORDS_AT(table, state);
}

const char *
gn_sim_words_drop(uint64_t cause)
{
    static const char *const table[GN_DROP_CAUSES] = {
        [GN_DROP_HEADER] = "header",       [GN_DROP_VERSION] = "version",
        [GN_DROP_UNKNOWN] = "unknown",     [GN_DROP_SMALL] = "small",
        [GN_DROP_KEYS] = "keys",           [GN_DROP_AUTH] = "auth",
        [GN_DROP_DUPLICATE] = "duplicate", [GN_DROP_ROOM] = "room",
        [GN_DROP_STATE] = "state",         [GN_DROP_PATH] = "path",
    };

    return WORDS_AT(table, cause);
}

const char *
gn_sim_words_lost(uint64_t cause)
{
    static const char *const table[] = {"reordering", "time", "key_discard"};

    return WORDS_AT(table, cause);
}

const char *const gn_sim_words_zero_rtt[] = {"unavailable", "not-attempted", "attempted",
                                             "accepted",    "rejected",      NULL};

const char *const gn_sim_words_ecn_states[] = {"testing", "unknown", "capable", "failed", NULL};

const char *
gn_sim_words_host(const gn_sim_about *about, uint32_t host)
{
    return words_at(about->host_names, about->host_count, host);
}

const char *
gn_sim_words_route(const gn_sim_about *about, uint32_t route)
{
    return route < about->route_count ? about->route_names[route] : "-";
}

bool
gn_sim_words_is_server(const gn_sim_about *about, uint32_t host)
{
    return strncmp(gn_sim_words_host(about, host), "server", 6) == 0;
}
