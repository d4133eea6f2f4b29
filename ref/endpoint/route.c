/*
 * route.c: see route.h.
 */
#include "endpoint/route.h"

#include <string.h>

#include "base/assert.h"
#include "conn/conn_life.h"
#include "conn/conn_recv.h"
#include "conn/conn_version.h"
#include "conn/observer.h"
#include "endpoint/answer.h"
#include "endpoint/hello_version.h"
#include "wire/header_read.h"

/* RFC 9000 7.2: the least that a client's first destination ID has. [R-9000-7.2-1] */
enum { ROUTE_FIRST_DCID_MIN = 8 };

static void
route_drop(gn_endpoint *ep, const gn_datagram *datagram, gn_packet_kind kind, gn_drop_cause cause)
{
    const gn_env env = gn_endpoint_env(ep, 0);

    gn_observer_dropped(NULL, &env, kind, datagram->len, datagram->route, cause);
}

/* A seat with a new connection, or GN_POOL_NONE when there is no room. */
static uint32_t
route_new(gn_endpoint *ep, const gn_datagram *datagram, const gn_header *first,
          const gn_admission_result *admitted, uint32_t version, bool told, gn_first_keys *keys)
{
    const gn_conn_origin origin = {.route = datagram->route,
                                   .host = datagram->host,
                                   .original = admitted->retried ? &admitted->token.original : NULL,
                                   .version = version,
                                   .told = told,
                                   .proved = admitted->proved};
    gn_connection handle = 0;
    const uint32_t slot = gn_endpoint_take_seat(ep, &handle);

    if (slot == GN_POOL_NONE)
        return slot;
    const gn_env env = gn_endpoint_env(ep, slot);
    if (gn_conn_life_accept(&gn_endpoint_seat(ep, slot)->conn, &env, handle, first, origin, keys) !=
        GN_OK) {
        gn_endpoint_give_seat(ep, slot);
        return GN_POOL_NONE;
    }
    return slot;
}

/* RFC 9000 8.1.3, 5.2.2: a connection only long enough to say that there is none. */
static void
route_refuse(gn_endpoint *ep, const gn_datagram *datagram, uint32_t slot, const gn_fault *fault)
{
    gn_conn *conn = &gn_endpoint_seat(ep, slot)->conn;

    conn->refused = 1;
    conn->close.told = 1;
    gn_path_on_received(&conn->paths.at[0], datagram->len);
    gn_close_on_fault(&conn->close, fault, ep->now, 3 * gn_conn_pto_us(conn));
    gn_endpoint_enqueue(ep, slot);
}

/* What overtook the Initial that made this connection. */
static void
route_held(gn_endpoint *ep, uint32_t slot, const gn_cid *dcid)
{
    gn_early_datagram *places = (gn_early_datagram *)(void *)gn_endpoint_part(ep, GN_PART_EARLY);
    const gn_env env = gn_endpoint_env(ep, slot);
    gn_early_datagram held;

    while (gn_early_hold_take(&ep->early_hold, places, dcid, ep->now, &held)) {
        gn_datagram datagram = {.size = sizeof datagram,
                                .bytes = held.bytes,
                                .len = held.len,
                                .route = held.route,
                                .ecn = held.ecn};
        memcpy(datagram.host, held.host, sizeof datagram.host);
        (void)gn_conn_recv_datagram(&gn_endpoint_seat(ep, slot)->conn, &env, &datagram);
    }
}

static void
route_admit(gn_endpoint *ep, const gn_datagram *datagram, const gn_header *first,
            gn_admission_result *admitted, uint32_t version, bool told, gn_first_keys *keys)
{
    const uint32_t slot = route_new(ep, datagram, first, admitted, version, told, keys);

    if (slot == GN_POOL_NONE) {
        route_drop(ep, datagram, first->kind, GN_DROP_ROOM);
        return;
    }
    if (admitted->verdict == GN_ADMISSION_REFUSE) {
        route_refuse(ep, datagram, slot, &admitted->fault);
        return;
    }
    gn_endpoint_seat(ep, slot)->accepted = 1;
    ep->accepted++;
    gn_conn *conn = &gn_endpoint_seat(ep, slot)->conn;
    const gn_env env = gn_endpoint_env(ep, slot);
    gn_events_push(&conn->events, (gn_event_note){.kind = GN_EFFECT_STATE,
                                                  .detail = GN_STATE_ACCEPTED,
                                                  .route = datagram->route});
    if (!gn_conn_recv_datagram(conn, &env, datagram)) {
        gn_conn_life_wipe(conn, &env);
        gn_endpoint_give_seat(ep, slot);
        return;
    }
    route_held(ep, slot, &first->dcid);
    gn_endpoint_count(ep, slot);
    gn_endpoint_enqueue(ep, slot);
}

