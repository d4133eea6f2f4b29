/*
 * link.c: see link.h. The functions stand in the order of its operations.
 */
#include "sim/link.h"

#include "base/assert.h"
#include "gnomon.h"

#define LINK_NS_PER_US UINT64_C(1000)
#define LINK_NS_PER_S UINT64_C(1000000000)

/* A queue with no more than one full packet is as short as it can be. */
#define LINK_FULL_PACKET_BYTES 1500

void
gn_sim_link_settings_default(gn_sim_link_settings *settings)
{
    *settings = (gn_sim_link_settings){
        .queue_bytes = GN_SIM_QUEUE_UNLIMITED,
        .codel_target_us = GN_SIM_CODEL_TARGET_US,
        .codel_interval_us = GN_SIM_CODEL_INTERVAL_US,
        .duplicate = GN_SIM_RATIO_ZERO,
        .corrupt = GN_SIM_RATIO_ZERO,
        .loss = {.independent = GN_SIM_RATIO_ZERO,
                 .burst_p = GN_SIM_RATIO_ZERO,
                 .burst_r = GN_SIM_RATIO_ZERO,
                 .burst_good = GN_SIM_RATIO_ZERO,
                 .burst_bad = GN_SIM_RATIO_ZERO},
    };
}

void
gn_sim_link_init(gn_sim_link *link, gn_sim_world *world, gn_sim_packet_pool *pool,
                 const gn_sim_link_settings *settings, uint64_t seed, uint64_t number,
                 gn_sim_link_watch watch)
{
    *link = (gn_sim_link){.world = world, .pool = pool, .watch = watch, .up = true};
    gn_sim_queue_tail_init(&link->queue, settings->queue_bytes);
    gn_sim_loss_init(&link->loss, seed, number);
    link->jitter = gn_sim_prng_for(seed, "jitter", number);
    link->duplicate = gn_sim_prng_for(seed, "duplicate", number);
    link->corrupt = gn_sim_prng_for(seed, "corrupt", number);
    gn_sim_link_change(link, settings);
}

void
gn_sim_link_change(gn_sim_link *link, const gn_sim_link_settings *settings)
{
    if (link->settings.rate_bits != settings->rate_bits)
        link->carry = 0;
    if (link->settings.aqm != settings->aqm ||
        link->settings.codel_target_us != settings->codel_target_us ||
        link->settings.codel_interval_us != settings->codel_interval_us)
        gn_sim_codel_init(&link->codel, settings->codel_target_us, settings->codel_interval_us);
    link->settings = *settings;
    link->queue.limit_bytes = settings->queue_bytes;
}

static void
link_tell(gn_sim_link *link, const gn_sim_packet *packet, gn_sim_fate fate)
{
    link->tally.fates[fate]++;
    if (link->watch.on_fate != NULL)
        link->watch.on_fate(link->watch.context, packet, fate);
}

static void
link_drop(gn_sim_link *link, gn_sim_packet *packet, gn_sim_fate why)
{
    link_tell(link, packet, why);
    gn_sim_packet_pool_give(link->pool, packet);
}

void
gn_sim_link_set_up(gn_sim_link *link, bool up)
{
    gn_sim_packet *packet;

    link->up = up;
    if (up)
        return;
    while ((packet = gn_sim_queue_tail_pop(&link->queue)) != NULL)
        link_drop(link, packet, GN_SIM_FATE_DROPPED_BLACKOUT);
}

void
gn_sim_link_blackout(gn_sim_link *link, uint64_t until_us)
{
    link->blackout_until_us = until_us;
}

static bool
link_dead(const gn_sim_link *link)
{
    return !link->up || link->world->now_us < link->blackout_until_us;
}

/* Steps 6: how long the serialiser is busy, exactly. */
static void
link_serialise(gn_sim_link *link, const gn_sim_packet *packet)
{
    const uint64_t now_ns = link->world->now_us * LINK_NS_PER_US;
    const uint64_t rate = link->settings.rate_bits;
    const uint64_t bits = ((uint64_t)packet->len + GN_SIM_OVERHEAD_BYTES) * 8;

    link->tally.carried++;
    link->tally.carried_bytes += packet->len;
    /* A serialiser that was free within this microsecond goes on where it stopped. */
    if (link->free_ns + LINK_NS_PER_US <= now_ns) {
        link->free_ns = now_ns;
        link->carry = 0;
    }
    if (rate == 0)
        return;

    const uint64_t work = bits * LINK_NS_PER_S + link->carry;

    link->free_ns += work / rate;
    link->carry = work % rate;
}

static uint64_t
link_free_us(const gn_sim_link *link)
{
    return (link->free_ns + LINK_NS_PER_US - 1) / LINK_NS_PER_US;
}

