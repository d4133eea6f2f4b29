/*
 * bench_packets.c: see bench_packets.h.
 */
#include "tools/bench_packets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/assert.h"
#include "base/writer.h"
#include "wire/frame.h"
#include "wire/header_write.h"
#include "wire/version.h"

#define BENCH_ROUNDS 1000000

enum { STREAM, USUAL, INITIAL, MIXED, PACKETS };

/* The short header: its fixed bit, an ID, a packet number. */
static gn_writer
packet_begin(gn_bench_packet *packet, const char *name)
{
    gn_writer w = gn_writer_over(packet->bytes, sizeof packet->bytes);

    packet->name = name;
    GN_ASSERT(gn_writer_u8(&w, GN_HEADER_FIXED | (GN_BENCH_PN_BYTES - 1)) == GN_OK);
    GN_ASSERT(gn_writer_fill(&w, 0x5a, GN_BENCH_CID_BYTES + GN_BENCH_PN_BYTES) == GN_OK);
    return w;
}

/* A STREAM frame up to the end. */
static void
packet_end(gn_bench_packet *packet, gn_writer *w)
{
    const size_t room = gn_writer_left(w);
    const size_t len = room - gn_frame_stream_overhead(0, 1 << 20, room, true);

    GN_ASSERT(gn_frame_stream_write_header(w, 0, 1 << 20, len, true, false) == GN_OK);
    GN_ASSERT(gn_writer_fill(w, 'x', len) == GN_OK);
    packet->len = w->at;
}

/* An ACK of four ranges. */
static void
put_ack(gn_writer *w)
{
    gn_ranges received;

    gn_ranges_init(&received);
    for (uint64_t i = 0; i < 4; i++)
        GN_ASSERT(gn_ranges_add(&received, 1000 + 20 * i, 1000 + 20 * i + 3 * (i + 1)) == GN_OK);
    GN_ASSERT(gn_frame_ack_write(w, &received, 400, NULL, 4) == GN_OK);
}

/* What a bulk transfer sends. */
static void
packet_of_data(gn_bench_packet *packet)
{
    gn_writer w = packet_begin(packet, "stream");

    packet_end(packet, &w);
}

/* What both ends of a transfer send: an ACK, new limits, data. */
static void
packet_of_transfer(gn_bench_packet *packet)
{
    gn_writer w = packet_begin(packet, "usual");
    const gn_frame data = {.type = GN_FRAME_MAX_DATA, .as.credit = {.limit = 1 << 24}};
    const gn_frame one = {.type = GN_FRAME_MAX_STREAM_DATA,
                          .as.credit = {.id = 4, .limit = 1 << 20}};

    put_ack(&w);
    GN_ASSERT(gn_frame_write(&w, &data) == GN_OK && gn_frame_write(&w, &one) == GN_OK);
    packet_end(packet, &w);
}

/* What a handshake sends: a long header with a token, an ACK, CRYPTO, PADDING. */
static void
packet_of_handshake(gn_bench_packet *packet)
{
    gn_writer w = gn_writer_over(packet->bytes, sizeof packet->bytes);
    static const uint8_t some[300];
    const gn_cid cid = gn_cid_from(some, GN_BENCH_CID_BYTES);
    const gn_frame crypto = {.type = GN_FRAME_CRYPTO,
                             .as.crypto = {.data = gn_span_of(some, sizeof some)}};
    size_t length_at = 0;

    packet->name = "initial";
    packet->is_long = true;
    GN_ASSERT(gn_header_write_long(&w, GN_PACKET_INITIAL, GN_VERSION_1, &cid, &cid,
                                   gn_span_of(some, 64), 7, GN_BENCH_PN_BYTES,
                                   &length_at) == GN_OK);
    put_ack(&w);
    GN_ASSERT(gn_frame_write(&w, &crypto) == GN_OK);
    GN_ASSERT(gn_writer_fill(&w, 0, gn_writer_left(&w)) == GN_OK);
    gn_header_write_length(&w, length_at, w.at - length_at - GN_HEADER_LENGTH_BYTES);
    packet->len = w.at;
}

/* Small frames of many kinds: what costs a reader most. */
static void
packet_of_many(gn_bench_packet *packet)
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

static void
packet_print(const gn_bench_packet *packet)
{
    (void)printf("%s ", packet->name);
    for (size_t i = 0; i < packet->len; i++)
        (void)printf("%02x", packet->bytes[i]);
    (void)printf("\n");
}

static uint64_t
packet_time(const gn_bench_packet *packet, gn_bench_read *read, unsigned long rounds)
{
    const clock_t before = clock();
    uint64_t sum = 0;

    for (unsigned long round = 0; round < rounds; round++)
        sum += read(packet);

    const double spent = (double)(clock() - before) / CLOCKS_PER_SEC;

    if (rounds > 0)
        (void)printf("%s %.1f\n", packet->name, spent * 1e9 / (double)rounds);
    return sum;
}

int
gn_bench_packets_main(int argc, char **argv, gn_bench_read *read)
{
    static gn_bench_packet packets[PACKETS];
    const char *what = argc > 1 ? argv[1] : "";
    const unsigned long rounds = argc > 1 ? strtoul(what, NULL, 10) : BENCH_ROUNDS;
    uint64_t sum = 0;

    packet_of_data(&packets[STREAM]);
    packet_of_transfer(&packets[USUAL]);
    packet_of_handshake(&packets[INITIAL]);
    packet_of_many(&packets[MIXED]);
    for (size_t i = 0; i < PACKETS; i++) {
        if (strcmp(what, "--packets") == 0)
            packet_print(&packets[i]);
        else if (strcmp(what, "--sums") == 0)
            (void)printf("%s %llu\n", packets[i].name, (unsigned long long)read(&packets[i]));
        else if (argc < 3 || strcmp(argv[2], packets[i].name) == 0)
            sum += packet_time(&packets[i], read, rounds);
    }
    GN_ASSERT(rounds == 0 || sum > 0);
    return 0;
}
