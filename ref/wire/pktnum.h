/*
 * pktnum.h: packet numbers and their short form (RFC 9000 section 17.1, A.2, A.3).
 *
 * A packet carries the low 1 to 4 bytes of its number. The sender chooses so
 * many that the receiver, who knows about where it is, finds the only number
 * in the window around what it expects next.
 */
#ifndef GN_WIRE_PKTNUM_H
#define GN_WIRE_PKTNUM_H

#include <stddef.h>
#include <stdint.h>

/* The largest packet number there is. */
#define GN_PKTNUM_MAX UINT64_C(0x3fffffffffffffff)

/* The most bytes the short form takes. */
#define GN_PKTNUM_BYTES_MAX 4

/* pktnum_window: how many numbers a short form of this size tells apart. */
/*@
  logic integer pktnum_window(integer size) =
    size == 1 ? 0x100 : size == 2 ? 0x10000 : size == 3 ? 0x1000000 : 0x100000000;
  predicate pktnum_match(integer pn, integer truncated, integer window) =
    0 <= pn <= GN_PKTNUM_MAX && pn % window == truncated;
  predicate pktnum_near(integer pn, integer expected, integer window) =
    expected - window / 2 < pn <= expected + window / 2;
*/

/*
 * The bytes, 1 to 4, that pn needs so that the window is at least twice the
 * distance from the largest number acknowledged. largest_acked_plus_one is 0
 * while none is, and at most pn. When 4 bytes are too few (2^31 packets in
 * flight) the answer is 4 all the same.
 */
/*@
  requires pn <= GN_PKTNUM_MAX && largest_acked_plus_one <= pn;
  terminates \true; exits \false;
  assigns \nothing;
  ensures in: 1 <= \result <= 4;
  ensures enough: pn - largest_acked_plus_one < 0x80000000 ==>
    2 * (pn - largest_acked_plus_one + 1) <= pktnum_window(\result);
  ensures least: \forall integer n; 1 <= n < \result ==>
    2 * (pn - largest_acked_plus_one + 1) > pktnum_window(n);
*/
size_t gn_pktnum_size(uint64_t pn, uint64_t largest_acked_plus_one);

/* The low size bytes of pn, as a number. size is 1 to 4. */
/*@
  requires 1 <= size <= 4;
  terminates \true; exits \false;
  assigns \nothing;
  ensures value: \result == pn % pktnum_window(size);
*/
uint64_t gn_pktnum_truncate(uint64_t pn, size_t size);

/*
 * The number nearest to expected, one more than the largest received (0 while
 * none is), whose low size bytes are truncated. Never above GN_PKTNUM_MAX.
 */
/*@
  requires 1 <= size <= 4 && truncated < pktnum_window(size);
  requires expected <= GN_PKTNUM_MAX + 1;
  terminates \true; exits \false;
  assigns \nothing;
  ensures match: pktnum_match(\result, truncated, pktnum_window(size));
  ensures window: \forall integer pn; pktnum_match(pn, truncated, pktnum_window(size)) &&
    pktnum_near(pn, expected, pktnum_window(size)) ==> \result == pn;
*/
uint64_t gn_pktnum_expand(uint64_t truncated, size_t size, uint64_t expected);

#endif
