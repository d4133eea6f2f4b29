/*
 * conn_delivery.c: see conn_delivery.h.
 */
#include "conn/conn_delivery.h"

#include "base/assert.h"
#include "conn/observer.h"

static gn_stream_piece
delivery_piece(const gn_item *item)
{
    static const uint8_t kind[GN_ITEM_KINDS] = {
        [GN_ITEM_STREAM] = GN_STREAM_PIECE_DATA,
        [GN_ITEM_RESET_STREAM] = GN_STREAM_PIECE_RESET,
        [GN_ITEM_STOP_SENDING] = GN_STREAM_PIECE_STOP,
        [GN_ITEM_MAX_STREAM_DATA] = GN_STREAM_PIECE_MAX_DATA,
        [GN_ITEM_STREAM_DATA_BLOCKED] = GN_STREAM_PIECE_BLOCKED,
    };

    return (gn_stream_piece){.id = item->id,
                             .off = item->off,
                             .len = item->len,
                             .kind = kind[item->kind],
                             .fin = item->fin != 0};
}

static void
delivery_acked(gn_conn *conn, const gn_env *env, gn_space_id space, const gn_item *item)
{
    gn_stream_piece piece;

    switch ((gn_item_kind)item->kind) {
    case GN_ITEM_ACK: gn_acks_on_acked(&conn->space[space].acks, item->id); return;
    case GN_ITEM_CRYPTO:
        gn_send_buf_on_acked(&conn->space[space].crypto_out, env->pools.chunks, item->off,
                             item->len, false);
        return;
    case GN_ITEM_STREAM:
    case GN_ITEM_RESET_STREAM:
    case GN_ITEM_STOP_SENDING:
    case GN_ITEM_MAX_STREAM_DATA:
    case GN_ITEM_STREAM_DATA_BLOCKED:
        piece = delivery_piece(item);
        gn_stream_set_on_acked(&conn->streams, env->pools, &piece);
        return;
    case GN_ITEM_NEW_CID: gn_local_cids_on_acked(&conn->local_cids, item->id); return;
    case GN_ITEM_RETIRE_CID: gn_peer_cids_on_acked(&conn->peer_cids, item->id); return;
    case GN_ITEM_HANDSHAKE_DONE: conn->handshake.done = GN_DONE_NONE; return;
    default: return; /* nothing to remember */
    }
}

static void
delivery_lost(gn_conn *conn, const gn_env *env, gn_space_id space, const gn_item *item)
{
    gn_stream_set *set = &conn->streams;
    gn_stream_piece piece;

    switch ((gn_item_kind)item->kind) {
    /* [R-9001-4.9-1] */
    case GN_ITEM_CRYPTO:
        gn_send_buf_on_lost(&conn->space[space].crypto_out, env->pools.chunks, item->off, item->len,
                            false);
        return;
    case GN_ITEM_STREAM:
    case GN_ITEM_RESET_STREAM:
    case GN_ITEM_STOP_SENDING:
    case GN_ITEM_MAX_STREAM_DATA:
    case GN_ITEM_STREAM_DATA_BLOCKED:
        piece = delivery_piece(item);
        gn_stream_set_on_lost(set, env->pools, &piece);
        return;
    case GN_ITEM_MAX_DATA: gn_credit_in_on_lost(&set->total_in, item->off); return;
    case GN_ITEM_MAX_STREAMS: gn_credit_in_on_lost(&set->ids.granted[item->id], item->off); return;
    case GN_ITEM_DATA_BLOCKED: gn_credit_out_on_blocked_lost(&set->total_out, item->off); return;
    case GN_ITEM_STREAMS_BLOCKED:
        gn_credit_out_on_blocked_lost(&set->ids.allowed[item->id], item->off);
        return;
    case GN_ITEM_NEW_CID: gn_local_cids_on_lost(&conn->local_cids, item->id); return;
    case GN_ITEM_RETIRE_CID: gn_peer_cids_on_lost(&conn->peer_cids, item->id); return;
    case GN_ITEM_HANDSHAKE_DONE:
        /* [R-9000-13.3-2] */
        if (conn->handshake.done == GN_DONE_SENT)
            conn->handshake.done = GN_DONE_PENDING;
        return;
    case GN_ITEM_NEW_TOKEN:
        /* RFC 9000 13.3: the token itself is not kept; another is as good, and probes ask again. */
        if (conn->token.owed < env->config->new_tokens)
            conn->token.owed++;
        return;
    /* Never sent again: PING, ACK, challenges and responses (13.3), datagrams (RFC 9221 5.2). */
    default: return;
    }
}

