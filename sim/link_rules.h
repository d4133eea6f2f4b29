/*
 * link_rules.h: which settings of a link make sense together.
 *
 * What the tables of a scenario cannot say of one field alone: fields that need
 * another one, and pairs that contradict each other.
 */
#ifndef GN_SIM_LINK_RULES_H
#define GN_SIM_LINK_RULES_H

#include <stdint.h>

#include "sim/link.h"

#define GN_SIM_LINK_RULES_BYTES 96

/*
 * NULL: all is well. Otherwise what is wrong, in room. given: bit n is set when
 * row n of gn_sim_scenario_keys_link was written.
 */
const char *gn_sim_link_rules_broken(const gn_sim_link_settings *settings, uint64_t given,
                                     char room[GN_SIM_LINK_RULES_BYTES]);

/*
 * The rows to write so that those of the mask read back: with a field the one it
 * needs, even at its default.
 */
uint64_t gn_sim_link_rules_complete(uint64_t mask);

/* The rows that go with a discipline of the queue. */
uint64_t gn_sim_link_rules_of_aqm(uint64_t aqm);

/*
 * Settings that were drawn row by row, given as above: what makes no sense goes
 * back to its default, or becomes the nearest that does. Returns what is given
 * then.
 */
uint64_t gn_sim_link_rules_mend(gn_sim_link_settings *settings, uint64_t given);

/*
 * A change gave these fields to settings that were there before: of a constant
 * rate, steps and a trace, the kind that was given is the one that holds now.
 */
void gn_sim_link_rules_settle(gn_sim_link_settings *settings, uint64_t given);

#endif
