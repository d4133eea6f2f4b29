/*
 * conn_plan.c: see conn_plan.h.
 */
#include "conn/conn_plan.h"

#include <string.h>

#include "base/assert.h"
#include "conn/conn_life.h"
#include "conn/conn_plan_datagrams.h"
#include "conn/conn_plan_streams.h"

/* New IDs replace retired ones: that we heard of these is said along with them (RFC 9000 5.1.2). */
static bool
plan_retirements_untold(const gn_conn *conn, gn_space_id space)
{
    return space == GN_SPACE_APP && gn_local_cids_wants(&conn->local_cids) &&
           gn_local_cids_untold(&conn->local_cids, conn->space[space].acks.told_to) > 0;
}

/* [R-9000-17.2.3-3] */
static bool
plan_wants_ack(const gn_conn *conn, const gn_env *env, const gn_plan_packet *p)
{
    (void)env;
    return gn_acks_has_news(&conn->space[p->space].acks) || plan_retirements_untold(conn, p->space);
}

static void
plan_fill_ack(gn_conn *conn, const gn_env *env, const gn_plan_packet *p, gn_builder *b)
{
    /* 0-RTT packets are acknowledged here, too: space and keys are those of 1-RTT.
     * [R-9000-13.2.6-1] [R-9000-13.2.6-2] [R-9000-13.2.6-3] */
    gn_acks *acks = &conn->space[p->space].acks;
    gn_acks_report report;

    if (!gn_builder_can_note(b) || !gn_acks_fill(acks, env->now, &report))
        return;
    /* RFC 9000 13.2.5: the delay in our own units; in 1-RTT packets only they are ours. */
    const uint64_t exponent = p->space == GN_SPACE_APP ? env->config->ack_delay_exponent : 3;
    const gn_item item = {.kind = GN_ITEM_ACK, .id = report.largest};
    if (gn_frame_ack_write(&b->w, report.received, report.delay_us >> exponent,
                           report.has_ecn ? &report.ecn : NULL, report.max_ranges) != GN_OK)
        return;
    gn_builder_note(b, &item, false);
    gn_acks_on_sent(acks, env->now);
}

static bool
plan_wants_crypto(const gn_conn *conn, const gn_env *env, const gn_plan_packet *p)
{
    return gn_send_buf_wants(&conn->space[p->space].crypto_out, env->pools.chunks, UINT64_MAX);
}

static void
plan_fill_crypto(gn_conn *conn, const gn_env *env, const gn_plan_packet *p, gn_builder *b)
{
    /* [R-9001-4-1] */
    gn_send_buf *out = &conn->space[p->space].crypto_out;
    gn_send_piece piece;

    while (gn_builder_can_note(b) &&
           gn_send_buf_next(out, env->pools.chunks, UINT64_MAX, gn_builder_left(b), &piece)) {
        const size_t overhead = gn_frame_crypto_overhead(piece.off, piece.len);
        if (gn_builder_left(b) <= overhead)
            return;
        const size_t room = gn_builder_left(b) - overhead;
        if (piece.len > room)
            piece.len = (uint32_t)room;
        const gn_err err = gn_frame_crypto_write_header(&b->w, piece.off, piece.len);
        GN_ASSERT(err == GN_OK);
        gn_send_buf_copy(out, env->pools.chunks, piece.off, piece.len, b->w.base + b->w.at);
        b->w.at += piece.len;
        gn_send_buf_on_sent(out, env->pools.chunks, &piece);
        gn_builder_note(b, &(gn_item){.kind = GN_ITEM_CRYPTO, .off = piece.off, .len = piece.len},
                        true);
    }
}

static bool
plan_wants_done(const gn_conn *conn, const gn_env *env, const gn_plan_packet *p)
{
    (void)env;
    (void)p;
    return conn->handshake.done == GN_DONE_PENDING;
}

static void
plan_fill_done(gn_conn *conn, const gn_env *env, const gn_plan_packet *p, gn_builder *b)
{
    const gn_frame frame = {.type = GN_FRAME_HANDSHAKE_DONE};

    (void)env;
    (void)p;
    if (gn_builder_frame(b, &frame, &(gn_item){.kind = GN_ITEM_HANDSHAKE_DONE}, true) == GN_OK)
        conn->handshake.done = GN_DONE_SENT;
}

static bool
plan_wants_response(const gn_conn *conn, const gn_env *env, const gn_plan_packet *p)
{
    (void)env;
    return conn->paths.at[p->path].responses > 0;
}

