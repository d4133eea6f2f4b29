/*
 * early_hold.c: see early_hold.h.
 */
#include "endpoint/early_hold.h"

#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"

void
gn_early_hold_init(gn_early_hold *hold, uint32_t cap, const gn_config *config)
{
    *hold = (gn_early_hold){
        .cap = cap, .bytes_max = config->early_held_bytes, .age_us = config->early_held_us};
}

static void
early_hold_cut(gn_early_hold *hold, gn_early_datagram *places, uint32_t at)
{
    GN_ASSERT(at < hold->count && hold->bytes >= places[at].len);
    hold->bytes -= places[at].len;
    hold->count--;
    memmove(&places[at], &places[at + 1], (hold->count - at) * sizeof places[0]);
}

static void
early_hold_expire(gn_early_hold *hold, gn_early_datagram *places, gn_time now)
{
    while (hold->count > 0 && gn_time_since(now, places[0].at) > hold->age_us)
        early_hold_cut(hold, places, 0);
}

bool
gn_early_hold_add(gn_early_hold *hold, gn_early_datagram *places, const gn_datagram *datagram,
                  const gn_cid *dcid, gn_time now)
{
    early_hold_expire(hold, places, now);
    if (hold->count == hold->cap || datagram->len > GN_DATAGRAM_MAX ||
        hold->bytes + datagram->len > hold->bytes_max)
        return false;
    gn_early_datagram *held = &places[hold->count++];
    held->at = now;
    held->route = datagram->route;
    held->dcid = *dcid;
    gn_bytes_copy(held->host, datagram->host, sizeof held->host);
    held->ecn = datagram->ecn;
    held->len = (uint16_t)datagram->len;
    gn_bytes_copy(held->bytes, datagram->bytes, datagram->len);
    hold->bytes += datagram->len;
    return true;
}

bool
gn_early_hold_take(gn_early_hold *hold, gn_early_datagram *places, const gn_cid *dcid, gn_time now,
                   gn_early_datagram *out)
{
    early_hold_expire(hold, places, now);
    for (uint32_t at = 0; at < hold->count; at++) {
        if (!gn_cid_equal(&places[at].dcid, dcid))
            continue;
        *out = places[at];
        early_hold_cut(hold, places, at);
        return true;
    }
    return false;
}
