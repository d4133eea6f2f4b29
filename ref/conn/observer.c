/*
 * observer.c: see observer.h.
 */
#include "conn/observer.h"

#include "conn/conn_effects.h"

static bool
observer_listens(const gn_env *env)
{
    return env->config->observer.on_event != NULL;
}

static gn_event
observer_event(const gn_conn *conn, const gn_env *env, gn_event_kind kind)
{
    return (gn_event){.size = sizeof(gn_event),
                      .kind = (uint32_t)kind,
                      .now = env->now,
                      .connection = conn != NULL ? conn->handle : 0};
}

static void
observer_tell(const gn_env *env, const gn_event *event)
{
    env->config->observer.on_event(env->config->observer.context, event);
}

static uint8_t
observer_space(gn_packet_kind kind)
{
    switch (kind) {
    case GN_PACKET_INITIAL: return GN_SPACE_INITIAL;
    case GN_PACKET_HANDSHAKE: return GN_SPACE_HANDSHAKE;
    default: return GN_SPACE_APP;
    }
}

static void
observer_packet(const gn_conn *conn, const gn_env *env, gn_event_kind kind,
                const gn_observer_packet *p)
{
    gn_event event = observer_event(conn, env, kind);

    event.route = p->route;
    event.pn = p->pn;
    event.packet = (uint8_t)p->kind;
    event.space = observer_space(p->kind);
    event.path = p->path;
    event.ecn = p->ecn;
    event.key_phase = p->key_phase;
    event.version = p->version;
    event.dcid = p->dcid.ptr;
    event.dcid_len = p->dcid.len;
    event.scid = p->scid.ptr;
    event.scid_len = p->scid.len;
    event.payload = p->payload.ptr;
    event.payload_len = p->payload.len;
    event.len = p->len;
    observer_tell(env, &event);
}

void
gn_observer_packet_sent(const gn_conn *conn, const gn_env *env, const gn_observer_packet *p)
{
    if (observer_listens(env))
        observer_packet(conn, env, GN_EVENT_PACKET_SENT, p);
}

void
gn_observer_packet_received(const gn_conn *conn, const gn_env *env, const gn_observer_packet *p)
{
    if (observer_listens(env))
        observer_packet(conn, env, GN_EVENT_PACKET_RECEIVED, p);
}

void
gn_observer_stray(const gn_env *env, gn_event_packet kind, size_t len, gn_route route)
{
    if (!observer_listens(env))
        return;
    gn_event event = observer_event(NULL, env, GN_EVENT_PACKET_SENT);
    event.packet = (uint8_t)kind;
    event.space = GN_SPACE_APP;
    event.route = route;
    event.len = len;
    observer_tell(env, &event);
}

void
gn_observer_dropped(gn_conn *conn, const gn_env *env, gn_packet_kind kind, size_t len,
                    gn_route route, gn_drop_cause cause)
{
    if (conn != NULL) {
        conn->counters.packets_dropped++;
        conn->counters.dropped[cause]++;
    }
    if (!observer_listens(env))
        return;
    gn_event event = observer_event(conn, env, GN_EVENT_PACKET_DROPPED);
    event.detail = (uint32_t)cause;
    event.packet = (uint8_t)kind;
    event.space = observer_space(kind);
    event.route = route;
    event.len = len;
    observer_tell(env, &event);
}

void
gn_observer_held(const gn_conn *conn, const gn_env *env, gn_packet_kind kind, size_t len,
                 gn_route route)
{
    if (!observer_listens(env))
        return;
    gn_event event = observer_event(conn, env, GN_EVENT_PACKET_HELD);
    event.packet = (uint8_t)kind;
    event.space = observer_space(kind);
    event.route = route;
    event.len = len;
    observer_tell(env, &event);
}

