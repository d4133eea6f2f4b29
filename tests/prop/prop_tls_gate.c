/*
 * prop_tls_gate.c: what must hold when any bytes come at the gate of TLS.
 *
 * The first byte chooses the role, the second how the rest is cut into pieces.
 * Given whole or in pieces, the same messages pass and the same fault, if any,
 * ends it; the messages together are the bytes; each is as long as it says;
 * the bytes themselves are never written.
 */
#include <string.h>

#include "base/siphash.h"
#include "prop.h"
#include "tls/tls_gate.h"

enum { BUFFER = GN_TLS_MESSAGE_MAX };

/* What came of a run of bytes. */
typedef struct outcome {
    uint64_t hash; /* of all messages */
    size_t messages;
    size_t bytes; /* of all messages */
    gn_err err;   /* GN_ERR_SHORT or GN_ERR_FORM */
    gn_fault fault;
    gn_level level;
    bool sound;
} outcome;

static void
outcome_add(outcome *o, gn_span message)
{
    uint8_t key[16] = {0};

    memcpy(key, &o->hash, sizeof o->hash);
    o->hash = gn_siphash(key, message.ptr, message.len);
    o->messages++;
    o->bytes += message.len;
    if (message.len < GN_TLS_GATE_HEADER_BYTES || message.len > GN_TLS_MESSAGE_MAX ||
        message.len != GN_TLS_GATE_HEADER_BYTES + ((size_t)message.ptr[1] << 16 |
                                                   (size_t)message.ptr[2] << 8 | message.ptr[3]))
        o->sound = false;
}

static outcome
run(gn_tls_role role, const uint8_t *bytes, size_t len, size_t piece)
{
    static uint8_t buffer[BUFFER];
    gn_tls_gate gate;
    outcome o = {.err = GN_ERR_SHORT, .sound = true};
    size_t cap = 0;

    gn_tls_gate_init(&gate, role);
    for (size_t at = 0; o.err == GN_ERR_SHORT && at < len; at += piece) {
        gn_reader in = gn_reader_over(bytes + at, piece > len - at ? len - at : piece);
        do {
            gn_span message = {0};
            o.err =
                gn_tls_gate_push(&gate, (gn_level)gate.level, &in, buffer, cap, &message, &o.fault);
            if (o.err == GN_OK)
                outcome_add(&o, message);
            if (o.err == GN_ERR_FULL) {
                if (gn_tls_gate_needs(&gate, &in) <= cap || gn_tls_gate_needs(&gate, &in) > BUFFER)
                    o.sound = false;
                cap = gn_tls_gate_needs(&gate, &in);
            }
        } while (o.sound && (o.err == GN_OK || o.err == GN_ERR_FULL));
        if (o.err == GN_ERR_SHORT && gn_reader_left(&in) != 0)
            o.sound = false;
    }
    o.level = (gn_level)gate.level;
    return o;
}

bool
gn_prop_tls_gate(const uint8_t *bytes, size_t len)
{
    static uint8_t copy[4096];

    if (len < 2 || len > sizeof copy)
        return true;
    const gn_tls_role role = bytes[0] % 2 ? GN_TLS_SERVER : GN_TLS_CLIENT;
    memcpy(copy, bytes, len);
    const outcome whole = run(role, copy + 2, len - 2, len);
    const outcome cut = run(role, copy + 2, len - 2, 1 + bytes[1] % 16);
    return whole.sound && cut.sound && memcmp(copy, bytes, len) == 0 &&
           (whole.err == GN_ERR_SHORT || whole.err == GN_ERR_FORM) && whole.err == cut.err &&
           whole.messages == cut.messages && whole.hash == cut.hash && whole.bytes == cut.bytes &&
           whole.bytes <= len - 2 && whole.level == cut.level &&
           (whole.err == GN_ERR_SHORT || (whole.fault.wire_code == cut.fault.wire_code &&
                                          strncmp(whole.fault.why, "RFC ", 4) == 0));
}
