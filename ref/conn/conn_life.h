/*
 * conn_life.h: how a connection begins, and what is left to do when it is gone.
 */
#ifndef GN_CONN_CONN_LIFE_H
#define GN_CONN_CONN_LIFE_H

#include "base/err.h"
#include "conn/conn.h"
#include "conn/first_keys.h"
#include "wire/header_read.h"

/*
 * Makes a client's connection: random connection IDs, Initial keys, and the
 * ClientHello waiting to be sent. GN_ERR_FULL: some room is exhausted.
 * GN_ERR_CONFIG: TLS does not take the server's name. Nothing is held then.
 */
GN_MUST_USE gn_err gn_conn_life_connect(gn_conn *conn, const gn_env *env, gn_connection handle,
                                        const gn_connect *connect);

/* Where a client's first datagram came from, and what its token said. */
typedef struct gn_conn_origin {
    gn_route route;
    const uint8_t *host;    /* 16 bytes */
    const gn_cid *original; /* the token was a Retry's: the ID the client chose first; else NULL */
    uint32_t version;       /* what the server answers in; its choice (RFC 9368 2.3) */
    bool told;              /* the client has told its versions, or may have */
    bool proved;            /* the token shows that the client hears us there */
} gn_conn_origin;

/*
 * Makes a server's connection for a client's first Initial packet, which is
 * not opened yet. Errors as above; GN_ERR_STATE: the packet's destination ID
 * leads somewhere already. The keys that opened it become the connection's, or
 * stay the caller's to drop.
 */
GN_MUST_USE gn_err gn_conn_life_accept(gn_conn *conn, const gn_env *env, gn_connection handle,
                                       const gn_header *first, gn_conn_origin origin,
                                       gn_first_keys *keys);

/*
 * Derives both directions of the Initial keys from initial_dcid (RFC 9001 5.2), anew after a
 * Retry. GN_ERR_FULL: no slots for them; never when they replace others.
 */
GN_MUST_USE gn_err gn_conn_life_initial_keys(gn_conn *conn, const gn_env *env);

/*
 * Client: begins once more, with this version and nothing of what was sent and learned, as after
 * a Version Negotiation packet (RFC 9368 2.1). Errors as of gn_conn_life_connect.
 */
GN_MUST_USE gn_err gn_conn_life_again(gn_conn *conn, const gn_env *env, uint32_t version);

/* Gives everything back that the connection holds in pools, map and TLS. */
void gn_conn_life_wipe(gn_conn *conn, const gn_env *env);

/* Whether a server offers another address (RFC 9000 9.6). */
bool gn_conn_life_prefers(const gn_config *config);

/* The key for the stateless reset tokens of our IDs. */
gn_reset_token_key gn_conn_life_reset_key(const gn_conn *conn, const gn_env *env);

/* What drawing connection IDs needs of the endpoint. */
gn_local_cids_room gn_conn_life_cid_room(const gn_env *env);

/* What a new path of this connection starts with. */
gn_path_start gn_conn_life_path(const gn_conn *conn, const gn_env *env, gn_route route,
                                const uint8_t host[16]);

#endif