/* RFC 9000 5.2.2: no more clients than the application wants. */
static void
route_limit(const gn_endpoint *ep, gn_admission_result *admitted)
{
    const uint32_t most = ep->config.max_server_connections;

    if (admitted->verdict != GN_ADMISSION_ADMIT || most == 0 || ep->accepted < most)
        return;
    admitted->verdict = GN_ADMISSION_REFUSE;
    (void)gn_fault_set(&admitted->fault, GN_FAULT_CONNECTION_REFUSED, 0,
                       "RFC 9000 5.2.2: no room for another connection");
}

/* What becomes of a sender whose first packet was opened. False: nothing, the packet is dropped. */
static bool
route_judge(gn_endpoint *ep, const gn_datagram *datagram, const gn_header *first, gn_span payload,
            gn_first_keys *keys)
{
    bool told = false;
    const uint32_t version = gn_hello_version(&ep->config, first->version, payload, &told);
    gn_admission_result admitted =
        gn_admission_judge(&ep->admission, &ep->config, datagram, first, payload, ep->now);

    route_limit(ep, &admitted);
    switch (admitted.verdict) {
    case GN_ADMISSION_ADMIT:
    case GN_ADMISSION_REFUSE:
        route_admit(ep, datagram, first, &admitted, version, told, keys);
        return true;
    case GN_ADMISSION_RETRY: return gn_answer_retry(ep, datagram, first, payload);
    case GN_ADMISSION_DROP: break;
    }
    return false;
}

static void
route_accept(gn_endpoint *ep, const gn_datagram *datagram, const gn_header *first)
{
    const gn_env env = gn_endpoint_env(ep, 0);
    gn_first_keys keys;
    gn_span payload;

    if (!gn_first_keys_open(&keys, &env, first, datagram->bytes, &payload))
        route_drop(ep, datagram, first->kind, GN_DROP_AUTH);
    else if (!route_judge(ep, datagram, first, payload, &keys))
        route_drop(ep, datagram, first->kind, GN_DROP_STATE);
    gn_first_keys_drop(&keys, &env);
}

/* Whether the packet may begin a connection (RFC 9000 5.2.2, 7.2, 14.1). [R-9000-5.2.2-2] */
static bool
route_may_accept(const gn_endpoint *ep, const gn_datagram *datagram, const gn_header *first,
                 gn_drop_cause *cause)
{
    *cause = GN_DROP_UNKNOWN;
    if (first->kind == GN_PACKET_UNKNOWN_VERSION)
        /* [R-9000-5.2.2-1] */
        *cause = GN_DROP_VERSION;
    if (ep->config.role != GN_ROLE_SERVER || first->kind != GN_PACKET_INITIAL)
        return false;
    *cause = GN_DROP_SMALL;
    /* [R-9000-14.1-3] */
    if (datagram->len < GN_DATAGRAM_MIN)
        return false;
    *cause = GN_DROP_HEADER;
    return first->dcid.len >= ROUTE_FIRST_DCID_MIN;
}

/*
 * RFC 9000 10.3.1 [R-9000-10.3.1-1]: a stateless reset is addressed to nobody; only its last
 * bytes tell. Those who use this route are asked, one after the other.
 */
static bool
route_reset(gn_endpoint *ep, const gn_datagram *datagram)
{
    for (uint32_t slot = 0; slot < ep->seats.fresh; slot++) {
        gn_conn *conn = &gn_endpoint_seat(ep, slot)->conn;
        const gn_env env = gn_endpoint_env(ep, slot);
        if (conn->handle != 0 && gn_conn_recv_reset(conn, &env, datagram)) {
            gn_endpoint_enqueue(ep, slot);
            return true;
        }
    }
    return false;
}

/* RFC 9000 5.2.2: 0-RTT packets may come before their Initial. */
static bool
route_hold(gn_endpoint *ep, const gn_datagram *datagram, const gn_header *first)
{
    gn_early_datagram *places = (gn_early_datagram *)(void *)gn_endpoint_part(ep, GN_PART_EARLY);

    return ep->config.role == GN_ROLE_SERVER && ep->config.allow_early_data &&
           first->dcid.len >= ROUTE_FIRST_DCID_MIN &&
           gn_early_hold_add(&ep->early_hold, places, datagram, &first->dcid, ep->now);
}