/* Hands out what a packet carried. Whether datagrams were among it. */
static bool
delivery_each_item(gn_conn *conn, const gn_env *env, uint32_t at, bool acked)
{
    const gn_space_id space = (gn_space_id)gn_sent_at(env->sent, at)->space;
    gn_sent_items it = gn_sent_items_over(at);
    bool datagrams = false;
    gn_item item;

    while (gn_sent_items_next(env->sent, &it, &item)) {
        if (acked)
            delivery_acked(conn, env, space, &item);
        else
            delivery_lost(conn, env, space, &item);
        datagrams |= item.kind == GN_ITEM_DATAGRAM;
    }
    return datagrams;
}

/* The packet's fate is known: every item is handed out, and the record given back. */
static void
delivery_settle(gn_conn *conn, const gn_env *env, uint32_t at, bool acked)
{
    if (delivery_each_item(conn, env, at, acked))
        gn_datagram_fates_take(&conn->fates, env->sent, at, acked);
    else
        gn_sent_free(env->sent, at);
}

/* RFC 9002 7.8: a window that was not nearly full does not show that it should grow. */
static bool
delivery_app_limited(const gn_cc *cc)
{
    if (cc->in_flight_bytes + 3 * (uint64_t)cc->datagram_bytes >= cc->window_bytes)
        return false;
    return !(gn_cc_in_slow_start(cc) && cc->in_flight_bytes > cc->window_bytes / 2);
}

static void
delivery_settle_acked(gn_conn *conn, const gn_env *env, const gn_loss_acked *acked)
{
    bool limited[GN_PATHS_MAX];

    for (int i = 0; i < GN_PATHS_MAX; i++)
        limited[i] = delivery_app_limited(&conn->paths.at[i].cc);
    for (uint32_t at = acked->head, next; at != GN_POOL_NONE; at = next) {
        const gn_sent *record = gn_sent_at(env->sent, at);
        next = record->next;
        gn_path *path = gn_paths_of(&conn->paths, record->path, record->path_epoch);
        if (path != NULL && (record->flags & GN_SENT_IN_FLIGHT) != 0)
            gn_cc_on_acked(&path->cc, record->bytes, record->at, env->now, limited[record->path]);
        delivery_settle(conn, env, at, true);
    }
}

/* RFC 9002 7.6.2, 5.2: only the path whose packets showed it starts again. */
static void
delivery_persistent(gn_conn *conn, const gn_loss_lost *lost)
{
    gn_path *path = gn_paths_of(&conn->paths, lost->persistent_path, lost->persistent_epoch);

    if (path == NULL)
        return;
    gn_cc_on_persistent(&path->cc);
    gn_rtt_on_persistent(&path->rtt);
}

static void
delivery_settle_lost(gn_conn *conn, const gn_env *env, const gn_loss_lost *lost)
{
    const gn_rtt *rtt = &gn_paths_active(&conn->paths)->rtt;
    const gn_time late = gn_rtt_loss_delay_us(rtt);

    for (uint32_t at = lost->head, next; at != GN_POOL_NONE; at = next) {
        const gn_sent *record = gn_sent_at(env->sent, at);
        next = record->next;
        gn_path *path = gn_paths_of(&conn->paths, record->path, record->path_epoch);
        if (path != NULL) {
            /* [R-9000-13.3-4] */
            gn_cc_on_lost(&path->cc, record->bytes, record->at, env->now);
            if ((record->flags & (GN_SENT_ECT0 | GN_SENT_ECT1)) != 0)
                gn_ecn_on_lost(&path->ecn);
        }
        conn->counters.packets_lost++;
        gn_observer_lost(conn, env, record, gn_time_since(env->now, record->at) >= late);
        delivery_settle(conn, env, at, false);
    }
    if (lost->persistent)
        delivery_persistent(conn, lost);
}

void
gn_conn_delivery_detect(gn_conn *conn, const gn_env *env, gn_space_id space)
{
    gn_loss_lost lost;

    gn_loss_detect(&conn->loss, env->sent, space, &gn_paths_active(&conn->paths)->rtt,
                   gn_conn_peer_ack_delay_us(conn), env->now, &lost);
    delivery_settle_lost(conn, env, &lost);
}

void
gn_conn_delivery_forget(gn_conn *conn, const gn_env *env, const gn_loss_lost *gone)
{
    for (uint32_t at = gone->head; at != GN_POOL_NONE; at = gn_sent_at(env->sent, at)->next) {
        const gn_sent *record = gn_sent_at(env->sent, at);
        gn_path *path = gn_paths_of(&conn->paths, record->path, record->path_epoch);
        if (path == NULL || (record->flags & GN_SENT_IN_FLIGHT) == 0)
            continue;
        /* [R-9002-6.4-2] */
        gn_cc_on_forgotten(&path->cc, record->bytes);
        if ((record->flags & (GN_SENT_ECT0 | GN_SENT_ECT1)) != 0)
            gn_ecn_on_forgotten(&path->ecn);
    }
    gn_sent_free_list(env->sent, gone->head);
}

