/*
 * conn_handshake.c: see conn_handshake.h.
 */
#include "conn/conn_handshake.h"

#include <string.h>

#include "base/assert.h"
#include "base/ct.h"
#include "conn/conn_delivery.h"
#include "conn/conn_early.h"
#include "conn/conn_ids.h"
#include "conn/conn_life.h"
#include "conn/observer.h"

static gn_space_id
handshake_space(gn_level level)
{
    switch (level) {
    case GN_LEVEL_INITIAL: return GN_SPACE_INITIAL;
    case GN_LEVEL_HANDSHAKE: return GN_SPACE_HANDSHAKE;
    default: return GN_SPACE_APP;
    }
}

static gn_err
handshake_no_room(gn_fault *fault)
{
    return gn_fault_set(fault, GN_FAULT_INTERNAL, 0, "RFC 9000 20.1: no room for the handshake");
}

/* [R-9001-4.9-2] */
static gn_err
handshake_on_bytes(gn_conn *conn, const gn_env *env, const gn_tls_event *event, gn_fault *fault)
{
    gn_space *space = &conn->space[handshake_space(event->level)];
    const size_t taken = gn_send_buf_push(&space->crypto_out, env->pools.chunks, event->bytes.ptr,
                                          event->bytes.len, UINT64_MAX);

    return taken == event->bytes.len ? GN_OK : handshake_no_room(fault);
}

/* RFC 9001 6: what keys that last as long as the connection need besides; tests lower limits. */
static void
handshake_keys_installed(const gn_env *env, gn_keys *keys, gn_level level, bool write)
{
    const gn_config *config = env->config;
    const uint64_t seal = config->confidentiality_limit;
    const uint64_t open = config->integrity_limit;

    gn_keys_lower_limits(keys, level == GN_LEVEL_APP && seal != 0 ? seal : UINT64_MAX,
                         open != 0 ? open : UINT64_MAX);
    if (level != GN_LEVEL_APP)
        return;
    gn_keys_update_after(keys, config->key_update_packets);
    if (!write)
        /* [R-9001-6.3-2] */
        gn_keys_prepare(env->suite, env->keys, keys);
}

static gn_err
handshake_on_secret(gn_conn *conn, const gn_env *env, gn_tls_event *event, gn_fault *fault)
{
    gn_keys *keys = event->level == GN_LEVEL_EARLY
                        ? &conn->early.keys
                        : &conn->space[handshake_space(event->level)].keys;

    gn_observer_secret(conn, env, event->level, &event->as.secret);
    const gn_err err = gn_keys_install(env->suite, env->keys, keys,
                                       event->as.secret.write ? GN_KEYS_TX : GN_KEYS_RX,
                                       (gn_suite_id)event->as.secret.suite, event->as.secret.bytes);

    if (err == GN_OK && event->level != GN_LEVEL_EARLY)
        handshake_keys_installed(env, keys, event->level, event->as.secret.write);
    gn_ct_wipe(&event->as.secret, sizeof event->as.secret);
    return err == GN_OK ? GN_OK : handshake_no_room(fault);
}

/* RFC 9001 4.1.3: nothing may be left of a space when the keys of the next one come.
 * [R-9001-4.1.3-3] */
static gn_err
handshake_left_over(const gn_conn *conn, gn_space_id space, gn_fault *fault)
{
    const gn_recv_buf *in = &conn->space[space].crypto_in;

    if (gn_recv_buf_highest(in) <= in->read_off)
        return GN_OK;
    return gn_fault_set(fault, GN_FAULT_PROTOCOL_VIOLATION, GN_FRAME_CRYPTO,
                        "RFC 9001 4.1.3: CRYPTO data left over at the end of a level");
}

/* RFC 9000 7.3: the IDs in the parameters are those that were seen on the wire. [R-9000-7.3-2] */
static gn_err
handshake_judge_cids(const gn_conn *conn, const gn_tparams *peer, gn_fault *fault)
{
    const gn_cid *peer_cid = gn_peer_cids_first(&conn->peer_cids);

    /* [R-9000-7.3-3] */
    if ((peer->present & GN_TPARAMS_INITIAL_SCID) == 0 ||
        !gn_cid_equal(&peer->initial_scid, peer_cid))
        return gn_fault_set(fault, GN_FAULT_TRANSPORT_PARAMETER, 0,
                            "RFC 9000 7.3: initial_source_connection_id is not the one in use");
    if (conn->is_server)
        return GN_OK;
    if ((peer->present & GN_TPARAMS_ORIGINAL_DCID) == 0 ||
        !gn_cid_equal(&peer->original_dcid, &conn->original_dcid))
        return gn_fault_set(
            fault, GN_FAULT_TRANSPORT_PARAMETER, 0,
            "RFC 9000 7.3: original_destination_connection_id is not the one we chose");
    /* [R-9000-7.3-4] */
    const bool retried = (peer->present & GN_TPARAMS_RETRY_SCID) != 0;
    if (retried && !conn->token.retried)
        return gn_fault_set(fault, GN_FAULT_TRANSPORT_PARAMETER, 0,
                            "RFC 9000 7.3: retry_source_connection_id without a Retry");
    if (conn->token.retried &&
        (!retried || !gn_cid_equal(&peer->retry_scid, &conn->token.retry_scid)))
        return gn_fault_set(fault, GN_FAULT_TRANSPORT_PARAMETER, 0,
                            "RFC 9000 7.3: retry_source_connection_id is not the Retry's");
    return GN_OK;
}

