/*
 * ecn.c: see ecn.h.
 */
#include "recovery/ecn.h"

#include "base/assert.h"

void
gn_ecn_ledger_init(gn_ecn_ledger *ledger)
{
    ledger->seen.ect0 = 0;
    ledger->seen.ect1 = 0;
    ledger->seen.ce = 0;
    ledger->unreported_ect0 = 0;
    ledger->unreported_ect1 = 0;
}

void
gn_ecn_init(gn_ecn *ecn, gn_ecn_mark_id mark)
{
    GN_ASSERT(mark != GN_ECN_CE);
    *ecn = (gn_ecn){
        .mark = (uint8_t)mark,
        .state = mark == GN_ECN_NOT_ECT ? GN_ECN_FAILED : GN_ECN_TESTING,
    };
}

/* [R-9000-13.4.2.2-1] */
gn_ecn_mark_id
gn_ecn_mark(const gn_ecn *ecn)
{
    if (ecn->state == GN_ECN_TESTING || ecn->state == GN_ECN_CAPABLE)
        return (gn_ecn_mark_id)ecn->mark;
    return GN_ECN_NOT_ECT;
}

/* Whether the path is still being judged, so that fates of marked packets count. */
/*@
  requires \valid_read(ecn);
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result <==> ecn_open(ecn);
*/
static bool
ecn_open(const gn_ecn *ecn)
{
    return ecn->state == GN_ECN_TESTING || ecn->state == GN_ECN_UNKNOWN;
}

/* Moves on once the test has sent enough, or knows enough. */
/*@
  requires \valid(ecn) && ecn_counted(ecn);
  terminates \true; exits \false;
  assigns ecn->state;
  ensures ok: ecn_open{Pre}(ecn) ==> ecn_ok(ecn);
  ensures where: ecn_open{Pre}(ecn) ==> ecn->state == ecn_settled(ecn);
  ensures decided: !ecn_open{Pre}(ecn) ==> ecn->state == \old(ecn->state);
*/
static void
ecn_settle(gn_ecn *ecn)
{
    GN_ASSERT(gn_ecn_check(ecn));
    if (!ecn_open(ecn))
        return;

    const bool enough = ecn->sent >= GN_ECN_TEST_PACKETS || ecn->ptos >= GN_ECN_TEST_PTOS;
    ecn->state = enough ? GN_ECN_UNKNOWN : GN_ECN_TESTING;
    /* RFC 9000 A.4: the path fails when every marked packet was lost, or marked CE. */
    if (enough && ecn->sent > 0 && ecn->acked + ecn->lost == ecn->sent && ecn->ce == ecn->acked)
        ecn->state = GN_ECN_FAILED;
}

void
gn_ecn_on_sent(gn_ecn *ecn, gn_ecn_ledger *ledger, gn_ecn_mark_id mark, bool in_flight)
{
    if (mark == GN_ECN_NOT_ECT)
        return;
    GN_ASSERT(mark == GN_ECN_ECT0 || mark == GN_ECN_ECT1);
    if (mark == GN_ECN_ECT0)
        ledger->unreported_ect0++;
    else
        ledger->unreported_ect1++;

    if (in_flight && ecn_open(ecn)) {
        ecn->sent++;
        ecn_settle(ecn);
    }
}

void
gn_ecn_on_lost(gn_ecn *ecn)
{
    if (!ecn_open(ecn))
        return;
    ecn->lost++;
    ecn_settle(ecn);
}

void
gn_ecn_on_forgotten(gn_ecn *ecn)
{
    if (!ecn_open(ecn))
        return;
    GN_ASSERT(ecn->sent > 0);
    ecn->sent--;
    ecn_settle(ecn);
}

void
gn_ecn_on_pto(gn_ecn *ecn)
{
    if (ecn->state != GN_ECN_TESTING || ecn->acked > 0)
        return;
    ecn->ptos++;
    ecn_settle(ecn);
}

