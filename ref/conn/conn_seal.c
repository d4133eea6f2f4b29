/*
 * conn_seal.c: see conn_seal.h.
 */
#include "conn/conn_seal.h"

#include "base/assert.h"
#include "base/be.h"
#include "conn/conn_handshake.h"
#include "conn/conn_move.h"
#include "conn/observer.h"
#include "crypto/protect.h"
#include "wire/header_read.h"

static uint8_t
seal_flags(const gn_builder_packet *packet, gn_ecn_mark_id mark)
{
    uint8_t flags = 0;

    if (packet->eliciting)
        flags |= GN_SENT_ELICITING;
    /* RFC 9002 2: what is ack-eliciting or padded counts as in flight. */
    if (packet->eliciting || packet->padded)
        flags |= GN_SENT_IN_FLIGHT;
    if (mark == GN_ECN_ECT0)
        flags |= GN_SENT_ECT0;
    if (mark == GN_ECN_ECT1)
        flags |= GN_SENT_ECT1;
    return flags;
}

static void
seal_observe(const gn_conn *conn, const gn_env *env, const gn_builder *b,
             const gn_builder_packet *packet, size_t len, uint8_t path, gn_ecn_mark_id mark)
{
    if (env->config->observer.on_event == NULL)
        return;
    const gn_cid *dcid = gn_conn_move_cid(conn, path);
    const gn_observer_packet seen = {
        .pn = packet->pn,
        .kind = (gn_packet_kind)packet->kind,
        .version =
            packet->kind == GN_PACKET_ONE_RTT ? 0 : gn_be_read_u32(b->w.base + packet->start + 1),
        .dcid = gn_cid_span(dcid),
        .scid = packet->kind == GN_PACKET_ONE_RTT
                    ? gn_span_of(NULL, 0)
                    : gn_cid_span(gn_local_cids_first(&conn->local_cids)),
        .payload = gn_span_of(b->w.base + packet->payload_at, packet->end - packet->payload_at),
        .len = len,
        .route = conn->paths.at[path].route,
        .path = path,
        .ecn = (uint8_t)mark,
        .key_phase = (uint8_t)gn_keys_phase_bit(&conn->space[packet->space].keys),
    };
    gn_observer_packet_sent(conn, env, &seen);
}

static void
seal_inspect(const gn_conn *conn, const gn_env *env, const gn_builder *b,
             const gn_builder_packet *packet, size_t len, uint8_t path, gn_ecn_mark_id mark)
{
    gn_inspection_push(
        env->inspection,
        (gn_inspected){.connection = conn->handle,
                       .route = conn->paths.at[path].route,
                       .pn = packet->pn,
                       .datagram_len = (uint32_t)gn_builder_bytes(b),
                       .datagram_off = (uint32_t)packet->start,
                       .outbound = 1,
                       .kind = packet->kind,
                       .ecn = (uint8_t)mark,
                       .key_phase = (uint8_t)gn_keys_phase_bit(&conn->space[packet->space].keys),
                       .pn_bytes = (uint8_t)(packet->payload_at - packet->pn_at),
                       .dcid_len = gn_conn_move_cid(conn, path)->len},
        gn_span_of(b->w.base + packet->start, len));
}

/* RFC 9000 17.4: the bit is not protected, so it is set in place. */
static void
seal_spin(gn_conn *conn, const gn_env *env, gn_builder *b, uint32_t nth, uint8_t index)
{
    if (b->packet[nth].kind == GN_PACKET_ONE_RTT &&
        gn_spin_next(&conn->paths.at[index].spin, gn_conn_move_cid_seq(conn, index),
                     env->config->spin_bit != 0, env->rng))
        b->w.base[b->packet[nth].start] |= GN_HEADER_SPIN;
}

