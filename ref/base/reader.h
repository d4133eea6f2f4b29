/*
 * reader.h: a bounds-checked cursor over bytes somebody else owns.
 *
 * gn_reader_over makes one, gn_reader_left and gn_reader_here look; every other
 * verb either takes exactly what it says and returns GN_OK, or returns
 * GN_ERR_SHORT and moves nothing.
 */
#ifndef GN_BASE_READER_H
#define GN_BASE_READER_H

#include <stddef.h>
#include <stdint.h>

#include "base/assert.h"
#include "base/be.h"
#include "base/bytes.h"
#include "base/err.h"
#include "base/span.h"

/* Invariant: at <= len, and base[0..len) stays readable while we read. */
typedef struct gn_reader {
    const uint8_t *base;
    size_t len;
    size_t at;
} gn_reader;

/*@
  predicate reader_ok{L}(gn_reader *r) =
    \valid(r) && r->at <= r->len && \valid_read(r->base + (0 .. r->len - 1)) &&
    \separated(r, r->base + (0 .. r->len - 1));
  predicate reader_has{L}(gn_reader *r, integer n) = n <= r->len - r->at;
*/

/* A cursor before the first of len bytes. base may be null when len is 0. */
/*@
  requires \valid_read(base + (0 .. len - 1));
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result.base == base && \result.len == len && \result.at == 0;
*/
static inline gn_reader
gn_reader_over(const uint8_t *base, size_t len)
{
    return (gn_reader){.base = base, .len = len, .at = 0};
}

/* The bytes not read yet. */
/*@
  requires \valid_read(r) && r->at <= r->len;
  terminates \true; exits \false;
  assigns \nothing;
  ensures left: \result == r->len - r->at;
*/
static inline size_t
gn_reader_left(const gn_reader *r)
{
    GN_ASSERT(r->at <= r->len);
    return r->len - r->at;
}

/* Where the next byte lies, or would. No offset is added to null, not even 0: C forbids it. */
/*@
  requires \valid_read(r) && r->at <= r->len && \valid_read(r->base + (0 .. r->len - 1));
  terminates \true; exits \false;
  assigns \nothing;
  ensures here: \result == r->base + r->at;
*/
static inline const uint8_t *
gn_reader_here(const gn_reader *r)
{
    return r->at > 0 ? r->base + r->at : r->base;
}

/* Takes one byte. */
/*@
  requires reader_ok(r) && \valid(out);
  requires \separated(r, out, r->base + (0 .. r->len - 1));
  terminates \true; exits \false;
  assigns r->at, *out;
  ensures ok: reader_ok(r);
  behavior short:
    assumes !reader_has(r, 1);
    assigns \nothing;
    ensures \result == GN_ERR_SHORT && r->at == \old(r->at);
    ensures kept: *out == \old(*out);
  behavior good:
    assumes reader_has(r, 1);
    ensures \result == GN_OK && r->at == \old(r->at) + 1;
    ensures value: *out == r->base[\old(r->at)];
  complete behaviors; disjoint behaviors;
*/
GN_MUST_USE static inline gn_err
gn_reader_u8(gn_reader *r, uint8_t *out)
{
    if (gn_reader_left(r) < 1)
        return GN_ERR_SHORT;
    *out = r->base[r->at];
    r->at += 1;
    return GN_OK;
}

/* Takes two bytes, network order. */
/*@
  requires reader_ok(r) && \valid(out);
  requires \separated(r, out, r->base + (0 .. r->len - 1));
  terminates \true; exits \false;
  assigns r->at, *out;
  ensures ok: reader_ok(r);
  behavior short:
    assumes !reader_has(r, 2);
    assigns \nothing;
    ensures \result == GN_ERR_SHORT && r->at == \old(r->at);
    ensures kept: *out == \old(*out);
  behavior good:
    assumes reader_has(r, 2);
    ensures \result == GN_OK && r->at == \old(r->at) + 2;
    ensures value: *out == be16(r->base + \old(r->at));
  complete behaviors; disjoint behaviors;
*/
GN_MUST_USE static inline gn_err
gn_reader_u16(gn_reader *r, uint16_t *out)
{
    if (gn_reader_left(r) < 2)
        return GN_ERR_SHORT;
    *out = gn_be_read_u16(r->base + r->at);
    r->at += 2;
    return GN_OK;
}

