/*
 * gnomon_config.h: what an endpoint is, and how much it holds; see gnomon.h.
 */
#ifndef GN_GNOMON_CONFIG_H
#define GN_GNOMON_CONFIG_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/time.h"
#include "gnomon_observer.h"
#include "gnomon_tls.h"
#include "gnomon_types.h"

typedef enum gn_role { GN_ROLE_CLIENT, GN_ROLE_SERVER } gn_role;

typedef enum gn_congestion { GN_CONGESTION_NEWRENO, GN_CONGESTION_KINDS } gn_congestion;

/* Which mark packets are sent with; each path is tested with it (RFC 9000 13.4.2). */
typedef enum gn_ecn_policy {
    GN_ECN_POLICY_NONE,
    GN_ECN_POLICY_ECT0, /* RFC 9000 13.4 */
    GN_ECN_POLICY_ECT1, /* for experiments (RFC 8311 4.3) */
    GN_ECN_POLICY_KINDS
} gn_ecn_policy;

/* When the ClientHello after a Retry is not the one before (RFC 9000 17.2.5.3). */
typedef enum gn_retry_hello {
    GN_RETRY_HELLO_ANY,   /* nothing: it is not looked at */
    GN_RETRY_HELLO_DROP,  /* the packet is dropped */
    GN_RETRY_HELLO_CLOSE, /* the connection is refused with PROTOCOL_VIOLATION */
    GN_RETRY_HELLO_KINDS
} gn_retry_hello;
#define GN_RETRY_NEVER UINT32_MAX
#define GN_VERSIONS_MAX 4 /* QUIC versions that one endpoint speaks */

/* ------------------------------------------------------------------ memory */
/* How much an endpoint can hold, each at least 1; gn_limits_default gives working values. */
typedef struct gn_limits {
    size_t size;
    uint32_t connections; /* at once, closing and draining ones included; at most 65,536 */
    uint32_t streams;     /* at once over all connections; what peers may open at first should fit,
                             else it waits for room; later they may open what fits */
    uint32_t chunks;      /* 2,048-byte pieces of stream and CRYPTO data, both directions */
    uint32_t sent;        /* records of packets in flight, over all connections */
    uint32_t keys;        /* prepared keys; an established connection holds 4 to 6, a new one 14 */
    uint32_t held;        /* packets that came before their keys, 1,500 bytes each */
    uint32_t early;       /* server: datagrams with 0-RTT that are held for their Initial; or 0 */
    uint32_t reserved[7];
} gn_limits;

/* Limits for so many connections that each move bulk data on a few streams. */
GN_API void gn_limits_fill(gn_limits *limits, size_t size, uint32_t connections);

static inline void
gn_limits_default(gn_limits *limits, uint32_t connections)
{
    gn_limits_fill(limits, sizeof *limits, connections);
}

/* ----------------------------------------------------------- configuration */
struct gn_suite_ops;
struct gn_tls_ops;

