/*
 * prop_recv_gaps.c: bytes delivered as they come are those that an array would hold that keeps the
 * first byte written to each place, each of them once, and what was delivered costs no chunks.
 *
 * The first byte chooses the number of chunks; every further four are an operation. Bytes of each
 * write are their own, so that it shows which of two overlapping writes was kept.
 */
#include <string.h>

#include "base/chunks.h"
#include "prop.h"
#include "stream/recv_gaps.h"
#include "tests/support/streams.h"

enum { STREAM_MAX = 1 << 16 };

static gn_test_pools pools;
static gn_recv_buf b;
static gn_marks came;
static uint8_t value[STREAM_MAX];
static enum { NEVER, HERE, TOLD } fate[STREAM_MAX];

static bool
write_at(gn_slots chunks, uint64_t off, size_t len, uint8_t mark)
{
    static uint8_t bytes[4096];
    gn_range hole;

    memset(bytes, mark, len);
    const gn_err err = gn_recv_gaps_write(&b, &came, chunks, off, bytes, len);
    /* Refused: those that fitted are there nevertheless, and marks say which. */
    uint64_t end = off + len;
    if (err != GN_OK) {
        if (err != GN_ERR_FULL || !gn_marks_hole(&came, chunks, off, end, &hole))
            return false;
        end = hole.from;
    }
    for (uint64_t i = off; i < end; i++) {
        if (fate[i] != NEVER)
            continue;
        value[i] = mark;
        fate[i] = HERE;
    }
    return true;
}

static bool
tell_some(gn_slots chunks, size_t most)
{
    uint64_t lowest = 0;
    uint64_t off;
    gn_span bytes;

    while (lowest < STREAM_MAX && fate[lowest] != HERE)
        lowest++;
    if (gn_recv_gaps_any(&b) != (lowest < STREAM_MAX))
        return false;
    if (!gn_recv_gaps_peek(&b, chunks, &off, &bytes))
        return lowest == STREAM_MAX;
    if (off != lowest || bytes.len == 0 || memcmp(bytes.ptr, value + off, bytes.len) != 0)
        return false;
    const size_t n = bytes.len < most ? bytes.len : most;
    for (uint64_t i = off; i < off + n; i++) {
        if (fate[i] != HERE)
            return false;
        fate[i] = TOLD;
    }
    gn_recv_gaps_consume(&b, &came, chunks, n);
    return true;
}

/* Chunks are held for bytes that wait, and two more at most for the offsets. */
static bool
chunks_right(gn_slots chunks)
{
    uint32_t waiting = 0;

    for (uint64_t base = 0; base < STREAM_MAX; base += GN_CHUNK_BYTES) {
        bool any = false;
        for (uint64_t i = base; i < base + GN_CHUNK_BYTES && i < STREAM_MAX; i++)
            any = any || fate[i] == HERE;
        waiting += any ? 1 : 0;
    }
    /* The chunk read from last may stay while others wait. */
    return chunks.pool->used <= waiting + 3 && (waiting > 0 || chunks.pool->used <= 1);
}

static bool
complete_right(gn_slots chunks)
{
    uint64_t end = 0;

    while (end < STREAM_MAX && fate[end] != NEVER)
        end++;
    gn_recv_buf_set_final(&b, b.high_off);
    return gn_recv_gaps_complete(&b, &came, chunks) == (end >= b.high_off);
}

bool
gn_prop_recv_gaps(const uint8_t *bytes, size_t len)
{
    if (len == 0)
        return true;
    gn_test_pools_init(&pools, bytes[0] % 40, 0);
    const gn_slots chunks = gn_test_pools_chunks(&pools);
    gn_recv_buf_init(&b);
    gn_marks_init(&came);
    memset(fate, 0, sizeof fate);
    for (size_t i = 1; i + 3 < len; i += 4) {
        const uint64_t off = (b.read_off + bytes[i + 1] * 131u + bytes[i + 2] % 7) % STREAM_MAX;
        const uint64_t from = bytes[i] < 60 ? b.have_off : off;
        uint64_t n = bytes[i + 2] * 9u;

        n = n < STREAM_MAX - from ? n : STREAM_MAX - from;
        if (!(bytes[i] < 150 ? write_at(chunks, from, (size_t)n, bytes[i + 3])
                             : tell_some(chunks, (size_t)bytes[i + 2] * 18)))
            return false;
        if (!gn_recv_buf_check(&b, chunks) || !gn_recv_gaps_check(&b, &came, chunks) ||
            !chunks_right(chunks))
            return false;
    }
    if (!complete_right(chunks))
        return false;
    gn_recv_buf_wipe(&b, chunks);
    gn_marks_wipe(&came, chunks);
    return chunks.pool->used == 0;
}