/* How far a count went up; 0 if it went down. */
/*@
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result == ecn_rise(from, to);
*/
static uint64_t
ecn_rise(uint64_t from, uint64_t to)
{
    return to > from ? to - from : 0;
}

/* By how much each count of a report rose over the one before it. */
/*@
  requires \valid_read(seen) && \valid_read(counts);
  terminates \true; exits \false;
  assigns \nothing;
  ensures ect0: \result.ect0 == ecn_rise(seen->ect0, counts->ect0);
  ensures ect1: \result.ect1 == ecn_rise(seen->ect1, counts->ect1);
  ensures ce: \result.ce == ecn_rise(seen->ce, counts->ce);
*/
static gn_ecn_counts
ecn_rises(const gn_ecn_counts *seen, const gn_ecn_counts *counts)
{
    return (gn_ecn_counts){
        .ect0 = ecn_rise(seen->ect0, counts->ect0),
        .ect1 = ecn_rise(seen->ect1, counts->ect1),
        .ce = ecn_rise(seen->ce, counts->ce),
    };
}

/* Remembers a report and says by how much each count rose. */
/*@
  requires \valid(ledger) && \valid_read(counts) && \separated(ledger, counts);
  terminates \true; exits \false;
  assigns *ledger;
  ensures ect0: \result.ect0 == ecn_rise(\old(ledger->seen.ect0), counts->ect0);
  ensures ect1: \result.ect1 == ecn_rise(\old(ledger->seen.ect1), counts->ect1);
  ensures ce: \result.ce == ecn_rise(\old(ledger->seen.ce), counts->ce);
  ensures took: ecn_took{Pre, Post}(ledger, counts);
*/
static gn_ecn_counts
ecn_ledger_take(gn_ecn_ledger *ledger, const gn_ecn_counts *counts)
{
    const gn_ecn_counts rise = ecn_rises(&ledger->seen, counts);

    ledger->seen = *counts;
    ledger->unreported_ect0 = ecn_rise(rise.ect0, ledger->unreported_ect0);
    ledger->unreported_ect1 = ecn_rise(rise.ect1, ledger->unreported_ect1);
    return rise;
}

void
gn_ecn_ledger_on_ack(gn_ecn_ledger *ledger, const gn_ecn_ack *ack)
{
    if (ack->raises_largest && ack->has_counts)
        (void)ecn_ledger_take(ledger, &ack->counts);
}

/* a + b, which the peer chose, without wrapping. */
/*@
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result == (a + b < UINT64_MAX ? a + b : UINT64_MAX);
*/
static uint64_t
ecn_sum(uint64_t a, uint64_t b)
{
    return b > UINT64_MAX - a ? UINT64_MAX : a + b;
}

/*
 * RFC 9000 13.4.2.1: whether a report with these rises covers so many packets
 * newly acknowledged with each mark. CE may stand in for either.
 */
/*@
  requires \valid_read(rise);
  terminates \true; exits \false;
  assigns \nothing;
  ensures ect0 <= UINT64_MAX && ect1 <= UINT64_MAX ==>
    (\result <==> rise->ect0 + rise->ce >= ect0 && rise->ect1 + rise->ce >= ect1);
*/
static bool
ecn_covers(const gn_ecn_counts *rise, uint64_t ect0, uint64_t ect1)
{
    return ecn_sum(rise->ect0, rise->ce) >= ect0 && ecn_sum(rise->ect1, rise->ce) >= ect1;
}

/* Fails the path. [R-9000-13.4.2.2-2] */
/*@
  requires \valid(ecn) && ecn_ok(ecn);
  terminates \true; exits \false;
  assigns ecn->state;
  ensures ok: ecn_ok(ecn) && ecn->state == GN_ECN_FAILED;
  ensures verdict: \result.ce == 0 && \result.capable == 0;
  ensures failed: \result.failed <==> \old(ecn->state) != GN_ECN_FAILED;
*/
static gn_ecn_verdict
ecn_fail(gn_ecn *ecn)
{
    const bool failed = ecn->state != GN_ECN_FAILED;
    const gn_ecn_verdict verdict = {.ce = 0, .failed = failed, .capable = false};

    ecn->state = GN_ECN_FAILED;
    return verdict;
}