/* PEM texts and strings need not end in NUL and are read during gn_endpoint_init only. */
typedef struct gn_config {
    size_t size;
    gn_role role;
    uint32_t reserved_1;
    uint8_t seed[32]; /* all randomness of this endpoint; 32 unpredictable bytes outside tests */
    int64_t unix_ms;  /* the wall clock at gn_time 0, in Unix milliseconds; dates certificates */
    gn_limits limits;
    gn_observer observer; /* on_event may be NULL */

    /* TLS (RFC 9001 section 4, RFC 8446). */
    const char *alpn; /* protocols in order of preference, separated by commas; required */
    const char *certificate_pem; /* our chain, leaf first; a server needs one */
    size_t certificate_pem_len;
    const char *private_key_pem;
    size_t private_key_pem_len;
    const char *ca_pem; /* who may sign the peer; a verifying client needs one */
    size_t ca_pem_len;
    uint8_t verify_peer;     /* client: chain, dates and name (default 1) */
    uint8_t suites;          /* bit n allows gn_suite_id n (default all three) */
    uint8_t ecn;             /* gn_ecn_policy (default GN_ECN_POLICY_ECT0) */
    uint8_t cid_len;         /* of the IDs we choose, 0 to 20 (default 8); 0: told apart by route */
    uint8_t cc;              /* gn_congestion (default GN_CONGESTION_NEWRENO) */
    uint8_t session_tickets; /* server: issued on each connection; client: taken; 0 to 4 (0) */
    uint8_t allow_early_data;  /* server: accept 0-RTT, and say so in tickets (default 0) */
    uint8_t strict_early_data; /* server: only under exactly the limits of the ticket (0) */
    uint8_t groups;            /* bit n allows gn_group n (default X25519 and SECP256R1) */
    uint8_t key_shares;        /* client: for the first so many of them (default 1) */
    uint8_t verify_client;     /* gn_verify_client (default GN_VERIFY_CLIENT_NONE) */
    uint8_t keep_certificate;  /* the peer's, for gn_connection_certificate (default 0) */
    uint8_t suite_order[4];    /* gn_suite_id + 1 by preference up to a 0; the others follow */
    uint8_t group_order[4];    /* gn_group + 1, likewise */
    uint8_t reserved_tls[4];

    /* Transport parameters we announce (RFC 9000 18.2). Times in microseconds. */
    uint64_t max_idle_timeout_us; /* 0: none (default 30 s) */
    uint64_t max_ack_delay_us;    /* default 25 ms, below 2^14 ms */
    uint64_t ack_delay_exponent;  /* default 3, at most 20 */
    uint64_t initial_max_data;    /* default 1 MiB; also the receive window we keep open */
    uint64_t initial_max_stream_data_bidi_local;  /* default 256 KiB */
    uint64_t initial_max_stream_data_bidi_remote; /* default 256 KiB */
    uint64_t initial_max_stream_data_uni;         /* default 256 KiB */
    uint64_t initial_max_streams_bidi;            /* default 16 */
    uint64_t initial_max_streams_uni;             /* default 16 */
    uint64_t active_connection_id_limit;          /* 2 to 8 (default 4) */
    uint64_t max_udp_payload_size;                /* at least 1200 (default 1500) */
    uint64_t max_datagram_out;  /* largest datagram we send, 1200 to 1500 (default 1200) */
    uint64_t send_buffer_bytes; /* unacknowledged bytes a stream may hold (default 256 KiB) */
    uint64_t ack_threshold;     /* acknowledge at the latest after so many packets (default 2) */
    uint8_t disable_active_migration;
    uint8_t allow_peer_migration; /* server: follow a peer that moves (default 1) */
    uint8_t reserved_2[6];

    /* Address validation and strangers (RFC 9000 5.2.2, 8.1, 10.3). */
    uint32_t retry_above; /* server: while so many handshakes are under way, further clients have to
                             come again with a token; 0: always (default GN_RETRY_NEVER) */
    uint32_t max_server_connections; /* further clients are refused; 0: no limit but the room */
    uint64_t retry_token_life_us;    /* default 10 s */
    uint64_t new_token_life_us;      /* default 24 h */
    uint8_t new_tokens;              /* server: for later connections, each client, 0 to 8 (1) */
    uint8_t retry_hello;     /* gn_retry_hello: another ClientHello after a Retry (default ANY) */
    uint8_t stateless_reset; /* answer packets of unknown connections, if IDs have 8 bytes (1) */
    uint8_t reserved_3[5];

    /* DATAGRAM frames (RFC 9221). Off by default: who does not read them should not invite them. */
    uint64_t max_datagram_frame_size; /* largest we take; 0: none (default); 65,535: all that fit */
    uint64_t datagram_queue_bytes;    /* payload that may wait to be sent (default 64 KiB) */
    uint32_t datagram_queue_count;    /* and datagrams, 1 to 4,096 (default 64) */
    uint32_t skip_packets; /* leave out one packet number in so many on average: who acknowledges
                              it never received it (RFC 9000 21.4); 0: none (default 1000) */

    /* Keys and silence (RFC 9001 6, RFC 9000 10.1.2). */
    uint64_t key_update_packets;    /* we update a key that has sealed so many packets; 0: at three
                                    quarters of the AEAD's limit (default) */
    uint64_t confidentiality_limit; /* for tests: lowers the AEAD's limit for 1-RTT packets sealed
                                       with one key, to 16 at least; 0: the AEAD's own (default) */
    uint64_t integrity_limit;       /* for tests: lowers the AEAD's limit for packets that do not
                                       open; 0: the AEAD's own (default) */
    uint64_t keep_alive_us; /* a PING after so long a silence, and in time before the idle timeout;
                               0: never (default) */

    /* Other implementations of packet protection and TLS; NULL: wolfSSL's. They must outlive us. */
    const struct gn_suite_ops *suite_ops;
    const struct gn_tls_ops *tls_ops;

    /* From here on: fields that callers of the first size do not have. */
    uint8_t stream_fairness; /* streams of one priority take turns; 0: one after the other (1) */
    uint8_t inspect_packets; /* a PACKET effect for each packet, either way (default 0) */

    /* Server: where clients that are connected shall move (RFC 9000 9.6); port 0: nowhere (0). */
    uint16_t preferred_ipv4_port; /* in host order */
    uint16_t preferred_ipv6_port;
    uint8_t reserved_5[2];
    uint8_t preferred_ipv4[4];
    uint8_t preferred_ipv6[16];
    uint8_t spin_bit; /* show the network our round trips (RFC 9000 17.4), but for one connection ID
                         in 16; off: the bit is 0 (default 0) */
    uint8_t reserved_6[3];
    uint64_t rotate_ids_packets; /* new connection IDs both ways after so many sent; 0: never (0) */
    uint64_t rotate_ids_us;      /* and after so long, unless there were next to none sent (0) */

    /* Resumption and 0-RTT (RFC 8446 2.2, 2.3; RFC 9001 4.5, 4.6). */
    uint64_t ticket_life_us; /* server: at least 1 s, at most 7 days (default 24 h) */
    uint8_t ticket_key[32];  /* server: seals its tickets; all zero: one that follows from seed */
    int64_t started_unix_ms; /* server: its beginning, if that is known; 0-RTT with older tickets is
                                refused for 15 s, as it may be a replay (0: its first connection) */
    const uint8_t *application_context; /* what 0-RTT data mean: for both ends it must be what it */
    size_t application_context_len;     /* was, or there is no 0-RTT; read during init only */
    uint64_t early_held_us;    /* server: how long 0-RTT packets wait for their Initial (100 ms) */
    uint64_t early_held_bytes; /* and how many bytes of them (64 KiB); see gn_limits.early */

    /*
     * QUIC versions (RFC 9368): 1, 0x6b3343cf (2). By preference, zeros behind. Default 1, and a
     * server takes 2 as well from who begins with it.
     */
    uint32_t versions[GN_VERSIONS_MAX];
    uint8_t grease_versions; /* list a reserved one among ours (RFC 9368 3, 9000 6.3; default 1) */
    uint8_t reserved_version_probe; /* client: begin with a reserved one, for the server to refuse;
                                       nothing is resumed then (0) */
    uint8_t grease_quic_bit;        /* RFC 9287: take the fixed bit as it comes, and vary it (0) */
    uint8_t deliver_unordered; /* STREAM_DATA as bytes arrive, each once, also beyond gaps; FIN when
                                  all came, and offset + len is the size then (RFC 9000 2.2; 0) */
    uint8_t reserved_7[4];
    uint64_t coalesce_us; /* how long stream data that does not fill a packet may wait for more,
                             once the handshake is confirmed; at most 1 s; 0: not at all (0) */
} gn_config;

/* Every field's default, as far as the caller's struct reaches; size 0 and NULL do nothing. */
GN_API void gn_config_fill(gn_config *config, size_t size, gn_role role);

static inline void
gn_config_default(gn_config *config, gn_role role)
{
    gn_config_fill(config, sizeof *config, role);
}

/*
 * What gn_endpoint_init would say of a configuration, without the TLS library: GN_OK or
 * GN_ERR_CONFIG, and then *field, if field is not NULL, names what is wrong, as "gn_config.alpn".
 */
GN_API GN_MUST_USE gn_err gn_config_check(const gn_config *config, const char **field);

#endif
