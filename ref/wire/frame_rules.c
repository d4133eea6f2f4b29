/*
 * frame_rules.c: see frame_rules.h.
 */
#include "wire/frame_rules.h"

#include <stddef.h>

#include "base/assert.h"

/* The columns of Table 3: packets, not N, not C, P; and who may send it. */
#define ROW(number, packet_kinds, elicits, flies, probes, server)                                  \
    {                                                                                              \
        .type = (number), .packets = GN_FRAME_RULES_##packet_kinds, .ack_eliciting = (elicits),    \
        .in_flight = (flies), .probing = (probes), .server_only = (server)                         \
    }

/* Rows 0x00 to 0x1e stand at their type; what follows is sparse. */
#define RULES_DENSE 0x1f
#define RULES_ROWS (RULES_DENSE + 2)

/*
 * RFC 9000 12.4, Table 3, with two readings of its own text. 12.5:
 * RETIRE_CONNECTION_ID cannot be sent in 0-RTT packets, though the table has it
 * there. RFC 9002 3: CONNECTION_CLOSE, like ACK, is not in flight.
 * [R-9000-12.4-3]
 */
/* clang-format off */
static const gn_frame_rule rows[RULES_ROWS] = {
    /*   type packets elicits in-flight probing server only */
    ROW(0x00, IH01,   false, true,     true,    false), /* PADDING */
    ROW(0x01, IH01,   true,  true,     false,   false), /* PING */
    ROW(0x02, IH_1,   false, false,    false,   false), /* ACK */
    ROW(0x03, IH_1,   false, false,    false,   false), /* ACK */
    ROW(0x04, ON01,   true,  true,     false,   false), /* RESET_STREAM */
    ROW(0x05, ON01,   true,  true,     false,   false), /* STOP_SENDING */
    ROW(0x06, IH_1,   true,  true,     false,   false), /* CRYPTO */
    /* [R-9000-19.7-4] */
    ROW(0x07, ON_1,   true,  true,     false,   true), /* NEW_TOKEN */
    ROW(0x08, ON01,   true,  true,     false,   false), /* STREAM */
    ROW(0x09, ON01,   true,  true,     false,   false), /* STREAM */
    ROW(0x0a, ON01,   true,  true,     false,   false), /* STREAM */
    ROW(0x0b, ON01,   true,  true,     false,   false), /* STREAM */
    ROW(0x0c, ON01,   true,  true,     false,   false), /* STREAM */
    ROW(0x0d, ON01,   true,  true,     false,   false), /* STREAM */
    ROW(0x0e, ON01,   true,  true,     false,   false), /* STREAM */
    ROW(0x0f, ON01,   true,  true,     false,   false), /* STREAM */
    ROW(0x10, ON01,   true,  true,     false,   false), /* MAX_DATA */
    ROW(0x11, ON01,   true,  true,     false,   false), /* MAX_STREAM_DATA */
    ROW(0x12, ON01,   true,  true,     false,   false), /* MAX_STREAMS */
    ROW(0x13, ON01,   true,  true,     false,   false), /* MAX_STREAMS */
    ROW(0x14, ON01,   true,  true,     false,   false), /* DATA_BLOCKED */
    ROW(0x15, ON01,   true,  true,     false,   false), /* STREAM_DATA_BLOCKED */
    ROW(0x16, ON01,   true,  true,     false,   false), /* STREAMS_BLOCKED */
    ROW(0x17, ON01,   true,  true,     false,   false), /* STREAMS_BLOCKED */
    ROW(0x18, ON01,   true,  true,     true,    false), /* NEW_CONNECTION_ID */
    ROW(0x19, ON_1,   true,  true,     false,   false), /* RETIRE_CONNECTION_ID */
    ROW(0x1a, ON01,   true,  true,     true,    false), /* PATH_CHALLENGE */
    ROW(0x1b, ON_1,   true,  true,     true,    false), /* PATH_RESPONSE */
    ROW(0x1c, IH01,   false, false,    false,   false), /* CONNECTION_CLOSE */
    ROW(0x1d, ON01,   false, false,    false,   false), /* CONNECTION_CLOSE */
    /* [R-9000-19.20-2] */
    ROW(0x1e, ON_1,   true,  true,     false,   true), /* HANDSHAKE_DONE */
    /* [R-9221-5-1] */
    ROW(0x30, ON01,   true,  true,     false,   false), /* DATAGRAM */
    ROW(0x31, ON01,   true,  true,     false,   false), /* DATAGRAM */
};

#define WORDS(title, section)                                                                      \
    {                                                                                              \
        .name = (title), .cut = "RFC " section ": the " title " frame is cut short"                \
    }

