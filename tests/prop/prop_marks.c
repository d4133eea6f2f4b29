/*
 * prop_marks.c: a set of marks holds what a plain array of flags would, refuses exactly when it
 * has no room, stretched never holds less than it was told, and keeps a chunk only while it
 * needs one.
 *
 * The first byte says whether there is a chunk to grow into; then three bytes are an operation
 * and the stretch that it is about.
 */
#include <string.h>

#include "prop.h"
#include "stream/marks.h"
#include "tests/support/streams.h"

enum { NUMBERS = 4 * GN_RANGES_MAX };

typedef struct model {
    bool in[NUMBERS + 1];
} model;

static gn_test_pools pools;

static uint32_t
model_runs(const model *m)
{
    uint32_t runs = 0;

    for (size_t i = 0; i < NUMBERS; i++)
        runs += m->in[i] && !m->in[i + 1];
    return runs;
}

static void
model_set(model *m, size_t from, size_t to, bool in)
{
    for (size_t i = from; i < to; i++)
        m->in[i] = in;
}

/* What the set says of every stretch that begins somewhere and ends at the top. */
static bool
same(const gn_marks *s, gn_slots chunks, const model *m)
{
    for (size_t i = 0; i < NUMBERS; i++) {
        gn_range hole = {.from = NUMBERS, .to = NUMBERS};
        gn_range range = {.from = NUMBERS, .to = NUMBERS};
        size_t out = i;
        size_t in = i;

        while (out < NUMBERS && m->in[out])
            out++;
        while (in < NUMBERS && !m->in[in])
            in++;
        if (gn_marks_hole(s, chunks, i, NUMBERS, &hole) != (out < NUMBERS) || hole.from != out)
            return false;
        if (gn_marks_find(s, chunks, i, &range) != (in < NUMBERS))
            return false;
        if (in < NUMBERS && (range.to <= i || range.from > in || m->in[range.to]))
            return false;
        if (hole.from < hole.to && hole.to < NUMBERS && !m->in[hole.to])
            return false;
    }
    return gn_marks_check(s, chunks) && gn_marks_empty(s) == (model_runs(m) == 0) &&
           chunks.pool->used == (model_runs(m) > 1 ? 1 : 0);
}

static bool
room_for(const model *m, const gn_slots chunks)
{
    const uint32_t runs = model_runs(m);

    return runs <= 1 || (runs <= GN_RANGES_MAX && chunks.pool->slots > GN_CHUNKS_SPARE);
}

static bool
add(gn_marks *s, gn_slots chunks, model *m, size_t from, size_t to)
{
    model after = *m;
    uint32_t takes = 7;

    model_set(&after, from, to, true);
    const gn_err fits = gn_marks_fits(s, chunks, from, to, &takes);
    const bool foreseen =
        fits == GN_OK && (takes == 0 || takes + GN_CHUNKS_SPARE <= gn_slots_left(chunks));
    if (foreseen != room_for(&after, chunks))
        return false;
    const gn_err err = gn_marks_add(s, chunks, from, to);
    if ((err == GN_OK) != foreseen || (err != GN_OK && err != GN_ERR_FULL))
        return false;
    if (err == GN_OK)
        *m = after;
    return true;
}

static bool
add_wide(gn_marks *s, gn_slots chunks, model *m, size_t from, size_t to)
{
    model after = *m;
    gn_range hole;

    model_set(&after, from, to, true);
    const bool exact = room_for(&after, chunks);
    gn_marks_add_wide(s, chunks, from, to);
    if (exact) {
        *m = after;
        return true;
    }
    /* Stretched: nothing is missing, and from here on the set is what it is. */
    model wide;
    memset(&wide, 0, sizeof wide);
    model_set(&wide, 0, NUMBERS, true);
    for (uint64_t at = 0; gn_marks_hole(s, chunks, at, NUMBERS, &hole); at = hole.to)
        model_set(&wide, (size_t)hole.from, (size_t)hole.to, false);
    for (size_t i = 0; i < NUMBERS; i++)
        if (after.in[i] && !wide.in[i])
            return false;
    *m = wide;
    return true;
}

static bool
cut(gn_marks *s, gn_slots chunks, model *m, size_t from, size_t to)
{
    model after = *m;

    model_set(&after, from, to, false);
    const gn_err err = gn_marks_cut(s, chunks, from, to);
    if (err != (room_for(&after, chunks) ? GN_OK : GN_ERR_FULL))
        return false;
    if (err == GN_OK)
        *m = after;
    return true;
}

bool
gn_prop_marks(const uint8_t *bytes, size_t len)
{
    gn_marks s;
    model m;

    if (len == 0)
        return true;
    gn_test_pools_init(&pools, GN_CHUNKS_SPARE + bytes[0] % 2, 0);
    const gn_slots chunks = gn_test_pools_chunks(&pools);
    gn_marks_init(&s);
    memset(&m, 0, sizeof m);
    for (size_t i = 1; i + 2 < len; i += 3) {
        const size_t from = bytes[i + 1] % NUMBERS;
        const size_t span = 1 + bytes[i + 2] % 5;
        const size_t to = from + span < NUMBERS ? from + span : NUMBERS;
        bool good = true;

        if (bytes[i] < 140)
            good = add(&s, chunks, &m, from, to);
        else if (bytes[i] < 160)
            good = add_wide(&s, chunks, &m, from, to);
        else if (bytes[i] < 240)
            good = cut(&s, chunks, &m, from, to);
        else {
            gn_marks_cut_below(&s, chunks, from / 2);
            model_set(&m, 0, from / 2, false);
        }
        if (!good || !same(&s, chunks, &m))
            return false;
    }
    gn_marks_wipe(&s, chunks);
    return gn_marks_empty(&s) && chunks.pool->used == 0;
}
