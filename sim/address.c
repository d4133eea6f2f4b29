/*
 * address.c: see address.h.
 */
#include "sim/address.h"

#include <stdio.h>
#include <string.h>

gn_sim_address
gn_sim_address_v4(uint8_t a, uint8_t b, uint8_t c, uint8_t d, uint16_t port)
{
    gn_sim_address address = {.ip = {[12] = a, [13] = b, [14] = c, [15] = d}, .port = port};

    return address;
}

bool
gn_sim_address_equal(const gn_sim_address *a, const gn_sim_address *b)
{
    return a->port == b->port && memcmp(a->ip, b->ip, sizeof a->ip) == 0;
}

void
gn_sim_address_print(const gn_sim_address *address, char text[GN_SIM_ADDRESS_TEXT])
{
    const uint8_t *ip = address->ip;

    (void)snprintf(text, GN_SIM_ADDRESS_TEXT, "%u.%u.%u.%u:%u", ip[12], ip[13], ip[14], ip[15],
                   address->port);
}
