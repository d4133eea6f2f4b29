/*
 * varint.h: QUIC variable-length integers (RFC 9000 section 16).
 *
 * The two top bits of the first byte give the length, 1, 2, 4 or 8 bytes; the
 * rest is the value in network order. Reading accepts longer encodings than
 * needed, as it must; writing chooses the shortest, or a size asked for where
 * a length is written before it is known.
 */
#ifndef GN_WIRE_VARINT_H
#define GN_WIRE_VARINT_H

#include <stddef.h>
#include <stdint.h>

#include "base/assert.h"
#include "base/err.h"
#include "base/reader.h"
#include "base/span.h"
#include "base/writer.h"

/* The largest value there is, and the most bytes one takes. */
#define GN_VARINT_MAX UINT64_C(0x3fffffffffffffff)
#define GN_VARINT_BYTES_MAX 8

/*
 * varint_size: the least bytes that hold a value. varint_fits: the most that a
 * size holds. varint_told: the size that a first byte tells. varint_value: what
 * the bytes mean.
 */
/*@
  logic integer varint_size(integer v) =
    v <= 0x3f ? 1 : v <= 0x3fff ? 2 : v <= 0x3fffffff ? 4 : 8;
  logic integer varint_fits(integer size) =
    size == 1 ? 0x3f : size == 2 ? 0x3fff : size == 4 ? 0x3fffffff : 0x3fffffffffffffff;
  logic integer varint_told(integer first) =
    first < 0x40 ? 1 : first < 0x80 ? 2 : first < 0xc0 ? 4 : 8;
  logic integer varint_value{L}(uint8_t *p) =
    p[0] < 0x40 ? p[0] :
    p[0] < 0x80 ? be16(p) - 0x4000 :
    p[0] < 0xc0 ? be32(p) - 0x80000000 :
                  be64(p) - 0xc000000000000000;
  predicate varint_there{L}(gn_reader *r) =
    r->at < r->len && varint_told(r->base[r->at]) <= r->len - r->at;
*/

/* The bytes the shortest encoding of value takes: 1, 2, 4 or 8. value must be in range. */
/*@
  requires value <= GN_VARINT_MAX;
  terminates \true; exits \false;
  assigns \nothing;
  ensures size: \result == varint_size(value);
*/
static inline size_t
gn_varint_size(uint64_t value)
{
    GN_ASSERT(value <= GN_VARINT_MAX);
    if (value <= 0x3f)
        return 1;
    if (value <= 0x3fff)
        return 2;
    if (value <= 0x3fffffff)
        return 4;
    return 8;
}

/* As gn_varint_read, any length. Callers want gn_varint_read, which meets most of them inline. */
/*@
  requires reader_ok(r) && \valid(out);
  requires \separated(r, out, r->base + (0 .. r->len - 1));
  terminates \true; exits \false;
  assigns r->at, *out;
  ensures ok: reader_ok(r);
  behavior short:
    assumes !varint_there(r);
    ensures \result == GN_ERR_SHORT;
    ensures kept: r->at == \old(r->at) && *out == \old(*out);
  behavior good:
    assumes varint_there(r);
    ensures \result == GN_OK;
    ensures taken: r->at == \old(r->at) + varint_told(r->base[\old(r->at)]);
    ensures value: *out == varint_value(r->base + \old(r->at));
    ensures range: *out <= GN_VARINT_MAX;
  complete behaviors; disjoint behaviors;
*/
GN_MUST_USE gn_err gn_varint_read_any(gn_reader *r, uint64_t *out);

/*
 * Reads one varint and steps past it. GN_ERR_SHORT, and nothing moved, when
 * it is not all there. *out is at most GN_VARINT_MAX.
 */
/*@
  requires reader_ok(r) && \valid(out);
  requires \separated(r, out, r->base + (0 .. r->len - 1));
  terminates \true; exits \false;
  assigns r->at, *out;
  ensures ok: reader_ok(r);
  behavior short:
    assumes !varint_there(r);
    ensures \result == GN_ERR_SHORT;
    ensures kept: r->at == \old(r->at) && *out == \old(*out);
  behavior good:
    assumes varint_there(r);
    ensures \result == GN_OK;
    ensures taken: r->at == \old(r->at) + varint_told(r->base[\old(r->at)]);
    ensures value: *out == varint_value(r->base + \old(r->at));
    ensures range: *out <= GN_VARINT_MAX;
  complete behaviors; disjoint behaviors;
*/
GN_MUST_USE static inline gn_err
gn_varint_read(gn_reader *r, uint64_t *out)
{
    if (r->at < r->len && r->base[r->at] < 0x40) {
        *out = r->base[r->at];
        r->at += 1;
        return GN_OK;
    }
    return gn_varint_read_any(r, out);
}

