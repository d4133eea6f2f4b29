/*
 * command_show.c: gnomon-sim show: the file of a scenario.
 */
#include "sim/command_all.h"
#include "sim/shelf.h"

static int
command_show(int argc, char **argv)
{
    char path[GN_SIM_SHELF_PATH_BYTES];
    char piece[4096];
    const char *name = NULL;
    size_t len;
    FILE *file;

    if (!gn_sim_command_read(&gn_sim_command_show, argc, argv, NULL, &name, NULL))
        return GN_SIM_BAD_INPUT;
    file = gn_sim_shelf_find(name, path) ? fopen(path, "rb") : NULL;
    if (file == NULL)
        return gn_sim_command_refuse("there is no scenario", name);
    while ((len = fread(piece, 1, sizeof piece, file)) > 0)
        (void)fwrite(piece, 1, len, stdout);
    (void)fclose(file);
    return GN_SIM_PASS;
}

const gn_sim_command gn_sim_command_show = {
    .name = "show",
    .takes = "NAME",
    .operands_min = 1,
    .operands_max = 1,
    .help = "a scenario's file",
    .run = command_show,
};
