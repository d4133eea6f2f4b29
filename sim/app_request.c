/*
 * app_request.c: see app_request.h.
 */
#include "sim/app_request.h"

void
gn_sim_app_request_plan(gn_sim_app *app)
{
    for (uint64_t i = 0; i < app->exchange_count; i++) {
        app->exchanges[i].total[0] = app->settings.request_bytes;
        app->exchanges[i].total[1] = app->settings.response_bytes;
    }
}

void
gn_sim_app_request_go_on(gn_sim_app *app, const gn_sim_app_seat *seat)
{
    if (!app->thinking && app->opened == app->finished)
        (void)gn_sim_app_open(app, seat);
}

void
gn_sim_app_request_on_done(gn_sim_app *app, const gn_sim_app_seat *seat)
{
    if (app->settings.think_us == 0) {
        gn_sim_app_request_go_on(app, seat);
        return;
    }
    app->thinking = true;
    gn_sim_world_at(app->world, seat->now_us + app->settings.think_us, GN_SIM_CLASS_APP, app);
}
