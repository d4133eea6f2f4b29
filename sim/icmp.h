/*
 * icmp.h: the message of a router that could not forward a packet (RFC 792, RFC 1191 4).
 *
 * "Fragmentation needed": the MTU of the next hop and the beginning of the
 * packet that was too large, from its IP header on. Whoever gets it believes
 * it only when it knows the packet (RFC 9000 14.2.1).
 */
#ifndef GN_SIM_ICMP_H
#define GN_SIM_ICMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/address.h"

/* Bytes in front of the quoted datagram: ICMP, IPv4 and UDP headers. */
#define GN_SIM_ICMP_HEAD_BYTES 36

/* RFC 1812 4.3.2.3: the message is at most 576 bytes, its own IP header included. */
#define GN_SIM_ICMP_BYTES_MAX 556

typedef struct gn_sim_icmp {
    gn_sim_address source; /* of the packet that was dropped */
    gn_sim_address destination;
    uint32_t mtu_bytes;
    uint32_t packet_bytes; /* of the whole packet, IP header included */
    const uint8_t *quote;  /* the datagram's first bytes */
    size_t quote_len;
} gn_sim_icmp;

/* Writes the message; the quote is cut where it must be. Its length, at most BYTES_MAX. */
size_t gn_sim_icmp_write(const gn_sim_icmp *message, uint8_t out[GN_SIM_ICMP_BYTES_MAX]);

/* False: it is no such message. quote points into bytes. */
bool gn_sim_icmp_read(const uint8_t *bytes, size_t len, gn_sim_icmp *message);

#endif
