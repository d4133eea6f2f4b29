/*
 * bench_codec.c: how fast a packet's header and frames are read. See bench_packets.h.
 */
#include "base/assert.h"
#include "base/reader.h"
#include "tools/bench_packets.h"
#include "wire/ack_iter.h"
#include "wire/frame.h"
#include "wire/header_read.h"

/* The ranges of an ACK are walked, as whoever gets the frame has to. */
static uint64_t
ranges_read(const gn_frame_ack *ack)
{
    gn_ack_iter it = gn_ack_iter_over(ack);
    gn_range range;
    uint64_t sum = 0;

    while (gn_ack_iter_next(&it, &range))
        sum += range.to - range.from;
    return sum;
}

static uint64_t
packet_read(const gn_bench_packet *packet)
{
    gn_header header;
    gn_frame frame;
    gn_fault fault;
    uint64_t sum = 0;

    GN_ASSERT(gn_header_read(packet->bytes, packet->len, GN_BENCH_CID_BYTES, &header) == GN_OK);

    const size_t at = header.pn_at + GN_BENCH_PN_BYTES;
    gn_reader r = gn_reader_over(packet->bytes + at, header.packet_len - at);

    while (gn_reader_left(&r) > 0) {
        GN_ASSERT(gn_frame_read(&r, &frame, &fault) == GN_OK);
        sum += 1 + frame.type;
        if (frame.type == GN_FRAME_ACK)
            sum += ranges_read(&frame.as.ack);
    }
    return sum;
}

int
main(int argc, char **argv)
{
    return gn_bench_packets_main(argc, argv, packet_read);
}