/* In the order of the rows. */
static const gn_frame_words words[RULES_ROWS] = {
    WORDS("PADDING",               "9000 19.1"),
    WORDS("PING",                  "9000 19.2"),
    WORDS("ACK",                   "9000 19.3"),
    WORDS("ACK",                   "9000 19.3.2"),
    WORDS("RESET_STREAM",          "9000 19.4"),
    WORDS("STOP_SENDING",          "9000 19.5"),
    WORDS("CRYPTO",                "9000 19.6"),
    WORDS("NEW_TOKEN",             "9000 19.7"),
    WORDS("STREAM",                "9000 19.8"),
    WORDS("STREAM",                "9000 19.8"),
    WORDS("STREAM",                "9000 19.8"),
    WORDS("STREAM",                "9000 19.8"),
    WORDS("STREAM",                "9000 19.8"),
    WORDS("STREAM",                "9000 19.8"),
    WORDS("STREAM",                "9000 19.8"),
    WORDS("STREAM",                "9000 19.8"),
    WORDS("MAX_DATA",              "9000 19.9"),
    WORDS("MAX_STREAM_DATA",       "9000 19.10"),
    WORDS("MAX_STREAMS",           "9000 19.11"),
    WORDS("MAX_STREAMS",           "9000 19.11"),
    WORDS("DATA_BLOCKED",          "9000 19.12"),
    WORDS("STREAM_DATA_BLOCKED",   "9000 19.13"),
    WORDS("STREAMS_BLOCKED",       "9000 19.14"),
    WORDS("STREAMS_BLOCKED",       "9000 19.14"),
    WORDS("NEW_CONNECTION_ID",     "9000 19.15"),
    WORDS("RETIRE_CONNECTION_ID",  "9000 19.16"),
    WORDS("PATH_CHALLENGE",        "9000 19.17"),
    WORDS("PATH_RESPONSE",         "9000 19.18"),
    WORDS("CONNECTION_CLOSE",      "9000 19.19"),
    WORDS("CONNECTION_CLOSE",      "9000 19.19"),
    WORDS("HANDSHAKE_DONE",        "9000 19.20"),
    WORDS("DATAGRAM",              "9221 4"),
    WORDS("DATAGRAM",              "9221 4"),
};

static const char unknown[] = "RFC 9000 12.4: a frame of unknown type";

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

/* Where the row of a type stands; RULES_ROWS for an unknown one. */
/*@
  terminates \true; exits \false;
  assigns \nothing;
  ensures known: frame_rules_known(type) ==>
    \result < RULES_ROWS && \result == (type < RULES_DENSE ? type : type - 17);
  ensures unknown: !frame_rules_known(type) ==> \result == RULES_ROWS;
*/
static size_t
rules_place(uint64_t type)
{
    if (type < RULES_DENSE)
        return type;
    if (type == 0x30)
        return RULES_DENSE;
    return type == 0x31 ? RULES_DENSE + 1 : RULES_ROWS;
}

const gn_frame_rule *
gn_frame_rules_of(uint64_t type)
{
    const size_t at = rules_place(type);

    if (at == RULES_ROWS)
        return NULL;
    /*@ assert each: at \in {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19,
          20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32}; */
    return &rows[at];
}

const char *
gn_frame_rules_name(uint64_t type)
{
    const size_t at = rules_place(type);

    return at < RULES_ROWS ? words[at].name : "?";
}

const char *
gn_frame_rules_cut(uint64_t type)
{
    const size_t at = rules_place(type);

    return at < RULES_ROWS ? words[at].cut : unknown;
}

bool
gn_frame_rules_fit(const gn_frame_rule *rule, gn_packet_kind kind)
{
    switch (kind) {
    case GN_PACKET_INITIAL:
    case GN_PACKET_HANDSHAKE:
        return rule->packets == GN_FRAME_RULES_IH01 || rule->packets == GN_FRAME_RULES_IH_1;
    case GN_PACKET_ZERO_RTT:
        return rule->packets == GN_FRAME_RULES_IH01 || rule->packets == GN_FRAME_RULES_ON01;
    case GN_PACKET_ONE_RTT: return true;
    default: return false;
    }
}

gn_err
gn_frame_rules_check(uint64_t type, gn_packet_kind kind, bool sender_is_server, gn_fault *fault)
{
    const gn_frame_rule *rule = gn_frame_rules_of(type);

    GN_ASSERT((unsigned)kind < GN_PACKET_KINDS);
    if (rule == NULL)
        return gn_fault_set(fault, GN_FAULT_FRAME_ENCODING, type, unknown);
    if (!gn_frame_rules_fit(rule, kind))
        return gn_fault_set(fault, GN_FAULT_PROTOCOL_VIOLATION, type, misplaced[kind]);
    if (!sender_is_server && rule->server_only)
        return gn_fault_set(fault, GN_FAULT_PROTOCOL_VIOLATION, type,
                            type == 0x07 ? "RFC 9000 19.7: NEW_TOKEN from a client"
                                         : "RFC 9000 19.20: HANDSHAKE_DONE from a client");
    return GN_OK;
}
