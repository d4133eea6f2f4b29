/*
 * conn_life.c: see conn_life.h.
 */
#include "conn/conn_life.h"

#include <string.h>

#include "base/assert.h"
#include "base/ct.h"
#include "base/writer.h"
#include "conn/conn_delivery.h"
#include "conn/conn_early.h"
#include "conn/conn_end.h"
#include "conn/conn_handshake.h"
#include "conn/conn_ids.h"
#include "conn/conn_version.h"
#include "conn/observer.h"
#include "crypto/initial.h"
#include "wire/version.h"

/* RFC 9000 7.2: a client's first destination ID has at least 8 bytes that nobody can guess.
 * [R-9000-7.2-1] */
enum { LIFE_GUESS_BYTES = 8 };

/* Our encoded parameters: thirteen integers and three IDs fit easily. */
enum { LIFE_PARAMETERS_MAX = 256 };

static const gn_ecn_mark_id life_marks[GN_ECN_POLICY_KINDS] = {
    [GN_ECN_POLICY_NONE] = GN_ECN_NOT_ECT,
    [GN_ECN_POLICY_ECT0] = GN_ECN_ECT0,
    [GN_ECN_POLICY_ECT1] = GN_ECN_ECT1,
};

/* [R-9000-9.3-3] */
gn_path_start
gn_conn_life_path(const gn_conn *conn, const gn_env *env, gn_route route, const uint8_t host[16])
{
    return (gn_path_start){.route = route,
                           .host = host,
                           .datagram_bytes = (uint32_t)env->config->max_datagram_out,
                           .cc = (gn_cc_kind)env->config->cc,
                           .mark = life_marks[env->config->ecn],
                           .unlimited = !conn->is_server};
}

gn_local_cids_room
gn_conn_life_cid_room(const gn_env *env)
{
    return (gn_local_cids_room){
        .table = env->cids, .owner = env->slot, .rng = env->rng, .cid_len = env->config->cid_len};
}

static void
life_init_space(gn_space *space, uint32_t version)
{
    gn_acks_init(&space->acks);
    gn_keys_init(&space->keys, version);
    gn_ecn_ledger_init(&space->ecn);
    gn_send_buf_init(&space->crypto_out);
    gn_recv_buf_init(&space->crypto_in);
}

static gn_stream_limits
life_our_limits(const gn_config *config)
{
    return (gn_stream_limits){.max_data = config->initial_max_data,
                              .max_bidi_local = config->initial_max_stream_data_bidi_local,
                              .max_bidi_remote = config->initial_max_stream_data_bidi_remote,
                              .max_uni = config->initial_max_stream_data_uni,
                              .streams_bidi = config->initial_max_streams_bidi,
                              .streams_uni = config->initial_max_streams_uni};
}

/* Every machine in its first state; the connection holds nothing yet but its place in the map. */
static gn_err
life_init(gn_conn *conn, const gn_env *env, gn_connection handle, bool is_server,
          gn_conn_origin origin, const gn_cid *peer_cid, gn_negotiation negotiation)
{
    memset(conn, 0, sizeof *conn);
    conn->handle = handle;
    conn->is_server = is_server;
    for (int i = 0; i < GN_SPACES; i++)
        life_init_space(&conn->space[i], negotiation.now);
    conn->negotiation = negotiation;
    gn_keys_init(&conn->original_keys, negotiation.original);
    gn_loss_init(&conn->loss, !is_server);
    gn_skips_init(&conn->skips, env->config->skip_packets, env->rng);
    const gn_path_start start = gn_conn_life_path(conn, env, origin.route, origin.host);
    gn_paths_init(&conn->paths, &start, env->now);
    gn_peer_cids_init(&conn->peer_cids, peer_cid,
                      (uint32_t)env->config->active_connection_id_limit);
    conn->paths.at[0].peer_cid = 0;
    const gn_stream_limits ours = life_our_limits(env->config);
    gn_stream_set_init(&conn->streams, is_server, &ours);
    if (env->config->deliver_unordered)
        gn_stream_set_unorder(&conn->streams);
    gn_datagrams_out_init(&conn->datagrams_out);
    gn_datagrams_in_init(&conn->datagrams_in);
    gn_datagram_fates_init(&conn->fates);
    gn_timers_init(&conn->timers);
    gn_coalesce_init(&conn->coalesce);
    gn_idle_init(&conn->idle, env->config->max_idle_timeout_us, env->now);
    gn_close_init(&conn->close);
    gn_events_init(&conn->events);
    gn_held_init(&conn->held);
    gn_tparams_init(&conn->peer);
    gn_early_init(&conn->early, negotiation.original);
    const gn_err err = gn_local_cids_init(&conn->local_cids, gn_conn_life_cid_room(env));
    return err != GN_OK ? err : gn_conn_ids_map_route(conn, env, origin.route);
}

