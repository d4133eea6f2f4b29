/*
 * prop_datagrams_in.c: datagrams come out as they went in, in order and whole; a page is held only
 * while something in it is unread; what is refused leaves no trace.
 *
 * The first byte chooses the number of slots; every further pair is an operation.
 */
#include "prop.h"
#include "stream/datagrams_in.h"
#include "tests/support/streams.h"

enum { SEATS = 4096 };

static gn_test_pools pools;
static uint32_t lens[SEATS];

static uint32_t
length_of(uint8_t byte)
{
    return byte < 128 ? byte / 8 : byte == 255 ? GN_DATAGRAM_MAX : byte * 5u;
}

bool
gn_prop_datagrams_in(const uint8_t *bytes, size_t len)
{
    uint32_t in = 0;
    uint32_t out = 0;
    gn_datagrams_in q;
    gn_span got;

    if (len == 0)
        return true;
    gn_test_pools_init(&pools, bytes[0] % 24, 0);
    const gn_slots chunks = gn_test_pools_chunks(&pools);
    gn_datagrams_in_init(&q);
    for (size_t i = 1; i + 2 <= len && in < SEATS; i += 2) {
        const uint32_t held = chunks.pool->used;
        if (bytes[i] % 3 > 0) {
            lens[in] = length_of(bytes[i + 1]);
            if (gn_datagrams_in_push(&q, chunks, gn_test_stream_bytes(in, 0, lens[in])))
                in++;
            else if (chunks.pool->used != held ||
                     (q.pages < GN_DATAGRAMS_IN_PAGES && gn_slots_left(chunks) > GN_CHUNKS_SPARE))
                return false;
        } else if (gn_datagrams_in_pop(&q, chunks, &got) != (out < in)) {
            return false;
        } else if (out < in) {
            if (got.len != lens[out] || !gn_test_stream_equal(out, 0, got))
                return false;
            out++;
        }
        if (!gn_datagrams_in_check(&q, chunks) || chunks.pool->used != q.pages ||
            (q.pages == 0) != (in == out))
            return false;
    }
    gn_datagrams_in_wipe(&q, chunks);
    return chunks.pool->used == 0;
}
