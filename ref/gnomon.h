/*
 * gnomon.h: the public door of the gnomon QUIC endpoint (RFC 9000, 9001, 9002, 9221).
 *
 * An endpoint is one block of the caller's memory. It reads no clock, no
 * entropy, no file and no socket: every input carries the time, randomness
 * comes from a seed, and whatever the endpoint wants done is an effect that
 * the caller pulls. The same configuration, seed and timed inputs give the
 * same effects, byte for byte.
 *
 * How to drive one:
 *   1. size = gn_endpoint_size(&limits); block = 16-aligned memory of that size.
 *   2. gn_endpoint_init(block, size, &config, &endpoint).
 *   3. Give it inputs: connect, receive, timeout, send_stream, ...; `now` never goes back.
 *   4. After each input: while (gn_endpoint_next_effect(endpoint, &effect)) act on it.
 *   5. Call gn_endpoint_timeout no later than gn_endpoint_deadline, then go to 4.
 *   6. gn_endpoint_wipe(endpoint) when done; the block is the caller's again.
 *
 * Threads: one endpoint belongs to one thread at a time. Endpoints are independent.
 *
 * Structs: each begins with its size and, under one GN_ABI, grows only at its end. A caller's
 * own sizeof goes with each of them, in the struct or through the inline functions here. So a
 * caller built with an earlier header goes on working: what its struct lacks has its default,
 * and nothing is written behind what it knows. A size that no version had is refused. Structs
 * inside others (gn_limits, gn_observer) never grow: they have room to spare.
 *
 * Refusals: a call that does not say GN_OK changed nothing and zeroed what it would have written;
 * so does one that is given NULL where it needs something. gn_endpoint_last_error says why.
 */
#ifndef GN_GNOMON_H
#define GN_GNOMON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/time.h"
#include "gnomon_config.h"
#include "gnomon_effect.h"
#include "gnomon_error.h"
#include "gnomon_observer.h"
#include "gnomon_tls.h"
#include "gnomon_types.h"

/* The number of this interface: a caller built against another number must not go on. */
#define GN_ABI 3

/* ------------------------------------------------------------------ endpoint */
typedef struct gn_endpoint gn_endpoint;

GN_API uint32_t gn_abi(void);

/* Bytes of the block for these limits, a multiple of 16; 0 when they are out of range. */
GN_API size_t gn_endpoint_size(const gn_limits *limits);

/*
 * Makes an endpoint in block, which must be 16-aligned and hold size bytes.
 * GN_ERR_FULL: size is too small. GN_ERR_CONFIG: a field is out of range.
 * GN_ERR_TLS: the certificate, key, CA or a name was refused by the TLS library.
 */
GN_API GN_MUST_USE gn_err gn_endpoint_init(void *block, size_t size, const gn_config *config,
                                           gn_endpoint **out);

/* Frees what the TLS library holds for us and wipes every secret. Sends nothing. */
GN_API void gn_endpoint_wipe(gn_endpoint *endpoint);

/* ------------------------------------------------------------------- inputs */
/* A server to connect to. */
typedef struct gn_connect {
    size_t size;
    const char *server_name; /* SNI and the name to verify; NUL-terminated, at most 255 bytes */
    gn_route route;          /* the path the first flight takes */
    uint8_t host[16];        /* who the peer is at, as in gn_datagram */
    const uint8_t *token;    /* of a NEW_TOKEN effect of this server, copied; NULL: none */
    size_t token_len;        /* at most 256 */

    /*
     * From here on: fields that callers of the first size do not have. IDs of the caller's choice,
     * for openings that shall be the same whatever came before; NULL: drawn from the seed.
     */
    const uint8_t *source_cid; /* ours: cid_len bytes, of no other connection */
    size_t source_cid_len;
    const uint8_t *initial_dcid; /* what the first Initial is sent to: 8 to 20 bytes */
    size_t initial_dcid_len;
    const uint8_t *original_dcid;    /* not NULL: we go on after a Retry that was received elsewhere
                                     (RFC 9000 7.3, 17.2.5.2), its token in token, its source ID in
                                     initial_dcid; this is what the Initial before was sent to */
    size_t original_dcid_len;        /* 8 to 20 */
    const uint8_t *resumption_state; /* of a RESUMPTION_STATE effect of this server; NULL: none */
    size_t resumption_state_len;
    uint8_t attempt_early_data; /* streams may be used at once; what is sent may be replayed */
    uint8_t reserved[7];
    uint32_t version;       /* to begin with; 0: the resumption state's, else our first */
    uint32_t token_version; /* of the connection that gave the token; 0: the same */
} gn_connect;

