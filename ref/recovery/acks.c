/*
 * acks.c: see acks.h.
 */
#include "recovery/acks.h"

#include "base/assert.h"

void
gn_acks_init(gn_acks *acks)
{
    acks->floor = 0;
    acks->told_to = 0;
    acks->largest = GN_ACKS_NONE;
    acks->largest_eliciting = GN_ACKS_NONE;
    acks->largest_at = 0;
    acks->ack_by = GN_NEVER;
    acks->ecn.ect0 = 0;
    acks->ecn.ect1 = 0;
    acks->ecn.ce = 0;
    acks->eliciting_unacked = 0;
    acks->reserved = 0;
    gn_ranges_init(&acks->received);
    //@ assert empty: acks->floor == 0 && acks->eliciting_unacked == 0;
    //@ assert none: acks->largest == GN_ACKS_NONE && acks->largest_eliciting == GN_ACKS_NONE;
    //@ assert quiet: acks->ack_by == GN_NEVER;
}

bool
gn_acks_seen(const gn_acks *acks, uint64_t pn)
{
    /* RFC 9000 13.2.3: what is no longer remembered is not accepted either. [R-9000-12.3-4] */
    return pn < acks->floor || gn_ranges_has(&acks->received, pn);
}

/* Forgets the oldest range: the floor rises above it. */
/*@
  requires \valid(acks) && ranges_ok(&acks->received) && acks_spans(acks);
  requires acks->received.count > 0;
  terminates \true; exits \false;
  assigns acks->floor, acks->received.count, acks->received.at[0 .. GN_RANGES_MAX - 1];
  ensures ok: ranges_ok(&acks->received) && acks_spans(acks);
  ensures fewer: acks->received.count == \old(acks->received.count) - 1;
  ensures remembered: \forall integer v; acks_known{Pre}(acks, v) ==> acks_known(acks, v);
  ensures fresh: \forall integer v; ranges_in(&acks->received, v) ==>
    ranges_in{Pre}(&acks->received, v);
  ensures floor: acks->floor == \old(acks->received.at[0].to) &&
    \old(acks->floor) <= acks->floor;
  ensures above: \forall integer v; \old(acks->received.at[0].to) <= v &&
    ranges_in{Pre}(&acks->received, v) ==> ranges_in(&acks->received, v);
  ensures timed: acks_timed{Pre}(acks) ==> acks_timed(acks);
*/
static void
acks_forget_oldest(gn_acks *acks)
{
    //@ assert first: ranges_in(&acks->received, acks->received.at[0].from);
    //@ assert second: ranges_in(&acks->received, acks->received.at[0].to - 1);
    acks->floor = acks->received.at[0].to;
    //@ assert same: ranges_kept{Pre, Here}(&acks->received);
    //@ assert kept: ranges_ok(&acks->received) && acks_same{Pre, Here}(acks);
    //@ assert timed: acks_timed{Pre}(acks) ==> acks_timed(acks);
    gn_ranges_drop_first(&acks->received);
}