static gn_stream_limits
handshake_limits(const gn_tparams *p)
{
    return (gn_stream_limits){.max_data = p->initial_max_data,
                              .max_bidi_local = p->initial_max_stream_data_bidi_local,
                              .max_bidi_remote = p->initial_max_stream_data_bidi_remote,
                              .max_uni = p->initial_max_stream_data_uni,
                              .streams_bidi = p->initial_max_streams_bidi,
                              .streams_uni = p->initial_max_streams_uni};
}

void
gn_conn_handshake_go_by(gn_conn *conn, const gn_env *env, const gn_tparams *peer)
{
    const gn_stream_limits theirs = handshake_limits(peer);

    conn->peer = *peer;
    gn_stream_set_on_limits(&conn->streams, env->pools, &theirs);
    gn_idle_on_peer(&conn->idle, peer->max_idle_timeout_ms > GN_NEVER / GN_MS
                                     ? GN_NEVER
                                     : peer->max_idle_timeout_ms * GN_MS);
    /* RFC 9000 18.2: the peer may take less than we would send. */
    gn_path_limit_datagrams(gn_paths_active(&conn->paths), peer->max_udp_payload_size);
}

/* RFC 9000 5.1.1, 9.6: its ID has sequence number 1. Whether to go there the caller decides. */
static gn_err
handshake_on_preferred(gn_conn *conn, const gn_tparams_address *address, gn_fault *fault)
{
    gn_frame_new_connection_id frame = {.seq = 1, .cid = address->cid};

    memcpy(frame.reset_token, address->reset_token, sizeof frame.reset_token);
    const gn_err err = gn_peer_cids_on_new(&conn->peer_cids, &frame, fault);
    if (err == GN_OK)
        gn_events_push(&conn->events, (gn_event_note){.kind = GN_EFFECT_PREFERRED_ADDRESS});
    return err;
}

static gn_err
handshake_on_parameters(gn_conn *conn, const gn_env *env, gn_span bytes, gn_fault *fault)
{
    gn_tparams peer;
    gn_err err = gn_tparams_read(bytes, !conn->is_server, &peer, fault);

    if (err == GN_OK)
        err = handshake_judge_cids(conn, &peer, fault);
    if (err == GN_OK)
        err = gn_negotiation_judge(&conn->negotiation, env->config->versions, conn->is_server,
                                   &peer, fault);
    if (err == GN_OK)
        err = gn_conn_early_judge(conn, &peer, fault);
    if (err != GN_OK)
        return err;
    gn_observer_parameters(conn, env, 1, bytes);
    conn->handshake.parameters = 1;
    gn_conn_handshake_go_by(conn, env, &peer);
    if ((peer.present & GN_TPARAMS_RESET_TOKEN) != 0)
        gn_peer_cids_set_first_token(&conn->peer_cids, peer.reset_token);
    if ((peer.present & GN_TPARAMS_PREFERRED_ADDRESS) != 0)
        err = handshake_on_preferred(conn, &peer.preferred_address, fault);
    return err;
}

static void
handshake_note_state(gn_conn *conn, gn_state_change change)
{
    gn_events_push(&conn->events,
                   (gn_event_note){.kind = GN_EFFECT_STATE, .detail = (uint32_t)change});
}

static void
handshake_on_complete(gn_conn *conn, const gn_env *env, const gn_tls_complete *complete)
{
    gn_handshake *h = &conn->handshake;

    GN_ASSERT(!h->complete && h->parameters);
    h->complete = 1;
    h->suite = (uint8_t)complete->suite;
    h->group = (uint8_t)complete->group;
    h->alpn_len = (uint8_t)(complete->alpn.len < GN_ALPN_MAX ? complete->alpn.len : GN_ALPN_MAX);
    memcpy(h->alpn, complete->alpn.ptr, h->alpn_len);
    gn_local_cids_allow(&conn->local_cids, conn->peer.active_connection_id_limit);
    gn_local_cids_issue(&conn->local_cids, gn_conn_life_cid_room(env));
    handshake_note_state(conn, GN_STATE_READY);
    gn_conn_early_on_complete(conn, env, complete);
    if (conn->is_server) {
        /* RFC 9001 4.1.2: for a server complete is confirmed, and it tells the client.
         * [R-9000-19.20-1] [R-9001-4.1.2-1] */
        h->done = GN_DONE_PENDING;
        conn->token.owed = env->config->new_tokens;
        gn_conn_handshake_confirm(conn, env);
    }
}

