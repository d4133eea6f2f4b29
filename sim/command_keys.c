/*
 * command_keys.c: gnomon-sim keys: every field a scenario may have.
 */
#include "sim/command_all.h"
#include "sim/scenario_keys.h"

static int
command_keys(int argc, char **argv)
{
    if (!gn_sim_command_read(&gn_sim_command_keys, argc, argv, NULL, NULL, NULL))
        return GN_SIM_BAD_INPUT;
    gn_sim_scenario_keys_print(stdout);
    return GN_SIM_PASS;
}

const gn_sim_command gn_sim_command_keys = {
    .name = "keys",
    .takes = "",
    .help = "every field a scenario may have",
    .run = command_keys,
};