/* Step 7. The copy takes its time from the duplicates' stream and keeps no order. */
static void
link_duplicate(gn_sim_link *link, const gn_sim_packet *packet)
{
    if (!gn_sim_prng_chance(&link->duplicate, link->settings.duplicate))
        return;

    gn_sim_packet *copy = gn_sim_packet_pool_copy(link->pool, packet);
    const uint64_t delay_us = link->settings.delay_us;
    const uint64_t late_us = gn_sim_prng_below(&link->duplicate, delay_us + 1);

    copy->flags |= GN_SIM_PACKET_DUPLICATE;
    link_tell(link, copy, GN_SIM_FATE_DUPLICATED);
    gn_sim_world_at(link->world, link_free_us(link) + delay_us + late_us, GN_SIM_CLASS_ARRIVAL,
                    copy);
}

/* Step 8. */
static void
link_corrupt(gn_sim_link *link, gn_sim_packet *packet)
{
    if (packet->len == 0 || !gn_sim_prng_chance(&link->corrupt, link->settings.corrupt))
        return;

    const uint64_t at = gn_sim_prng_below(&link->corrupt, packet->len);

    packet->bytes[at] ^= (uint8_t)(1 + gn_sim_prng_below(&link->corrupt, 255));
    packet->flags |= GN_SIM_PACKET_CORRUPTED;
    link_tell(link, packet, GN_SIM_FATE_CORRUPTED);
}

/* Steps 9 to 11. */
static void
link_fly(gn_sim_link *link, gn_sim_packet *packet)
{
    const gn_sim_link_settings *settings = &link->settings;
    uint64_t arrival_us = link_free_us(link) + settings->delay_us;

    arrival_us += gn_sim_jitter_next(&link->jitter, (gn_sim_jitter_shape)settings->jitter_shape,
                                     settings->jitter_us);
    if (settings->jitter_us > 0 && settings->jitter_order == GN_SIM_JITTER_KEPT &&
        arrival_us < link->last_arrival_us)
        arrival_us = link->last_arrival_us;
    link->last_arrival_us = arrival_us;
    gn_sim_world_at(link->world, arrival_us, GN_SIM_CLASS_ARRIVAL, packet);
}

/* Step 5: does this packet leave the queue? Otherwise it is gone. */
static bool
link_admit_dequeued(gn_sim_link *link, gn_sim_packet *packet)
{
    const uint64_t now_us = link->world->now_us;

    if (link_dead(link)) {
        link_drop(link, packet, GN_SIM_FATE_DROPPED_BLACKOUT);
        return false;
    }
    if (link->settings.aqm != GN_SIM_AQM_CODEL)
        return true;
    if (!gn_sim_codel_judge(&link->codel, now_us, now_us - packet->queued_at_us, link->queue.bytes,
                            LINK_FULL_PACKET_BYTES))
        return true;
    /* RFC 3168 5: only a datagram that says it understands may be marked. */
    if (packet->ecn == GN_MARK_NOT_ECT) {
        link_drop(link, packet, GN_SIM_FATE_DROPPED_AQM);
        return false;
    }
    if (packet->ecn != GN_MARK_CE) {
        packet->ecn = GN_MARK_CE;
        link_tell(link, packet, GN_SIM_FATE_MARKED);
    }
    return true;
}

static void
link_start(gn_sim_link *link, gn_sim_packet *packet)
{
    link_serialise(link, packet);
    link_duplicate(link, packet);
    link_corrupt(link, packet);
    link_fly(link, packet);
}

/* Sends from the queue until the serialiser is busy, then waits for it. */
void
gn_sim_link_transmit(gn_sim_link *link)
{
    link->waiting = false;
    while (link->queue.head != NULL && link_free_us(link) <= link->world->now_us) {
        gn_sim_packet *packet = gn_sim_queue_tail_pop(&link->queue);

        if (link_admit_dequeued(link, packet))
            link_start(link, packet);
    }
    if (link->queue.head != NULL) {
        link->waiting = true;
        gn_sim_world_at(link->world, link_free_us(link), GN_SIM_CLASS_TRANSMIT, link);
    }
}

/* Steps 1 to 4. */
void
gn_sim_link_send(gn_sim_link *link, gn_sim_packet *packet)
{
    const uint64_t mtu = link->settings.mtu_bytes;
    const bool lost = gn_sim_loss_next(&link->loss, &link->settings.loss);

    link->tally.offered++;
    if (link_dead(link)) {
        link_drop(link, packet, GN_SIM_FATE_DROPPED_BLACKOUT);
        return;
    }
    if (lost) {
        link_drop(link, packet, GN_SIM_FATE_DROPPED_LOSS);
        return;
    }
    if (mtu != 0 && packet->len + GN_SIM_OVERHEAD_BYTES > mtu) {
        link_drop(link, packet, GN_SIM_FATE_DROPPED_MTU);
        return;
    }
    packet->queued_at_us = link->world->now_us;
    if (link->queue.head == NULL && link_free_us(link) <= link->world->now_us) {
        if (link_admit_dequeued(link, packet))
            link_start(link, packet);
        return;
    }
    if (!gn_sim_queue_tail_push(&link->queue, packet)) {
        link_drop(link, packet, GN_SIM_FATE_DROPPED_QUEUE);
        return;
    }
    if (!link->waiting) {
        link->waiting = true;
        gn_sim_world_at(link->world, link_free_us(link), GN_SIM_CLASS_TRANSMIT, link);
    }
}