static gn_err
handshake_on_event(gn_conn *conn, const gn_env *env, gn_tls_event *event, gn_fault *fault)
{
    gn_err err = GN_OK;

    switch (event->kind) {
    case GN_TLS_BYTES: return handshake_on_bytes(conn, env, event, fault);
    case GN_TLS_SECRET:
        if (event->level == GN_LEVEL_HANDSHAKE && !event->as.secret.write)
            err = handshake_left_over(conn, GN_SPACE_INITIAL, fault);
        return err != GN_OK ? err : handshake_on_secret(conn, env, event, fault);
    case GN_TLS_PARAMETERS: return handshake_on_parameters(conn, env, event->bytes, fault);
    case GN_TLS_COMPLETE:
        err = handshake_left_over(conn, GN_SPACE_HANDSHAKE, fault);
        if (err == GN_OK)
            handshake_on_complete(conn, env, &event->as.complete);
        return err;
    case GN_TLS_EARLY: gn_conn_early_verdict(conn, env, event->as.accepted); return GN_OK;
    case GN_TLS_TICKET: gn_conn_early_ticket(conn, env, event->bytes); return GN_OK;
    case GN_TLS_FAULT:
    case GN_TLS_EVENT_KINDS: break;
    }
    *fault = event->as.fault;
    return GN_ERR_FORM;
}

/* Everything TLS has to say. The last thing it says may be a fault. */
static gn_err
handshake_drain(gn_conn *conn, const gn_env *env, gn_fault *fault)
{
    gn_tls_event event;

    while (env->tls->next(conn->handshake.tls, &event)) {
        const gn_err err = handshake_on_event(conn, env, &event, fault);
        if (err != GN_OK)
            return err;
    }
    return GN_OK;
}

static gn_err
handshake_feed(gn_conn *conn, const gn_env *env, gn_level level, gn_fault *fault)
{
    gn_recv_buf *in = &conn->space[handshake_space(level)].crypto_in;
    gn_span bytes;

    while (gn_recv_buf_peek(in, env->pools.chunks, &bytes)) {
        /* A refusal is told by a FAULT event, which the drain returns. */
        const gn_err taken = env->tls->receive(conn->handshake.tls, level, bytes.ptr, bytes.len,
                                               gn_env_unix_ms(env));
        gn_recv_buf_consume(in, env->pools.chunks, bytes.len);
        const gn_err err = handshake_drain(conn, env, fault);
        if (err != GN_OK)
            return err;
        if (taken != GN_OK)
            return gn_fault_set(fault, GN_FAULT_INTERNAL, 0,
                                "RFC 9000 20.1: TLS refused without a reason");
    }
    return GN_OK;
}

gn_err
gn_conn_handshake_pump(gn_conn *conn, const gn_env *env, gn_fault *fault)
{
    static const gn_level levels[] = {GN_LEVEL_INITIAL, GN_LEVEL_HANDSHAKE, GN_LEVEL_APP};
    gn_err err = handshake_drain(conn, env, fault);

    for (size_t i = 0; err == GN_OK && i < sizeof levels / sizeof levels[0]; i++)
        err = handshake_feed(conn, env, levels[i], fault);
    if (err == GN_OK && conn->handshake.confirmed && !conn->handshake.settled) {
        env->tls->settle(conn->handshake.tls);
        conn->handshake.settled = 1;
    }
    return err;
}

void
gn_conn_handshake_confirm(gn_conn *conn, const gn_env *env)
{
    if (conn->handshake.confirmed)
        return;
    conn->handshake.confirmed = 1;
    gn_conn_ids_begin(conn, env);
    handshake_note_state(conn, GN_STATE_CONFIRMED);
    gn_conn_handshake_discard(conn, env, GN_SPACE_INITIAL);
    /* [R-9001-4.9.2-1] */
    gn_conn_handshake_discard(conn, env, GN_SPACE_HANDSHAKE);
    /* Now there is room for it, if there was none. */
    gn_keys_prepare(env->suite, env->keys, &conn->space[GN_SPACE_APP].keys);
}

void
gn_conn_handshake_discard(gn_conn *conn, const gn_env *env, gn_space_id id)
{
    gn_space *space = &conn->space[id];
    gn_loss_lost gone;

    GN_ASSERT(id != GN_SPACE_APP);
    if (space->keys.discarded)
        return;
    gn_loss_discard(&conn->loss, env->sent, id, env->now, &gone);
    gn_conn_delivery_forget(conn, env, &gone);
    gn_keys_discard(env->keys, &space->keys);
    gn_send_buf_wipe(&space->crypto_out, env->pools.chunks);
    gn_recv_buf_wipe(&space->crypto_in, env->pools.chunks);
    gn_acks_init(&space->acks);
    space->probes = 0;
    if (id == GN_SPACE_INITIAL)
        gn_keys_discard(env->keys, &conn->original_keys);
    gn_observer_keys_discarded(conn, env,
                               id == GN_SPACE_INITIAL ? GN_PACKET_INITIAL : GN_PACKET_HANDSHAKE);
}
