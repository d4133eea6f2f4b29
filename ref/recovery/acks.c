/*
 * acks.c: see acks.h.
 */
#include "recovery/acks.h"

#include <string.h>

#include "base/assert.h"

void
gn_acks_init(gn_acks *acks)
{
    memset(acks, 0, sizeof *acks);
    acks->largest = GN_ACKS_NONE;
    acks->largest_eliciting = GN_ACKS_NONE;
    acks->ack_by = GN_NEVER;
}

bool
gn_acks_seen(const gn_acks *acks, uint64_t pn)
{
    /* RFC 9000 13.2.3: what is no longer remembered is not accepted either. [R-9000-12.3-4] */
    return pn < acks->floor || gn_ranges_has(&acks->received, pn);
}

/* Remembers pn, at the cost of the oldest range if need be. */
static void
acks_remember(gn_acks *acks, uint64_t pn)
{
    gn_ranges *set = &acks->received;

    if (gn_ranges_add(set, pn, pn + 1) == GN_OK)
        return;

    /* RFC 9000 13.2.3: a floor that rises as ranges are dropped keeps duplicates out.
     * [R-9000-13.2.3-1] */
    if (pn < set->at[0].from) {
        acks->floor = pn + 1;
        return;
    }
    acks->floor = set->at[0].to;
    gn_ranges_drop_first(set);
    const gn_err err = gn_ranges_add(set, pn, pn + 1);
    GN_ASSERT(err == GN_OK);
}

/*
 * RFC 9000 13.2.1: whether this ack-eliciting packet came out of order, either
 * after a larger one or with numbers missing since the largest before it.
 */
static bool
acks_out_of_order(const gn_acks *acks, uint64_t pn)
{
    const uint64_t before = acks->largest_eliciting;

    if (before == GN_ACKS_NONE)
        return false;
    return pn < before || !gn_ranges_covers(&acks->received, before + 1, pn);
}

/* [R-9000-13.4.1-1] */
static void
acks_count_mark(gn_acks *acks, gn_ecn_mark_id mark)
{
    switch (mark) {
    case GN_ECN_ECT0: acks->ecn.ect0++; break;
    case GN_ECN_ECT1: acks->ecn.ect1++; break;
    case GN_ECN_CE: acks->ecn.ce++; break;
    case GN_ECN_NOT_ECT: break;
    }
}

void
gn_acks_note(gn_acks *acks, uint64_t pn, bool eliciting, gn_ecn_mark_id mark, gn_time now,
             uint64_t max_ack_delay_us, uint32_t threshold)
{
    GN_ASSERT(pn <= GN_VARINT_MAX && now != GN_NEVER);
    GN_ASSERT(!gn_acks_seen(acks, pn));

    acks_remember(acks, pn);
    acks_count_mark(acks, mark);
    if (acks->largest == GN_ACKS_NONE || pn > acks->largest) {
        /* [R-9000-13.2.3-2] */
        acks->largest = pn;
        acks->largest_at = now;
    }
    if (pn < acks->told_to)
        acks->told_to = pn;

    /* RFC 9000 13.2.1: a packet that elicits nothing never causes one. [R-9000-13.2.1-4] */
    if (eliciting) {
        const bool at_once = acks->eliciting_unacked + 1 >= threshold || mark == GN_ECN_CE ||
                             acks_out_of_order(acks, pn);

        acks->eliciting_unacked++;
        /* [R-9000-13.2.1-1] */
        acks->ack_by =
            gn_time_min(acks->ack_by, at_once ? now : gn_time_after(now, max_ack_delay_us));
        if (acks->largest_eliciting == GN_ACKS_NONE || pn > acks->largest_eliciting)
            acks->largest_eliciting = pn;
    }
    GN_ASSERT(gn_acks_seen(acks, pn));
    GN_ASSERT(acks->received.count > 0);
}

uint64_t
gn_acks_largest(const gn_acks *acks)
{
    return acks->largest;
}

bool
gn_acks_wants(const gn_acks *acks, gn_time now)
{
    return acks->ack_by <= now;
}

bool
gn_acks_has_news(const gn_acks *acks)
{
    return acks->eliciting_unacked > 0;
}

gn_time
gn_acks_deadline(const gn_acks *acks)
{
    return acks->ack_by;
}

bool
gn_acks_fill(const gn_acks *acks, gn_time now, gn_acks_report *out)
{
    const gn_ranges *set = &acks->received;
    size_t worth = 0;

    if (set->count == 0)
        return false;
    while (worth < set->count && set->at[set->count - 1 - worth].to > acks->told_to)
        worth++;

    out->received = set;
    out->max_ranges = worth == 0 ? 1 : worth;
    /* [R-9000-13.2.5-1] */
    out->delay_us = gn_time_since(now, acks->largest_at);
    out->largest = gn_ranges_end(set) - 1;
    out->ecn = (gn_frame_ecn){
        .ect0 = acks->ecn.ect0,
        .ect1 = acks->ecn.ect1,
        .ce = acks->ecn.ce,
    };
    out->has_ecn = (acks->ecn.ect0 | acks->ecn.ect1 | acks->ecn.ce) != 0;
    GN_ASSERT(out->largest == acks->largest);
    return true;
}

void
gn_acks_on_sent(gn_acks *acks, gn_time now)
{
    GN_ASSERT(acks->received.count > 0);
    GN_ASSERT(acks->largest_at <= now);
    /* [R-9000-13.2.1-3] */
    acks->eliciting_unacked = 0;
    acks->ack_by = GN_NEVER;
}

void
gn_acks_on_acked(gn_acks *acks, uint64_t up_to)
{
    GN_ASSERT(acks->largest != GN_ACKS_NONE && up_to <= acks->largest);
    if (up_to + 1 > acks->told_to)
        acks->told_to = up_to + 1;
}

bool
gn_acks_check(const gn_acks *acks)
{
    const gn_ranges *set = &acks->received;

    if (!gn_ranges_check(set))
        return false;
    if (set->count == 0)
        return acks->floor == 0 && acks->largest == GN_ACKS_NONE && acks->ack_by == GN_NEVER;
    if (set->at[0].from < acks->floor || gn_ranges_end(set) != acks->largest + 1)
        return false;
    if (acks->largest_eliciting != GN_ACKS_NONE && acks->largest_eliciting > acks->largest)
        return false;
    return (acks->ack_by == GN_NEVER) == (acks->eliciting_unacked == 0);
}
