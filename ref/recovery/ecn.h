/*
 * ecn.h: may this path carry marked packets (RFC 9000 13.4.2, A.4)?
 *
 * Two structs, because the peer counts per packet number space over all paths,
 * while a path passes or fails alone. The ledger of a space holds what the
 * peer reported last and how much more it may report; the gn_ecn of a path
 * holds its test. Only the increase since the last report is judged, and only
 * against packets of this path, so what became of packets sent on an older
 * path decides nothing here.
 *
 *   TESTING ---- 10 packets or ----> UNKNOWN
 *    marks    two probe timeouts      does not mark
 *      |                                 |
 *      +---- a report that is right -----+---> CAPABLE
 *      |                                 |      marks
 *      +---- a report that is wrong, ----+--------+---> FAILED
 *            or every marked packet lost or CE           does not mark
 */
#ifndef GN_RECOVERY_ECN_H
#define GN_RECOVERY_ECN_H

#include <stdbool.h>
#include <stdint.h>

/* The ECN field of the IP header, in its wire values (RFC 3168 5). */
typedef enum gn_ecn_mark_id {
    GN_ECN_NOT_ECT = 0,
    GN_ECN_ECT1 = 1,
    GN_ECN_ECT0 = 2,
    GN_ECN_CE = 3
} gn_ecn_mark_id;

/* Marked packets in a test, and the probe timeouts that end it (RFC 9000 13.4.2). */
#define GN_ECN_TEST_PACKETS 10
#define GN_ECN_TEST_PTOS 2 /* the second comes three timeouts after the start */

typedef enum gn_ecn_state {
    GN_ECN_TESTING,
    GN_ECN_UNKNOWN,
    GN_ECN_CAPABLE,
    GN_ECN_FAILED,
    GN_ECN_STATES
} gn_ecn_state;

/* Packets by the codepoint they arrived with, as an ACK frame reports them. */
typedef struct gn_ecn_counts {
    uint64_t ect0;
    uint64_t ect1;
    uint64_t ce;
} gn_ecn_counts;

/* One packet number space, all paths. */
typedef struct gn_ecn_ledger {
    gn_ecn_counts seen;       /* the newest report */
    uint64_t unreported_ect0; /* packets sent with this mark and not yet reported with it */
    uint64_t unreported_ect1;
} gn_ecn_ledger;

/*
 * One path. Invariant: acked + lost <= sent, ce <= acked, ptos at most what ends
 * a test. Once decided, the counts stand still.
 */
typedef struct gn_ecn {
    uint32_t sent;  /* marked packets in flight or fate known, while the path was under test */
    uint32_t acked; /* of these, acknowledged and validly reported */
    uint32_t lost;  /* of these, lost */
    uint32_t ce;    /* of the acknowledged ones, so many may have been marked CE */
    uint8_t state;  /* gn_ecn_state */
    uint8_t mark;   /* the codepoint this path sends: GN_ECN_ECT0 or GN_ECN_ECT1 */
    uint8_t ptos;   /* probe timeouts during the test */
    uint8_t reserved[5];
} gn_ecn;

/* What one ACK frame says and does about marks. */
typedef struct gn_ecn_ack {
    gn_ecn_counts counts; /* zero without has_counts */
    uint32_t ect0_here;   /* newly acknowledged packets sent on this path with ECT(0) ... */
    uint32_t ect1_here;   /* ... and with ECT(1) */
    uint32_t ect0_other;  /* the same, sent on other paths or before this path was taken anew */
    uint32_t ect1_other;
    bool has_counts;     /* the frame is of type 0x03 */
    bool raises_largest; /* it acknowledged a larger packet number than any before */
} gn_ecn_ack;

/* What follows from it. */
typedef struct gn_ecn_verdict {
    uint64_t ce;  /* packets newly reported as CE: a congestion event if not 0 */
    bool failed;  /* this ACK ended marking on the path */
    bool capable; /* this ACK validated the path */
} gn_ecn_verdict;

