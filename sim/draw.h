/*
 * draw.h: odd values for the rows of a table of fields.
 *
 * Any row can be given a value: numbers spread evenly over their orders of
 * magnitude between a least and a greatest, with both of these more often than
 * their share; ratios from a few; words and flags by lot. So a field that is
 * new in scenario_keys.c is explored from the day it is there.
 */
#ifndef GN_SIM_DRAW_H
#define GN_SIM_DRAW_H

#include <stdint.h>

#include "sim/prng.h"
#include "sim/scenario_keys.h"

/* A number from min to max, each order of magnitude as likely as the others. */
uint64_t gn_sim_draw_number(gn_sim_prng *prng, uint64_t min, uint64_t max);

/* A value for one row, within what the row allows and what makes a run that ends. */
void gn_sim_draw_row(gn_sim_prng *prng, const gn_sim_key *key, void *base);

/*
 * Rows that may be odd in a run: a mask over the table, each bit with probability
 * ratio. Rows that are texts are never among them.
 */
uint64_t gn_sim_draw_mask(gn_sim_prng *prng, const gn_sim_keys *keys, gn_sim_ratio ratio);

/* Gives the rows of the mask a value each, each with probability ratio. */
void gn_sim_draw_rows(gn_sim_prng *prng, const gn_sim_keys *keys, uint64_t mask, gn_sim_ratio ratio,
                      void *base);

#endif