static void
plan_fill_response(gn_conn *conn, const gn_env *env, const gn_plan_packet *p, gn_builder *b)
{
    gn_path *path = &conn->paths.at[p->path];
    gn_frame frame = {.type = GN_FRAME_PATH_RESPONSE};

    (void)env;
    while (path->responses > 0) {
        /* [R-9000-8.2.2-1] */
        memcpy(frame.as.path.data, path->response[0], GN_FRAME_CHALLENGE_BYTES);
        if (gn_builder_frame(b, &frame, &(gn_item){.kind = GN_ITEM_PATH_RESPONSE}, true) != GN_OK)
            return;
        b->tests_path = true;
        gn_path_on_response_sent(path);
    }
}

static bool
plan_wants_challenge(const gn_conn *conn, const gn_env *env, const gn_plan_packet *p)
{
    return gn_path_wants_challenge(&conn->paths.at[p->path], env->now);
}

static void
plan_fill_challenge(gn_conn *conn, const gn_env *env, const gn_plan_packet *p, gn_builder *b)
{
    gn_path *path = &conn->paths.at[p->path];
    gn_frame frame = {.type = GN_FRAME_PATH_CHALLENGE};

    if (!gn_builder_can_note(b) || gn_builder_left(b) < gn_frame_size(&frame))
        return;
    gn_path_on_challenge_sent(path, env->rng, env->now,
                              gn_rtt_pto_us(&path->rtt, gn_conn_peer_ack_delay_us(conn)),
                              frame.as.path.data);
    const gn_err err =
        gn_builder_frame(b, &frame, &(gn_item){.kind = GN_ITEM_PATH_CHALLENGE}, true);
    GN_ASSERT(err == GN_OK);
    b->tests_path = true;
    b->challenges = true;
}

static bool
plan_wants_new_cid(const gn_conn *conn, const gn_env *env, const gn_plan_packet *p)
{
    (void)env;
    (void)p;
    return gn_local_cids_wants(&conn->local_cids);
}

static void
plan_fill_new_cid(gn_conn *conn, const gn_env *env, const gn_plan_packet *p, gn_builder *b)
{
    const gn_reset_token_key key = gn_conn_life_reset_key(conn, env);
    gn_frame frame;

    (void)p;
    while (gn_local_cids_fill(&conn->local_cids, &key, &frame)) {
        const uint64_t seq = frame.as.new_connection_id.seq;
        if (gn_builder_frame(b, &frame, &(gn_item){.kind = GN_ITEM_NEW_CID, .id = seq}, true) !=
            GN_OK)
            return;
        gn_local_cids_on_sent(&conn->local_cids, seq);
    }
}

static bool
plan_wants_retire_cid(const gn_conn *conn, const gn_env *env, const gn_plan_packet *p)
{
    (void)env;
    (void)p;
    return gn_peer_cids_wants(&conn->peer_cids);
}

static void
plan_fill_retire_cid(gn_conn *conn, const gn_env *env, const gn_plan_packet *p, gn_builder *b)
{
    gn_frame frame;

    (void)env;
    (void)p;
    while (gn_peer_cids_fill(&conn->peer_cids, &frame)) {
        const uint64_t seq = frame.as.retire_connection_id.seq;
        if (gn_builder_frame(b, &frame, &(gn_item){.kind = GN_ITEM_RETIRE_CID, .id = seq}, true) !=
            GN_OK)
            return;
        gn_peer_cids_on_sent(&conn->peer_cids, seq);
    }
}

static bool
plan_wants_token(const gn_conn *conn, const gn_env *env, const gn_plan_packet *p)
{
    (void)env;
    (void)p;
    return conn->token.owed > 0;
}

/* RFC 9000 8.1.3: for a later connection from where the client is now. */
static void
plan_fill_token(gn_conn *conn, const gn_env *env, const gn_plan_packet *p, gn_builder *b)
{
    const gn_token token = {.issued = env->now,
                            .kind = GN_TOKEN_NEW,
                            /* RFC 9369 5: of the version that was negotiated. */
                            .version_2 = conn->negotiation.now == GN_VERSION_2};
    uint8_t bytes[GN_TOKEN_BYTES];
    const gn_frame frame = {.type = GN_FRAME_NEW_TOKEN,
                            .as.new_token = {.token = gn_span_of(bytes, sizeof bytes)}};

    while (conn->token.owed > 0 && gn_builder_can_note(b) &&
           gn_builder_left(b) >= gn_frame_size(&frame)) {
        gn_token_seal(env->tokens, env->suite, &token, conn->paths.at[p->path].host, bytes);
        const gn_err err = gn_builder_frame(b, &frame, &(gn_item){.kind = GN_ITEM_NEW_TOKEN}, true);
        GN_ASSERT(err == GN_OK);
        conn->token.owed--;
    }
}

