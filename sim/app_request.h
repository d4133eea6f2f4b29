/*
 * app_request.h: requests and responses, one after the other, with a pause between.
 */
#ifndef GN_SIM_APP_REQUEST_H
#define GN_SIM_APP_REQUEST_H

#include "sim/app.h"

/* Gives every exchange its sizes. */
void gn_sim_app_request_plan(gn_sim_app *app);

/* Client: begins the next exchange when the one before is complete and the pause is over. */
void gn_sim_app_request_go_on(gn_sim_app *app, const gn_sim_app_seat *seat);

/* Client: an exchange is complete; the pause begins. */
void gn_sim_app_request_on_done(gn_sim_app *app, const gn_sim_app_seat *seat);

#endif
