/*
 * chunks.h: fixed-size pieces of memory for byte streams, chained by index.
 *
 * A chunk is one slot of the endpoint's chunk pool. It carries the stream
 * offset of its first byte and the slot of the next chunk, so that a chain
 * is known by the index of its head alone and may have holes. What a chunk's
 * bytes hold when it is taken is whatever the last owner left there: nobody
 * may read a byte that was not written first.
 */
#ifndef GN_BASE_CHUNKS_H
#define GN_BASE_CHUNKS_H

#include <stddef.h>
#include <stdint.h>

#include "base/limits.h"
#include "base/pool.h"
#include "base/slots.h"

typedef struct gn_chunk {
    uint64_t base_off; /* stream offset of bytes[0], a multiple of GN_CHUNK_BYTES */
    uint32_t next;     /* the chunk after this one, or GN_POOL_NONE */
    uint32_t reserved;
    uint8_t bytes[GN_CHUNK_BYTES];
} gn_chunk;

/*
 * chunks_ok: the slots are large enough. chunk_in: the bytes of a slot seen as a
 * chunk. chunk_at: the chunk in slot at.
 */
/*@
  axiomatic chunks {
    logic gn_chunk *chunk_in(uint8_t *slot) reads \nothing;
  }
  predicate chunks_ok{L}(gn_slots s) = slots_ok(s) && s.pool->slot_bytes >= sizeof(gn_chunk);
  logic gn_chunk *chunk_at{L}(gn_slots s, integer at) =
    chunk_in(s.base + pool_slot(at, s.pool->slot_bytes));
*/

/* The offset at which the chunk holding offset off begins. */
/*@
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result % GN_CHUNK_BYTES == 0 && \result <= off < \result + GN_CHUNK_BYTES;
*/
static inline uint64_t
gn_chunks_base(uint64_t off)
{
    return off - off % GN_CHUNK_BYTES;
}

/* The chunk in slot at, which must have been taken. */
/*@
  requires chunks_ok(chunks) && at < chunks.pool->fresh;
  terminates \true; exits \false;
  assigns \nothing;
  ensures where: \result == chunk_at(chunks, at);
  ensures there: \valid(\result) && \separated(\result, chunks.pool);
*/
static inline gn_chunk *
gn_chunks_at(gn_slots chunks, uint32_t at)
{
    return gn_slots_at(chunks, at);
}

/* A chunk for offsets from base_off on, linked to next; GN_POOL_NONE when the pool is empty. */
/*@
  requires chunks_ok(chunks) && pool_linked(chunks.pool, chunks.base);
  requires counted: pool_counted(chunks.pool);
  requires base_off % GN_CHUNK_BYTES == 0;
  terminates \true; exits \false;
  assigns chunks.pool->free_head, chunks.pool->fresh, chunks.pool->used, chunks.pool->peak;
  assigns *chunk_at(chunks, pool_next(chunks.pool));
  ensures ok: chunks_ok(chunks);
  ensures none: \result == GN_POOL_NONE ==> chunks.pool->used == \old(chunks.pool->used);
  ensures some: \result != GN_POOL_NONE ==>
    \result < chunks.pool->fresh && chunks.pool->used == \old(chunks.pool->used) + 1;
  ensures begun: \result != GN_POOL_NONE ==>
    chunk_at(chunks, \result)->base_off == base_off && chunk_at(chunks, \result)->next == next;
*/
uint32_t gn_chunks_take(gn_slots chunks, uint64_t base_off, uint32_t next);

/* Gives one chunk back and says which one followed it. */
/*@
  requires chunks_ok(chunks) && chunks.pool->used > 0 && at < chunks.pool->fresh;
  terminates \true; exits \false;
  assigns chunks.pool->free_head, chunks.pool->used;
  assigns chunks.base[pool_slot(at, chunks.pool->slot_bytes) ..
    pool_slot(at, chunks.pool->slot_bytes) + 3];
  ensures ok: chunks_ok(chunks) && pool_linked(chunks.pool, chunks.base);
  ensures counted: pool_counted(chunks.pool);
  ensures next: \result == \old(chunk_at(chunks, at)->next);
  ensures given: chunks.pool->used == \old(chunks.pool->used) - 1;
*/
uint32_t gn_chunks_give(gn_slots chunks, uint32_t at);

/* Gives a whole chain back. head may be GN_POOL_NONE. */
void gn_chunks_give_all(gn_slots chunks, uint32_t head);

#endif
