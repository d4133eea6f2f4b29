/*
 * qlog_frames.c: see qlog_frames.h.
 */
#include "sim/qlog_frames.h"

#include <stdbool.h>

#include "base/fault.h"
#include "base/reader.h"
#include "sim/qlog_errors.h"
#include "wire/ack_iter.h"
#include "wire/frame.h"
#include "wire/tparams.h"
#include "wire/tparams_field.h"
#include "wire/tparams_table.h"

/* How long it is: quic-13 keeps lengths in an object of their own. */
static void
frames_length(gn_sim_json *json, gn_sim_qlog_profile profile, const char *key, uint64_t len)
{
    if (profile == GN_SIM_QLOG_13)
        gn_sim_json_object(json, "raw");
    gn_sim_json_uint(json, key, len);
    if (profile == GN_SIM_QLOG_13)
        gn_sim_json_end(json);
}

/* The code of an application's error. */
static void
frames_error(gn_sim_json *json, gn_sim_qlog_profile profile, uint64_t code)
{
    if (profile == GN_SIM_QLOG_13)
        gn_sim_qlog_errors_application(json, "error", code);
    else
        gn_sim_json_uint(json, "error_code", code);
}

static void
frames_ack(gn_sim_json *json, gn_sim_qlog_profile profile, const gn_frame_ack *ack)
{
    gn_ack_iter it = gn_ack_iter_over(ack);
    gn_range range;

    gn_sim_json_string(json, "frame_type", "ack");
    /* The exponent is in the handshake; both ends of ours keep the default, 3 (RFC 9000 18.2). */
    gn_sim_json_ms(json, "ack_delay", ack->delay * 8);
    gn_sim_json_array(json, "acked_ranges");
    while (gn_ack_iter_next(&it, &range)) {
        gn_sim_json_array(json, NULL);
        gn_sim_json_uint(json, NULL, range.from);
        if (profile == GN_SIM_QLOG_COMPAT || range.to - range.from > 1)
            gn_sim_json_uint(json, NULL, range.to - 1);
        gn_sim_json_end(json);
    }
    gn_sim_json_end(json);
    if (ack->has_ecn) {
        gn_sim_json_uint(json, "ect0", ack->ect0);
        gn_sim_json_uint(json, "ect1", ack->ect1);
        gn_sim_json_uint(json, "ce", ack->ce);
    }
}

/* What carries stream or handshake bytes, and the two that end a stream early. */
static bool
frames_data(gn_sim_json *json, gn_sim_qlog_profile profile, const gn_frame *frame)
{
    if (frame->type == GN_FRAME_CRYPTO) {
        gn_sim_json_string(json, "frame_type", "crypto");
        gn_sim_json_uint(json, "offset", frame->as.crypto.off);
        frames_length(json, profile, "length", frame->as.crypto.data.len);
    } else if (frame->type >= GN_FRAME_STREAM && frame->type <= GN_FRAME_STREAM_LAST) {
        gn_sim_json_string(json, "frame_type", "stream");
        gn_sim_json_uint(json, "stream_id", frame->as.stream.id);
        gn_sim_json_uint(json, "offset", frame->as.stream.off);
        frames_length(json, profile, "length", frame->as.stream.data.len);
        gn_sim_json_bool(json, "fin", frame->as.stream.fin);
    } else if (frame->type == GN_FRAME_DATAGRAM || frame->type == GN_FRAME_DATAGRAM_LEN) {
        gn_sim_json_string(json, "frame_type", "datagram");
        frames_length(json, profile, "length", frame->as.datagram.data.len);
    } else if (frame->type == GN_FRAME_RESET_STREAM) {
        gn_sim_json_string(json, "frame_type", "reset_stream");
        gn_sim_json_uint(json, "stream_id", frame->as.reset_stream.id);
        frames_error(json, profile, frame->as.reset_stream.error_code);
        gn_sim_json_uint(json, "final_size", frame->as.reset_stream.final_size);
    } else if (frame->type == GN_FRAME_STOP_SENDING) {
        gn_sim_json_string(json, "frame_type", "stop_sending");
        gn_sim_json_uint(json, "stream_id", frame->as.stop_sending.id);
        frames_error(json, profile, frame->as.stop_sending.error_code);
    } else {
        return false;
    }
    return true;
}

