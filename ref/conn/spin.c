/*
 * spin.c: see spin.h.
 */
#include "conn/spin.h"

/* [R-9000-17.4-1] [R-9000-17.4-3] */
static void
spin_begin(gn_spin *spin, uint64_t seq, bool allowed, gn_rng *rng)
{
    spin->name = seq + 1;
    spin->spins = 0;
    spin->value = 0;
    if (!allowed)
        return;
    const uint64_t drawn = gn_rng_below(rng, 2 * GN_SPIN_SILENT_ONE_IN);
    spin->spins = drawn > 1;
    if (drawn == 1)
        spin->value = 1;
}

bool
gn_spin_next(gn_spin *spin, uint64_t seq, bool allowed, gn_rng *rng)
{
    if (spin->name != seq + 1)
        spin_begin(spin, seq, allowed, rng);
    return spin->value != 0;
}

void
gn_spin_on_received(gn_spin *spin, uint64_t pn, bool bit, bool is_server)
{
    if (pn < spin->heard)
        return;
    spin->heard = pn + 1;
    /* [R-9000-17.4-2] */
    if (spin->spins)
        spin->value = is_server ? bit : !bit;
}
