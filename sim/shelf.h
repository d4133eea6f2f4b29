/*
 * shelf.h: where the scenarios lie that come with the simulator.
 */
#ifndef GN_SIM_SHELF_H
#define GN_SIM_SHELF_H

#include <stdbool.h>
#include <stddef.h>

#define GN_SIM_SHELF_PATH_BYTES 1024

/*
 * The directory: the one the environment variable GNOMON_SCENARIOS names,
 * else scenarios/ or sim/scenarios/ beside or above the executable, else
 * sim/scenarios/ or scenarios/ here. False: there is none.
 */
bool gn_sim_shelf_directory(char path[GN_SIM_SHELF_PATH_BYTES]);

/*
 * What the user means by name: a name with a slash or a dot is a path and taken as
 * it is, any other stands for NAME.yaml on the shelf. False: no such file.
 */
bool gn_sim_shelf_find(const char *name, char path[GN_SIM_SHELF_PATH_BYTES]);

/* Calls on_name for every scenario, in alphabetical order; returns how many. */
size_t gn_sim_shelf_each(void (*on_name)(const char *name, const char *path));

#endif
