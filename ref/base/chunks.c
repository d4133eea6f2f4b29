/*
 * chunks.c: see chunks.h.
 */
#include "base/chunks.h"

#include "base/assert.h"

uint32_t
gn_chunks_take(gn_slots chunks, uint64_t base_off, uint32_t next)
{
    GN_ASSERT(base_off % GN_CHUNK_BYTES == 0);

    const uint32_t at = gn_slots_take(chunks);
    if (at == GN_POOL_NONE)
        return GN_POOL_NONE;

    gn_chunk *chunk = gn_chunks_at(chunks, at);
    //@ assert apart: \separated(chunk, chunks.pool);
    chunk->base_off = base_off;
    chunk->next = next;
    chunk->reserved = 0;
    /*@ assert size: chunks.pool->slot_bytes == \at(chunks.pool->slot_bytes, Pre) &&
          chunks.pool->slots == \at(chunks.pool->slots, Pre); */
    //@ assert counts: pool_ok(chunks.pool);
    //@ assert memory: pool_memory(chunks.pool, chunks.base);
    //@ assert ok: chunks_ok(chunks);
    //@ assert where: chunk == chunk_at(chunks, at);
    return at;
}

uint32_t
gn_chunks_give(gn_slots chunks, uint32_t at)
{
    const uint32_t next = gn_chunks_at(chunks, at)->next;

    gn_slots_give(chunks, at);
    return next;
}

void
gn_chunks_give_all(gn_slots chunks, uint32_t head)
{
    while (head != GN_POOL_NONE)
        head = gn_chunks_give(chunks, head);
}
