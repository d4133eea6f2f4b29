/*
 * conn_recv.c: see conn_recv.h.
 */
#include "conn/conn_recv.h"

#include <string.h>

#include "base/assert.h"
#include "conn/conn_frames.h"
#include "conn/conn_handshake.h"
#include "conn/conn_move.h"
#include "conn/conn_retry.h"
#include "conn/conn_version.h"
#include "conn/observer.h"
#include "crypto/protect.h"
#include "wire/header_read.h"
#include "wire/version.h"

/* One packet of a datagram on its way in. */
typedef struct recv_packet {
    const gn_datagram *datagram;
    const uint8_t *bytes;
    gn_header header;
    gn_space_id space;
    gn_opened opened;
    gn_time at;   /* when it came: before now when it was held until there were keys */
    uint8_t path; /* GN_PATH_NONE: by a route we do not know */
    bool held;
    bool stray; /* by a route we cannot answer on: path is the active one */
} recv_packet;

/* What became of a packet: the three verdicts. */
typedef enum recv_verdict { RECV_DROP, RECV_ACCEPT, RECV_CLOSE } recv_verdict;

static recv_verdict
recv_drop(gn_conn *conn, const gn_env *env, const recv_packet *p, gn_drop_cause cause)
{
    gn_observer_dropped(conn, env, p->header.kind, p->header.packet_len, p->datagram->route, cause);
    return RECV_DROP;
}

/* [R-9000-11.1-1] */
static recv_verdict
recv_close(gn_conn *conn, const gn_env *env, const gn_fault *fault)
{
    gn_close_on_fault(&conn->close, fault, env->now, 3 * gn_conn_pto_us(conn));
    return RECV_CLOSE;
}

static gn_err
recv_open(gn_conn *conn, const gn_env *env, recv_packet *p, gn_fault *fault)
{
    gn_space *space = &conn->space[p->space];
    const uint64_t largest = gn_acks_largest(&space->acks);
    const uint64_t expected = largest == GN_ACKS_NONE ? 0 : largest + 1;

    if (p->header.kind == GN_PACKET_ONE_RTT)
        return gn_protect_open_short(env->suite, env->keys, &space->keys, p->bytes,
                                     p->header.packet_len, p->header.pn_at, expected, env->now,
                                     gn_conn_pto_us(conn), env->opened, &p->opened, fault);
    gn_packet_keys *rx = p->header.kind == GN_PACKET_ZERO_RTT         ? &conn->early.keys.rx
                         : p->header.version == conn->negotiation.now ? &space->keys.rx
                                                                      : &conn->original_keys.rx;
    return gn_protect_open(env->suite, env->keys, rx, p->bytes, p->header.packet_len,
                           p->header.pn_at, expected, env->opened, &p->opened, fault);
}

/* RFC 9001 6.6: packets that failed in all spaces count together. */
static recv_verdict
recv_not_authentic(gn_conn *conn, const gn_env *env, const recv_packet *p)
{
    uint64_t elsewhere = conn->early.keys.rx.used + conn->original_keys.rx.used;
    gn_fault fault;

    for (int i = 0; i < GN_SPACES; i++)
        if (i != (int)p->space)
            elsewhere += conn->space[i].keys.rx.used;
    if (gn_keys_judge_failures(&conn->space[p->space].keys, elsewhere, &fault) != GN_OK)
        return recv_close(conn, env, &fault);
    return recv_drop(conn, env, p, GN_DROP_AUTH);
}

/* RFC 9000 7.2: once the peer's ID is known, long headers come from it alone.
 * [R-9000-7.2-3] [R-9000-7.2-6] */
static bool
recv_wrong_source(const gn_conn *conn, const recv_packet *p)
{
    return p->header.kind != GN_PACKET_ONE_RTT && (conn->is_server || conn->handshake.heard) &&
           !gn_cid_equal(gn_peer_cids_first(&conn->peer_cids), &p->header.scid);
}

/* Whether there are no keys for the packet, or it may not be opened with them yet. */
static bool
recv_without_keys(const gn_conn *conn, gn_space_id space)
{
    /* RFC 9001 5.7: not before the handshake is complete, whoever has the keys. [R-9001-5.7-1] */
    return !gn_keys_can_open(&conn->space[space].keys) ||
           (space == GN_SPACE_APP && !conn->handshake.complete);
}

