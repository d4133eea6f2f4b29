/*
 * link.c: see link.h. The functions stand in the order of its operations.
 */
#include "sim/link.h"

#include "base/assert.h"
#include "gnomon.h"

void
gn_sim_link_settings_default(gn_sim_link_settings *settings)
{
    *settings = (gn_sim_link_settings){
        .queue_bytes = GN_SIM_QUEUE_UNLIMITED,
        .aqm_marks = 1,
        .codel_target_us = GN_SIM_CODEL_TARGET_US,
        .codel_interval_us = GN_SIM_CODEL_INTERVAL_US,
        .mark = GN_SIM_RATIO_ZERO,
        .duplicate = GN_SIM_RATIO_ZERO,
        .duplicate_copies = 1,
        .corrupt = GN_SIM_RATIO_ZERO,
        .corrupt_run = 1,
        .truncate = GN_SIM_RATIO_ZERO,
        .police = {.burst_bytes = GN_SIM_POLICER_BURST_BYTES},
        .red = {.min_bytes = 30000,
                .max_bytes = 90000,
                .probability = {1, 10},
                .weight = GN_SIM_RED_WEIGHT},
        .fq = {.flows = GN_SIM_FQ_FLOWS_MAX, .quantum_bytes = GN_SIM_FQ_QUANTUM_BYTES},
        .pie = {.target_us = GN_SIM_PIE_TARGET_US,
                .interval_us = GN_SIM_PIE_INTERVAL_US,
                .burst_us = GN_SIM_PIE_BURST_US},
        .dualq = {.target_us = GN_SIM_DUALQ_TARGET_US,
                  .interval_us = GN_SIM_DUALQ_INTERVAL_US,
                  .ramp_min_us = GN_SIM_DUALQ_RAMP_MIN_US,
                  .ramp_max_us = GN_SIM_DUALQ_RAMP_MAX_US,
                  .shift_us = GN_SIM_DUALQ_SHIFT_US,
                  .coupling = GN_SIM_DUALQ_COUPLING},
        .reorder = {.share = GN_SIM_RATIO_ZERO, .for_us = GN_SIM_REORDER_FOR_US},
    };
    gn_sim_loss_settings_default(&settings->loss);
}