/* The frames of flow control (RFC 9000 19.9 to 19.14), one row a type. */
static bool
frames_credit(gn_sim_json *json, const gn_frame *frame)
{
    static const struct {
        uint64_t type;
        const char *name;
        const char *value;       /* what the limit is called */
        const char *stream_type; /* NULL: not about a kind of stream */
        bool has_id;
    } rows[] = {
        {GN_FRAME_MAX_DATA, "max_data", "maximum", NULL, false},
        {GN_FRAME_MAX_STREAM_DATA, "max_stream_data", "maximum", NULL, true},
        {GN_FRAME_MAX_STREAMS_BIDI, "max_streams", "maximum", "bidirectional", false},
        {GN_FRAME_MAX_STREAMS_UNI, "max_streams", "maximum", "unidirectional", false},
        {GN_FRAME_DATA_BLOCKED, "data_blocked", "limit", NULL, false},
        {GN_FRAME_STREAM_DATA_BLOCKED, "stream_data_blocked", "limit", NULL, true},
        {GN_FRAME_STREAMS_BLOCKED_BIDI, "streams_blocked", "limit", "bidirectional", false},
        {GN_FRAME_STREAMS_BLOCKED_UNI, "streams_blocked", "limit", "unidirectional", false},
    };

    for (size_t row = 0; row < sizeof rows / sizeof rows[0]; row++) {
        if (rows[row].type != frame->type)
            continue;
        gn_sim_json_string(json, "frame_type", rows[row].name);
        if (rows[row].has_id)
            gn_sim_json_uint(json, "stream_id", frame->as.credit.id);
        if (rows[row].stream_type != NULL)
            gn_sim_json_string(json, "stream_type", rows[row].stream_type);
        gn_sim_json_uint(json, rows[row].value, frame->as.credit.limit);
        return true;
    }
    return false;
}

static void
frames_token(gn_sim_json *json, gn_sim_qlog_profile profile, gn_span token)
{
    gn_sim_json_object(json, "token");
    if (profile == GN_SIM_QLOG_13)
        gn_sim_json_object(json, "raw");
    gn_sim_json_hex(json, "data", token.ptr, token.len);
    if (profile == GN_SIM_QLOG_13)
        gn_sim_json_end(json);
    gn_sim_json_end(json);
}

/* Connection IDs, paths and tokens. */
static bool
frames_path(gn_sim_json *json, gn_sim_qlog_profile profile, const gn_frame *frame)
{
    const gn_frame_new_connection_id *issued = &frame->as.new_connection_id;

    if (frame->type == GN_FRAME_NEW_CONNECTION_ID) {
        gn_sim_json_string(json, "frame_type", "new_connection_id");
        gn_sim_json_uint(json, "sequence_number", issued->seq);
        gn_sim_json_uint(json, "retire_prior_to", issued->retire_prior_to);
        gn_sim_json_uint(json, "connection_id_length", issued->cid.len);
        gn_sim_json_hex(json, "connection_id", issued->cid.bytes, issued->cid.len);
        gn_sim_json_hex(json, "stateless_reset_token", issued->reset_token, GN_RESET_TOKEN_BYTES);
    } else if (frame->type == GN_FRAME_RETIRE_CONNECTION_ID) {
        gn_sim_json_string(json, "frame_type", "retire_connection_id");
        gn_sim_json_uint(json, "sequence_number", frame->as.retire_connection_id.seq);
    } else if (frame->type == GN_FRAME_PATH_CHALLENGE || frame->type == GN_FRAME_PATH_RESPONSE) {
        gn_sim_json_string(json, "frame_type",
                           frame->type == GN_FRAME_PATH_CHALLENGE ? "path_challenge"
                                                                  : "path_response");
        gn_sim_json_hex(json, "data", frame->as.path.data, GN_FRAME_CHALLENGE_BYTES);
    } else if (frame->type == GN_FRAME_NEW_TOKEN) {
        gn_sim_json_string(json, "frame_type", "new_token");
        frames_token(json, profile, frame->as.new_token.token);
    } else {
        return false;
    }
    return true;
}

static void
frames_close_error(gn_sim_json *json, gn_sim_qlog_profile profile, const gn_frame *frame)
{
    const uint64_t code = frame->as.close.error_code;

    if (frame->type == GN_FRAME_CLOSE_APP) {
        frames_error(json, profile, code);
    } else if (profile == GN_SIM_QLOG_13) {
        gn_sim_qlog_errors_transport(json, "error", code);
    } else {
        gn_sim_json_uint(json, "error_code", code);
        gn_sim_json_string(json, "error", gn_fault_name(code));
    }
}

static bool
frames_plain(gn_sim_json *json, gn_sim_qlog_profile profile, const gn_frame *frame)
{
    const gn_frame_close *close = &frame->as.close;

    if (frame->type == GN_FRAME_PADDING) {
        gn_sim_json_string(json, "frame_type", "padding");
        frames_length(json, profile, "payload_length", frame->as.padding.count);
    } else if (frame->type == GN_FRAME_PING) {
        gn_sim_json_string(json, "frame_type", "ping");
    } else if (frame->type == GN_FRAME_HANDSHAKE_DONE) {
        gn_sim_json_string(json, "frame_type", "handshake_done");
    } else if (frame->type == GN_FRAME_CLOSE || frame->type == GN_FRAME_CLOSE_APP) {
        gn_sim_json_string(json, "frame_type", "connection_close");
        gn_sim_json_string(json, "error_space",
                           frame->type == GN_FRAME_CLOSE ? "transport" : "application");
        frames_close_error(json, profile, frame);
        gn_sim_json_text(json, "reason", close->reason.ptr, close->reason.len);
        if (frame->type == GN_FRAME_CLOSE)
            gn_sim_json_uint(json, "trigger_frame_type", close->frame_type);
    } else {
        return false;
    }
    return true;
}

