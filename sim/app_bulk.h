/*
 * app_bulk.h: many bytes one way, on streams side by side.
 */
#ifndef GN_SIM_APP_BULK_H
#define GN_SIM_APP_BULK_H

#include "sim/app.h"

/* Shares the bytes out over the exchanges: the last takes what does not divide. */
void gn_sim_app_bulk_plan(gn_sim_app *app);

/* Client: as many streams as the peer allows are opened; the rest wait. */
void gn_sim_app_bulk_go_on(gn_sim_app *app, const gn_sim_app_seat *seat);

#endif
