/*
 * qlog_events.c: see qlog_events.h.
 */
#include "sim/qlog_events.h"

#include <inttypes.h>
#include <string.h>

#include "base/fault.h"
#include "sim/json.h"
#include "sim/qlog_frames.h"
#include "sim/qlog_record.h"
#include "sim/words.h"

static const char *
qlog_packet_of_space(uint8_t space)
{
    return space == 0 ? "initial" : space == 1 ? "handshake" : "1RTT";
}

static void
qlog_begin_trace(gn_sim_json *json, const gn_sim_about *about, uint32_t host, const gn_event *event)
{
    const char *type = gn_sim_words_is_server(about, host) ? "server" : "client";

    gn_sim_json_object(json, "trace");
    gn_sim_json_array(json, "event_schemas");
    gn_sim_json_string(json, NULL, "urn:ietf:params:qlog:events:quic-13");
    gn_sim_json_end(json);
    gn_sim_json_object(json, "vantage_point");
    gn_sim_json_string(json, "name", gn_sim_words_host(about, host));
    gn_sim_json_string(json, "type", type);
    gn_sim_json_end(json);
    gn_sim_json_object(json, "common_fields");
    if (event != NULL && event->kind == GN_EVENT_PACKET_SENT && event->dcid_len > 0)
        gn_sim_json_hex(json, "ODCID", event->dcid, event->dcid_len);
    gn_sim_json_string(json, "time_format", "relative");
    gn_sim_json_object(json, "reference_time");
    gn_sim_json_string(json, "clock_type", "monotonic");
    gn_sim_json_string(json, "epoch", "unknown");
    gn_sim_json_end(json);
    gn_sim_json_end(json);
    gn_sim_json_end(json);
}

void
gn_sim_qlog_events_begin(FILE *out, const gn_sim_about *about, uint32_t host, const gn_event *event)
{
    gn_sim_json json = gn_sim_json_over(out);
    char title[256];

    (void)snprintf(title, sizeof title, "%s, seed %" PRIu64, about->scenario, about->seed);
    (void)fputc(GN_SIM_QLOG_RECORD_SEPARATOR, out);
    gn_sim_json_object(&json, NULL);
    gn_sim_json_string(&json, "qlog_version", "0.3");
    gn_sim_json_string(&json, "qlog_format", "JSON-SEQ");
    gn_sim_json_string(&json, "file_schema", "urn:ietf:params:qlog:file:sequential");
    gn_sim_json_string(&json, "serialization_format", "application/qlog+json-seq");
    gn_sim_json_string(&json, "title", title);
    qlog_begin_trace(&json, about, host, event);
    gn_sim_qlog_record_close(&json);

    json = gn_sim_qlog_record_open(out, 0, "simulation:scenario");
    gn_sim_json_string(&json, "name", about->scenario);
    gn_sim_json_uint(&json, "seed", about->seed);
    gn_sim_qlog_record_close(&json);
}

static void
qlog_state(gn_sim_qlog_events *said, FILE *out, uint64_t at_us, const char *state)
{
    if (said->state != NULL && strcmp(said->state, state) == 0)
        return;

    gn_sim_json json = gn_sim_qlog_record_open(out, at_us, "connectivity:connection_state_updated");
    if (said->state != NULL)
        gn_sim_json_string(&json, "old", said->state);
    gn_sim_json_string(&json, "new", state);
    gn_sim_qlog_record_close(&json);
    said->state = state;
}

static void
qlog_header(gn_sim_json *json, const gn_event *event)
{
    const bool is_long =
        event->packet != GN_EVENT_ONE_RTT && event->packet != GN_EVENT_STATELESS_RESET;
    const bool numbered = event->packet != GN_EVENT_RETRY && event->packet != GN_EVENT_VNEG &&
                          event->packet != GN_EVENT_STATELESS_RESET;

    gn_sim_json_object(json, "header");
    gn_sim_json_string(json, "packet_type", gn_sim_words_packet(event->packet));
    if (numbered)
        gn_sim_json_uint(json, "packet_number", event->pn);
    if (is_long && event->packet != GN_EVENT_VNEG)
        gn_sim_json_string(json, "version", "00000001");
    if (!is_long)
        gn_sim_json_uint(json, "key_phase", event->key_phase);
    gn_sim_json_uint(json, "dcil", event->dcid_len);
    gn_sim_json_hex(json, "dcid", event->dcid, event->dcid_len);
    if (is_long) {
        gn_sim_json_uint(json, "scil", event->scid_len);
        gn_sim_json_hex(json, "scid", event->scid, event->scid_len);
    }
    gn_sim_json_end(json);
}

