/*
 * cid.h: a connection ID held by value (RFC 9000 5.1, 17.2).
 *
 * Version 1 allows 0 to 20 bytes. The bytes behind the length are always
 * zero, so two equal connection IDs are equal byte for byte and a struct
 * that holds one can be hashed and compared whole.
 */
#ifndef GN_WIRE_CID_H
#define GN_WIRE_CID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/span.h"
#include "base/writer.h"

/* Invariant: len <= GN_CID_MAX, and bytes[len..GN_CID_MAX) are zero. */
typedef struct gn_cid {
    uint8_t len;
    uint8_t bytes[GN_CID_MAX];
} gn_cid;

/*@
  predicate cid_ok(gn_cid *c) =
    c->len <= GN_CID_MAX && \forall integer i; c->len <= i < GN_CID_MAX ==> c->bytes[i] == 0;
*/

/* Sets *cid to len bytes, copied to where they stay. Traps when len > GN_CID_MAX. */
/*@
  requires len <= GN_CID_MAX && \valid(cid);
  requires \valid_read(bytes + (0 .. len - 1)) && \separated(cid, bytes + (0 .. len - 1));
  terminates \true; exits \false;
  assigns *cid;
  ensures len: cid->len == len;
  ensures same: \forall integer i; 0 <= i < len ==> cid->bytes[i] == bytes[i];
  ensures zero: \forall integer i; len <= i < GN_CID_MAX ==> cid->bytes[i] == 0;
*/
static inline void
gn_cid_set(gn_cid *cid, const uint8_t *bytes, size_t len)
{
    GN_ASSERT(len <= GN_CID_MAX);
    gn_bytes_fill(cid->bytes, 0, GN_CID_MAX);
    gn_bytes_copy(cid->bytes, bytes, len);
    cid->len = (uint8_t)len;
}

/* A connection ID of len bytes, copied. Traps when len > GN_CID_MAX. */
/*@
  requires len <= GN_CID_MAX;
  requires len > 0 ==> \valid_read(bytes + (0 .. len - 1));
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result.len == len;
  ensures \forall integer i; 0 <= i < len ==> \result.bytes[i] == bytes[i];
  ensures \forall integer i; len <= i < GN_CID_MAX ==> \result.bytes[i] == 0;
*/
static inline gn_cid
gn_cid_from(const uint8_t *bytes, size_t len)
{
    gn_cid cid = {0};

    GN_ASSERT(len <= GN_CID_MAX);
    gn_bytes_copy(cid.bytes, bytes, len);
    cid.len = (uint8_t)len;
    return cid;
}

/* Same length and same bytes. Not for secrets: the time it takes depends on the bytes. */
/*@
  requires \valid_read(a) && \valid_read(b);
  requires cid_ok(a) && cid_ok(b);
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result <==>
    a->len == b->len && (\forall integer i; 0 <= i < a->len ==> a->bytes[i] == b->bytes[i]);
*/
bool gn_cid_equal(const gn_cid *a, const gn_cid *b);

/*
 * Writes a length byte and the bytes behind it, as headers and frames have
 * them. GN_ERR_FULL, and nothing moved, when there is no room.
 */
/*@
  requires writer_ok(w) && \valid_read(cid) && cid->len <= GN_CID_MAX;
  requires \separated(w, cid, w->base + (0 .. w->cap - 1));
  terminates \true; exits \false;
  assigns w->at, w->base[w->at .. writer_past(w, 1 + cid->len) - 1];
  ensures ok: writer_ok(w);
  behavior full:
    assumes !writer_room(w, 1 + cid->len);
    ensures \result == GN_ERR_FULL && writer_kept{Pre, Post}(w);
  behavior good:
    assumes writer_room(w, 1 + cid->len);
    ensures \result == GN_OK && w->at == \old(w->at) + 1 + cid->len;
    ensures len: w->base[\old(w->at)] == cid->len;
    ensures same: \forall integer i; 0 <= i < cid->len ==>
      w->base[\old(w->at) + 1 + i] == cid->bytes[i];
  complete behaviors; disjoint behaviors;
*/
GN_MUST_USE gn_err gn_cid_write(gn_writer *w, const gn_cid *cid);

/* The bytes of cid, borrowed for as long as cid stays where it is. */
/*@
  requires \valid_read(cid) && cid_ok(cid);
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result.len == cid->len && \result.ptr == &cid->bytes[0];
*/
static inline gn_span
gn_cid_span(const gn_cid *cid)
{
    return gn_span_of(cid->bytes, cid->len);
}

#endif