/* Remembers pn, at the cost of the oldest range if need be. */
/*@
  requires \valid(acks) && ranges_ok(&acks->received) && acks_spans(acks);
  requires pn <= GN_VARINT_MAX && !acks_known(acks, pn) && acks_topping(acks, pn);
  terminates \true; exits \false;
  assigns acks->floor, acks->received.count, acks->received.at[0 .. GN_RANGES_MAX - 1];
  ensures ok: ranges_ok(&acks->received) && acks_spans(acks) && acks->received.count > 0;
  ensures known: acks_known(acks, pn);
  ensures remembered: \forall integer v; acks_known{Pre}(acks, v) ==> acks_known(acks, v);
  ensures floor: \old(acks->floor) <= acks->floor;
  ensures tops: acks_tops(acks);
  ensures timed: acks_timed{Pre}(acks) ==> acks_timed(acks);
*/
static void
acks_remember(gn_acks *acks, uint64_t pn)
{
    gn_ranges *set = &acks->received;

    if (gn_ranges_add(set, pn, pn + 1) == GN_OK) {
        //@ assert in: ranges_in(set, pn);
        //@ assert spans: acks_spans(acks);
        //@ assert some: acks->received.count > 0;
        /*@ assert all: \forall integer v; ranges_in{Pre}(&acks->received, v) ==>
              ranges_in(&acks->received, v); */
        //@ assert tops: acks_tops(acks);
        /*@ assert remembered: \forall integer v; acks_known{Pre}(acks, v) ==>
              acks_known(acks, v); */
        //@ assert timed: acks_timed{Pre}(acks) ==> acks_timed(acks);
        return;
    }

    //@ assert same: acks_same{Pre, Here}(acks);
    //@ assert low: \forall integer v; ranges_in(set, v) ==> set->at[0].from <= v;
    //@ assert apart: pn < set->at[0].from || set->at[0].to < pn;
    /* RFC 9000 13.2.3: a floor that rises as ranges are dropped keeps duplicates out.
     * [R-9000-13.2.3-1] */
    if (pn < set->at[0].from) {
        //@ assert higher: ranges_in{Pre}(&acks->received, \at(acks->received.at[0].from, Pre));
        acks->floor = pn + 1;
        //@ assert kept: ranges_kept{Pre, Here}(set);
        //@ assert ok: ranges_ok(set) && acks_same{Pre, Here}(acks);
        //@ assert spans: acks_spans(acks);
        /*@ assert remembered: \forall integer v; acks_known{Pre}(acks, v) ==>
              acks_known(acks, v); */
        //@ assert tops: acks_tops(acks);
        //@ assert timed: acks_timed{Pre}(acks) ==> acks_timed(acks);
        return;
    }
    //@ assert timed: acks_timed{Pre}(acks) ==> acks_timed(acks);
    acks_forget_oldest(acks);
    //@ assert timed: acks_timed{Pre}(acks) ==> acks_timed(acks);
    /*@ assert left: \forall integer v; acks_known{Pre}(acks, v) ==> acks_known(acks, v); */
    /*@ assert above: \forall integer v; pn < v && ranges_in{Pre}(&acks->received, v) ==>
          ranges_in(&acks->received, v); */
    /*@ assert fewer: \forall integer v; ranges_in(set, v) ==>
          ranges_in{Pre}(&acks->received, v); */
    //@ assert topping: acks_topping(acks, pn);
    const gn_err err = gn_ranges_add(set, pn, pn + 1);
    GN_ASSERT(err == GN_OK);
    //@ assert in: ranges_in(set, pn);
    //@ assert spans: acks_spans(acks);
    /*@ assert remembered: \forall integer v; acks_known{Pre}(acks, v) ==>
          acks_known(acks, v); */
    /*@ assert top: \forall integer v; pn < v && ranges_in{Pre}(&acks->received, v) ==>
          ranges_in(&acks->received, v); */
    //@ assert tops: acks_tops(acks);
    //@ assert timed: acks_timed{Pre}(acks) ==> acks_timed(acks);
}

/*
 * RFC 9000 13.2.1: whether this ack-eliciting packet came out of order, either
 * after a larger one or with numbers missing since the largest before it.
 */
/*@
  requires \valid_read(acks) && ranges_ok(&acks->received) && pn != acks->largest_eliciting;
  terminates \true; exits \false;
  assigns \nothing;
  ensures first: acks->largest_eliciting == GN_ACKS_NONE ==> !\result;
  ensures late: acks->largest_eliciting != GN_ACKS_NONE && pn < acks->largest_eliciting ==> \result;
  ensures gap: acks->largest_eliciting < pn ==>
    (\result <==> !(acks->largest_eliciting + 1 == pn ||
      ranges_spans(&acks->received, acks->largest_eliciting + 1, pn)));
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
/*@
  requires \valid(acks) && ranges_ok(&acks->received);
  requires acks->ecn.ect0 < GN_VARINT_MAX && acks->ecn.ect1 < GN_VARINT_MAX &&
    acks->ecn.ce < GN_VARINT_MAX;
  terminates \true; exits \false;
  assigns acks->ecn.ect0, acks->ecn.ect1, acks->ecn.ce;
  ensures set: ranges_ok(&acks->received) && acks_same{Pre, Post}(acks);
  ensures acks->ecn.ect0 == \old(acks->ecn.ect0) + (mark == GN_ECN_ECT0 ? 1 : 0);
  ensures acks->ecn.ect1 == \old(acks->ecn.ect1) + (mark == GN_ECN_ECT1 ? 1 : 0);
  ensures acks->ecn.ce == \old(acks->ecn.ce) + (mark == GN_ECN_CE ? 1 : 0);
*/
static void
acks_count_mark(gn_acks *acks, gn_ecn_mark_id mark)
{
    switch (mark) {
    case GN_ECN_ECT0: acks->ecn.ect0++; break;
    case GN_ECN_ECT1: acks->ecn.ect1++; break;
    case GN_ECN_CE: acks->ecn.ce++; break;
    case GN_ECN_NOT_ECT: break;
    }
    //@ assert kept: ranges_kept{Pre, Here}(&acks->received);
}

