/*
 * host.c: see host.h.
 */
#include "sim/host.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "sim/host_config.h"
#include "wire/version.h"

#define HOST_ALIGN 16

void
gn_sim_host_settings_default(gn_sim_host_settings *settings)
{
    gn_config config;

    gn_config_default(&config, GN_ROLE_SERVER);
    *settings = (gn_sim_host_settings){
        .ecn = config.ecn,
        .congestion = config.cc,
        .idle_timeout_us = config.max_idle_timeout_us,
        .max_ack_delay_us = config.max_ack_delay_us,
        .ack_threshold = config.ack_threshold,
        .window_bytes = config.initial_max_data,
        .stream_window_bytes = config.initial_max_stream_data_bidi_local,
        .streams = config.initial_max_streams_bidi,
        .send_buffer_bytes = config.send_buffer_bytes,
        .max_datagram_bytes = config.max_datagram_out,
        .cid_bytes = config.cid_len,
        .cid_limit = config.active_connection_id_limit,
        .follow_peer = config.allow_peer_migration,
        .forbid_migration = config.disable_active_migration,
        .retry_above = config.retry_above,
        .new_tokens = config.new_tokens,
    };
}

uint16_t
gn_sim_host_route(const gn_sim_host *host, gn_route route)
{
    if (host->number == GN_SIM_CLIENT)
        return route < host->network->route_count ? (uint16_t)route : GN_SIM_NO_ROUTE;
    if (route == 0 || route > host->heard_count)
        return GN_SIM_NO_ROUTE;
    return gn_sim_network_route_of(host->network, &host->heard[route - 1]);
}

/* What its clock shows. */
static uint64_t
host_now_us(const gn_sim_host *host)
{
    return host->world->now_us + host->clock_us;
}

static void
host_on_event(void *context, const gn_event *event)
{
    gn_sim_host *host = context;
    gn_event told = *event;

    told.now -= host->clock_us;
    if (host->watch.on_event != NULL)
        host->watch.on_event(host->watch.context, host->number,
                             gn_sim_host_route(host, event->route), &told);
}

static gn_err
host_make(gn_sim_host *host, const gn_sim_host_settings *settings, const gn_sim_host_stage *stage,
          gn_sim_restart restart)
{
    gn_sim_tls_texts texts;
    gn_config config;

    gn_sim_host_config_fill(&config, &texts, host, settings, stage, restart);
    if (restart != GN_SIM_RESTART_NO)
        config.started_unix_ms = stage->unix_ms + (int64_t)(host->world->now_us / 1000);
    config.observer =
        (gn_observer){.size = sizeof(gn_observer), .on_event = host_on_event, .context = host};
    host->block_bytes = gn_endpoint_size(&config.limits);
    if (host->block_bytes == 0)
        return GN_ERR_CONFIG;
    host->block = aligned_alloc(HOST_ALIGN, host->block_bytes);
    if (host->block == NULL)
        return GN_ERR_FULL;

    const gn_err err = gn_endpoint_init(host->block, host->block_bytes, &config, &host->endpoint);

    if (err != GN_OK) {
        free(host->block);
        *host = (gn_sim_host){0};
    }
    return err;
}

gn_err
gn_sim_host_init(gn_sim_host *host, uint16_t number, const gn_sim_host_settings *settings,
                 const gn_sim_host_stage *stage)
{
    *host = (gn_sim_host){.world = stage->world,
                          .network = stage->network,
                          .app = stage->app,
                          .watch = stage->watch,
                          .receive_time_us = settings->receive_time_us,
                          .send_time_us = settings->send_time_us,
                          .receive_queue = settings->receive_queue,
                          .clock_us = settings->clock_us,
                          .begin_with = settings->begin_with,
                          .number = number};
    if (number == GN_SIM_CLIENT) {
        host->resume.settings = *stage->resume;
        host->resume.rehearses = stage->resume->tickets > 0;
    }
    return host_make(host, settings, stage, GN_SIM_RESTART_NO);
}

gn_err
gn_sim_host_restart(gn_sim_host *host, const gn_sim_host_settings *settings,
                    const gn_sim_host_stage *stage)
{
    gn_endpoint_wipe(host->endpoint);
    free(host->block);
    host->forgotten = host->connections;
    host->connection = 0;
    return host_make(host, settings, stage, (gn_sim_restart)stage->resume->restart);
}

void
gn_sim_host_free(gn_sim_host *host)
{
    if (host->endpoint != NULL)
        gn_endpoint_wipe(host->endpoint);
    free(host->block);
    free(host->heard);
    *host = (gn_sim_host){0};
}

/* The gn_route of an address, made when it is new; the latest is looked at first. */
static gn_route
host_hear(gn_sim_host *host, const gn_sim_address *from)
{
    for (size_t i = host->heard_count; i-- > 0;)
        if (gn_sim_address_equal(&host->heard[i], from))
            return i + 1;
    if (host->heard_count == host->heard_cap) {
        const size_t cap = host->heard_cap == 0 ? 8 : host->heard_cap * 2;
        gn_sim_address *heard = realloc(host->heard, cap * sizeof *heard);

        GN_ASSERT(heard != NULL);
        host->heard = heard;
        host->heard_cap = cap;
    }
    host->heard[host->heard_count++] = *from;
    return host->heard_count;
}

