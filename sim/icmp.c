/*
 * icmp.c: see icmp.h.
 */
#include "sim/icmp.h"

#include <string.h>

#define ICMP_UNREACHABLE 3
#define ICMP_TOO_BIG 4
#define ICMP_IP_AT 8
#define ICMP_UDP_AT 28
#define ICMP_IP_UDP 17
#define ICMP_IP_ADDRESS_AT 12 /* in an address of 16 bytes */

static void
icmp_put(uint8_t *at, uint32_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static uint32_t
icmp_get(const uint8_t *at)
{
    return (uint32_t)at[0] << 8 | at[1];
}

/* RFC 1071 1: the ones' complement of the sum of all 16-bit words; len is even or a 0 follows. */
static uint32_t
icmp_checksum(const uint8_t *bytes, size_t len)
{
    uint32_t sum = 0;

    for (size_t i = 0; i < len; i++)
        sum += i % 2 == 0 ? (uint32_t)bytes[i] << 8 : bytes[i];
    while (sum > 0xffff)
        sum = (sum & 0xffff) + (sum >> 16);
    return ~sum & 0xffff;
}

size_t
gn_sim_icmp_write(const gn_sim_icmp *message, uint8_t out[GN_SIM_ICMP_BYTES_MAX])
{
    const size_t room = GN_SIM_ICMP_BYTES_MAX - GN_SIM_ICMP_HEAD_BYTES;
    const size_t quote_len = message->quote_len < room ? message->quote_len : room;
    const size_t len = GN_SIM_ICMP_HEAD_BYTES + quote_len;
    uint8_t *ip = out + ICMP_IP_AT;
    uint8_t *udp = out + ICMP_UDP_AT;

    memset(out, 0, GN_SIM_ICMP_HEAD_BYTES);
    out[0] = ICMP_UNREACHABLE;
    out[1] = ICMP_TOO_BIG;
    icmp_put(out + 6, message->mtu_bytes);
    ip[0] = 0x45;
    icmp_put(ip + 2, message->packet_bytes);
    ip[6] = 0x40; /* don't fragment */
    ip[8] = 64;
    ip[9] = ICMP_IP_UDP;
    memcpy(ip + 12, message->source.ip + ICMP_IP_ADDRESS_AT, 4);
    memcpy(ip + 16, message->destination.ip + ICMP_IP_ADDRESS_AT, 4);
    icmp_put(udp, message->source.port);
    icmp_put(udp + 2, message->destination.port);
    icmp_put(udp + 4, message->packet_bytes - 20);
    memcpy(out + GN_SIM_ICMP_HEAD_BYTES, message->quote, quote_len);
    icmp_put(out + 2, icmp_checksum(out, len));
    return len;
}

bool
gn_sim_icmp_read(const uint8_t *bytes, size_t len, gn_sim_icmp *message)
{
    if (len < GN_SIM_ICMP_HEAD_BYTES || bytes[0] != ICMP_UNREACHABLE || bytes[1] != ICMP_TOO_BIG ||
        icmp_checksum(bytes, len) != 0 || bytes[ICMP_IP_AT] != 0x45 ||
        bytes[ICMP_IP_AT + 9] != ICMP_IP_UDP)
        return false;

    const uint8_t *ip = bytes + ICMP_IP_AT;
    const uint8_t *udp = bytes + ICMP_UDP_AT;

    *message = (gn_sim_icmp){
        .source = gn_sim_address_v4(ip[12], ip[13], ip[14], ip[15], (uint16_t)icmp_get(udp)),
        .destination =
            gn_sim_address_v4(ip[16], ip[17], ip[18], ip[19], (uint16_t)icmp_get(udp + 2)),
        .mtu_bytes = icmp_get(bytes + 6),
        .packet_bytes = icmp_get(ip + 2),
        .quote = bytes + GN_SIM_ICMP_HEAD_BYTES,
        .quote_len = len - GN_SIM_ICMP_HEAD_BYTES,
    };
    return true;
}
