/*
 * vneg.h: Version Negotiation packets (RFC 8999 6, RFC 9000 17.2.1).
 */
#ifndef GN_WIRE_VNEG_H
#define GN_WIRE_VNEG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/span.h"
#include "base/writer.h"

/* The versions a packet lists, still in their bytes. Invariant: a multiple of 4, at least 4. */
typedef struct gn_vneg {
    gn_span versions;
} gn_vneg;

/*
 * Judges the rest of a packet of kind GN_PACKET_VNEG.
 * GN_ERR_FORM: no version, or the last one is cut short; such a packet is ignored.
 */
GN_MUST_USE gn_err gn_vneg_read(gn_span rest, gn_vneg *out);

/* How many versions the packet lists, at least 1. */
size_t gn_vneg_count(const gn_vneg *v);

/* The version at place at, which must be below the count. */
uint32_t gn_vneg_at(const gn_vneg *v, size_t at);

/* Whether the packet lists version. */
bool gn_vneg_has(const gn_vneg *v, uint32_t version);

/*
 * Writes a whole Version Negotiation packet. dcid and scid are those of the
 * packet that is answered, already swapped, 0 to 255 bytes each. unused is
 * arbitrary; of it only the low 6 bits are used, as the bit 0x40 is always set
 * (RFC 9000 17.2.1). GN_ERR_FULL moves nothing.
 */
GN_MUST_USE gn_err gn_vneg_write(gn_writer *w, uint8_t unused, gn_span dcid, gn_span scid,
                                 const uint32_t *versions, size_t count);

#endif
