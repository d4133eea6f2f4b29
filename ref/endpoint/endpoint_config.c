/*
 * endpoint_config.c: see endpoint_config.h.
 */
#include "endpoint/endpoint_config.h"

#include <string.h>

#include "base/ct.h"
#include "base/limits.h"
#include "conn/address_token.h"
#include "conn/peer_cids.h"
#include "crypto/suite.h"
#include "endpoint/struct_size.h"
#include "recovery/cc.h"
#include "recovery/ecn.h"
#include "stream/credit.h"
#include "wire/varint.h"
#include "wire/version.h"

_Static_assert((int)GN_CONGESTION_NEWRENO == (int)GN_CC_NEWRENO, "one list of controllers");
_Static_assert((int)GN_CONGESTION_KINDS == (int)GN_CC_KINDS, "one list of controllers");
_Static_assert((int)GN_GROUP_KINDS == (int)GN_TLS_GROUPS, "one list of groups");
_Static_assert((int)GN_VERIFY_CLIENT_KINDS == (int)GN_TLS_ASKS, "one list of ways to ask");
_Static_assert((int)GN_MARK_CE == (int)GN_ECN_CE, "one list of ECN marks");

void
gn_limits_fill(gn_limits *limits, size_t size, uint32_t connections)
{
    const gn_limits whole = {.size = sizeof whole,
                             .connections = connections,
                             .streams = 48 * connections,
                             .chunks = 1024 * connections,
                             .sent = 2048 * connections,
                             .keys = 14 * connections,
                             .held = 4 * connections};

    gn_struct_size_give(limits, size, &whole, sizeof whole);
}

static void
config_default(gn_config *config, gn_role role)
{
    *config = (gn_config){.size = sizeof *config,
                          .role = role,
                          .verify_peer = 1,
                          .suites = (1 << GN_SUITES) - 1,
                          .ecn = GN_ECN_POLICY_ECT0,
                          .cid_len = 8,
                          .cc = GN_CONGESTION_NEWRENO,
                          .groups = 1 << GN_GROUP_X25519 | 1 << GN_GROUP_SECP256R1,
                          .key_shares = 1,
                          .max_idle_timeout_us = 30 * GN_SECOND,
                          .max_ack_delay_us = 25 * GN_MS,
                          .ack_delay_exponent = 3,
                          .initial_max_data = UINT64_C(1) << 20,
                          .initial_max_stream_data_bidi_local = UINT64_C(1) << 18,
                          .initial_max_stream_data_bidi_remote = UINT64_C(1) << 18,
                          .initial_max_stream_data_uni = UINT64_C(1) << 18,
                          .initial_max_streams_bidi = 16,
                          .initial_max_streams_uni = 16,
                          .active_connection_id_limit = 4,
                          .max_udp_payload_size = GN_DATAGRAM_MAX,
                          .max_datagram_out = GN_DATAGRAM_MIN,
                          .send_buffer_bytes = UINT64_C(1) << 18,
                          .ack_threshold = 2,
                          .allow_peer_migration = 1,
                          .retry_above = GN_RETRY_NEVER,
                          .retry_token_life_us = 10 * GN_SECOND,
                          .new_token_life_us = 24 * 3600 * GN_SECOND,
                          .new_tokens = 1,
                          .stateless_reset = 1,
                          .ticket_life_us = 24 * 3600 * GN_SECOND,
                          .early_held_us = 100 * GN_MS,
                          .early_held_bytes = UINT64_C(1) << 16,
                          .versions = {GN_VERSION_1},
                          .grease_versions = 1,
                          .datagram_queue_bytes = UINT64_C(1) << 16,
                          .datagram_queue_count = 64,
                          .observer = {.size = sizeof(gn_observer)},
                          .stream_fairness = 1,
                          .skip_packets = 1000};
    if (role == GN_ROLE_SERVER)
        config->versions[1] = GN_VERSION_2;
    gn_limits_default(&config->limits, 1);
}

void
gn_config_fill(gn_config *config, size_t size, gn_role role)
{
    gn_config whole;

    config_default(&whole, role);
    gn_struct_size_give(config, size, &whole, sizeof whole);
}

void
gn_send_datagram_fill(gn_send_datagram *datagram, size_t size)
{
    const gn_send_datagram whole = {.size = sizeof whole, .expires_at = GN_NEVER};

    gn_struct_size_give(datagram, size, &whole, sizeof whole);
}