/*
 * Reads a length and as many bytes, where they lie. GN_ERR_SHORT, and nothing
 * moved, when they are not all there.
 */
/*@
  requires reader_ok(r) && \valid(out);
  requires \separated(r, out, r->base + (0 .. r->len - 1));
  terminates \true; exits \false;
  assigns r->at, *out;
  ensures ok: reader_ok(r);
  ensures says: \result == GN_OK || \result == GN_ERR_SHORT;
  ensures kept: \result == GN_ERR_SHORT ==> r->at == \old(r->at) && *out == \old(*out);
  ensures there: \result == GN_OK ==> varint_there{Pre}(r);
  ensures len: \result == GN_OK ==> out->len == varint_value(r->base + \old(r->at)) &&
    out->len <= GN_VARINT_MAX;
  ensures view: \result == GN_OK ==>
    out->ptr == r->base + (\old(r->at) + varint_told(r->base[\old(r->at)]));
  ensures taken: \result == GN_OK ==>
    r->at == \old(r->at) + varint_told(r->base[\old(r->at)]) + out->len;
*/
GN_MUST_USE static inline gn_err
gn_varint_read_span(gn_reader *r, gn_span *out)
{
    const size_t start = r->at;
    uint64_t len = 0;

    if (gn_varint_read(r, &len) == GN_OK && gn_reader_bytes(r, (size_t)len, out) == GN_OK)
        return GN_OK;
    r->at = start;
    return GN_ERR_SHORT;
}

/*
 * Writes value in the fewest bytes. GN_ERR_RANGE when it is above
 * GN_VARINT_MAX, GN_ERR_FULL when there is no room; then nothing changed.
 */
/*@
  requires writer_ok(w);
  terminates \true; exits \false;
  assigns w->at, w->base[w->at .. writer_past(w, varint_size(value)) - 1];
  ensures ok: writer_ok(w);
  behavior range:
    assumes value > GN_VARINT_MAX;
    ensures \result == GN_ERR_RANGE && writer_kept{Pre, Post}(w);
  behavior full:
    assumes value <= GN_VARINT_MAX && !writer_room(w, varint_size(value));
    ensures \result == GN_ERR_FULL && writer_kept{Pre, Post}(w);
  behavior good:
    assumes value <= GN_VARINT_MAX && writer_room(w, varint_size(value));
    ensures \result == GN_OK && w->at == \old(w->at) + varint_size(value);
    ensures told: varint_told(w->base[\old(w->at)]) == varint_size(value);
    ensures value: varint_value(w->base + \old(w->at)) == value;
  complete behaviors; disjoint behaviors;
*/
GN_MUST_USE gn_err gn_varint_write(gn_writer *w, uint64_t value);

/*
 * Writes value in exactly size bytes: 1, 2, 4 or 8. GN_ERR_RANGE when it does
 * not fit them, GN_ERR_FULL when there is no room; then nothing changed. A
 * length that is not known yet is written so with value 0, and again, through
 * a writer over the same bytes, when it is.
 */
/*@
  requires writer_ok(w);
  requires size == 1 || size == 2 || size == 4 || size == 8;
  terminates \true; exits \false;
  assigns w->at, w->base[w->at .. writer_past(w, size) - 1];
  ensures ok: writer_ok(w);
  behavior range:
    assumes value > varint_fits(size);
    ensures \result == GN_ERR_RANGE && writer_kept{Pre, Post}(w);
  behavior full:
    assumes value <= varint_fits(size) && !writer_room(w, size);
    ensures \result == GN_ERR_FULL && writer_kept{Pre, Post}(w);
  behavior good:
    assumes value <= varint_fits(size) && writer_room(w, size);
    ensures \result == GN_OK && w->at == \old(w->at) + size;
    ensures told: varint_told(w->base[\old(w->at)]) == size;
    ensures value: varint_value(w->base + \old(w->at)) == value;
  complete behaviors; disjoint behaviors;
*/
GN_MUST_USE gn_err gn_varint_write_sized(gn_writer *w, uint64_t value, size_t size);

/* Writes value, which must fit, in exactly size bytes at p: 1, 2, 4 or 8. */
/*@
  requires size == 1 || size == 2 || size == 4 || size == 8;
  requires value <= varint_fits(size) && \valid(p + (0 .. size - 1));
  terminates \true; exits \false;
  assigns p[0 .. size - 1];
  ensures told: varint_told(p[0]) == size;
  ensures value: varint_value(p) == value;
*/
void gn_varint_write_at(uint8_t *p, uint64_t value, size_t size);

#endif
