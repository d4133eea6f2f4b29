/*
 * sweep.h: the values that one field takes in a sweep, from "PATH=A..B/STEP" or "PATH=A,B,C".
 *
 * Numbers keep their units: loss=0%..5%/0.5%, delay=10ms..100ms/10ms. A number without a
 * unit has that of the end of its range. Everything is exact: decimals are counted in
 * their last place, so no value drifts. Each value becomes an override.
 */
#ifndef GN_SIM_SWEEP_H
#define GN_SIM_SWEEP_H

#include <stdbool.h>
#include <stddef.h>

#define GN_SIM_SWEEP_VALUES_MAX 1000
#define GN_SIM_SWEEP_TEXT 64
#define GN_SIM_SWEEP_PATH 128

typedef struct gn_sim_sweep {
    char path[GN_SIM_SWEEP_PATH];
    size_t count;
    char value[GN_SIM_SWEEP_VALUES_MAX][GN_SIM_SWEEP_TEXT];
} gn_sim_sweep;

/* NULL, or what is wrong with the text (static). */
const char *gn_sim_sweep_read(const char *text, gn_sim_sweep *sweep);

#endif
