/*
 * loss.c: three packets of any kind leave at any times; an ACK frame of one or two ranges comes,
 * then it is looked what is lost, then the space is given up. Every record leaves the log once: as
 * acknowledged exactly if the frame covers it, as lost exactly if RFC 9002 6.1 says so of one in
 * flight.
 */
#include "proofs/harness/cbmc/records.h"

#include "recovery/loss.h"
#include "wire/ack_iter.h"

enum { PACKETS = 3 };

gn_range bounded_told[2];
uint32_t bounded_told_count;

static gn_pool pool = {.slots = SLOTS, .free_head = GN_POOL_NONE};
static gn_slots slots = {.pool = &pool};
static gn_loss loss;
static gn_rtt rtt;

static void
send_some(void)
{
    for (uint32_t i = 0; i < PACKETS; i++) {
        const uint32_t at = gn_sent_take(slots);
        gn_sent *record = gn_sent_at(slots, at);

        record->pn = nondet_u64();
        record->at = nondet_u64();
        record->bytes = nondet_u16();
        record->flags = nondet_u8();
        record->path = nondet_u8();
        ASSUME(record->pn >= loss.space[0].next_pn && record->pn < UINT64_C(1) << 62);
        ASSUME(record->at != GN_NEVER);
        ASSUME((record->flags & GN_SENT_IN_FLIGHT) != 0 ||
               (record->flags & (GN_SENT_ELICITING | GN_SENT_AFTER_ACKED)) == 0);
        if (loss.space[0].log.tail != GN_POOL_NONE)
            ASSUME(record->at >= gn_sent_at(slots, loss.space[0].log.tail)->at);
        gn_loss_on_sent(&loss, slots, at);
        CHECK(gn_loss_check(&loss, slots));
    }
}

/* Does the frame that came name this number? */
static bool
told(uint64_t pn)
{
    bool is = false;

    for (uint32_t i = 0; i < bounded_told_count; i++)
        is = is || (bounded_told[i].from <= pn && pn < bounded_told[i].to);
    return is;
}

/* RFC 9002 6.1: is it lost? */
static bool
is_lost(const gn_sent *record, gn_time now)
{
    const gn_loss_space *s = &loss.space[0];

    if (s->largest_acked == GN_LOSS_NONE || record->pn > s->largest_acked)
        return false;
    return s->largest_acked - record->pn >= GN_LOSS_PACKET_THRESHOLD ||
           gn_time_after(record->at, gn_rtt_loss_delay_us(&rtt)) <= now;
}

static void
acknowledge(gn_time now)
{
    gn_frame_ack ack = {.largest = nondet_u64(), .first_range = nondet_u64()};
    gn_loss_acked out;
    gn_fault fault;

    ack.range_count = any_below(2);
    ASSUME(ack.first_range <= ack.largest && ack.largest < UINT64_C(1) << 62);
    const bool known = ack.largest < loss.space[0].next_pn;
    const gn_err err = gn_loss_on_ack(&loss, slots, 0, &ack, now, &out, &fault);
    CHECK((err == GN_OK) == known);
    CHECK(gn_loss_check(&loss, slots));
    if (err != GN_OK)
        return;
    for (uint32_t at = out.head; at != GN_POOL_NONE; at = gn_sent_at(slots, at)->next)
        CHECK(told(gn_sent_at(slots, at)->pn));
    CHECK(!out.has_sample || out.sample_us == now - out.largest_at);
    if (out.count == 2 && bounded_told_count == 2)
        REACHED("two");
    gn_sent_free_list(slots, out.head);
}

static void
look(gn_time now)
{
    gn_loss_lost out;

    gn_loss_detect(&loss, slots, 0, &rtt, 0, now, &out);
    CHECK(gn_loss_check(&loss, slots));
    for (uint32_t at = out.head; at != GN_POOL_NONE; at = gn_sent_at(slots, at)->next)
        CHECK(is_lost(gn_sent_at(slots, at), now) &&
              (gn_sent_at(slots, at)->flags & GN_SENT_IN_FLIGHT) != 0);
    for (uint32_t at = loss.space[0].log.head; at != GN_POOL_NONE; at = gn_sent_at(slots, at)->next)
        CHECK(!is_lost(gn_sent_at(slots, at), now));
    if (out.count == 2)
        REACHED("lost");
    gn_sent_free_list(slots, out.head);
}

void
bounded_loss(void)
{
    gn_loss_lost rest;
    const gn_time now = nondet_u64();

    any_records();
    gn_loss_init(&loss, nondet_bool());
    gn_rtt_init(&rtt);
    rtt.latest_us = nondet_u32();
    rtt.smoothed_us = nondet_u32();
    rtt.first_sample_at = nondet_u64();
    send_some();
    ASSUME(now != GN_NEVER && now >= gn_sent_at(slots, loss.space[0].log.tail)->at);
    acknowledge(now);
    look(now);
    gn_loss_discard(&loss, slots, 0, now, &rest);
    CHECK(gn_loss_check(&loss, slots) && gn_loss_in_flight_bytes(&loss) == 0);
    gn_sent_free_list(slots, rest.head);
    CHECK(pool.used == 0);
}
