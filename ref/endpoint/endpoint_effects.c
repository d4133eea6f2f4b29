/*
 * endpoint_effects.c: the effects and queries of gnomon.h: what an endpoint tells the caller.
 */
#include "base/assert.h"
#include "base/fault.h"
#include "conn/conn_check.h"
#include "conn/conn_effects.h"
#include "conn/conn_life.h"
#include "conn/conn_plan_streams.h"
#include "conn/conn_send.h"
#include "conn/conn_tick.h"
#include "conn/observer.h"
#include "endpoint/endpoint.h"
#include "endpoint/refusal.h"
#include "endpoint/struct_size.h"
#include "tls/tls_alert.h"

/* The queries change nothing; what they read is found through the same offsets. */
static gn_endpoint *
effects_reading(const gn_endpoint *ep)
{
    return (gn_endpoint *)(uintptr_t)ep;
}

/* A connection that is over and whose end was told: its room is free again. */
static void
effects_forget(gn_endpoint *ep, uint32_t slot, const gn_env *env, gn_effect *out)
{
    gn_conn *conn = &gn_endpoint_seat(ep, slot)->conn;

    *out = (gn_effect){.size = sizeof *out,
                       .kind = GN_EFFECT_CLOSED,
                       .detail = conn->close.cause,
                       .flags = GN_EFFECT_FORGOTTEN,
                       .connection = conn->handle,
                       .code = conn->close.code,
                       .frame_type = conn->close.frame_type};
    gn_conn_life_wipe(conn, env);
    gn_endpoint_dequeue(ep);
    gn_endpoint_give_seat(ep, slot);
}

/* What answers somebody we have no connection with. */
static bool
effects_stray(gn_endpoint *ep, gn_effect *out)
{
    const gn_stray *stray = gn_outbox_take(&ep->outbox);

    if (stray == NULL)
        return false;
    const gn_env env = gn_endpoint_env(ep, 0);
    gn_observer_stray(&env, (gn_event_packet)stray->packet, stray->len, stray->route);
    *out = (gn_effect){.size = sizeof *out,
                       .kind = GN_EFFECT_SEND,
                       .route = stray->route,
                       .bytes = stray->bytes,
                       .len = stray->len};
    return true;
}

/* Does this connection wait for slots of streams? */
static void
effects_note_lack(gn_endpoint *ep, uint32_t slot, const gn_env *env)
{
    gn_seat *seat = gn_endpoint_seat(ep, slot);
    const uint8_t lacks = gn_conn_plan_streams_lacks_slots(&seat->conn, env) ? 1 : 0;

    ep->lacking += lacks;
    ep->lacking -= seat->lacks;
    seat->lacks = lacks;
}

/* Slots that streams gave back are for whoever waits for them, of whatever connection they were. */
static void
effects_share_slots(gn_endpoint *ep)
{
    const bool freed = ep->streams.used < ep->streams_used;

    ep->streams_used = ep->streams.used;
    if (!freed || ep->lacking == 0)
        return;
    for (uint32_t slot = 0; slot < ep->seats.fresh; slot++) {
        const gn_seat *seat = gn_endpoint_seat(ep, slot);

        if (seat->conn.handle != 0 && seat->lacks)
            gn_endpoint_enqueue(ep, slot);
    }
}

/* The next effect, whole. */
static bool
effects_next(gn_endpoint *ep, gn_effect *out)
{
    if (gn_inspection_pop(&ep->inspection, out) || effects_stray(ep, out))
        return true;
    while (ep->busy_head != GN_POOL_NONE) {
        const uint32_t slot = ep->busy_head;
        const gn_env env = gn_endpoint_env(ep, slot);
        gn_conn *conn = &gn_endpoint_seat(ep, slot)->conn;

        const bool was_told = conn->close.told;
        if (gn_conn_effects_next(conn, &env, out)) {
            if (conn->close.told && !was_told)
                gn_observer_closed(conn, &env);
            return true;
        }
        if (gn_conn_send_next(conn, &env, out))
            return true;
        if (conn->close.phase == GN_CLOSE_CLOSED) {
            /* Of who was refused the application has never heard. */
            const bool tell = !conn->refused;
            effects_forget(ep, slot, &env, out);
            effects_share_slots(ep);
            if (tell)
                return true;
            continue;
        }
        gn_conn_tick_settle(conn, &env);
        if (gn_conn_effects_any(conn))
            continue;
        gn_endpoint_dequeue(ep);
        gn_endpoint_count(ep, slot);
        gn_schedule_set(gn_endpoint_schedule(ep), slot, gn_timers_next(&conn->timers));
        effects_note_lack(ep, slot, &env);
        effects_share_slots(ep);
    }
    return false;
}