/* Whether the header alone forbids to go on; nothing is authentic yet. */
static bool
recv_refuses(const gn_conn *conn, const gn_env *env, const recv_packet *p, gn_drop_cause *cause)
{
    switch (p->header.kind) {
    case GN_PACKET_INITIAL:
        /* RFC 9000 14.1, 17.2.2: too small a datagram; a token from a server. [R-9000-8.2.1-4] */
        *cause = GN_DROP_SMALL;
        /* [R-9000-14.1-3] */
        if (conn->is_server && p->datagram->len < GN_DATAGRAM_MIN)
            return true;
        *cause = GN_DROP_HEADER;
        /* [R-9000-17.2.2-2] */
        if (!conn->is_server && p->header.token.len > 0)
            return true;
        break;
    case GN_PACKET_HANDSHAKE:
    case GN_PACKET_ONE_RTT:
    case GN_PACKET_ZERO_RTT: break;
    /* [R-9000-6.2-2] */
    default: *cause = GN_DROP_VERSION; return true;
    }
    *cause = GN_DROP_KEYS;
    /* A client never has a key that opens 0-RTT, a server that rejects it neither.
     * [R-9001-4.6.2-1] [R-9001-5.6-3] */
    if (p->header.kind == GN_PACKET_ZERO_RTT ? !gn_early_can_open(&conn->early)
                                             : recv_without_keys(conn, p->space))
        return true;
    *cause = GN_DROP_UNKNOWN;
    if (recv_wrong_source(conn, p))
        return true;
    /* [R-9000-9-5] */
    *cause = GN_DROP_PATH;
    return p->path == GN_PATH_NONE && !gn_conn_move_may_meet(conn, env, p->datagram->route);
}

/* RFC 9001 4.1.4: a packet whose keys may still come is kept, if there is room. */
static bool
recv_hold(gn_conn *conn, const gn_env *env, const recv_packet *p)
{
    uint64_t used_seq = 0;

    if ((p->header.kind != GN_PACKET_HANDSHAKE && p->header.kind != GN_PACKET_ONE_RTT) || p->held ||
        p->path == GN_PATH_NONE || !gn_conn_is_open(conn) || conn->space[p->space].keys.discarded ||
        recv_wrong_source(conn, p) ||
        gn_local_cids_find(&conn->local_cids, &p->header.dcid, &used_seq) != GN_OK)
        return false;
    if (!gn_held_push(&conn->held, env->held, p->datagram, p->bytes, p->header.packet_len,
                      env->now))
        return false;
    gn_observer_held(conn, env, p->header.kind, p->header.packet_len, p->datagram->route);
    return true;
}

static void
recv_inspect(const gn_conn *conn, const gn_env *env, const recv_packet *p)
{
    gn_inspection_stage(env->inspection, gn_span_of(p->opened.payload, p->opened.payload_len));
    gn_inspection_push(env->inspection,
                       (gn_inspected){.connection = conn->handle,
                                      .route = p->datagram->route,
                                      .pn = p->opened.pn,
                                      .datagram_len = (uint32_t)p->datagram->len,
                                      .datagram_off = (uint32_t)(p->bytes - p->datagram->bytes),
                                      .kind = (uint8_t)p->header.kind,
                                      .ecn = p->datagram->ecn,
                                      .key_phase = (uint8_t)(p->opened.phase & 1),
                                      .pn_bytes = p->opened.pn_size,
                                      .dcid_len = (uint8_t)p->header.dcid_bytes.len},
                       gn_span_of(p->bytes, p->header.packet_len));
}

static void
recv_observe(const gn_conn *conn, const gn_env *env, const recv_packet *p)
{
    const bool is_long = p->header.kind != GN_PACKET_ONE_RTT;
    const gn_observer_packet seen = {
        .pn = p->opened.pn,
        .kind = p->header.kind,
        .version = is_long ? p->header.version : 0,
        .dcid = p->header.dcid_bytes,
        .scid = is_long ? p->header.scid_bytes : gn_span_of(NULL, 0),
        .payload = gn_span_of(p->opened.payload, p->opened.payload_len),
        .len = p->header.packet_len,
        .route = p->datagram->route,
        .path = p->path == GN_PATH_NONE ? conn->paths.active : p->path,
        .ecn = p->datagram->ecn,
        .key_phase = (uint8_t)(p->opened.phase & 1),
    };
    gn_observer_packet_received(conn, env, &seen);
}

