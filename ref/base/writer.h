/*
 * writer.h: a bounds-checked cursor over space somebody else owns.
 *
 * gn_writer_over makes one, gn_writer_left and gn_writer_here look; every other
 * verb either writes exactly what it says and returns GN_OK, or returns
 * GN_ERR_FULL and changes nothing.
 */
#ifndef GN_BASE_WRITER_H
#define GN_BASE_WRITER_H

#include <stddef.h>
#include <stdint.h>

#include "base/assert.h"
#include "base/be.h"
#include "base/bytes.h"
#include "base/err.h"

/* Invariant: at <= cap, and base[0..cap) stays writable while we write. */
typedef struct gn_writer {
    uint8_t *base;
    size_t cap;
    size_t at;
} gn_writer;

/*@
  predicate writer_ok{L}(gn_writer *w) =
    \valid(w) && w->at <= w->cap && \valid(w->base + (0 .. w->cap - 1)) &&
    \separated(w, w->base + (0 .. w->cap - 1));
  predicate writer_room{L}(gn_writer *w, integer n) = n <= w->cap - w->at;
  logic integer writer_past{L}(gn_writer *w, integer n) = n <= w->cap - w->at ? w->at + n : w->at;
  predicate writer_kept{A, B}(gn_writer *w) =
    \at(w->at, A) == \at(w->at, B) && \at(w->base, A) == \at(w->base, B) &&
    (\forall integer i; 0 <= i < \at(w->cap, A) ==> \at(w->base[i], A) == \at(w->base[i], B));
*/

/* A cursor before the first of cap free bytes. base may be null when cap is 0. */
/*@
  requires \valid(base + (0 .. cap - 1));
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result.base == base && \result.cap == cap && \result.at == 0;
*/
static inline gn_writer
gn_writer_over(uint8_t *base, size_t cap)
{
    return (gn_writer){.base = base, .cap = cap, .at = 0};
}

/* The bytes of space left. */
/*@
  requires \valid_read(w) && w->at <= w->cap;
  terminates \true; exits \false;
  assigns \nothing;
  ensures left: \result == w->cap - w->at;
*/
static inline size_t
gn_writer_left(const gn_writer *w)
{
    GN_ASSERT(w->at <= w->cap);
    return w->cap - w->at;
}

/* Where the next byte goes, or would. No offset is added to null, not even 0: C forbids it. */
/*@
  requires \valid_read(w) && w->at <= w->cap && \valid(w->base + (0 .. w->cap - 1));
  terminates \true; exits \false;
  assigns \nothing;
  ensures here: \result == w->base + w->at;
*/
static inline uint8_t *
gn_writer_here(const gn_writer *w)
{
    return w->at > 0 ? w->base + w->at : w->base;
}

/* Writes one byte. */
/*@
  requires writer_ok(w);
  terminates \true; exits \false;
  assigns w->at, w->base[w->at .. writer_past(w, 1) - 1];
  ensures ok: writer_ok(w);
  behavior full:
    assumes !writer_room(w, 1);
    assigns \nothing;
    ensures \result == GN_ERR_FULL && writer_kept{Pre, Post}(w);
  behavior good:
    assumes writer_room(w, 1);
    ensures \result == GN_OK && w->at == \old(w->at) + 1;
    ensures value: w->base[\old(w->at)] == value;
  complete behaviors; disjoint behaviors;
*/
GN_MUST_USE static inline gn_err
gn_writer_u8(gn_writer *w, uint8_t value)
{
    if (gn_writer_left(w) < 1)
        return GN_ERR_FULL;
    w->base[w->at] = value;
    w->at += 1;
    return GN_OK;
}

/* Writes two bytes, network order. */
/*@
  requires writer_ok(w);
  terminates \true; exits \false;
  assigns w->at, w->base[w->at .. writer_past(w, 2) - 1];
  ensures ok: writer_ok(w);
  behavior full:
    assumes !writer_room(w, 2);
    assigns \nothing;
    ensures \result == GN_ERR_FULL && writer_kept{Pre, Post}(w);
  behavior good:
    assumes writer_room(w, 2);
    ensures \result == GN_OK && w->at == \old(w->at) + 2;
    ensures value: be16(w->base + \old(w->at)) == value;
  complete behaviors; disjoint behaviors;
*/
GN_MUST_USE static inline gn_err
gn_writer_u16(gn_writer *w, uint16_t value)
{
    if (gn_writer_left(w) < 2)
        return GN_ERR_FULL;
    gn_be_write_u16(w->base + w->at, value);
    w->at += 2;
    return GN_OK;
}

