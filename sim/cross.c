/*
 * cross.c: see cross.h.
 */
#include "sim/cross.h"

#include <string.h>

#include "base/assert.h"
#include "gnomon.h"

#define CROSS_NS_PER_US UINT64_C(1000)
#define CROSS_NS_PER_S UINT64_C(1000000000)
#define CROSS_ONE UINT64_C(65536) /* a packet of the window */
#define CROSS_WINDOW_FIRST 10     /* RFC 6928 2 */
#define CROSS_WINDOW_LEAST 2
#define CROSS_SIZE 1200
#define CROSS_BACK_US 20000
#define CROSS_PORT 30000

const char *const gn_sim_cross_kind_words[] = {[GN_SIM_CROSS_CONSTANT] = "constant",
                                               [GN_SIM_CROSS_POISSON] = "poisson",
                                               [GN_SIM_CROSS_AIMD] = "aimd",
                                               [GN_SIM_CROSS_KINDS] = NULL};

void
gn_sim_cross_settings_default(gn_sim_cross_settings *settings)
{
    *settings = (gn_sim_cross_settings){
        .direction = GN_SIM_DOWN, .size_bytes = CROSS_SIZE, .back_us = CROSS_BACK_US};
}

void
gn_sim_cross_init(gn_sim_cross *cross, gn_sim_world *world, gn_sim_packet_pool *pool,
                  gn_sim_link *link, const gn_sim_cross_settings *settings, uint64_t seed,
                  uint8_t number)
{
    *cross = (gn_sim_cross){.settings = *settings,
                            .world = world,
                            .pool = pool,
                            .link = link,
                            .prng = gn_sim_prng_for(seed, "cross", number),
                            .next_ns = settings->at_us * CROSS_NS_PER_US,
                            .window = CROSS_WINDOW_FIRST * CROSS_ONE,
                            .threshold = GN_SIM_CROSS_WINDOW_MAX * CROSS_ONE,
                            .number = number,
                            .waiting = true};
    gn_sim_world_at(world, settings->at_us, GN_SIM_CLASS_CROSS, cross);
}

void
gn_sim_cross_stop(gn_sim_cross *cross)
{
    cross->over = true;
}

/* Puts one packet on the link. */
static void
cross_send(gn_sim_cross *cross)
{
    const gn_sim_cross_settings *settings = &cross->settings;
    gn_sim_packet *packet = gn_sim_packet_pool_take(cross->pool, settings->size_bytes);

    /* The documentation ranges of RFC 5737; each flow has its own port. */
    packet->source = gn_sim_address_v4(198, 51, 100, 1, (uint16_t)(CROSS_PORT + cross->number));
    packet->destination = gn_sim_address_v4(203, 0, 113, 9, CROSS_PORT);
    memset(packet->bytes, 0, packet->len);
    packet->number = cross->next_number++;
    packet->sent_at_us = cross->world->now_us;
    packet->route = (uint16_t)settings->route;
    packet->from = settings->direction == GN_SIM_UP ? 0 : 1;
    packet->to = settings->direction == GN_SIM_UP ? 1 : 0;
    packet->ecn = settings->ecn != 0 ? GN_MARK_ECT0 : GN_MARK_NOT_ECT;
    packet->flags = GN_SIM_PACKET_CROSS;
    packet->flow = cross->number;
    cross->tally.sent++;
    cross->in_flight++;
    gn_sim_link_send(cross->link, packet);
}

/*
 * -ln of a number that is equally likely anywhere between 0 and 1, times 2^16. The bits in front of
 * the first one count halves; what follows is log2 of 1 to 2, by a parabola that is wrong
 * by less than one in a hundred.
 */
static uint64_t
cross_exponential(gn_sim_prng *prng)
{
    uint64_t draw = gn_sim_prng_next(prng) | 1;
    uint64_t halves = 1;

    while (draw >> 63 == 0) {
        draw <<= 1;
        halves++;
    }

    const uint64_t fraction = draw >> 47 & (CROSS_ONE - 1);
    const uint64_t bend = (fraction * (CROSS_ONE - fraction) >> 16) * 22544 >> 16;
    const uint64_t log2 = halves * CROSS_ONE - (fraction + bend);

    return log2 * 45426 >> 16; /* ln 2 */
}

/* constant, poisson: how long until the next one. */
static uint64_t
cross_gap_ns(gn_sim_cross *cross)
{
    const uint64_t bits = (cross->settings.size_bytes + GN_SIM_OVERHEAD_BYTES) * 8;
    const uint64_t work = bits * CROSS_NS_PER_S + cross->carry;
    const uint64_t gap_ns = work / cross->settings.rate_bits;

    cross->carry = work % cross->settings.rate_bits;
    if (cross->settings.kind != GN_SIM_CROSS_POISSON)
        return gap_ns;
    return gap_ns * cross_exponential(&cross->prng) >> 16;
}

