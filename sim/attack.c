/*
 * attack.c: see attack.h.
 */
#include "sim/attack.h"

#include <string.h>

#include "base/assert.h"
#include "sim/icmp.h"
#include "sim/network.h"
#include "wire/header_read.h"

#define ATTACK_PORT 40000
#define ATTACK_BYTES 60

/* clang-format off */
const char *const gn_sim_attack_kind_words[] = {
    "drop", "delay", "modify", "copy", "garbage", "header", "version-negotiation", "retry",
    "reset", "close", "too-big", NULL};
const char *const gn_sim_attack_packets_words[] = {
    "any", "initial", "handshake", "long", "short", NULL};
const char *const gn_sim_attack_target_words[] = {"ahead", "back", NULL};
const char *const gn_sim_attack_source_words[] = {"peers", "own", NULL};
/* clang-format on */

void
gn_sim_attack_settings_default(gn_sim_attack_settings *settings)
{
    *settings = (gn_sim_attack_settings){
        .first = 1, .times = 1, .share = {1, 1}, .bytes = ATTACK_BYTES, .bits = 1};
}

void
gn_sim_attack_init(gn_sim_attack *attack, const gn_sim_attack_settings *settings,
                   const gn_suite_ops *ops, uint64_t seed, uint8_t number)
{
    *attack = (gn_sim_attack){.settings = *settings,
                              .ops = ops,
                              .prng = gn_sim_prng_for(seed, "attack", number),
                              .number = number};
}

static bool
attack_waits_for(gn_sim_attack_packets packets, const gn_sim_packet *packet)
{
    if (packet->len == 0)
        return packets == GN_SIM_ATTACK_ANY;

    const uint8_t first = packet->bytes[0];
    const bool is_long = (first & GN_HEADER_LONG) != 0;
    const unsigned type = first >> 4 & 3; /* RFC 9000 17.2, Table 5 */

    switch (packets) {
    case GN_SIM_ATTACK_ANY: return true;
    case GN_SIM_ATTACK_INITIAL: return is_long && type == GN_PACKET_INITIAL;
    case GN_SIM_ATTACK_HANDSHAKE: return is_long && type == GN_PACKET_HANDSHAKE;
    case GN_SIM_ATTACK_LONG: return is_long;
    case GN_SIM_ATTACK_SHORT: break;
    }
    return !is_long;
}

/* Is this the moment? */
static bool
attack_wants(gn_sim_attack *attack, uint64_t now_us, const gn_sim_packet *packet)
{
    const gn_sim_attack_settings *settings = &attack->settings;

    if (attack->done >= settings->times || now_us < settings->at_us ||
        packet->len < settings->min_bytes ||
        !attack_waits_for((gn_sim_attack_packets)settings->packets, packet))
        return false;
    attack->seen++;
    return attack->seen >= settings->first && gn_sim_prng_chance(&attack->prng, settings->share);
}

/* Each attacker has an address of his own: the documentation range of RFC 5737. */
static gn_sim_address
attack_address(const gn_sim_attack *attack)
{
    return gn_sim_address_v4(192, 0, 2, (uint8_t)(66 + attack->number),
                             (uint16_t)(ATTACK_PORT + attack->number));
}

static gn_sim_packet *
attack_make(const gn_sim_attack *attack, gn_sim_network *network, const gn_sim_packet *seen,
            const uint8_t *bytes, size_t len)
{
    gn_sim_packet *packet = gn_sim_packet_pool_take(&network->pool, len);
    const bool back = attack->settings.target == GN_SIM_ATTACK_BACK;

    memcpy(packet->bytes, bytes, len);
    packet->source = back ? seen->destination : seen->source;
    packet->destination = back ? seen->source : seen->destination;
    packet->from = back ? seen->to : seen->from;
    packet->to = back ? seen->from : seen->to;
    packet->route = seen->route;
    packet->ecn = back ? 0 : seen->ecn;
    if (attack->settings.source == GN_SIM_ATTACK_OWN)
        packet->source = attack_address(attack);
    return packet;
}

static void
attack_send(const gn_sim_attack *attack, gn_sim_network *network, gn_sim_packet *packet)
{
    const gn_sim_attack_settings *settings = &attack->settings;
    const uint64_t way_us = gn_sim_network_link(network, packet)->settings.delay_us;
    const uint64_t after_us = way_us + settings->delay_us;

    gn_sim_network_inject(network, packet,
                          after_us > settings->lead_us ? after_us - settings->lead_us : 0);
}

