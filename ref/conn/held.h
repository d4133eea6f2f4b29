/*
 * held.h: packets that came before their keys, kept until those come (RFC 9001 4.1.4, 5.7).
 *
 * Nothing of them is known to be authentic: a packet held changes nothing but
 * what is held. The slots belong to the whole endpoint, each for one packet,
 * which bounds packets and bytes; and no connection may have more than a few,
 * so that one cannot take them all.
 *
 * How it is used:
 *   1. gn_held_push instead of dropping a packet
 *   2. when keys have come: gn_held_pop each, read it again, and give its slot back
 *   3. gn_held_wipe at the end
 */
#ifndef GN_CONN_HELD_H
#define GN_CONN_HELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/limits.h"
#include "base/slots.h"
#include "base/time.h"
#include "gnomon.h"

/* Of one connection; the first flight of a server is about four packets. */
#define GN_HELD_MAX 8

/* A packet as it came. It begins with the link of the list. */
typedef struct gn_held_packet {
    uint32_t next; /* the one that came after it, or GN_POOL_NONE */
    uint16_t len;
    uint8_t ecn; /* gn_mark */
    uint8_t reserved;
    gn_time at; /* when it came: its acknowledgement tells how long it waited (RFC 9000 13.2.5) */
    gn_route route;
    uint8_t host[16];
    uint8_t bytes[GN_DATAGRAM_MAX];
} gn_held_packet;

/* Those of one connection, oldest first. */
typedef struct gn_held {
    uint32_t head; /* GN_POOL_NONE: none */
    uint32_t tail;
    uint32_t count;
} gn_held;

void gn_held_init(gn_held *held);

/*
 * Keeps a copy of len bytes of this datagram. False: they are held already, or
 * there is no room for them.
 */
bool gn_held_push(gn_held *held, gn_slots slots, const gn_datagram *datagram, const uint8_t *bytes,
                  size_t len, gn_time now);

/* Takes the oldest out; its slot is the caller's to give back or to return. GN_POOL_NONE: none. */
uint32_t gn_held_pop(gn_held *held, gn_slots slots);

/* Puts a packet that was popped behind all others. */
void gn_held_return(gn_held *held, gn_slots slots, uint32_t at);

static inline gn_held_packet *
gn_held_at(gn_slots slots, uint32_t at)
{
    return gn_slots_at(slots, at);
}

/* Gives all slots back. May be repeated. */
void gn_held_wipe(gn_held *held, gn_slots slots);

/* Whether the invariant holds: so many packets in the list, none longer than a datagram. */
bool gn_held_check(const gn_held *held, gn_slots slots);

#endif
