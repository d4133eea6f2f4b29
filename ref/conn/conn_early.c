/*
 * conn_early.c: see conn_early.h.
 */
#include "conn/conn_early.h"

#include <string.h>

#include "base/assert.h"
#include "base/ct.h"
#include "base/writer.h"
#include "conn/conn_delivery.h"
#include "conn/conn_handshake.h"
#include "conn/observer.h"

static void
early_tell(gn_conn *conn, gn_zero_rtt status)
{
    conn->early.status = (uint8_t)status;
    gn_events_push(&conn->events,
                   (gn_event_note){.kind = GN_EFFECT_ZERO_RTT, .detail = (uint32_t)status});
}

/* The version and the server are the same, and nothing is skipped that is to be verified now. */
static bool
early_fits(const gn_conn *conn, const gn_env *env, const gn_resumption *found)
{
    /* [R-9369-5-1] */
    return conn->negotiation.probe == 0 && found->version == conn->negotiation.original &&
           found->server_name == conn->early.server_name &&
           (found->verified || !env->config->verify_peer);
}

gn_err
gn_conn_early_resume(gn_conn *conn, const gn_env *env, const gn_connect *connect,
                     gn_resumption *found, gn_tls_session_config *session)
{
    const char *name = connect->server_name == NULL ? "" : connect->server_name;
    const gn_span blob = gn_span_of(connect->resumption_state, connect->resumption_state_len);

    conn->early.server_name = gn_resumption_hash(gn_span_of((const uint8_t *)name, strlen(name)));
    if (blob.len == 0)
        return GN_OK;
    const gn_err err = gn_resumption_read(blob, found);
    if (err != GN_OK || !early_fits(conn, env, found))
        return err;
    session->state = found->state;
    /* RFC 9001 5.6: only if the application asks for it, which knows that it may be replayed.
     * [R-9001-5.6-1] */
    session->early_data =
        connect->attempt_early_data != 0 && found->application == env->application;
    return GN_OK;
}

/* RFC 9000 7.4.1: what was remembered is the peer's, until it says what is true now.
 * [R-9000-7.4.1-2] [R-9000-7.4.1-3] [R-9000-7.4.1-7] */
static void
early_go_by(gn_conn *conn, const gn_env *env, const gn_tparams *remembered)
{
    gn_early_limits(remembered, conn->early.limit);
    gn_conn_handshake_go_by(conn, env, remembered);
}

void
gn_conn_early_begin(gn_conn *conn, const gn_env *env, const gn_connect *connect,
                    const gn_resumption *found)
{
    const bool usable = found->state.len > 0 && early_fits(conn, env, found);

    if (gn_keys_can_seal(&conn->early.keys)) {
        early_go_by(conn, env, &found->parameters);
        early_tell(conn, GN_ZERO_RTT_ATTEMPTED);
    } else if (usable && !connect->attempt_early_data) {
        early_tell(conn, GN_ZERO_RTT_NOT_ATTEMPTED);
    } else if (connect->attempt_early_data || connect->resumption_state_len > 0) {
        early_tell(conn, GN_ZERO_RTT_UNAVAILABLE);
    }
}

void
gn_conn_early_offer(const gn_conn *conn, const gn_env *env, const gn_tparams *ours,
                    gn_tls_session_config *session)
{
    session->terms.version = conn->negotiation.now;
    session->terms.first_version = conn->negotiation.original;
    gn_early_limits(ours, session->terms.limit);
    session->terms.application = env->application;
}

/*
 * RFC 9001 4.6.2: the server has seen nothing of it. The packets leave the log without a word about
 * congestion, streams begin anew with what the application wrote, and no limit is remembered.
 * [R-9000-17.2.3-1] [R-9001-4.6.2-2]
 */
static void
early_start_anew(gn_conn *conn, const gn_env *env)
{
    gn_loss_lost gone;
    gn_tparams none;

    conn->early.refused_below = conn->loss.space[GN_SPACE_APP].next_pn;
    gn_conn_delivery_repeat(conn, env, GN_SPACE_APP, UINT32_MAX);
    gn_loss_discard(&conn->loss, env->sent, GN_SPACE_APP, env->now, &gone);
    gn_conn_delivery_forget(conn, env, &gone);
    conn->space[GN_SPACE_APP].probes = 0;
    gn_stream_set_restart(&conn->streams, env->pools);
    gn_tparams_init(&none);
    conn->peer = none;
}

void
gn_conn_early_verdict(gn_conn *conn, const gn_env *env, bool accepted)
{
    if (!conn->is_server) {
        /* What the server says now is for 1-RTT packets alone, so these end here. */
        gn_conn_early_discard(conn, env);
        if (!accepted)
            early_start_anew(conn, env);
    }
    early_tell(conn, accepted ? GN_ZERO_RTT_ACCEPTED : GN_ZERO_RTT_REJECTED);
}

gn_err
gn_conn_early_judge(const gn_conn *conn, const gn_tparams *peer, gn_fault *fault)
{
    const gn_stream_ids *ids = &conn->streams.ids;

    if (conn->is_server)
        return GN_OK;
    if (conn->early.status == GN_ZERO_RTT_ACCEPTED)
        return gn_early_judge(&conn->early, peer, fault);
    /* A stream that was begun cannot be taken back, and may not be sent on. */
    if (conn->early.status == GN_ZERO_RTT_REJECTED &&
        (ids->allowed[GN_STREAM_BIDI].used > peer->initial_max_streams_bidi ||
         ids->allowed[GN_STREAM_UNI].used > peer->initial_max_streams_uni))
        return gn_fault_set(fault, GN_FAULT_INTERNAL, 0,
                            "RFC 9001 4.6.2: rejected, and more streams open than are allowed now");
    return GN_OK;
}

void
gn_conn_early_ticket(gn_conn *conn, const gn_env *env, gn_span state)
{
    const gn_resumption resumption = {
        .version = conn->space[GN_SPACE_APP].keys.version,
        .verified = env->config->verify_peer != 0,
        .server_name = conn->early.server_name,
        .application = env->application,
        .alpn = gn_span_of((const uint8_t *)conn->handshake.alpn, conn->handshake.alpn_len),
        .state = state,
        .parameters = conn->peer,
    };
    uint8_t blob[GN_RESUMPTION_MAX];
    gn_writer w = gn_writer_over(blob, sizeof blob);

    if (gn_resumption_write(&w, &resumption) == GN_OK)
        gn_early_keep(&conn->early, env->pools.chunks, gn_span_of(blob, w.at));
    gn_ct_wipe(blob, sizeof blob);
}

void
gn_conn_early_on_complete(gn_conn *conn, const gn_env *env, const gn_tls_complete *complete)
{
    conn->early.resumed = complete->resumed;
    /* RFC 9001 4.9.3: long enough for packets that were overtaken. [R-9001-4.9.3-1] */
    if (gn_early_can_open(&conn->early))
        conn->early.discard_at = gn_time_after(env->now, 3 * gn_conn_pto_us(conn));
}

void
gn_conn_early_discard(gn_conn *conn, const gn_env *env)
{
    gn_early *early = &conn->early;

    early->discard_at = GN_NEVER;
    if (early->keys.discarded || !(gn_keys_can_seal(&early->keys) || gn_early_can_open(early)))
        return;
    gn_keys_discard(env->keys, &early->keys);
    gn_observer_keys_discarded(conn, env, GN_PACKET_ZERO_RTT);
}
