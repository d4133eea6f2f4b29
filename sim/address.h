/*
 * address.h: who is where: an IP address and a UDP port.
 */
#ifndef GN_SIM_ADDRESS_H
#define GN_SIM_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

/* IPv4 addresses stand in the last four bytes behind twelve zeros. */
typedef struct gn_sim_address {
    uint8_t ip[16];
    uint16_t port;
} gn_sim_address;

/* 10.a.b.c:port, for example. */
gn_sim_address gn_sim_address_v4(uint8_t a, uint8_t b, uint8_t c, uint8_t d, uint16_t port);

bool gn_sim_address_equal(const gn_sim_address *a, const gn_sim_address *b);

#define GN_SIM_ADDRESS_TEXT 24

/* "10.0.0.1:4433" and its closing zero in text; IPv4 only. */
void gn_sim_address_print(const gn_sim_address *address, char text[GN_SIM_ADDRESS_TEXT]);

#endif