/* The silences are cut out of time: whatever falls into one waits for its end. */
static void
cross_skip_silence(gn_sim_cross *cross)
{
    const gn_sim_cross_settings *settings = &cross->settings;
    const uint64_t on_ns = settings->on_us * CROSS_NS_PER_US;
    const uint64_t cycle_ns = on_ns + settings->off_us * CROSS_NS_PER_US;

    if (settings->off_us == 0)
        return;

    const uint64_t in_ns = (cross->next_ns - settings->at_us * CROSS_NS_PER_US) % cycle_ns;

    if (in_ns >= on_ns)
        cross->next_ns += cycle_ns - in_ns;
}

static void
cross_pump(gn_sim_cross *cross)
{
    cross->stopped = false;
    while (!cross->stopped && (cross->in_flight + 1) * CROSS_ONE <= cross->window)
        cross_send(cross);
}

/* aimd: another turn in a while, for what was dropped comes back by itself no more. */
static void
cross_wait(gn_sim_cross *cross)
{
    if (cross->waiting || cross->over)
        return;
    cross->waiting = true;
    gn_sim_world_at(cross->world, cross->world->now_us + cross->settings.back_us,
                    GN_SIM_CLASS_CROSS, cross);
}

void
gn_sim_cross_on_turn(gn_sim_cross *cross)
{
    const gn_sim_cross_settings *settings = &cross->settings;

    cross->waiting = false;
    if (settings->for_us != 0 && cross->world->now_us >= settings->at_us + settings->for_us)
        cross->over = true;
    if (cross->over)
        return;
    if (settings->kind == GN_SIM_CROSS_AIMD) {
        cross_pump(cross);
        return;
    }
    cross_send(cross);
    cross->next_ns += cross_gap_ns(cross);
    cross_skip_silence(cross);
    gn_sim_world_at(cross->world, cross->next_ns / CROSS_NS_PER_US, GN_SIM_CLASS_CROSS, cross);
}

/* Half, once for all that was sent before now. */
static void
cross_cut(gn_sim_cross *cross, const gn_sim_packet *packet)
{
    if (packet->number < cross->cut_number)
        return;
    cross->cut_number = cross->next_number;
    cross->window /= 2;
    if (cross->window < CROSS_WINDOW_LEAST * CROSS_ONE)
        cross->window = CROSS_WINDOW_LEAST * CROSS_ONE;
    cross->threshold = cross->window;
    cross->tally.cuts++;
}

void
gn_sim_cross_on_fate(gn_sim_cross *cross, const gn_sim_packet *packet, gn_sim_fate fate)
{
    if (fate == GN_SIM_FATE_MARKED)
        cross->tally.marked++;
    if (!gn_sim_fate_is_drop(fate) || (packet->flags & GN_SIM_PACKET_DUPLICATE) != 0)
        return;
    cross->tally.dropped++;
    cross->in_flight--;
    if (cross->settings.kind != GN_SIM_CROSS_AIMD)
        return;
    cross->stopped = true;
    cross_cut(cross, packet);
    cross_wait(cross);
}

/* aimd: an acknowledgement. */
static void
cross_on_ack(gn_sim_cross *cross, const gn_sim_packet *packet)
{
    cross->in_flight--;
    if (packet->ecn == GN_MARK_CE)
        cross_cut(cross, packet);
    else if (cross->window < cross->threshold)
        cross->window += CROSS_ONE;
    else
        cross->window += CROSS_ONE * CROSS_ONE / cross->window;
    if (cross->window > GN_SIM_CROSS_WINDOW_MAX * CROSS_ONE)
        cross->window = GN_SIM_CROSS_WINDOW_MAX * CROSS_ONE;
    if (cross->settings.for_us != 0 &&
        cross->world->now_us >= cross->settings.at_us + cross->settings.for_us)
        cross->over = true;
    if (!cross->over)
        cross_pump(cross);
}

void
gn_sim_cross_on_arrival(gn_sim_cross *cross, gn_sim_packet *packet)
{
    const bool copy = (packet->flags & GN_SIM_PACKET_DUPLICATE) != 0;
    const bool back = (packet->flags & GN_SIM_PACKET_BACK) != 0;

    GN_ASSERT((packet->flags & GN_SIM_PACKET_CROSS) != 0 && packet->flow == cross->number);
    if (!copy && !back) {
        cross->tally.arrived++;
        cross->tally.arrived_bytes += packet->len + GN_SIM_OVERHEAD_BYTES;
    }
    if (!copy && !back && cross->settings.kind == GN_SIM_CROSS_AIMD) {
        packet->flags |= GN_SIM_PACKET_BACK;
        gn_sim_world_at(cross->world, cross->world->now_us + cross->settings.back_us,
                        GN_SIM_CLASS_ARRIVAL, packet);
        return;
    }
    if (!copy && cross->settings.kind != GN_SIM_CROSS_AIMD)
        cross->in_flight--;
    if (back)
        cross_on_ack(cross, packet);
    gn_sim_packet_pool_give(cross->pool, packet);
}
