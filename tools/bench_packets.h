/*
 * bench_packets.h: the packets that codecs are timed with, and the clock around them.
 *
 * Every program that reads packets here reads the same ones in the same loop,
 * whoever's codec it has.
 */
#ifndef GN_TOOLS_BENCH_PACKETS_H
#define GN_TOOLS_BENCH_PACKETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GN_BENCH_BYTES 1200
#define GN_BENCH_CID_BYTES 8
#define GN_BENCH_PN_BYTES 2

/* One packet without protection. */
typedef struct gn_bench_packet {
    const char *name;
    uint8_t bytes[GN_BENCH_BYTES];
    size_t len;
    bool is_long;
} gn_bench_packet;

/* Reads a packet whole; what comes back depends on every frame. */
typedef uint64_t gn_bench_read(const gn_bench_packet *packet);

/*
 * PROGRAM [ROUNDS [NAME]]: prints "name nanoseconds", CPU time a packet, a line
 * each. With 0 rounds it does everything but read, so that the instruction
 * counts of two runs can be subtracted.
 * PROGRAM --packets: prints "name bytes" instead, in hexadecimal.
 * PROGRAM --sums: prints "name number", what reading each gives.
 */
int gn_bench_packets_main(int argc, char **argv, gn_bench_read *read);

#endif