/* RFC 9000 7.2: the server's first packet names the ID to send to from now on. [R-9000-7.2-2] */
static void
recv_first_of_server(gn_conn *conn, const recv_packet *p)
{
    if (conn->is_server || conn->handshake.heard)
        return;
    conn->handshake.heard = 1;
    /* [R-9000-7.2-4] */
    gn_peer_cids_set_first(&conn->peer_cids, &p->header.scid);
}

/* What the packet's arrival means, all frames accepted. */
static void
recv_settle(gn_conn *conn, const gn_env *env, const recv_packet *p, bool eliciting, bool highest,
            bool probing)
{
    gn_space *space = &conn->space[p->space];
    /* RFC 9000 13.2.1: only 1-RTT packets may be acknowledged late. [R-9000-13.2.1-2] */
    const uint64_t delay_us = p->space == GN_SPACE_APP ? env->config->max_ack_delay_us : 0;

    if (!space->keys.discarded)
        /* RFC 9000 13.2.5: time spent without keys counts as a delay of ours. */
        gn_acks_note(&space->acks, p->opened.pn, eliciting, (gn_ecn_mark_id)p->datagram->ecn, p->at,
                     delay_us, (uint32_t)env->config->ack_threshold);
    gn_idle_on_received(&conn->idle, env->now);
    conn->counters.packets_received++;
    if (p->space != GN_SPACE_APP)
        gn_conn_version_settle(conn, env, p->header.version);
    /* RFC 9000 8.1, RFC 9001 4.9.1: a Handshake packet proves the client's address.
     * [R-9001-4.9.1-2] */
    if (conn->is_server && p->space == GN_SPACE_HANDSHAKE) {
        if (!conn->paths.at[p->path].proved)
            gn_path_prove(&conn->paths.at[p->path]);
        gn_conn_handshake_discard(conn, env, GN_SPACE_INITIAL);
    }
    if (p->header.kind != GN_PACKET_ONE_RTT || p->stray)
        return;
    gn_spin_on_received(&conn->paths.at[p->path].spin, p->opened.pn,
                        (p->bytes[0] & GN_HEADER_SPIN) != 0, conn->is_server);
    if (highest && !probing)
        gn_conn_move_follow(conn, env, p->path);
}

/* An authentic packet that is no duplicate. */
static recv_verdict
recv_process(gn_conn *conn, const gn_env *env, recv_packet *p, uint64_t used_seq)
{
    const gn_span payload = gn_span_of(p->opened.payload, p->opened.payload_len);
    const uint64_t largest = gn_acks_largest(&conn->space[p->space].acks);
    const bool highest = largest == GN_ACKS_NONE || p->opened.pn > largest;
    gn_conn_judgement judged;
    gn_fault fault;

    recv_observe(conn, env, p);
    recv_inspect(conn, env, p);
    if (gn_conn_frames_judge(conn, payload, p->header.kind, &judged, &fault) != GN_OK)
        return recv_close(conn, env, &fault);
    p->stray = p->path == GN_PATH_NONE && !gn_conn_move_can_answer(conn, used_seq);
    if (p->path == GN_PATH_NONE)
        p->path =
            p->stray ? conn->paths.active : gn_conn_move_meet(conn, env, p->datagram, used_seq);
    recv_first_of_server(conn, p);
    const gn_conn_packet packet = {.payload = payload,
                                   .pn = p->opened.pn,
                                   .used_seq = used_seq,
                                   .kind = p->header.kind,
                                   .space = p->space,
                                   .phase = p->opened.phase,
                                   .path = p->path,
                                   .stray = p->stray,
                                   .ecn = p->datagram->ecn};
    gn_err err = gn_conn_frames_apply(conn, env, &packet, &fault);
    if (err == GN_ERR_FULL)
        return recv_drop(conn, env, p, GN_DROP_ROOM);
    if (err == GN_OK && judged.handshake)
        err = gn_conn_handshake_pump(conn, env, &fault);
    if (err != GN_OK)
        return recv_close(conn, env, &fault);
    if (!p->stray)
        conn->paths.at[p->path].local_seq = used_seq;
    /* [R-9000-13.1-1] */
    recv_settle(conn, env, p, judged.eliciting, highest, judged.probing);
    return RECV_ACCEPT;
}

