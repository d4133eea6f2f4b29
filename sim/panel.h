/*
 * panel.h: all oracles of a run, told everything, asked at the end.
 */
#ifndef GN_SIM_PANEL_H
#define GN_SIM_PANEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/suite.h"
#include "sim/app.h"
#include "sim/oracle.h"
#include "sim/oracle_drop.h"
#include "sim/oracle_expect.h"
#include "sim/oracle_ideal.h"
#include "sim/oracle_limit.h"
#include "sim/oracle_numbers.h"
#include "sim/scenario.h"
#include "sim/sink.h"
#include "sim/stats.h"

#define GN_SIM_PANEL_MAX (9 + GN_SIM_ORACLE_EXPECT_MAX)

typedef struct gn_sim_panel {
    gn_sim_oracle goal;
    gn_sim_oracle bytes;
    gn_sim_oracle fault;
    gn_sim_oracle datagrams; /* of the application, when the scenario has any */
    gn_sim_oracle_numbers numbers;
    gn_sim_oracle_limit limit;
    gn_sim_oracle_drop drop;
    gn_sim_oracle_ideal ideal;
    bool is_ideal;            /* the scenario asks for it */
    const char *close;        /* the scenario's: the one error that is no bug; "": none is */
    bool ended[GN_SIM_HOSTS]; /* a connection of the host did */
    bool keeps_tokens;        /* the second connection begins with a token of the first */
    bool misled;              /* a datagram of the server was damaged; what it lists may be, too */
    size_t expect_count;
    gn_sim_oracle expect[GN_SIM_ORACLE_EXPECT_MAX];
    size_t count; /* after the end: all verdicts */
    const gn_sim_oracle *verdicts[GN_SIM_PANEL_MAX];
} gn_sim_panel;

void gn_sim_panel_init(gn_sim_panel *panel, const gn_sim_scenario *scenario,
                       const gn_suite_ops *ops);

void gn_sim_panel_on_datagram(gn_sim_panel *panel, const gn_sim_datagram *datagram);
void gn_sim_panel_on_event(gn_sim_panel *panel, uint16_t host, const gn_event *event);
/* A host forgets its connection and begins anew. */
void gn_sim_panel_on_restart(gn_sim_panel *panel, uint16_t host);
/* The second connection begins (resume.h). */
void gn_sim_panel_on_resume(gn_sim_panel *panel);

void gn_sim_panel_on_change(gn_sim_panel *panel, uint64_t at_us, uint16_t host,
                            const gn_effect *effect);

/* The run is over; why: how it ended when the goal was not reached (static), else NULL. */
void gn_sim_panel_on_end(gn_sim_panel *panel, const gn_sim_scenario *scenario,
                         const gn_sim_stats *stats, const gn_sim_app *app, uint64_t end_us,
                         const char *why);

/* After the end: did all hold? */
bool gn_sim_panel_holds(const gn_sim_panel *panel);

#endif
