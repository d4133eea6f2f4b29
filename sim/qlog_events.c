/*
 * qlog_events.c: see qlog_events.h.
 */
#include "sim/qlog_events.h"

#include <inttypes.h>
#include <string.h>

#include "base/be.h"
#include "base/fault.h"
#include "sim/json.h"
#include "sim/qlog_errors.h"
#include "sim/qlog_frames.h"
#include "sim/qlog_record.h"
#include "sim/words.h"

/* What the member is called that says whose doing it was. */
static const char *
qlog_side(const gn_sim_qlog_out *out)
{
    return out->profile == GN_SIM_QLOG_13 ? "initiator" : "owner";
}

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
    gn_sim_json_string(json, NULL, "urn:ietf:params:qlog:events:simulation");
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
gn_sim_qlog_events_begin(const gn_sim_qlog_out *out, const gn_sim_about *about, uint32_t host,
                         const gn_event *event)
{
    gn_sim_json json = gn_sim_json_over(out->file);
    char title[256];

    (void)snprintf(title, sizeof title, "%s, seed %" PRIu64, about->scenario, about->seed);
    (void)fputc(GN_SIM_QLOG_RECORD_SEPARATOR, out->file);
    gn_sim_json_object(&json, NULL);
    if (out->profile == GN_SIM_QLOG_COMPAT) {
        gn_sim_json_string(&json, "qlog_version", "0.3");
        gn_sim_json_string(&json, "qlog_format", "JSON-SEQ");
    }
    gn_sim_json_string(&json, "file_schema", "urn:ietf:params:qlog:file:sequential");
    gn_sim_json_string(&json, "serialization_format", "application/qlog+json-seq");
    gn_sim_json_string(&json, "title", title);
    qlog_begin_trace(&json, about, host, event);
    gn_sim_qlog_record_close(&json);

    json = gn_sim_qlog_record_open(out, 0, GN_SIM_QLOG_SCENARIO, NULL);
    gn_sim_json_string(&json, "name", about->scenario);
    gn_sim_json_uint(&json, "seed", about->seed);
    gn_sim_qlog_record_close(&json);
}