/*
 * ecn_counted: the counts fit together. ecn_ok: and the test ends when it should.
 * ecn_open: the path is being judged still. ecn_settled: where its counts put it.
 * ecn_rise: how far a count went up. ecn_short, ecn_beyond, ecn_fell: a report has fewer marks
 * than packets it acknowledges, more than were sent, or less than the report before it;
 * ecn_wrong: what of that fails the path. ecn_took, ecn_same: what became of the ledger.
 */
/*@
  predicate ecn_counted{L}(gn_ecn *e) =
    e->state < GN_ECN_STATES && e->mark != GN_ECN_CE && e->ptos <= GN_ECN_TEST_PTOS &&
    e->acked + e->lost <= e->sent && e->ce <= e->acked;
  predicate ecn_ok{L}(gn_ecn *e) =
    ecn_counted(e) && (e->state == GN_ECN_TESTING ==> e->ptos < GN_ECN_TEST_PTOS);
  predicate ecn_open{L}(gn_ecn *e) = e->state == GN_ECN_TESTING || e->state == GN_ECN_UNKNOWN;
  logic integer ecn_settled{L}(gn_ecn *e) =
    e->sent < GN_ECN_TEST_PACKETS && e->ptos < GN_ECN_TEST_PTOS ? GN_ECN_TESTING :
    e->sent > 0 && e->acked + e->lost == e->sent && e->ce == e->acked ? GN_ECN_FAILED :
    GN_ECN_UNKNOWN;
  logic integer ecn_rise(integer from, integer to) = to > from ? to - from : 0;
  logic integer ecn_here{L}(gn_ecn_ack *a) = a->ect0_here + a->ect1_here;
  logic integer ecn_other{L}(gn_ecn_ack *a) = a->ect0_other + a->ect1_other;
  predicate ecn_short{L}(gn_ecn_counts *seen, gn_ecn_counts *now, integer ect0, integer ect1) =
    ecn_rise(seen->ect0, now->ect0) + ecn_rise(seen->ce, now->ce) < ect0 ||
    ecn_rise(seen->ect1, now->ect1) + ecn_rise(seen->ce, now->ce) < ect1;
  predicate ecn_beyond{L}(gn_ecn_ledger *l, gn_ecn_counts *now) =
    ecn_rise(l->seen.ect0, now->ect0) > l->unreported_ect0 ||
    ecn_rise(l->seen.ect1, now->ect1) > l->unreported_ect1;
  predicate ecn_fell{L}(gn_ecn_counts *seen, gn_ecn_counts *now) =
    now->ect0 < seen->ect0 || now->ect1 < seen->ect1 || now->ce < seen->ce;
  predicate ecn_wrong{L}(gn_ecn_ledger *l, gn_ecn_ack *a) =
    ecn_short(&l->seen, &a->counts, a->ect0_here, a->ect1_here) ||
    (ecn_other(a) == 0 && ecn_beyond(l, &a->counts)) ||
    (ecn_fell(&l->seen, &a->counts) && (ecn_here(a) > 0 || ecn_other(a) == 0));
  predicate ecn_took{K, L}(gn_ecn_ledger *l, gn_ecn_counts *now) =
    \at(l->seen.ect0, L) == \at(now->ect0, K) && \at(l->seen.ect1, L) == \at(now->ect1, K) &&
    \at(l->seen.ce, L) == \at(now->ce, K) &&
    \at(l->unreported_ect0, L) == ecn_rise(ecn_rise(\at(l->seen.ect0, K), \at(now->ect0, K)),
      \at(l->unreported_ect0, K)) &&
    \at(l->unreported_ect1, L) == ecn_rise(ecn_rise(\at(l->seen.ect1, K), \at(now->ect1, K)),
      \at(l->unreported_ect1, K));
  predicate ecn_same{K, L}(gn_ecn_ledger *l) =
    \at(l->seen.ect0, L) == \at(l->seen.ect0, K) && \at(l->seen.ect1, L) == \at(l->seen.ect1, K) &&
    \at(l->seen.ce, L) == \at(l->seen.ce, K) &&
    \at(l->unreported_ect0, L) == \at(l->unreported_ect0, K) &&
    \at(l->unreported_ect1, L) == \at(l->unreported_ect1, K);
*/

