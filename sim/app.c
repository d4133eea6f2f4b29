/*
 * app.c: see app.h.
 */
#include "sim/app.h"

#include <stdlib.h>

#include "base/assert.h"
#include "sim/app_bulk.h"
#include "sim/app_datagram.h"
#include "sim/app_request.h"

/* RFC 9000 2.1: client-initiated bidirectional streams are 0, 4, 8, ... */
#define APP_STREAM_STEP 4

void
gn_sim_app_init(gn_sim_app *app, const gn_sim_app_settings *settings, gn_sim_world *world,
                uint64_t seed, gn_sim_app_watch watch)
{
    *app = (gn_sim_app){.settings = *settings, .world = world, .watch = watch};
    gn_sim_content_init(&app->content, seed);
    gn_sim_app_datagram_init(&app->datagrams, &settings->datagrams);
    app->exchange_count = settings->kind == GN_SIM_REQUESTS ? settings->count : settings->streams;
    GN_ASSERT(app->exchange_count > 0);
    app->exchanges = calloc((size_t)app->exchange_count, sizeof *app->exchanges);
    GN_ASSERT(app->exchanges != NULL);
    if (settings->kind == GN_SIM_REQUESTS)
        gn_sim_app_request_plan(app);
    else
        gn_sim_app_bulk_plan(app);
    for (uint64_t i = 0; i < app->exchange_count; i++)
        app->goal_bytes += app->exchanges[i].total[0] + app->exchanges[i].total[1];
}

void
gn_sim_app_free(gn_sim_app *app)
{
    gn_sim_app_datagram_free(&app->datagrams);
    for (uint64_t i = 0; i < app->exchange_count; i++)
        for (unsigned side = 0; side < 2; side++)
            gn_sim_seen_free(&app->exchanges[i].seen[side]);
    free(app->exchanges);
    app->exchanges = NULL;
}

static void
app_go_on(gn_sim_app *app, const gn_sim_app_seat *seat)
{
    if (!app->ready || seat->host != 0)
        return;
    if (app->settings.kind == GN_SIM_REQUESTS)
        gn_sim_app_request_go_on(app, seat);
    else
        gn_sim_app_bulk_go_on(app, seat);
}

static void
app_broken(gn_sim_app *app, const gn_sim_app_seat *seat, uint64_t stream, uint64_t off,
           const char *what)
{
    if (app->broken != NULL)
        return;
    app->broken = what;
    app->broken_us = seat->now_us;
    app->broken_stream = stream;
    app->broken_off = off;
}

static gn_sim_exchange *
app_exchange(gn_sim_app *app, uint64_t stream)
{
    const uint64_t at = stream / APP_STREAM_STEP;

    if (stream % APP_STREAM_STEP != 0 || at >= app->opened)
        return NULL;
    return &app->exchanges[at];
}

/* Writes what the endpoint takes of this host's half, and the end behind the last byte. */
static void
app_write(gn_sim_app *app, const gn_sim_app_seat *seat, gn_sim_exchange *exchange)
{
    const unsigned side = seat->host;

    while (!exchange->fin_sent[side]) {
        const uint64_t left = exchange->total[side] - exchange->sent[side];
        size_t piece;
        size_t taken = 0;
        const uint8_t *bytes =
            gn_sim_content_at(&app->content, exchange->stream, side, exchange->sent[side], &piece);
        const bool last = piece >= left;

        if (last)
            piece = (size_t)left;
        if (gn_connection_send_stream(seat->endpoint, seat->connection, exchange->stream, bytes,
                                      piece, last, seat->now_us + seat->clock_us, &taken) != GN_OK)
            return;
        exchange->sent[side] += taken;
        exchange->fin_sent[side] = last && taken == piece;
        if (taken < piece)
            return;
    }
}

bool
gn_sim_app_open(gn_sim_app *app, const gn_sim_app_seat *seat)
{
    uint64_t stream = 0;

    if (app->opened == app->exchange_count)
        return false;
    if (gn_connection_open_stream(seat->endpoint, seat->connection, false,
                                  seat->now_us + seat->clock_us, &stream) != GN_OK)
        return false;
    GN_ASSERT(stream == app->opened * APP_STREAM_STEP);

    gn_sim_exchange *exchange = &app->exchanges[app->opened++];

    exchange->stream = stream;
    exchange->begun_us = seat->now_us;
    app_write(app, seat, exchange);
    return true;
}

/* Streams and datagrams are all done. */
static void
app_settle(gn_sim_app *app, const gn_sim_app_seat *seat)
{
    if (app->done || app->finished < app->exchange_count ||
        !gn_sim_app_datagram_done(&app->datagrams))
        return;
    app->done = true;
    app->done_us = seat->now_us;
}

static void
app_finish(gn_sim_app *app, const gn_sim_app_seat *seat, gn_sim_exchange *exchange)
{
    exchange->done_us = seat->now_us;
    if (exchange->done_us - exchange->begun_us > app->longest_us)
        app->longest_us = exchange->done_us - exchange->begun_us;
    app->finished++;
    if (app->finished < app->exchange_count && app->settings.kind == GN_SIM_REQUESTS)
        gn_sim_app_request_on_done(app, seat);
    app_settle(app, seat);
}

