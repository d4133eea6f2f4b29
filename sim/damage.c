/*
 * damage.c: see damage.h.
 */
#include "sim/damage.h"

void
gn_sim_damage_init(gn_sim_damage *damage, uint64_t seed, uint64_t number)
{
    *damage = (gn_sim_damage){.place = gn_sim_prng_for(seed, "corrupt", number),
                              .run = gn_sim_prng_for(seed, "corrupt run", number),
                              .cut = gn_sim_prng_for(seed, "truncate", number)};
}

static uint8_t
damage_byte(gn_sim_prng *prng)
{
    return (uint8_t)(1 + gn_sim_prng_below(prng, 255));
}

void
gn_sim_damage_corrupt(gn_sim_damage *damage, gn_sim_packet *packet, uint64_t within, uint64_t run)
{
    const uint64_t room = within != 0 && within < packet->len ? within : packet->len;
    const uint64_t at = gn_sim_prng_below(&damage->place, room);

    packet->bytes[at] ^= damage_byte(&damage->place);
    for (uint64_t i = 1; i < run && at + i < packet->len; i++)
        packet->bytes[at + i] ^= damage_byte(&damage->run);
}

void
gn_sim_damage_truncate(gn_sim_damage *damage, gn_sim_packet *packet)
{
    packet->len = 1 + (uint32_t)gn_sim_prng_below(&damage->cut, packet->len - 1);
}
