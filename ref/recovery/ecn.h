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

/* One path. Invariant: acked + lost <= sent, ce <= acked. Once decided, the counts stand still. */
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

/* A space nobody has reported on. */
void gn_ecn_ledger_init(gn_ecn_ledger *ledger);

/*
 * A new path. mark is GN_ECN_ECT0 or GN_ECN_ECT1 to test it, GN_ECN_NOT_ECT to
 * leave ECN off (state FAILED).
 */
void gn_ecn_init(gn_ecn *ecn, gn_ecn_mark_id mark);

/* The codepoint for the next datagram on this path. */
gn_ecn_mark_id gn_ecn_mark(const gn_ecn *ecn);

/*
 * One packet (not datagram: coalesced packets count each) was sent with mark.
 * in_flight tells whether its fate will be known; others are not tests.
 */
void gn_ecn_on_sent(gn_ecn *ecn, gn_ecn_ledger *ledger, gn_ecn_mark_id mark, bool in_flight);

/* A marked in-flight packet of this path was declared lost. */
void gn_ecn_on_lost(gn_ecn *ecn);

/* A marked in-flight packet of this path left without a verdict: its keys were discarded. */
void gn_ecn_on_forgotten(gn_ecn *ecn);

/* A probe timeout fired while this path was in use. */
void gn_ecn_on_pto(gn_ecn *ecn);

/*
 * Judges one ACK that newly acknowledged something, before losses are detected
 * from it. The path is that of the largest packet newly acknowledged.
 */
gn_ecn_verdict gn_ecn_on_ack(gn_ecn *ecn, gn_ecn_ledger *ledger, const gn_ecn_ack *ack);

/* The same when that path is gone: the report is remembered and judges nobody. */
void gn_ecn_ledger_on_ack(gn_ecn_ledger *ledger, const gn_ecn_ack *ack);

/* Whether the invariants hold. */
bool gn_ecn_check(const gn_ecn *ecn);

#endif