GN_API void gn_connect_fill(gn_connect *connect, size_t size);

static inline void
gn_connect_default(gn_connect *connect)
{
    gn_connect_fill(connect, sizeof *connect);
}

/*
 * Begins a connection; its first datagram is the next SEND effect.
 * GN_ERR_STATE: a server endpoint. GN_ERR_FULL: no room for another connection.
 * GN_ERR_CONFIG: the name is missing while the peer is to be verified, or it, the
 * token or an ID has a length it cannot have. GN_ERR_STATE, too: source_cid is in use, or
 * cid_len is 0 and another connection has the route.
 * GN_ERR_FORM: the resumption state is damaged. One that is sound but of no use here
 * (another server or version, or expired) is not used.
 */
GN_API GN_MUST_USE gn_err gn_endpoint_connect(gn_endpoint *endpoint, const gn_connect *connect,
                                              gn_time now, gn_connection *out);

/* A UDP datagram that arrived. The bytes are read during the call and not changed. */
typedef struct gn_datagram {
    size_t size;
    const uint8_t *bytes;
    size_t len; /* at most 65,527; what is longer than our max_udp_payload_size is dropped */
    gn_route route;
    uint8_t host[16]; /* the peer's IP address, zeros in front; tells a port change from a move */
    uint8_t ecn;      /* gn_mark */
    uint8_t reserved[7];
} gn_datagram;

/*
 * Takes one datagram. Whatever its bytes are the call returns GN_OK; only a
 * wrong struct or a time that runs backwards is an error.
 */
GN_API GN_MUST_USE gn_err gn_endpoint_receive(gn_endpoint *endpoint, const gn_datagram *datagram,
                                              gn_time now);

/* Time has passed. Calling early or often does no harm. */
GN_API GN_MUST_USE gn_err gn_endpoint_timeout(gn_endpoint *endpoint, gn_time now);

/* When gn_endpoint_timeout is next due; GN_NEVER when nothing is waiting. */
GN_API gn_time gn_endpoint_deadline(const gn_endpoint *endpoint);

/*
 * Why the latest input to this endpoint was refused; false, and code GN_LOCAL_NONE, when it was
 * not. Queries are no inputs. gn_endpoint_init has no endpoint yet: see gn_config_check.
 */
GN_API bool gn_endpoint_read_error(const gn_endpoint *endpoint, gn_local_error *out, size_t size);

static inline bool
gn_endpoint_last_error(const gn_endpoint *endpoint, gn_local_error *out)
{
    return gn_endpoint_read_error(endpoint, out, sizeof *out);
}

/*
 * Opens our next stream (RFC 9000 2.1).
 * GN_ERR_STATE: the handshake is not complete and 0-RTT was not attempted, or the
 * connection is ending.
 * GN_ERR_FULL: the peer's stream limit, or our own room.
 */
GN_API GN_MUST_USE gn_err gn_connection_open_stream(gn_endpoint *endpoint, gn_connection connection,
                                                    bool unidirectional, gn_time now,
                                                    uint64_t *stream);

/*
 * Copies up to len bytes into the stream and ends it after them when fin is
 * set and all of them were taken. *taken says how many were: fewer than len
 * means the send buffer is full and a WRITABLE effect will follow.
 * GN_ERR_FULL: the endpoint's chunks are all in use, and none of them by this stream.
 * GN_ERR_NONE: no such connection or stream. GN_ERR_STATE: already ended or reset.
 */
GN_API GN_MUST_USE gn_err gn_connection_send_stream(gn_endpoint *endpoint, gn_connection connection,
                                                    uint64_t stream, const uint8_t *bytes,
                                                    size_t len, bool fin, gn_time now,
                                                    size_t *taken);

/*
 * Streams of a higher priority send first; 0 unless said otherwise. GN_ERR_NONE: no such
 * connection or stream. GN_ERR_STATE: it has no sending side (any more).
 */
GN_API GN_MUST_USE gn_err gn_connection_set_priority(gn_endpoint *endpoint,
                                                     gn_connection connection, uint64_t stream,
                                                     int32_t priority, gn_time now);