/* The deadline that an ack-eliciting packet sets, which is not remembered yet. */
/*@
  requires \valid(acks) && ranges_ok(&acks->received) && pn != acks->largest_eliciting;
  requires pn <= GN_VARINT_MAX;
  requires now != GN_NEVER && max_ack_delay_us < GN_NEVER - now;
  terminates \true; exits \false;
  assigns acks->eliciting_unacked, acks->ack_by, acks->largest_eliciting;
  ensures set: ranges_ok(&acks->received) && acks_same{Pre, Post}(acks);
  ensures owed: acks->ack_by != GN_NEVER && acks->eliciting_unacked > 0;
  ensures due: acks->ack_by <= now + max_ack_delay_us;
  ensures sooner: acks->ack_by <= \old(acks->ack_by);
  ensures urgent: mark == GN_ECN_CE || acks->eliciting_unacked >= threshold ==>
    acks->ack_by <= now;
  ensures largest: acks->largest_eliciting ==
    (\old(acks->largest_eliciting) == GN_ACKS_NONE || pn > \old(acks->largest_eliciting)
      ? pn : \old(acks->largest_eliciting));
*/
static void
acks_owe(gn_acks *acks, uint64_t pn, gn_ecn_mark_id mark, gn_time now, uint64_t max_ack_delay_us,
         uint32_t threshold)
{
    if (acks->eliciting_unacked < UINT32_MAX)
        acks->eliciting_unacked++;

    const bool at_once =
        acks->eliciting_unacked >= threshold || mark == GN_ECN_CE || acks_out_of_order(acks, pn);
    /* [R-9000-13.2.1-1] */
    acks->ack_by = gn_time_min(acks->ack_by, at_once ? now : gn_time_after(now, max_ack_delay_us));
    if (acks->largest_eliciting == GN_ACKS_NONE || pn > acks->largest_eliciting)
        acks->largest_eliciting = pn;
    //@ assert kept: ranges_kept{Pre, Here}(&acks->received);
}

/* pn arrived at now: it may be the largest, and has to be told. */
/*@
  requires \valid(acks) && ranges_ok(&acks->received) && now != GN_NEVER && pn <= GN_VARINT_MAX;
  requires acks->received.count == 0 ? acks->largest == GN_ACKS_NONE : acks_tops(acks);
  terminates \true; exits \false;
  assigns acks->largest, acks->largest_at, acks->told_to;
  ensures set: ranges_ok(&acks->received) && acks_same{Pre, Post}(acks);
  ensures largest: acks->largest ==
    (\old(acks->largest) == GN_ACKS_NONE || pn > \old(acks->largest) ? pn : \old(acks->largest));
  ensures topping: acks_topping(acks, pn);
  ensures told: acks->told_to == (pn < \old(acks->told_to) ? pn : \old(acks->told_to));
*/
static void
acks_mark_news(gn_acks *acks, uint64_t pn, gn_time now)
{
    if (acks->largest == GN_ACKS_NONE || pn > acks->largest) {
        /* [R-9000-13.2.3-2] */
        acks->largest = pn;
        acks->largest_at = now;
    }
    if (pn < acks->told_to)
        acks->told_to = pn;
    //@ assert kept: ranges_kept{Pre, Here}(&acks->received);
    //@ assert ok: ranges_ok(&acks->received);
    /*@ assert in: \forall integer v; ranges_in(&acks->received, v) ==>
          ranges_in{Pre}(&acks->received, v); */
    /*@ assert still: \forall integer v; ranges_in{Pre}(&acks->received, v) ==>
          ranges_in(&acks->received, v); */
    //@ assert same: ranges_ok(&acks->received) && acks_same{Pre, Here}(acks);
}