static void
frames_one(gn_sim_json *json, gn_sim_qlog_profile profile, const gn_frame *frame)
{
    gn_sim_json_object(json, NULL);
    if (frame->type == GN_FRAME_ACK || frame->type == GN_FRAME_ACK_ECN) {
        frames_ack(json, profile, &frame->as.ack);
    } else if (!frames_data(json, profile, frame) && !frames_credit(json, frame) &&
               !frames_path(json, profile, frame) && !frames_plain(json, profile, frame)) {
        gn_sim_json_string(json, "frame_type", "unknown");
        gn_sim_json_uint(json, "frame_type_bytes", frame->type);
    }
    gn_sim_json_end(json);
}

void
gn_sim_qlog_frames_write(gn_sim_json *json, gn_sim_qlog_profile profile, const uint8_t *payload,
                         size_t len)
{
    gn_reader reader = gn_reader_over(payload, len);

    gn_sim_json_array(json, "frames");
    while (gn_reader_left(&reader) > 0) {
        gn_frame frame;
        gn_fault fault;

        if (gn_frame_read(&reader, &frame, &fault) != GN_OK) {
            gn_sim_json_object(json, NULL);
            gn_sim_json_string(json, "frame_type", "unknown");
            gn_sim_json_string(json, "error", fault.why);
            gn_sim_json_uint(json, "frame_type_bytes", fault.frame_type);
            gn_sim_json_object(json, "raw");
            gn_sim_json_uint(json, "length", gn_reader_left(&reader));
            gn_sim_json_end(json);
            gn_sim_json_end(json);
            break;
        }
        frames_one(json, profile, &frame);
    }
    gn_sim_json_end(json);
}

static void
parameters_address(gn_sim_json *json, const gn_tparams_address *address)
{
    gn_sim_json_object(json, "preferred_address");
    gn_sim_json_hex(json, "ip_v4", address->ipv4, sizeof address->ipv4);
    gn_sim_json_uint(json, "port_v4", address->ipv4_port);
    gn_sim_json_hex(json, "ip_v6", address->ipv6, sizeof address->ipv6);
    gn_sim_json_uint(json, "port_v6", address->ipv6_port);
    gn_sim_json_hex(json, "connection_id", address->cid.bytes, address->cid.len);
    gn_sim_json_hex(json, "stateless_reset_token", address->reset_token, GN_RESET_TOKEN_BYTES);
    gn_sim_json_end(json);
}

static void
parameters_cid(gn_sim_json *json, const char *name, const gn_cid *cid)
{
    gn_sim_json_hex(json, name, cid->bytes, cid->len);
}

/* RFC 9368 3, as four bytes each. */
static void
parameters_versions(gn_sim_json *json, const char *name, const gn_tparams *parameters)
{
    uint8_t bytes[4];

    gn_sim_json_object(json, name);
    gn_be_write_u32(bytes, parameters->chosen_version);
    gn_sim_json_hex(json, "chosen_version", bytes, sizeof bytes);
    gn_sim_json_array(json, "available_versions");
    for (size_t i = 0; i < parameters->version_count; i++) {
        gn_be_write_u32(bytes, parameters->versions[i]);
        gn_sim_json_hex(json, NULL, bytes, sizeof bytes);
    }
    gn_sim_json_end(json);
    gn_sim_json_end(json);
}

static void
parameters_one(gn_sim_json *json, const gn_tparams *parameters, size_t at)
{
    const gn_tparams_row row = gn_tparams_table_at(at);
    const char *name = gn_tparams_table_words(at)->name;

    if (row.present != 0 && (parameters->present & row.present) == 0)
        return;
    switch (row.kind) {
    case GN_TPARAMS_INTEGER:
        gn_sim_json_uint(json, name, gn_tparams_field_integer(parameters, row.id));
        break;
    case GN_TPARAMS_FLAG:
        if (row.id == 0x0c)
            gn_sim_json_bool(json, name, parameters->disable_active_migration);
        else if (parameters->grease_quic_bit)
            gn_sim_json_bool(json, name, true);
        break;
    case GN_TPARAMS_LIST: parameters_versions(json, name, parameters); break;
    case GN_TPARAMS_CID:
        parameters_cid(json, name, gn_tparams_field_cid(parameters, row.id));
        break;
    case GN_TPARAMS_TOKEN:
        gn_sim_json_hex(json, name, parameters->reset_token, GN_RESET_TOKEN_BYTES);
        break;
    case GN_TPARAMS_ADDRESS: parameters_address(json, &parameters->preferred_address); break;
    }
}

void
gn_sim_qlog_frames_parameters(gn_sim_json *json, const uint8_t *bytes, size_t len)
{
    gn_tparams parameters;
    gn_fault fault;

    if (gn_tparams_read(gn_span_of(bytes, len), true, &parameters, &fault) != GN_OK) {
        gn_sim_json_string(json, "invalid", fault.why);
        return;
    }
    for (size_t at = 0; at < GN_TPARAMS_ROWS; at++)
        parameters_one(json, &parameters, at);
}
