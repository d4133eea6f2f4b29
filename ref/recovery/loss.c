/*
 * loss.c: see loss.h.
 */
#include "recovery/loss.h"

#include <string.h>

#include "base/assert.h"
#include "base/ranges.h"
#include "recovery/loss_timer.h"
#include "wire/ack_iter.h"

void
gn_loss_init(gn_loss *loss, bool is_client)
{
    *loss = (gn_loss){.packet_threshold = GN_LOSS_PACKET_THRESHOLD};
    for (uint32_t i = 0; i < GN_SPACES; i++) {
        gn_loss_space *s = &loss->space[i];

        gn_sent_log_init(&s->log);
        s->largest_acked = GN_LOSS_NONE;
        s->loss_time = GN_NEVER;
        s->eliciting_at = GN_NEVER;
        s->run_at = GN_NEVER;
    }
    loss->idle_from = GN_NEVER;
    loss->is_client = is_client;
    loss->peer_validated = !is_client;
}

/* Takes a record out of the log and its bytes out of flight. */
static void
loss_remove(gn_loss_space *s, gn_slots slots, uint32_t at)
{
    const gn_sent *record = gn_sent_at(slots, at);

    gn_sent_unlink(&s->log, slots, at);
    if ((record->flags & GN_SENT_IN_FLIGHT) != 0) {
        GN_ASSERT(s->in_flight_bytes >= record->bytes);
        s->in_flight_bytes -= record->bytes;
    }
    if ((record->flags & GN_SENT_ELICITING) != 0) {
        GN_ASSERT(s->eliciting_in_flight > 0);
        s->eliciting_in_flight--;
    }
    GN_ASSERT(s->log.count > 0 || (s->in_flight_bytes == 0 && s->eliciting_in_flight == 0));
}

/* Frees the last record if it is not in flight; the one that follows takes over what it knew. */
static void
loss_drop_idle_tail(gn_loss_space *s, gn_slots slots, gn_sent *follower)
{
    const uint32_t tail = s->log.tail;

    if (tail == GN_POOL_NONE)
        return;

    const gn_sent *record = gn_sent_at(slots, tail);
    if ((record->flags & GN_SENT_IN_FLIGHT) != 0)
        return;
    follower->flags |= record->flags & GN_SENT_AFTER_ACKED;
    loss_remove(s, slots, tail);
    gn_sent_free(slots, tail);
}

void
gn_loss_on_sent(gn_loss *loss, gn_slots slots, uint32_t at)
{
    gn_sent *record = gn_sent_at(slots, at);
    const bool in_flight = (record->flags & GN_SENT_IN_FLIGHT) != 0;
    const bool eliciting = (record->flags & GN_SENT_ELICITING) != 0;

    GN_ASSERT(record->space < GN_SPACES && record->at != GN_NEVER);
    GN_ASSERT(in_flight || !eliciting);
    gn_loss_space *s = &loss->space[record->space];
    /* [R-9000-12.3-2] */
    GN_ASSERT(record->pn >= s->next_pn && record->pn <= GN_VARINT_MAX);

    if (s->tail_acked != 0) {
        record->flags |= GN_SENT_AFTER_ACKED;
        s->tail_acked = 0;
    }
    if (!in_flight)
        loss_drop_idle_tail(s, slots, record);
    gn_sent_push(&s->log, slots, at);
    /* [R-9000-12.3-1] */
    s->next_pn = record->pn + 1;

    if (in_flight) {
        s->in_flight_bytes += record->bytes;
        loss->idle_from = record->at;
    }
    if (eliciting) {
        s->eliciting_in_flight++;
        s->eliciting_at = record->at;
    }
    GN_ASSERT(s->eliciting_in_flight <= s->log.count);
}

/* The last record with a number up to pn, found from the front; GN_POOL_NONE: there is none. */
static uint32_t
loss_last_up_to(const gn_loss_space *s, gn_slots slots, uint64_t pn)
{
    uint32_t last = GN_POOL_NONE;

    for (uint32_t at = s->log.head; at != GN_POOL_NONE;) {
        const gn_sent *record = gn_sent_at(slots, at);

        if (record->pn > pn)
            break;
        last = at;
        at = record->next;
    }
    return last;
}