/* While we are closing only the peer's own close counts (RFC 9000 10.2.1). */
static recv_verdict
recv_while_ending(gn_conn *conn, const gn_env *env, const recv_packet *p)
{
    if (conn->close.phase == GN_CLOSE_CLOSING) {
        gn_conn_frames_apply_close(conn, env, gn_span_of(p->opened.payload, p->opened.payload_len));
        gn_close_on_packet(&conn->close);
    }
    return recv_drop(conn, env, p, GN_DROP_STATE);
}

/* The destination of a server's first Initial is the client's choice, not one of our IDs. */
static gn_err
recv_used_seq(const gn_conn *conn, const recv_packet *p, uint64_t *seq)
{
    const gn_err err = gn_local_cids_find(&conn->local_cids, &p->header.dcid, seq);

    const bool first = p->header.kind == GN_PACKET_INITIAL || p->header.kind == GN_PACKET_ZERO_RTT;
    if (err == GN_OK || !conn->is_server || !first ||
        !gn_cid_equal(&p->header.dcid, &conn->initial_dcid))
        return err;
    *seq = 0;
    return GN_OK;
}

static recv_verdict
recv_one(gn_conn *conn, const gn_env *env, recv_packet *p)
{
    gn_drop_cause cause;
    gn_fault fault;
    uint64_t used_seq = 0;

    p->space = p->header.kind == GN_PACKET_INITIAL     ? GN_SPACE_INITIAL
               : p->header.kind == GN_PACKET_HANDSHAKE ? GN_SPACE_HANDSHAKE
                                                       : GN_SPACE_APP;
    if (conn->close.phase == GN_CLOSE_DRAINING || conn->close.phase == GN_CLOSE_CLOSED)
        return recv_drop(conn, env, p, GN_DROP_STATE);
    if (p->header.kind == GN_PACKET_RETRY)
        return gn_conn_retry_receive(conn, env, p->bytes, &p->header)
                   ? RECV_ACCEPT
                   : recv_drop(conn, env, p, GN_DROP_STATE);
    if (!gn_conn_version_takes(conn, env, &p->header, p->bytes))
        return recv_drop(conn, env, p, GN_DROP_VERSION);
    if (recv_refuses(conn, env, p, &cause)) {
        if (cause == GN_DROP_KEYS && recv_hold(conn, env, p))
            return RECV_DROP;
        return recv_drop(conn, env, p, cause);
    }
    if (recv_used_seq(conn, p, &used_seq) != GN_OK)
        return recv_drop(conn, env, p, GN_DROP_UNKNOWN);
    switch (recv_open(conn, env, p, &fault)) {
    case GN_OK: break;
    case GN_ERR_AUTH:
    case GN_ERR_SHORT: return recv_not_authentic(conn, env, p);
    case GN_ERR_FORM: return recv_close(conn, env, &fault);
    default: return recv_drop(conn, env, p, GN_DROP_ROOM);
    }
    if (!gn_conn_is_open(conn))
        return recv_while_ending(conn, env, p);
    /* [R-9000-12.3-5] */
    if (gn_acks_seen(&conn->space[p->space].acks, p->opened.pn))
        return recv_drop(conn, env, p, GN_DROP_DUPLICATE);
    return recv_process(conn, env, p, used_seq);
}

/* RFC 9000 12.2: coalesced packets are all for the same connection ID. */
static bool
recv_same_destination(const gn_span *first, const gn_header *header)
{
    return first->len == header->dcid_bytes.len &&
           (first->len == 0 || memcmp(first->ptr, header->dcid_bytes.ptr, first->len) == 0);
}

bool
gn_conn_recv_reset(gn_conn *conn, const gn_env *env, const gn_datagram *datagram)
{
    enum { RESET_BYTES_MIN = 21 };
    const size_t len = datagram->len;

    /* Whatever its header looks like. [R-9000-10.3-5] [R-9000-10.3.1-2] */
    if (len < RESET_BYTES_MIN || !gn_conn_is_open(conn) ||
        gn_paths_find(&conn->paths, datagram->route) == GN_PATH_NONE ||
        !gn_peer_cids_is_reset(&conn->peer_cids, datagram->bytes + len - GN_RESET_TOKEN_BYTES))
        return false;
    /* [R-9000-10.3.1-5] */
    gn_close_on_reset(&conn->close, env->now, 3 * gn_conn_pto_us(conn));
    return true;
}

