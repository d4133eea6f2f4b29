/*
 * prop_recv_buf.c: a receive buffer delivers what an array would that keeps the first byte
 * written to each place, refuses only for want of room, and then changes nothing.
 *
 * The first byte chooses the number of chunks; every further four are an operation. Bytes of
 * each write are their own, so that it shows which of two overlapping writes was kept.
 */
#include <string.h>

#include "prop.h"
#include "stream/recv_buf.h"
#include "tests/support/streams.h"

enum { STREAM_MAX = 1 << 16 };

static gn_test_pools pools;
static gn_recv_buf b;
static uint8_t value[STREAM_MAX];
static bool here[STREAM_MAX];

static bool
write_at(gn_slots chunks, uint64_t off, size_t len, uint8_t mark)
{
    static uint8_t bytes[4096];
    const gn_recv_buf before = b;
    const uint32_t used = chunks.pool->used;

    memset(bytes, mark, len);
    const gn_err fits = gn_recv_buf_fits(&b, chunks, off, len);
    if (memcmp(&before, &b, sizeof b) != 0 || chunks.pool->used != used)
        return false;
    const gn_err err = gn_recv_buf_write(&b, chunks, off, bytes, len);
    if (err != fits)
        return false;
    if (err != GN_OK)
        return err == GN_ERR_FULL && memcmp(&before, &b, sizeof b) == 0 &&
               chunks.pool->used == used;
    for (uint64_t i = off; i < off + len; i++) {
        if (!here[i])
            value[i] = mark;
        here[i] = true;
    }
    return true;
}

static bool
read_some(gn_slots chunks, size_t most)
{
    uint64_t end = b.read_off;
    gn_span bytes;

    while (end < STREAM_MAX && here[end])
        end++;
    if (gn_recv_buf_ready(&b) != end - b.read_off)
        return false;
    if (!gn_recv_buf_peek(&b, chunks, &bytes))
        return end == b.read_off;
    if (bytes.len == 0 || bytes.len > end - b.read_off ||
        memcmp(bytes.ptr, value + b.read_off, bytes.len) != 0)
        return false;

    /* Consuming may span chunks, as long as it can be read. */
    const uint64_t ready = end - b.read_off;
    gn_recv_buf_consume(&b, chunks, ready < most ? ready : most);
    return true;
}

/* A final size is taken exactly when nothing lies beyond it and none other is known. */
static bool
end_at(uint64_t size)
{
    gn_fault fault = {.wire_code = 99};
    const bool fine =
        size >= b.high_off && (b.final_size == GN_RECV_SIZE_UNKNOWN || b.final_size == size);
    const gn_err err = gn_recv_buf_judge(&b, size, true, 8, &fault);

    if (fine != (err == GN_OK) || (fine ? fault.wire_code != 99 : fault.wire_code != 6))
        return false;
    if (fine)
        gn_recv_buf_set_final(&b, size);
    return true;
}

bool
gn_prop_recv_buf(const uint8_t *bytes, size_t len)
{
    if (len == 0)
        return true;
    gn_test_pools_init(&pools, bytes[0] % 40, 0);
    const gn_slots chunks = gn_test_pools_chunks(&pools);
    gn_recv_buf_init(&b);
    memset(here, 0, sizeof here);
    for (size_t i = 1; i + 3 < len; i += 4) {
        const uint64_t off = (b.read_off + bytes[i + 1] * 131u + bytes[i + 2] % 7) % STREAM_MAX;
        uint64_t n = bytes[i + 2] * 9u;
        bool good = true;

        if (bytes[i] < 170) {
            const uint64_t top = b.final_size < STREAM_MAX ? b.final_size : STREAM_MAX;
            const uint64_t from = bytes[i] < 60 ? b.have_off : off;
            if (from > top)
                continue;
            n = n < top - from ? n : top - from;
            good = write_at(chunks, from, (size_t)n, bytes[i + 3]);
        } else if (bytes[i] < 250) {
            good = read_some(chunks, (size_t)n * 2);
        } else {
            good = end_at(off);
        }
        if (!good || !gn_recv_buf_check(&b, chunks))
            return false;
    }
    gn_recv_buf_wipe(&b, chunks);
    return chunks.pool->used == 0 && gn_recv_buf_check(&b, chunks);
}