/* One packet: told to the observer while it is in clear, sealed, logged, counted. */
static void
seal_packet(gn_conn *conn, const gn_env *env, gn_builder *b, uint32_t nth, uint8_t index,
            gn_ecn_mark_id mark)
{
    const gn_builder_packet *packet = &b->packet[nth];
    gn_space *space = &conn->space[packet->space];
    gn_path *path = &conn->paths.at[index];
    const size_t len = gn_builder_finish(b, nth);
    gn_sent *record = gn_sent_at(env->sent, packet->record);
    gn_packet_keys *tx =
        packet->kind == GN_PACKET_ZERO_RTT ? &conn->early.keys.tx : &space->keys.tx;

    /* RFC 9287 3.1: not before the peer has said that it does not mind. [R-9287-3.1-1] */
    if (conn->peer.grease_quic_bit && env->config->grease_quic_bit &&
        (gn_rng_u64(env->rng) & 1) != 0)
        b->w.base[packet->start] &= (uint8_t)~GN_HEADER_FIXED;
    seal_observe(conn, env, b, packet, len, index, mark);
    gn_inspection_stage(env->inspection, gn_span_of(b->w.base + packet->payload_at,
                                                    packet->end - packet->payload_at));
    const gn_err err = gn_protect_seal(
        env->suite, env->keys, tx, b->w.base + packet->start, packet->pn_at - packet->start,
        packet->payload_at - packet->pn_at, packet->end - packet->payload_at, packet->pn);
    GN_ASSERT(err == GN_OK);
    seal_inspect(conn, env, b, packet, len, index, mark);
    record->pn = packet->pn;
    record->at = env->now;
    record->bytes = (uint16_t)len;
    record->flags = seal_flags(packet, mark);
    record->space = packet->space;
    record->path = index;
    record->path_epoch = path->epoch;
    const bool in_flight = (record->flags & GN_SENT_IN_FLIGHT) != 0;
    if (in_flight)
        /* [R-9002-7.5-2] */
        gn_cc_on_sent(&path->cc, (uint32_t)len, env->now);
    gn_ecn_on_sent(&path->ecn, &space->ecn, mark, in_flight);
    gn_loss_on_sent(&conn->loss, env->sent, packet->record);
    if (packet->space == GN_SPACE_APP)
        gn_skips_on_sent(&conn->skips, packet->pn, env->rng);
    if (packet->eliciting)
        gn_idle_on_sent(&conn->idle, env->now);
    conn->counters.packets_sent++;
}

bool
gn_conn_seal_datagram(gn_conn *conn, const gn_env *env, gn_builder *b, uint8_t index,
                      gn_effect *out)
{
    gn_path *path = &conn->paths.at[index];
    const size_t bytes = gn_builder_bytes(b);
    const gn_ecn_mark_id mark = gn_path_mark(path, b->tests_path, b->challenges);
    bool in_flight = false;

    GN_ASSERT(b->count > 0 && bytes <= path->datagram_bytes);
    gn_inspection_begin(env->inspection);
    for (uint32_t i = 0; i < b->count; i++) {
        in_flight |= b->packet[i].eliciting || b->packet[i].padded;
        seal_spin(conn, env, b, i, index);
        seal_packet(conn, env, b, i, index, mark);
    }
    if (in_flight)
        gn_pacer_on_sent(&path->pacer, bytes);
    gn_path_on_sent(path, bytes);
    conn->counters.bytes_sent += bytes;
    *out = (gn_effect){.size = sizeof(gn_effect),
                       .kind = GN_EFFECT_SEND,
                       .ecn = (uint32_t)mark,
                       .connection = conn->handle,
                       .route = path->route,
                       .bytes = env->datagram,
                       .len = bytes};
    /* RFC 9001 4.9.1: a client that has sent a Handshake packet needs Initial keys no more.
     * [R-9001-4.9.1-1] */
    if (!conn->is_server)
        for (uint32_t i = 0; i < b->count; i++)
            if (b->packet[i].space == GN_SPACE_HANDSHAKE)
                gn_conn_handshake_discard(conn, env, GN_SPACE_INITIAL);
    return true;
}
