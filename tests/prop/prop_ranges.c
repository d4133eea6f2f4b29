/*
 * prop_ranges.c: a set of ranges holds what a plain array of flags would, and
 * is full exactly when the flags have more runs than it has room.
 *
 * The first byte chooses where in the numbers to work; then three bytes are an
 * operation and the stretch that it is about.
 */
#include <string.h>

#include "base/ranges.h"
#include "prop.h"

/* Enough numbers for twice as many runs as there is room for. */
enum { NUMBERS = 4 * GN_RANGES_MAX };

typedef struct model {
    uint64_t base; /* the number that the first flag stands for */
    bool in[NUMBERS + 1];
} model;

static uint32_t
model_runs(const model *m)
{
    uint32_t runs = 0;

    for (size_t i = 0; i < NUMBERS; i++)
        runs += m->in[i] && !m->in[i + 1];
    return runs;
}

static bool
same(const gn_ranges *set, const model *m)
{
    uint64_t end = 0;

    for (size_t i = 0; i < NUMBERS; i++) {
        if (gn_ranges_has(set, m->base + i) != m->in[i])
            return false;
        if (m->in[i])
            end = m->base + i + 1;
    }
    return gn_ranges_check(set) && set->count == model_runs(m) && gn_ranges_end(set) == end;
}

/* Adds or cuts; when the runs become too many, both must stay as they were. */
static bool
change(gn_ranges *set, model *m, bool in, size_t from, size_t to)
{
    const gn_ranges before = *set;
    model after = *m;

    for (size_t i = from; i < to; i++)
        after.in[i] = in;
    const bool fits = model_runs(&after) <= GN_RANGES_MAX;
    const gn_err err = in ? gn_ranges_add(set, m->base + from, m->base + to)
                          : gn_ranges_cut(set, m->base + from, m->base + to);
    if (!fits)
        return err == GN_ERR_FULL && memcmp(set, &before, sizeof before) == 0;
    *m = after;
    return err == GN_OK;
}

static void
drop_first(gn_ranges *set, model *m)
{
    size_t i = 0;

    if (set->count == 0)
        return;
    while (!m->in[i])
        i++;
    for (; m->in[i]; i++)
        m->in[i] = false;
    gn_ranges_drop_first(set);
}

static void
cut_below(gn_ranges *set, model *m, size_t limit)
{
    for (size_t i = 0; i < limit; i++)
        m->in[i] = false;
    gn_ranges_cut_below(set, m->base + limit);
}

static bool
covers(const gn_ranges *set, const model *m, size_t from, size_t to)
{
    bool all = true;

    for (size_t i = from; i < to; i++)
        all = all && m->in[i];
    return gn_ranges_covers(set, m->base + from, m->base + to) == all;
}

static bool
apply(gn_ranges *set, model *m, const uint8_t op[3])
{
    const unsigned verb = op[0] % 8;
    /* Mostly short stretches, for many runs; now and then a long one, to merge them. */
    const size_t most = op[0] >= 248 ? NUMBERS : 3;
    const size_t from = op[1] % NUMBERS;
    const size_t some = op[2] % (most + 1);
    const size_t to = some < NUMBERS - from ? from + some : NUMBERS;

    switch (verb) {
    case 0: return change(set, m, false, from, to);
    case 1: return covers(set, m, from, to);
    case 2:
        if (op[2] >= 224)
            cut_below(set, m, from / 4);
        return true;
    case 3:
        if (op[2] >= 192)
            drop_first(set, m);
        return true;
    default: return change(set, m, true, from, to);
    }
}

bool
gn_prop_ranges(const uint8_t *bytes, size_t len)
{
    static const uint64_t bases[] = {0, 1, UINT64_C(0x3fffffffffffffff), UINT64_MAX - NUMBERS};
    gn_ranges set;
    model m = {0};

    if (len < 1)
        return true;
    m.base = bases[bytes[0] % 4];
    gn_ranges_init(&set);
    for (size_t i = 1; i + 3 <= len; i += 3)
        if (!apply(&set, &m, bytes + i) || !same(&set, &m))
            return false;
    return true;
}
