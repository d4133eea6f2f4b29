/*
 * tls.h: TLS 1.3 as QUIC sees it: bytes in, bytes and secrets out (RFC 9001 4).
 *
 * One table of functions; wolfSSL is behind one, a two-message stand-in for
 * simulation and fuzzing behind another. A context belongs to an endpoint, a
 * session to a connection. TLS never calls upwards: what it has to say is a
 * queue of events that the caller pulls after start and after each receive.
 *
 *   1. context_new, once an endpoint
 *   2. session_new, with our transport parameters; a client then calls start
 *   3. receive for each run of in-order CRYPTO bytes
 *   4. next until there is no event; act on them in their order
 *   5. settle when the handshake is confirmed and no more is wanted of TLS
 *   6. session_free, at the end context_free
 *
 * The order of events is a promise, so that a caller who acts on each at once
 * obeys RFC 9001 4.1 and 5.7:
 *   - the secrets of a level come before the first bytes of that level;
 *   - PARAMETERS, unauthenticated until COMPLETE, come before COMPLETE, and on
 *     a server before its HANDSHAKE secrets;
 *   - the secret that reads 1-RTT packets comes after COMPLETE, on both sides;
 *   - a client's EARLY secret is told before its ClientHello, a server's only when it accepts;
 *   - EARLY comes before PARAMETERS, except on a server, and never without 0-RTT offered;
 *   - FAULT is the last event there is.
 *
 * Nothing here reads a clock or entropy: time and seeds are arguments. The
 * same calls with the same arguments give the same events.
 */
#ifndef GN_TLS_TLS_H
#define GN_TLS_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/fault.h"
#include "base/span.h"
#include "crypto/level.h"
#include "crypto/suite.h"
#include "tls/tls_terms.h"

enum {
    GN_TLS_SEED_BYTES = 64,
    GN_TLS_RANDOM_BYTES = 32,     /* of a ClientHello; names the connection in a key log */
    GN_TLS_SERVER_NAME_MAX = 255, /* characters */
    GN_TLS_ALPN_LIST_MAX = 255,   /* characters of the whole list */
    GN_TLS_GROUPS_MAX = 4,
    GN_TLS_MESSAGE_MAX = 65536, /* bytes of one handshake message: the longest chain we take */
    GN_TLS_STATE_MAX = 1200,    /* bytes of a TICKET event; a longer ticket is not told */
    GN_TLS_TICKETS_MAX = 4,     /* tickets of one connection */
    GN_TLS_TICKET_KEY_BYTES = 32
};

typedef enum gn_tls_role { GN_TLS_CLIENT, GN_TLS_SERVER } gn_tls_role;

/* The groups of the key exchange. */
typedef enum gn_tls_group {
    GN_TLS_X25519,
    GN_TLS_SECP256R1,
    GN_TLS_SECP384R1,
    GN_TLS_X25519MLKEM768, /* its ClientHello takes two Initial packets */
    GN_TLS_GROUPS
} gn_tls_group;

/* Verifying is what happens when nobody says anything. */
typedef enum gn_tls_verify { GN_TLS_VERIFY_PEER, GN_TLS_VERIFY_NONE } gn_tls_verify;

/* Whether a server asks clients for a certificate. Whatever is shown must hold. */
typedef enum gn_tls_ask {
    GN_TLS_ASK_NONE,
    GN_TLS_ASK_OPTIONAL, /* a client may have none */
    GN_TLS_ASK_REQUIRED,
    GN_TLS_ASKS
} gn_tls_ask;

/*
 * What an endpoint's connections share. Zero is a sound value for every field
 * but alpn, and a server's certificate and key. All of it is borrowed for the
 * call only.
 */
typedef struct gn_tls_config {
    gn_tls_role role;
    gn_tls_verify verify;              /* of the server by a client: chain, dates, name */
    gn_tls_ask ask;                    /* server: for the client's certificate */
    bool keep_certificate;             /* the peer's, for gn_tls_ops.certificate */
    gn_span certificate_pem;           /* our chain, leaf first; a server needs one, a client may */
    gn_span key_pem;                   /* the leaf's private key */
    gn_span ca_pem;                    /* who may sign the peer */
    const char *alpn;                  /* by preference, separated by commas: "h3,hq-interop" */
    uint8_t suites[GN_SUITES];         /* gn_suite_id by preference; the first suites_count count */
    uint8_t suites_count;              /* 0: all, in the order of gn_suite_id */
    uint8_t groups[GN_TLS_GROUPS_MAX]; /* gn_tls_group by preference */
    uint8_t groups_count;              /* 0: X25519, then SECP256R1 */
    uint8_t shares;                    /* client: key shares of so many groups; 0: of the first */
    uint8_t tickets;    /* server: sent on each connection; client: taken; 0: no resumption */
    uint8_t early_data; /* server: 0-RTT is allowed, and tickets say so */
    bool early_strict;  /* server: only under the very limits that the ticket was issued under */
    uint32_t ticket_life_s; /* server: how long its tickets are good; at most a week */
    uint8_t ticket_key[GN_TLS_TICKET_KEY_BYTES]; /* server: seals them; all zero: from the seed */
    int64_t started_ms;              /* server: when it began; 0: with its first session */
    uint8_t seed[GN_TLS_SEED_BYTES]; /* secret and unpredictable where that matters */
    int64_t unix_ms;                 /* milliseconds since 1970-01-01 UTC; CA dates are checked */
} gn_tls_config;