/* The half that ends at this host is complete. */
static void
app_on_end(gn_sim_app *app, const gn_sim_app_seat *seat, gn_sim_exchange *exchange,
           uint64_t end_off)
{
    const unsigned side = 1u - seat->host;

    if (exchange->received[side] != exchange->total[side] || end_off != exchange->total[side])
        app_broken(app, seat, exchange->stream, exchange->received[side],
                   "the stream ended at another length");
    exchange->fin_received[side] = true;
    if (seat->host == 1) {
        exchange->answered = true;
        app_write(app, seat, exchange);
    } else {
        app_finish(app, seat, exchange);
    }
}

/* Are these bytes due? In order the next ones are, else all that never came. */
static bool
app_take(gn_sim_app *app, unsigned host, gn_sim_exchange *exchange, const gn_effect *effect)
{
    const unsigned side = 1u - host;
    gn_sim_seen *seen = &exchange->seen[side];

    if (!app->unordered[host])
        return effect->offset == exchange->received[side];
    if (effect->offset > seen->low)
        app->unordered_bytes += effect->len;
    return gn_sim_seen_add(seen, exchange->total[side], effect->offset, effect->len);
}

static void
app_on_data(gn_sim_app *app, const gn_sim_app_seat *seat, const gn_effect *effect)
{
    const unsigned side = 1u - seat->host;
    gn_sim_exchange *exchange = app_exchange(app, effect->stream);
    uint64_t bad_at = effect->offset;

    if (exchange == NULL) {
        app_broken(app, seat, effect->stream, effect->offset, "data on a stream nobody opened");
        return;
    }
    if (exchange->fin_received[side]) {
        app_broken(app, seat, effect->stream, effect->offset, "data after the end");
        return;
    }
    if (!app_take(app, seat->host, exchange, effect))
        app_broken(app, seat, effect->stream, effect->offset, "data out of order or twice");
    else if (!gn_sim_content_check(&app->content, effect->stream, side, effect->offset,
                                   effect->bytes, effect->len, &bad_at))
        app_broken(app, seat, effect->stream, bad_at, "a byte is not the one that was sent");
    exchange->received[side] += effect->len;
    app->delivered_bytes += effect->len;
    app->counted_bytes[side] += effect->len;
    if (app->watch.on_progress != NULL)
        app->watch.on_progress(app->watch.context, seat->host, effect->stream,
                               exchange->received[side]);
    if ((effect->flags & GN_EFFECT_FIN) != 0)
        app_on_end(app, seat, exchange, effect->offset + effect->len);
}

static void
app_on_writable(gn_sim_app *app, const gn_sim_app_seat *seat, uint64_t stream)
{
    gn_sim_exchange *exchange = app_exchange(app, stream);

    if (exchange != NULL && (seat->host == 0 || exchange->answered))
        app_write(app, seat, exchange);
}

/* With 0-RTT streams may be used before the handshake is over; then there may be more of them. */
static void
app_on_ready(gn_sim_app *app, const gn_sim_app_seat *seat)
{
    gn_sim_app_datagram_go_on(&app->datagrams, &app->content, seat);
    if (seat->host != 0)
        return;
    if (!app->ready)
        app->ready_us = seat->now_us;
    app->ready = true;
    app_go_on(app, seat);
}

void
gn_sim_app_on_effect(gn_sim_app *app, const gn_sim_app_seat *seat, const gn_effect *effect)
{
    switch (effect->kind) {
    case GN_EFFECT_STREAM_DATA: app_on_data(app, seat, effect); break;
    case GN_EFFECT_STREAM_WRITABLE: app_on_writable(app, seat, effect->stream); break;
    case GN_EFFECT_STREAM_RESET:
    case GN_EFFECT_STREAM_STOPPED:
        app_broken(app, seat, effect->stream, effect->offset, "a stream was given up");
        break;
    case GN_EFFECT_STATE:
        if (effect->detail == GN_STATE_READY)
            app_on_ready(app, seat);
        break;
    case GN_EFFECT_ZERO_RTT:
        if (effect->detail == GN_ZERO_RTT_ATTEMPTED)
            app_on_ready(app, seat);
        break;
    case GN_EFFECT_STREAMS_ALLOWED: app_go_on(app, seat); break;
    case GN_EFFECT_DATAGRAM:
    case GN_EFFECT_DATAGRAM_ACKED:
    case GN_EFFECT_DATAGRAM_LOST:
        gn_sim_app_datagram_on_effect(&app->datagrams, &app->content, seat, effect);
        app_settle(app, seat);
        break;
    default: break;
    }
}

void
gn_sim_app_on_timer(gn_sim_app *app, const gn_sim_app_seat *seat)
{
    app->thinking = false;
    app_go_on(app, seat);
}
