/*
 * inspection.h: packets to be shown to the caller, whole and in clear (gn_packet).
 *
 * Copies: what a datagram held is gone before the caller asks. There is room for what two
 * datagrams hold, and the caller who pulls after each input misses nothing; for another one the
 * latest are missing.
 */
#ifndef GN_CONN_INSPECTION_H
#define GN_CONN_INSPECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/limits.h"
#include "base/span.h"
#include "gnomon.h"

#define GN_INSPECTION_PACKETS 16
#define GN_INSPECTION_BYTES (4 * GN_DATAGRAM_MAX)

/* One packet. at and lengths are of the bytes kept. */
typedef struct gn_inspected {
    gn_connection connection;
    gn_route route;
    uint64_t pn;
    uint64_t datagram_id;
    uint32_t datagram_len;
    uint32_t datagram_off;
    uint32_t clear_at;
    uint32_t clear_len;
    uint32_t wire_at;
    uint32_t wire_len;
    uint8_t outbound;
    uint8_t kind; /* gn_event_packet */
    uint8_t ecn;
    uint8_t key_phase;
    uint8_t pn_bytes;
    uint8_t dcid_len;
    uint8_t reserved[2];
} gn_inspected;

/* Invariant: first + count <= GN_INSPECTION_PACKETS; used <= GN_INSPECTION_BYTES. */
typedef struct gn_inspection {
    uint64_t datagrams; /* so many passed, both ways */
    uint32_t first;
    uint32_t count;
    uint32_t used;
    uint32_t staged; /* bytes in clear behind used, of a packet that is not pushed yet */
    gn_packet told;
    gn_inspected at[GN_INSPECTION_PACKETS];
    uint8_t bytes[GN_INSPECTION_BYTES];
} gn_inspection;

/* In all of these NULL means that nobody looks. */

/* Another datagram begins. */
void gn_inspection_begin(gn_inspection *i);

/* The frames of a packet, in clear; before push. */
void gn_inspection_stage(gn_inspection *i, gn_span clear);

/* The packet itself, as it is on the wire. Places and lengths of *what are filled in here. */
void gn_inspection_push(gn_inspection *i, gn_inspected what, gn_span wire);

/* The next one, oldest first; what *out points to stays until the next push. */
bool gn_inspection_pop(gn_inspection *i, gn_effect *out);

static inline bool
gn_inspection_any(const gn_inspection *i)
{
    return i->count > 0;
}

#endif
