/*
 * varint.c: what the contracts of wire/varint.h mean together.
 */
#include "wire/varint.h"

/*@
  lemma varint_within: \forall integer v; 0 <= v <= GN_VARINT_MAX ==>
    v <= varint_fits(varint_size(v));
*/

/* Whatever eight bytes begin with, it is in range, and no shorter than what would be written. */
/*@
  requires \valid_read(p + (0 .. 7));
  terminates \true; exits \false;
  assigns \nothing;
  ensures range: 0 <= varint_value(p) <= GN_VARINT_MAX;
  ensures minimal: varint_size(varint_value(p)) <= varint_told(p[0]);
*/
void
proof_varint_minimal(const uint8_t *p)
{
    const uint16_t two = gn_be_read_u16(p);
    const uint32_t four = gn_be_read_u32(p);
    //@ assert two: 0x40 <= p[0] < 0x80 ==> 0x4000 <= two < 0x8000;
    //@ assert four: 0x80 <= p[0] < 0xc0 ==> 0x80000000 <= four < 0xc0000000;
    //@ assert eight: 0xc0 <= p[0] ==> 0xc0000000 <= four;
    (void)two;
    (void)four;
}

/* Any value that is written is read again as itself, and takes the least bytes. */
/*@
  requires value <= GN_VARINT_MAX;
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result == value;
*/
uint64_t
proof_varint_round_trip(uint64_t value)
{
    uint8_t bytes[8];
    uint64_t same = 0;
    gn_writer w = gn_writer_over(bytes, sizeof bytes);
    gn_err err = gn_varint_write(&w, value);
    //@ assert written: err == GN_OK && w.at == varint_size(value);

    gn_reader r = gn_reader_over(bytes, w.at);
    err = gn_varint_read(&r, &same);
    //@ assert read: err == GN_OK && r.at == w.at;
    return same;
}

/* The same for a value written in a size that was asked for. */
/*@
  requires size == 1 || size == 2 || size == 4 || size == 8;
  requires value <= varint_fits(size);
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result == value;
*/
uint64_t
proof_varint_sized_round_trip(uint64_t value, size_t size)
{
    uint8_t bytes[8];
    uint64_t same = 0;
    gn_writer w = gn_writer_over(bytes, sizeof bytes);
    gn_err err = gn_varint_write_sized(&w, value, size);
    //@ assert written: err == GN_OK && w.at == size;

    gn_reader r = gn_reader_over(bytes, w.at);
    err = gn_varint_read(&r, &same);
    //@ assert read: err == GN_OK && r.at == size;
    return same;
}
