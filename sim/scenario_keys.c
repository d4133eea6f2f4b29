/*
 * scenario_keys.c: see scenario_keys.h. The rows stand in the order of the structs they fill;
 * those of a link are in scenario_keys_link.c.
 */
#include "sim/scenario_keys.h"

#include "sim/host_config.h"
#include "sim/scenario.h"
#include "sim/words.h"

#define HOUR_US UINT64_C(3600000000)
#define ANY UINT64_MAX
#define COUNT_OF(rows) (sizeof(rows) / sizeof((rows)[0]))

/* clang-format off */

#define AT(field) offsetof(gn_sim_scenario, field)
const char *const gn_sim_scenario_groups[] = {
    "basic", "loss", "reorder", "ecn", "mtu", "nat", "migrate", "longrtt", "rate", "adversary",
    "resource", "timer", "tls", "keys", "ends", "datagram", "cid", "resume", "version", NULL};
static const gn_sim_key top_rows[] = {
    {"name", GN_SIM_VALUE_TEXT, AT(name), GN_SIM_NAME_BYTES, 0, 0, NULL, NULL,
     "what the scenario is called"},
    {"why", GN_SIM_VALUE_TEXT, AT(why), GN_SIM_TEXT_BYTES, 0, 0, NULL, NULL,
     "one sentence: what it is good for"},
    {"rfc", GN_SIM_VALUE_TEXTS, AT(rfc), GN_SIM_TEXT_BYTES, 0, 0, NULL, "none",
     "the sections it exercises"},
    {"group", GN_SIM_VALUE_WORD, AT(group), 0, 0, 0, gn_sim_scenario_groups, "basic",
     "what it is about, for gnomon-sim list --group"},
    {"seed", GN_SIM_VALUE_COUNT, AT(seed), 0, 0, ANY, NULL, "1",
     "all chance is drawn from it"},
    {"time_limit", GN_SIM_VALUE_DURATION, AT(time_limit_us), 0, 1, 24 * 365 * HOUR_US, NULL, "60s",
     "virtual time after which a run has stalled"},
};
#undef AT

