/*
 * prop_writer.c: a writer leaves the bytes that plain stores would, and
 * touches nothing where they would run past the end.
 *
 * The first byte says how much room there is; every further byte is an
 * operation, its values drawn from the input around it.
 */
#include <string.h>

#include "base/writer.h"
#include "prop.h"

enum { ROOM = 256 };

/* What the next size bytes should be: value's, network order, by repeated division. */
static void
store(uint8_t *p, uint64_t value, size_t size)
{
    for (size_t i = size; i > 0; i--) {
        p[i - 1] = (uint8_t)(value % 256);
        value /= 256;
    }
}

static gn_err
write_number(gn_writer *w, size_t size, uint64_t value)
{
    switch (size) {
    case 1: return gn_writer_u8(w, (uint8_t)value);
    case 2: return gn_writer_u16(w, (uint16_t)value);
    case 4: return gn_writer_u32(w, (uint32_t)value);
    default: return gn_writer_u64(w, value);
    }
}

/* One operation on both; whether the writer said what it should. */
static bool
apply(gn_writer *w, uint8_t *model, size_t at, size_t cap, const uint8_t *op, size_t left)
{
    const unsigned verb = op[0] % 6;
    const size_t run = op[0] / 6u < left ? op[0] / 6u : left;
    const size_t wants = verb < 4 ? (size_t)1 << verb : run;
    const bool fits = at + wants <= cap;
    uint64_t value = 0;
    gn_err err = GN_OK;

    for (size_t i = 0; i < 8 && i < left; i++)
        value = value * 251 + op[i];
    if (verb < 4) {
        err = write_number(w, wants, value);
        if (fits)
            store(model + at, value, wants);
    } else if (verb == 4) {
        err = gn_writer_bytes(w, op, run);
        for (size_t i = 0; fits && i < run; i++)
            model[at + i] = op[i];
    } else {
        err = gn_writer_fill(w, op[0], run);
        for (size_t i = 0; fits && i < run; i++)
            model[at + i] = op[0];
    }
    return err == (fits ? GN_OK : GN_ERR_FULL) && w->at == (fits ? at + wants : at);
}

bool
gn_prop_writer(const uint8_t *bytes, size_t len)
{
    uint8_t out[ROOM];
    uint8_t model[ROOM];

    if (len < 1)
        return true;
    memset(out, 0x5a, sizeof out);
    memset(model, 0x5a, sizeof model);
    gn_writer w = gn_writer_over(out, bytes[0]);

    for (size_t i = 1; i < len; i++) {
        if (!apply(&w, model, w.at, bytes[0], bytes + i, len - i))
            return false;
        if (memcmp(out, model, sizeof out) != 0 || gn_writer_left(&w) != bytes[0] - w.at)
            return false;
    }
    return true;
}
