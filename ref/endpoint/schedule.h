/*
 * schedule.h: whose deadline comes first, among all connections of an endpoint.
 *
 * A binary heap in memory that the caller lends. Each connection, by its
 * slot, is in it at most once; changing a deadline costs the logarithm of
 * the number of connections. Equal deadlines go by slot, so that the order
 * depends on nothing else.
 */
#ifndef GN_ENDPOINT_SCHEDULE_H
#define GN_ENDPOINT_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/time.h"

/* Not in the heap. */
#define GN_SCHEDULE_NOWHERE UINT32_MAX

typedef struct gn_schedule_entry {
    gn_time at;
    uint32_t slot;
    uint32_t reserved;
} gn_schedule_entry;

/*
 * heap has room for every slot; place[slot] says where in the heap it is.
 * Invariant: heap[i] is not before its parent, place[heap[i].slot] == i.
 */
typedef struct gn_schedule {
    gn_schedule_entry *heap;
    uint32_t *place;
    uint32_t *count;
} gn_schedule;

/* Empties the heap of so many slots. */
void gn_schedule_init(gn_schedule s, uint32_t slots);

/* Sets the deadline of a slot; GN_NEVER takes it out. */
void gn_schedule_set(gn_schedule s, uint32_t slot, gn_time at);

/* The first deadline, GN_NEVER when there is none; its slot in *slot. */
gn_time gn_schedule_first(gn_schedule s, uint32_t *slot);

/* Whether the invariant holds. */
bool gn_schedule_check(gn_schedule s);

#endif