void
gn_connect_fill(gn_connect *connect, size_t size)
{
    const gn_connect whole = {.size = sizeof whole};

    gn_struct_size_give(connect, size, &whole, sizeof whole);
}

bool
gn_endpoint_config_limits_ok(const gn_limits *l)
{
    enum { CONFIG_CONNECTIONS_MAX = 65536, CONFIG_SLOTS_MAX = 1 << 28 };

    return l != NULL && l->size == sizeof *l && l->connections >= 1 &&
           l->connections <= CONFIG_CONNECTIONS_MAX && l->streams >= 1 &&
           l->streams <= CONFIG_SLOTS_MAX && l->chunks >= 1 && l->chunks <= CONFIG_SLOTS_MAX &&
           l->sent >= 1 && l->sent <= CONFIG_SLOTS_MAX && l->keys >= 1 &&
           l->keys <= CONFIG_SLOTS_MAX && l->held >= 1 && l->held <= CONFIG_SLOTS_MAX &&
           l->early <= CONFIG_SLOTS_MAX;
}

/* Places of suite_order and group_order. */
enum { CONFIG_ORDER = 4 };

/* The year 9999, in Unix milliseconds: the last that a certificate can name. */
#define CONFIG_UNIX_MS_MAX UINT64_C(253402300799999)

/* A newcomer's place in the queue is found by walking it. */
enum { CONFIG_DATAGRAMS_MAX = 4096 };

/* Fewer packets to a key could not even carry a key update and a close. */
enum { CONFIG_SEAL_MIN = 16 };

/* More often is no keeping alive any more: it would fill a short way with nothing else. */
enum { CONFIG_KEEP_ALIVE_MIN_US = 100 * GN_MS };

typedef struct config_range {
    const char *field;
    uint64_t value;
    uint64_t least;
    uint64_t most;
} config_range;

static uint64_t
config_bits(uint8_t set)
{
    uint64_t count = 0;

    for (; set != 0; set &= (uint8_t)(set - 1))
        count++;
    return count;
}

#define CONFIG_RANGE(c, field, least, most)                                                        \
    {                                                                                              \
        "gn_config." #field, (uint64_t)(c)->field, least, most                                     \
    }

