/*
 * prop_pktnum.c: whoever has seen what is acknowledged, and nothing after what
 * is sent, finds the packet number that was meant, in that size and in every
 * larger one; and whatever arrives is taken for a number that there is, with
 * those low bytes, as near as any other.
 *
 * Eight bytes are the number, eight how far apart the others are.
 */
#include <string.h>

#include "prop.h"
#include "wire/pktnum.h"

static bool
is_nearest(uint64_t found, size_t size, uint64_t expected)
{
    const uint64_t window = UINT64_C(1) << (8 * size);
    const uint64_t way = found < expected ? expected - found : found - expected;

    if (found > GN_PKTNUM_MAX)
        return false;
    if (way <= window / 2)
        return true;
    /* Farther off only where the nearer one would be below 0 or above the last. */
    return found < expected ? found > GN_PKTNUM_MAX - window : found < window;
}

bool
gn_prop_pktnum(const uint8_t *bytes, size_t len)
{
    uint64_t pn = 0;
    uint32_t far[2] = {0};

    if (len < sizeof pn + sizeof far)
        return true;
    memcpy(&pn, bytes, sizeof pn);
    memcpy(far, bytes + sizeof pn, sizeof far);
    /* The top bits choose how small things are, so that edges are met often. */
    pn = (pn & GN_PKTNUM_MAX) >> (pn >> 58 & 0x3f) % 62;
    const uint64_t flight = (far[0] & 0x7fffffff) >> far[1] % 31;
    const uint64_t acked = flight <= pn ? pn - flight : 0;
    const uint64_t expected = acked + far[1] % (pn - acked + 2);

    if (flight > pn && pn >= 0x80000000)
        return true;
    for (size_t size = gn_pktnum_size(pn, acked); size <= GN_PKTNUM_BYTES_MAX; size++) {
        const uint64_t truncated = gn_pktnum_truncate(pn, size);
        if (truncated >> (8 * size) != 0 || gn_pktnum_expand(truncated, size, expected) != pn)
            return false;
    }
    for (size_t size = 1; size <= GN_PKTNUM_BYTES_MAX; size++) {
        const uint64_t truncated = gn_pktnum_truncate(far[0], size);
        const uint64_t found = gn_pktnum_expand(truncated, size, pn);
        if (gn_pktnum_truncate(found, size) != truncated || !is_nearest(found, size, pn))
            return false;
    }
    return true;
}
