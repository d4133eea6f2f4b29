/*
 * pktnum.c: what the contracts of wire/pktnum.h mean together.
 */
#include "wire/pktnum.h"

/*
 * The receiver finds the number that was sent whenever it has seen what the
 * sender knows to be acknowledged, and at most what was sent before, with
 * less than 2^31 packets in flight.
 */
/*@
  requires pn <= GN_PKTNUM_MAX;
  requires sender: acked <= pn;
  requires receiver: acked <= expected <= pn + 1;
  requires flight: pn - acked < 0x80000000;
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result == pn;
*/
uint64_t
proof_pktnum_round_trip(uint64_t pn, uint64_t acked, uint64_t expected)
{
    const size_t size = gn_pktnum_size(pn, acked);
    const uint64_t truncated = gn_pktnum_truncate(pn, size);
    /*@ assert window: pktnum_match(pn, truncated, pktnum_window(size)) &&
          pktnum_near(pn, expected, pktnum_window(size)); */
    return gn_pktnum_expand(truncated, size, expected);
}

/* The example of RFC 9000 A.3. */
/*@
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result == 0xa82f9b32;
*/
uint64_t
proof_pktnum_example(void)
{
    //@ assert match: pktnum_match(0xa82f9b32, 0x9b32, pktnum_window(2));
    //@ assert near: pktnum_near(0xa82f9b32, 0xa82f30eb, pktnum_window(2));
    return gn_pktnum_expand(0x9b32, 2, UINT64_C(0xa82f30ea) + 1);
}
