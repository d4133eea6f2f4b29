/*
 * be.h: unsigned integers in network byte order.
 *
 * Sums and products instead of shifts: the solvers behind the proofs follow
 * only the former. Writing still becomes a single move; reading costs a
 * handful of instructions.
 */
#ifndef GN_BASE_BE_H
#define GN_BASE_BE_H

#include <stdint.h>

/*@
  logic integer be16{L}(uint8_t *p) = p[0] * 0x100 + p[1];
  logic integer be32{L}(uint8_t *p) = be16(p) * 0x10000 + be16(p + 2);
  logic integer be64{L}(uint8_t *p) = be32(p) * 0x100000000 + be32(p + 4);
*/

/* The value of the two bytes at p. */
/*@
  requires \valid_read(p + (0 .. 1));
  terminates \true; exits \false;
  assigns \nothing;
  ensures value: \result == be16(p);
*/
static inline uint16_t
gn_be_read_u16(const uint8_t *p)
{
    return (uint16_t)(p[0] * 0x100 + p[1]);
}

/* The value of the four bytes at p. */
/*@
  requires \valid_read(p + (0 .. 3));
  terminates \true; exits \false;
  assigns \nothing;
  ensures value: \result == be32(p);
*/
static inline uint32_t
gn_be_read_u32(const uint8_t *p)
{
    return (uint32_t)gn_be_read_u16(p) * 0x10000 + gn_be_read_u16(p + 2);
}

/* The value of the eight bytes at p. */
/*@
  requires \valid_read(p + (0 .. 7));
  terminates \true; exits \false;
  assigns \nothing;
  ensures value: \result == be64(p);
*/
static inline uint64_t
gn_be_read_u64(const uint8_t *p)
{
    return (uint64_t)gn_be_read_u32(p) * 0x100000000 + gn_be_read_u32(p + 4);
}

/* Writes value to the two bytes at p. */
/*@
  requires \valid(p + (0 .. 1));
  terminates \true; exits \false;
  assigns p[0 .. 1];
  ensures value: be16(p) == value;
*/
static inline void
gn_be_write_u16(uint8_t *p, uint16_t value)
{
    p[0] = (uint8_t)(value / 0x100);
    p[1] = (uint8_t)(value % 0x100);
}

/* Writes value to the four bytes at p. */
/*@
  requires \valid(p + (0 .. 3));
  terminates \true; exits \false;
  assigns p[0 .. 3];
  ensures value: be32(p) == value;
*/
static inline void
gn_be_write_u32(uint8_t *p, uint32_t value)
{
    gn_be_write_u16(p, (uint16_t)(value / 0x10000));
    gn_be_write_u16(p + 2, (uint16_t)(value % 0x10000));
}

/* Writes value to the eight bytes at p. */
/*@
  requires \valid(p + (0 .. 7));
  terminates \true; exits \false;
  assigns p[0 .. 7];
  ensures value: be64(p) == value;
*/
static inline void
gn_be_write_u64(uint8_t *p, uint64_t value)
{
    gn_be_write_u32(p, (uint32_t)(value / 0x100000000));
    gn_be_write_u32(p + 4, (uint32_t)(value % 0x100000000));
}

#endif