#define AT(field) offsetof(gn_sim_host_settings, field)
static const char *const ecn_words[] = {"off", "on", "ect1", NULL}; /* as gn_ecn_policy */
static const char *const congestion_words[] = {"newreno", NULL};
static const gn_sim_key host_rows[] = {
    {"ecn", GN_SIM_VALUE_WORD, AT(ecn), 0, 0, 0, ecn_words, "on",
     "validate the path with ECT(0), with ECT(1), or not at all"},
    {"cc", GN_SIM_VALUE_WORD, AT(congestion), 0, 0, 0, congestion_words, "newreno",
     "congestion controller"},
    {"idle_timeout", GN_SIM_VALUE_DURATION, AT(idle_timeout_us), 0, 0, 24 * 365 * HOUR_US, NULL,
     "30s",
     "max_idle_timeout; 0: none"},
    {"max_ack_delay", GN_SIM_VALUE_DURATION, AT(max_ack_delay_us), 0, 0, 16383000, NULL, "25ms",
     "the longest an acknowledgement waits"},
    {"ack_threshold", GN_SIM_VALUE_COUNT, AT(ack_threshold), 0, 1, 255, NULL, "2",
     "acknowledge after so many packets"},
    {"window", GN_SIM_VALUE_BYTES, AT(window_bytes), 0, 1, UINT64_C(1) << 40, NULL, "1MiB",
     "flow control window of the connection"},
    {"stream_window", GN_SIM_VALUE_BYTES, AT(stream_window_bytes), 0, 1, UINT64_C(1) << 40, NULL,
     "256KiB", "flow control window of each stream"},
    {"streams", GN_SIM_VALUE_COUNT, AT(streams), 0, 1, 65536, NULL, "16",
     "streams of each kind the peer may have open"},
    {"send_buffer", GN_SIM_VALUE_BYTES, AT(send_buffer_bytes), 0, 1, UINT64_C(1) << 40, NULL,
     "256KiB", "unacknowledged bytes a stream may hold"},
    {"max_datagram", GN_SIM_VALUE_BYTES, AT(max_datagram_bytes), 0, 1200, 1500, NULL, "1200B",
     "the largest datagram we send"},
    {"cid_length", GN_SIM_VALUE_COUNT, AT(cid_bytes), 0, 0, 20, NULL, "8",
     "bytes of the connection IDs we choose; 0: found by address"},
    {"cid_limit", GN_SIM_VALUE_COUNT, AT(cid_limit), 0, 2, 8, NULL, "4",
     "active_connection_id_limit"},
    {"datagram_frame", GN_SIM_VALUE_COUNT, AT(datagram_frame), 0, 0, 65535, NULL, "0",
     "largest DATAGRAM frame we take; 0: none"},
    {"rotate_packets", GN_SIM_VALUE_COUNT, AT(rotate_packets), 0, 1, 1000000, NULL, "never",
     "connection IDs change both ways after so many packets sent"},
    {"rotate_after", GN_SIM_VALUE_DURATION, AT(rotate_after_us), 0, 1000, 24 * HOUR_US, NULL,
     "never", "and after so long"},
    {"skip_packets", GN_SIM_VALUE_COUNT, AT(skip_packets), 0, 0, 1000000, NULL, "1000",
     "one packet number in so many is left out, on average; 0: none"},
    {"spin", GN_SIM_VALUE_FLAG, AT(spin), 0, 0, 1, NULL, "off", "the latency spin bit"},
    {"follow_peer", GN_SIM_VALUE_FLAG, AT(follow_peer), 0, 0, 1, NULL, "on",
     "a server goes along when its peer moves"},
    {"forbid_migration", GN_SIM_VALUE_FLAG, AT(forbid_migration), 0, 0, 1, NULL, "off",
     "disable_active_migration"},
    {"retry_above", GN_SIM_VALUE_COUNT, AT(retry_above), 0, 0, UINT32_MAX, NULL, "never",
     "server: handshakes under way from which on clients need a token"},
    {"new_tokens", GN_SIM_VALUE_COUNT, AT(new_tokens), 0, 0, 8, NULL, "1",
     "server: tokens for later connections, for each client"},
    {"receive_time", GN_SIM_VALUE_DURATION, AT(receive_time_us), 0, 0, HOUR_US, NULL, "0",
     "CPU time for each datagram that is read"},
    {"send_time", GN_SIM_VALUE_DURATION, AT(send_time_us), 0, 0, HOUR_US, NULL, "0",
     "CPU time for each datagram that is sent"},
    {"receive_queue", GN_SIM_VALUE_COUNT, AT(receive_queue), 0, 1, 1000000, NULL, "no limit",
     "datagrams that may wait for the CPU; further ones are dropped"},
    {"clock", GN_SIM_VALUE_DURATION, AT(clock_us), 0, 0, UINT64_C(1) << 50, NULL, "0",
     "what its clock shows when the run begins"},
    {"keep_alive", GN_SIM_VALUE_DURATION, AT(keep_alive_us), 0, 0, HOUR_US, NULL, "0",
     "a PING after so long a silence; 0: never, else at least 100ms"},
    {"key_update_after", GN_SIM_VALUE_COUNT, AT(key_update_packets), 0, 0, ANY, NULL, "0",
     "packets after which it updates a key; 0: near the AEAD's limit"},
    {"seal_limit", GN_SIM_VALUE_COUNT, AT(confidentiality_limit), 0, 0, ANY, NULL, "0",
     "1-RTT packets that a key may protect, 16 at least; 0: the AEAD's own limit"},
    {"open_limit", GN_SIM_VALUE_COUNT, AT(integrity_limit), 0, 0, ANY, NULL, "0",
     "packets that may fail to open; 0: the AEAD's own limit"},
    {"versions", GN_SIM_VALUE_WORD, AT(versions), 0, 0, 0, gn_sim_host_config_versions, "v1",
     "the QUIC versions it speaks, by preference"},
    {"begin_with", GN_SIM_VALUE_COUNT, AT(begin_with), 0, 1, 2, NULL, "the first of them",
     "client: the version of its first flight"},
    {"version_probe", GN_SIM_VALUE_FLAG, AT(version_probe), 0, 0, 1, NULL, "off",
     "client: begins with a reserved version, for the server to refuse"},
    {"grease_bit", GN_SIM_VALUE_FLAG, AT(grease_bit), 0, 0, 1, NULL, "off",
     "takes packets whatever their fixed bit is, and varies it if the peer does"},
    {"unordered", GN_SIM_VALUE_FLAG, AT(unordered), 0, 0, 1, NULL, "off",
     "its application gets bytes as they arrive, also beyond gaps"},
    {"coalesce", GN_SIM_VALUE_DURATION, AT(coalesce_us), 0, 0, 1000000, NULL, "0",
     "how long stream data that fills no packet may wait for more"},
    {"preferred", GN_SIM_VALUE_FLAG, AT(prefers), 0, 0, 1, NULL, "off",
     "server: offers its second address, to which routes with 'to: preferred' lead"},
};
#undef AT