/* RFC 9000 18.2, and what the fields of gn_config say: the first field that is wrong, or NULL. */
static const char *
config_out_of_range(const gn_config *c)
{
    const config_range ranges[] = {
        CONFIG_RANGE(c, role, GN_ROLE_CLIENT, GN_ROLE_SERVER),
        CONFIG_RANGE(c, cid_len, 0, GN_CID_MAX),
        CONFIG_RANGE(c, cc, 0, GN_CONGESTION_KINDS - 1),
        CONFIG_RANGE(c, ecn, 0, GN_ECN_POLICY_KINDS - 1),
        CONFIG_RANGE(c, suites, 1, (1 << GN_SUITES) - 1),
        CONFIG_RANGE(c, groups, 1, (1 << GN_GROUP_KINDS) - 1),
        CONFIG_RANGE(c, key_shares, 1, config_bits(c->groups)),
        CONFIG_RANGE(c, verify_client, 0, GN_VERIFY_CLIENT_KINDS - 1),
        CONFIG_RANGE(c, max_idle_timeout_us, 0, GN_VARINT_MAX / GN_MS * GN_MS),
        CONFIG_RANGE(c, max_ack_delay_us, 0, ((UINT64_C(1) << 14) - 1) * GN_MS),
        CONFIG_RANGE(c, ack_delay_exponent, 0, 20),
        CONFIG_RANGE(c, initial_max_data, 0, GN_CREDIT_TOP_BYTES),
        CONFIG_RANGE(c, initial_max_stream_data_bidi_local, 0, GN_CREDIT_TOP_BYTES),
        CONFIG_RANGE(c, initial_max_stream_data_bidi_remote, 0, GN_CREDIT_TOP_BYTES),
        CONFIG_RANGE(c, initial_max_stream_data_uni, 0, GN_CREDIT_TOP_BYTES),
        CONFIG_RANGE(c, initial_max_streams_bidi, 0, GN_CREDIT_TOP_STREAMS),
        CONFIG_RANGE(c, initial_max_streams_uni, 0, GN_CREDIT_TOP_STREAMS),
        /* [R-9000-18.2-6] */
        CONFIG_RANGE(c, active_connection_id_limit, 2, GN_PEER_CIDS_MAX),
        CONFIG_RANGE(c, max_udp_payload_size, GN_DATAGRAM_MIN, GN_DATAGRAM_MAX),
        /* [R-9000-14-1] */
        CONFIG_RANGE(c, max_datagram_out, GN_DATAGRAM_MIN, GN_DATAGRAM_MAX),
        CONFIG_RANGE(c, send_buffer_bytes, 1, GN_CREDIT_TOP_BYTES),
        CONFIG_RANGE(c, ack_threshold, 1, UINT32_MAX),
        CONFIG_RANGE(c, max_datagram_frame_size, 0, GN_VARINT_MAX),
        CONFIG_RANGE(c, datagram_queue_bytes, 1, GN_CREDIT_TOP_BYTES),
        CONFIG_RANGE(c, datagram_queue_count, 1, CONFIG_DATAGRAMS_MAX),
        CONFIG_RANGE(c, keep_alive_us, c->keep_alive_us == 0 ? 0 : CONFIG_KEEP_ALIVE_MIN_US,
                     UINT64_MAX),
        CONFIG_RANGE(c, confidentiality_limit, c->confidentiality_limit == 0 ? 0 : CONFIG_SEAL_MIN,
                     UINT64_MAX),
        CONFIG_RANGE(c, new_tokens, 0, GN_ADDRESS_TOKENS_MAX),
        CONFIG_RANGE(c, session_tickets, 0, GN_TLS_TICKETS_MAX),
        CONFIG_RANGE(c, ticket_life_us, GN_SECOND, 7 * 24 * 3600 * GN_SECOND),
        CONFIG_RANGE(c, started_unix_ms, 0, CONFIG_UNIX_MS_MAX),
        CONFIG_RANGE(c, coalesce_us, 0, GN_SECOND),
        CONFIG_RANGE(c, retry_hello, 0, GN_RETRY_HELLO_KINDS - 1),
        CONFIG_RANGE(c, unix_ms, 0, CONFIG_UNIX_MS_MAX),
        /* What the parameters round to whole milliseconds must be whole milliseconds. */
        {"gn_config.max_idle_timeout_us", c->max_idle_timeout_us % GN_MS, 0, 0},
        {"gn_config.max_ack_delay_us", c->max_ack_delay_us % GN_MS, 0, 0},
    };

    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
        if (ranges[i].value < ranges[i].least || ranges[i].value > ranges[i].most)
            return ranges[i].field;
    return NULL;
}

/* Numbers + 1 up to a 0, each allowed and there once. */
static bool
config_order_ok(const uint8_t order[CONFIG_ORDER], uint8_t allowed)
{
    bool ended = false;

    for (size_t i = 0; i < CONFIG_ORDER; i++) {
        ended = ended || order[i] == 0;
        if (ended ? order[i] != 0 : order[i] > 8 || (allowed >> (order[i] - 1) & 1) == 0)
            return false;
        if (!ended)
            allowed &= (uint8_t) ~(1u << (order[i] - 1));
    }
    return true;
}

/* What is allowed of so many kinds, by preference. How many. */
static uint8_t
config_order(const uint8_t order[CONFIG_ORDER], uint8_t allowed, uint8_t kinds, uint8_t *out)
{
    uint8_t count = 0;

    for (size_t i = 0; i < CONFIG_ORDER && order[i] != 0 && count < kinds; i++) {
        out[count++] = (uint8_t)(order[i] - 1);
        allowed &= (uint8_t) ~(1u << (order[i] - 1));
    }
    for (uint8_t id = 0; id < kinds && count < kinds; id++)
        if ((allowed >> id & 1) != 0)
            out[count++] = id;
    return count;
}

/* One version at least, none that we do not speak, none twice, zeros behind. */
static bool
config_versions_ok(const uint32_t versions[GN_VERSIONS_MAX])
{
    for (size_t i = 0; i < GN_VERSIONS_MAX; i++) {
        if (versions[i] == 0 ? i == 0 : !gn_version_is_spoken(versions[i]))
            return false;
        for (size_t k = 0; k < i; k++)
            if (versions[i] != 0 && (versions[k] == 0 || versions[k] == versions[i]))
                return false;
    }
    return true;
}

/* No name is longer than what GN_STATE_READY can tell. */
static bool
config_alpn_ok(const char *alpn)
{
    size_t len = 0;

    if (alpn == NULL || alpn[0] == '\0')
        return false;
    for (; *alpn != '\0'; alpn++) {
        len = *alpn == ',' ? 0 : len + 1;
        if (len > GN_ALPN_MAX)
            return false;
    }
    return true;
}