/* [R-9002-6.2-1] */
void
gn_conn_delivery_repeat(gn_conn *conn, const gn_env *env, gn_space_id space, uint32_t packets)
{
    uint32_t at = conn->loss.space[space].log.head;

    while (at != GN_POOL_NONE && packets > 0) {
        const gn_sent *record = gn_sent_at(env->sent, at);
        if ((record->flags & GN_SENT_ELICITING) != 0) {
            (void)delivery_each_item(conn, env, at, false);
            packets--;
        }
        at = record->next;
    }
}

/* What the peer says it waited, in microseconds; Initial packets are never delayed (9002 5.3). */
static uint64_t
delivery_ack_delay_us(const gn_conn *conn, gn_space_id space, uint64_t delay)
{
    /* RFC 9000 18.2: the exponent of the parameters is for 1-RTT packets; 3 is the default. */
    const uint64_t exponent = space == GN_SPACE_APP ? conn->peer.ack_delay_exponent : 3;

    if (space == GN_SPACE_INITIAL)
        return 0;
    return delay > (GN_RTT_MAX_US >> exponent) ? GN_RTT_MAX_US : delay << exponent;
}

/* The round trip and the marks belong to the path of the largest packet acknowledged. */
static void
delivery_measure(gn_conn *conn, const gn_env *env, gn_space_id space, const gn_frame_ack *ack,
                 const gn_loss_acked *acked)
{
    gn_path *path = gn_paths_of(&conn->paths, acked->path, acked->path_epoch);

    if (path != NULL && acked->has_sample)
        gn_rtt_update(&path->rtt, env->now, acked->sample_us,
                      delivery_ack_delay_us(conn, space, ack->delay),
                      gn_conn_peer_ack_delay_us(conn), conn->handshake.confirmed);
    const gn_ecn_ack marks = {.counts = {.ect0 = ack->ect0, .ect1 = ack->ect1, .ce = ack->ce},
                              .ect0_here = acked->ect0_here,
                              .ect1_here = acked->ect1_here,
                              .ect0_other = acked->ect0_other,
                              .ect1_other = acked->ect1_other,
                              .has_counts = ack->has_ecn,
                              .raises_largest = acked->raises_largest};
    if (path == NULL) {
        gn_ecn_ledger_on_ack(&conn->space[space].ecn, &marks);
        return;
    }
    const gn_ecn_verdict verdict = gn_ecn_on_ack(&path->ecn, &conn->space[space].ecn, &marks);
    if (verdict.ce > 0) {
        conn->counters.ce_marks += verdict.ce;
        gn_cc_on_ecn_ce(&path->cc, acked->largest_at, env->now);
    }
}

gn_err
gn_conn_delivery_on_ack(gn_conn *conn, const gn_env *env, gn_space_id space,
                        const gn_frame_ack *ack, uint32_t phase, gn_fault *fault)
{
    gn_loss_acked acked;

    /* RFC 9000 21.4: judged whole, before anything counts. [R-9000-21.4-1] */
    if (space == GN_SPACE_APP && gn_skips_told(&conn->skips, ack))
        return gn_fault_set(fault, GN_FAULT_PROTOCOL_VIOLATION,
                            ack->has_ecn ? GN_FRAME_ACK_ECN : GN_FRAME_ACK,
                            "RFC 9000 21.4: a packet that was left out is acknowledged");
    if (space == GN_SPACE_APP && gn_early_judge_ack(&conn->early, ack, fault) != GN_OK)
        return GN_ERR_FORM;
    gn_err err = gn_loss_on_ack(&conn->loss, env->sent, space, ack, env->now, &acked, fault);

    if (err != GN_OK)
        return err;
    if (space == GN_SPACE_APP) {
        gn_datagram_fates_on_ack(&conn->fates, ack);
        err = gn_keys_on_ack(&conn->space[space].keys, ack->largest, phase, env->now,
                             gn_conn_pto_us(conn), fault);
    }
    if (acked.count > 0) {
        delivery_measure(conn, env, space, ack, &acked);
        gn_conn_delivery_detect(conn, env, space);
    }
    delivery_settle_acked(conn, env, &acked);
    if (acked.count > 0)
        gn_observer_metrics(conn, env);
    /* RFC 9000 13.2.4: whoever acknowledged our probe needs no further one. */
    if (acked.eliciting)
        conn->space[space].probes = 0;
    return err;
}