#define AT(field) offsetof(gn_sim_route_settings, field)
static const char *const state_words[] = {"down", "up", NULL};
static const char *const to_words[] = {"first", "preferred", NULL};
static const gn_sim_key route_rows[] = {
    {"state", GN_SIM_VALUE_WORD, AT(up_state), 0, 0, 0, state_words, "up",
     "whether the route is there"},
    {"mtu", GN_SIM_VALUE_BYTES, AT(mtu_bytes), 0, 1228, 65535, NULL, "1500B",
     "largest IP packet, both ways"},
    {"ptb", GN_SIM_VALUE_FLAG, AT(too_big), 0, 0, 1, NULL, "off",
     "a packet too large is answered by ICMP, and does not just disappear"},
    {"ecn", GN_SIM_VALUE_WORD, AT(ecn), 0, 0, 0, gn_sim_route_ecn_words, "pass",
     "what the way does to ECN marks"},
    {"ecn_up", GN_SIM_VALUE_WORD, AT(ecn_way[GN_SIM_UP]), 0, 0, 0, gn_sim_route_ecn_way_words,
     "as-ecn", "the same, upwards"},
    {"ecn_down", GN_SIM_VALUE_WORD, AT(ecn_way[GN_SIM_DOWN]), 0, 0, 0, gn_sim_route_ecn_way_words,
     "as-ecn", "the same, downwards"},
    {"ecn_share", GN_SIM_VALUE_RATIO, AT(ecn_share), 0, 0, 0, NULL, "100%",
     "of the datagrams that would be changed or dropped, those that are"},
    {"nat_grace", GN_SIM_VALUE_DURATION, AT(nat.grace_us), 0, 0, HOUR_US, NULL, "0",
     "how long an old NAT binding lives on"},
    {"nat_lifetime", GN_SIM_VALUE_DURATION, AT(nat.lifetime_us), 0, 0, 24 * HOUR_US, NULL, "0",
     "a NAT binding that is not used expires after it; 0: never"},
    {"nat_refresh", GN_SIM_VALUE_WORD, AT(nat.refresh), 0, 0, 0, gn_sim_nat_refresh_words,
     "outbound", "whose datagrams count as use"},
    {"nat_expiry", GN_SIM_VALUE_WORD, AT(nat.expiry), 0, 0, 0, gn_sim_nat_part_words, "port",
     "what is new about the binding that follows"},
    {"up_via", GN_SIM_VALUE_TEXT, AT(via[GN_SIM_UP]), GN_SIM_NAME_BYTES, 0, 0, NULL, "its own",
     "the route whose up link carries what goes up"},
    {"down_via", GN_SIM_VALUE_TEXT, AT(via[GN_SIM_DOWN]), GN_SIM_NAME_BYTES, 0, 0, NULL,
     "its own", "the route whose down link carries what comes down"},
    {"to", GN_SIM_VALUE_WORD, AT(leads_to), 0, 0, 0, to_words, "first",
     "which of the server's addresses it leads to; moving to the second is as the server prefers"},
};
#undef AT

