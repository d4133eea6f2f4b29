/*
 * bench_codec.c: how fast a packet's header and frames are read.
 *
 * usage: bench_codec [ROUNDS [NAME]]
 *
 * Each round reads the header and all frames of one unprotected 1-RTT packet
 * of 1200 bytes. Prints "name nanoseconds" of CPU time a packet, a line each;
 * with 0 rounds everything but the reading is done, so that instruction counts
 * of two runs can be subtracted.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/assert.h"
#include "base/writer.h"
#include "wire/frame.h"
#include "wire/header_read.h"

#define CODEC_ROUNDS 1000000
#define CODEC_BYTES 1200
#define CODEC_CID_BYTES 8
#define CODEC_PN_BYTES 2

typedef struct codec_packet {
    const char *name;
    uint8_t bytes[CODEC_BYTES];
    size_t len;
} codec_packet;

/* The short header: its fixed bit, an ID, a packet number. */
static gn_writer
packet_begin(codec_packet *packet, const char *name)
{
    gn_writer w = gn_writer_over(packet->bytes, sizeof packet->bytes);

    packet->name = name;
    GN_ASSERT(gn_writer_u8(&w, GN_HEADER_FIXED) == GN_OK);
    GN_ASSERT(gn_writer_fill(&w, 0x5a, CODEC_CID_BYTES + CODEC_PN_BYTES) == GN_OK);
    return w;
}

/* What a bulk transfer sends: one STREAM frame up to the end. */
static void
packet_of_data(codec_packet *packet)
{
    gn_writer w = packet_begin(packet, "stream");
    const size_t overhead = gn_frame_stream_overhead(0, 1 << 20, CODEC_BYTES, true);
    const size_t len = gn_writer_left(&w) - overhead;

    GN_ASSERT(gn_frame_stream_write_header(&w, 0, 1 << 20, len, true, false) == GN_OK);
    GN_ASSERT(gn_writer_fill(&w, 'x', len) == GN_OK);
    packet->len = w.at;
}

/* Small frames of many kinds: what costs a reader most. */
static void
packet_of_many(codec_packet *packet)
{
    gn_writer w = packet_begin(packet, "mixed");
    const gn_frame frames[] = {
        {.type = GN_FRAME_PING},
        {.type = GN_FRAME_MAX_DATA, .as.credit = {.limit = 1 << 24}},
        {.type = GN_FRAME_MAX_STREAM_DATA, .as.credit = {.id = 4, .limit = 1 << 20}},
        {.type = GN_FRAME_RETIRE_CONNECTION_ID, .as.retire_connection_id = {.seq = 3}},
        {.type = GN_FRAME_PATH_CHALLENGE},
        {.type = GN_FRAME_RESET_STREAM,
         .as.reset_stream = {.id = 8, .error_code = 1, .final_size = 100000}},
    };
    size_t at = 0;

    while (gn_writer_left(&w) >= gn_frame_size(&frames[at])) {
        GN_ASSERT(gn_frame_write(&w, &frames[at]) == GN_OK);
        at = (at + 1) % (sizeof frames / sizeof frames[0]);
    }
    packet->len = w.at;
}

/* Reads the packet whole; what comes back depends on every frame. */
static uint64_t
packet_read(const codec_packet *packet)
{
    gn_header header;
    gn_frame frame;
    gn_fault fault;
    uint64_t sum = 0;

    GN_ASSERT(gn_header_read(packet->bytes, packet->len, CODEC_CID_BYTES, &header) == GN_OK);

    const size_t at = header.pn_at + CODEC_PN_BYTES;
    gn_reader r = gn_reader_over(packet->bytes + at, packet->len - at);

    while (gn_reader_left(&r) > 0) {
        GN_ASSERT(gn_frame_read(&r, &frame, &fault) == GN_OK);
        sum += frame.type;
    }
    return sum;
}

int
main(int argc, char **argv)
{
    static codec_packet packets[2];
    const unsigned long rounds = argc > 1 ? strtoul(argv[1], NULL, 10) : CODEC_ROUNDS;
    uint64_t sum = 0;

    packet_of_data(&packets[0]);
    packet_of_many(&packets[1]);
    for (size_t i = 0; i < sizeof packets / sizeof packets[0]; i++) {
        if (argc > 2 && strcmp(argv[2], packets[i].name) != 0)
            continue;

        const clock_t before = clock();

        for (unsigned long round = 0; round < rounds; round++)
            sum += packet_read(&packets[i]);

        const double spent = (double)(clock() - before) / CLOCKS_PER_SEC;

        if (rounds > 0)
            (void)printf("%s %.1f\n", packets[i].name, spent * 1e9 / (double)rounds);
    }
    GN_ASSERT(rounds == 0 || sum > 0);
    return 0;
}