static void
attack_modify(gn_sim_attack *attack, gn_sim_network *network, gn_sim_packet *packet)
{
    if (packet->len == 0)
        return;
    for (uint64_t i = 0; i < attack->settings.bits; i++) {
        const uint64_t bit = gn_sim_prng_below(&attack->prng, UINT64_C(8) * packet->len);

        packet->bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    gn_sim_network_modified(network, packet);
}

/* A message about a packet that the target never sent: everything in it is right but the quote. */
static void
attack_too_big(gn_sim_attack *attack, gn_sim_network *network, const gn_sim_packet *seen)
{
    uint8_t quote[64];
    uint8_t bytes[GN_SIM_ICMP_BYTES_MAX];
    const bool back = attack->settings.target == GN_SIM_ATTACK_BACK;
    const gn_sim_icmp message = {.source = back ? seen->source : seen->destination,
                                 .destination = back ? seen->destination : seen->source,
                                 .mtu_bytes = (uint32_t)attack->settings.bytes,
                                 .packet_bytes = 1500,
                                 .quote = quote,
                                 .quote_len = sizeof quote};

    gn_sim_prng_fill(&attack->prng, quote, sizeof quote);
    const size_t len = gn_sim_icmp_write(&message, bytes);
    gn_sim_packet *packet = attack_make(attack, network, seen, bytes, len);

    packet->flags |= GN_SIM_PACKET_TOO_BIG;
    attack_send(attack, network, packet);
}

/* False: he knows too little to make it. */
static bool
attack_forge(gn_sim_attack *attack, gn_sim_network *network, const gn_sim_packet *seen)
{
    uint8_t bytes[GN_SIM_FORGERY_BYTES];
    const bool back = attack->settings.target == GN_SIM_ATTACK_BACK;
    const gn_sim_forgery_order order = {
        .kind = (gn_sim_forgery_kind)(attack->settings.kind - GN_SIM_ATTACK_GARBAGE),
        .to_client = (back ? seen->from : seen->to) == GN_SIM_CLIENT,
        .seen = seen->bytes,
        .seen_len = seen->len,
        .len = attack->settings.bytes};
    const size_t len =
        gn_sim_forgery_write(&attack->forgery, &order, attack->ops, &attack->prng, bytes);

    if (len == 0)
        return false;
    attack_send(attack, network, attack_make(attack, network, seen, bytes, len));
    return true;
}

/* Acts; false: the datagram does not go on now. */
static bool
attack_act(gn_sim_attack *attack, gn_sim_network *network, gn_sim_packet *packet)
{
    attack->done++;
    switch ((gn_sim_attack_kind)attack->settings.kind) {
    case GN_SIM_ATTACK_DROP: gn_sim_network_keep(network, packet); return false;
    case GN_SIM_ATTACK_DELAY:
        gn_sim_network_hold(network, packet, attack->settings.delay_us);
        return false;
    case GN_SIM_ATTACK_MODIFY: attack_modify(attack, network, packet); return true;
    case GN_SIM_ATTACK_COPY:
        attack_send(attack, network,
                    attack_make(attack, network, packet, packet->bytes, packet->len));
        return true;
    case GN_SIM_ATTACK_TOO_BIG: attack_too_big(attack, network, packet); return true;
    default:
        if (!attack_forge(attack, network, packet))
            attack->done--;
        return true;
    }
}

bool
gn_sim_attack_on_pass(gn_sim_attack *attack, gn_sim_network *network, gn_sim_packet *packet)
{
    const gn_sim_attack_settings *settings = &attack->settings;
    const bool up = packet->from == GN_SIM_CLIENT;

    if (packet->route != settings->route)
        return true;
    /* Connection IDs are learned from both directions, whichever he waits for. */
    if (settings->kind >= GN_SIM_ATTACK_VNEG && settings->kind <= GN_SIM_ATTACK_CLOSE)
        gn_sim_forgery_learn(&attack->forgery, up, packet->bytes, packet->len);
    if (up != (settings->direction == GN_SIM_UP) ||
        !attack_wants(attack, network->world->now_us, packet))
        return true;
    return attack_act(attack, network, packet);
}

void
gn_sim_attack_stop(gn_sim_attack *attack)
{
    attack->settings.times = attack->done;
}