static bool
host_busy(const gn_sim_host *host)
{
    return host->busy_us > host->world->now_us;
}

/* So much more CPU time, and what is sent from now on leaves after it. */
static void
host_work(gn_sim_host *host, uint64_t for_us)
{
    if (for_us == 0)
        return;
    host->busy_us = (host_busy(host) ? host->busy_us : host->world->now_us) + for_us;
    host->network->leave_us[host->number] = host->busy_us;
}

/* Goes on when the CPU is free. */
static void
host_wait(gn_sim_host *host)
{
    if (host->reads)
        return;
    host->reads = true;
    gn_sim_world_at(host->world, host->busy_us, GN_SIM_CLASS_READ, host);
}

bool
gn_sim_host_take(gn_sim_host *host, gn_sim_packet *packet)
{
    if (!host_busy(host) && host->waits == NULL)
        return true;
    if (host->receive_queue != 0 && host->wait_count == host->receive_queue) {
        gn_sim_network_refuse(host->network, packet);
        return false;
    }
    packet->next = NULL;
    if (host->waits == NULL)
        host->waits = packet;
    else
        host->latest->next = packet;
    host->latest = packet;
    if (++host->wait_count > host->wait_peak)
        host->wait_peak = host->wait_count;
    host_wait(host);
    return false;
}

static void
host_timeout(gn_sim_host *host)
{
    const uint64_t now_us = host_now_us(host);

    if (gn_endpoint_deadline(host->endpoint) <= now_us) {
        const gn_err err = gn_endpoint_timeout(host->endpoint, now_us);

        GN_ASSERT(err == GN_OK);
    }
}

gn_sim_packet *
gn_sim_host_next(gn_sim_host *host)
{
    gn_sim_packet *packet = host->waits;

    host->reads = false;
    if (host_busy(host)) {
        host_wait(host);
        return NULL;
    }
    host_timeout(host);
    if (packet == NULL)
        return NULL;
    host->waits = packet->next;
    host->wait_count--;
    packet->next = NULL;
    return packet;
}

void
gn_sim_host_suspend(gn_sim_host *host, uint64_t for_us)
{
    host_work(host, for_us);
    host_wait(host);
}

void
gn_sim_host_receive(gn_sim_host *host, const gn_sim_packet *packet)
{
    const bool client = host->number == GN_SIM_CLIENT;
    gn_datagram datagram = {.size = sizeof datagram,
                            .bytes = packet->bytes,
                            .len = packet->len,
                            .route = client ? packet->route : host_hear(host, &packet->source),
                            .ecn = packet->ecn};

    memcpy(datagram.host, packet->source.ip, sizeof datagram.host);

    const gn_err err = gn_endpoint_receive(host->endpoint, &datagram, host_now_us(host));

    /* Whatever the bytes are, only a mistake of ours is an error here. */
    GN_ASSERT(err == GN_OK);
    host_work(host, host->receive_time_us);
}

static void
host_send(gn_sim_host *host, const gn_effect *effect)
{
    const uint8_t mark = (uint8_t)effect->ecn;

    host_work(host, host->send_time_us);
    if (host->number == GN_SIM_CLIENT) {
        GN_ASSERT(effect->route < host->network->route_count);
        gn_sim_network_send_up(host->network, (uint16_t)effect->route, effect->bytes, effect->len,
                               mark);
        return;
    }
    GN_ASSERT(effect->route >= 1 && effect->route <= host->heard_count);
    gn_sim_network_send_down(host->network, &host->heard[effect->route - 1], effect->bytes,
                             effect->len, mark);
}

static void
host_on_change(gn_sim_host *host, const gn_effect *effect)
{
    if (effect->kind == GN_EFFECT_STATE && effect->detail == GN_STATE_ACCEPTED) {
        host->connection = effect->connection;
        host->connections++;
        host->closed = false;
    }
    if (effect->kind == GN_EFFECT_CLOSED) {
        if (effect->connection == host->connection)
            host->closed = true;
        if ((effect->flags & GN_EFFECT_FORGOTTEN) != 0)
            host->forgotten++;
    }
    if (host->watch.on_change != NULL)
        host->watch.on_change(host->watch.context, host->number,
                              gn_sim_host_route(host, effect->route), effect);
}

static gn_sim_app_seat
host_seat(const gn_sim_host *host, gn_connection connection)
{
    return (gn_sim_app_seat){.endpoint = host->endpoint,
                             .connection = connection,
                             .now_us = host->world->now_us,
                             .clock_us = host->clock_us,
                             .host = host->number};
}

