/*
 * conn_retry.c: see conn_retry.h.
 */
#include "conn/conn_retry.h"

#include "base/assert.h"
#include "conn/conn_delivery.h"
#include "conn/conn_life.h"
#include "crypto/retry_tag.h"
#include "wire/retry.h"

/* RFC 9000 17.2.5.2: when a Retry counts. [R-9000-17.2.5-1] [R-9000-17.2.5.2-1]
 * [R-9000-17.2.5.2-2] */
static bool
retry_counts(const gn_conn *conn, const gn_env *env, const uint8_t *bytes, const gn_header *header,
             gn_retry *retry)
{
    uint64_t seq = 0;

    if (conn->is_server || conn->handshake.heard || conn->token.retried || !gn_conn_is_open(conn))
        return false;
    if (gn_local_cids_find(&conn->local_cids, &header->dcid, &seq) != GN_OK ||
        header->version != gn_negotiation_offered(&conn->negotiation))
        return false;
    /* RFC 9000 17.2.5.1: it must choose an ID of its own, and bring a token. [R-9000-17.2.5.1-2] */
    if (gn_cid_equal(&header->scid, &conn->original_dcid) ||
        gn_retry_read(header->rest, retry) != GN_OK || retry->token.len > GN_TOKEN_MAX)
        return false;
    /* [R-9000-17.2.5.2-3] */
    return gn_retry_tag_holds(env->suite, header->version, &conn->original_dcid,
                              gn_span_of(bytes, header->packet_len));
}

/* RFC 9002 6.3: nothing of what was sent is heard of again, and it all goes once more.
 * [R-9000-8.1.3-6] [R-9000-17.2.5.3-1] [R-9000-17.2.5.3-2] */
static void
retry_send_again(gn_conn *conn, const gn_env *env)
{
    gn_loss_lost gone;

    gn_conn_delivery_repeat(conn, env, GN_SPACE_INITIAL, UINT32_MAX);
    gn_loss_discard(&conn->loss, env->sent, GN_SPACE_INITIAL, env->now, &gone);
    gn_conn_delivery_forget(conn, env, &gone);
    conn->space[GN_SPACE_INITIAL].probes = 0;
    /* RFC 9000 17.2.5.3: 0-RTT packets, too, went to an ID that nobody has; numbers go on. */
    gn_conn_delivery_repeat(conn, env, GN_SPACE_APP, UINT32_MAX);
    gn_loss_discard(&conn->loss, env->sent, GN_SPACE_APP, env->now, &gone);
    gn_conn_delivery_forget(conn, env, &gone);
}

bool
gn_conn_retry_receive(gn_conn *conn, const gn_env *env, const uint8_t *bytes,
                      const gn_header *header)
{
    gn_retry retry;

    if (!retry_counts(conn, env, bytes, header, &retry))
        return false;
    retry_send_again(conn, env);
    const bool kept = gn_address_token_keep(&conn->token, retry.token);
    GN_ASSERT(kept);
    conn->token.retried = 1;
    conn->token.retry_scid = header->scid;
    /* Our own ID stays. [R-9000-17.2.5.1-3] [R-9000-17.2.5.2-5] */
    gn_peer_cids_set_first(&conn->peer_cids, &header->scid);
    conn->initial_dcid = header->scid;
    /* RFC 9001 5.2: the keys follow from the new ID; their slots are there already. */
    const gn_err err = gn_conn_life_initial_keys(conn, env);
    GN_ASSERT(err == GN_OK);
    return true;
}
