/*
 * gn_wolf.c: see gn_wolf.h.
 */
#include "gn_wolf.h"

#include <string.h>

static __thread uint8_t seed_bytes[GN_WOLF_SEED_MAX];
static __thread size_t seed_at;
static __thread size_t seed_end;
static __thread int64_t time_unix_ms;

static void
seed_wipe(size_t from, size_t to)
{
    volatile uint8_t *bytes = seed_bytes;

    for (size_t i = from; i < to; i++) {
        bytes[i] = 0;
    }
}

int
gn_wolf_set_seed(const uint8_t *seed, size_t len)
{
    if (len > GN_WOLF_SEED_MAX) {
        return -1;
    }
    seed_wipe(0, GN_WOLF_SEED_MAX);
    memcpy(seed_bytes, seed, len);
    seed_at = 0;
    seed_end = len;
    return 0;
}

void
gn_wolf_clear_seed(void)
{
    seed_wipe(0, GN_WOLF_SEED_MAX);
    seed_at = 0;
    seed_end = 0;
}

size_t
gn_wolf_seed_left(void)
{
    return seed_end - seed_at;
}

void
gn_wolf_set_time(int64_t unix_ms)
{
    time_unix_ms = unix_ms;
}

int64_t
gn_wolf_time(void)
{
    return time_unix_ms;
}

int
gn_wolf_draw_seed(unsigned char *out, unsigned int len)
{
    if (len > gn_wolf_seed_left()) {
        return -1;
    }
    memcpy(out, seed_bytes + seed_at, len);
    seed_wipe(seed_at, seed_at + len);
    seed_at += len;
    return 0;
}
