/*
 * scenario_keys_others.c: more tables of scenario_keys.h: TLS, and who else is on
 * the network.
 */
#include "sim/certificates.h"
#include "sim/scenario.h"
#include "sim/scenario_keys.h"

#define HOUR_US UINT64_C(3600000000)
#define ANY UINT64_MAX
#define COUNT_OF(rows) (sizeof(rows) / sizeof((rows)[0]))

/* clang-format off */

static const char *const way_words[] = {"up", "down", NULL};

#define AT(field) offsetof(gn_sim_attack_settings, field)
static const gn_sim_key attack_rows[] = {
    {"kind", GN_SIM_VALUE_WORD, AT(kind), 0, 0, 0, gn_sim_attack_kind_words, NULL,
     "what the attacker does"},
    {"route", GN_SIM_VALUE_TEXT, AT(route_name), GN_SIM_NAME_BYTES, 0, 0, NULL, NULL,
     "where the datagrams pass that he watches"},
    {"direction", GN_SIM_VALUE_WORD, AT(direction), 0, 0, 0, way_words, "up",
     "which way they go"},
    {"packets", GN_SIM_VALUE_WORD, AT(packets), 0, 0, 0, gn_sim_attack_packets_words, "any",
     "what those begin with that he waits for"},
    {"min_size", GN_SIM_VALUE_BYTES, AT(min_bytes), 0, 0, 65535, NULL, "0B",
     "how large they are at least"},
    {"at", GN_SIM_VALUE_DURATION, AT(at_us), 0, 0, 24 * 365 * HOUR_US, NULL, "0",
     "not before"},
    {"first", GN_SIM_VALUE_COUNT, AT(first), 0, 1, ANY, NULL, "1",
     "from which of them on he acts"},
    {"times", GN_SIM_VALUE_COUNT, AT(times), 0, 1, ANY, NULL, "1",
     "how often he acts"},
    {"share", GN_SIM_VALUE_RATIO, AT(share), 0, 0, 0, NULL, "100%",
     "of them, those he acts on"},
    {"delay", GN_SIM_VALUE_DURATION, AT(delay_us), 0, 0, 24 * HOUR_US, NULL, "0",
     "how long he holds the datagram, or waits before he sends his own"},
    {"lead", GN_SIM_VALUE_DURATION, AT(lead_us), 0, 0, HOUR_US, NULL, "0",
     "so much faster than the link is his own way"},
    {"target", GN_SIM_VALUE_WORD, AT(target), 0, 0, 0, gn_sim_attack_target_words, "ahead",
     "who gets what he sends: the receiver of the datagram, or its sender"},
    {"source", GN_SIM_VALUE_WORD, AT(source), 0, 0, 0, gn_sim_attack_source_words, "peers",
     "whose address is on it"},
    {"size", GN_SIM_VALUE_BYTES, AT(bytes), 0, 1, GN_SIM_FORGERY_BYTES, NULL, "60B",
     "garbage, header, reset: how large; too-big: the MTU it claims"},
    {"bits", GN_SIM_VALUE_COUNT, AT(bits), 0, 1, 10000, NULL, "1",
     "modify: how many are changed"},
};
#undef AT

#define AT(field) offsetof(gn_sim_cross_settings, field)
static const gn_sim_key cross_rows[] = {
    {"kind", GN_SIM_VALUE_WORD, AT(kind), 0, 0, 0, gn_sim_cross_kind_words, NULL,
     "how it sends"},
    {"route", GN_SIM_VALUE_TEXT, AT(route_name), GN_SIM_NAME_BYTES, 0, 0, NULL, NULL,
     "whose link it shares"},
    {"direction", GN_SIM_VALUE_WORD, AT(direction), 0, 0, 0, way_words, "down",
     "which of its links"},
    {"rate", GN_SIM_VALUE_RATE, AT(rate_bits), 0, 1000, UINT64_C(1000000000000), NULL,
     "of constant and poisson", "bits a second, IP and UDP header included"},
    {"size", GN_SIM_VALUE_BYTES, AT(size_bytes), 0, 1, 1472, NULL, "1200B",
     "of each datagram"},
    {"at", GN_SIM_VALUE_DURATION, AT(at_us), 0, 0, 24 * 365 * HOUR_US, NULL, "0",
     "when it begins"},
    {"for", GN_SIM_VALUE_DURATION, AT(for_us), 0, 1, 24 * 365 * HOUR_US, NULL, "to the end",
     "how long it lasts"},
    {"on", GN_SIM_VALUE_DURATION, AT(on_us), 0, 1, HOUR_US, NULL, "always",
     "constant: sends for so long"},
    {"off", GN_SIM_VALUE_DURATION, AT(off_us), 0, 1, HOUR_US, NULL, "never",
     "constant: and is then silent for so long"},
    {"back", GN_SIM_VALUE_DURATION, AT(back_us), 0, 1000, HOUR_US, NULL, "20ms",
     "aimd: how long an acknowledgement takes"},
    {"ecn", GN_SIM_VALUE_FLAG, AT(ecn), 0, 0, 1, NULL, "off",
     "sends ECT(0)"},
};
#undef AT

#define AT(field) offsetof(gn_sim_tls_settings, field)
static const char *const verify_words[] = {"none", "ask", "require", NULL};
static const gn_sim_key tls_rows[] = {
    {"suites", GN_SIM_VALUE_TEXTS, AT(suites), GN_SIM_TLS_LIST_BYTES, 0, 0, NULL, "all",
     "by preference: aes128, aes256, chacha20"},
    {"groups", GN_SIM_VALUE_TEXTS, AT(groups), GN_SIM_TLS_LIST_BYTES, 0, 0, NULL, "x25519, p256",
     "by preference: x25519, p256, p384, x25519mlkem768"},
    {"key_shares", GN_SIM_VALUE_COUNT, AT(key_shares), 0, 1, 4, NULL, "1",
     "client: for the first so many groups"},
    {"certificate", GN_SIM_VALUE_WORD, AT(certificate), 0, 0, 0, gn_sim_certificates_words, "usual",
     "what it shows; usual: a server's good one, a client's none"},
    {"verify", GN_SIM_VALUE_FLAG, AT(verify), 0, 0, 1, NULL, "on",
     "client: of the server, its name included"},
    {"verify_client", GN_SIM_VALUE_WORD, AT(verify_client), 0, 0, 0, verify_words, "none",
     "server: whether it asks for the client's certificate"},
    {"alpn", GN_SIM_VALUE_TEXTS, AT(alpn), GN_SIM_TLS_LIST_BYTES, 0, 0, NULL, "gnomon-sim",
     "protocols by preference"},
    {"server_name", GN_SIM_VALUE_TEXT, AT(server_name), GN_SIM_TLS_NAME_BYTES, 0, 0, NULL,
     "server.example", "client: whom it asks for"},
};
#undef AT

const gn_sim_keys gn_sim_scenario_keys_tls =
    {"client_tls: and server_tls: (then the run is never one with stand-ins)", tls_rows,
     COUNT_OF(tls_rows)};
const gn_sim_keys gn_sim_scenario_keys_attack =
    {"attackers: a list", attack_rows, COUNT_OF(attack_rows)};
const gn_sim_keys gn_sim_scenario_keys_cross =
    {"cross: a list, other people's traffic", cross_rows, COUNT_OF(cross_rows)};

/* clang-format on */
