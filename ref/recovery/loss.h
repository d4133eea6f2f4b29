/*
 * loss.h: which packets arrived, which are lost, when to look again
 * (RFC 9002 section 6, 7.6, appendix A).
 *
 * One gn_loss serves a connection: three logs, one backoff. It knows no
 * congestion controller and no path; it hands out lists of records, and whoever
 * owns the items and the paths settles them. Every record leaves exactly once.
 *
 * On an ACK:                      On the timer:
 *  1. gn_loss_on_ack               1. gn_loss_on_timeout says what is due
 *  2. gn_rtt_update, gn_ecn_on_ack 2. DETECT: gn_loss_detect, settle the list
 *  3. gn_loss_detect                  PROBE: send ack-eliciting packets
 *  4. settle lost, then acked
 *  5. gn_sent_free_list both
 *
 * Cost: an ACK touches the records it acknowledges, those it makes lost, and
 * at most the reordering threshold's number of others. A packet below the
 * largest acknowledged is lost or gone soon, so the logs stay short at the
 * front and nothing beyond the largest acknowledged is looked at.
 */
#ifndef GN_RECOVERY_LOSS_H
#define GN_RECOVERY_LOSS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/fault.h"
#include "base/slots.h"
#include "base/time.h"
#include "recovery/rtt.h"
#include "recovery/sent.h"
#include "recovery/space_id.h"
#include "wire/frame.h"

/* RFC 9002 6.1.1: packets behind an acknowledged one. */
#define GN_LOSS_PACKET_THRESHOLD 3
/* RFC 9002 7.6.1: probe timeouts that make congestion persistent. */
#define GN_LOSS_PERSISTENT_PTOS 3
/* RFC 9002 6.2.4: datagrams sent on a probe timeout. */
#define GN_LOSS_PROBES 2
/* Doublings of the probe timeout that count; the idle timeout ends a connection far earlier. */
#define GN_LOSS_BACKOFF_MAX 20

/* No packet number. */
#define GN_LOSS_NONE UINT64_MAX

/*
 * One space. Invariant: in_flight_bytes and eliciting_in_flight are the sums
 * over the log; all numbers in the log are below next_pn.
 */
typedef struct gn_loss_space {
    gn_sent_log log;
    uint64_t next_pn;       /* one more than the largest number sent */
    uint64_t largest_acked; /* GN_LOSS_NONE: none yet */
    gn_time loss_time;      /* when the first packet of the log is lost by time; GN_NEVER: none */
    gn_time eliciting_at;   /* the last ack-eliciting packet or probe timeout; GN_NEVER: none */
    gn_time acked_sent_at;  /* the latest departure of a packet that arrived, if any_acked */
    gn_time run_at;         /* departure of the first in a run of lost ones; GN_NEVER: none */
    uint64_t in_flight_bytes;
    uint32_t eliciting_in_flight;
    uint32_t run_epoch; /* path_epoch and path of the packets in the run */
    uint8_t run_path;
    uint8_t tail_acked; /* the packet before the one to be sent next arrived */
    uint8_t any_acked;  /* acked_sent_at means something */
    uint8_t reserved[5];
} gn_loss_space;

typedef struct gn_loss {
    gn_loss_space space[GN_SPACES];
    gn_time idle_from;         /* a client's probe timer starts here when nothing is in flight */
    uint32_t pto_count;        /* probe timeouts since something was acknowledged */
    uint32_t packet_threshold; /* what a detector of spurious losses would raise */
    uint8_t is_client;
    uint8_t peer_validated; /* we are the server, or the server has accepted our address */
    uint8_t reserved[6];
} gn_loss;

/* What one ACK frame acknowledged for the first time. Not every record was in flight. */
typedef struct gn_loss_acked {
    uint64_t sample_us;  /* a round trip, if has_sample */
    uint64_t largest_pn; /* the largest newly acknowledged, or GN_LOSS_NONE ... */
    gn_time largest_at;  /* ... and when it left */
    uint32_t head;       /* the records, numbers ascending; GN_POOL_NONE: none */
    uint32_t count;
    uint32_t ect0_here; /* of those in flight: marked, of the path and epoch below ... */
    uint32_t ect1_here;
    uint32_t ect0_other; /* ... and of others */
    uint32_t ect1_other;
    uint32_t path_epoch; /* of the largest newly acknowledged */
    uint8_t path;
    bool has_sample;     /* RFC 9002 5.1: the largest is new, and something was ack-eliciting */
    bool eliciting;      /* something was */
    bool raises_largest; /* the frame went beyond all earlier ones */
} gn_loss_acked;

/* What was found lost, or was discarded. */
typedef struct gn_loss_lost {
    gn_time largest_at; /* when the latest of them left */
    uint32_t head;      /* the records, all in flight, ascending; GN_POOL_NONE: none */
    uint32_t count;
    uint32_t persistent_epoch; /* path_epoch and path it was established on, if persistent */
    uint8_t persistent_path;
    bool persistent; /* RFC 9002 7.6: they establish persistent congestion */
} gn_loss_lost;

/* What the connection knows and this file does not. */
typedef struct gn_loss_situation {
    uint64_t max_ack_delay_us; /* the peer's, in microseconds */
    bool handshake_confirmed;  /* RFC 9001 4.1.2 */
    bool has_handshake_keys;
    bool amplification_blocked; /* a server that may not send (RFC 9000 8.1) */
} gn_loss_situation;

typedef enum gn_loss_alarm_kind {
    GN_LOSS_NOTHING_DUE,
    GN_LOSS_DETECT, /* call gn_loss_detect for the space */
    GN_LOSS_PROBE   /* send up to packets ack-eliciting datagrams from the space */
} gn_loss_alarm_kind;

