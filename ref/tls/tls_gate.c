/*
 * tls_gate.c: see tls_gate.h.
 */
#include "tls/tls_gate.h"

#include "base/assert.h"
#include "base/bytes.h"
#include "tls/tls_alert.h"
#include "tls/tls_hello.h"

void
gn_tls_gate_init(gn_tls_gate *gate, gn_tls_role role)
{
    *gate = (gn_tls_gate){.role = (uint8_t)role, .level = GN_LEVEL_INITIAL};
}

size_t
gn_tls_gate_needs(const gn_tls_gate *gate, const gn_reader *in)
{
    size_t missing = gate->whole - gate->have;
    size_t some = gn_reader_left(in) < missing ? gn_reader_left(in) : missing;

    return gate->whole == 0 ? 0 : gate->have + some;
}

bool
gn_tls_gate_is_waiting(const gn_tls_gate *gate)
{
    return gate->have > 0;
}

static gn_err
refuse_violation(gn_fault *fault, const char *why)
{
    return gn_fault_set(fault, GN_FAULT_PROTOCOL_VIOLATION, GN_TLS_ALERT_FRAME, why);
}

/* Whether bytes may come at this level now. [R-9001-4.1.3-1] */
static gn_err
judge_level(const gn_tls_gate *gate, gn_level level, gn_fault *fault)
{
    /* [R-9001-8.3-2] */
    if (level == GN_LEVEL_EARLY)
        return refuse_violation(fault, "RFC 9001 8.3: CRYPTO in a 0-RTT packet");
    /* [R-9001-4.1.3-2] */
    if (level < gate->level)
        return refuse_violation(fault, "RFC 9001 4.1.3: more bytes of an earlier level");
    if (level > gate->level)
        return refuse_violation(fault, "RFC 9001 4.1.3: bytes of a level not reached");
    return GN_OK;
}

/* Whether a message of this type may come from the peer at the present level. */
static bool
type_fits(const gn_tls_gate *gate, uint8_t type)
{
    bool client = gate->role == GN_TLS_CLIENT;

    switch (type) {
    case GN_TLS_GATE_CLIENT_HELLO:
        return !client && gate->level == GN_LEVEL_INITIAL &&
               (gate->hellos == 0 || (gate->hellos == 1 && gate->retry));
    case GN_TLS_GATE_SERVER_HELLO: return client && gate->level == GN_LEVEL_INITIAL;
    case GN_TLS_GATE_ENCRYPTED_EXTENSIONS:
    case GN_TLS_GATE_CERTIFICATE_REQUEST: return client && gate->level == GN_LEVEL_HANDSHAKE;
    case GN_TLS_GATE_CERTIFICATE:
    case GN_TLS_GATE_CERTIFICATE_VERIFY:
    case GN_TLS_GATE_FINISHED: return gate->level == GN_LEVEL_HANDSHAKE;
    case GN_TLS_GATE_NEW_SESSION_TICKET: return client && gate->level == GN_LEVEL_APP;
    default: return false;
    }
}

static gn_err
judge_type(const gn_tls_gate *gate, uint8_t type, gn_fault *fault)
{
    if (type_fits(gate, type))
        return GN_OK;
    /* RFC 9001 6: keys change by the Key Phase bit alone. [R-9001-6-2] */
    if (type == GN_TLS_GATE_KEY_UPDATE)
        return gn_tls_alert_fault(fault, GN_TLS_ALERT_UNEXPECTED_MESSAGE,
                                  "RFC 9001 6: a TLS KeyUpdate message");
    /* [R-9001-4.4-3] */
    if (type == GN_TLS_GATE_CERTIFICATE_REQUEST && gate->role == GN_TLS_CLIENT &&
        gate->level == GN_LEVEL_APP)
        return refuse_violation(fault, "RFC 9001 4.4: post-handshake authentication");
    return gn_tls_alert_fault(fault, GN_TLS_ALERT_UNEXPECTED_MESSAGE,
                              "RFC 8446 4: a message that may not come here");
}

/* A ServerHello passed that is no HelloRetryRequest. */
static void
gate_move(gn_tls_gate *gate, gn_span body)
{
    gate->level = GN_LEVEL_HANDSHAKE;
    gate->group = gn_tls_hello_group(body);
}