static void
qlog_raw(gn_sim_json *json, const gn_event *event)
{
    gn_sim_json_object(json, "raw");
    gn_sim_json_uint(json, "length", event->len);
    if (event->payload_len > 0)
        gn_sim_json_uint(json, "payload_length", event->payload_len);
    gn_sim_json_end(json);
}

static void
qlog_packet(gn_sim_qlog_events *said, FILE *out, const gn_sim_about *about, uint16_t route,
            const gn_event *event)
{
    const bool sent = event->kind == GN_EVENT_PACKET_SENT;

    if (said->state == NULL && event->connection != 0)
        qlog_state(said, out, event->now, sent ? "attempted" : "handshake_started");

    gn_sim_json json = gn_sim_qlog_record_open(
        out, event->now, sent ? "transport:packet_sent" : "transport:packet_received");
    qlog_header(&json, event);
    qlog_raw(&json, event);
    gn_sim_qlog_frames_write(&json, event->payload, event->payload_len);
    if (event->ecn != GN_MARK_NOT_ECT)
        gn_sim_json_string(&json, "ecn", gn_sim_words_mark(event->ecn));
    gn_sim_json_string(&json, "path", gn_sim_words_route(about, route));
    gn_sim_qlog_record_close(&json);
}

static void
qlog_dropped(FILE *out, const gn_event *event)
{
    static const char *const triggers[GN_DROP_CAUSES] = {
        [GN_DROP_HEADER] = "invalid",
        [GN_DROP_VERSION] = "unsupported",
        [GN_DROP_UNKNOWN] = "connection_unknown",
        [GN_DROP_SMALL] = "invalid",
        [GN_DROP_KEYS] = "key_unavailable",
        [GN_DROP_AUTH] = "decryption_failure",
        [GN_DROP_DUPLICATE] = "duplicate",
        [GN_DROP_ROOM] = "internal_error",
        [GN_DROP_STATE] = "rejected",
        [GN_DROP_PATH] = "rejected",
    };
    gn_sim_json json = gn_sim_qlog_record_open(out, event->now, "transport:packet_dropped");

    gn_sim_json_object(&json, "header");
    gn_sim_json_string(&json, "packet_type",
                       event->detail == GN_DROP_HEADER || event->detail == GN_DROP_VERSION
                           ? "unknown"
                           : gn_sim_words_packet(event->packet));
    gn_sim_json_end(&json);
    qlog_raw(&json, event);
    if (event->detail < GN_DROP_CAUSES)
        gn_sim_json_string(&json, "trigger", triggers[event->detail]);
    gn_sim_json_object(&json, "details");
    gn_sim_json_string(&json, "cause", gn_sim_words_drop(event->detail));
    gn_sim_json_end(&json);
    gn_sim_qlog_record_close(&json);
}

static void
qlog_lost(FILE *out, const gn_event *event)
{
    gn_sim_json json = gn_sim_qlog_record_open(out, event->now, "recovery:packet_lost");

    gn_sim_json_object(&json, "header");
    gn_sim_json_string(&json, "packet_type", qlog_packet_of_space(event->space));
    gn_sim_json_uint(&json, "packet_number", event->pn);
    gn_sim_json_end(&json);
    if (event->detail == 0)
        gn_sim_json_string(&json, "trigger", "reordering_threshold");
    else if (event->detail == 1)
        gn_sim_json_string(&json, "trigger", "time_threshold");
    gn_sim_json_object(&json, "raw");
    gn_sim_json_uint(&json, "length", event->len);
    gn_sim_json_end(&json);
    gn_sim_qlog_record_close(&json);
}

/* The key types of qlog, from the names of the key log. */
static const char *
qlog_key_type(const char *label)
{
    static const char *const names[][2] = {
        {"CLIENT_EARLY_TRAFFIC_SECRET", "client_0rtt_secret"},
        {"CLIENT_HANDSHAKE_TRAFFIC_SECRET", "client_handshake_secret"},
        {"SERVER_HANDSHAKE_TRAFFIC_SECRET", "server_handshake_secret"},
        {"CLIENT_TRAFFIC_SECRET_0", "client_1rtt_secret"},
        {"SERVER_TRAFFIC_SECRET_0", "server_1rtt_secret"},
    };

    for (size_t i = 0; label != NULL && i < sizeof names / sizeof names[0]; i++)
        if (strcmp(label, names[i][0]) == 0)
            return names[i][1];
    return NULL;
}

