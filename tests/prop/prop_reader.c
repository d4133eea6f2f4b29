/*
 * prop_reader.c: a reader takes what an index into the bytes would show, and
 * nothing at all where that would run past the end.
 *
 * The first byte says how many of the rest are read from; then each byte of
 * the whole input is an operation, until the input ends.
 */
#include "base/reader.h"
#include "prop.h"

/* The number in size bytes, network order, one bit at a time. */
static uint64_t
number(const uint8_t *p, size_t size)
{
    uint64_t value = 0;

    for (size_t bit = 0; bit < 8 * size; bit++)
        value = value << 1 | ((unsigned)p[bit / 8] >> (7 - bit % 8) & 1u);
    return value;
}

/* Reads a number of 1, 2, 4 or 8 bytes; *value keeps what it had where the reader left it. */
static gn_err
read_number(gn_reader *r, size_t size, uint64_t *value)
{
    uint8_t a = (uint8_t)*value;
    uint16_t b = (uint16_t)*value;
    uint32_t c = (uint32_t)*value;
    gn_err err = GN_OK;

    switch (size) {
    case 1:
        err = gn_reader_u8(r, &a);
        *value = a;
        break;
    case 2:
        err = gn_reader_u16(r, &b);
        *value = b;
        break;
    case 4:
        err = gn_reader_u32(r, &c);
        *value = c;
        break;
    default: err = gn_reader_u64(r, value); break;
    }
    return err;
}

static bool
check_number(gn_reader *r, size_t size, size_t at, bool fits)
{
    uint64_t value = 0x5a;
    const gn_err err = read_number(r, size, &value);

    if (!fits)
        return err == GN_ERR_SHORT && value == 0x5a;
    return err == GN_OK && value == number(r->base + at, size);
}

static bool
check_run(gn_reader *r, unsigned verb, size_t n, size_t at, bool fits)
{
    uint8_t out[256];
    gn_span span = {.ptr = out, .len = 999};
    gn_err err = GN_OK;

    switch (verb) {
    case 0: err = gn_reader_skip(r, n); break;
    case 1:
        err = gn_reader_bytes(r, n, &span);
        if (fits ? span.ptr != r->base + at || span.len != n : span.ptr != out || span.len != 999)
            return false;
        break;
    default:
        gn_bytes_fill(out, 0x5a, sizeof out);
        err = gn_reader_copy(r, out, n);
        for (size_t i = 0; i < sizeof out; i++)
            if (out[i] != (fits && i < n ? r->base[at + i] : 0x5a))
                return false;
        break;
    }
    return err == (fits ? GN_OK : GN_ERR_SHORT);
}

bool
gn_prop_reader(const uint8_t *bytes, size_t len)
{
    if (len < 1)
        return true;
    const size_t n = bytes[0] < len - 1 ? bytes[0] : len - 1;
    gn_reader r = gn_reader_over(bytes + 1, n);
    size_t at = 0;

    for (size_t i = 0; i < len; i++) {
        const unsigned verb = bytes[i] % 8;
        const size_t wants = verb < 4 ? (size_t)1 << verb : bytes[i] / 8u;
        const bool fits = at + wants <= n;
        const bool good =
            verb < 4 ? check_number(&r, wants, at, fits) : check_run(&r, verb % 3, wants, at, fits);
        if (fits)
            at += wants;
        if (!good || r.at != at || r.len != n || gn_reader_left(&r) != n - at)
            return false;
    }
    return true;
}
