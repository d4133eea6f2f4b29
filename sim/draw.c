/*
 * draw.c: see draw.h.
 */
#include "sim/draw.h"

#include <stdbool.h>
#include <string.h>

/* Bounds for rows that allow more than a run can take, by their names. */
typedef struct draw_range {
    const char *name;
    uint64_t min;
    uint64_t max;
    uint64_t step; /* 0: any; else only multiples */
} draw_range;

static const draw_range draw_ranges[] = {
    {"rate", 16000, 1000000000, 0}, /* bits a second; "unlimited" is the default */
    {"queue", 1500, 1000000, 0},
    {"window", 1000, 4000000, 0},
    {"stream_window", 1000, 4000000, 0},
    {"send_buffer", 1000, 1000000, 0},
    {"streams", 1, 64, 0},
    {"max_datagram", 1200, 1472, 0},
    {"mtu", 1228, 2000, 0},
    {"idle_timeout", 1000, 300000000, 1000},
    {"max_ack_delay", 0, 2000000, 1000},
    {"receive_time", 0, 20000, 0}, /* a CPU stays slow when the network heals */
    {"send_time", 0, 20000, 0},
    {"receive_queue", 8, 1000, 0},
    {"clock", 0, UINT64_C(1) << 40, 0}, /* certificates of real TLS do not live for ever */
    {"police_rate", 16000, 1000000000, 0},
    {"police_burst", 1500, 1000000, 0},
    {"suspend_every", 1000, 2000000, 0},
    {"pie_interval", 1000, 2000000, 0},
    {"dualq_interval", 1000, 2000000, 0},
    {"drop_run", 1, 40, 0},
    {"drop_every", 1, 1000, 0},
    {"drop_mask", 0, UINT64_MAX, 0},
    {"nat_lifetime", 0, 200000000, 0},
    {"keep_alive", 1000000, 200000000, 0},
    {"seal_limit", 0, 0, 0}, /* who may not seal, or open, any more has to close */
    {"open_limit", 0, 0, 0},
};

/* What a quantity of a kind may reach when nothing else is said. */
static uint64_t
draw_limit(gn_sim_value value)
{
    switch (value) {
    case GN_SIM_VALUE_DURATION: return 2000000;
    case GN_SIM_VALUE_RATE: return 1000000000;
    case GN_SIM_VALUE_BYTES: return 1000000;
    default: return 1000;
    }
}

static draw_range
draw_range_of(const gn_sim_key *key)
{
    draw_range range = {key->name, key->min, draw_limit(key->value), 0};

    for (size_t i = 0; i < sizeof draw_ranges / sizeof draw_ranges[0]; i++)
        if (strcmp(draw_ranges[i].name, key->name) == 0)
            range = draw_ranges[i];
    if (range.min < key->min)
        range.min = key->min;
    if (range.max > key->max)
        range.max = key->max;
    if (range.max < range.min)
        range.max = range.min;
    return range;
}

uint64_t
gn_sim_draw_number(gn_sim_prng *prng, uint64_t min, uint64_t max)
{
    const uint64_t room = max - min;
    const uint64_t lot = gn_sim_prng_below(prng, 8);
    uint32_t bits = 0;

    if (lot == 0 || room == 0)
        return min;
    if (lot == 1)
        return max;
    while (bits < 63 && room >> bits != 0)
        bits++;

    const uint64_t top = UINT64_C(1) << gn_sim_prng_below(prng, bits + 1);
    const uint64_t drawn = top / 2 + gn_sim_prng_below(prng, top - top / 2);

    return min + (drawn < room ? drawn : room);
}

static gn_sim_ratio
draw_ratio(gn_sim_prng *prng)
{
    static const gn_sim_ratio ratios[] = {{1, 1000}, {1, 200}, {1, 100}, {1, 50}, {1, 20}, {1, 10},
                                          {1, 5},    {1, 3},   {1, 2},   {9, 10}, {1, 1},  {0, 1}};

    return ratios[gn_sim_prng_below(prng, sizeof ratios / sizeof ratios[0])];
}

static void
draw_counts(gn_sim_prng *prng, const gn_sim_key *key, uint8_t *at)
{
    const uint64_t most = key->room < 4 ? key->room : 4;
    const uint64_t count = 1 + gn_sim_prng_below(prng, most);

    memcpy(at, &count, sizeof count);
    for (uint64_t i = 1; i <= count; i++) {
        const uint64_t number = gn_sim_draw_number(prng, key->min, key->min + 40);

        memcpy(at + i * sizeof number, &number, sizeof number);
    }
}

/* Rates that begin with the run, each a while after the one before. */
static void
draw_steps(gn_sim_prng *prng, const gn_sim_key *key, uint8_t *at)
{
    const uint64_t most = key->room < 6 ? key->room : 6;
    const uint64_t count = 1 + gn_sim_prng_below(prng, most);
    uint64_t step[2] = {0};

    memcpy(at, &count, sizeof count);
    for (uint64_t i = 0; i < count; i++) {
        step[1] = gn_sim_draw_number(prng, 16000, 1000000000);
        memcpy(at + sizeof count + i * sizeof step, step, sizeof step);
        step[0] += 1 + gn_sim_draw_number(prng, 0, 10000000);
    }
}

static uint64_t
draw_word(gn_sim_prng *prng, const gn_sim_key *key)
{
    uint64_t count = 0;

    while (key->words[count] != NULL)
        count++;
    return gn_sim_prng_below(prng, count);
}

static bool
draw_is_text(const gn_sim_key *key)
{
    return key->value == GN_SIM_VALUE_TEXT || key->value == GN_SIM_VALUE_TEXTS ||
           key->value == GN_SIM_VALUE_FILE;
}

void
gn_sim_draw_row(gn_sim_prng *prng, const gn_sim_key *key, void *base)
{
    uint8_t *at = (uint8_t *)base + key->offset;
    const draw_range range = draw_range_of(key);
    gn_sim_ratio ratio;
    uint64_t number;

    if (draw_is_text(key))
        return;
    switch (key->value) {
    case GN_SIM_VALUE_RATIO:
        ratio = draw_ratio(prng);
        memcpy(at, &ratio, sizeof ratio);
        return;
    case GN_SIM_VALUE_COUNTS: draw_counts(prng, key, at); return;
    case GN_SIM_VALUE_STEPS: draw_steps(prng, key, at); return;
    case GN_SIM_VALUE_WORD: number = draw_word(prng, key); break;
    case GN_SIM_VALUE_FLAG: number = gn_sim_prng_below(prng, 2); break;
    default:
        number = gn_sim_draw_number(prng, range.min, range.max);
        if (range.step != 0)
            number -= number % range.step;
        break;
    }
    memcpy(at, &number, sizeof number);
}

uint64_t
gn_sim_draw_mask(gn_sim_prng *prng, const gn_sim_keys *keys, gn_sim_ratio ratio)
{
    uint64_t mask = 0;

    for (size_t i = 0; i < keys->count; i++)
        if (gn_sim_prng_chance(prng, ratio) && !draw_is_text(&keys->rows[i]))
            mask |= UINT64_C(1) << i;
    return mask;
}

void
gn_sim_draw_rows(gn_sim_prng *prng, const gn_sim_keys *keys, uint64_t mask, gn_sim_ratio ratio,
                 void *base)
{
    for (size_t i = 0; i < keys->count; i++)
        if ((mask >> i & 1) != 0 && gn_sim_prng_chance(prng, ratio))
            gn_sim_draw_row(prng, &keys->rows[i], base);
}