void
gn_acks_note(gn_acks *acks, uint64_t pn, bool eliciting, gn_ecn_mark_id mark, gn_time now,
             uint64_t max_ack_delay_us, uint32_t threshold)
{
    GN_ASSERT(pn <= GN_VARINT_MAX && now != GN_NEVER);
    GN_ASSERT(!gn_acks_seen(acks, pn));

    /*@ assert none: acks->received.count == 0 ==>
          \forall integer v; !ranges_in(&acks->received, v); */
    //@ assert begin: acks_spans(acks);
    acks_count_mark(acks, mark);
    //@ assert counted: acks_same{Pre, Here}(acks) && ranges_ok(&acks->received);
    acks_mark_news(acks, pn, now);
    //@ assert marked: acks_same{Pre, Here}(acks);
    /* RFC 9000 13.2.1: a packet that elicits nothing never causes one. [R-9000-13.2.1-4] */
    if (eliciting) {
        acks_owe(acks, pn, mark, now, max_ack_delay_us, threshold);
        //@ assert kept: ranges_kept{Pre, Here}(&acks->received);
        /*@ assert in: \forall integer v; ranges_in(&acks->received, v) ==>
              ranges_in{Pre}(&acks->received, v); */
        /*@ assert still: \forall integer v; ranges_in{Pre}(&acks->received, v) ==>
              ranges_in(&acks->received, v); */
    }
    //@ assert same: acks_same{Pre, Here}(acks);
    //@ assert floor: acks->floor == \at(acks->floor, Pre);
    //@ assert due: acks_timed(acks);
    //@ assert before: \forall integer v; acks_known{Pre}(acks, v) <==> acks_known(acks, v);
    //@ assert spans: acks_spans(acks);
    //@ assert topping: acks_topping(acks, pn);
    /*@ assert old: acks->largest_eliciting != GN_ACKS_NONE ==>
          acks->largest_eliciting <= acks->largest &&
          (acks_known(acks, acks->largest_eliciting) || acks->largest_eliciting == pn); */
    acks_remember(acks, pn);
    /*@ assert eliciting: acks->largest_eliciting != GN_ACKS_NONE ==>
          acks->largest_eliciting <= acks->largest && acks_known(acks, acks->largest_eliciting); */
    //@ assert timed: acks_timed(acks);
    //@ assert within: acks_spans(acks);
    //@ assert tops: acks_tops(acks);
    //@ assert filled: acks_filled(acks);
    //@ assert ok: ranges_ok(&acks->received);
    //@ assert some: acks->received.count > 0;
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
    /*@
      loop invariant 0 <= worth <= set->count;
      loop assigns worth;
      loop variant set->count - worth;
    */
    while (worth < set->count && set->at[set->count - 1 - worth].to > acks->told_to)
        worth++;
    /*@ assert old: \forall integer i; 0 <= i < set->count - worth ==>
          set->at[i].to <= acks->told_to; */

    const uint64_t end = gn_ranges_end(set);
    GN_ASSERT(end - 1 == acks->largest);

    out->received = set;
    out->max_ranges = worth == 0 ? 1 : worth;
    /* [R-9000-13.2.5-1] */
    out->delay_us = gn_time_since(now, acks->largest_at);
    out->largest = end - 1;
    out->ecn.ect0 = acks->ecn.ect0;
    out->ecn.ect1 = acks->ecn.ect1;
    out->ecn.ce = acks->ecn.ce;
    out->has_ecn = acks->ecn.ect0 != 0 || acks->ecn.ect1 != 0 || acks->ecn.ce != 0;
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
    //@ assert kept: ranges_kept{Pre, Here}(&acks->received);
    //@ assert same: ranges_ok(&acks->received) && acks_same{Pre, Here}(acks);
}

void
gn_acks_on_acked(gn_acks *acks, uint64_t up_to)
{
    GN_ASSERT(acks->largest != GN_ACKS_NONE && up_to <= acks->largest);
    if (up_to + 1 > acks->told_to)
        acks->told_to = up_to + 1;
    //@ assert kept: ranges_kept{Pre, Here}(&acks->received);
    //@ assert same: ranges_ok(&acks->received) && acks_same{Pre, Here}(acks);
}

bool
gn_acks_check(const gn_acks *acks)
{
    const gn_ranges *set = &acks->received;

    if (!gn_ranges_check(set))
        return false;
    if ((acks->ack_by == GN_NEVER) != (acks->eliciting_unacked == 0))
        return false;
    if (set->count == 0)
        return acks->floor == 0 && acks->largest == GN_ACKS_NONE &&
               acks->largest_eliciting == GN_ACKS_NONE && acks->ack_by == GN_NEVER;
    //@ assert low: ranges_in(set, set->at[0].from);
    //@ assert high: ranges_in(set, set->at[set->count - 1].to - 1);
    /*@ assert bounds: \forall integer v; ranges_in(set, v) ==>
          set->at[0].from <= v < set->at[set->count - 1].to; */
    /*@ assert ends: acks_spans(acks) && acks_tops(acks) <==> acks->floor <= set->at[0].from &&
          acks->largest <= GN_VARINT_MAX && set->at[set->count - 1].to == acks->largest + 1; */
    if (set->at[0].from < acks->floor || acks->largest > GN_VARINT_MAX ||
        set->at[set->count - 1].to != acks->largest + 1)
        return false;
    return acks->largest_eliciting == GN_ACKS_NONE || (acks->largest_eliciting <= acks->largest &&
                                                       gn_acks_seen(acks, acks->largest_eliciting));
}