/* Moves a record from the log to the front of the acknowledged; called from the largest down. */
static void
loss_take_acked(gn_loss_space *s, gn_slots slots, uint32_t at, gn_loss_acked *out)
{
    gn_sent *record = gn_sent_at(slots, at);

    loss_remove(s, slots, at);
    record->next = out->head;
    out->head = at;
    if (out->count++ == 0) {
        out->largest_pn = record->pn;
        out->largest_at = record->at;
        out->path = record->path;
        out->path_epoch = record->path_epoch;
    }
    GN_ASSERT(record->pn <= out->largest_pn);

    out->eliciting = out->eliciting || (record->flags & GN_SENT_ELICITING) != 0;
    if ((record->flags & GN_SENT_IN_FLIGHT) == 0)
        return;
    const bool here = record->path == out->path && record->path_epoch == out->path_epoch;
    if ((record->flags & GN_SENT_ECT0) != 0)
        *(here ? &out->ect0_here : &out->ect0_other) += 1;
    if ((record->flags & GN_SENT_ECT1) != 0)
        *(here ? &out->ect1_here : &out->ect1_other) += 1;
}

/*
 * Takes every record that the frame covers out of the log. Frame and log are
 * walked downwards together, so the numbers in out ascend. Whichever record
 * stays just above a range learns that something before it has arrived.
 */
static void
loss_collect(gn_loss_space *s, gn_slots slots, const gn_frame_ack *ack, gn_loss_acked *out)
{
    uint32_t at = loss_last_up_to(s, slots, ack->largest);
    gn_ack_iter it = gn_ack_iter_over(ack);
    gn_range range;

    while (at != GN_POOL_NONE && gn_ack_iter_next(&it, &range)) {
        while (at != GN_POOL_NONE && gn_sent_at(slots, at)->pn >= range.to)
            at = gn_sent_at(slots, at)->prev;
        if (at == GN_POOL_NONE)
            break;

        const uint32_t above = gn_sent_at(slots, at)->next;
        if (above == GN_POOL_NONE)
            s->tail_acked = 1;
        else
            gn_sent_at(slots, above)->flags |= GN_SENT_AFTER_ACKED;

        while (at != GN_POOL_NONE && gn_sent_at(slots, at)->pn >= range.from) {
            const uint32_t before = gn_sent_at(slots, at)->prev;

            loss_take_acked(s, slots, at, out);
            at = before;
        }
    }
}

gn_err
gn_loss_on_ack(gn_loss *loss, gn_slots slots, gn_space_id space, const gn_frame_ack *ack,
               gn_time now, gn_loss_acked *out, gn_fault *fault)
{
    gn_loss_space *s = &loss->space[space];
    const uint64_t type = ack->has_ecn ? GN_FRAME_ACK_ECN : GN_FRAME_ACK;

    /* RFC 9000 13.1: judged whole before anything changes. [R-9000-13.1-2] */
    if (ack->largest >= s->next_pn)
        return gn_fault_set(fault, GN_FAULT_PROTOCOL_VIOLATION, type,
                            "RFC 9000 13.1: a packet that was never sent is acknowledged");

    memset(out, 0, sizeof *out);
    out->head = GN_POOL_NONE;
    out->largest_pn = GN_LOSS_NONE;
    out->raises_largest = s->largest_acked == GN_LOSS_NONE || ack->largest > s->largest_acked;
    if (out->raises_largest)
        s->largest_acked = ack->largest;
    loss_collect(s, slots, ack, out);

    /* RFC 9002 6.2.2.1: a server acknowledges Handshake packets of addresses it accepted only. */
    if (space == GN_SPACE_HANDSHAKE)
        loss->peer_validated = 1;
    if (out->count == 0)
        return GN_OK;

    /* RFC 9002 5.1: a sample needs the largest to be new, and something that elicited the ACK.
     * [R-9002-5.1-1] */
    GN_ASSERT(out->largest_at <= now);
    out->has_sample = out->eliciting && out->largest_pn == ack->largest;
    out->sample_us = out->has_sample ? now - out->largest_at : 0;

    if (s->any_acked == 0 || out->largest_at > s->acked_sent_at)
        s->acked_sent_at = out->largest_at;
    s->any_acked = 1;
    loss->idle_from = now;
    /* RFC 9002 6.2.1: a client that its server may not answer goes on backing off. */
    if (loss->peer_validated != 0)
        loss->pto_count = 0;
    return GN_OK;
}

/*
 * RFC 9002 7.6.2: goes on with the run of lost packets in this space or begins
 * another; true when the run is long enough. A packet of another space that
 * arrived and left after the run began ends it, too.
 */
