/*
 * conn.h: one connection: its machines, side by side.
 *
 * The connection has hardly a state of its own. It holds machines by value,
 * each changed by the functions of one file only, and the files conn_*.c are
 * the verbs that make them meet:
 *
 *     conn_life       begin, wipe                  conn_send      one datagram out
 *     conn_recv       one datagram in              conn_plan      which frames, in which order
 *     conn_frames     a frame to its owner         conn_delivery  acknowledged, lost
 *     conn_handshake  TLS bytes and secrets        conn_tick      time
 *     conn_move       paths change                 conn_api       the application asks
 *     conn_effects    the application is told      conn_check     what must hold
 *     conn_retry      the server wants a token     conn_early     resuming, 0-RTT
 *     conn_ids        names change                 conn_version   the QUIC version changes
 *     conn_end        what is given back at once
 *
 * A connection lies in a slot of the endpoint's block and holds no pointer
 * but the TLS session's, so it can be hashed, compared and copied.
 */
#ifndef GN_CONN_CONN_H
#define GN_CONN_CONN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/rng.h"
#include "base/slots.h"
#include "conn/address_token.h"
#include "conn/cid_map.h"
#include "conn/close.h"
#include "conn/coalesce.h"
#include "conn/datagram_fates.h"
#include "conn/early.h"
#include "conn/events.h"
#include "conn/held.h"
#include "conn/idle.h"
#include "conn/inspection.h"
#include "conn/local_cids.h"
#include "conn/negotiation.h"
#include "conn/path.h"
#include "conn/peer_cids.h"
#include "conn/reset_token.h"
#include "conn/route_name.h"
#include "conn/timers.h"
#include "crypto/keys.h"
#include "crypto/suite.h"
#include "crypto/token.h"
#include "gnomon.h"
#include "recovery/acks.h"
#include "recovery/loss.h"
#include "recovery/skips.h"
#include "recovery/space_id.h"
#include "stream/datagrams_in.h"
#include "stream/datagrams_out.h"
#include "stream/recv_buf.h"
#include "stream/send_buf.h"
#include "stream/stream_set.h"
#include "tls/tls.h"
#include "wire/tparams.h"

/*
 * Bytes of CRYPTO data ahead of what TLS has read (RFC 9000 7.5 asks for
 * 4,096 at least): the longest message that TLS takes.
 */
#define GN_CONN_CRYPTO_AHEAD GN_TLS_MESSAGE_MAX

/* What the endpoint lends for the length of one call. */
typedef struct gn_env {
    gn_time now;
    const gn_config *config; /* its texts and PEM pointers are not valid any more */
    const gn_suite_ops *suite;
    const gn_tls_ops *tls;
    void *tls_context;
    gn_slots keys;
    gn_slots sent;
    gn_slots held;
    gn_stream_pools pools;
    gn_cid_table cids;
    const gn_reset_token_key *reset_key;
    const gn_route_name_key *route_names;
    gn_token_maker *tokens;
    uint64_t application;            /* a hash of what 0-RTT data mean to the application */
    gn_rng *rng;                     /* connection IDs and challenges */
    uint8_t *opened;                 /* GN_DATAGRAM_MAX bytes: the packet being read, in clear */
    uint8_t *datagram;               /* GN_DATAGRAM_MAX bytes: the datagram being built */
    gn_inspection *inspection;       /* NULL: nobody inspects packets */
    gn_preferred_address *preferred; /* what an effect points to */
    uint32_t slot;                   /* of the connection in its pool: its name in the map of IDs */
} gn_env;

/* One packet number space (RFC 9000 12.3); what was sent in it is in gn_loss. */
typedef struct gn_space {
    gn_acks acks;
    gn_keys keys;
    gn_ecn_ledger ecn;
    gn_send_buf crypto_out;
    gn_recv_buf crypto_in;
    uint32_t probes; /* ack-eliciting packets owed on a probe timeout (RFC 9002 6.2.4) */
    uint32_t reserved;
} gn_space;

