/*
 * script.h: what becomes of single datagrams, chosen by their number.
 *
 * Chance decides about kinds of datagrams; a script decides about this one and
 * that one. Datagrams are counted over the whole run and both directions, from
 * 0, as traces and captures count them. A scripted fate comes before
 * everything else on the way: what is dropped meets no link; what is
 * duplicated enters its link twice at the same moment; what is held back
 * enters it later. One that is in several lists is dropped before all else,
 * and held back with its copy.
 */
#ifndef GN_SIM_SCRIPT_H
#define GN_SIM_SCRIPT_H

#include <stdbool.h>
#include <stdint.h>

/* Datagrams a list can name. */
#define GN_SIM_SCRIPT_MAX 32

typedef enum gn_sim_script_fate {
    GN_SIM_SCRIPT_DELIVER, /* nothing is said about it */
    GN_SIM_SCRIPT_DROP,
    GN_SIM_SCRIPT_DUPLICATE,
    GN_SIM_SCRIPT_DELAY,
    GN_SIM_SCRIPT_FATES
} gn_sim_script_fate;

typedef struct gn_sim_script_list {
    uint64_t count;
    uint64_t number[GN_SIM_SCRIPT_MAX];
} gn_sim_script_list;

typedef struct gn_sim_script_settings {
    gn_sim_script_list drop;
    gn_sim_script_list duplicate;
    gn_sim_script_list delay;
    uint64_t delay_us;
} gn_sim_script_settings;

/* Whether the list names the datagram. */
bool gn_sim_script_names(const gn_sim_script_list *list, uint64_t number);

/* Gives the datagram a fate, besides those it has. False: the list is full. */
bool gn_sim_script_set(gn_sim_script_settings *script, uint64_t number, gn_sim_script_fate fate);

/* "deliver", "drop", ...; static. */
const char *gn_sim_script_word(gn_sim_script_fate fate);

#endif