/* A report that was right has come: what the path learns from it. */
/*@
  requires \valid(ecn) && ecn_ok(ecn);
  requires ecn_open(ecn) ==> here <= ecn->sent - ecn->acked - ecn->lost;
  terminates \true; exits \false;
  assigns ecn->sent, ecn->acked, ecn->ce, ecn->state;
  ensures ok: ecn_ok(ecn);
  behavior nothing:
    assumes !ecn_open(ecn) || here == 0;
    ensures none: !\result && ecn->state == \old(ecn->state);
    ensures kept: ecn->sent == \old(ecn->sent) && ecn->acked == \old(ecn->acked) &&
      ecn->ce == \old(ecn->ce);
  behavior unsure:
    assumes ecn_open(ecn) && here > 0 && !sure;
    ensures no: !\result && ecn->state == ecn_settled(ecn);
    ensures less: ecn->sent == \old(ecn->sent) - here && ecn->acked == \old(ecn->acked) &&
      ecn->ce == \old(ecn->ce);
  behavior right:
    assumes ecn_open(ecn) && here > 0 && sure;
    ensures acked: ecn->sent == \old(ecn->sent) && ecn->acked == \old(ecn->acked) + here;
    ensures ce: ecn->ce == \old(ecn->ce) + (ce_rise < here ? ce_rise : here);
    ensures state: ecn->state == (\result ? GN_ECN_CAPABLE : ecn_settled(ecn));
    ensures capable: \result <==> ecn_settled(ecn) != GN_ECN_FAILED && ecn->ce < ecn->acked;
  complete behaviors; disjoint behaviors;
*/
static bool
ecn_learn(gn_ecn *ecn, uint32_t here, bool sure, uint64_t ce_rise)
{
    if (!ecn_open(ecn) || here == 0)
        return false;

    GN_ASSERT(here <= ecn->sent - ecn->acked - ecn->lost);
    if (!sure) {
        /* The counts may be those of another path's packets: these tested nothing. */
        ecn->sent -= here;
        ecn_settle(ecn);
        return false;
    }
    ecn->acked += here;
    ecn->ce += ce_rise < here ? (uint32_t)ce_rise : here;
    ecn_settle(ecn);
    if (!ecn_open(ecn) || ecn->ce == ecn->acked)
        return false;
    ecn->state = GN_ECN_CAPABLE;
    return true;
}

/* RFC 9000 13.4.2.1: whether a report is wrong, given what was reported and sent before it. */
/*@
  requires \valid_read(before) && \valid_read(ack);
  requires here: ack->ect0_here + ack->ect1_here <= UINT32_MAX;
  requires other: ack->ect0_other + ack->ect1_other <= UINT32_MAX;
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result <==> ecn_wrong(before, ack);
*/
static bool
ecn_wrong(const gn_ecn_ledger *before, const gn_ecn_ack *ack)
{
    const gn_ecn_counts rise = ecn_rises(&before->seen, &ack->counts);
    const bool any_here = ack->ect0_here + ack->ect1_here > 0;
    const bool any_other = ack->ect0_other + ack->ect1_other > 0;

    /* Packets of other paths may be the reason for what is beyond, never for what is short. */
    if (!ecn_covers(&rise, ack->ect0_here, ack->ect1_here))
        return true;
    if (!any_other && rise.ect0 > before->unreported_ect0)
        return true;
    if (!any_other && rise.ect1 > before->unreported_ect1)
        return true;

    const bool fell = ack->counts.ect0 < before->seen.ect0 ||
                      ack->counts.ect1 < before->seen.ect1 || ack->counts.ce < before->seen.ce;
    return fell && (any_here || !any_other);
}