static void
life_limit(const gn_config *config, gn_keys *keys)
{
    if (config->integrity_limit != 0)
        gn_keys_lower_limits(keys, UINT64_MAX, config->integrity_limit);
}

gn_err
gn_conn_life_initial_keys(gn_conn *conn, const gn_env *env)
{
    uint8_t secret[2][GN_INITIAL_SECRET_BYTES]; /* client, server */
    gn_keys *keys = &conn->space[GN_SPACE_INITIAL].keys;
    gn_err err = gn_initial_secrets(env->suite, keys->version, conn->initial_dcid.bytes,
                                    conn->initial_dcid.len, secret[0], secret[1]);

    if (err == GN_OK)
        err = gn_keys_install(env->suite, env->keys, keys, GN_KEYS_TX, GN_SUITE_AES_128_GCM_SHA256,
                              secret[conn->is_server ? 1 : 0]);
    if (err == GN_OK)
        err = gn_keys_install(env->suite, env->keys, keys, GN_KEYS_RX, GN_SUITE_AES_128_GCM_SHA256,
                              secret[conn->is_server ? 0 : 1]);
    gn_ct_wipe(secret, sizeof secret);
    life_limit(env->config, keys);
    return err;
}

bool
gn_conn_life_prefers(const gn_config *config)
{
    return config->role == GN_ROLE_SERVER &&
           (config->preferred_ipv4_port != 0 || config->preferred_ipv6_port != 0);
}

gn_reset_token_key
gn_conn_life_reset_key(const gn_conn *conn, const gn_env *env)
{
    return gn_reset_token_key_for(env->reset_key, env->config->cid_len, conn->handle);
}

/* RFC 9000 18.2, 9.6: an ID and a token of this connection alone. [R-9000-9.6.2-4] */
static void
life_preferred(const gn_conn *conn, const gn_env *env, gn_tparams *p)
{
    const gn_config *config = env->config;
    gn_tparams_address *address = &p->preferred_address;

    p->present |= GN_TPARAMS_PREFERRED_ADDRESS;
    address->cid = *gn_local_cids_offered(&conn->local_cids);
    const gn_reset_token_key key = gn_conn_life_reset_key(conn, env);
    gn_reset_token_of(&key, &address->cid, address->reset_token);
    address->ipv4_port = config->preferred_ipv4_port;
    address->ipv6_port = config->preferred_ipv6_port;
    if (address->ipv4_port != 0)
        memcpy(address->ipv4, config->preferred_ipv4, sizeof address->ipv4);
    if (address->ipv6_port != 0)
        memcpy(address->ipv6, config->preferred_ipv6, sizeof address->ipv6);
}

