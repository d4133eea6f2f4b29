/*
 * exhaust.h: every fate of the first datagrams of a run, alone and in pairs.
 *
 * The undisturbed run first; then one run for each datagram and fate, and with pairs one
 * for each two datagrams and two fates. What the scenario expects is set
 * aside, since it is meant for the undisturbed run; everything else must hold. Each case
 * is a scenario with a script, so that it can be written to a file and played by itself.
 */
#ifndef GN_SIM_EXHAUST_H
#define GN_SIM_EXHAUST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/scenario.h"
#include "sim/trial.h"

/* Datagrams that can be looked at: with all pairs of all fates some 3,000 runs for 26. */
#define GN_SIM_EXHAUST_FIRST_MAX 64

/* One or two datagrams (the second DELIVER: one) and their fates. */
typedef struct gn_sim_exhaust_case {
    uint64_t number[2];
    gn_sim_script_fate fate[2];
} gn_sim_exhaust_case;

typedef struct gn_sim_exhaust_settings {
    uint64_t first; /* datagrams, from the very first; 1 to GN_SIM_EXHAUST_FIRST_MAX */
    uint32_t fates; /* bit n: gn_sim_script_fate n */
    bool pairs;
    bool fake;
    unsigned jobs;
    uint64_t limit_ms; /* of wall clock, for one run */
} gn_sim_exhaust_settings;

typedef struct gn_sim_exhaust_result {
    gn_sim_trial plain;
    uint64_t first; /* datagrams that there were, of those asked for */
    size_t count;
    gn_sim_exhaust_case *cases;
    gn_sim_trial *trials;          /* of the cases */
    gn_sim_crew_outcome *outcomes; /* likewise */
} gn_sim_exhaust_result;

/* scenario loses its expectations. The result is freed by gn_sim_exhaust_free. */
void gn_sim_exhaust(const gn_sim_exhaust_settings *settings, gn_sim_scenario *scenario,
                    gn_sim_exhaust_result *result);
void gn_sim_exhaust_free(gn_sim_exhaust_result *result);

/* How much later than the undisturbed run the workload was complete; UINT64_MAX: never. */
uint64_t gn_sim_exhaust_delay_us(const gn_sim_exhaust_result *result, size_t at);

/* Puts a case into the scenario's script. */
void gn_sim_exhaust_script(const gn_sim_exhaust_case *one, gn_sim_scenario *scenario);

#endif