/* What brings the second connection: the newest ticket of the first. */
static void
host_on_state(gn_sim_host *host, const gn_effect *effect)
{
    gn_sim_resume *resume = &host->resume;

    if (!resume->rehearses || resume->waits)
        return;
    GN_ASSERT(effect->len <= sizeof resume->state);
    memcpy(resume->state, effect->bytes, effect->len);
    resume->state_len = effect->len;
    resume->waits = true;
}

/* And its token, when it is to be shown. */
static void
host_on_token(gn_sim_host *host, const gn_effect *effect)
{
    gn_sim_resume *resume = &host->resume;

    if (!resume->rehearses || resume->settings.token == 0)
        return;
    GN_ASSERT(effect->len <= sizeof resume->token);
    memcpy(resume->token, effect->bytes, effect->len);
    resume->token_len = effect->len;
}

static void
host_act(gn_sim_host *host, const gn_effect *effect)
{
    const gn_sim_app_seat seat = host_seat(host, effect->connection);

    switch (effect->kind) {
    case GN_EFFECT_SEND: host_send(host, effect); break;
    case GN_EFFECT_STATE:
        host_on_change(host, effect);
        if (!host->resume.rehearses)
            gn_sim_app_on_effect(host->app, &seat, effect);
        break;
    case GN_EFFECT_RESUMPTION_STATE: host_on_state(host, effect); break;
    case GN_EFFECT_NEW_TOKEN: host_on_token(host, effect); break;
    case GN_EFFECT_ZERO_RTT:
        host_on_change(host, effect);
        gn_sim_app_on_effect(host->app, &seat, effect);
        break;
    case GN_EFFECT_PATH:
    case GN_EFFECT_CLOSED: host_on_change(host, effect); break;
    default: gn_sim_app_on_effect(host->app, &seat, effect); break;
    }
}

/*
 * Asks to be woken at the endpoint's deadline. Entries cannot be taken back, but
 * waking early does no harm, so a new one is needed only before all others.
 */
static void
host_set_timer(gn_sim_host *host)
{
    const uint64_t now_us = host->world->now_us;
    const uint64_t deadline_us = gn_endpoint_deadline(host->endpoint);
    const uint64_t due_us = deadline_us > host->clock_us ? deadline_us - host->clock_us : 0;
    const uint64_t at_us = due_us > now_us ? due_us : now_us;

    if (deadline_us == GN_NEVER)
        return;
    if (host->wake_count > 0 && host->wakes_us[host->wake_count - 1] <= at_us)
        return;
    /* Without room the earliest is forgotten; when it comes up nobody knows it. */
    if (host->wake_count == GN_SIM_HOST_WAKES_MAX)
        host->wake_count--;
    host->wakes_us[host->wake_count++] = at_us;
    gn_sim_world_at(host->world, at_us, GN_SIM_CLASS_HOST, host);
}

void
gn_sim_host_settle(gn_sim_host *host)
{
    gn_effect effect = {.size = sizeof effect};
    uint32_t count = 0;

    while (gn_endpoint_next_effect(host->endpoint, &effect)) {
        if (++count > GN_SIM_HOST_EFFECTS_MAX) {
            host->runaway = true;
            return;
        }
        host_act(host, &effect);
    }
    if (host->waits != NULL)
        host_wait(host);
    host_set_timer(host);
}

void
gn_sim_host_wake(gn_sim_host *host)
{
    const uint64_t now_us = host->world->now_us;

    if (host->wake_count == 0 || now_us != host->wakes_us[host->wake_count - 1])
        return;
    host->wake_count--;
    if (host_busy(host)) {
        host_wait(host);
        return;
    }
    host_timeout(host);
    gn_sim_host_settle(host);
}

void
gn_sim_host_wake_app(gn_sim_host *host)
{
    const gn_sim_app_seat seat = host_seat(host, host->connection);

    if (host_busy(host)) {
        gn_sim_world_at(host->world, host->busy_us, GN_SIM_CLASS_APP, host);
        return;
    }
    gn_sim_app_on_timer(host->app, &seat);
    gn_sim_host_settle(host);
}

gn_err
gn_sim_host_connect(gn_sim_host *host, uint16_t route)
{
    gn_connect connect;

    gn_connect_default(&connect);
    connect.server_name = host->server_name;
    connect.route = route;
    connect.version = host->begin_with == 2 ? GN_VERSION_2 : (uint32_t)host->begin_with;
    memcpy(connect.host, gn_sim_network_server(host->network, route)->ip, sizeof connect.host);
    connect.token = host->resume.token;
    connect.token_len = host->resume.token_len;
    if (host->resume.state_len > 0) {
        connect.resumption_state = host->resume.state;
        connect.resumption_state_len = host->resume.state_len;
        connect.attempt_early_data = (uint8_t)host->resume.settings.early_data;
    }

    const gn_err err =
        gn_endpoint_connect(host->endpoint, &connect, host_now_us(host), &host->connection);

    if (err != GN_OK)
        return err;
    host->connections++;
    gn_sim_host_settle(host);
    return GN_OK;
}