static void
life_parameters(const gn_conn *conn, const gn_env *env, gn_tparams *p)
{
    const gn_config *config = env->config;

    gn_tparams_init(p);
    p->max_idle_timeout_ms = config->max_idle_timeout_us / GN_MS;
    p->max_udp_payload_size = config->max_udp_payload_size;
    p->initial_max_data = config->initial_max_data;
    p->initial_max_stream_data_bidi_local = config->initial_max_stream_data_bidi_local;
    p->initial_max_stream_data_bidi_remote = config->initial_max_stream_data_bidi_remote;
    p->initial_max_stream_data_uni = config->initial_max_stream_data_uni;
    p->initial_max_streams_bidi = config->initial_max_streams_bidi;
    p->initial_max_streams_uni = config->initial_max_streams_uni;
    p->ack_delay_exponent = config->ack_delay_exponent;
    p->max_ack_delay_ms = config->max_ack_delay_us / GN_MS;
    p->active_connection_id_limit = config->active_connection_id_limit;
    p->disable_active_migration = config->disable_active_migration;
    p->max_datagram_frame_size = config->max_datagram_frame_size;
    p->grease_quic_bit = config->grease_quic_bit;
    p->present = GN_TPARAMS_INITIAL_SCID;
    /* [R-9000-7.3-1] */
    p->initial_scid = *gn_local_cids_first(&conn->local_cids);
    if (conn->is_server) {
        p->present |= GN_TPARAMS_ORIGINAL_DCID;
        p->original_dcid = conn->original_dcid;
    }
    /* RFC 9000 10.3.2: an empty ID is that of many connections, and has no token. */
    if (conn->is_server && !gn_local_cids_empty(&conn->local_cids)) {
        p->present |= GN_TPARAMS_RESET_TOKEN;
        const gn_reset_token_key key = gn_conn_life_reset_key(conn, env);
        gn_reset_token_of(&key, &p->initial_scid, p->reset_token);
    }
    if (gn_local_cids_offered(&conn->local_cids) != NULL)
        life_preferred(conn, env, p);
    if (conn->is_server && conn->token.retried) {
        p->present |= GN_TPARAMS_RETRY_SCID;
        p->retry_scid = conn->token.retry_scid;
    }
    gn_negotiation_tell(&conn->negotiation, config->versions,
                        config->grease_versions ? env->rng : NULL, p);
}

/* Makes the TLS session, of which the caller has filled in what is a client's. */
static gn_err
life_session(gn_conn *conn, const gn_env *env, gn_tls_session_config *session)
{
    uint8_t bytes[LIFE_PARAMETERS_MAX];
    gn_writer w = gn_writer_over(bytes, sizeof bytes);
    gn_tparams ours;
    gn_rng seeds;

    session->unix_ms = gn_env_unix_ms(env);
    life_parameters(conn, env, &ours);
    const gn_err err = gn_tparams_write(&w, &ours, conn->is_server);
    GN_ASSERT(err == GN_OK);
    if (conn->is_server)
        gn_conn_early_offer(conn, env, &ours, session);
    session->parameters = gn_span_of(bytes, w.at);
    /* Another attempt is another session. */
    gn_rng_init(&seeds, env->config->seed, "tls session",
                conn->handle | (uint64_t)conn->negotiation.reacted << 63);
    gn_rng_fill(&seeds, session->seed, sizeof session->seed);
    gn_observer_parameters(conn, env, 0, session->parameters);
    const gn_err made = env->tls->session_new(env->tls_context, session, &conn->handshake.tls);
    gn_ct_wipe(session->seed, sizeof session->seed);
    gn_ct_wipe(&seeds, sizeof seeds);
    return made;
}

static gn_cid
life_given(const uint8_t *bytes, size_t len)
{
    return gn_cid_from(bytes, (uint8_t)len);
}

/* The caller's choice, or one that nobody can guess (RFC 9000 7.2). */
static gn_cid
life_first_dcid(const gn_env *env, const gn_connect *connect)
{
    uint8_t guess[LIFE_GUESS_BYTES];

    if (connect->initial_dcid != NULL)
        return life_given(connect->initial_dcid, connect->initial_dcid_len);
    gn_rng_fill(env->rng, guess, sizeof guess);
    return gn_cid_from(guess, sizeof guess);
}

/* RFC 9000 7.3, 17.2.5.3: a Retry that the caller saw counts as seen here. */
static void
life_after_retry(gn_conn *conn, const gn_connect *connect)
{
    if (connect->original_dcid == NULL)
        return;
    conn->original_dcid = life_given(connect->original_dcid, connect->original_dcid_len);
    conn->token.retry_scid = conn->initial_dcid;
    conn->token.retried = 1;
}