static gn_sim_queue_settings
link_queue_settings(const gn_sim_link_settings *settings)
{
    return (gn_sim_queue_settings){
        .limit_bytes = settings->queue_bytes,
        .aqm = settings->aqm,
        .drops_ect = settings->aqm_marks == 0 ? 1 : 0,
        .codel_target_us = settings->codel_target_us,
        .codel_interval_us = settings->codel_interval_us,
        .red = settings->red,
        .fq = settings->fq,
        .pie = settings->pie,
        .dualq = settings->dualq,
    };
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

static void
link_mark_ce(gn_sim_link *link, gn_sim_packet *packet)
{
    packet->ecn = GN_MARK_CE;
    link_tell(link, packet, GN_SIM_FATE_MARKED);
}

static void
link_door_drop(void *link, gn_sim_packet *packet, gn_sim_fate why)
{
    link_drop(link, packet, why);
}

static void
link_door_mark(void *link, gn_sim_packet *packet)
{
    link_mark_ce(link, packet);
}

void
gn_sim_link_init(gn_sim_link *link, gn_sim_world *world, gn_sim_packet_pool *pool,
                 const gn_sim_link_settings *settings, uint64_t seed, uint64_t number,
                 gn_sim_link_watch watch)
{
    const gn_sim_queue_settings queue = link_queue_settings(settings);

    *link = (gn_sim_link){
        .world = world,
        .pool = pool,
        .watch = watch,
        .door = {.link = link, .drop = link_door_drop, .mark = link_door_mark},
        .up = true,
    };
    gn_sim_queue_init(&link->queue, &queue, seed, number);
    gn_sim_loss_init(&link->loss, seed, number);
    gn_sim_reorder_init(&link->reorder, seed, number);
    gn_sim_damage_init(&link->damage, seed, number);
    link->jitter = gn_sim_prng_for(seed, "jitter", number);
    link->mark = gn_sim_prng_for(seed, "mark", number);
    link->duplicate = gn_sim_prng_for(seed, "duplicate", number);
    link->copies = gn_sim_prng_for(seed, "copies", number);
    gn_sim_link_change(link, settings);
}

void
gn_sim_link_change(gn_sim_link *link, const gn_sim_link_settings *settings)
{
    const gn_sim_queue_settings queue = link_queue_settings(settings);

    if (link->settings.rate_bits != settings->rate_bits ||
        link->settings.plan.trace != settings->plan.trace)
        link->rate = (gn_sim_rate){.free_ns = link->rate.free_ns};
    link->settings = *settings;
    link->planned = settings->plan.trace != NULL || settings->plan.step_count != 0;
    link->harms = settings->mark.num != 0 || settings->duplicate.num != 0 ||
                  settings->corrupt.num != 0 || settings->truncate.num != 0;
    link->strays = settings->jitter_us != 0 || settings->reorder.share.num != 0 ||
                   settings->suspend.every_us != 0;
    gn_sim_queue_change(&link->queue, &queue);
    gn_sim_loss_change(&link->loss, &settings->loss);
}

static void
link_drop_queued(gn_sim_link *link)
{
    gn_sim_packet *packet;

    while ((packet = gn_sim_queue_take(&link->queue)) != NULL)
        link_drop(link, packet, GN_SIM_FATE_DROPPED_BLACKOUT);
}

void
gn_sim_link_set_up(gn_sim_link *link, bool up)
{
    link->up = up;
    if (!up)
        link_drop_queued(link);
}

void
gn_sim_link_blackout(gn_sim_link *link, uint64_t until_us)
{
    link->blackout_until_us = until_us;
}

void
gn_sim_link_suspend(gn_sim_link *link, gn_sim_suspend_side side, uint64_t until_us)
{
    if (side == GN_SIM_SUSPEND_TRANSMIT)
        link->pause_until_us = until_us;
    else
        link->hold_until_us = until_us;
}

static bool
link_dead(const gn_sim_link *link)
{
    return !link->up || link->world->now_us < link->blackout_until_us;
}

/* When the next datagram may begin: the serialiser is free, and nothing pauses. */
static uint64_t
link_ready_us(const gn_sim_link *link)
{
    const gn_sim_suspend_settings *suspend = &link->settings.suspend;
    uint64_t ready_us = gn_sim_rate_free_us(&link->rate);

    if (ready_us < link->pause_until_us)
        ready_us = link->pause_until_us;
    if (suspend->every_us == 0 || suspend->side != GN_SIM_SUSPEND_TRANSMIT)
        return ready_us;

    const uint64_t now_us = link->world->now_us;

    return gn_sim_suspend_until(suspend, ready_us > now_us ? ready_us : now_us);
}

/* Step 8. */
static void
link_mark(gn_sim_link *link, gn_sim_packet *packet)
{
    if (packet->ecn == GN_MARK_NOT_ECT || packet->ecn == GN_MARK_CE)
        return;
    if (gn_sim_prng_chance(&link->mark, link->settings.mark))
        link_mark_ce(link, packet);
}

/* Step 9. Each copy takes its time from the duplicates' stream and keeps no order. */
static void
link_duplicate(gn_sim_link *link, const gn_sim_packet *packet)
{
    const uint64_t most = link->settings.duplicate_copies;
    const uint64_t delay_us = link->settings.delay_us;

    if (!gn_sim_prng_chance(&link->duplicate, link->settings.duplicate))
        return;
    for (uint64_t left = most > 1 ? 1 + gn_sim_prng_below(&link->copies, most) : 1; left > 0;
         left--) {
        gn_sim_packet *copy = gn_sim_packet_pool_copy(link->pool, packet);
        const uint64_t late_us = gn_sim_prng_below(&link->duplicate, delay_us + 1);

        copy->flags |= GN_SIM_PACKET_DUPLICATE;
        link_tell(link, copy, GN_SIM_FATE_DUPLICATED);
        gn_sim_world_at(link->world, gn_sim_rate_free_us(&link->rate) + delay_us + late_us,
                        GN_SIM_CLASS_ARRIVAL, copy);
    }
}

/* Step 10. What was cut is told as corrupted too: whoever looks at such packets looks at it. */
static void
link_damage(gn_sim_link *link, gn_sim_packet *packet)
{
    const gn_sim_link_settings *settings = &link->settings;

    if (packet->len > 0 && gn_sim_prng_chance(&link->damage.place, settings->corrupt)) {
        gn_sim_damage_corrupt(&link->damage, packet, settings->corrupt_within,
                              settings->corrupt_run);
        packet->flags |= GN_SIM_PACKET_CORRUPTED;
        link_tell(link, packet, GN_SIM_FATE_CORRUPTED);
    }
    if (packet->len > 1 && gn_sim_prng_chance(&link->damage.cut, settings->truncate)) {
        gn_sim_damage_truncate(&link->damage, packet);
        packet->flags |= GN_SIM_PACKET_CORRUPTED;
        link_tell(link, packet, GN_SIM_FATE_TRUNCATED);
    }
}

/* Step 12. */
static uint64_t
link_jitter(gn_sim_link *link, uint64_t arrival_us)
{
    const gn_sim_link_settings *settings = &link->settings;

    arrival_us += gn_sim_jitter_next(&link->jitter, (gn_sim_jitter_shape)settings->jitter_shape,
                                     settings->jitter_us);
    if (settings->jitter_us > 0 && settings->jitter_order == GN_SIM_JITTER_KEPT &&
        arrival_us < link->last_arrival_us)
        arrival_us = link->last_arrival_us;
    return arrival_us;
}

/* Steps 14 and 15. */
static void
link_land(gn_sim_link *link, gn_sim_packet *packet, uint64_t arrival_us)
{
    const gn_sim_suspend_settings *suspend = &link->settings.suspend;

    if (suspend->side == GN_SIM_SUSPEND_RECEIVE)
        arrival_us = gn_sim_suspend_until(suspend, arrival_us);
    gn_sim_world_at(link->world, arrival_us, GN_SIM_CLASS_ARRIVAL, packet);
}

/* Step 13. True: the packet will be overtaken, and is taken care of. */
static bool
link_hold_back(gn_sim_link *link, gn_sim_packet *packet, uint64_t arrival_us)
{
    const gn_sim_reorder_settings *reorder = &link->settings.reorder;
    const uint64_t late_us = arrival_us + reorder->for_us;

    if (!gn_sim_reorder_wants(&link->reorder, reorder))
        return false;
    if (reorder->by == 0) {
        link_tell(link, packet, GN_SIM_FATE_REORDERED);
        link_land(link, packet, late_us);
        return true;
    }
    if (!gn_sim_reorder_hold(&link->reorder, packet, reorder->by, late_us))
        return false;
    link_tell(link, packet, GN_SIM_FATE_REORDERED);
    gn_sim_world_at(link->world, late_us, GN_SIM_CLASS_TRANSMIT, link);
    return true;
}

/* Those that enough have passed arrive right behind the last of them. */
static void
link_let_go(gn_sim_link *link, uint64_t arrival_us)
{
    gn_sim_packet *packet;

    while ((packet = gn_sim_reorder_next(&link->reorder, link->world->now_us)) != NULL)
        link_land(link, packet, arrival_us);
}

/* Steps 11 to 15. */
static void
link_fly(gn_sim_link *link, gn_sim_packet *packet)
{
    uint64_t arrival_us = gn_sim_rate_free_us(&link->rate) + link->settings.delay_us;

    if (link->strays) {
        arrival_us = link_jitter(link, arrival_us);
        if (link_hold_back(link, packet, arrival_us))
            return;
    }
    link->last_arrival_us = arrival_us;
    if (link->strays)
        link_land(link, packet, arrival_us);
    else
        gn_sim_world_at(link->world, arrival_us, GN_SIM_CLASS_ARRIVAL, packet);
    if (link->reorder.count > 0) {
        gn_sim_reorder_passed(&link->reorder);
        link_let_go(link, arrival_us);
    }
}

/* Steps 7 to 15. */
static void
link_start(gn_sim_link *link, gn_sim_packet *packet)
{
    link->tally.carried++;
    link->tally.carried_bytes += packet->len;
    if (link->planned)
        gn_sim_rate_take(&link->rate, &link->settings.plan, link->settings.rate_bits,
                         link->world->now_us, packet->len + GN_SIM_OVERHEAD_BYTES);
    else
        gn_sim_rate_take_at(&link->rate, link->settings.rate_bits, link->world->now_us,
                            packet->len + GN_SIM_OVERHEAD_BYTES);
    if (link->harms) {
        link_mark(link, packet);
        link_duplicate(link, packet);
        link_damage(link, packet);
    }
    link_fly(link, packet);
}

/* The door as it is at this moment. */
static const gn_sim_queue_door *
link_door(gn_sim_link *link)
{
    const gn_sim_link_settings *settings = &link->settings;

    link->door.now_us = link->world->now_us;
    link->door.rate_bits =
        link->planned ? gn_sim_rate_bits(&settings->plan, settings->rate_bits, link->world->now_us)
                      : settings->rate_bits;
    return &link->door;
}

/* Step 6: from the queue until the serialiser is busy or pauses, then waits for it. */
static void
link_serve(gn_sim_link *link)
{
    const gn_sim_queue_door *door = link_door(link);
    uint64_t ready_us = link_ready_us(link);

    if (link_dead(link) && ready_us <= door->now_us)
        link_drop_queued(link);
    while (link->queue.packets > 0 && ready_us <= door->now_us) {
        gn_sim_packet *packet = gn_sim_queue_pop(&link->queue, door);

        if (packet != NULL)
            link_start(link, packet);
        ready_us = link_ready_us(link);
    }
    if (link->queue.packets == 0 || link->waiting)
        return;
    link->waiting = true;
    link->wake_us = ready_us;
    gn_sim_world_at(link->world, ready_us, GN_SIM_CLASS_TRANSMIT, link);
}

void
gn_sim_link_transmit(gn_sim_link *link)
{
    if (link->reorder.count > 0)
        link_let_go(link, link->world->now_us);
    if (link->world->now_us >= link->wake_us)
        link->waiting = false;
    link_serve(link);
}

void
gn_sim_link_resume(gn_sim_link *link)
{
    link->blackout_until_us = 0;
    link->pause_until_us = 0;
    link->hold_until_us = 0;
    link->waiting = false; /* the entry that is in the world finds nothing to do */
    link_serve(link);
}

/* Step 5. The wait that counts is the one until its first bit leaves. */
static void
link_admit(gn_sim_link *link, gn_sim_packet *packet)
{
    const gn_sim_link_settings *settings = &link->settings;

    if (settings->queue_us != 0 &&
        gn_sim_rate_wait_us(&link->rate, &settings->plan, settings->rate_bits, link->world->now_us,
                            link->queue.bytes) > settings->queue_us) {
        link_drop(link, packet, GN_SIM_FATE_DROPPED_QUEUE);
        return;
    }
    gn_sim_queue_push(&link->queue, link_door(link), packet);
    if (!link->waiting)
        link_serve(link);
}

/* Steps 1 to 4. */
void
gn_sim_link_send(gn_sim_link *link, gn_sim_packet *packet)
{
    const gn_sim_link_settings *settings = &link->settings;
    const uint64_t now_us = link->world->now_us;
    const uint64_t bytes = packet->len + GN_SIM_OVERHEAD_BYTES;
    const bool lost = gn_sim_loss_next(&link->loss, &settings->loss, packet);

    link->tally.offered++;
    if (link_dead(link)) {
        link_drop(link, packet, GN_SIM_FATE_DROPPED_BLACKOUT);
        return;
    }
    if (lost) {
        link_drop(link, packet, GN_SIM_FATE_DROPPED_LOSS);
        return;
    }
    if (settings->mtu_bytes != 0 && bytes > settings->mtu_bytes) {
        link_drop(link, packet, GN_SIM_FATE_DROPPED_MTU);
        return;
    }
    if (settings->police.rate_bits != 0 &&
        !gn_sim_policer_passes(&link->policer, &settings->police, now_us, bytes)) {
        link_drop(link, packet, GN_SIM_FATE_DROPPED_POLICER);
        return;
    }
    packet->queued_at_us = now_us;
    /* Nobody to wait for and nobody to judge. */
    if (link->queue.packets == 0 && settings->aqm == GN_SIM_AQM_NONE &&
        link_ready_us(link) <= now_us) {
        link_start(link, packet);
        return;
    }
    link_admit(link, packet);
}

/* A packet due at the very end of the pause goes behind those that were held for it. */
bool
gn_sim_link_holds(gn_sim_link *link, gn_sim_packet *packet)
{
    const uint64_t now_us = link->world->now_us;
    const uint64_t until_us = link->hold_until_us;

    if (now_us > until_us || (now_us == until_us && (packet->flags & GN_SIM_PACKET_HELD) != 0))
        return false;
    packet->flags |= GN_SIM_PACKET_HELD;
    gn_sim_world_at(link->world, until_us, GN_SIM_CLASS_ARRIVAL, packet);
    return true;
}
