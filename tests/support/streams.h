/*
 * streams.h: pools for streams and chunks in static memory, and bytes that know their place.
 */
#ifndef GN_TESTS_SUPPORT_STREAMS_H
#define GN_TESTS_SUPPORT_STREAMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/chunks.h"
#include "base/pool.h"
#include "base/span.h"
#include "stream/stream.h"
#include "stream/stream_set.h"

enum { GN_TEST_CHUNKS_MAX = 96, GN_TEST_STREAMS_MAX = 96 };

typedef struct gn_test_pools {
    gn_pool chunk_pool;
    gn_pool stream_pool;
    gn_chunk chunk[GN_TEST_CHUNKS_MAX];
    gn_stream stream[GN_TEST_STREAMS_MAX];
} gn_test_pools;

/* Pools of so many, within the maxima above, all free; memory is filled with rubbish. */
void gn_test_pools_init(gn_test_pools *p, uint32_t chunks, uint32_t streams);

/* The pools as the library takes them. */
gn_slots gn_test_pools_chunks(gn_test_pools *p);
gn_stream_pools gn_test_pools_both(gn_test_pools *p);

/* The byte at off of the data that tests send on stream id. */
uint8_t gn_test_stream_byte(uint64_t id, uint64_t off);

/* The first len bytes from off on: at most 64 KB, in memory that the next call uses again. */
gn_span gn_test_stream_bytes(uint64_t id, uint64_t off, size_t len);

/* Are these the bytes from off on? */
bool gn_test_stream_equal(uint64_t id, uint64_t off, gn_span bytes);

#endif
