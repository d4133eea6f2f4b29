/*
 * tparams_table.c: see tparams_table.h.
 */
#include "wire/tparams_table.h"

#include "base/assert.h"
#include "wire/frame.h"
#include "wire/tparams.h"
#include "wire/varint.h"

#define FIELD(member) offsetof(gn_tparams, member)
#define MOST GN_VARINT_MAX

/* The three shapes of row: an integer, one with its own bounds' reason, anything else. */
#define INTEGER(number, member, title, fallback, least, most, section, why)                        \
    {                                                                                              \
        .id = (number), .name = (title), .kind = GN_TPARAMS_INTEGER, .at = FIELD(member),          \
        .otherwise = (fallback), .min = (least), .max = (most),                                    \
        .range = "RFC " section ": " title " " why,                                                \
        .shape = "RFC " section ": " title " is not one integer"                                   \
    }
#define OTHER(number, member, title, shape_kind, bit, why, server_only)                            \
    {                                                                                              \
        .id = (number), .name = (title), .kind = (shape_kind), .present = (bit),                   \
        .at = FIELD(member), .shape = "RFC 9000 18.2: " title " " why, .no_client = (server_only)  \
    }
#define FROM_CLIENT(title) "RFC 9000 18.2: " title " from a client"

/* RFC 9000 18.2 gives the rows in this order; RFC 9221 3 adds the last. */
/* clang-format off */
static const gn_tparams_row rows[GN_TPARAMS_ROWS] = {
    OTHER(0x00, original_dcid, "original_destination_connection_id", GN_TPARAMS_CID,
          GN_TPARAMS_ORIGINAL_DCID, "is longer than 20 bytes",
          FROM_CLIENT("original_destination_connection_id")),
    INTEGER(0x01, max_idle_timeout_ms, "max_idle_timeout", 0, 0, MOST, "9000 18.2", "is too big"),
    OTHER(0x02, reset_token, "stateless_reset_token", GN_TPARAMS_TOKEN,
          GN_TPARAMS_RESET_TOKEN, "is not 16 bytes", FROM_CLIENT("stateless_reset_token")),
    INTEGER(0x03, max_udp_payload_size, "max_udp_payload_size", 65527, 1200, MOST, "9000 18.2",
            "is below 1200"),
    INTEGER(0x04, initial_max_data, "initial_max_data", 0, 0, MOST, "9000 18.2", "is too big"),
    INTEGER(0x05, initial_max_stream_data_bidi_local, "initial_max_stream_data_bidi_local",
            0, 0, MOST, "9000 18.2", "is too big"),
    INTEGER(0x06, initial_max_stream_data_bidi_remote, "initial_max_stream_data_bidi_remote",
            0, 0, MOST, "9000 18.2", "is too big"),
    INTEGER(0x07, initial_max_stream_data_uni, "initial_max_stream_data_uni",
            0, 0, MOST, "9000 18.2", "is too big"),
    /* [R-9000-4.6-1] */
    INTEGER(0x08, initial_max_streams_bidi, "initial_max_streams_bidi",
            0, 0, GN_FRAME_STREAMS_MAX, "9000 4.6", "is above 2^60"),
    INTEGER(0x09, initial_max_streams_uni, "initial_max_streams_uni",
            0, 0, GN_FRAME_STREAMS_MAX, "9000 4.6", "is above 2^60"),
    INTEGER(0x0a, ack_delay_exponent, "ack_delay_exponent", 3, 0, 20, "9000 18.2", "is above 20"),
    INTEGER(0x0b, max_ack_delay_ms, "max_ack_delay", 25, 0, 16383, "9000 18.2", "is 2^14 or more"),
    OTHER(0x0c, disable_active_migration, "disable_active_migration", GN_TPARAMS_FLAG,
          0, "is not empty", NULL),
    OTHER(0x0d, preferred_address, "preferred_address", GN_TPARAMS_ADDRESS,
          GN_TPARAMS_PREFERRED_ADDRESS, "does not have its form", FROM_CLIENT("preferred_address")),
    /* [R-9000-18.2-7] */
    INTEGER(0x0e, active_connection_id_limit, "active_connection_id_limit", 2, 2, MOST,
            "9000 18.2", "is below 2"),
    OTHER(0x0f, initial_scid, "initial_source_connection_id", GN_TPARAMS_CID,
          GN_TPARAMS_INITIAL_SCID, "is longer than 20 bytes", NULL),
    OTHER(0x10, retry_scid, "retry_source_connection_id", GN_TPARAMS_CID,
          GN_TPARAMS_RETRY_SCID, "is longer than 20 bytes",
          FROM_CLIENT("retry_source_connection_id")),
    INTEGER(0x20, max_datagram_frame_size, "max_datagram_frame_size", 0, 0, MOST, "9221 3",
            "is too big"),
};
/* clang-format on */

const gn_tparams_row *
gn_tparams_table_at(size_t at)
{
    GN_ASSERT(at < GN_TPARAMS_ROWS);
    return &rows[at];
}

size_t
gn_tparams_table_find(uint64_t id)
{
    for (size_t at = 0; at < GN_TPARAMS_ROWS; at++)
        if (rows[at].id == id)
            return at;
    return GN_TPARAMS_ROWS;
}
