/*
 * acks.h: which packets of one number space arrived, and when to say so
 * (RFC 9000 13.2).
 *
 *  1. gn_acks_seen before a packet's frames are read: a duplicate is dropped
 *  2. gn_acks_note once all its frames were accepted
 *  3. gn_acks_wants / gn_acks_has_news / gn_acks_deadline when building packets
 *  4. gn_acks_fill, gn_ack_write, gn_acks_on_sent
 *  5. gn_acks_on_acked when the peer acknowledged a packet with our ACK in it
 */
#ifndef GN_RECOVERY_ACKS_H
#define GN_RECOVERY_ACKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ranges.h"
#include "base/time.h"
#include "recovery/ecn.h"
#include "wire/frame.h"

/* RFC 9000 13.2.2: acknowledge at the latest after so many ack-eliciting packets. */
#define GN_ACKS_THRESHOLD 2

/* No packet number. */
#define GN_ACKS_NONE UINT64_MAX

/*
 * Invariant: every number below floor counts as seen and received holds none of them;
 * largest is the largest of all noted, largest_eliciting of the ack-eliciting ones, or
 * GN_ACKS_NONE; ack_by is GN_NEVER unless eliciting_unacked > 0. No ECN count goes
 * beyond GN_VARINT_MAX, as there are no more packets than that.
 */
typedef struct gn_acks {
    gn_ranges received;
    uint64_t floor;   /* below it nothing is remembered and nothing accepted */
    uint64_t told_to; /* numbers below it need not be told again */
    uint64_t largest;
    uint64_t largest_eliciting;
    gn_time largest_at;         /* when largest arrived */
    gn_time ack_by;             /* an ACK must leave by then; a past moment means now */
    gn_ecn_counts ecn;          /* what the packets were marked with (RFC 9000 13.4.1) */
    uint32_t eliciting_unacked; /* ack-eliciting packets since the last ACK sent */
    uint32_t reserved;
} gn_acks;

/*
 * acks_known: whether a number counts as seen. acks_spans: what is remembered lies from floor on
 * and is a packet number. acks_tops: largest is the largest of it; acks_topping: of it and of pn.
 * acks_timed: there is a deadline when something is owed. acks_ok: whether the invariant holds.
 * acks_same: the same is remembered as before.
 */
/*@
  predicate acks_known{L}(gn_acks *a, integer pn) = pn < a->floor || ranges_in(&a->received, pn);
  predicate acks_empty{L}(gn_acks *a) =
    a->floor == 0 && a->largest == GN_ACKS_NONE && a->largest_eliciting == GN_ACKS_NONE &&
    a->ack_by == GN_NEVER;
  predicate acks_spans{L}(gn_acks *a) = \forall integer v;
    ranges_in(&a->received, v) ==> a->floor <= v <= GN_VARINT_MAX;
  predicate acks_tops{L}(gn_acks *a) = a->largest <= GN_VARINT_MAX &&
    ranges_in(&a->received, a->largest) &&
    \forall integer v; ranges_in(&a->received, v) ==> v <= a->largest;
  predicate acks_topping{L}(gn_acks *a, integer pn) = pn <= a->largest <= GN_VARINT_MAX &&
    (ranges_in(&a->received, a->largest) || a->largest == pn) &&
    \forall integer v; ranges_in(&a->received, v) ==> v <= a->largest;
  predicate acks_same{K, L}(gn_acks *a) =
    ranges_kept{K, L}(\at(&a->received, L)) && \forall integer v;
      \at(ranges_in(&a->received, v), L) <==> \at(ranges_in(&a->received, v), K);
  predicate acks_filled{L}(gn_acks *a) = acks_spans(a) && acks_tops(a) &&
    (a->largest_eliciting != GN_ACKS_NONE ==>
      a->largest_eliciting <= a->largest && acks_known(a, a->largest_eliciting));
  predicate acks_timed{L}(gn_acks *a) = a->ack_by == GN_NEVER <==> a->eliciting_unacked == 0;
  predicate acks_ok{L}(gn_acks *a) = ranges_ok(&a->received) && acks_timed(a) &&
    (a->received.count == 0 ? acks_empty(a) : acks_filled(a));
*/

/* What goes into an ACK frame; received points into the gn_acks and lives until its next change. */
typedef struct gn_acks_report {
    const gn_ranges *received;
    size_t max_ranges; /* the newest so many are worth telling, at least 1 */
    uint64_t delay_us; /* since the largest arrived; to be scaled by ack_delay_exponent */
    uint64_t largest;  /* the largest number told: GN_ITEM_ACK remembers it */
    gn_frame_ecn ecn;
    bool has_ecn; /* false while no marked packet arrived */
} gn_acks_report;

/* A space in which nothing arrived. */
/*@
  requires \valid(acks);
  terminates \true; exits \false;
  assigns *acks;
  ensures ok: acks_ok(acks) && acks->received.count == 0 && acks->eliciting_unacked == 0;
  ensures none: \forall integer v; 0 <= v ==> !acks_known(acks, v);
*/
void gn_acks_init(gn_acks *acks);

/* Whether pn must be dropped: noted before, or so old that this is no longer known. */
/*@
  requires \valid_read(acks) && ranges_ok(&acks->received);
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result <==> acks_known(acks, pn);
*/
bool gn_acks_seen(const gn_acks *acks, uint64_t pn);

