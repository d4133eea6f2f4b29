/*
 * packet_pool.c: see packet_pool.h.
 */
#include "sim/packet_pool.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"

/* Bytes of datagram a slot of each class holds. */
static const size_t pool_room[GN_SIM_PACKET_CLASSES] = {64, 256, 1280, 1536, 65536};

/* About so many bytes are allocated at a time; a block has at least one slot. */
#define POOL_BLOCK_BYTES 65536

/* In front of the slots of a block; as large as the strictest alignment. */
typedef union pool_block {
    void *before;
    max_align_t align;
} pool_block;

void
gn_sim_packet_pool_init(gn_sim_packet_pool *pool)
{
    *pool = (gn_sim_packet_pool){0};
}

void
gn_sim_packet_pool_free(gn_sim_packet_pool *pool)
{
    pool_block *block = pool->blocks;

    while (block != NULL) {
        pool_block *before = block->before;

        free(block);
        block = before;
    }
    *pool = (gn_sim_packet_pool){0};
}

static size_t
pool_slot_bytes(size_t class)
{
    const size_t bytes = offsetof(gn_sim_packet, bytes) + pool_room[class];

    return (bytes + 15) / 16 * 16;
}

static void
pool_grow(gn_sim_packet_pool *pool, size_t class)
{
    const size_t slot = pool_slot_bytes(class);
    const size_t count = POOL_BLOCK_BYTES / slot + 1;
    const size_t bytes = sizeof(pool_block) + count * slot;
    pool_block *block = malloc(bytes);

    GN_ASSERT(block != NULL);
    block->before = pool->blocks;
    pool->blocks = block;
    pool->allocated_bytes += bytes;
    for (size_t i = count; i-- > 0;) {
        gn_sim_packet *packet = (gn_sim_packet *)(void *)((uint8_t *)(block + 1) + i * slot);

        packet->next = pool->free_list[class];
        pool->free_list[class] = packet;
    }
}

gn_sim_packet *
gn_sim_packet_pool_take(gn_sim_packet_pool *pool, size_t len)
{
    size_t class = 0;

    while (class < GN_SIM_PACKET_CLASSES && len > pool_room[class])
        class ++;
    GN_ASSERT(class < GN_SIM_PACKET_CLASSES);
    if (pool->free_list[class] == NULL)
        pool_grow(pool, class);

    gn_sim_packet *packet = pool->free_list[class];

    pool->free_list[class] = packet->next;
    memset(packet, 0, sizeof *packet);
    packet->len = (uint32_t)len;
    packet->size_class = (uint8_t) class;
    pool->used++;
    if (pool->used > pool->peak)
        pool->peak = pool->used;
    return packet;
}

void
gn_sim_packet_pool_give(gn_sim_packet_pool *pool, gn_sim_packet *packet)
{
    GN_ASSERT(pool->used > 0 && packet->size_class < GN_SIM_PACKET_CLASSES);
    pool->used--;
    packet->next = pool->free_list[packet->size_class];
    pool->free_list[packet->size_class] = packet;
}

gn_sim_packet *
gn_sim_packet_pool_copy(gn_sim_packet_pool *pool, const gn_sim_packet *packet)
{
    gn_sim_packet *copy = gn_sim_packet_pool_take(pool, packet->len);

    memcpy(copy, packet, offsetof(gn_sim_packet, bytes) + packet->len);
    copy->next = NULL;
    return copy;
}
