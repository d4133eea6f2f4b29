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
 * GN_ACKS_NONE; ack_by is GN_NEVER unless eliciting_unacked > 0.
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
void gn_acks_init(gn_acks *acks);

/* Whether pn must be dropped: noted before, or so old that this is no longer known. */
bool gn_acks_seen(const gn_acks *acks, uint64_t pn);

/*
 * pn arrived at now with this ECN codepoint and was processed whole; it must
 * not have been seen. An ack-eliciting packet is to be acknowledged by
 * now + max_ack_delay_us (0 in Initial and Handshake), and at once if it is the
 * threshold-th, out of order, behind a gap, or marked CE (RFC 9000 13.2.1).
 */
void gn_acks_note(gn_acks *acks, uint64_t pn, bool eliciting, gn_ecn_mark_id mark, gn_time now,
                  uint64_t max_ack_delay_us, uint32_t threshold);

/* The largest number noted, or GN_ACKS_NONE; packet numbers are decoded by it (RFC 9000 A.3). */
uint64_t gn_acks_largest(const gn_acks *acks);

/* Whether an ACK must leave now, alone if need be. */
bool gn_acks_wants(const gn_acks *acks, gn_time now);

/* Whether an ACK should ride along with a packet that leaves anyway (RFC 9000 13.2.1). */
bool gn_acks_has_news(const gn_acks *acks);

/* When gn_acks_wants turns true; GN_NEVER while nothing is owed. */
gn_time gn_acks_deadline(const gn_acks *acks);

/* What an ACK sent at now says. False, and *out untouched, when nothing arrived yet. */
bool gn_acks_fill(const gn_acks *acks, gn_time now, gn_acks_report *out);

/* An ACK with all the news has left at now. */
void gn_acks_on_sent(gn_acks *acks, gn_time now);

/*
 * The peer has our ACK whose largest number was up_to: that and everything
 * below need not be told again (RFC 9000 13.2.4), but is still recognised.
 */
void gn_acks_on_acked(gn_acks *acks, uint64_t up_to);

/* Whether the invariant holds. */
bool gn_acks_check(const gn_acks *acks);

#endif
