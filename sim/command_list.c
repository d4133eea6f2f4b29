/*
 * command_list.c: gnomon-sim list: the scenarios that come along.
 */
#include <string.h>

#include "sim/command_all.h"
#include "sim/shelf.h"

typedef struct command_list_options {
    const char *group;
} command_list_options;

static const gn_sim_command_option command_list_rows[] = {{"group", GN_SIM_COMMAND_TEXT,
                                                           offsetof(command_list_options, group), 0,
                                                           "GROUP", "only those of one group"}};

/* What gn_sim_shelf_each is to look for; it takes no context. */
static struct {
    uint64_t group;
    uint64_t found;
} command_list_wanted;

static void
command_list_one(const char *name, const char *path)
{
    static gn_sim_scenario scenario;
    char message[GN_SIM_MESSAGE_BYTES];
    const bool good = gn_sim_scenario_load(path, &scenario, message);

    gn_sim_scenario_free(&scenario);
    /* One that cannot be read belongs to the first group, so that it is seen. */
    if ((good ? scenario.group : 0) != command_list_wanted.group)
        return;
    if (command_list_wanted.found++ == 0)
        (void)printf("%s\n", gn_sim_scenario_groups[command_list_wanted.group]);
    (void)printf("  %-28s %s%s%s\n", name, good ? "" : "(", good ? scenario.why : message,
                 good ? "" : ")");
}

static bool
command_list_group(uint64_t group)
{
    command_list_wanted.group = group;
    command_list_wanted.found = 0;
    return gn_sim_shelf_each(command_list_one) > 0;
}

static int
command_list(int argc, char **argv)
{
    command_list_options options = {.group = NULL};
    bool known = false;

    if (!gn_sim_command_read(&gn_sim_command_list, argc, argv, &options, NULL, NULL))
        return GN_SIM_BAD_INPUT;
    for (uint64_t i = 0; gn_sim_scenario_groups[i] != NULL; i++) {
        if (options.group != NULL && strcmp(options.group, gn_sim_scenario_groups[i]) != 0)
            continue;
        known = true;
        if (!command_list_group(i))
            return gn_sim_command_refuse("no scenarios found; set GNOMON_SCENARIOS", NULL);
    }
    if (!known)
        return gn_sim_command_refuse("there is no group", options.group);
    return GN_SIM_PASS;
}

const gn_sim_command gn_sim_command_list = {
    .name = "list",
    .takes = "",
    .help = "the scenarios that come along, by group",
    .options = command_list_rows,
    .option_count = sizeof command_list_rows / sizeof command_list_rows[0],
    .run = command_list,
};