typedef struct gn_loss_alarm {
    gn_loss_alarm_kind kind;
    gn_space_id space;
    uint32_t packets;
} gn_loss_alarm;

/*
 * loss_armed: whatever elicits an acknowledgment left at some moment, and the peer's delay is one
 * that rtt.h can add up. loss_bytes: the bytes in flight of one space, if it is one of the first n.
 */
/*@
  predicate loss_armed{L}(gn_loss *l, gn_loss_situation *s) =
    s->max_ack_delay_us <= GN_RTT_MAX_US &&
    \forall integer i; 0 <= i < GN_SPACES && l->space[i].eliciting_in_flight > 0 ==>
      l->space[i].eliciting_at != GN_NEVER;
  logic integer loss_bytes{L}(gn_loss *l, integer i, integer n) =
    i < n ? l->space[i].in_flight_bytes : 0;
*/

/* Nothing sent. A server's own address needs no validation by its peer. */
void gn_loss_init(gn_loss *loss, bool is_client);

/*
 * A packet left: links its record, whose fields are filled, into the log of
 * its space. A run of packets that are not in flight keeps only its last, so a
 * peer that never acknowledges our ACKs cannot fill the pool with them.
 */
void gn_loss_on_sent(gn_loss *loss, gn_slots slots, uint32_t at);

/*
 * Takes what an ACK frame newly acknowledges out of the log, and resets the backoff
 * (RFC 9002 6.2.1). The caller owns the list. A packet that was never sent is a
 * fault, PROTOCOL_VIOLATION (RFC 9000 13.1), and then nothing has changed.
 */
GN_MUST_USE gn_err gn_loss_on_ack(gn_loss *loss, gn_slots slots, gn_space_id space,
                                  const gn_frame_ack *ack, gn_time now, gn_loss_acked *out,
                                  gn_fault *fault);

/*
 * Takes what is lost by number or by time out of the log and sets the time to
 * look again (RFC 9002 6.1). rtt is that of the path in use. Packets that were
 * not in flight are freed on the way: they carried nothing to send again. The
 * caller owns the list.
 */
void gn_loss_detect(gn_loss *loss, gn_slots slots, gn_space_id space, const gn_rtt *rtt,
                    uint64_t max_ack_delay_us, gn_time now, gn_loss_lost *out);

/* When gn_loss_on_timeout is due; GN_NEVER when nothing is waited for (RFC 9002 A.8). */
/*@
  requires \valid_read(loss) && \valid_read(rtt) && \valid_read(s);
  requires rtt_ok(rtt) && loss_armed(loss, s);
  terminates \true; exits \false;
  assigns \nothing;
*/
gn_time gn_loss_deadline(const gn_loss *loss, const gn_rtt *rtt, const gn_loss_situation *s);

/*
 * What is due at now; a PROBE has doubled the backoff (RFC 9002 A.9). A client
 * with nothing in flight probes with one packet, so that its server is not
 * left without credit to send (RFC 9002 6.2.2.1).
 */
/*@
  requires \valid(loss) && \valid_read(rtt) && \valid_read(s);
  requires \separated(loss, rtt) && \separated(loss, s);
  requires rtt_ok(rtt) && loss_armed(loss, s) && now != GN_NEVER && loss->pto_count < UINT32_MAX;
  terminates \true; exits \false;
  assigns loss->pto_count, loss->idle_from, loss->space[0 .. GN_SPACES - 1].eliciting_at;
  ensures ok: loss_armed(loss, s);
  ensures doubled: \result.kind == GN_LOSS_PROBE ==> \result.space < GN_SPACES &&
    loss->pto_count == \old(loss->pto_count) + 1 && loss->idle_from == now;
  ensures again: \result.kind == GN_LOSS_PROBE &&
    loss->space[\result.space].eliciting_in_flight > 0 ==>
    loss->space[\result.space].eliciting_at == now;
  ensures kept: \result.kind != GN_LOSS_PROBE ==> loss->pto_count == \old(loss->pto_count) &&
    loss->idle_from == \old(loss->idle_from) && \forall integer i; 0 <= i < GN_SPACES ==>
      loss->space[i].eliciting_at == \at(loss->space[i].eliciting_at, Pre);
*/
gn_loss_alarm gn_loss_on_timeout(gn_loss *loss, const gn_rtt *rtt, const gn_loss_situation *s,
                                 gn_time now);

/*
 * The keys of a space are gone, or 0-RTT was refused, or a Retry came: hands out all its
 * records and resets the timers and the backoff (RFC 9002 6.3, 6.4). The caller owns the list.
 */
void gn_loss_discard(gn_loss *loss, gn_slots slots, gn_space_id space, gn_time now,
                     gn_loss_lost *out);

/* Whether something ack-eliciting is in flight in the space. */
/*@
  requires \valid_read(loss) && space < GN_SPACES;
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result <==> loss->space[space].eliciting_in_flight > 0;
*/
bool gn_loss_awaits(const gn_loss *loss, gn_space_id space);

/* Bytes in flight, all spaces and paths together. */
/*@
  requires \valid_read(loss);
  requires loss_bytes(loss, 0, 3) + loss_bytes(loss, 1, 3) + loss_bytes(loss, 2, 3) <= UINT64_MAX;
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result ==
    loss_bytes(loss, 0, 3) + loss_bytes(loss, 1, 3) + loss_bytes(loss, 2, 3);
*/
uint64_t gn_loss_in_flight_bytes(const gn_loss *loss);

/* Whether the invariants hold. Walks every log: for tests, simulator and fuzzers. */
bool gn_loss_check(const gn_loss *loss, gn_slots slots);

#endif