#define AT(field) offsetof(gn_sim_happening, field)
static const char *const action_words[] = {
    "cut", "restore", "change", "blackout", "rebind-port", "rebind-address", "migrate",
    "update-keys", "suspend-receive", "suspend-transmit", "handover", "suspend", "heal",
    "close", "restart", NULL};
static const char *const rebind_words[] = {"none", "port", "address", NULL};
static const char *const host_words[] = {"client", "server", NULL};
static const char *const direction_words[] = {"up", "down", "both", NULL};
static const gn_sim_key event_rows[] = {
    {"at", GN_SIM_VALUE_DURATION, AT(at_us), 0, 0, 24 * 365 * HOUR_US, NULL, NULL,
     "when"},
    {"do", GN_SIM_VALUE_WORD, AT(action), 0, 0, 0, action_words, NULL,
     "what"},
    {"for", GN_SIM_VALUE_DURATION, AT(for_us), 0, 1, 24 * 365 * HOUR_US, NULL,
     "of blackout, suspend*; 0 for handover", "how long"},
    {"direction", GN_SIM_VALUE_WORD, AT(direction), 0, 0, 0, direction_words, "both",
     "of blackout and suspend-*: which way"},
    {"route", GN_SIM_VALUE_TEXT, AT(route_name), GN_SIM_NAME_BYTES, 0, 0, NULL,
     "of all but update-keys, suspend, heal, close, restart", "which route"},
    {"rebind", GN_SIM_VALUE_WORD, AT(rebind), 0, 0, 0, rebind_words, "none",
     "of change: the NAT gives a new binding, too"},
    {"from", GN_SIM_VALUE_TEXT, AT(from_name), GN_SIM_NAME_BYTES, 0, 0, NULL, "of handover only",
     "the route that goes when 'for' is over"},
    {"host", GN_SIM_VALUE_WORD, AT(host), 0, 0, 0, host_words,
     "of suspend and close; client for update-keys", "which host"},
    {"every", GN_SIM_VALUE_DURATION, AT(every_us), 0, 1, 24 * HOUR_US, NULL, "once",
     "again after so long"},
    {"times", GN_SIM_VALUE_COUNT, AT(times), 0, 1, 100000, NULL, "1",
     "how often in all"},
};
#undef AT

#define AT(field) offsetof(gn_sim_app_settings, field)
static const char *const workload_words[] = {"download", "upload", "requests", NULL};
static const char *const sender_words[] = {"client", "server", "both", NULL};
static const gn_sim_key workload_rows[] = {
    {"kind", GN_SIM_VALUE_WORD, AT(kind), 0, 0, 0, workload_words, NULL,
     "what the application does"},
    {"bytes", GN_SIM_VALUE_BYTES, AT(bytes), 0, 1, UINT64_C(1) << 50, NULL, "of bulk only",
     "download, upload: in all"},
    {"streams", GN_SIM_VALUE_COUNT, AT(streams), 0, 1, 4096, NULL, "1",
     "download, upload: how many share them"},
    {"count", GN_SIM_VALUE_COUNT, AT(count), 0, 1, 1000000, NULL, "1",
     "requests: how many, one after the other"},
    {"request", GN_SIM_VALUE_BYTES, AT(request_bytes), 0, 1, UINT64_C(1) << 40, NULL, "100B",
     "requests: bytes of each"},
    {"response", GN_SIM_VALUE_BYTES, AT(response_bytes), 0, 1, UINT64_C(1) << 40, NULL, "1kB",
     "requests: bytes of each response"},
    {"think", GN_SIM_VALUE_DURATION, AT(think_us), 0, 0, HOUR_US, NULL, "0",
     "requests: pause after each response"},
    {"datagrams", GN_SIM_VALUE_COUNT, AT(datagrams.count), 0, 0, 1000000, NULL, "0",
     "datagrams that each sender of them sends, a few waiting at a time"},
    {"datagram_bytes", GN_SIM_VALUE_COUNT, AT(datagrams.bytes), 0, 8, 1400, NULL, "as many as fit",
     "bytes of each"},
    {"datagram_from", GN_SIM_VALUE_WORD, AT(datagrams.from), 0, 0, 0, sender_words, "client",
     "who sends datagrams"},
    {"datagram_expiry", GN_SIM_VALUE_DURATION, AT(datagrams.expiry_us), 0, 1, HOUR_US, NULL,
     "never", "how long one may wait to be sent"},
};
#undef AT