/* What belongs to one connection. Borrowed for the call only. */
typedef struct gn_tls_session_config {
    const char *server_name; /* client: SNI and the name, or IP address, to verify; or null */
    gn_tls_verify verify;    /* the peer is verified unless this or the context's says NONE */
    gn_span parameters;      /* our encoded transport parameters; never empty */
    gn_span state;           /* client: of a TICKET event, to resume; what does not fit is no use */
    bool early_data;         /* client: with 0-RTT, if the state allows */
    gn_tls_terms terms;      /* server: of 0-RTT, now and in the tickets it issues */
    uint8_t seed[GN_TLS_SEED_BYTES]; /* another one for each session */
    int64_t unix_ms;
} gn_tls_session_config;

typedef enum gn_tls_event_kind {
    GN_TLS_BYTES,      /* level, bytes: to be sent in CRYPTO frames of that level */
    GN_TLS_SECRET,     /* level, secret */
    GN_TLS_PARAMETERS, /* bytes: the peer's transport parameters, still encoded */
    GN_TLS_COMPLETE,   /* complete: the peer's Finished was verified (RFC 9001 4.1.1) */
    GN_TLS_EARLY,      /* accepted: what becomes of the 0-RTT that the client offered */
    GN_TLS_TICKET,     /* bytes: client, what resumes this session; secret (RFC 8446 4.6.1) */
    GN_TLS_FAULT,      /* fault: close the connection with it */
    GN_TLS_EVENT_KINDS
} gn_tls_event_kind;

typedef struct gn_tls_secret {
    uint8_t bytes[GN_SUITE_HASH_MAX];
    uint8_t len;
    uint8_t suite; /* gn_suite_id */
    bool write;    /* what we seal with; else what we open with */
} gn_tls_secret;

typedef struct gn_tls_complete {
    gn_span alpn;        /* what was agreed on; never empty */
    gn_span server_name; /* server: what the client asked for; may be empty */
    gn_suite_id suite;
    gn_tls_group group;
    bool resumed; /* with a ticket: no certificate was shown */
} gn_tls_complete;

/* One thing TLS says. Spans stay valid until the next call on the session. */
typedef struct gn_tls_event {
    gn_tls_event_kind kind;
    gn_level level;
    gn_span bytes;
    union {
        gn_tls_secret secret; /* to be wiped by whoever took it */
        gn_tls_complete complete;
        bool accepted;
        gn_fault fault; /* 0x100 + TLS alert, or another transport error code */
    } as;
} gn_tls_event;

/*
 * The operations. Contexts and sessions live in the implementation's own
 * memory; the caller holds the pointers and ends them. A context outlives its
 * sessions. They belong to one thread at a time.
 */
typedef struct gn_tls_ops {
    const char *name; /* "wolfssl"; static */

    /* GN_ERR_CONFIG: something in the configuration is unusable. GN_ERR_FULL: no memory. */
    GN_MUST_USE gn_err (*context_new)(const gn_tls_config *config, void **context);
    void (*context_free)(void *context);

    /*
     * Server, before there is a session: the client's transport parameters, if hello, the
     * beginning of its CRYPTO bytes, has all of them. Nothing is judged; false: not found.
     */
    GN_MUST_USE bool (*peek)(gn_span hello, gn_span *parameters);

    /* GN_ERR_CONFIG: name or parameters unusable. GN_ERR_FULL: no memory. */
    GN_MUST_USE gn_err (*session_new)(void *context, const gn_tls_session_config *config,
                                      void **session);

    /* Client, once: makes the ClientHello. GN_ERR_STATE: not now. GN_ERR_TLS: see receive. */
    GN_MUST_USE gn_err (*start)(void *session, int64_t unix_ms);

    /*
     * Takes in-order CRYPTO bytes of one level, in any pieces. All events
     * should have been pulled before. GN_ERR_TLS: the handshake failed, now
     * or before; a FAULT event says how.
     */
    GN_MUST_USE gn_err (*receive)(void *session, gn_level level, const uint8_t *bytes, size_t len,
                                  int64_t unix_ms);

    /* The oldest event, which is then gone; false: none. */
    GN_MUST_USE bool (*next)(void *session, gn_tls_event *out);

    /* The 32 bytes by which key logs name this connection; false: no ClientHello yet. */
    GN_MUST_USE bool (*client_random)(const void *session, uint8_t out[GN_TLS_RANDOM_BYTES]);

    /*
     * The certificate the peer showed, in DER, and whether it was verified; stays valid as long as
     * the session. false: it showed none, keep_certificate is not set, or it is too early.
     */
    GN_MUST_USE bool (*certificate)(const void *session, gn_span *der, bool *verified);

    /*
     * Gives back what only a handshake needs. Later CRYPTO bytes are still
     * judged, and have no other effect. Does nothing before COMPLETE.
     */
    void (*settle)(void *session);

    /*
     * Bytes of memory the session is known to hold. What the library hangs on
     * its own object is not counted.
     */
    size_t (*memory)(const void *session);

    /* Ends the session and wipes what is secret in it. session may be null. */
    void (*session_free)(void *session);
} gn_tls_ops;

#endif
