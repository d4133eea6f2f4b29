/*
 * command.c: see command.h.
 */
#include "sim/command.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "sim/command_all.h"
#include "sim/shelf.h"
#include "sim/units.h"

#define COMMAND_OPTIONS_MAX 24

const gn_sim_command *const gn_sim_commands[] = {
    &gn_sim_command_run,     &gn_sim_command_sweep,
    &gn_sim_command_explore, &gn_sim_command_shrink,
    &gn_sim_command_exhaust, &gn_sim_command_branch,
    &gn_sim_command_list,    &gn_sim_command_show,
    &gn_sim_command_keys,    NULL,
};

int
gn_sim_command_refuse(const char *what, const char *text)
{
    (void)fprintf(stderr, "gnomon-sim: %s%s%s\n", what, text != NULL ? " " : "",
                  text != NULL ? text : "");
    return GN_SIM_BAD_INPUT;
}

static bool
command_take_number(const gn_sim_command_option *option, const char *text,
                    gn_sim_command_number *number)
{
    const bool time = option->kind == GN_SIM_COMMAND_TIME;
    uint64_t value = 0;
    const bool read =
        time ? gn_sim_units_read_duration(text, &value) : gn_sim_units_read_count(text, &value);

    if (!read || value < option->min) {
        (void)fprintf(stderr, "gnomon-sim: --%s needs %s, not %s\n", option->name,
                      time               ? "a duration such as 90s"
                      : option->min == 0 ? "a whole number"
                                         : "a whole number from 1",
                      text);
        return false;
    }
    *number = (gn_sim_command_number){.value = value, .given = true};
    return true;
}

static bool
command_take(const gn_sim_command_option *option, const char *text, void *base)
{
    uint8_t *at = (uint8_t *)base + option->offset;
    gn_sim_command_texts *texts;

    switch (option->kind) {
    case GN_SIM_COMMAND_FLAG: *(bool *)(void *)at = true; return true;
    case GN_SIM_COMMAND_TEXT: *(const char **)(void *)at = text; return true;
    case GN_SIM_COMMAND_TEXTS:
        texts = (gn_sim_command_texts *)(void *)at;
        if (texts->count == GN_SIM_COMMAND_TEXTS_MAX) {
            (void)gn_sim_command_refuse("too many times --", option->name);
            return false;
        }
        texts->text[texts->count++] = text;
        return true;
    default: return command_take_number(option, text, (gn_sim_command_number *)(void *)at);
    }
}

static bool
command_operands(const gn_sim_command *command, int argc, char **argv, const char **operands,
                 size_t *operand_count)
{
    const size_t count = (size_t)(argc - optind);

    if (count < command->operands_min || count > command->operands_max) {
        (void)fprintf(stderr, "usage: gnomon-sim %s %s\n", command->name, command->takes);
        return false;
    }
    for (size_t i = 0; i < count; i++)
        operands[i] = argv[(size_t)optind + i];
    if (operand_count != NULL)
        *operand_count = count;
    return true;
}

bool
gn_sim_command_read(const gn_sim_command *command, int argc, char **argv, void *base,
                    const char **operands, size_t *operand_count)
{
    struct option known[COMMAND_OPTIONS_MAX + 1] = {{NULL, 0, NULL, 0}};
    int row = 0;
    int seen;

    GN_ASSERT(command->option_count <= COMMAND_OPTIONS_MAX);
    for (size_t i = 0; i < command->option_count; i++)
        known[i] = (struct option){.name = command->options[i].name,
                                   .has_arg = command->options[i].kind == GN_SIM_COMMAND_FLAG
                                                  ? no_argument
                                                  : required_argument};
    optind = 1;
    while ((seen = getopt_long(argc, argv, "", known, &row)) != -1) {
        if (seen != 0) {
            (void)fprintf(stderr, "see gnomon-sim help %s\n", command->name);
            return false;
        }
        if (!command_take(&command->options[row], optarg, base))
            return false;
    }
    return command_operands(command, argc, argv, operands, operand_count);
}

void
gn_sim_command_help(FILE *out, const gn_sim_command *command)
{
    (void)fprintf(out, "usage: gnomon-sim %s %s%s\n\n  %s\n%s", command->name, command->takes,
                  command->option_count > 0 ? " [options]" : "", command->help,
                  command->option_count > 0 ? "\n" : "");
    for (size_t i = 0; i < command->option_count; i++) {
        const gn_sim_command_option *option = &command->options[i];
        char left[64];

        (void)snprintf(left, sizeof left, "--%s %s", option->name,
                       option->what != NULL ? option->what : "");
        (void)fprintf(out, "  %-22s %s\n", left, option->help);
    }
}

void
gn_sim_command_help_all(FILE *out)
{
    (void)fputs("usage: gnomon-sim COMMAND ...\n\n", out);
    for (size_t i = 0; gn_sim_commands[i] != NULL; i++) {
        char left[64];

        (void)snprintf(left, sizeof left, "%s %s", gn_sim_commands[i]->name,
                       gn_sim_commands[i]->takes);
        (void)fprintf(out, "  %-34s %s\n", left, gn_sim_commands[i]->help);
    }
    (void)fputs("\n"
                "gnomon-sim help COMMAND says what its options are.\n"
                "exit code: 0 all held, 1 something failed, 2 wrong file or option,\n"
                "           3 time stood still, 4 the goal was never reached\n",
                out);
}

bool
gn_sim_command_load(const char *name, const gn_sim_command_texts *overrides,
                    gn_sim_scenario *scenario)
{
    char path[GN_SIM_SHELF_PATH_BYTES];
    char message[GN_SIM_MESSAGE_BYTES];
    const gn_sim_overrides given = {.texts = overrides->text, .count = overrides->count};

    if (!gn_sim_shelf_find(name, path)) {
        (void)fprintf(stderr, "gnomon-sim: there is no scenario %s; see gnomon-sim list\n", name);
        return false;
    }
    if (!gn_sim_scenario_load_with(path, &given, scenario, message)) {
        (void)fprintf(stderr, "%s\n", message);
        return false;
    }
    return true;
}
