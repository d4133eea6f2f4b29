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
#include "wire/header_write.h"
#include "wire/version.h"

/* The versions a packet lists, still in their bytes. Invariant: a multiple of 4, at least 4. */
typedef struct gn_vneg {
    gn_span versions;
} gn_vneg;

/*@
  predicate vneg_ok{L}(gn_vneg *v) =
    \valid_read(v) && v->versions.len >= 4 && v->versions.len % 4 == 0 &&
    \valid_read(v->versions.ptr + (0 .. v->versions.len - 1));
  logic integer vneg_at{L}(gn_vneg *v, integer at) = be32(v->versions.ptr + 4 * at);
*/

/*
 * Judges the rest of a packet of kind GN_PACKET_VNEG.
 * GN_ERR_FORM: no version, or the last one is cut short; such a packet is ignored.
 */
/*@
  requires \valid(out) && \valid_read(rest.ptr + (0 .. rest.len - 1));
  terminates \true; exits \false;
  assigns *out;
  behavior form:
    assumes rest.len == 0 || rest.len % 4 != 0;
    ensures \result == GN_ERR_FORM && *out == \old(*out);
  behavior good:
    assumes rest.len > 0 && rest.len % 4 == 0;
    ensures \result == GN_OK && out->versions == rest;
    ensures ok: vneg_ok(out);
  complete behaviors; disjoint behaviors;
*/
GN_MUST_USE gn_err gn_vneg_read(gn_span rest, gn_vneg *out);

/* How many versions the packet lists, at least 1. */
/*@
  requires vneg_ok(v);
  terminates \true; exits \false;
  assigns \nothing;
  ensures count: \result >= 1 && 4 * \result == v->versions.len;
*/
size_t gn_vneg_count(const gn_vneg *v);

/* The version at place at, which must be below the count. */
/*@
  requires vneg_ok(v) && 4 * at < v->versions.len;
  terminates \true; exits \false;
  assigns \nothing;
  ensures version: \result == vneg_at(v, at);
*/
uint32_t gn_vneg_at(const gn_vneg *v, size_t at);

/* Whether the packet lists version. */
/*@
  requires vneg_ok(v);
  terminates \true; exits \false;
  assigns \nothing;
  ensures has: \result <==>
    \exists integer i; 0 <= i && 4 * i < v->versions.len && vneg_at(v, i) == version;
*/
bool gn_vneg_has(const gn_vneg *v, uint32_t version);

/*
 * Writes a whole Version Negotiation packet. dcid and scid are those of the
 * packet that is answered, already swapped, 0 to 255 bytes each. unused is
 * arbitrary; of it only the low 6 bits are used, as the bit 0x40 is always set
 * (RFC 9000 17.2.1). GN_ERR_FULL moves nothing.
 */
/*@
  requires writer_ok(w) && header_span_args(w, dcid) && header_span_args(w, scid);
  requires dcid.len <= 255 && scid.len <= 255 && count > 0;
  requires \valid_read(versions + (0 .. count - 1));
  requires \separated(w, versions + (0 .. count - 1));
  requires \separated(w->base + (0 .. w->cap - 1), versions + (0 .. count - 1));
  terminates \true; exits \false;
  assigns w->at, w->base[w->at .. writer_past(w, 7 + dcid.len + scid.len + 4 * count) - 1];
  ensures ok: writer_ok(w);
  behavior full:
    assumes !writer_room(w, 7 + dcid.len + scid.len + 4 * count);
    ensures \result == GN_ERR_FULL && writer_kept{Pre, Post}(w);
  behavior good:
    assumes writer_room(w, 7 + dcid.len + scid.len + 4 * count);
    ensures \result == GN_OK && w->at == \old(w->at) + 7 + dcid.len + scid.len + 4 * count;
    ensures first: w->base[\old(w->at)] == 0xc0 + unused % 0x40;
    ensures version: be32(w->base + \old(w->at) + 1) == GN_VERSION_NEGOTIATION;
    ensures dcid: w->base[\old(w->at) + 5] == dcid.len &&
      header_same(w->base + (\old(w->at) + 6), dcid.ptr, dcid.len);
    ensures scid: w->base[\old(w->at) + 6 + dcid.len] == scid.len &&
      header_same(w->base + (\old(w->at) + 7 + dcid.len), scid.ptr, scid.len);
    ensures versions: \forall integer i; 0 <= i < count ==>
      be32(w->base + \old(w->at) + (7 + dcid.len + scid.len + 4 * i)) == versions[i];
  complete behaviors; disjoint behaviors;
*/
GN_MUST_USE gn_err gn_vneg_write(gn_writer *w, uint8_t unused, gn_span dcid, gn_span scid,
                                 const uint32_t *versions, size_t count);

#endif