/* One that was held, now that it is of use. Its bytes counted when they came. */
static void
recv_held(gn_conn *conn, const gn_env *env, const gn_held_packet *held)
{
    gn_datagram datagram = {.size = sizeof datagram,
                            .bytes = held->bytes,
                            .len = held->len,
                            .route = held->route,
                            .ecn = held->ecn};
    recv_packet p = {.datagram = &datagram,
                     .bytes = held->bytes,
                     .at = held->at,
                     .path = gn_paths_find(&conn->paths, held->route),
                     .held = true};

    memcpy(datagram.host, held->host, sizeof datagram.host);
    const gn_err err = gn_header_read_greased(held->bytes, held->len, env->config->cid_len,
                                              env->config->grease_quic_bit, &p.header);
    GN_ASSERT(err == GN_OK);
    (void)recv_one(conn, env, &p);
}

/* Whether a packet has to wait on: its keys are not there, and are not gone either. */
static bool
recv_still_waits(const gn_conn *conn, const gn_held_packet *held)
{
    const gn_space_id space = (held->bytes[0] & 0x80) != 0 ? GN_SPACE_HANDSHAKE : GN_SPACE_APP;

    return gn_conn_is_open(conn) && recv_without_keys(conn, space) &&
           !conn->space[space].keys.discarded;
}

/* What was held is read again, in the order it came; each may bring the keys of others. */
static void
recv_release(gn_conn *conn, const gn_env *env)
{
    bool again = conn->held.count > 0;

    while (again) {
        again = false;
        for (uint32_t left = conn->held.count; left > 0; left--) {
            const uint32_t at = gn_held_pop(&conn->held, env->held);
            if (recv_still_waits(conn, gn_held_at(env->held, at))) {
                gn_held_return(&conn->held, env->held, at);
                continue;
            }
            recv_held(conn, env, gn_held_at(env->held, at));
            gn_slots_give(env->held, at);
            again = conn->held.count > 0;
        }
    }
}

bool
gn_conn_recv_datagram(gn_conn *conn, const gn_env *env, const gn_datagram *datagram)
{
    recv_packet p = {
        .datagram = datagram, .at = env->now, .path = gn_paths_find(&conn->paths, datagram->route)};
    gn_span first = gn_span_of(NULL, 0);
    bool authentic = false;

    gn_inspection_begin(env->inspection);
    conn->counters.bytes_received += datagram->len;
    if (p.path != GN_PATH_NONE)
        /* [R-9000-8.1-2] */
        gn_path_on_received(&conn->paths.at[p.path], datagram->len);
    /* [R-9000-12.2-1] */
    for (size_t at = 0; at < datagram->len; at += p.header.packet_len) {
        p.bytes = datagram->bytes + at;
        /* [R-9287-3-2] */
        if (gn_header_read_greased(p.bytes, datagram->len - at, env->config->cid_len,
                                   env->config->grease_quic_bit, &p.header) != GN_OK) {
            /* Zeros behind the last packet are padding of the datagram, not a packet. */
            if (at == 0 || *p.bytes != 0)
                gn_observer_dropped(conn, env, GN_PACKET_UNKNOWN_VERSION, datagram->len - at,
                                    datagram->route, GN_DROP_HEADER);
            break;
        }
        if (at == 0)
            first = p.header.dcid_bytes;
        if (!recv_same_destination(&first, &p.header)) {
            (void)recv_drop(conn, env, &p, GN_DROP_UNKNOWN);
            continue;
        }
        /* [R-9000-12.2-3] [R-9000-12.2-4] */
        authentic |= recv_one(conn, env, &p) != RECV_DROP;
        if (p.path == GN_PATH_NONE || p.stray)
            p.path = gn_paths_find(&conn->paths, datagram->route);
    }
    if (authentic)
        recv_release(conn, env);
    return authentic || gn_conn_recv_reset(conn, env, datagram);
}
