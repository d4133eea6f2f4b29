/*
 * frame_rules.c: see frame_rules.h.
 */
#include "wire/frame_rules.h"

#include <stddef.h>

#include "base/assert.h"

#define IN_I [GN_PACKET_INITIAL] = true
#define IN_H [GN_PACKET_HANDSHAKE] = true
#define IN_0 [GN_PACKET_ZERO_RTT] = true
#define IN_1 [GN_PACKET_ONE_RTT] = true

/* The column "Pkts" of Table 3. */
#define IH01                                                                                       \
    {                                                                                              \
        IN_I, IN_H, IN_0, IN_1                                                                     \
    }
#define IH_1                                                                                       \
    {                                                                                              \
        IN_I, IN_H, IN_1                                                                           \
    }
#define ON01                                                                                       \
    {                                                                                              \
        IN_0, IN_1                                                                                 \
    }
#define ON_1                                                                                       \
    {                                                                                              \
        IN_1                                                                                       \
    }

#define ROW(number, title, section, kinds, elicits, flies, probes, server_only)                    \
    {                                                                                              \
        .type = (number), .name = (title), .in = kinds, .ack_eliciting = (elicits),                \
        .in_flight = (flies), .probing = (probes), .no_client = (server_only),                     \
        .cut = "RFC " section ": the " title " frame is cut short"                                 \
    }

/* Rows 0x00 to 0x1e stand at their type; what follows is sparse. */
#define RULES_DENSE 0x1f

/*
 * RFC 9000 12.4, Table 3, with two readings of its own text. 12.5:
 * RETIRE_CONNECTION_ID cannot be sent in 0-RTT packets, though the table has it
 * there. RFC 9002 3: CONNECTION_CLOSE, like ACK, is not in flight.
 * [R-9000-12.4-3]
 */
/* clang-format off */
static const gn_frame_rule rows[] = {
    /*   type  name                    section         packets elicits in-flight probing */
    ROW(0x00, "PADDING",              "9000 19.1",     IH01,   false,  true,     true,  NULL),
    ROW(0x01, "PING",                 "9000 19.2",     IH01,   true,   true,     false, NULL),
    ROW(0x02, "ACK",                  "9000 19.3",     IH_1,   false,  false,    false, NULL),
    ROW(0x03, "ACK",                  "9000 19.3.2",   IH_1,   false,  false,    false, NULL),
    ROW(0x04, "RESET_STREAM",         "9000 19.4",     ON01,   true,   true,     false, NULL),
    ROW(0x05, "STOP_SENDING",         "9000 19.5",     ON01,   true,   true,     false, NULL),
    ROW(0x06, "CRYPTO",               "9000 19.6",     IH_1,   true,   true,     false, NULL),
    /* [R-9000-19.7-4] */
    ROW(0x07, "NEW_TOKEN",            "9000 19.7",     ON_1,   true,   true,     false,
        "RFC 9000 19.7: NEW_TOKEN from a client"),
    ROW(0x08, "STREAM",               "9000 19.8",     ON01,   true,   true,     false, NULL),
    ROW(0x09, "STREAM",               "9000 19.8",     ON01,   true,   true,     false, NULL),
    ROW(0x0a, "STREAM",               "9000 19.8",     ON01,   true,   true,     false, NULL),
    ROW(0x0b, "STREAM",               "9000 19.8",     ON01,   true,   true,     false, NULL),
    ROW(0x0c, "STREAM",               "9000 19.8",     ON01,   true,   true,     false, NULL),
    ROW(0x0d, "STREAM",               "9000 19.8",     ON01,   true,   true,     false, NULL),
    ROW(0x0e, "STREAM",               "9000 19.8",     ON01,   true,   true,     false, NULL),
    ROW(0x0f, "STREAM",               "9000 19.8",     ON01,   true,   true,     false, NULL),
    ROW(0x10, "MAX_DATA",             "9000 19.9",     ON01,   true,   true,     false, NULL),
    ROW(0x11, "MAX_STREAM_DATA",      "9000 19.10",    ON01,   true,   true,     false, NULL),
    ROW(0x12, "MAX_STREAMS",          "9000 19.11",    ON01,   true,   true,     false, NULL),
    ROW(0x13, "MAX_STREAMS",          "9000 19.11",    ON01,   true,   true,     false, NULL),
    ROW(0x14, "DATA_BLOCKED",         "9000 19.12",    ON01,   true,   true,     false, NULL),
    ROW(0x15, "STREAM_DATA_BLOCKED",  "9000 19.13",    ON01,   true,   true,     false, NULL),
    ROW(0x16, "STREAMS_BLOCKED",      "9000 19.14",    ON01,   true,   true,     false, NULL),
    ROW(0x17, "STREAMS_BLOCKED",      "9000 19.14",    ON01,   true,   true,     false, NULL),
    ROW(0x18, "NEW_CONNECTION_ID",    "9000 19.15",    ON01,   true,   true,     true,  NULL),
    ROW(0x19, "RETIRE_CONNECTION_ID", "9000 19.16",    ON_1,   true,   true,     false, NULL),
    ROW(0x1a, "PATH_CHALLENGE",       "9000 19.17",    ON01,   true,   true,     true,  NULL),
    ROW(0x1b, "PATH_RESPONSE",        "9000 19.18",    ON_1,   true,   true,     true,  NULL),
    ROW(0x1c, "CONNECTION_CLOSE",     "9000 19.19",    IH01,   false,  false,    false, NULL),
    ROW(0x1d, "CONNECTION_CLOSE",     "9000 19.19",    ON01,   false,  false,    false, NULL),
    /* [R-9000-19.20-2] */
    ROW(0x1e, "HANDSHAKE_DONE",       "9000 19.20",    ON_1,   true,   true,     false,
        "RFC 9000 19.20: HANDSHAKE_DONE from a client"),
    /* [R-9221-5-1] */
    ROW(0x30, "DATAGRAM",             "9221 4",        ON01,   true,   true,     false, NULL),
    ROW(0x31, "DATAGRAM",             "9221 4",        ON01,   true,   true,     false, NULL),
};