#define AT(field) offsetof(gn_sim_expect, field)
static const char *const may_close_words[] = {"never", "handshake", "always", NULL};
static const gn_sim_key expect_rows[] = {
    {"may_close", GN_SIM_VALUE_WORD, AT(may_close), 0, 0, 0, may_close_words, "never",
     "when it is fine to end without the goal"},
    {"ideal", GN_SIM_VALUE_FLAG, AT(ideal), 0, 0, 1, NULL, "off",
     "no loss, drop, probe or repetition at all"},
    {"finish_before", GN_SIM_VALUE_DURATION, AT(finish_before_us), 0, 1, ANY, NULL, "not asked",
     "the workload is complete by then"},
    {"handshake_before", GN_SIM_VALUE_DURATION, AT(handshake_before_us), 0, 1, ANY, NULL,
     "not asked", "the client may send data by then"},
    {"gap_below", GN_SIM_VALUE_DURATION, AT(gap_below_us), 0, 1, ANY, NULL, "not asked",
     "no pause in in-order delivery is as long"},
    {"max_ptos", GN_SIM_VALUE_COUNT, AT(max_ptos), 0, 0, ANY, NULL, "not asked",
     "probe timeouts, both ends"},
    {"max_lost", GN_SIM_VALUE_COUNT, AT(max_lost), 0, 0, ANY, NULL, "not asked",
     "packets declared lost, both ends"},
    {"min_lost", GN_SIM_VALUE_COUNT, AT(min_lost), 0, 1, ANY, NULL, "not asked",
     "packets declared lost, at least"},
    {"min_dropped", GN_SIM_VALUE_COUNT, AT(min_dropped), 0, 1, ANY, NULL, "not asked",
     "datagrams the network drops, at least"},
    {"max_dropped", GN_SIM_VALUE_COUNT, AT(max_dropped), 0, 0, ANY, NULL, "not asked",
     "datagrams the network drops, at most"},
    {"min_marked", GN_SIM_VALUE_COUNT, AT(min_marked), 0, 1, ANY, NULL, "not asked",
     "datagrams that links mark CE, at least"},
    {"min_ce_counted", GN_SIM_VALUE_COUNT, AT(min_ce_counted), 0, 1, ANY, NULL, "not asked",
     "CE marks the senders are told of, at least"},
    {"paths_validated", GN_SIM_VALUE_COUNT, AT(paths_validated), 0, 1, ANY, NULL, "not asked",
     "paths the server validates, at least"},
    {"max_moves", GN_SIM_VALUE_COUNT, AT(max_moves), 0, 0, ANY, NULL, "not asked",
     "times the server changes its active path, at most"},
    {"final_route", GN_SIM_VALUE_TEXT, AT(final_route_name), GN_SIM_NAME_BYTES, 0, 0, NULL,
     "not asked", "the route the client uses at the end"},
    {"min_goodput", GN_SIM_VALUE_RATE, AT(min_goodput_bits), 0, 1, ANY, NULL, "not asked",
     "application bits a second, at least"},
    {"min_duplicated", GN_SIM_VALUE_COUNT, AT(min_duplicated), 0, 1, ANY, NULL, "not asked",
     "copies that links make, at least"},
    {"min_damaged", GN_SIM_VALUE_COUNT, AT(min_damaged), 0, 1, ANY, NULL, "not asked",
     "datagrams that links corrupt or truncate, at least"},
    {"min_reordered", GN_SIM_VALUE_COUNT, AT(min_reordered), 0, 1, ANY, NULL, "not asked",
     "datagrams that links let others overtake, at least"},
    {"min_attacks", GN_SIM_VALUE_COUNT, AT(min_attacks), 0, 1, ANY, NULL, "not asked",
     "times that attackers act, at least"},
    {"min_refused", GN_SIM_VALUE_COUNT, AT(min_refused), 0, 1, ANY, NULL, "not asked",
     "events that an endpoint refuses, at least"},
    {"sender_ecn", GN_SIM_VALUE_WORD, AT(sender_ecn), 0, 0, 0, gn_sim_words_ecn_states,
     "not asked", "state of ECN at the end, on the path of who sends the bulk"},
    {"min_ptb", GN_SIM_VALUE_COUNT, AT(min_too_big), 0, 1, ANY, NULL, "not asked",
     "ICMP messages about too large packets that arrive, at least"},
    {"min_expired", GN_SIM_VALUE_COUNT, AT(min_expired), 0, 1, ANY, NULL, "not asked",
     "NAT bindings that expire and are replaced, at least"},
    {"min_datagrams_lost", GN_SIM_VALUE_COUNT, AT(min_datagrams_lost), 0, 1, ANY, NULL,
     "not asked", "datagrams told to be lost in flight, at least"},
    {"min_datagrams_late", GN_SIM_VALUE_COUNT, AT(min_datagrams_late), 0, 1, ANY, NULL,
     "not asked", "datagrams acknowledged after that, at least"},
    {"min_datagrams_expired", GN_SIM_VALUE_COUNT, AT(min_datagrams_expired), 0, 1, ANY, NULL,
     "not asked", "datagrams that were dropped unsent, at least"},
    {"suite", GN_SIM_VALUE_WORD, AT(suite), 0, 0, 0, gn_sim_tls_settings_suites, "not asked",
     "the cipher suite at both ends"},
    {"group", GN_SIM_VALUE_WORD, AT(group), 0, 0, 0, gn_sim_tls_settings_groups, "not asked",
     "the group of the key exchange at both ends"},
    {"close", GN_SIM_VALUE_TEXT, AT(close), GN_SIM_NAME_BYTES, 0, 0, NULL, "not asked",
     "the error one end closes with, as in certificate_expired or PROTOCOL_VIOLATION"},
    {"min_held", GN_SIM_VALUE_COUNT, AT(min_held), 0, 1, ANY, NULL, "not asked",
     "packets that wait for their keys, at least"},
    {"min_key_updates", GN_SIM_VALUE_COUNT, AT(min_key_updates), 0, 1, ANY, NULL, "not asked",
     "generations of keys after the first, at either end, at least"},
    {"max_key_updates", GN_SIM_VALUE_COUNT, AT(max_key_updates), 0, 0, ANY, NULL, "not asked",
     "the same, at most"},
    {"client_end", GN_SIM_VALUE_WORD, AT(end[GN_SIM_CLIENT]), 0, 0, 0, gn_sim_words_ends,
     "not asked", "why the client's connection ended"},
    {"server_end", GN_SIM_VALUE_WORD, AT(end[GN_SIM_SERVER]), 0, 0, 0, gn_sim_words_ends,
     "not asked", "why the server's did"},
    {"zero_rtt", GN_SIM_VALUE_WORD, AT(zero_rtt), 0, 0, 0, gn_sim_words_zero_rtt, "not asked",
     "what became of 0-RTT, as the client is told"},
    {"min_unordered", GN_SIM_VALUE_BYTES, AT(min_unordered_bytes), 0, 1, ANY, NULL, "not asked",
     "bytes delivered beyond a gap, at least"},
    {"max_sent", GN_SIM_VALUE_COUNT, AT(max_sent), 0, 1, ANY, NULL, "not asked",
     "packets sent, by both ends, at most"},
    {"min_retries", GN_SIM_VALUE_COUNT, AT(min_retries), 0, 1, ANY, NULL, "not asked",
     "Retry packets that the server sends, at least"},
    {"max_retries", GN_SIM_VALUE_COUNT, AT(max_retries), 0, 0, ANY, NULL, "not asked",
     "the same, at most"},
    {"min_ptb_believed", GN_SIM_VALUE_COUNT, AT(min_believed), 0, 1, ANY, NULL, "not asked",
     "of those ICMP messages, that endpoints take for true, at least"},
    {"max_ptb_believed", GN_SIM_VALUE_COUNT, AT(max_believed), 0, 0, ANY, NULL, "not asked",
     "the same, at most"},
    {"min_spin_turns", GN_SIM_VALUE_COUNT, AT(min_spin_turns), 0, 1, ANY, NULL, "not asked",
     "times that the spin bit turns, as seen in front of the client, at least"},
    {"max_spin_turns", GN_SIM_VALUE_COUNT, AT(max_spin_turns), 0, 0, ANY, NULL, "not asked",
     "the same, at most"},
    {"spin_off_below", GN_SIM_VALUE_DURATION, AT(spin_off_below_us), 0, 1, ANY, NULL, "not asked",
     "the median time between two turns is the client's round trip, but for less than that"},
};
#undef AT

