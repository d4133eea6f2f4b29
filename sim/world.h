/*
 * world.h: virtual time: what happens next, and the guards that end a run that hangs.
 *
 * The clock only moves when an entry is taken out, and then to that entry's
 * moment. Two guards watch over it: too many entries at one instant (the run
 * chases its own tail, time stands still) and the end of the time allowed.
 */
#ifndef GN_SIM_WORLD_H
#define GN_SIM_WORLD_H

#include <stdint.h>

#include "sim/heap.h"

/* More than any burst that a real scenario makes at one microsecond, far below a second of work. */
#define GN_SIM_ZENO_EVENTS 100000

typedef enum gn_sim_step {
    GN_SIM_STEP_GO,    /* *out is the next thing */
    GN_SIM_STEP_EMPTY, /* nothing is left to happen */
    GN_SIM_STEP_LATE,  /* the next thing lies beyond the time limit */
    GN_SIM_STEP_ZENO   /* time has stood still for too many steps */
} gn_sim_step;

typedef struct gn_sim_world {
    gn_sim_heap heap;
    uint64_t now_us;
    uint64_t limit_us;
    uint64_t events;      /* taken out so far */
    uint32_t here;        /* of them, at this instant */
    uint32_t zeno_events; /* how many an instant may have */
} gn_sim_world;

/* zeno_events 0: GN_SIM_ZENO_EVENTS. */
void gn_sim_world_init(gn_sim_world *world, uint64_t limit_us, uint32_t zeno_events);
void gn_sim_world_free(gn_sim_world *world);

/* Something is to happen at a moment; one that has passed means now. */
void gn_sim_world_at(gn_sim_world *world, uint64_t at_us, gn_sim_class class, void *what);

/* Moves the clock to the next entry and gives it. */
gn_sim_step gn_sim_world_next(gn_sim_world *world, gn_sim_entry *out);

#endif