/*@
  requires \valid(loss) && \valid_read(rtt) && \valid_read(record);
  requires \separated(loss, rtt) && \separated(loss, record);
  requires \exists integer k; 0 <= k < GN_SPACES && s == &loss->space[k];
  requires record->at != GN_NEVER;
  requires onward: s->run_at == GN_NEVER || s->run_at <= record->at;
  terminates \true; exits \false;
  assigns s->run_at, s->run_path, s->run_epoch;
  ensures onward: s->run_at == GN_NEVER || s->run_at <= record->at;
  ensures span: \result ==> \old(s->run_at) < record->at && s->run_at == record->at &&
    record->at - \old(s->run_at) > longest_us;
  ensures whose: \result ==> (record->flags & GN_SENT_ELICITING) != 0 &&
    (record->flags & (GN_SENT_AFTER_ACKED | GN_SENT_MTU_PROBE)) == 0 &&
    record->path == \old(s->run_path) && record->path_epoch == \old(s->run_epoch);
  ensures sampled: \result ==> rtt->first_sample_at < record->at;
*/
static bool
loss_run_is_long(gn_loss *loss, gn_loss_space *s, const gn_sent *record, const gn_rtt *rtt,
                 uint64_t longest_us)
{
    if ((record->flags & GN_SENT_AFTER_ACKED) != 0 || record->path != s->run_path ||
        record->path_epoch != s->run_epoch)
        s->run_at = GN_NEVER;
    /*@
      loop invariant 0 <= i <= GN_SPACES;
      loop invariant s->run_at == GN_NEVER || s->run_at == \at(s->run_at, LoopEntry);
      loop assigns i, s->run_at;
      loop variant GN_SPACES - i;
    */
    for (uint32_t i = 0; i < GN_SPACES; i++) {
        const gn_loss_space *other = &loss->space[i];

        if (other != s && other->any_acked != 0 && s->run_at <= other->acked_sent_at)
            s->run_at = GN_NEVER;
    }

    /* RFC 9002 7.6.2: both ends elicit acknowledgments and left after the first sample.
     * [R-9002-7.6.2-1] */
    if ((record->flags & GN_SENT_ELICITING) == 0 || (record->flags & GN_SENT_MTU_PROBE) != 0)
        return false;
    if (!gn_rtt_sampled(rtt) || record->at <= rtt->first_sample_at)
        return false;
    if (s->run_at == GN_NEVER) {
        s->run_at = record->at;
        s->run_path = record->path;
        s->run_epoch = record->path_epoch;
        return false;
    }
    GN_ASSERT(s->run_at <= record->at);
    if (record->at - s->run_at <= longest_us)
        return false;
    s->run_at = record->at;
    return true;
}

/* Appends a record that left its log to a list. *tail is the last one so far. */
static void
loss_append(gn_slots slots, uint32_t at, uint32_t *tail, gn_loss_lost *out)
{
    const gn_sent *record = gn_sent_at(slots, at);

    if (out->count++ == 0)
        out->head = at;
    else
        gn_sent_at(slots, *tail)->next = at;
    *tail = at;
    GN_ASSERT(record->at >= out->largest_at && record->next == GN_POOL_NONE);
    out->largest_at = record->at;
}

/*
 * RFC 9002 6.1.1, 6.1.2: whether a packet is lost that is so many numbers behind an acknowledged
 * one, and has time until then.
 */
/*@
  requires \valid_read(loss);
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result <==> behind >= loss->packet_threshold || until <= now;
*/
static bool
loss_is_late(const gn_loss *loss, uint64_t behind, gn_time until, gn_time now)
{
    return behind >= loss->packet_threshold || until <= now;
}

void
gn_loss_detect(gn_loss *loss, gn_slots slots, gn_space_id space, const gn_rtt *rtt,
               uint64_t max_ack_delay_us, gn_time now, gn_loss_lost *out)
{
    gn_loss_space *s = &loss->space[space];
    const uint64_t lag_us = gn_rtt_loss_delay_us(rtt);
    const uint64_t longest_us = GN_LOSS_PERSISTENT_PTOS * gn_rtt_pto_us(rtt, max_ack_delay_us);
    uint32_t tail = GN_POOL_NONE;

    memset(out, 0, sizeof *out);
    out->head = GN_POOL_NONE;
    s->loss_time = GN_NEVER;
    for (uint32_t at = s->log.head; at != GN_POOL_NONE;) {
        const gn_sent *record = gn_sent_at(slots, at);
        const uint32_t next = record->next;

        if (s->largest_acked == GN_LOSS_NONE || record->pn > s->largest_acked)
            break;
        if ((record->flags & GN_SENT_IN_FLIGHT) == 0) {
            if ((record->flags & GN_SENT_AFTER_ACKED) != 0)
                s->run_at = GN_NEVER;
            loss_remove(s, slots, at);
            gn_sent_free(slots, at);
            at = next;
            continue;
        }

        /* RFC 9002 6.1: later packets left later, so the first that is not lost ends the walk.
         * [R-9002-7.4-1] */
        const gn_time until = gn_time_after(record->at, lag_us);
        if (!loss_is_late(loss, s->largest_acked - record->pn, until, now)) {
            s->loss_time = until;
            break;
        }
        loss_remove(s, slots, at);
        if (loss_run_is_long(loss, s, record, rtt, longest_us)) {
            out->persistent = true;
            out->persistent_path = record->path;
            out->persistent_epoch = record->path_epoch;
        }
        loss_append(slots, at, &tail, out);
        at = next;
    }
    GN_ASSERT(s->loss_time == GN_NEVER || s->loss_time > now);
}

