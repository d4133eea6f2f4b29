/*
 * skips.c: see skips.h.
 */
#include "recovery/skips.h"

#include "base/assert.h"
#include "wire/ack_iter.h"

/* The number to leave out after this one: mean steps further on average, and one at least. */
static uint64_t
skip_draw(const gn_skips *skips, uint64_t pn, gn_rng *rng)
{
    return pn + 1 + gn_rng_below(rng, 2 * (uint64_t)skips->mean - 1);
}

void
gn_skips_init(gn_skips *skips, uint32_t mean, gn_rng *rng)
{
    *skips = (gn_skips){.next = GN_SKIPS_NONE, .mean = mean};
    if (mean > 0)
        skips->next = skip_draw(skips, 0, rng);
}

uint64_t
gn_skips_pass(const gn_skips *skips, uint64_t pn)
{
    return pn == skips->next ? pn + 1 : pn;
}

void
gn_skips_on_sent(gn_skips *skips, uint64_t pn, gn_rng *rng)
{
    GN_ASSERT(pn != skips->next);
    if (pn < skips->next)
        return;
    skips->left_out[skips->at] = skips->next + 1;
    skips->at = (skips->at + 1) % GN_SKIPS_MAX;
    skips->next = skip_draw(skips, pn, rng);
}

bool
gn_skips_told(const gn_skips *skips, const gn_frame_ack *ack)
{
    gn_ack_iter it = gn_ack_iter_over(ack);
    gn_range range;

    while (skips->mean > 0 && gn_ack_iter_next(&it, &range))
        for (int i = 0; i < GN_SKIPS_MAX; i++)
            if (skips->left_out[i] > range.from && skips->left_out[i] <= range.to)
                return true;
    return false;
}