bool
gn_endpoint_pull(gn_endpoint *ep, gn_effect *out, size_t size)
{
    gn_effect whole;

    if (ep == NULL || out == NULL || size < sizeof size)
        return false;
    if (size >= sizeof whole)
        return effects_next(ep, out);
    if (!effects_next(ep, &whole))
        return false;
    gn_struct_size_give(out, size, &whole, sizeof whole);
    return true;
}

bool
gn_endpoint_has_effects(const gn_endpoint *ep)
{
    return ep != NULL && (ep->busy_head != GN_POOL_NONE || gn_outbox_any(&ep->outbox) ||
                          gn_inspection_any(&ep->inspection));
}

bool
gn_endpoint_has_stream_data(const gn_endpoint *ep)
{
    gn_endpoint *reading = effects_reading(ep);

    for (uint32_t slot = 0; ep != NULL && slot < ep->seats.fresh; slot++) {
        const gn_conn *conn = &gn_endpoint_seat(reading, slot)->conn;
        if (conn->handle != 0 && gn_conn_is_open(conn) && gn_stream_set_waits(&conn->streams))
            return true;
    }
    return false;
}

bool
gn_endpoint_read_error(const gn_endpoint *ep, gn_local_error *out, size_t size)
{
    gn_local_error none;

    gn_refusal_clear(&none);
    gn_struct_size_give(out, size, ep == NULL ? &none : &ep->refused, sizeof none);
    return ep != NULL && ep->refused.code != GN_LOCAL_NONE;
}

gn_time
gn_endpoint_deadline(const gn_endpoint *ep)
{
    uint32_t slot = 0;

    if (ep == NULL)
        return GN_NEVER;
    if (gn_endpoint_has_effects(ep))
        return ep->now;
    return gn_schedule_first(gn_endpoint_schedule(effects_reading(ep)), &slot);
}

gn_err
gn_connection_read_info(const gn_endpoint *ep, gn_connection connection, gn_info *out, size_t size)
{
    gn_info info = {0};

    if (ep == NULL || out == NULL)
        return GN_ERR_CONFIG;
    const uint32_t slot = gn_endpoint_slot(ep, connection);
    if (slot != GN_POOL_NONE)
        gn_conn_effects_info(&gn_endpoint_seat(effects_reading(ep), slot)->conn, &info);
    gn_struct_size_give(out, size, &info, sizeof info);
    return slot == GN_POOL_NONE ? GN_ERR_NONE : GN_OK;
}

gn_err
gn_connection_read_certificate(const gn_endpoint *ep, gn_connection connection, gn_certificate *out,
                               size_t size)
{
    gn_certificate shown = {0};
    gn_span der = {0};
    bool any = false, verified = false;

    if (ep == NULL || out == NULL)
        return GN_ERR_CONFIG;
    const uint32_t slot = gn_endpoint_slot(ep, connection);
    if (slot != GN_POOL_NONE) {
        const void *tls = gn_endpoint_seat(effects_reading(ep), slot)->conn.handshake.tls;
        any = tls != NULL &&
              gn_endpoint_env(effects_reading(ep), slot).tls->certificate(tls, &der, &verified);
    }
    if (any)
        shown = (gn_certificate){.der = der.ptr, .len = der.len, .verified = verified};
    gn_struct_size_give(out, size, &shown, sizeof shown);
    return any ? GN_OK : GN_ERR_NONE;
}

const char *
gn_code_name(uint64_t code)
{
    if (code >= GN_FAULT_CRYPTO && code <= GN_FAULT_CRYPTO + UINT8_MAX)
        return gn_tls_alert_name((uint8_t)(code - GN_FAULT_CRYPTO));
    return gn_fault_name(code);
}

uint32_t
gn_endpoint_connections(const gn_endpoint *ep)
{
    return ep == NULL ? 0 : ep->seats.used;
}

void
gn_endpoint_check(const gn_endpoint *ep)
{
    gn_endpoint *reading = effects_reading(ep);

    GN_ASSERT(gn_schedule_check(gn_endpoint_schedule(reading)));
    for (uint32_t slot = 0; slot < ep->seats.fresh; slot++) {
        const gn_env env = gn_endpoint_env(reading, slot);
        const gn_conn *conn = &gn_endpoint_seat(reading, slot)->conn;
        if (conn->handle != 0)
            gn_conn_check(conn, &env);
    }
}

uint64_t
gn_connection_digest(const gn_endpoint *ep, gn_connection connection)
{
    const uint32_t slot = ep == NULL ? GN_POOL_NONE : gn_endpoint_slot(ep, connection);

    if (slot == GN_POOL_NONE)
        return 0;
    return gn_conn_check_digest(&gn_endpoint_seat(effects_reading(ep), slot)->conn);
}
