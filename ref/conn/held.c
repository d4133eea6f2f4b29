/*
 * held.c: see held.h.
 */
#include "conn/held.h"

#include <string.h>

#include "base/assert.h"

void
gn_held_init(gn_held *held)
{
    *held = (gn_held){.head = GN_POOL_NONE, .tail = GN_POOL_NONE};
}

/* The network makes copies, and so may anybody: one is enough. */
static bool
held_has(const gn_held *held, gn_slots slots, const uint8_t *bytes, size_t len)
{
    uint32_t at = held->head;

    while (at != GN_POOL_NONE) {
        const gn_held_packet *packet = gn_held_at(slots, at);
        if (packet->len == len && memcmp(packet->bytes, bytes, len) == 0)
            return true;
        at = packet->next;
    }
    return false;
}

bool
gn_held_push(gn_held *held, gn_slots slots, const gn_datagram *datagram, const uint8_t *bytes,
             size_t len, gn_time now)
{
    if (len > GN_DATAGRAM_MAX || held->count == GN_HELD_MAX || held_has(held, slots, bytes, len))
        return false;
    const uint32_t at = gn_slots_take(slots);
    if (at == GN_POOL_NONE)
        return false;
    gn_held_packet *packet = gn_held_at(slots, at);
    packet->len = (uint16_t)len;
    packet->ecn = datagram->ecn;
    packet->at = now;
    packet->route = datagram->route;
    memcpy(packet->host, datagram->host, sizeof packet->host);
    memcpy(packet->bytes, bytes, len);
    gn_held_return(held, slots, at);
    return true;
}

uint32_t
gn_held_pop(gn_held *held, gn_slots slots)
{
    const uint32_t at = held->head;

    if (at == GN_POOL_NONE)
        return at;
    held->head = gn_held_at(slots, at)->next;
    held->count--;
    if (held->head == GN_POOL_NONE)
        held->tail = GN_POOL_NONE;
    GN_ASSERT((held->count == 0) == (held->head == GN_POOL_NONE));
    return at;
}

void
gn_held_return(gn_held *held, gn_slots slots, uint32_t at)
{
    GN_ASSERT(at != GN_POOL_NONE && held->count < GN_HELD_MAX);
    gn_held_at(slots, at)->next = GN_POOL_NONE;
    if (held->tail == GN_POOL_NONE)
        held->head = at;
    else
        gn_held_at(slots, held->tail)->next = at;
    held->tail = at;
    held->count++;
}

void
gn_held_wipe(gn_held *held, gn_slots slots)
{
    for (uint32_t at = gn_held_pop(held, slots); at != GN_POOL_NONE; at = gn_held_pop(held, slots))
        gn_slots_give(slots, at);
}

bool
gn_held_check(const gn_held *held, gn_slots slots)
{
    uint32_t at = held->head;
    uint32_t last = GN_POOL_NONE;
    uint32_t count = 0;

    for (; at != GN_POOL_NONE && count <= held->count; count++) {
        if (gn_held_at(slots, at)->len > GN_DATAGRAM_MAX)
            return false;
        last = at;
        at = gn_held_at(slots, at)->next;
    }
    return count == held->count && count <= GN_HELD_MAX && last == held->tail;
}
