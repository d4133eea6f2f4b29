/*
 * spin_watch.c: see spin_watch.h.
 */
#include "sim/spin_watch.h"

#include <stdlib.h>
#include <string.h>

#include "sim/network.h"
#include "wire/header_read.h"

/* RFC 9000 17.3.1: of a short header's first byte; header protection leaves it alone. */
#define SPIN_WATCH_BIT 0x20

void
gn_sim_spin_watch_on_datagram(gn_sim_spin_watch *watch, const gn_sim_datagram *datagram)
{
    if (datagram->fate != GN_SIM_FATE_DELIVERED || datagram->to != GN_SIM_CLIENT ||
        datagram->len == 0 || (datagram->bytes[0] & GN_HEADER_LONG) != 0)
        return;

    const bool value = (datagram->bytes[0] & SPIN_WATCH_BIT) != 0;

    if (watch->seen && value != watch->value) {
        if (watch->turns++ > 0 && watch->count < GN_SIM_SPIN_WATCH_SPANS)
            watch->spans_us[watch->count++] = datagram->at_us - watch->turned_us;
        watch->turned_us = datagram->at_us;
    }
    watch->seen = true;
    watch->value = value;
}

static int
spin_watch_compare(const void *left, const void *right)
{
    const uint64_t a = *(const uint64_t *)left;
    const uint64_t b = *(const uint64_t *)right;

    return a < b ? -1 : a > b;
}

uint64_t
gn_sim_spin_watch_median_us(const gn_sim_spin_watch *watch)
{
    uint64_t sorted[GN_SIM_SPIN_WATCH_SPANS];

    if (watch->count == 0)
        return UINT64_MAX;
    memcpy(sorted, watch->spans_us, watch->count * sizeof sorted[0]);
    qsort(sorted, watch->count, sizeof sorted[0], spin_watch_compare);
    return sorted[watch->count / 2];
}