static void
qlog_secret(FILE *out, const gn_event *event)
{
    const char *type = qlog_key_type(event->label);

    if (type == NULL)
        return;

    gn_sim_json json = gn_sim_qlog_record_open(out, event->now, "security:key_updated");
    gn_sim_json_string(&json, "key_type", type);
    gn_sim_json_string(&json, "trigger", "tls");
    gn_sim_qlog_record_close(&json);
}

static void
qlog_discarded(FILE *out, const gn_event *event)
{
    static const char *const initial[] = {"client_initial_secret", "server_initial_secret"};
    static const char *const handshake[] = {"client_handshake_secret", "server_handshake_secret"};

    if (event->packet != GN_EVENT_INITIAL && event->packet != GN_EVENT_HANDSHAKE)
        return;
    for (int side = 0; side < 2; side++) {
        gn_sim_json json = gn_sim_qlog_record_open(out, event->now, "security:key_discarded");
        gn_sim_json_string(&json, "key_type",
                           event->packet == GN_EVENT_INITIAL ? initial[side] : handshake[side]);
        gn_sim_json_string(&json, "trigger", "tls");
        gn_sim_qlog_record_close(&json);
    }
}

static void
qlog_parameters(FILE *out, const gn_event *event)
{
    gn_sim_json json = gn_sim_qlog_record_open(out, event->now, "transport:parameters_set");

    gn_sim_json_string(&json, "owner", event->detail == 0 ? "local" : "remote");
    gn_sim_qlog_frames_parameters(&json, event->payload, event->payload_len);
    gn_sim_qlog_record_close(&json);
}

static void
qlog_path(gn_sim_qlog_events *said, FILE *out, const gn_sim_about *about, uint16_t route,
          const gn_event *event)
{
    static const char *const states[GN_PATH_CHANGES] = {
        [GN_PATH_PROBING] = "probing_started",
        [GN_PATH_VALIDATED] = "probing_successful",
        [GN_PATH_FAILED] = "probing_abandoned",
        [GN_PATH_ACTIVE] = "migration_complete",
    };
    const char *name = gn_sim_words_route(about, route);

    if (event->detail >= GN_PATH_CHANGES)
        return;

    gn_sim_json json =
        gn_sim_qlog_record_open(out, event->now, "connectivity:migration_state_updated");
    gn_sim_json_string(&json, "new", states[event->detail]);
    gn_sim_json_string(&json, "path_id", name);
    gn_sim_json_uint(&json, "path_index", event->path);
    gn_sim_qlog_record_close(&json);
    if (event->detail != GN_PATH_ACTIVE)
        return;
    json = gn_sim_qlog_record_open(out, event->now, "connectivity:path_assigned");
    gn_sim_json_string(&json, "path_id", name);
    if (said->has_route)
        gn_sim_json_string(&json, "old_path_id", gn_sim_words_route(about, said->route));
    gn_sim_qlog_record_close(&json);
    said->route = route;
    said->has_route = true;
}

static void
qlog_pto(FILE *out, const gn_event *event)
{
    gn_sim_json json = gn_sim_qlog_record_open(out, event->now, "recovery:loss_timer_updated");

    gn_sim_json_string(&json, "event_type", "expired");
    gn_sim_json_string(&json, "timer_type", "pto");
    gn_sim_json_string(&json, "packet_number_space",
                       event->space == 2 ? "application_data" : gn_sim_words_space(event->space));
    gn_sim_json_uint(&json, "pto_count", event->code);
    gn_sim_qlog_record_close(&json);
}

/* The state that a connection is in when it ends for this cause. */
static const char *
qlog_end_state(uint64_t cause)
{
    switch (cause) {
    case GN_CLOSE_LOCAL_APPLICATION:
    case GN_CLOSE_LOCAL_TRANSPORT: return "closing";
    case GN_CLOSE_PEER_APPLICATION:
    case GN_CLOSE_PEER_TRANSPORT:
    case GN_CLOSE_STATELESS_RESET: return "draining";
    default: return "closed";
    }
}