gn_time
gn_loss_deadline(const gn_loss *loss, const gn_rtt *rtt, const gn_loss_situation *s)
{
    gn_loss_alarm alarm;

    return gn_loss_timer_next(loss, rtt, s, &alarm);
}

gn_loss_alarm
gn_loss_on_timeout(gn_loss *loss, const gn_rtt *rtt, const gn_loss_situation *s, gn_time now)
{
    gn_loss_alarm alarm;

    GN_ASSERT(now != GN_NEVER);
    if (gn_loss_timer_next(loss, rtt, s, &alarm) > now)
        return (gn_loss_alarm){.kind = GN_LOSS_NOTHING_DUE};
    if (alarm.kind != GN_LOSS_PROBE)
        return alarm;

    /* [R-9002-6.2.1-4] */
    loss->pto_count++;
    loss->idle_from = now;
    /* Counts from here even if nothing can be sent, so that the next one is never due at once. */
    if (loss->space[alarm.space].eliciting_in_flight > 0)
        loss->space[alarm.space].eliciting_at = now;
    return alarm;
}

void
gn_loss_discard(gn_loss *loss, gn_slots slots, gn_space_id space, gn_time now, gn_loss_lost *out)
{
    gn_loss_space *s = &loss->space[space];
    uint32_t tail = GN_POOL_NONE;

    memset(out, 0, sizeof *out);
    out->head = GN_POOL_NONE;
    while (s->log.head != GN_POOL_NONE) {
        const uint32_t at = s->log.head;
        const bool in_flight = (gn_sent_at(slots, at)->flags & GN_SENT_IN_FLIGHT) != 0;

        loss_remove(s, slots, at);
        if (in_flight)
            loss_append(slots, at, &tail, out);
        else
            gn_sent_free(slots, at);
    }
    GN_ASSERT(s->in_flight_bytes == 0 && s->eliciting_in_flight == 0);

    /* RFC 9002 6.2.2, 6.4: discarding keys is progress. [R-9002-6.2.2-1] [R-9002-6.4-1] */
    s->loss_time = GN_NEVER;
    s->eliciting_at = GN_NEVER;
    s->run_at = GN_NEVER;
    loss->pto_count = 0;
    loss->idle_from = now;
    /* RFC 9001 4.9.2: Handshake keys go when the handshake is confirmed. */
    if (space == GN_SPACE_HANDSHAKE)
        loss->peer_validated = 1;
}

bool
gn_loss_awaits(const gn_loss *loss, gn_space_id space)
{
    return loss->space[space].eliciting_in_flight > 0;
}

uint64_t
gn_loss_in_flight_bytes(const gn_loss *loss)
{
    uint64_t sum = 0;

    /*@
      loop invariant 0 <= i <= GN_SPACES;
      loop invariant sum ==
        loss_bytes(loss, 0, i) + loss_bytes(loss, 1, i) + loss_bytes(loss, 2, i);
      loop assigns i, sum;
      loop variant GN_SPACES - i;
    */
    for (uint32_t i = 0; i < GN_SPACES; i++)
        sum += loss->space[i].in_flight_bytes;
    return sum;
}

bool
gn_loss_check(const gn_loss *loss, gn_slots slots)
{
    for (uint32_t i = 0; i < GN_SPACES; i++) {
        const gn_loss_space *s = &loss->space[i];
        uint64_t bytes = 0;
        uint32_t eliciting = 0;

        if (!gn_sent_check(&s->log, slots, (uint8_t)i))
            return false;
        for (uint32_t at = s->log.head; at != GN_POOL_NONE;) {
            const gn_sent *record = gn_sent_at(slots, at);

            bytes += (record->flags & GN_SENT_IN_FLIGHT) != 0 ? record->bytes : 0;
            eliciting += (record->flags & GN_SENT_ELICITING) != 0 ? 1 : 0;
            if (record->pn >= s->next_pn)
                return false;
            at = record->next;
        }
        if (bytes != s->in_flight_bytes || eliciting != s->eliciting_in_flight)
            return false;
    }
    return true;
}
