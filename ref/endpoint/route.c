/*
 * route.c: see route.h.
 */
#include "endpoint/route.h"

#include "base/assert.h"
#include "conn/conn_life.h"
#include "conn/conn_recv.h"
#include "conn/observer.h"
#include "wire/header_read.h"

/* RFC 9000 7.2: the least that a client's first destination ID has. [R-9000-7.2-1] */
enum { ROUTE_FIRST_DCID_MIN = 8 };

static void
route_drop(gn_endpoint *ep, const gn_datagram *datagram, gn_packet_kind kind, gn_drop_cause cause)
{
    const gn_env env = gn_endpoint_env(ep, 0);

    gn_observer_dropped(NULL, &env, kind, datagram->len, datagram->route, cause);
}

static void
route_accept(gn_endpoint *ep, const gn_datagram *datagram, const gn_header *first)
{
    const gn_env before = gn_endpoint_env(ep, 0);
    gn_connection handle = 0;

    if (!gn_conn_life_opens(&before, first, datagram->bytes)) {
        route_drop(ep, datagram, first->kind, GN_DROP_AUTH);
        return;
    }
    const uint32_t slot = gn_endpoint_take_seat(ep, &handle);
    if (slot == GN_POOL_NONE) {
        route_drop(ep, datagram, first->kind, GN_DROP_ROOM);
        return;
    }
    gn_conn *conn = &gn_endpoint_seat(ep, slot)->conn;
    const gn_env env = gn_endpoint_env(ep, slot);
    const gn_conn_origin origin = {.route = datagram->route, .host = datagram->host};
    if (gn_conn_life_accept(conn, &env, handle, first, origin) != GN_OK) {
        gn_endpoint_give_seat(ep, slot);
        route_drop(ep, datagram, first->kind, GN_DROP_ROOM);
        return;
    }
    gn_events_push(&conn->events, (gn_event_note){.kind = GN_EFFECT_STATE,
                                                  .detail = GN_STATE_ACCEPTED,
                                                  .route = datagram->route});
    if (!gn_conn_recv_datagram(conn, &env, datagram)) {
        gn_conn_life_wipe(conn, &env);
        gn_endpoint_give_seat(ep, slot);
        return;
    }
    gn_endpoint_enqueue(ep, slot);
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

void
gn_route_datagram(gn_endpoint *ep, const gn_datagram *datagram)
{
    gn_drop_cause cause = GN_DROP_HEADER;
    gn_header first;

    /* [R-9000-14-4] */
    if (datagram->len > ep->config.max_udp_payload_size ||
        gn_header_read(datagram->bytes, datagram->len, ep->config.cid_len, &first) != GN_OK) {
        route_drop(ep, datagram, GN_PACKET_UNKNOWN_VERSION, GN_DROP_HEADER);
        return;
    }
    /* [R-9000-6.1-1] [R-9000-6.2-3] */
    const bool has_dcid = first.kind != GN_PACKET_VNEG && first.kind != GN_PACKET_UNKNOWN_VERSION;
    const uint32_t slot =
        has_dcid ? gn_cid_map_find(gn_endpoint_cids(ep), &first.dcid) : GN_CID_MAP_FREE;
    if (slot != GN_CID_MAP_FREE) {
        const gn_env env = gn_endpoint_env(ep, slot);
        (void)gn_conn_recv_datagram(&gn_endpoint_seat(ep, slot)->conn, &env, datagram);
        gn_endpoint_enqueue(ep, slot);
    } else if (route_may_accept(ep, datagram, &first, &cause)) {
        route_accept(ep, datagram, &first);
    } else if (first.kind != GN_PACKET_ONE_RTT || !route_reset(ep, datagram)) {
        route_drop(ep, datagram, first.kind, cause);
    }
}