/* What belongs to no connection, and begins none: it may end one, or be worth an answer. Of a
 * connection that is there, ending or not, nobody hears by a reset. [R-9000-11-1] */
static bool
route_answer(gn_endpoint *ep, const gn_datagram *datagram, const gn_header *first)
{
    switch (first->kind) {
    case GN_PACKET_ONE_RTT:
        return route_reset(ep, datagram) || gn_answer_reset(ep, datagram, first);
    case GN_PACKET_UNKNOWN_VERSION:
        return route_reset(ep, datagram) || gn_answer_version(ep, datagram, first);
    case GN_PACKET_ZERO_RTT: return route_reset(ep, datagram) || route_hold(ep, datagram, first);
    default: return route_reset(ep, datagram);
    }
}

/* RFC 9000 5.2: whose ID, or where our IDs are empty whose address, this is; or GN_CID_MAP_FREE. */
static uint32_t
route_named(gn_endpoint *ep, const gn_datagram *datagram, const gn_cid *dcid)
{
    if (dcid->len > 0)
        return gn_cid_map_find(gn_endpoint_cids(ep), dcid);
    if (ep->config.cid_len > 0)
        return GN_CID_MAP_FREE;
    const gn_cid name = gn_route_name_of(&ep->route_names, datagram->route);
    return gn_cid_map_find(gn_endpoint_cids(ep), &name);
}

/* The connection the packet is for, or GN_CID_MAP_FREE. [R-9000-6.1-1] */
static uint32_t
route_find(gn_endpoint *ep, const gn_datagram *datagram, const gn_header *first)
{
    if (first->kind == GN_PACKET_VNEG || first->kind == GN_PACKET_UNKNOWN_VERSION)
        return GN_CID_MAP_FREE;
    return route_named(ep, datagram, &first->dcid);
}

/* A Version Negotiation packet, to the client's connection that it names. */
static bool
route_vneg(gn_endpoint *ep, const gn_datagram *datagram, const gn_header *first)
{
    if (ep->config.role != GN_ROLE_CLIENT || first->dcid_bytes.len > GN_CID_MAX)
        return false;
    const gn_cid dcid = gn_cid_from(first->dcid_bytes.ptr, (uint8_t)first->dcid_bytes.len);
    const uint32_t slot = route_named(ep, datagram, &dcid);
    if (slot == GN_CID_MAP_FREE)
        return false;
    const gn_env env = gn_endpoint_env(ep, slot);
    if (!gn_conn_version_on_vneg(&gn_endpoint_seat(ep, slot)->conn, &env, first))
        return false;
    gn_endpoint_enqueue(ep, slot);
    return true;
}

void
gn_route_datagram(gn_endpoint *ep, const gn_datagram *datagram)
{
    gn_drop_cause cause = GN_DROP_HEADER;
    gn_header first;

    /* [R-9000-14-4] */
    const bool fits = datagram->len <= ep->config.max_udp_payload_size;
    if (!fits || gn_header_read_greased(datagram->bytes, datagram->len, ep->config.cid_len,
                                        ep->config.grease_quic_bit, &first) != GN_OK) {
        /* RFC 9000 10.3: a reset need not look like a packet. */
        if (!fits || !route_reset(ep, datagram))
            route_drop(ep, datagram, GN_PACKET_UNKNOWN_VERSION, GN_DROP_HEADER);
        return;
    }
    /* A version that this endpoint does not speak is none that it knows. */
    if (first.kind <= GN_PACKET_RETRY && !gn_negotiation_speaks(ep->config.versions, first.version))
        first.kind = GN_PACKET_UNKNOWN_VERSION;
    if (first.kind == GN_PACKET_VNEG && route_vneg(ep, datagram, &first))
        return;
    const uint32_t slot = route_find(ep, datagram, &first);
    if (slot != GN_CID_MAP_FREE) {
        const gn_env env = gn_endpoint_env(ep, slot);
        (void)gn_conn_recv_datagram(&gn_endpoint_seat(ep, slot)->conn, &env, datagram);
        gn_endpoint_enqueue(ep, slot);
    } else if (route_may_accept(ep, datagram, &first, &cause)) {
        route_accept(ep, datagram, &first);
    } else if (!route_answer(ep, datagram, &first)) {
        route_drop(ep, datagram, first.kind, cause);
    }
}
