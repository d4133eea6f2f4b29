/*
 * app_bulk.c: see app_bulk.h.
 */
#include "sim/app_bulk.h"

/* What a download asks with. */
#define APP_BULK_REQUEST_BYTES 16

void
gn_sim_app_bulk_plan(gn_sim_app *app)
{
    const bool upload = app->settings.kind == GN_SIM_UPLOAD;
    const uint64_t share = app->settings.bytes / app->exchange_count;

    for (uint64_t i = 0; i < app->exchange_count; i++) {
        const bool last = i + 1 == app->exchange_count;
        const uint64_t bytes = last ? app->settings.bytes - share * i : share;

        app->exchanges[i].total[0] = upload ? bytes : APP_BULK_REQUEST_BYTES;
        app->exchanges[i].total[1] = upload ? 0 : bytes;
    }
}

void
gn_sim_app_bulk_go_on(gn_sim_app *app, const gn_sim_app_seat *seat)
{
    while (gn_sim_app_open(app, seat))
        continue;
}
