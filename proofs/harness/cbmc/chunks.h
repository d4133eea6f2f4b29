/*
 * chunks.h: what harnesses of the stream buffers share: the slots of owned.h, any bytes that a
 * stream has, and where in it the window of a harness begins: a few bytes before a chunk ends.
 *
 * Which includes it says first how many bytes it looks at (WINDOW), and how many in one go (LEN).
 */
#ifndef GN_PROOFS_BOUNDED_CHUNKS_H
#define GN_PROOFS_BOUNDED_CHUNKS_H

#include "proofs/harness/cbmc/bounded.h"

#include "stream/owned.h"

bool bounded_taken[BOUNDED_SLOTS];
gn_chunk bounded_chunk_0;
gn_chunk bounded_chunk_1;
gn_chunk bounded_chunk_2;
gn_chunk bounded_chunk_3;
gn_chunk bounded_chunk_4;
gn_ranges bounded_ranges[BOUNDED_SLOTS];

static uint8_t stream[WINDOW];
uint64_t bounded_start;
static uint32_t others;

/* A pool of which others have taken any number of slots, and a stream whose bytes nobody knows. */
static inline gn_pool
any_chunks(void)
{
    __CPROVER_havoc_object(&bounded_chunk_0);
    __CPROVER_havoc_object(&bounded_chunk_1);
    __CPROVER_havoc_object(&bounded_chunk_2);
    __CPROVER_havoc_object(&bounded_chunk_3);
    __CPROVER_havoc_object(&bounded_chunk_4);
    __CPROVER_havoc_object(bounded_ranges);
    __CPROVER_havoc_object(stream);
    bounded_start = 2 * GN_CHUNK_BYTES - any_below(LEN);
    others = any_below(BOUNDED_SLOTS + 1);
    return (gn_pool){.slots = BOUNDED_SLOTS, .used = others, .free_head = GN_POOL_NONE};
}

#endif
