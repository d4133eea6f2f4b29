/*
 * conn_version.c: see conn_version.h.
 */
#include "conn/conn_version.h"

#include "base/assert.h"
#include "base/ct.h"
#include "conn/conn_life.h"
#include "crypto/initial.h"
#include "crypto/protect.h"
#include "wire/vneg.h"

/* RFC 9000 6.2, RFC 9368 4: when a Version Negotiation packet counts. [R-9000-6.2-2]
 * [R-9368-4-11] */
static bool
version_counts(const gn_conn *conn, const gn_header *header, gn_vneg *vneg)
{
    uint64_t seq = 0;

    if (conn->is_server || conn->handshake.heard || conn->token.retried ||
        conn->negotiation.reacted || !gn_conn_is_open(conn))
        return false;
    /* RFC 8999 6: both IDs are those of what it answers; the rest of its first byte says nothing.
     * [R-9000-17.2.1-1] */
    if (header->dcid_bytes.len > GN_CID_MAX || header->scid_bytes.len > GN_CID_MAX)
        return false;
    const gn_cid dcid = gn_cid_from(header->dcid_bytes.ptr, header->dcid_bytes.len);
    const gn_cid scid = gn_cid_from(header->scid_bytes.ptr, header->scid_bytes.len);
    if (gn_local_cids_find(&conn->local_cids, &dcid, &seq) != GN_OK ||
        !gn_cid_equal(&scid, &conn->original_dcid) || gn_vneg_read(header->rest, vneg) != GN_OK)
        return false;
    /* [R-9000-6.2-3] [R-9368-4-10] */
    return !gn_vneg_has(vneg, gn_negotiation_offered(&conn->negotiation));
}

bool
gn_conn_version_on_vneg(gn_conn *conn, const gn_env *env, const gn_header *header)
{
    gn_vneg vneg;

    if (!version_counts(conn, header, &vneg))
        return false;
    const uint32_t version = gn_negotiation_pick(env->config->versions, &vneg);
    /* [R-9000-6.2-1] */
    if (version == 0 || gn_conn_life_again(conn, env, version) != GN_OK)
        gn_close_on_no_version(&conn->close, env->now);
    return true;
}

/* The reading keys of a client's or server's Initial packets of this version. */
static gn_err
version_initial_keys(gn_conn *conn, const gn_env *env, uint32_t version, gn_keys *keys)
{
    uint8_t secret[2][GN_INITIAL_SECRET_BYTES];

    gn_keys_init(keys, version);
    gn_err err = gn_initial_secrets(env->suite, version, conn->initial_dcid.bytes,
                                    conn->initial_dcid.len, secret[0], secret[1]);
    if (err == GN_OK)
        err = gn_keys_install(env->suite, env->keys, keys, GN_KEYS_RX, GN_SUITE_AES_128_GCM_SHA256,
                              secret[conn->is_server ? 0 : 1]);
    gn_ct_wipe(secret, sizeof secret);
    return err;
}

gn_err
gn_conn_version_keep_original(gn_conn *conn, const gn_env *env)
{
    if (conn->negotiation.now == conn->negotiation.original)
        return GN_OK;
    return version_initial_keys(conn, env, conn->negotiation.original, &conn->original_keys);
}

/* Whether the packet opens as an Initial of the version it says. */
static bool
version_opens(gn_conn *conn, const gn_env *env, const gn_header *header, const uint8_t *bytes)
{
    gn_keys keys;
    gn_opened opened;
    gn_fault fault;
    gn_err err = version_initial_keys(conn, env, header->version, &keys);

    if (err == GN_OK)
        err = gn_protect_open(env->suite, env->keys, &keys.rx, bytes, header->packet_len,
                              header->pn_at, 0, env->opened, &opened, &fault);
    gn_keys_discard(env->keys, &keys);
    return err == GN_OK || err == GN_ERR_FORM;
}

/* RFC 9369 4.1: the server has chosen; what we send from now on has its version. [R-9369-4.1-1] */
static void
version_follow(gn_conn *conn, const gn_env *env, uint32_t version)
{
    gn_keys *initial = &conn->space[GN_SPACE_INITIAL].keys;

    conn->negotiation.now = version;
    gn_keys_discard(env->keys, initial);
    gn_keys_init(initial, version);
    gn_keys_set_version(&conn->space[GN_SPACE_HANDSHAKE].keys, version);
    gn_keys_set_version(&conn->space[GN_SPACE_APP].keys, version);
    /* The slots that were just given back are there again. */
    const gn_err err = gn_conn_life_initial_keys(conn, env);
    GN_ASSERT(err == GN_OK);
}

/* Whether a client may still be told of another version: it offered it, and no key is fixed. */
static bool
version_may_follow(const gn_conn *conn, const gn_env *env, uint32_t version)
{
    return !conn->is_server && conn->negotiation.now == conn->negotiation.original &&
           gn_negotiation_speaks(env->config->versions, version) &&
           gn_keys_can_open(&conn->space[GN_SPACE_INITIAL].keys) &&
           !gn_keys_can_open(&conn->space[GN_SPACE_HANDSHAKE].keys) &&
           !gn_keys_can_seal(&conn->space[GN_SPACE_APP].keys);
}

/* [R-9369-4.1-3] */
bool
gn_conn_version_takes(gn_conn *conn, const gn_env *env, const gn_header *header,
                      const uint8_t *bytes)
{
    const gn_negotiation *n = &conn->negotiation;

    if (header->kind == GN_PACKET_ONE_RTT)
        return true;
    /* RFC 9369 4.1: 0-RTT packets keep the version of the first flight. */
    if (header->kind == GN_PACKET_ZERO_RTT)
        return header->version == n->original;
    if (header->version == n->now)
        return true;
    if (header->kind == GN_PACKET_HANDSHAKE)
        return false;
    if (conn->is_server)
        return header->version == n->original && gn_keys_can_open(&conn->original_keys);
    if (header->kind != GN_PACKET_INITIAL || !version_may_follow(conn, env, header->version) ||
        !version_opens(conn, env, header, bytes))
        return false;
    version_follow(conn, env, header->version);
    return true;
}

/* [R-9369-4.1-2] */
void
gn_conn_version_settle(gn_conn *conn, const gn_env *env, uint32_t version)
{
    if (version == conn->negotiation.now)
        gn_keys_discard(env->keys, &conn->original_keys);
}
