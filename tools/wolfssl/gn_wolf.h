/*
 * gn_wolf.h: the seed and the time that wolfSSL sees, handed in by the caller.
 *
 * Our build of wolfSSL asks no operating system for anything: what it would
 * ask for it finds here. Both values belong to the calling thread. How to use:
 *
 *   1. gn_wolf_set_time, before every call that may look at a clock
 *      (loading certificates, making contexts, driving a handshake);
 *   2. gn_wolf_set_seed, then wolfSSL_Init, wolfSSL_CTX_new or wolfSSL_new,
 *      then gn_wolf_clear_seed. Each generator made in between takes
 *      GN_WOLF_SEED_BYTES of the seed, in order, and is independent of
 *      everything else from then on.
 *
 * Where no seed is left, making a generator fails; nothing is made up.
 */
#ifndef GN_WOLF_H
#define GN_WOLF_H

#include <stddef.h>
#include <stdint.h>

/* What one generator takes: 4 bytes for its self-test, 32 of entropy, a nonce of 16. */
#define GN_WOLF_SEED_BYTES 52

/* The longest seed that can be waiting: enough for four generators. */
#define GN_WOLF_SEED_MAX (4 * GN_WOLF_SEED_BYTES)

/*
 * Keeps a copy of `len` bytes for this thread, in place of what was left
 * before. Returns 0, or -1 when len > GN_WOLF_SEED_MAX (nothing is changed).
 *
 * The bytes must be unpredictable wherever the handshake is to be secret, and
 * no 4 bytes of them may equal the 4 before (wolfSSL's test of its source).
 */
int gn_wolf_set_seed(const uint8_t *seed, size_t len);

/* Wipes what is left of this thread's seed. */
void gn_wolf_clear_seed(void);

/* The bytes of this thread's seed that nobody has taken yet. */
size_t gn_wolf_seed_left(void);

/* Sets this thread's time, in milliseconds since 1970-01-01 UTC; it stands until set again. */
void gn_wolf_set_time(int64_t unix_ms);

/* This thread's time; 0 until it is set. wolfSSL calls it. */
int64_t gn_wolf_time(void);

/* Moves `len` bytes of the seed to `out`: 0, or -1 when fewer are left. wolfSSL calls it. */
int gn_wolf_draw_seed(unsigned char *out, unsigned int len);

#endif
