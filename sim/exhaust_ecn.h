/*
 * exhaust_ecn.h: what the way does to ECN, before and after a move, in all combinations.
 *
 * Treatment of the old path x treatment of the new one x no move, a NAT that
 * rebinds (the new path is the old way with another treatment), or a migration
 * to another route x how much the old path had carried: next to nothing, a
 * few packets, many. Data flows in both directions throughout. Each end must
 * complete its data, and must not end with a path called capable (RFC 9000
 * 13.4.2) whose marks do not arrive: where they are bleached or re-marked.
 *
 * One way out there is not: a way that was found capable, then drops what is marked,
 * and moves so that its client does not know (before pass, after drop, passive). What the
 * client sends is marked and lost from then on; the connection ends by its idle timeout.
 * The table shows it; it is not called a failure.
 */
#ifndef GN_SIM_EXHAUST_ECN_H
#define GN_SIM_EXHAUST_ECN_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/trial.h"

#define GN_SIM_EXHAUST_ECN_TREATMENTS 5
#define GN_SIM_EXHAUST_ECN_MOVES 3
#define GN_SIM_EXHAUST_ECN_AMOUNTS 3
#define GN_SIM_EXHAUST_ECN_CASES                                                                   \
    (GN_SIM_EXHAUST_ECN_TREATMENTS * GN_SIM_EXHAUST_ECN_TREATMENTS * GN_SIM_EXHAUST_ECN_MOVES *    \
     GN_SIM_EXHAUST_ECN_AMOUNTS)

typedef struct gn_sim_exhaust_ecn_case {
    uint8_t before; /* gn_sim_ecn */
    uint8_t after;
    uint8_t move;   /* none, passive, active */
    uint8_t amount; /* nothing, few, many */
} gn_sim_exhaust_ecn_case;

typedef struct gn_sim_exhaust_ecn_result {
    gn_sim_exhaust_ecn_case cases[GN_SIM_EXHAUST_ECN_CASES];
    gn_sim_trial trials[GN_SIM_EXHAUST_ECN_CASES];
    gn_sim_crew_outcome outcomes[GN_SIM_EXHAUST_ECN_CASES];
} gn_sim_exhaust_ecn_result;

void gn_sim_exhaust_ecn(bool fake, unsigned jobs, uint64_t limit_ms,
                        gn_sim_exhaust_ecn_result *result);

/* The scenario of a case; confirmed_us: when the handshake is, with that treatment. */
void gn_sim_exhaust_ecn_scenario(const gn_sim_exhaust_ecn_case *one, uint64_t confirmed_us,
                                 gn_sim_scenario *scenario);

/* NULL: it went as it must; else what was wrong (static, or in the trial). */
const char *gn_sim_exhaust_ecn_judge(const gn_sim_exhaust_ecn_result *result, size_t at);

/* "none", "passive", "active"; "nothing", "few", "many". */
extern const char *const gn_sim_exhaust_ecn_moves[];
extern const char *const gn_sim_exhaust_ecn_amounts[];

#endif
