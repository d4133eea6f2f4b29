/*
 * streams.c: see streams.h.
 */
#include "tests/support/streams.h"

#include <string.h>

#include "base/assert.h"

void
gn_test_pools_init(gn_test_pools *p, uint32_t chunks, uint32_t streams)
{
    GN_ASSERT(chunks <= GN_TEST_CHUNKS_MAX && streams <= GN_TEST_STREAMS_MAX);
    memset(p, 0xa5, sizeof *p);
    gn_pool_init(&p->chunk_pool, chunks, sizeof(gn_chunk));
    gn_pool_init(&p->stream_pool, streams, sizeof(gn_stream));
}

gn_slots
gn_test_pools_chunks(gn_test_pools *p)
{
    return (gn_slots){.pool = &p->chunk_pool, .base = (uint8_t *)p->chunk};
}

gn_stream_pools
gn_test_pools_both(gn_test_pools *p)
{
    return (gn_stream_pools){
        .streams = {.pool = &p->stream_pool, .base = (uint8_t *)p->stream},
        .chunks = gn_test_pools_chunks(p),
    };
}

uint8_t
gn_test_stream_byte(uint64_t id, uint64_t off)
{
    const uint64_t x = (off + 1) * UINT64_C(0x9e3779b97f4a7c15) + id * UINT64_C(0xbf58476d1ce4e5b9);

    return (uint8_t)((x >> 56) ^ (x >> 24));
}

gn_span
gn_test_stream_bytes(uint64_t id, uint64_t off, size_t len)
{
    static uint8_t bytes[1 << 16];

    GN_ASSERT(len <= sizeof bytes);
    for (size_t i = 0; i < len; i++)
        bytes[i] = gn_test_stream_byte(id, off + i);
    return gn_span_of(bytes, len);
}

bool
gn_test_stream_equal(uint64_t id, uint64_t off, gn_span bytes)
{
    for (size_t i = 0; i < bytes.len; i++)
        if (bytes.ptr[i] != gn_test_stream_byte(id, off + i))
            return false;
    return true;
}
