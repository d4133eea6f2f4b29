/*
 * world.c: see world.h.
 */
#include "sim/world.h"

void
gn_sim_world_init(gn_sim_world *world, uint64_t limit_us, uint32_t zeno_events)
{
    *world = (gn_sim_world){.limit_us = limit_us,
                            .zeno_events = zeno_events != 0 ? zeno_events : GN_SIM_ZENO_EVENTS};
    gn_sim_heap_init(&world->heap);
}

void
gn_sim_world_free(gn_sim_world *world)
{
    gn_sim_heap_free(&world->heap);
}

void
gn_sim_world_at(gn_sim_world *world, uint64_t at_us, gn_sim_class class, void *what)
{
    gn_sim_heap_push(&world->heap, at_us < world->now_us ? world->now_us : at_us, class, what);
}

gn_sim_step
gn_sim_world_next(gn_sim_world *world, gn_sim_entry *out)
{
    gn_sim_entry entry;

    if (world->heap.count == 0)
        return GN_SIM_STEP_EMPTY;
    if (world->heap.entries[0].at_us > world->limit_us)
        return GN_SIM_STEP_LATE;
    if (!gn_sim_heap_pop(&world->heap, &entry))
        return GN_SIM_STEP_EMPTY;
    world->here = entry.at_us == world->now_us ? world->here + 1 : 1;
    world->now_us = entry.at_us;
    world->events++;
    if (world->here > world->zeno_events)
        return GN_SIM_STEP_ZENO;
    *out = entry;
    return GN_SIM_STEP_GO;
}