#define AT(field) offsetof(gn_sim_script_settings, field)
static const gn_sim_key script_rows[] = {
    {"drop", GN_SIM_VALUE_COUNTS, AT(drop.count), GN_SIM_SCRIPT_MAX, 0, ANY, NULL, "[]",
     "datagrams lost, by their number in the run's trace, from 0"},
    {"duplicate", GN_SIM_VALUE_COUNTS, AT(duplicate.count), GN_SIM_SCRIPT_MAX, 0, ANY, NULL, "[]",
     "datagrams sent twice, likewise"},
    {"delay", GN_SIM_VALUE_COUNTS, AT(delay.count), GN_SIM_SCRIPT_MAX, 0, ANY, NULL, "[]",
     "datagrams held back before their link, likewise"},
    {"delay_by", GN_SIM_VALUE_DURATION, AT(delay_us), 0, 1, 24 * 365 * HOUR_US, NULL, "1s",
     "for how long"},
};
#undef AT

const gn_sim_keys gn_sim_scenario_keys_top =
    {"at the top", top_rows, COUNT_OF(top_rows)};
const gn_sim_keys gn_sim_scenario_keys_host =
    {"client: and server:", host_rows, COUNT_OF(host_rows)};
const gn_sim_keys gn_sim_scenario_keys_route =
    {"routes: NAME: (and in an event that does change)", route_rows, COUNT_OF(route_rows)};
const gn_sim_keys gn_sim_scenario_keys_event =
    {"events: a list", event_rows, COUNT_OF(event_rows)};
const gn_sim_keys gn_sim_scenario_keys_workload =
    {"workload:", workload_rows, COUNT_OF(workload_rows)};
const gn_sim_keys gn_sim_scenario_keys_expect =
    {"expect:", expect_rows, COUNT_OF(expect_rows)};
const gn_sim_keys gn_sim_scenario_keys_script =
    {"script: the fate of single datagrams", script_rows, COUNT_OF(script_rows)};

/* clang-format on */