/* HANDSHAKE_DONE on its way (RFC 9000 19.20). */
typedef enum gn_done_state { GN_DONE_NONE, GN_DONE_PENDING, GN_DONE_SENT } gn_done_state;

/* How far the handshake is. */
typedef struct gn_handshake {
    void *tls;              /* the session, in the TLS library's memory */
    uint8_t complete;       /* RFC 9001 4.1.1 */
    uint8_t confirmed;      /* RFC 9001 4.1.2 */
    uint8_t parameters;     /* the peer's are known */
    uint8_t done;           /* gn_done_state */
    uint8_t heard;          /* client: a packet of the server was opened, its ID is known */
    uint8_t initial_mapped; /* server: initial_dcid leads to us */
    uint8_t settled;        /* TLS has given back what only a handshake needs */
    uint8_t suite;          /* gn_suite_id, once complete */
    uint8_t group;          /* gn_tls_group, once complete */
    uint8_t alpn_len;
    char alpn[GN_ALPN_MAX + 1];
} gn_handshake;

/* When the connection IDs were changed last. */
typedef struct gn_rotation {
    gn_time at;
    uint64_t packets; /* sent by then */
} gn_rotation;

/* Numbers for people; packets_sent also tells when connection IDs are due to change. */
typedef struct gn_counters {
    uint64_t packets_sent;
    uint64_t packets_received;
    uint64_t packets_dropped;
    uint64_t packets_lost;
    uint64_t bytes_sent;
    uint64_t bytes_received;
    uint64_t ptos;
    uint64_t ce_marks;
    uint64_t datagrams_dropped; /* DATAGRAM frames that found no room */
    uint64_t dropped[GN_DROP_CAUSES];
} gn_counters;

typedef struct gn_conn {
    gn_connection handle;
    gn_space space[GN_SPACES];
    gn_handshake handshake;
    gn_loss loss;
    gn_skips skips; /* of the application data space */
    gn_paths paths;
    gn_local_cids local_cids;
    gn_peer_cids peer_cids;
    gn_rotation rotation;
    gn_stream_set streams;
    gn_datagrams_out datagrams_out;
    gn_datagrams_in datagrams_in;
    gn_datagram_fates fates;
    gn_timers timers;
    gn_coalesce coalesce;
    gn_idle idle;
    gn_close close;
    gn_events events;
    gn_held held;
    gn_tparams peer;      /* the peer's parameters; the RFC's defaults before they are known */
    gn_cid original_dcid; /* what the client's first Initial was sent to (RFC 9000 7.3) */
    gn_cid initial_dcid;  /* what Initial keys follow from: the same, or what a Retry chose */
    gn_address_token token;
    gn_early early;
    gn_negotiation negotiation;
    gn_keys original_keys; /* server: reads the first flight when we answer in another version */
    uint8_t is_server;
    uint8_t refused; /* server: closed before the application heard of it */
    uint8_t reserved;
    uint32_t key_generation_told; /* to the application */
    uint32_t reserved_2;
    char server_name[GN_TLS_SERVER_NAME_MAX + 1]; /* client: for beginning again */
    gn_counters counters;
} gn_conn;

/* Whether frames may still flow. */
static inline bool
gn_conn_is_open(const gn_conn *conn)
{
    return gn_close_is_open(&conn->close);
}

/* The peer's max_ack_delay as a duration. */
static inline uint64_t
gn_conn_peer_ack_delay_us(const gn_conn *conn)
{
    return conn->peer.max_ack_delay_ms * GN_MS;
}

/* The probe timeout of the path in use, without backoff. */
static inline uint64_t
gn_conn_pto_us(const gn_conn *conn)
{
    return gn_rtt_pto_us(&conn->paths.at[conn->paths.active].rtt, gn_conn_peer_ack_delay_us(conn));
}

/* The wall clock that TLS goes by. */
static inline int64_t
gn_env_unix_ms(const gn_env *env)
{
    return env->config->unix_ms + (int64_t)(env->now / GN_MS);
}

#endif
