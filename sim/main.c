/*
 * main.c: the program gnomon-sim: one command of the table in command.c.
 */
#include <stdio.h>
#include <string.h>

#include "sim/command.h"

static const gn_sim_command *
main_find(const char *name)
{
    for (size_t i = 0; gn_sim_commands[i] != NULL; i++)
        if (strcmp(gn_sim_commands[i]->name, name) == 0)
            return gn_sim_commands[i];
    return NULL;
}

static int
main_help(const char *name)
{
    const gn_sim_command *command = name != NULL ? main_find(name) : NULL;

    if (name != NULL && command == NULL)
        return gn_sim_command_refuse("there is no command", name);
    if (command != NULL)
        gn_sim_command_help(stdout, command);
    else
        gn_sim_command_help_all(stdout);
    return GN_SIM_PASS;
}

int
main(int argc, char **argv)
{
    const char *verb = argc > 1 ? argv[1] : "";
    const gn_sim_command *command = main_find(verb);

    if (command != NULL)
        return command->run(argc - 1, argv + 1);
    if (strcmp(verb, "--help") == 0 || strcmp(verb, "help") == 0)
        return main_help(argc > 2 ? argv[2] : NULL);
    (void)gn_sim_command_refuse(argc > 1 ? "there is no command" : "what is to be done?",
                                argc > 1 ? verb : NULL);
    gn_sim_command_help_all(stderr);
    return GN_SIM_BAD_INPUT;
}
