/*
 * command.h: what the commands of gnomon-sim share: a table of options, and how it is read.
 *
 * A command is a row: its name, what it takes, what it does, its options and
 * the function. Reading, mistakes and help all follow the rows.
 */
#ifndef GN_SIM_COMMAND_H
#define GN_SIM_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "sim/run.h"
#include "sim/scenario.h"

/* Overrides and other texts that may be given more than once. */
#define GN_SIM_COMMAND_TEXTS_MAX 64

typedef enum gn_sim_command_kind {
    GN_SIM_COMMAND_FLAG,  /* bool */
    GN_SIM_COMMAND_COUNT, /* gn_sim_command_number: a whole number, at least min */
    GN_SIM_COMMAND_TIME,  /* gn_sim_command_number: a duration, in microseconds */
    GN_SIM_COMMAND_TEXT,  /* const char * */
    GN_SIM_COMMAND_TEXTS  /* gn_sim_command_texts, one more each time */
} gn_sim_command_kind;

typedef struct gn_sim_command_number {
    uint64_t value;
    bool given;
} gn_sim_command_number;

typedef struct gn_sim_command_texts {
    const char *text[GN_SIM_COMMAND_TEXTS_MAX];
    size_t count;
} gn_sim_command_texts;

typedef struct gn_sim_command_option {
    const char *name; /* without the dashes */
    gn_sim_command_kind kind;
    size_t offset;    /* into the command's own struct of options */
    uint64_t min;     /* of numbers */
    const char *what; /* the argument in the help: "N"; NULL for flags */
    const char *help;
} gn_sim_command_option;

typedef struct gn_sim_command {
    const char *name;
    const char *takes; /* "FILE|NAME" */
    size_t operands_min;
    size_t operands_max;
    const char *help;
    const gn_sim_command_option *options;
    size_t option_count;
    /* argv[0] is the command's name; returns the exit code. */
    int (*run)(int argc, char **argv);
} gn_sim_command;

/* All commands, in the order of the help; up to a NULL. */
extern const gn_sim_command *const gn_sim_commands[];

/*
 * Reads argv by the rows into the struct at base, and the operands (no options) into
 * operands, of operands_max. False: standard error says what is wrong.
 */
bool gn_sim_command_read(const gn_sim_command *command, int argc, char **argv, void *base,
                         const char **operands, size_t *operand_count);

/* "gnomon-sim: what text", to standard error; returns GN_SIM_BAD_INPUT. */
int gn_sim_command_refuse(const char *what, const char *text);

/* One command's line and its options; or all commands, a line each. */
void gn_sim_command_help(FILE *out, const gn_sim_command *command);
void gn_sim_command_help_all(FILE *out);

/* The scenario that a name or path means, with overrides. False: standard error says why. */
bool gn_sim_command_load(const char *name, const gn_sim_command_texts *overrides,
                         gn_sim_scenario *scenario);

#endif
