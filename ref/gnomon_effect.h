/*
 * gnomon_effect.h: what an endpoint wants done, or known; see gnomon.h.
 */
#ifndef GN_GNOMON_EFFECT_H
#define GN_GNOMON_EFFECT_H

#include <stddef.h>
#include <stdint.h>

#include "gnomon_types.h"

typedef enum gn_effect_kind {
    GN_EFFECT_SEND,             /* send bytes on route with mark ecn */
    GN_EFFECT_STREAM_DATA,      /* stream, offset, bytes; flag FIN: the stream ends here */
    GN_EFFECT_STREAM_RESET,     /* stream, code; offset: the final size */
    GN_EFFECT_STREAM_STOPPED,   /* stream, code: the peer will not read on */
    GN_EFFECT_STREAM_WRITABLE,  /* stream takes bytes again */
    GN_EFFECT_STREAMS_ALLOWED,  /* detail 0 bidirectional, 1 unidirectional; code: may be opened */
    GN_EFFECT_STATE,            /* detail: gn_state_change */
    GN_EFFECT_PATH,             /* route; detail: gn_path_change */
    GN_EFFECT_CLOSED,           /* detail: gn_close_cause, code, frame_type, bytes: the reason */
    GN_EFFECT_NEW_TOKEN,        /* bytes: a token for a later connection to this server */
    GN_EFFECT_DATAGRAM,         /* bytes: of a DATAGRAM frame */
    GN_EFFECT_DATAGRAM_ACKED,   /* code: the id given; flag LATE: it was told to be lost */
    GN_EFFECT_DATAGRAM_LOST,    /* code: the id given; detail: gn_datagram_loss */
    GN_EFFECT_RESUMPTION_STATE, /* bytes: resume a later connection to this server; secret */
    GN_EFFECT_ZERO_RTT,         /* detail: gn_zero_rtt */
    GN_EFFECT_KINDS
} gn_effect_kind;

typedef enum gn_state_change {
    GN_STATE_ACCEPTED,    /* server: a new connection */
    GN_STATE_READY,       /* handshake complete: streams may be used (bytes: the chosen ALPN) */
    GN_STATE_CONFIRMED,   /* handshake confirmed (RFC 9001 4.1.2) */
    GN_STATE_KEYS_UPDATED /* a key update took place; code: which generation */
} gn_state_change;

/* Told as it changes, of connections that have to do with 0-RTT. */
typedef enum gn_zero_rtt {
    GN_ZERO_RTT_UNAVAILABLE,   /* nothing to resume with, or its terms are others now */
    GN_ZERO_RTT_NOT_ATTEMPTED, /* client: there was no wish for it */
    GN_ZERO_RTT_ATTEMPTED,     /* client: streams may be used */
    GN_ZERO_RTT_ACCEPTED,      /* what was sent early counts; of a server: may be a replay */
    GN_ZERO_RTT_REJECTED,      /* client: all of it is sent again, streams are what they were */
    GN_ZERO_RTT_STATES
} gn_zero_rtt;

typedef enum gn_path_change {
    GN_PATH_PROBING,   /* a challenge is on its way */
    GN_PATH_VALIDATED, /* the peer answered */
    GN_PATH_FAILED,    /* the peer did not answer in time */
    GN_PATH_ACTIVE,    /* the connection now uses this route */
    GN_PATH_CHANGES
} gn_path_change;

typedef enum gn_datagram_loss {
    GN_DATAGRAM_LOST_IN_FLIGHT, /* its packet was declared lost (RFC 9002 6.1) */
    GN_DATAGRAM_LOST_EXPIRED,   /* not sent in time */
    GN_DATAGRAM_LOST_TOO_LARGE  /* not sent: the path has become too small */
} gn_datagram_loss;

typedef enum gn_close_cause {
    GN_CLOSE_LOCAL_APPLICATION, /* gn_connection_close */
    GN_CLOSE_LOCAL_TRANSPORT,   /* the peer broke a rule: bytes begin with the RFC section */
    GN_CLOSE_PEER_APPLICATION,
    GN_CLOSE_PEER_TRANSPORT,
    GN_CLOSE_IDLE,            /* RFC 9000 10.1 */
    GN_CLOSE_STATELESS_RESET, /* RFC 9000 10.3 */
    GN_CLOSE_NO_PATH,         /* no path to the peer was left (RFC 9000 8.2.4, 9.3.2) */
    GN_CLOSE_CAUSES
} gn_close_cause;

enum {
    GN_EFFECT_FIN = 1,       /* STREAM_DATA */
    GN_EFFECT_MTU_PROBE = 2, /* SEND: with "don't fragment"; too large is not an error */
    GN_EFFECT_FORGOTTEN = 4, /* CLOSED: the handle is invalid from here on */
    GN_EFFECT_LATE = 8       /* DATAGRAM_ACKED: after it was told to be lost */
};

/*
 * Something the caller shall do or know. bytes stays readable until the next
 * call on the same endpoint. Fields that a kind does not name are 0.
 */
typedef struct gn_effect {
    size_t size;
    uint32_t kind; /* gn_effect_kind */
    uint32_t detail;
    uint32_t flags;
    uint32_t ecn;             /* gn_mark */
    gn_connection connection; /* 0: of none (Version Negotiation, Retry, stateless reset) */
    gn_route route;
    uint64_t stream;
    uint64_t offset;
    uint64_t code;
    uint64_t frame_type;
    const uint8_t *bytes;
    size_t len;
} gn_effect;

#endif