/* Looks into a whole message and moves to the level that follows it. */
static gn_err
judge_message(gn_tls_gate *gate, gn_span message, gn_fault *fault)
{
    const gn_span body =
        gn_span_of(message.ptr + GN_TLS_GATE_HEADER_BYTES, message.len - GN_TLS_GATE_HEADER_BYTES);
    gn_span alpn;
    bool flag = false;
    gn_err err = GN_OK;

    switch (message.ptr[0]) {
    case GN_TLS_GATE_CLIENT_HELLO:
        err = gn_tls_hello_judge_client(body, fault);
        gate->offered |= gn_tls_hello_offers_early(message);
        gate->hellos++;
        break;
    case GN_TLS_GATE_SERVER_HELLO:
        err = gn_tls_hello_judge_server(body, &flag, fault);
        if (err != GN_OK)
            break;
        /* RFC 8446 4.1.4: a client is asked to retry once. */
        if (flag && gate->retry)
            return gn_tls_alert_fault(fault, GN_TLS_ALERT_UNEXPECTED_MESSAGE,
                                      "RFC 8446 4.1.4: a second HelloRetryRequest");
        gate->hellos++;
        if (flag)
            gate->retry = 1;
        else
            gate_move(gate, body);
        break;
    case GN_TLS_GATE_ENCRYPTED_EXTENSIONS:
        err = gn_tls_hello_judge_encrypted(body, &alpn, &flag, fault);
        gate->early = flag && !gate->retry;
        break;
    case GN_TLS_GATE_NEW_SESSION_TICKET: err = gn_tls_hello_judge_ticket(body, fault); break;
    case GN_TLS_GATE_FINISHED: gate->level = GN_LEVEL_APP; break;
    default: break;
    }
    return err;
}

/* Takes what is missing of the four bytes in front, then judges them. GN_ERR_SHORT: not all yet. */
static gn_err
take_header(gn_tls_gate *gate, gn_reader *in, gn_fault *fault)
{
    if (gn_reader_left(in) == 0)
        return GN_ERR_SHORT;
    if (gate->have == 0) {
        gn_err err = judge_type(gate, in->base[in->at], fault);
        if (err != GN_OK)
            return err;
    }
    while (gate->have < GN_TLS_GATE_HEADER_BYTES) {
        gn_err err = gn_reader_u8(in, &gate->header[gate->have]);
        if (err != GN_OK)
            return err;
        gate->have++;
    }
    uint32_t body_len =
        (uint32_t)gate->header[1] * 0x10000 + (uint32_t)gate->header[2] * 0x100 + gate->header[3];
    /* RFC 9000 7.5: we may refuse to keep more than we have room for. */
    if (body_len > GN_TLS_MESSAGE_MAX - GN_TLS_GATE_HEADER_BYTES)
        return gn_fault_set(fault, GN_FAULT_CRYPTO_BUFFER, GN_TLS_ALERT_FRAME,
                            "RFC 9000 7.5: a handshake message above 64 KiB");
    gate->whole = body_len + GN_TLS_GATE_HEADER_BYTES;
    return GN_OK;
}

gn_err
gn_tls_gate_push(gn_tls_gate *gate, gn_level level, gn_reader *in, uint8_t *buffer, size_t cap,
                 gn_span *message, gn_fault *fault)
{
    const size_t begin = in->at;
    const bool fresh = gate->have == 0;
    gn_span result;
    gn_err err;

    if (gn_reader_left(in) == 0 && gate->have < GN_TLS_GATE_HEADER_BYTES)
        return GN_ERR_SHORT;
    err = judge_level(gate, level, fault);
    if (err != GN_OK)
        return err;
    if (gate->have < GN_TLS_GATE_HEADER_BYTES) {
        err = take_header(gate, in, fault);
        if (err != GN_OK)
            return err;
    }

    size_t missing = gate->whole - gate->have;
    if (fresh && gn_reader_left(in) >= missing) {
        result = gn_span_of(in->base + begin, gate->whole);
        in->at += missing;
    } else {
        size_t some = gn_reader_left(in) < missing ? gn_reader_left(in) : missing;
        if (cap < gate->have + some)
            return GN_ERR_FULL;
        gn_bytes_copy(buffer, gate->header, GN_TLS_GATE_HEADER_BYTES);
        err = gn_reader_copy(in, buffer + gate->have, some);
        GN_ASSERT(err == GN_OK);
        gate->have += (uint32_t)some;
        if (gate->have < gate->whole)
            return GN_ERR_SHORT;
        result = gn_span_of(buffer, gate->whole);
    }
    gate->have = 0;
    gate->whole = 0;
    err = judge_message(gate, result, fault);
    if (err == GN_OK)
        *message = result;
    return err;
}

void
gn_tls_gate_on_sent(gn_tls_gate *gate, gn_level level, gn_span message)
{
    GN_ASSERT(message.len >= GN_TLS_GATE_HEADER_BYTES);
    if (gate->role != GN_TLS_SERVER || level != GN_LEVEL_INITIAL ||
        message.ptr[0] != GN_TLS_GATE_SERVER_HELLO)
        return;
    const gn_span body =
        gn_span_of(message.ptr + GN_TLS_GATE_HEADER_BYTES, message.len - GN_TLS_GATE_HEADER_BYTES);
    if (gn_tls_hello_is_retry(body))
        gate->retry = 1;
    else
        gate_move(gate, body);
}