/* What is wrong with a frame in a packet that may not hold it; 1-RTT packets hold all. */
static const char *const misplaced[GN_PACKET_KINDS] = {
    [GN_PACKET_INITIAL]         = "RFC 9000 17.2.2: a frame that Initial packets may not hold",
    [GN_PACKET_ZERO_RTT]        = "RFC 9000 12.5: a frame that 0-RTT packets may not hold",
    /* [R-9000-17.2.4-1] */
    [GN_PACKET_HANDSHAKE]       = "RFC 9000 17.2.4: a frame that Handshake packets may not hold",
    [GN_PACKET_RETRY]           = "RFC 9000 12.4: a frame in a Retry packet",
    [GN_PACKET_ONE_RTT]         = "RFC 9000 12.4: a frame that 1-RTT packets may not hold",
    [GN_PACKET_VNEG]            = "RFC 9000 12.4: a frame in a Version Negotiation packet",
    [GN_PACKET_UNKNOWN_VERSION] = "RFC 9000 12.4: a frame in a packet of another version",
};
/* clang-format on */

const gn_frame_rule *
gn_frame_rules_of(uint64_t type)
{
    if (type < RULES_DENSE)
        return &rows[type];
    switch (type) {
    case 0x30: return &rows[RULES_DENSE];
    case 0x31: return &rows[RULES_DENSE + 1];
    default: return NULL;
    }
}

gn_err
gn_frame_rules_check(uint64_t type, gn_packet_kind kind, bool sender_is_server, gn_fault *fault)
{
    const gn_frame_rule *rule = gn_frame_rules_of(type);

    GN_ASSERT((unsigned)kind < GN_PACKET_KINDS);
    if (rule == NULL)
        return gn_fault_set(fault, GN_FAULT_FRAME_ENCODING, type,
                            "RFC 9000 12.4: a frame of unknown type");
    if (!rule->in[kind])
        return gn_fault_set(fault, GN_FAULT_PROTOCOL_VIOLATION, type, misplaced[kind]);
    if (!sender_is_server && rule->no_client != NULL)
        return gn_fault_set(fault, GN_FAULT_PROTOCOL_VIOLATION, type, rule->no_client);
    return GN_OK;
}
