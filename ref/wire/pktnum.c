/*
 * pktnum.c: see pktnum.h.
 */
#include "wire/pktnum.h"

#include "base/assert.h"

/* Two numbers less than a window apart that end alike are the same. */
/*@
  lemma pktnum_unique: \forall integer a, b, w; 0 < w && 0 <= a && 0 <= b &&
    a % w == b % w && -w < a - b < w ==> a == b;
*/

/* How many numbers a short form of this size tells apart. */
/*@
  requires 1 <= size <= 4;
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result == pktnum_window(size);
*/
static uint64_t
pktnum_window(size_t size)
{
    switch (size) {
    case 1: return 0x100;
    case 2: return 0x10000;
    case 3: return 0x1000000;
    default: return 0x100000000;
    }
}

size_t
gn_pktnum_size(uint64_t pn, uint64_t largest_acked_plus_one)
{
    GN_ASSERT(pn <= GN_PKTNUM_MAX && largest_acked_plus_one <= pn);

    /* RFC 9000 17.1, A.2: the window is at least twice what is in flight, pn included.
     * [R-9000-17.1-1] [R-9000-17.1-2] */
    const uint64_t unacked = pn - largest_acked_plus_one + 1;
    if (unacked <= 0x80)
        return 1;
    if (unacked <= 0x8000)
        return 2;
    if (unacked <= 0x800000)
        return 3;
    return 4;
}

uint64_t
gn_pktnum_truncate(uint64_t pn, size_t size)
{
    GN_ASSERT(size >= 1 && size <= GN_PKTNUM_BYTES_MAX);
    return pn % pktnum_window(size);
}

/* The number with these low bytes in the q-th window. */
/*@
  requires 0x100 <= window <= 0x100000000 && truncated < window;
  requires q * window + truncated <= GN_PKTNUM_MAX;
  terminates \true; exits \false;
  assigns \nothing;
  ensures value: \result == q * window + truncated;
  ensures match: pktnum_match(\result, truncated, window);
*/
static uint64_t
pktnum_compose(uint64_t q, uint64_t window, uint64_t truncated)
{
    //@ assert low: (q * window + truncated) % window == truncated;
    //@ assert up: 0 <= q * window;
    return q * window + truncated;
}

uint64_t
gn_pktnum_expand(uint64_t truncated, size_t size, uint64_t expected)
{
    GN_ASSERT(size >= 1 && size <= GN_PKTNUM_BYTES_MAX);
    GN_ASSERT(expected <= GN_PKTNUM_MAX + 1);

    const uint64_t window = pktnum_window(size);
    GN_ASSERT(truncated < window);

    /* After the last number nothing is expected; looking around it is as good. */
    const uint64_t middle = expected > GN_PKTNUM_MAX ? GN_PKTNUM_MAX : expected;
    const uint64_t q = middle / window;
    const uint64_t pn = pktnum_compose(q, window, truncated);
    //@ assert sizes: window \in {0x100, 0x10000, 0x1000000, 0x100000000};
    //@ assert top: q * window + window <= GN_PKTNUM_MAX + 1;
    //@ assert near: -window < pn - middle < window;

    /* RFC 9000 A.3: one window up or down, where that is nearer and exists. */
    if (pn + window / 2 <= middle && pn <= GN_PKTNUM_MAX - window)
        return pktnum_compose(q + 1, window, truncated);
    if (pn > middle + window / 2 && pn >= window)
        return pktnum_compose(q - 1, window, truncated);
    return pn;
}