static void
qlog_closed(gn_sim_qlog_events *said, FILE *out, const gn_event *event)
{
    const bool application =
        event->detail == GN_CLOSE_LOCAL_APPLICATION || event->detail == GN_CLOSE_PEER_APPLICATION;
    const bool remote = event->detail == GN_CLOSE_PEER_APPLICATION ||
                        event->detail == GN_CLOSE_PEER_TRANSPORT ||
                        event->detail == GN_CLOSE_STATELESS_RESET;
    gn_sim_json json = gn_sim_qlog_record_open(out, event->now, "connectivity:connection_closed");

    gn_sim_json_string(&json, "owner", remote ? "remote" : "local");
    if (event->detail == GN_CLOSE_IDLE) {
        gn_sim_json_string(&json, "trigger", "idle_timeout");
    } else if (event->detail == GN_CLOSE_STATELESS_RESET) {
        gn_sim_json_string(&json, "trigger", "stateless_reset");
    } else if (application) {
        gn_sim_json_uint(&json, "application_code", event->code);
        gn_sim_json_string(&json, "trigger", "application");
    } else {
        gn_sim_json_string(&json, "connection_code", gn_fault_name(event->code));
        gn_sim_json_uint(&json, "internal_code", event->code);
        gn_sim_json_string(&json, "trigger", "error");
    }
    gn_sim_json_text(&json, "reason", event->payload, event->payload_len);
    gn_sim_qlog_record_close(&json);
    qlog_state(said, out, event->now, qlog_end_state(event->detail));
}

void
gn_sim_qlog_events_event(gn_sim_qlog_events *said, FILE *out, const gn_sim_about *about,
                         uint16_t route, const gn_event *event)
{
    switch (event->kind) {
    case GN_EVENT_PACKET_SENT:
    case GN_EVENT_PACKET_RECEIVED: qlog_packet(said, out, about, route, event); break;
    case GN_EVENT_PACKET_DROPPED: qlog_dropped(out, event); break;
    case GN_EVENT_PACKET_LOST: qlog_lost(out, event); break;
    case GN_EVENT_SECRET: qlog_secret(out, event); break;
    case GN_EVENT_KEYS_DISCARDED: qlog_discarded(out, event); break;
    case GN_EVENT_PARAMETERS: qlog_parameters(out, event); break;
    case GN_EVENT_METRICS:
        if (event->info != NULL)
            gn_sim_qlog_metrics_write(&said->metrics, out, event->now, event->info);
        break;
    case GN_EVENT_PATH: qlog_path(said, out, about, route, event); break;
    case GN_EVENT_PTO: qlog_pto(out, event); break;
    case GN_EVENT_CLOSED: qlog_closed(said, out, event); break;
    default: break;
    }
}

static void
qlog_key_update(FILE *out, uint64_t at_us)
{
    static const char *const types[] = {"client_1rtt_secret", "server_1rtt_secret"};

    for (int side = 0; side < 2; side++) {
        gn_sim_json json = gn_sim_qlog_record_open(out, at_us, "security:key_updated");
        gn_sim_json_string(&json, "key_type", types[side]);
        gn_sim_qlog_record_close(&json);
    }
}

void
gn_sim_qlog_events_record(gn_sim_qlog_events *said, FILE *out, const gn_sim_record *record)
{
    if (record->kind == GN_SIM_MARKER) {
        gn_sim_json json = gn_sim_qlog_record_open(out, record->at_us, "simulation:marker");
        gn_sim_json_string(&json, "type", "scenario_event");
        gn_sim_json_uint(&json, "number", record->a);
        gn_sim_qlog_record_close(&json);
    } else if (record->kind == GN_SIM_STATE) {
        if (record->a == GN_STATE_ACCEPTED)
            qlog_state(said, out, record->at_us, "handshake_started");
        else if (record->a == GN_STATE_READY)
            qlog_state(said, out, record->at_us, "handshake_completed");
        else if (record->a == GN_STATE_CONFIRMED)
            qlog_state(said, out, record->at_us, "handshake_confirmed");
        else if (record->a == GN_STATE_KEYS_UPDATED)
            qlog_key_update(out, record->at_us);
        else if (record->a >= 100)
            qlog_state(said, out, record->at_us, qlog_end_state(record->a - 100));
    }
}
