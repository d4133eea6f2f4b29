/*
 * command_all.h: the commands, a file each: command_run.c and so on.
 */
#ifndef GN_SIM_COMMAND_ALL_H
#define GN_SIM_COMMAND_ALL_H

#include "sim/command.h"

extern const gn_sim_command gn_sim_command_run;
extern const gn_sim_command gn_sim_command_sweep;
extern const gn_sim_command gn_sim_command_explore;
extern const gn_sim_command gn_sim_command_shrink;
extern const gn_sim_command gn_sim_command_exhaust;
extern const gn_sim_command gn_sim_command_branch;
extern const gn_sim_command gn_sim_command_list;
extern const gn_sim_command gn_sim_command_show;
extern const gn_sim_command gn_sim_command_keys;

#endif
