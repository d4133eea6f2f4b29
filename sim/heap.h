/*
 * heap.h: what is still to happen, earliest first.
 *
 * Ordered by (time, class, sequence): at one instant the lower class goes
 * first, and within a class the entry that was put in first. There are no
 * ties, so the order never depends on the shape of the heap. O(log n).
 */
#ifndef GN_SIM_HEAP_H
#define GN_SIM_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Also the order at one instant: the world changes before datagrams move, and timers come last. */
typedef enum gn_sim_class {
    GN_SIM_CLASS_SCENARIO, /* what: the event's number in the scenario */
    GN_SIM_CLASS_TRANSMIT, /* what: the link whose serialiser is free */
    GN_SIM_CLASS_ARRIVAL,  /* what: the packet */
    GN_SIM_CLASS_HOST,     /* what: the host whose timer is due */
    GN_SIM_CLASS_APP,      /* what: the host whose application waits */
    GN_SIM_CLASS_HELD,     /* what: the packet that was held back before its link */
    GN_SIM_CLASS_CROSS,    /* what: the cross flow whose turn it is */
    GN_SIM_CLASS_READ,     /* what: the host whose CPU is free again */
    GN_SIM_CLASS_RESUME,   /* what: the client that goes on to its second connection */
    GN_SIM_CLASSES
} gn_sim_class;

typedef struct gn_sim_entry {
    uint64_t at_us;
    uint64_t order; /* class in the top byte, sequence below */
    void *what;
} gn_sim_entry;

/* Invariant: each entry is not earlier than its parent (index - 1) / 4. Memory grows as needed. */
typedef struct gn_sim_heap {
    gn_sim_entry *entries;
    size_t count;
    size_t cap;
    uint64_t sequence;
} gn_sim_heap;

void gn_sim_heap_init(gn_sim_heap *heap);
void gn_sim_heap_free(gn_sim_heap *heap);

void gn_sim_heap_push(gn_sim_heap *heap, uint64_t at_us, gn_sim_class class, void *what);

/* Takes the earliest entry out. False when there is none. */
bool gn_sim_heap_pop(gn_sim_heap *heap, gn_sim_entry *out);

static inline gn_sim_class
gn_sim_entry_class(const gn_sim_entry *entry)
{
    return (gn_sim_class)(entry->order >> 56);
}

#endif