/* A space nobody has reported on. */
/*@
  requires \valid(ledger);
  terminates \true; exits \false;
  assigns *ledger;
  ensures seen: ledger->seen.ect0 == 0 && ledger->seen.ect1 == 0 && ledger->seen.ce == 0;
  ensures sent: ledger->unreported_ect0 == 0 && ledger->unreported_ect1 == 0;
*/
void gn_ecn_ledger_init(gn_ecn_ledger *ledger);

/*
 * A new path. mark is GN_ECN_ECT0 or GN_ECN_ECT1 to test it, GN_ECN_NOT_ECT to
 * leave ECN off (state FAILED).
 */
/*@
  requires \valid(ecn) && mark < GN_ECN_CE;
  terminates \true; exits \false;
  assigns *ecn;
  ensures ok: ecn_ok(ecn);
  ensures state: ecn->state == (mark == GN_ECN_NOT_ECT ? GN_ECN_FAILED : GN_ECN_TESTING);
*/
void gn_ecn_init(gn_ecn *ecn, gn_ecn_mark_id mark);

/* The codepoint for the next datagram on this path. */
/*@
  requires \valid_read(ecn) && ecn_ok(ecn);
  terminates \true; exits \false;
  assigns \nothing;
  ensures on: ecn->state == GN_ECN_TESTING || ecn->state == GN_ECN_CAPABLE ==>
    \result == ecn->mark;
  ensures off: ecn->state != GN_ECN_TESTING && ecn->state != GN_ECN_CAPABLE ==>
    \result == GN_ECN_NOT_ECT;
*/
gn_ecn_mark_id gn_ecn_mark(const gn_ecn *ecn);

/*
 * One packet (not datagram: coalesced packets count each) was sent with mark.
 * in_flight tells whether its fate will be known; others are not tests.
 */
/*@
  requires \valid(ecn) && ecn_ok(ecn);
  requires \valid(ledger) && \separated(ecn, ledger) && mark < GN_ECN_CE;
  requires ecn->sent < UINT32_MAX;
  requires ledger->unreported_ect0 < UINT64_MAX && ledger->unreported_ect1 < UINT64_MAX;
  terminates \true; exits \false;
  assigns ecn->sent, ecn->state, ledger->unreported_ect0, ledger->unreported_ect1;
  ensures ok: ecn_ok(ecn);
  ensures ect0: ledger->unreported_ect0 ==
    \old(ledger->unreported_ect0) + (mark == GN_ECN_ECT0 ? 1 : 0);
  ensures ect1: ledger->unreported_ect1 ==
    \old(ledger->unreported_ect1) + (mark == GN_ECN_ECT1 ? 1 : 0);
  behavior tests:
    assumes mark != GN_ECN_NOT_ECT && in_flight && ecn_open(ecn);
    ensures sent: ecn->sent == \old(ecn->sent) + 1 && ecn->state == ecn_settled(ecn);
  behavior other:
    assumes mark == GN_ECN_NOT_ECT || !in_flight || !ecn_open(ecn);
    ensures kept: ecn->sent == \old(ecn->sent) && ecn->state == \old(ecn->state);
  complete behaviors; disjoint behaviors;
*/
void gn_ecn_on_sent(gn_ecn *ecn, gn_ecn_ledger *ledger, gn_ecn_mark_id mark, bool in_flight);

/* A marked in-flight packet of this path was declared lost. */
/*@
  requires \valid(ecn) && ecn_ok(ecn);
  requires ecn_open(ecn) ==> ecn->acked + ecn->lost < ecn->sent;
  terminates \true; exits \false;
  assigns ecn->lost, ecn->state;
  ensures ok: ecn_ok(ecn);
  ensures judged: \old(ecn_open(ecn)) ==>
    ecn->lost == \old(ecn->lost) + 1 && ecn->state == ecn_settled(ecn);
  ensures decided: !\old(ecn_open(ecn)) ==>
    ecn->lost == \old(ecn->lost) && ecn->state == \old(ecn->state);
*/
void gn_ecn_on_lost(gn_ecn *ecn);

