/*
 * conn_plan_datagrams.c: see conn_plan_datagrams.h.
 */
#include "conn/conn_plan_datagrams.h"

#include <string.h>

#include "base/assert.h"
#include "conn/conn_move.h"
#include "conn/conn_plan_streams.h"
#include "crypto/protect.h"

gn_err
gn_conn_plan_datagrams_room(const gn_conn *conn, size_t *out)
{
    /* A short header with the longest packet number (RFC 9000 17.3.1), and a frame's type. */
    enum { HEADER_LESS_CID = 1 + 4, TYPE = 1, LENGTH_ONE_BYTE_MAX = 63 };
    const gn_path *path = &conn->paths.at[conn->paths.active];
    const size_t around =
        HEADER_LESS_CID + gn_conn_move_cid(conn, conn->paths.active)->len + GN_PROTECT_TAG_BYTES;
    const uint64_t theirs = conn->peer.max_datagram_frame_size;

    /* RFC 9221 3: type and length count. [R-9221-3-1] [R-9221-3-2] */
    if (theirs <= TYPE)
        return GN_ERR_UNSUPPORTED;
    GN_ASSERT(path->datagram_bytes >= GN_DATAGRAM_MIN);
    size_t frame = path->datagram_bytes - around;
    if (theirs < frame)
        frame = (size_t)theirs;
    frame -= TYPE + 1;
    /* From 64 bytes on the length takes two bytes (RFC 9000 16). */
    *out = frame > LENGTH_ONE_BYTE_MAX ? frame - 1 : frame;
    return GN_OK;
}

bool
gn_conn_plan_datagrams_wants(const gn_conn *conn, const gn_env *env, const gn_plan_packet *p)
{
    return (!p->patient && gn_conn_plan_streams_wants(conn, env, p)) ||
           gn_datagrams_out_wants(&conn->datagrams_out);
}

/* Writes one datagram. False: it has to wait for another packet. */
static bool
plan_datagram(gn_builder *b, const gn_datagram_kept *kept)
{
    const size_t overhead = gn_frame_datagram_overhead(kept->len, true);

    if (!gn_builder_can_note(b) || gn_builder_left(b) < overhead + kept->len)
        return false;
    const gn_err err = gn_frame_datagram_write_header(&b->w, kept->len, true);
    GN_ASSERT(err == GN_OK);
    memcpy(b->w.base + b->w.at, kept->bytes, kept->len);
    b->w.at += kept->len;
    gn_builder_note(b, &(gn_item){.kind = GN_ITEM_DATAGRAM, .id = kept->note.id, .len = kept->len},
                    true);
    return true;
}

/* As many as fit, in their order; whether there was any. */
static bool
plan_datagrams(gn_conn *conn, const gn_env *env, gn_builder *b)
{
    gn_datagrams_out *q = &conn->datagrams_out;
    const gn_slots chunks = env->pools.chunks;
    const gn_datagram_kept *first;
    size_t room = 0;
    bool any = false;

    if (!gn_datagrams_out_wants(q))
        return false;
    gn_datagrams_out_expire(q, chunks, env->now, GN_DATAGRAM_LOST_EXPIRED);
    const bool takes = gn_conn_plan_datagrams_room(conn, &room) == GN_OK;
    while ((first = gn_datagrams_out_first(q, chunks)) != NULL) {
        /* RFC 9221 5: the path, or what is known of the peer, is not what it was. */
        if (!takes || first->len > room) {
            gn_datagrams_out_drop(q, chunks, GN_DATAGRAM_LOST_TOO_LARGE);
            continue;
        }
        if (!plan_datagram(b, first))
            break;
        gn_datagrams_out_on_sent(q, chunks);
        any = true;
    }
    return any;
}

void
gn_conn_plan_datagrams_fill(gn_conn *conn, const gn_env *env, const gn_plan_packet *p,
                            gn_builder *b)
{
    gn_datagrams_out *q = &conn->datagrams_out;
    const bool streams = gn_conn_plan_streams_wants(conn, env, p);
    const bool both = streams && gn_datagrams_out_wants(q);
    bool first = false;

    if (!both || !q->yields)
        first = plan_datagrams(conn, env, b);
    if (streams)
        gn_conn_plan_streams_fill(conn, env, p, b);
    if (both && q->yields)
        (void)plan_datagrams(conn, env, b);
    q->yields = both && first;
}