enum {
    IN_INITIAL = 1 << GN_SPACE_INITIAL,
    IN_HANDSHAKE = 1 << GN_SPACE_HANDSHAKE,
    IN_APP = 1 << GN_SPACE_APP,
    IN_EARLY = 1 << GN_SPACES, /* 0-RTT packets: of the application data space, too */
    IN_ALL = IN_INITIAL | IN_HANDSHAKE | IN_APP,
    IN_BOTH = IN_APP | IN_EARLY
};

typedef struct plan_row {
    uint8_t spaces;
    uint8_t needs; /* GN_ALLOW_*: one of them */
    bool (*wants)(const gn_conn *conn, const gn_env *env, const gn_plan_packet *p);
    void (*fill)(gn_conn *conn, const gn_env *env, const gn_plan_packet *p, gn_builder *b);
} plan_row;

/* RFC 9000 12.5: of 0-RTT packets nothing is asked but data. [R-9000-12.5-2] [R-9000-19.7-3]
 * No CRYPTO, so no EndOfEarlyData either. [R-9000-19.21-1] [R-9001-8.3-1] [R-9221-5.4-1] */
/* clang-format off */
static const plan_row rows[] = {
    /* spaces  needs              wants                   fill                        RFC 9000 */
    { IN_ALL,  GN_ALLOW_ACKS,    plan_wants_ack,          plan_fill_ack },         /* 13.2 */
    { IN_ALL,  GN_ALLOW_REST,    plan_wants_crypto,       plan_fill_crypto },      /* 19.6 */
    { IN_APP,  GN_ALLOW_REST,    plan_wants_done,         plan_fill_done },        /* 19.20 */
    { IN_APP,  GN_ALLOW_REST,    plan_wants_token,        plan_fill_token },       /* 19.7 */
    { IN_APP,  GN_ALLOW_PROBING, plan_wants_response,     plan_fill_response },    /* 8.2.2 */
    { IN_APP,  GN_ALLOW_PROBING, plan_wants_challenge,    plan_fill_challenge },   /* 8.2.1 */
    { IN_APP,  GN_ALLOW_REST,    plan_wants_new_cid,      plan_fill_new_cid },     /* 19.15 */
    { IN_APP,  GN_ALLOW_REST,    plan_wants_retire_cid,   plan_fill_retire_cid },  /* 19.16 */
    { IN_BOTH, GN_ALLOW_REST,    gn_conn_plan_streams_wants_credit,
                                                 gn_conn_plan_streams_fill_credit }, /* 4.2 */
    { IN_BOTH, GN_ALLOW_REST,    gn_conn_plan_streams_wants_blocked,
                                                gn_conn_plan_streams_fill_blocked }, /* 4.1 */
    { IN_BOTH, GN_ALLOW_REST,    gn_conn_plan_datagrams_wants,
                                                 gn_conn_plan_datagrams_fill }, /* 2, 9221 5 */
};
/* clang-format on */

enum { ROWS = sizeof rows / sizeof rows[0], ROW_ACK = 0 };

static bool
plan_row_applies(const plan_row *row, const gn_conn *conn, const gn_env *env,
                 const gn_plan_packet *p)
{
    const unsigned kind = p->early ? GN_SPACES : p->space;

    return (row->spaces >> kind & 1) != 0 && (row->needs & p->allowance) != 0 &&
           row->wants(conn, env, p);
}

bool
gn_conn_plan_wants(const gn_conn *conn, const gn_env *env, const gn_plan_packet *packet)
{
    /* Nearly always it is the last row that does, the streams'. */
    for (int i = ROWS - 1; i > ROW_ACK; i--)
        if (plan_row_applies(&rows[i], conn, env, packet))
            return true;
    return false;
}

void
gn_conn_plan_fill(gn_conn *conn, const gn_env *env, const gn_plan_packet *packet, gn_builder *b)
{
    for (int i = 0; i < ROWS; i++)
        if (plan_row_applies(&rows[i], conn, env, packet))
            rows[i].fill(conn, env, packet, b);
}