/* A marked in-flight packet of this path left without a verdict: its keys were discarded. */
/*@
  requires \valid(ecn) && ecn_ok(ecn);
  requires ecn_open(ecn) ==> ecn->acked + ecn->lost < ecn->sent;
  terminates \true; exits \false;
  assigns ecn->sent, ecn->state;
  ensures ok: ecn_ok(ecn);
  ensures judged: \old(ecn_open(ecn)) ==>
    ecn->sent == \old(ecn->sent) - 1 && ecn->state == ecn_settled(ecn);
  ensures decided: !\old(ecn_open(ecn)) ==>
    ecn->sent == \old(ecn->sent) && ecn->state == \old(ecn->state);
*/
void gn_ecn_on_forgotten(gn_ecn *ecn);

/* A probe timeout fired while this path was in use. */
/*@
  requires \valid(ecn) && ecn_ok(ecn);
  terminates \true; exits \false;
  assigns ecn->ptos, ecn->state;
  ensures ok: ecn_ok(ecn);
  behavior silent:
    assumes ecn->state == GN_ECN_TESTING && ecn->acked == 0;
    ensures count: ecn->ptos == \old(ecn->ptos) + 1 && ecn->state == ecn_settled(ecn);
  behavior other:
    assumes ecn->state != GN_ECN_TESTING || ecn->acked > 0;
    ensures kept: ecn->ptos == \old(ecn->ptos) && ecn->state == \old(ecn->state);
  complete behaviors; disjoint behaviors;
*/
void gn_ecn_on_pto(gn_ecn *ecn);

/*
 * Judges one ACK that newly acknowledged something, before losses are detected
 * from it. The path is that of the largest packet newly acknowledged.
 */
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
  ensures late: !ack->raises_largest || !ack->has_counts ==> ecn_same{Pre, Post}(ledger);
  ensures seen: ack->raises_largest && ack->has_counts ==>
    ecn_took{Pre, Post}(ledger, &ack->counts);
  ensures wrong: ack->raises_largest && ack->has_counts && ecn_wrong{Pre}(ledger, ack) ==>
    ecn->state == GN_ECN_FAILED;
  ensures none: ack->raises_largest && !ack->has_counts && ecn_here(ack) > 0 ==>
    ecn->state == GN_ECN_FAILED;
  ensures final: \old(ecn->state) == GN_ECN_FAILED ==> ecn->state == GN_ECN_FAILED;
  ensures reason: \old(ecn->state) == GN_ECN_CAPABLE && ecn->state != GN_ECN_CAPABLE ==>
    ecn->state == GN_ECN_FAILED && ack->raises_largest &&
    (ack->has_counts ? ecn_wrong{Pre}(ledger, ack) : ecn_here(ack) > 0);
  ensures ce: \result.ce > 0 ==> ack->raises_largest && ack->has_counts &&
    \result.ce == ecn_rise(\old(ledger->seen.ce), ack->counts.ce) &&
    !ecn_wrong{Pre}(ledger, ack) && ecn->state != GN_ECN_FAILED;
  ensures failed: \result.failed ==>
    ecn->state == GN_ECN_FAILED && \old(ecn->state) != GN_ECN_FAILED;
  ensures capable: \result.capable <==>
    ecn->state == GN_ECN_CAPABLE && \old(ecn->state) != GN_ECN_CAPABLE;
*/
gn_ecn_verdict gn_ecn_on_ack(gn_ecn *ecn, gn_ecn_ledger *ledger, const gn_ecn_ack *ack);

/* The same when that path is gone: the report is remembered and judges nobody. */
/*@
  requires \valid(ledger) && \valid_read(ack) && \separated(ledger, ack);
  terminates \true; exits \false;
  assigns *ledger;
  ensures late: !ack->raises_largest || !ack->has_counts ==> ecn_same{Pre, Post}(ledger);
  ensures seen: ack->raises_largest && ack->has_counts ==>
    ecn_took{Pre, Post}(ledger, &ack->counts);
*/
void gn_ecn_ledger_on_ack(gn_ecn_ledger *ledger, const gn_ecn_ack *ack);

/* Whether the invariants hold. */
/*@
  requires \valid_read(ecn);
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result <==> ecn_counted(ecn);
*/
bool gn_ecn_check(const gn_ecn *ecn);

#endif