/* Takes four bytes, network order. */
/*@
  requires reader_ok(r) && \valid(out);
  requires \separated(r, out, r->base + (0 .. r->len - 1));
  terminates \true; exits \false;
  assigns r->at, *out;
  ensures ok: reader_ok(r);
  behavior short:
    assumes !reader_has(r, 4);
    assigns \nothing;
    ensures \result == GN_ERR_SHORT && r->at == \old(r->at);
    ensures kept: *out == \old(*out);
  behavior good:
    assumes reader_has(r, 4);
    ensures \result == GN_OK && r->at == \old(r->at) + 4;
    ensures value: *out == be32(r->base + \old(r->at));
  complete behaviors; disjoint behaviors;
*/
GN_MUST_USE static inline gn_err
gn_reader_u32(gn_reader *r, uint32_t *out)
{
    if (gn_reader_left(r) < 4)
        return GN_ERR_SHORT;
    *out = gn_be_read_u32(r->base + r->at);
    r->at += 4;
    return GN_OK;
}

/* Takes eight bytes, network order. */
/*@
  requires reader_ok(r) && \valid(out);
  requires \separated(r, out, r->base + (0 .. r->len - 1));
  terminates \true; exits \false;
  assigns r->at, *out;
  ensures ok: reader_ok(r);
  behavior short:
    assumes !reader_has(r, 8);
    assigns \nothing;
    ensures \result == GN_ERR_SHORT && r->at == \old(r->at);
    ensures kept: *out == \old(*out);
  behavior good:
    assumes reader_has(r, 8);
    ensures \result == GN_OK && r->at == \old(r->at) + 8;
    ensures value: *out == be64(r->base + \old(r->at));
  complete behaviors; disjoint behaviors;
*/
GN_MUST_USE static inline gn_err
gn_reader_u64(gn_reader *r, uint64_t *out)
{
    if (gn_reader_left(r) < 8)
        return GN_ERR_SHORT;
    *out = gn_be_read_u64(r->base + r->at);
    r->at += 8;
    return GN_OK;
}

/* Takes n bytes where they lie: the span borrows from whoever owns the reader's bytes. */
/*@
  requires reader_ok(r) && \valid(out);
  requires \separated(r, out, r->base + (0 .. r->len - 1));
  terminates \true; exits \false;
  assigns r->at, *out;
  ensures ok: reader_ok(r);
  behavior short:
    assumes !reader_has(r, n);
    assigns \nothing;
    ensures \result == GN_ERR_SHORT && r->at == \old(r->at);
    ensures kept: *out == \old(*out);
  behavior good:
    assumes reader_has(r, n);
    ensures \result == GN_OK && r->at == \old(r->at) + n;
    ensures view: out->ptr == r->base + \old(r->at) && out->len == n;
    ensures readable: \valid_read(out->ptr + (0 .. n - 1));
  complete behaviors; disjoint behaviors;
*/
GN_MUST_USE static inline gn_err
gn_reader_bytes(gn_reader *r, size_t n, gn_span *out)
{
    if (gn_reader_left(r) < n)
        return GN_ERR_SHORT;
    out->ptr = gn_reader_here(r);
    out->len = n;
    r->at += n;
    return GN_OK;
}

/* Takes n bytes into the caller's own n bytes at out. */
/*@
  requires reader_ok(r) && \valid(out + (0 .. n - 1));
  requires \separated(r, out + (0 .. n - 1));
  requires \separated(out + (0 .. n - 1), r->base + (0 .. r->len - 1));
  terminates \true; exits \false;
  assigns r->at, out[0 .. n - 1];
  ensures ok: reader_ok(r);
  behavior short:
    assumes !reader_has(r, n);
    assigns \nothing;
    ensures \result == GN_ERR_SHORT && r->at == \old(r->at);
    ensures kept: \forall integer i; 0 <= i < n ==> out[i] == \old(out[i]);
  behavior good:
    assumes reader_has(r, n);
    ensures \result == GN_OK && r->at == \old(r->at) + n;
    ensures same: \forall integer i; 0 <= i < n ==> out[i] == r->base[\old(r->at) + i];
  complete behaviors; disjoint behaviors;
*/
GN_MUST_USE static inline gn_err
gn_reader_copy(gn_reader *r, uint8_t *out, size_t n)
{
    if (gn_reader_left(r) < n)
        return GN_ERR_SHORT;
    gn_bytes_copy(out, gn_reader_here(r), n);
    r->at += n;
    return GN_OK;
}

/* Steps over n bytes. */
/*@
  requires reader_ok(r);
  terminates \true; exits \false;
  assigns r->at;
  ensures ok: reader_ok(r);
  behavior short:
    assumes !reader_has(r, n);
    assigns \nothing;
    ensures \result == GN_ERR_SHORT && r->at == \old(r->at);
  behavior good:
    assumes reader_has(r, n);
    ensures \result == GN_OK && r->at == \old(r->at) + n;
  complete behaviors; disjoint behaviors;
*/
GN_MUST_USE static inline gn_err
gn_reader_skip(gn_reader *r, size_t n)
{
    if (gn_reader_left(r) < n)
        return GN_ERR_SHORT;
    r->at += n;
    return GN_OK;
}

#endif