/* Writes four bytes, network order. */
/*@
  requires writer_ok(w);
  terminates \true; exits \false;
  assigns w->at, w->base[w->at .. writer_past(w, 4) - 1];
  ensures ok: writer_ok(w);
  behavior full:
    assumes !writer_room(w, 4);
    assigns \nothing;
    ensures \result == GN_ERR_FULL && writer_kept{Pre, Post}(w);
  behavior good:
    assumes writer_room(w, 4);
    ensures \result == GN_OK && w->at == \old(w->at) + 4;
    ensures value: be32(w->base + \old(w->at)) == value;
  complete behaviors; disjoint behaviors;
*/
GN_MUST_USE static inline gn_err
gn_writer_u32(gn_writer *w, uint32_t value)
{
    if (gn_writer_left(w) < 4)
        return GN_ERR_FULL;
    gn_be_write_u32(w->base + w->at, value);
    w->at += 4;
    return GN_OK;
}

/* Writes eight bytes, network order. */
/*@
  requires writer_ok(w);
  terminates \true; exits \false;
  assigns w->at, w->base[w->at .. writer_past(w, 8) - 1];
  ensures ok: writer_ok(w);
  behavior full:
    assumes !writer_room(w, 8);
    assigns \nothing;
    ensures \result == GN_ERR_FULL && writer_kept{Pre, Post}(w);
  behavior good:
    assumes writer_room(w, 8);
    ensures \result == GN_OK && w->at == \old(w->at) + 8;
    ensures value: be64(w->base + \old(w->at)) == value;
  complete behaviors; disjoint behaviors;
*/
GN_MUST_USE static inline gn_err
gn_writer_u64(gn_writer *w, uint64_t value)
{
    if (gn_writer_left(w) < 8)
        return GN_ERR_FULL;
    gn_be_write_u64(w->base + w->at, value);
    w->at += 8;
    return GN_OK;
}

/* Writes n bytes, which do not lie in the writer's own space. */
/*@
  requires writer_ok(w) && \valid_read(bytes + (0 .. n - 1));
  requires \separated(w, bytes + (0 .. n - 1));
  requires \separated(w->base + (0 .. w->cap - 1), bytes + (0 .. n - 1));
  terminates \true; exits \false;
  assigns w->at, w->base[w->at .. writer_past(w, n) - 1];
  ensures ok: writer_ok(w);
  behavior full:
    assumes !writer_room(w, n);
    assigns \nothing;
    ensures \result == GN_ERR_FULL && writer_kept{Pre, Post}(w);
  behavior good:
    assumes writer_room(w, n);
    ensures \result == GN_OK && w->at == \old(w->at) + n;
    ensures same: \forall integer i; 0 <= i < n ==> w->base[\old(w->at) + i] == bytes[i];
  complete behaviors; disjoint behaviors;
*/
GN_MUST_USE static inline gn_err
gn_writer_bytes(gn_writer *w, const uint8_t *bytes, size_t n)
{
    if (gn_writer_left(w) < n)
        return GN_ERR_FULL;
    gn_bytes_copy(gn_writer_here(w), bytes, n);
    w->at += n;
    return GN_OK;
}

/* Writes the same byte n times. */
/*@
  requires writer_ok(w);
  terminates \true; exits \false;
  assigns w->at, w->base[w->at .. writer_past(w, n) - 1];
  ensures ok: writer_ok(w);
  behavior full:
    assumes !writer_room(w, n);
    assigns \nothing;
    ensures \result == GN_ERR_FULL && writer_kept{Pre, Post}(w);
  behavior good:
    assumes writer_room(w, n);
    ensures \result == GN_OK && w->at == \old(w->at) + n;
    ensures same: \forall integer i; 0 <= i < n ==> w->base[\old(w->at) + i] == byte;
  complete behaviors; disjoint behaviors;
*/
GN_MUST_USE static inline gn_err
gn_writer_fill(gn_writer *w, uint8_t byte, size_t n)
{
    if (gn_writer_left(w) < n)
        return GN_ERR_FULL;
    gn_bytes_fill(gn_writer_here(w), byte, n);
    w->at += n;
    return GN_OK;
}

#endif
