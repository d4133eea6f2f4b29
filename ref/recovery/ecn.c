/*
 * ecn.c: see ecn.h.
 */
#include "recovery/ecn.h"

#include <string.h>

#include "base/assert.h"

void
gn_ecn_ledger_init(gn_ecn_ledger *ledger)
{
    memset(ledger, 0, sizeof *ledger);
}

void
gn_ecn_init(gn_ecn *ecn, gn_ecn_mark_id mark)
{
    GN_ASSERT(mark != GN_ECN_CE);
    memset(ecn, 0, sizeof *ecn);
    ecn->mark = (uint8_t)mark;
    ecn->state = mark == GN_ECN_NOT_ECT ? GN_ECN_FAILED : GN_ECN_TESTING;
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
static bool
ecn_open(const gn_ecn *ecn)
{
    return ecn->state == GN_ECN_TESTING || ecn->state == GN_ECN_UNKNOWN;
}

/* Moves on once the test has sent enough, or knows enough. */
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
static uint64_t
ecn_rise(uint64_t from, uint64_t to)
{
    return to > from ? to - from : 0;
}

/* Remembers a report and says by how much each count rose. */
static gn_ecn_counts
ecn_ledger_take(gn_ecn_ledger *ledger, const gn_ecn_counts *counts)
{
    const gn_ecn_counts rise = {
        .ect0 = ecn_rise(ledger->seen.ect0, counts->ect0),
        .ect1 = ecn_rise(ledger->seen.ect1, counts->ect1),
        .ce = ecn_rise(ledger->seen.ce, counts->ce),
    };

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
static uint64_t
ecn_sum(uint64_t a, uint64_t b)
{
    return b > UINT64_MAX - a ? UINT64_MAX : a + b;
}

/*
 * RFC 9000 13.4.2.1: whether a report with these rises covers so many packets
 * newly acknowledged with each mark. CE may stand in for either.
 */
static bool
ecn_covers(const gn_ecn_counts *rise, uint64_t ect0, uint64_t ect1)
{
    return ecn_sum(rise->ect0, rise->ce) >= ect0 && ecn_sum(rise->ect1, rise->ce) >= ect1;
}

/* Fails the path. [R-9000-13.4.2.2-2] */
static gn_ecn_verdict
ecn_fail(gn_ecn *ecn)
{
    const gn_ecn_verdict verdict = {.ce = 0, .failed = ecn->state != GN_ECN_FAILED};

    ecn->state = GN_ECN_FAILED;
    return verdict;
}

/* A report that was right has come: what the path learns from it. */
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

gn_ecn_verdict
gn_ecn_on_ack(gn_ecn *ecn, gn_ecn_ledger *ledger, const gn_ecn_ack *ack)
{
    const uint32_t here = ack->ect0_here + ack->ect1_here;
    const uint32_t other = ack->ect0_other + ack->ect1_other;
    const bool failed_before = ecn->state == GN_ECN_FAILED;
    gn_ecn_verdict verdict = {.ce = 0, .failed = false, .capable = false};

    /* RFC 9000 13.4.2.1: a report that came late says nothing; its packets tested nothing.
     * [R-9000-13.4.2.1-1] */
    if (!ack->raises_largest) {
        (void)ecn_learn(ecn, here, false, 0);
        return verdict;
    }
    if (!ack->has_counts)
        return here > 0 ? ecn_fail(ecn) : verdict;

    const gn_ecn_ledger before = *ledger;
    const gn_ecn_counts rise = ecn_ledger_take(ledger, &ack->counts);
    const bool fell = ack->counts.ect0 < before.seen.ect0 || ack->counts.ect1 < before.seen.ect1 ||
                      ack->counts.ce < before.seen.ce;
    const bool beyond = rise.ect0 > before.unreported_ect0 || rise.ect1 > before.unreported_ect1;

    /* Packets of other paths may be the reason for what is beyond, never for what is short. */
    if (!ecn_covers(&rise, ack->ect0_here, ack->ect1_here) || (other == 0 && beyond) ||
        (fell && (here > 0 || other == 0)))
        return ecn_fail(ecn);

    const uint64_t all0 = (uint64_t)ack->ect0_here + ack->ect0_other;
    const uint64_t all1 = (uint64_t)ack->ect1_here + ack->ect1_other;
    verdict.capable = ecn_learn(ecn, here, ecn_covers(&rise, all0, all1), rise.ce);
    verdict.failed = !failed_before && ecn->state == GN_ECN_FAILED;
    if (ecn->state != GN_ECN_FAILED && (here > 0 || other == 0))
        verdict.ce = rise.ce;
    return verdict;
}

bool
gn_ecn_check(const gn_ecn *ecn)
{
    return ecn->state < GN_ECN_STATES && ecn->acked + ecn->lost <= ecn->sent &&
           ecn->ce <= ecn->acked && ecn->mark != GN_ECN_CE;
}