/*
 * pn arrived at now with this ECN codepoint and was processed whole; it must
 * not have been seen. An ack-eliciting packet is to be acknowledged by
 * now + max_ack_delay_us (0 in Initial and Handshake), and at once if it is the
 * threshold-th, out of order, behind a gap, or marked CE (RFC 9000 13.2.1).
 */
/*@
  requires \valid(acks) && acks_ok(acks);
  requires fresh: pn <= GN_VARINT_MAX && !acks_known(acks, pn);
  requires moment: now != GN_NEVER && max_ack_delay_us < GN_NEVER - now;
  requires marks: acks->ecn.ect0 < GN_VARINT_MAX && acks->ecn.ect1 < GN_VARINT_MAX &&
    acks->ecn.ce < GN_VARINT_MAX;
  terminates \true; exits \false;
  assigns *acks;
  ensures ok: acks_ok(acks);
  ensures known: acks_known(acks, pn);
  ensures remembered: \forall integer v; acks_known{Pre}(acks, v) ==> acks_known(acks, v);
  ensures floor: \old(acks->floor) <= acks->floor;
  ensures largest: acks->largest ==
    (\old(acks->largest) == GN_ACKS_NONE || pn > \old(acks->largest) ? pn : \old(acks->largest));
  ensures told: acks->told_to <= pn || acks->told_to == \old(acks->told_to);
  ensures quiet: !eliciting ==> acks->ack_by == \old(acks->ack_by);
  ensures due: eliciting ==> acks->ack_by <= now + max_ack_delay_us;
  ensures sooner: acks->ack_by <= \old(acks->ack_by);
  ensures urgent: eliciting && (mark == GN_ECN_CE || acks->eliciting_unacked >= threshold) ==>
    acks->ack_by <= now;
*/
void gn_acks_note(gn_acks *acks, uint64_t pn, bool eliciting, gn_ecn_mark_id mark, gn_time now,
                  uint64_t max_ack_delay_us, uint32_t threshold);

/* The largest number noted, or GN_ACKS_NONE; packet numbers are decoded by it (RFC 9000 A.3). */
/*@
  requires \valid_read(acks);
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result == acks->largest;
*/
uint64_t gn_acks_largest(const gn_acks *acks);

/* Whether an ACK must leave now, alone if need be. */
/*@
  requires \valid_read(acks);
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result <==> acks->ack_by <= now;
*/
bool gn_acks_wants(const gn_acks *acks, gn_time now);

/* Whether an ACK should ride along with a packet that leaves anyway (RFC 9000 13.2.1). */
/*@
  requires \valid_read(acks);
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result <==> acks->eliciting_unacked > 0;
*/
bool gn_acks_has_news(const gn_acks *acks);

/* When gn_acks_wants turns true; GN_NEVER while nothing is owed. */
/*@
  requires \valid_read(acks);
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result == acks->ack_by;
*/
gn_time gn_acks_deadline(const gn_acks *acks);

/* What an ACK sent at now says. False, and *out untouched, when nothing arrived yet. */
/*@
  requires \valid_read(acks) && acks_ok(acks) && \valid(out) && \separated(acks, out);
  terminates \true; exits \false;
  assigns *out;
  ensures some: \result <==> acks->received.count > 0;
  ensures kept: !\result ==> *out == \old(*out);
  ensures received: \result ==> out->received == &acks->received;
  ensures worth: \result ==> 1 <= out->max_ranges <= acks->received.count;
  ensures enough: \result ==>
    \forall integer i; 0 <= i < acks->received.count - out->max_ranges ==>
      acks->received.at[i].to <= acks->told_to;
  ensures largest: \result ==> out->largest == acks->largest;
  ensures delay: \result ==>
    out->delay_us == (now < acks->largest_at ? 0 : now - acks->largest_at);
  ensures counts: \result ==> out->ecn.ect0 == acks->ecn.ect0 &&
    out->ecn.ect1 == acks->ecn.ect1 && out->ecn.ce == acks->ecn.ce;
  ensures marked: \result ==>
    (out->has_ecn == 0 <==> acks->ecn.ect0 == 0 && acks->ecn.ect1 == 0 && acks->ecn.ce == 0);
*/
bool gn_acks_fill(const gn_acks *acks, gn_time now, gn_acks_report *out);

/* An ACK with all the news has left at now. */
/*@
  requires \valid(acks) && acks_ok(acks);
  requires acks->received.count > 0 && acks->largest_at <= now;
  terminates \true; exits \false;
  assigns acks->eliciting_unacked, acks->ack_by;
  ensures ok: acks_ok(acks);
  ensures nothing: acks->eliciting_unacked == 0 && acks->ack_by == GN_NEVER;
*/
void gn_acks_on_sent(gn_acks *acks, gn_time now);

/*
 * The peer has our ACK whose largest number was up_to: that and everything
 * below need not be told again (RFC 9000 13.2.4), but is still recognised.
 */
/*@
  requires \valid(acks) && acks_ok(acks);
  requires acks->largest != GN_ACKS_NONE && up_to <= acks->largest;
  terminates \true; exits \false;
  assigns acks->told_to;
  ensures ok: acks_ok(acks);
  ensures told: acks->told_to > up_to && acks->told_to >= \old(acks->told_to);
  ensures least: acks->told_to == up_to + 1 || acks->told_to == \old(acks->told_to);
*/
void gn_acks_on_acked(gn_acks *acks, uint64_t up_to);

/* Whether the invariant holds. */
/*@
  requires \valid_read(acks);
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result <==> acks_ok(acks);
*/
bool gn_acks_check(const gn_acks *acks);

#endif