/* A client's session, of which the caller has filled in what it resumes, and its first words. */
static gn_err
life_start(gn_conn *conn, const gn_env *env, gn_tls_session_config *session)
{
    gn_fault fault;

    session->server_name = conn->server_name[0] != '\0' ? conn->server_name : NULL;
    gn_err err = life_session(conn, env, session);
    if (err == GN_OK)
        err = env->tls->start(conn->handshake.tls, gn_env_unix_ms(env));
    if (err == GN_OK && gn_conn_handshake_pump(conn, env, &fault) != GN_OK)
        err = fault.wire_code == GN_FAULT_INTERNAL ? GN_ERR_FULL : GN_ERR_TLS;
    return err;
}

/* The caller's choice; or that of the connection that is resumed (RFC 9369 5); or our first. */
static uint32_t
life_first_version(const gn_env *env, const gn_connect *connect)
{
    const gn_span blob = gn_span_of(connect->resumption_state, connect->resumption_state_len);
    gn_resumption found;

    if (connect->version != 0)
        return connect->version;
    if (blob.len > 0 && gn_resumption_read(blob, &found) == GN_OK &&
        gn_negotiation_speaks(env->config->versions, found.version))
        return found.version;
    return env->config->versions[0];
}

gn_err
gn_conn_life_connect(gn_conn *conn, const gn_env *env, gn_connection handle,
                     const gn_connect *connect)
{
    const gn_cid dcid = life_first_dcid(env, connect);
    const gn_conn_origin origin = {.route = connect->route, .host = connect->host};
    const uint32_t version = life_first_version(env, connect);
    gn_negotiation negotiation = {.now = version, .original = version};
    if (env->config->reserved_version_probe)
        negotiation.probe = gn_negotiation_reserved(env->rng);
    /* RFC 9369 5: no token of another version. [R-9369-5-1] */
    const bool usable = connect->token_version == 0 || connect->token_version == version;
    gn_tls_session_config session = {0};
    gn_resumption resumed = {0};
    gn_err err = life_init(conn, env, handle, false, origin, &dcid, negotiation);
    if (err == GN_OK && connect->source_cid != NULL)
        err = gn_local_cids_choose(&conn->local_cids, gn_conn_life_cid_room(env),
                                   life_given(connect->source_cid, connect->source_cid_len));
    if (err == GN_OK) {
        if (connect->server_name != NULL)
            memcpy(conn->server_name, connect->server_name, strlen(connect->server_name) + 1);
        conn->original_dcid = dcid;
        conn->initial_dcid = dcid;
        life_after_retry(conn, connect);
        gn_path_prove(&conn->paths.at[0]);
        err = gn_address_token_keep(&conn->token,
                                    gn_span_of(connect->token, usable ? connect->token_len : 0))
                  ? gn_conn_life_initial_keys(conn, env)
                  : GN_ERR_CONFIG;
    }
    if (err == GN_OK)
        err = gn_conn_early_resume(conn, env, connect, &resumed, &session);
    if (err == GN_OK)
        err = life_start(conn, env, &session);
    if (err == GN_OK)
        gn_conn_early_begin(conn, env, connect, &resumed);
    else
        gn_conn_life_wipe(conn, env);
    return err;
}

/* Of what one space has sent and read nothing is left; its packet numbers go on. */
static void
life_forget_space(gn_conn *conn, const gn_env *env, gn_space_id id, uint32_t version)
{
    gn_space *space = &conn->space[id];
    gn_loss_lost gone;

    gn_loss_discard(&conn->loss, env->sent, id, env->now, &gone);
    gn_conn_delivery_forget(conn, env, &gone);
    gn_keys_discard(env->keys, &space->keys);
    gn_send_buf_wipe(&space->crypto_out, env->pools.chunks);
    gn_recv_buf_wipe(&space->crypto_in, env->pools.chunks);
    life_init_space(space, version);
    space->probes = 0;
}