/* Judges a report that came in time. */
/*@
  requires \valid(ecn) && ecn_ok(ecn);
  requires \valid(ledger) && \valid_read(ack) && \separated(ecn, ledger, ack);
  requires here: ack->ect0_here + ack->ect1_here <= UINT32_MAX;
  requires other: ack->ect0_other + ack->ect1_other <= UINT32_MAX;
  requires ours: ecn_open(ecn) ==>
    ack->ect0_here + ack->ect1_here <= ecn->sent - ecn->acked - ecn->lost;
  terminates \true; exits \false;
  assigns ecn->sent, ecn->acked, ecn->ce, ecn->state, *ledger;
  ensures ok: ecn_ok(ecn);
  ensures took: ecn_took{Pre, Post}(ledger, &ack->counts);
  ensures wrong: ecn_wrong{Pre}(ledger, ack) ==> ecn->state == GN_ECN_FAILED && \result.ce == 0;
  ensures final: \old(ecn->state) == GN_ECN_FAILED ==> ecn->state == GN_ECN_FAILED;
  ensures reason: \old(ecn->state) == GN_ECN_CAPABLE && !ecn_wrong{Pre}(ledger, ack) ==>
    ecn->state == GN_ECN_CAPABLE;
  ensures ce: \result.ce > 0 ==> ecn->state != GN_ECN_FAILED &&
    \result.ce == ecn_rise(\old(ledger->seen.ce), \old(ack->counts.ce));
  ensures failed: \result.failed ==>
    ecn->state == GN_ECN_FAILED && \old(ecn->state) != GN_ECN_FAILED;
  ensures capable: \result.capable <==>
    ecn->state == GN_ECN_CAPABLE && \old(ecn->state) != GN_ECN_CAPABLE;
*/
static gn_ecn_verdict
ecn_judge(gn_ecn *ecn, gn_ecn_ledger *ledger, const gn_ecn_ack *ack)
{
    const bool wrong = ecn_wrong(ledger, ack);
    const gn_ecn_counts rise = ecn_ledger_take(ledger, &ack->counts);
    if (wrong)
        return ecn_fail(ecn);

    const uint32_t here = ack->ect0_here + ack->ect1_here;
    const uint32_t other = ack->ect0_other + ack->ect1_other;
    const uint64_t all0 = (uint64_t)ack->ect0_here + ack->ect0_other;
    const uint64_t all1 = (uint64_t)ack->ect1_here + ack->ect1_other;
    const bool failed_before = ecn->state == GN_ECN_FAILED;
    gn_ecn_verdict verdict = {.ce = 0, .failed = false, .capable = false};
    verdict.capable = ecn_learn(ecn, here, ecn_covers(&rise, all0, all1), rise.ce);
    verdict.failed = !failed_before && ecn->state == GN_ECN_FAILED;
    if (ecn->state != GN_ECN_FAILED && (here > 0 || other == 0))
        verdict.ce = rise.ce;
    return verdict;
}

gn_ecn_verdict
gn_ecn_on_ack(gn_ecn *ecn, gn_ecn_ledger *ledger, const gn_ecn_ack *ack)
{
    const uint32_t here = ack->ect0_here + ack->ect1_here;
    const gn_ecn_verdict nothing = {.ce = 0, .failed = false, .capable = false};

    /* RFC 9000 13.4.2.1: a report that came late says nothing; its packets tested nothing.
     * [R-9000-13.4.2.1-1] */
    if (!ack->raises_largest) {
        (void)ecn_learn(ecn, here, false, 0);
        return nothing;
    }
    if (!ack->has_counts)
        return here > 0 ? ecn_fail(ecn) : nothing;
    return ecn_judge(ecn, ledger, ack);
}

bool
gn_ecn_check(const gn_ecn *ecn)
{
    return ecn->state < GN_ECN_STATES && ecn->mark != GN_ECN_CE && ecn->ptos <= GN_ECN_TEST_PTOS &&
           ecn->acked <= ecn->sent && ecn->lost <= ecn->sent - ecn->acked && ecn->ce <= ecn->acked;
}