/* Abandons sending (RFC 9000 19.4). GN_ERR_STATE: everything was already acknowledged. */
GN_API GN_MUST_USE gn_err gn_connection_reset_stream(gn_endpoint *endpoint,
                                                     gn_connection connection, uint64_t stream,
                                                     uint64_t code, gn_time now);

/* Asks the peer to stop sending (RFC 9000 19.5). */
GN_API GN_MUST_USE gn_err gn_connection_stop_stream(gn_endpoint *endpoint, gn_connection connection,
                                                    uint64_t stream, uint64_t code, gn_time now);

/* A datagram (RFC 9221): sent once, when the window lets it, and without flow control. */
typedef struct gn_send_datagram {
    size_t size;
    const uint8_t *bytes; /* copied */
    size_t len;           /* at most gn_info's largest_datagram; 0 is allowed */
    uint64_t id;          /* a DATAGRAM_ACKED or DATAGRAM_LOST effect tells it back, once */
    gn_time expires_at;   /* unsent by then it is dropped; default GN_NEVER */
    int32_t priority;     /* higher goes first, equal ones in their order; default 0 */
    uint8_t reserved[4];
} gn_send_datagram;

GN_API void gn_send_datagram_fill(gn_send_datagram *datagram, size_t size);

static inline void
gn_send_datagram_default(gn_send_datagram *datagram)
{
    gn_send_datagram_fill(datagram, sizeof *datagram);
}

/*
 * GN_ERR_UNSUPPORTED: the peer takes none. GN_ERR_RANGE: too large for peer or path. GN_ERR_FULL:
 * the queue is, or there are no chunks. GN_ERR_STATE: the handshake is not complete, or the end.
 */
GN_API GN_MUST_USE gn_err gn_connection_send_datagram(gn_endpoint *endpoint,
                                                      gn_connection connection,
                                                      const gn_send_datagram *datagram,
                                                      gn_time now);

/* Closes with an application error code (RFC 9000 10.2); reason is cut at 128 bytes. */
GN_API GN_MUST_USE gn_err gn_connection_close(gn_endpoint *endpoint, gn_connection connection,
                                              uint64_t code, const char *reason, size_t reason_len,
                                              gn_time now);

/*
 * Client: moves the connection to another route (RFC 9000 9.2). The new path
 * is probed first; a PATH effect tells how it went.
 * GN_ERR_STATE: not confirmed, not a client, or forbidden by the peer, as it is without IDs.
 * GN_ERR_FULL: no unused connection ID of the peer, or no room for a path.
 */
GN_API GN_MUST_USE gn_err gn_connection_migrate(gn_endpoint *endpoint, gn_connection connection,
                                                gn_route route, gn_time now);

/*
 * Changes the connection IDs both ways (RFC 9000 5.1.2). GN_ERR_STATE: not confirmed, nobody has
 * any, or the change before is not complete. GN_ERR_FULL: there are no others.
 */
GN_API GN_MUST_USE gn_err gn_connection_rotate_ids(gn_endpoint *endpoint, gn_connection connection,
                                                   gn_time now);

typedef enum gn_move_reason {
    GN_MOVE_ACTIVE,    /* we are somewhere else, or want to be (RFC 9000 9.2) */
    GN_MOVE_PREFERRED, /* the server's preferred address (RFC 9000 9.6) */
    GN_MOVE_KINDS
} gn_move_reason;

/* Where to move a connection. */
typedef struct gn_move {
    size_t size;
    gn_route route;
    uint8_t host[16]; /* PREFERRED: the server's address there, as in gn_datagram */
    uint32_t reason;  /* gn_move_reason */
    uint32_t reserved;
} gn_move;

/*
 * As gn_connection_migrate, which is ACTIVE. A PREFERRED move needs the server's
 * offer, and is possible where the server forbids others.
 */
GN_API GN_MUST_USE gn_err gn_connection_move(gn_endpoint *endpoint, gn_connection connection,
                                             const gn_move *move, gn_time now);

/* What a router said by ICMP "too big" (RFC 9000 14.2.1). */
typedef struct gn_path_mtu {
    size_t size;
    gn_route route;        /* which way the packet went that was too big */
    uint64_t max_datagram; /* the largest UDP payload that fits, by the router's word */
    const uint8_t *quoted; /* the UDP payload that it quotes, from its first byte; may be cut */
    size_t quoted_len;
} gn_path_mtu;