gn_err
gn_conn_life_again(gn_conn *conn, const gn_env *env, uint32_t version)
{
    uint8_t guess[LIFE_GUESS_BYTES];

    GN_ASSERT(!conn->is_server && !conn->handshake.heard);
    if (version != conn->negotiation.now)
        conn->token.len = 0;
    conn->negotiation = (gn_negotiation){.now = version, .original = version, .reacted = 1};
    /* RFC 9369 5: what was resumed belongs to the version before; nothing is, this time. */
    if (conn->early.status == GN_ZERO_RTT_ATTEMPTED)
        gn_conn_early_verdict(conn, env, false);
    for (int i = 0; i < GN_SPACES; i++)
        life_forget_space(conn, env, (gn_space_id)i, version);
    env->tls->session_free(conn->handshake.tls);
    conn->handshake.tls = NULL;
    gn_rng_fill(env->rng, guess, sizeof guess);
    conn->original_dcid = gn_cid_from(guess, sizeof guess);
    conn->initial_dcid = conn->original_dcid;
    gn_peer_cids_set_first(&conn->peer_cids, &conn->original_dcid);
    gn_tls_session_config session = {0};
    const gn_err err = gn_conn_life_initial_keys(conn, env);
    return err == GN_OK ? life_start(conn, env, &session) : err;
}

/* Initial keys of a server: those that opened the first packet, if the version is still theirs. */
static gn_err
life_first_keys(gn_conn *conn, const gn_env *env, gn_first_keys *first)
{
    gn_keys *keys = &conn->space[GN_SPACE_INITIAL].keys;

    if (keys->version != first->keys.version) {
        gn_first_keys_drop(first, env);
        return gn_conn_life_initial_keys(conn, env);
    }
    const gn_err err = gn_first_keys_give(first, env, keys);
    life_limit(env->config, keys);
    return err;
}

gn_err
gn_conn_life_accept(gn_conn *conn, const gn_env *env, gn_connection handle, const gn_header *first,
                    gn_conn_origin origin, gn_first_keys *keys)
{
    const gn_negotiation negotiation = {
        .now = origin.version, .original = first->version, .told = origin.told};
    /* [R-9000-7.2-5] */
    gn_tls_session_config session = {0};
    gn_err err = life_init(conn, env, handle, true, origin, &first->scid, negotiation);

    if (err == GN_OK) {
        conn->initial_dcid = first->dcid;
        conn->original_dcid = origin.original != NULL ? *origin.original : first->dcid;
        conn->token.retried = origin.original != NULL;
        conn->token.retry_scid = first->dcid;
        if (origin.proved)
            gn_path_prove(&conn->paths.at[0]);
        err = gn_cid_map_add(env->cids, &first->dcid, env->slot);
        conn->handshake.initial_mapped = err == GN_OK;
    }
    if (err == GN_OK)
        err = life_first_keys(conn, env, keys);
    if (err == GN_OK && gn_conn_life_prefers(env->config))
        err = gn_local_cids_offer(&conn->local_cids, gn_conn_life_cid_room(env));
    if (err == GN_OK)
        err = gn_conn_version_keep_original(conn, env);
    if (err == GN_OK)
        err = life_session(conn, env, &session);
    if (err != GN_OK)
        gn_conn_life_wipe(conn, env);
    return err;
}

/*
 * The first destination ID leads to us as long as we are: were it free again, a late copy of the
 * first datagram would begin another connection.
 */
static void
life_unmap_initial(gn_conn *conn, const gn_env *env)
{
    if (!conn->handshake.initial_mapped)
        return;
    gn_cid_map_cut(env->cids, &conn->initial_dcid);
    conn->handshake.initial_mapped = 0;
}

void
gn_conn_life_wipe(gn_conn *conn, const gn_env *env)
{
    gn_conn_end_release(conn, env);
    gn_conn_end_release_keys(conn, env);
    life_unmap_initial(conn, env);
    for (int i = 0; i < GN_PATHS_MAX; i++)
        if (conn->paths.at[i].state != GN_PATH_FREE)
            gn_conn_ids_unmap_route(conn, env, conn->paths.at[i].route);
    gn_local_cids_wipe(&conn->local_cids, env->cids);
}
