/*
 * bench_ngtcp2.c: the same packets read by ngtcp2, for comparison. See bench_packets.h.
 *
 * Headers go through the public ngtcp2_pkt_decode_hd_long and _hd_short. For
 * frames there is no public call; ngtcp2_pkt_decode_frame is what the library
 * itself uses, and its archive, unlike its shared object, lets us call it. It
 * fills a union that no installed header declares, of which only the first
 * byte, the type, is looked at here.
 */
#include <ngtcp2/ngtcp2.h>

#include "base/assert.h"
#include "tools/bench_packets.h"

/* Larger than any frame of the library, the ranges of an ACK included. */
#define FRAME_BYTES 4096

ngtcp2_ssize ngtcp2_pkt_decode_frame(void *dest, const uint8_t *payload, size_t payloadlen);

static uint64_t
packet_read(const gn_bench_packet *packet)
{
    static _Alignas(16) uint8_t frame[FRAME_BYTES];
    ngtcp2_pkt_hd header;
    uint64_t sum = 0;

    const ngtcp2_ssize head =
        packet->is_long
            ? ngtcp2_pkt_decode_hd_long(&header, packet->bytes, packet->len)
            : ngtcp2_pkt_decode_hd_short(&header, packet->bytes, packet->len, GN_BENCH_CID_BYTES);
    GN_ASSERT(head > 0);

    const uint8_t *at = packet->bytes + head + GN_BENCH_PN_BYTES;
    const uint8_t *end = packet->bytes + packet->len;

    while (at < end) {
        const ngtcp2_ssize taken = ngtcp2_pkt_decode_frame(frame, at, (size_t)(end - at));

        GN_ASSERT(taken > 0);
        sum += 1 + (uint64_t)frame[0];
        at += taken;
    }
    return sum;
}

int
main(int argc, char **argv)
{
    return gn_bench_packets_main(argc, argv, packet_read);
}