/*
 * From now on no larger datagrams leave by that route. GN_ERR_AUTH: no packet of ours is quoted.
 * GN_ERR_RANGE: below 1200 bytes, which is not believed. More than we send now changes nothing.
 */
GN_API GN_MUST_USE gn_err gn_endpoint_path_mtu(gn_endpoint *endpoint, const gn_path_mtu *mtu,
                                               gn_time now);

/* Starts a key update (RFC 9001 6). GN_ERR_STATE: too early, or one is under way. */
GN_API GN_MUST_USE gn_err gn_connection_key_update(gn_endpoint *endpoint, gn_connection connection,
                                                   gn_time now);

/* ------------------------------------------------------------------ effects */

/*
 * The next effect, oldest first, or false when there is none until the next
 * input. A CLOSED effect comes twice: when the connection begins to end, and,
 * flagged FORGOTTEN, when its room is free again.
 */
GN_API GN_MUST_USE bool gn_endpoint_pull(gn_endpoint *endpoint, gn_effect *out, size_t size);

GN_MUST_USE static inline bool
gn_endpoint_next_effect(gn_endpoint *endpoint, gn_effect *out)
{
    return gn_endpoint_pull(endpoint, out, sizeof *out);
}

/* Whether gn_endpoint_next_effect has, or may have, something to say. */
GN_API bool gn_endpoint_has_effects(const gn_endpoint *endpoint);

/* Whether any connection holds bytes of streams, or their end, that were never sent. */
GN_API bool gn_endpoint_has_stream_data(const gn_endpoint *endpoint);

/* ------------------------------------------------------------------ queries */
/* What one connection counts and measures. Times in microseconds. */
typedef struct gn_info {
    size_t size;
    uint8_t ready;     /* handshake complete */
    uint8_t confirmed; /* handshake confirmed */
    uint8_t ending;    /* closing or draining */
    uint8_t paths;     /* known paths */
    uint32_t pto_count;
    gn_route route; /* the active path's */
    uint64_t rtt_latest_us;
    uint64_t rtt_min_us;
    uint64_t rtt_smoothed_us;
    uint64_t rtt_var_us;
    uint64_t window_bytes;
    uint64_t in_flight_bytes;
    uint64_t ssthresh_bytes;
    uint64_t packets_sent;
    uint64_t packets_received;
    uint64_t packets_dropped;
    uint64_t packets_lost;
    uint64_t bytes_sent;
    uint64_t bytes_received;
    uint64_t ptos;
    uint64_t ce_marks; /* reported by the peer */
    uint8_t ecn_state; /* of the active path: gn_ecn_state */
    uint8_t cc_phase;  /* 0 slow start, 1 avoidance, 2 recovery */
    uint8_t suite;     /* gn_suite_id, once ready */
    uint8_t group;     /* gn_group, once ready */
    uint8_t resumed;   /* the handshake was, with a ticket */
    uint8_t zero_rtt;  /* gn_zero_rtt */
    uint8_t reserved[2];
    uint64_t streams;           /* open now */
    uint64_t largest_datagram;  /* payload bytes gn_connection_send_datagram takes now */
    uint64_t datagrams_dropped; /* DATAGRAM frames received without room for them */
    uint32_t datagrams_waiting; /* to be sent */
    uint8_t datagrams;          /* the peer takes them */
    uint8_t reserved_2[3];
    uint32_t version;          /* in use */
    uint32_t original_version; /* of the client's first flight (RFC 9368) */
} gn_info;

/* GN_ERR_NONE: no such connection. */
GN_API GN_MUST_USE gn_err gn_connection_read_info(const gn_endpoint *endpoint,
                                                  gn_connection connection, gn_info *out,
                                                  size_t size);

GN_MUST_USE static inline gn_err
gn_connection_info(const gn_endpoint *endpoint, gn_connection connection, gn_info *out)
{
    return gn_connection_read_info(endpoint, connection, out, sizeof *out);
}

/* Live connections, ending ones included. */
GN_API uint32_t gn_endpoint_connections(const gn_endpoint *endpoint);

/* Traps when an invariant of any connection does not hold. For tests, fuzzing and simulation. */
GN_API void gn_endpoint_check(const gn_endpoint *endpoint);

/*
 * A hash of the state of one connection, counters left out: equal before and
 * after a packet that was dropped. 0: no such connection.
 */
GN_API uint64_t gn_connection_digest(const gn_endpoint *endpoint, gn_connection connection);

#endif
