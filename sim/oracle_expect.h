/*
 * oracle_expect.h: what the scenario itself expects, one verdict each.
 */
#ifndef GN_SIM_ORACLE_EXPECT_H
#define GN_SIM_ORACLE_EXPECT_H

#include <stddef.h>
#include <stdint.h>

#include "sim/app.h"
#include "sim/oracle.h"
#include "sim/scenario.h"
#include "sim/stats.h"

#define GN_SIM_ORACLE_EXPECT_MAX 48

/*
 * At the end of a run: writes a verdict for every expectation that the
 * scenario states (but 'ideal', which has its own oracle) and returns how
 * many. Their what says what was found, broken or not.
 */
size_t gn_sim_oracle_expect_judge(const gn_sim_scenario *scenario, const gn_sim_stats *stats,
                                  const gn_sim_app *app, uint64_t end_us,
                                  gn_sim_oracle verdicts[GN_SIM_ORACLE_EXPECT_MAX]);

/* Application bits a second from the client's readiness to the end of the work; 0: not done. */
uint64_t gn_sim_oracle_expect_goodput(const gn_sim_app *app);

#endif
