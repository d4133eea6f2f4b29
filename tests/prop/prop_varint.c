/*
 * prop_varint.c: a value that was read can be written, in the same size to the
 * same bytes, and in the least size as no more bytes; and is read again as
 * itself. What cannot be read is short, and leaves everything alone.
 */
#include "prop.h"
#include "wire/varint.h"

static bool
writes_again(uint64_t value, const uint8_t *bytes, size_t size)
{
    uint8_t again[GN_VARINT_BYTES_MAX];
    gn_writer w = gn_writer_over(again, sizeof again);

    if (gn_varint_write_sized(&w, value, size) != GN_OK || w.at != size)
        return false;
    if (!gn_bytes_equal(again, bytes, size))
        return false;

    w.at = 0;
    if (gn_varint_write(&w, value) != GN_OK || w.at != gn_varint_size(value) || w.at > size)
        return false;
    gn_reader r = gn_reader_over(again, w.at);
    uint64_t same = ~value;
    return gn_varint_read(&r, &same) == GN_OK && same == value && r.at == w.at;
}

bool
gn_prop_varint(const uint8_t *bytes, size_t len)
{
    gn_reader r = gn_reader_over(bytes, len);

    for (;;) {
        const size_t start = r.at;
        gn_reader twin = r;
        uint64_t value = UINT64_MAX;
        uint64_t same = UINT64_MAX;
        const gn_err err = gn_varint_read(&r, &value);

        if (gn_varint_read_any(&twin, &same) != err || twin.at != r.at || same != value)
            return false;
        if (err != GN_OK) {
            const size_t told = start < len ? (size_t)1 << (bytes[start] >> 6) : 1;
            return err == GN_ERR_SHORT && r.at == start && value == UINT64_MAX &&
                   told > len - start;
        }
        if (value > GN_VARINT_MAX || !writes_again(value, bytes + start, r.at - start))
            return false;
    }
}