static void
qlog_state(gn_sim_qlog_events *said, const gn_sim_qlog_out *out, uint64_t at_us, const char *state)
{
    if (said->state != NULL && strcmp(said->state, state) == 0)
        return;

    gn_sim_json json = gn_sim_qlog_record_open(out, at_us, GN_SIM_QLOG_CONNECTION_STATE, NULL);
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
    if (event->version != 0) {
        uint8_t version[4];
        gn_be_write_u32(version, event->version);
        gn_sim_json_hex(json, "version", version, sizeof version);
    }
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

/* The mark of the datagram; quic-13 has its own names for them. */
static void
qlog_ecn(gn_sim_json *json, const gn_sim_qlog_out *out, uint8_t ecn)
{
    static const char *const names[] = {
        [GN_MARK_ECT1] = "ECT(1)", [GN_MARK_ECT0] = "ECT(0)", [GN_MARK_CE] = "CE"};

    if (ecn == GN_MARK_NOT_ECT || ecn > GN_MARK_CE)
        return;
    gn_sim_json_string(json, "ecn",
                       out->profile == GN_SIM_QLOG_13 ? names[ecn] : gn_sim_words_mark(ecn));
}

static void
qlog_packet(gn_sim_qlog_events *said, const gn_sim_qlog_out *out, const gn_sim_about *about,
            uint16_t route, const gn_event *event)
{
    const bool sent = event->kind == GN_EVENT_PACKET_SENT;

    if (said->state == NULL && event->connection != 0)
        qlog_state(said, out, event->now, sent ? "attempted" : "handshake_started");

    gn_sim_json json = gn_sim_qlog_record_open(
        out, event->now, sent ? GN_SIM_QLOG_PACKET_SENT : GN_SIM_QLOG_PACKET_RECEIVED,
        gn_sim_words_route(about, route));
    qlog_header(&json, event);
    qlog_raw(&json, event);
    gn_sim_qlog_frames_write(&json, out->profile, event->payload, event->payload_len);
    qlog_ecn(&json, out, event->ecn);
    if (out->profile == GN_SIM_QLOG_COMPAT)
        gn_sim_json_string(&json, "path", gn_sim_words_route(about, route));
    gn_sim_qlog_record_close(&json);
}

static void
qlog_dropped(const gn_sim_qlog_out *out, const gn_event *event)
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
    gn_sim_json json = gn_sim_qlog_record_open(out, event->now, GN_SIM_QLOG_PACKET_DROPPED, NULL);

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
qlog_buffered(const gn_sim_qlog_out *out, const gn_event *event)
{
    gn_sim_json json = gn_sim_qlog_record_open(out, event->now, GN_SIM_QLOG_PACKET_BUFFERED, NULL);

    gn_sim_json_object(&json, "header");
    gn_sim_json_string(&json, "packet_type", gn_sim_words_packet(event->packet));
    gn_sim_json_end(&json);
    qlog_raw(&json, event);
    gn_sim_json_string(&json, "trigger", "keys_unavailable");
    gn_sim_qlog_record_close(&json);
}

static void
qlog_lost(const gn_sim_qlog_out *out, const gn_event *event)
{
    gn_sim_json json = gn_sim_qlog_record_open(out, event->now, GN_SIM_QLOG_PACKET_LOST, NULL);

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
qlog_secret(const gn_sim_qlog_out *out, const gn_event *event)
{
    const char *type = qlog_key_type(event->label);

    if (type == NULL)
        return;

    gn_sim_json json = gn_sim_qlog_record_open(out, event->now, GN_SIM_QLOG_KEY_UPDATED, NULL);
    gn_sim_json_string(&json, "key_type", type);
    gn_sim_json_string(&json, "trigger", "tls");
    gn_sim_qlog_record_close(&json);
}

static void
qlog_discarded(const gn_sim_qlog_out *out, const gn_event *event)
{
    static const char *const initial[] = {"client_initial_secret", "server_initial_secret"};
    static const char *const handshake[] = {"client_handshake_secret", "server_handshake_secret"};

    if (event->packet != GN_EVENT_INITIAL && event->packet != GN_EVENT_HANDSHAKE)
        return;
    for (int side = 0; side < 2; side++) {
        gn_sim_json json =
            gn_sim_qlog_record_open(out, event->now, GN_SIM_QLOG_KEY_DISCARDED, NULL);
        gn_sim_json_string(&json, "key_type",
                           event->packet == GN_EVENT_INITIAL ? initial[side] : handshake[side]);
        gn_sim_json_string(&json, "trigger", "tls");
        gn_sim_qlog_record_close(&json);
    }
}

static void
qlog_parameters(const gn_sim_qlog_out *out, const gn_event *event)
{
    gn_sim_json json = gn_sim_qlog_record_open(out, event->now, GN_SIM_QLOG_PARAMETERS_SET, NULL);

    gn_sim_json_string(&json, qlog_side(out), event->detail == 0 ? "local" : "remote");
    gn_sim_qlog_frames_parameters(&json, event->payload, event->payload_len);
    gn_sim_qlog_record_close(&json);
}

static void
qlog_path(gn_sim_qlog_events *said, const gn_sim_qlog_out *out, const gn_sim_about *about,
          uint16_t route, const gn_event *event)
{
    static const char *const states[GN_PATH_CHANGES] = {
        [GN_PATH_PROBING] = "probing_started",
        [GN_PATH_VALIDATED] = "probing_successful",
        [GN_PATH_FAILED] = "probing_abandoned",
        [GN_PATH_ACTIVE] = "migration_complete",
    };
    const char *name = gn_sim_words_route(about, route);
    const char *id = out->profile == GN_SIM_QLOG_13 ? "tuple_id" : "path_id";

    if (event->detail >= GN_PATH_CHANGES)
        return;

    gn_sim_json json = gn_sim_qlog_record_open(out, event->now, GN_SIM_QLOG_MIGRATION_STATE, NULL);
    gn_sim_json_string(&json, "new", states[event->detail]);
    gn_sim_json_string(&json, id, name);
    gn_sim_json_uint(&json, "path_index", event->path);
    gn_sim_qlog_record_close(&json);
    if (event->detail != GN_PATH_ACTIVE)
        return;
    json = gn_sim_qlog_record_open(out, event->now, GN_SIM_QLOG_TUPLE_ASSIGNED, NULL);
    gn_sim_json_string(&json, id, name);
    if (said->has_route && out->profile == GN_SIM_QLOG_COMPAT)
        gn_sim_json_string(&json, "old_path_id", gn_sim_words_route(about, said->route));
    gn_sim_qlog_record_close(&json);
    said->route = route;
    said->has_route = true;
}

static void
qlog_pto(const gn_sim_qlog_out *out, const gn_event *event)
{
    gn_sim_json json = gn_sim_qlog_record_open(out, event->now, GN_SIM_QLOG_TIMER, NULL);

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
qlog_closed_code(gn_sim_json *json, const gn_sim_qlog_out *out, bool application, uint64_t code)
{
    if (out->profile == GN_SIM_QLOG_13 && application) {
        gn_sim_qlog_errors_application(json, "application_error", code);
    } else if (out->profile == GN_SIM_QLOG_13) {
        gn_sim_qlog_errors_transport(json, "connection_error", code);
    } else if (application) {
        gn_sim_json_uint(json, "application_code", code);
    } else {
        gn_sim_json_string(json, "connection_code", gn_fault_name(code));
        gn_sim_json_uint(json, "internal_code", code);
    }
}

static void
qlog_closed(gn_sim_qlog_events *said, const gn_sim_qlog_out *out, const gn_event *event)
{
    const bool application =
        event->detail == GN_CLOSE_LOCAL_APPLICATION || event->detail == GN_CLOSE_PEER_APPLICATION;
    const bool remote = event->detail == GN_CLOSE_PEER_APPLICATION ||
                        event->detail == GN_CLOSE_PEER_TRANSPORT ||
                        event->detail == GN_CLOSE_STATELESS_RESET;
    gn_sim_json json = gn_sim_qlog_record_open(out, event->now, GN_SIM_QLOG_CLOSED, NULL);

    gn_sim_json_string(&json, qlog_side(out), remote ? "remote" : "local");
    if (event->detail == GN_CLOSE_IDLE) {
        gn_sim_json_string(&json, "trigger", "idle_timeout");
    } else if (event->detail == GN_CLOSE_STATELESS_RESET) {
        gn_sim_json_string(&json, "trigger", "stateless_reset");
    } else if (event->detail == GN_CLOSE_NO_PATH) {
        gn_sim_json_string(&json, "trigger", "unspecified");
    } else {
        qlog_closed_code(&json, out, application, event->code);
        gn_sim_json_string(&json, "trigger", application ? "application" : "error");
    }
    gn_sim_json_text(&json, "reason", event->payload, event->payload_len);
    gn_sim_qlog_record_close(&json);
    qlog_state(said, out, event->now, qlog_end_state(event->detail));
}

void
gn_sim_qlog_events_event(gn_sim_qlog_events *said, const gn_sim_qlog_out *out,
                         const gn_sim_about *about, uint16_t route, const gn_event *event)
{
    switch (event->kind) {
    case GN_EVENT_PACKET_SENT:
    case GN_EVENT_PACKET_RECEIVED: qlog_packet(said, out, about, route, event); break;
    case GN_EVENT_PACKET_DROPPED: qlog_dropped(out, event); break;
    case GN_EVENT_PACKET_HELD: qlog_buffered(out, event); break;
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
qlog_key_update(const gn_sim_qlog_out *out, uint64_t at_us)
{
    static const char *const types[] = {"client_1rtt_secret", "server_1rtt_secret"};

    for (int side = 0; side < 2; side++) {
        gn_sim_json json = gn_sim_qlog_record_open(out, at_us, GN_SIM_QLOG_KEY_UPDATED, NULL);
        gn_sim_json_string(&json, "key_type", types[side]);
        gn_sim_qlog_record_close(&json);
    }
}

void
gn_sim_qlog_events_record(gn_sim_qlog_events *said, const gn_sim_qlog_out *out,
                          const gn_sim_record *record)
{
    if (record->kind == GN_SIM_MARKER) {
        gn_sim_json json = gn_sim_qlog_record_open(out, record->at_us, GN_SIM_QLOG_MARKER, NULL);
        gn_sim_json_string(&json, "type", "scenario_event");
        gn_sim_json_uint(&json, "number", record->a);
        gn_sim_qlog_record_close(&json);
    } else if (record->kind == GN_SIM_STATE) {
        if (record->a == GN_STATE_ACCEPTED)
            qlog_state(said, out, record->at_us, "handshake_started");
        else if (record->a == GN_STATE_READY)
            qlog_state(said, out, record->at_us,
                       out->profile == GN_SIM_QLOG_13 ? "handshake_complete"
                                                      : "handshake_completed");
        else if (record->a == GN_STATE_CONFIRMED)
            qlog_state(said, out, record->at_us, "handshake_confirmed");
        else if (record->a == GN_STATE_KEYS_UPDATED)
            qlog_key_update(out, record->at_us);
        else if (record->a >= 100)
            qlog_state(said, out, record->at_us, qlog_end_state(record->a - 100));
    }
}