/* Which field of a whole struct is wrong, or NULL. */
static const char *
config_fault(const gn_config *c)
{
    const char *out = config_out_of_range(c);

    if (out != NULL)
        return out;
    if (!gn_endpoint_config_limits_ok(&c->limits))
        return "gn_config.limits";
    if (c->observer.on_event != NULL && c->observer.size != sizeof c->observer)
        return "gn_config.observer";
    /* [R-9000-7-2] */
    if (!config_alpn_ok(c->alpn))
        return "gn_config.alpn";
    if (!config_versions_ok(c->versions))
        return "gn_config.versions";
    if (c->role == GN_ROLE_SERVER && c->certificate_pem == NULL)
        return "gn_config.certificate_pem";
    if (c->role == GN_ROLE_SERVER && c->private_key_pem == NULL)
        return "gn_config.private_key_pem";
    if (c->ca_pem == NULL &&
        (c->role == GN_ROLE_CLIENT ? c->verify_peer != 0 : c->verify_client != 0))
        return "gn_config.ca_pem";
    /* 0-RTT comes with tickets, and their absence would be noticed late. */
    if (c->role == GN_ROLE_SERVER && c->allow_early_data && c->session_tickets == 0)
        return "gn_config.session_tickets";
    if (c->application_context == NULL && c->application_context_len > 0)
        return "gn_config.application_context";
    if (!config_order_ok(c->suite_order, c->suites))
        return "gn_config.suite_order";
    return config_order_ok(c->group_order, c->groups) ? NULL : "gn_config.group_order";
}

gn_err
gn_endpoint_config_check(const gn_config *c, const char **field)
{
    const char *fault = c->size == sizeof *c ? config_fault(c) : "gn_config.size";

    if (field != NULL)
        *field = fault;
    return fault == NULL ? GN_OK : GN_ERR_CONFIG;
}

gn_err
gn_endpoint_config_take(const gn_config *given, gn_config *out, const char **field)
{
    gn_config whole;

    if (field != NULL)
        *field = given == NULL ? "config" : "gn_config.size";
    if (given == NULL || !gn_struct_size_known(GN_STRUCT_CONFIG, given->size))
        return GN_ERR_CONFIG;
    config_default(&whole, given->role);
    memcpy(&whole, given, given->size);
    whole.size = sizeof whole;
    const gn_err err = gn_endpoint_config_check(&whole, field);
    if (err == GN_OK)
        *out = whole;
    gn_ct_wipe(&whole, sizeof whole);
    return err;
}

gn_err
gn_config_check(const gn_config *config, const char **field)
{
    gn_config whole;
    const gn_err err = gn_endpoint_config_take(config, &whole, field);

    if (err == GN_OK)
        gn_ct_wipe(&whole, sizeof whole);
    return err;
}

static gn_span
config_text(const char *text, size_t len)
{
    return gn_span_of((const uint8_t *)text, text == NULL ? 0 : len);
}

void
gn_endpoint_config_tls(const gn_config *c, gn_tls_config *out)
{
    memset(out, 0, sizeof *out);
    out->role = c->role == GN_ROLE_SERVER ? GN_TLS_SERVER : GN_TLS_CLIENT;
    out->verify = c->verify_peer ? GN_TLS_VERIFY_PEER : GN_TLS_VERIFY_NONE;
    out->certificate_pem = config_text(c->certificate_pem, c->certificate_pem_len);
    out->key_pem = config_text(c->private_key_pem, c->private_key_pem_len);
    out->ca_pem = config_text(c->ca_pem, c->ca_pem_len);
    out->alpn = c->alpn;
    out->ask = (gn_tls_ask)c->verify_client;
    out->keep_certificate = c->keep_certificate != 0;
    out->suites_count = config_order(c->suite_order, c->suites, GN_SUITES, out->suites);
    out->groups_count = config_order(c->group_order, c->groups, GN_TLS_GROUPS, out->groups);
    out->shares = c->key_shares;
    out->tickets = c->session_tickets;
    out->early_data = c->allow_early_data;
    out->early_strict = c->strict_early_data != 0;
    out->ticket_life_s = (uint32_t)(c->ticket_life_us / GN_SECOND);
    memcpy(out->ticket_key, c->ticket_key, sizeof out->ticket_key);
    out->started_ms = c->started_unix_ms;
    out->unix_ms = c->unix_ms;
}