void
gn_observer_lost(const gn_conn *conn, const gn_env *env, const gn_sent *record, uint32_t detail)
{
    if (!observer_listens(env))
        return;
    gn_event event = observer_event(conn, env, GN_EVENT_PACKET_LOST);
    event.detail = detail;
    event.space = record->space;
    event.path = record->path;
    event.pn = record->pn;
    event.len = record->bytes;
    observer_tell(env, &event);
}

/* The names of the NSS key log format. */
static const char *
observer_label(bool client, gn_level level)
{
    switch (level) {
    case GN_LEVEL_EARLY: return "CLIENT_EARLY_TRAFFIC_SECRET";
    case GN_LEVEL_HANDSHAKE:
        return client ? "CLIENT_HANDSHAKE_TRAFFIC_SECRET" : "SERVER_HANDSHAKE_TRAFFIC_SECRET";
    default: return client ? "CLIENT_TRAFFIC_SECRET_0" : "SERVER_TRAFFIC_SECRET_0";
    }
}

void
gn_observer_secret(const gn_conn *conn, const gn_env *env, gn_level level,
                   const gn_tls_secret *secret)
{
    uint8_t random[GN_TLS_RANDOM_BYTES];

    if (!observer_listens(env) || !env->tls->client_random(conn->handshake.tls, random))
        return;
    gn_event event = observer_event(conn, env, GN_EVENT_SECRET);
    event.label = observer_label(secret->write != (bool)conn->is_server, level);
    event.suite = secret->suite;
    event.payload = secret->bytes;
    event.payload_len = secret->len;
    event.extra = random;
    event.extra_len = sizeof random;
    observer_tell(env, &event);
}

void
gn_observer_keys_discarded(const gn_conn *conn, const gn_env *env, gn_packet_kind kind)
{
    if (!observer_listens(env))
        return;
    gn_event event = observer_event(conn, env, GN_EVENT_KEYS_DISCARDED);
    event.packet = (uint8_t)kind;
    event.space = observer_space(kind);
    observer_tell(env, &event);
}

void
gn_observer_parameters(const gn_conn *conn, const gn_env *env, uint32_t detail, gn_span encoded)
{
    if (!observer_listens(env))
        return;
    gn_event event = observer_event(conn, env, GN_EVENT_PARAMETERS);
    event.detail = detail;
    event.payload = encoded.ptr;
    event.payload_len = encoded.len;
    observer_tell(env, &event);
}

void
gn_observer_metrics(const gn_conn *conn, const gn_env *env)
{
    if (!observer_listens(env))
        return;
    gn_info info;
    gn_conn_effects_info(conn, &info);
    gn_event event = observer_event(conn, env, GN_EVENT_METRICS);
    event.route = info.route;
    event.path = conn->paths.active;
    event.info = &info;
    observer_tell(env, &event);
}

void
gn_observer_path(const gn_conn *conn, const gn_env *env, uint8_t path, gn_path_change change)
{
    if (!observer_listens(env))
        return;
    gn_event event = observer_event(conn, env, GN_EVENT_PATH);
    event.route = conn->paths.at[path].route;
    event.path = path;
    event.detail = (uint32_t)change;
    observer_tell(env, &event);
}

void
gn_observer_pto(const gn_conn *conn, const gn_env *env, gn_space_id space)
{
    if (!observer_listens(env))
        return;
    gn_event event = observer_event(conn, env, GN_EVENT_PTO);
    event.space = (uint8_t)space;
    event.code = conn->loss.pto_count;
    observer_tell(env, &event);
}

void
gn_observer_closed(const gn_conn *conn, const gn_env *env)
{
    if (!observer_listens(env))
        return;
    gn_event event = observer_event(conn, env, GN_EVENT_CLOSED);
    event.detail = conn->close.cause;
    event.code = conn->close.code;
    event.frame_type = conn->close.frame_type;
    event.payload = (const uint8_t *)conn->close.reason;
    event.payload_len = conn->close.reason_len;
    observer_tell(env, &event);
}
