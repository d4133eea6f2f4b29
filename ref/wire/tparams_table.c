/*
 * tparams_table.c: see tparams_table.h.
 */
#include "wire/tparams_table.h"

#include "base/assert.h"
#include "wire/frame.h"
#include "wire/tparams.h"
#include "wire/varint.h"

#define MOST GN_VARINT_MAX
#define STREAMS GN_FRAME_STREAMS_MAX

#define INTEGER(number, fallback, least, most)                                                     \
    {                                                                                              \
        .id = (number), .kind = GN_TPARAMS_INTEGER, .otherwise = (fallback), .min = (least),       \
        .max = (most)                                                                              \
    }
#define OTHER(number, what, bit, server)                                                           \
    {                                                                                              \
        .id = (number), .kind = (what), .present = (bit), .server_only = (server)                  \
    }

/* RFC 9000 18.2 gives the first seventeen in this order. */
/* clang-format off */
static const gn_tparams_row rows[GN_TPARAMS_ROWS] = {
    /*    id    kind                 bit                      server only */
    OTHER(0x00, GN_TPARAMS_CID,      GN_TPARAMS_ORIGINAL_DCID,     true),
    /*      id    default least  most */
    INTEGER(0x01,      0,     0, MOST),
    OTHER(0x02, GN_TPARAMS_TOKEN,    GN_TPARAMS_RESET_TOKEN,       true),
    INTEGER(0x03,  65527,  1200, MOST),
    INTEGER(0x04,      0,     0, MOST),
    INTEGER(0x05,      0,     0, MOST),
    INTEGER(0x06,      0,     0, MOST),
    INTEGER(0x07,      0,     0, MOST),
    /* [R-9000-4.6-1] */
    INTEGER(0x08,      0,     0, STREAMS),
    INTEGER(0x09,      0,     0, STREAMS),
    INTEGER(0x0a,      3,     0, 20),
    INTEGER(0x0b,     25,     0, 16383),
    OTHER(0x0c, GN_TPARAMS_FLAG,     0,                            false),
    OTHER(0x0d, GN_TPARAMS_ADDRESS,  GN_TPARAMS_PREFERRED_ADDRESS, true),
    /* [R-9000-18.2-7] */
    INTEGER(0x0e,      2,     2, MOST),
    OTHER(0x0f, GN_TPARAMS_CID,      GN_TPARAMS_INITIAL_SCID,      false),
    OTHER(0x10, GN_TPARAMS_CID,      GN_TPARAMS_RETRY_SCID,        true),
    /* RFC 9368 3 */
    OTHER(0x11, GN_TPARAMS_LIST,     GN_TPARAMS_VERSIONS,          false),
    INTEGER(0x20,      0,     0, MOST),
    /* RFC 9287 3 */
    OTHER(0x2ab2, GN_TPARAMS_FLAG,   0,                            false),
};

#define NUMBER(title, section, why)                                                                \
    {                                                                                              \
        .name = (title), .shape = "RFC " section ": " title " is not one integer",                 \
        .range = "RFC " section ": " title " " why                                                 \
    }
#define ANY(title, section, why)                                                                   \
    {                                                                                              \
        .name = (title), .shape = "RFC " section ": " title " " why                                \
    }
#define SERVER(title, why)                                                                         \
    {                                                                                              \
        .name = (title), .shape = "RFC 9000 18.2: " title " " why,                                 \
        .no_client = "RFC 9000 18.2: " title " from a client"                                      \
    }

/* In the order of the rows. */
static const gn_tparams_words words[GN_TPARAMS_ROWS] = {
    SERVER("original_destination_connection_id", "is longer than 20 bytes"),
    NUMBER("max_idle_timeout", "9000 18.2", "is too big"),
    SERVER("stateless_reset_token", "is not 16 bytes"),
    NUMBER("max_udp_payload_size", "9000 18.2", "is below 1200"),
    NUMBER("initial_max_data", "9000 18.2", "is too big"),
    NUMBER("initial_max_stream_data_bidi_local", "9000 18.2", "is too big"),
    NUMBER("initial_max_stream_data_bidi_remote", "9000 18.2", "is too big"),
    NUMBER("initial_max_stream_data_uni", "9000 18.2", "is too big"),
    NUMBER("initial_max_streams_bidi", "9000 4.6", "is above 2^60"),
    NUMBER("initial_max_streams_uni", "9000 4.6", "is above 2^60"),
    NUMBER("ack_delay_exponent", "9000 18.2", "is above 20"),
    NUMBER("max_ack_delay", "9000 18.2", "is 2^14 or more"),
    ANY("disable_active_migration", "9000 18.2", "is not empty"),
    SERVER("preferred_address", "does not have its form"),
    NUMBER("active_connection_id_limit", "9000 18.2", "is below 2"),
    ANY("initial_source_connection_id", "9000 18.2", "is longer than 20 bytes"),
    SERVER("retry_source_connection_id", "is longer than 20 bytes"),
    ANY("version_information", "9368 4", "is no list of versions"),
    NUMBER("max_datagram_frame_size", "9221 3", "is too big"),
    /* [R-9287-3-1] */
    ANY("grease_quic_bit", "9287 3", "is not empty"),
};
/* clang-format on */

gn_tparams_row
gn_tparams_table_at(size_t at)
{
    GN_ASSERT(at < GN_TPARAMS_ROWS);
    return rows[at];
}

const gn_tparams_words *
gn_tparams_table_words(size_t at)
{
    GN_ASSERT(at < GN_TPARAMS_ROWS);
    return &words[at];
}

size_t
gn_tparams_table_find(uint64_t id)
{
    /*@
      loop invariant 0 <= at <= GN_TPARAMS_ROWS;
      loop invariant \forall integer i; 0 <= i < at ==> tparams_id(i) != id;
      loop assigns at;
      loop variant GN_TPARAMS_ROWS - at;
    */
    for (size_t at = 0; at < GN_TPARAMS_ROWS; at++)
        if (rows[at].id == id)
            return at;
    /*@ assert dense: tparams_id(18) != id && tparams_id(19) != id &&
          (0 <= id <= 17 ==> tparams_id(id) != id); */
    return GN_TPARAMS_ROWS;
}
