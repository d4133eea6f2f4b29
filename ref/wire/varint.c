/*
 * varint.c: see varint.h.
 */
#include "wire/varint.h"

gn_err
gn_varint_read_any(gn_reader *r, uint64_t *out)
{
    const size_t left = gn_reader_left(r);
    if (left < 1)
        return GN_ERR_SHORT;

    /* RFC 9000 16: the two top bits tell the length, and are no part of the value. */
    const uint8_t *p = r->base + r->at;
    if (p[0] < 0x40) {
        *out = p[0];
        r->at += 1;
    } else if (p[0] < 0x80) {
        if (left < 2)
            return GN_ERR_SHORT;
        *out = (uint64_t)gn_be_read_u16(p) - 0x4000;
        r->at += 2;
    } else if (p[0] < 0xc0) {
        if (left < 4)
            return GN_ERR_SHORT;
        *out = (uint64_t)gn_be_read_u32(p) - 0x80000000;
        r->at += 4;
    } else {
        if (left < 8)
            return GN_ERR_SHORT;
        *out = gn_be_read_u64(p) - 0xc000000000000000;
        r->at += 8;
    }
    return GN_OK;
}

/* The largest value that a varint of this size holds. */
/*@
  requires size == 1 || size == 2 || size == 4 || size == 8;
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result == varint_fits(size);
*/
static uint64_t
varint_most(size_t size)
{
    switch (size) {
    case 1: return 0x3f;
    case 2: return 0x3fff;
    case 4: return 0x3fffffff;
    default: return GN_VARINT_MAX;
    }
}

void
gn_varint_write_at(uint8_t *p, uint64_t value, size_t size)
{
    switch (size) {
    case 1: p[0] = (uint8_t)value; break;
    case 2:
        gn_be_write_u16(p, (uint16_t)(value + 0x4000));
        //@ assert first: 0x40 <= p[0] < 0x80;
        break;
    case 4:
        gn_be_write_u32(p, (uint32_t)(value + 0x80000000));
        //@ assert first: 0x80 <= p[0] < 0xc0;
        break;
    default:
        gn_be_write_u64(p, value + 0xc000000000000000);
        //@ assert first: 0xc0 <= p[0];
        break;
    }
}

gn_err
gn_varint_write_sized(gn_writer *w, uint64_t value, size_t size)
{
    GN_ASSERT(size == 1 || size == 2 || size == 4 || size == 8);
    if (value > varint_most(size))
        return GN_ERR_RANGE;
    if (gn_writer_left(w) < size)
        return GN_ERR_FULL;

    gn_varint_write_at(w->base + w->at, value, size);
    w->at += size;
    return GN_OK;
}

gn_err
gn_varint_write(gn_writer *w, uint64_t value)
{
    if (value > GN_VARINT_MAX)
        return GN_ERR_RANGE;
    return gn_varint_write_sized(w, value, gn_varint_size(value));
}
