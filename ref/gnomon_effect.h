/*
 * gnomon_effect.h: what an endpoint wants done, or known; see gnomon.h.
 */
#ifndef GN_GNOMON_EFFECT_H
#define GN_GNOMON_EFFECT_H

#include <stddef.h>
#include <stdint.h>

#include "gnomon_types.h"

typedef enum gn_effect_kind {
    GN_EFFECT_SEND,            /* send bytes on route with mark ecn */
    GN_EFFECT_STREAM_DATA,     /* stream, offset, bytes; flag FIN: the stream ends here, and all of
                                  it was told */
    GN_EFFECT_STREAM_RESET,    /* stream, code; offset: the final size */
    GN_EFFECT_STREAM_STOPPED,  /* stream, code: the peer will not read on */
    GN_EFFECT_STREAM_WRITABLE, /* stream takes bytes again */
    GN_EFFECT_STREAMS_ALLOWED, /* detail 0 bidirectional, 1 unidirectional; code: may be opened */
    GN_EFFECT_STATE,           /* detail: gn_state_change */
    GN_EFFECT_PATH,            /* route; detail: gn_path_change */
    GN_EFFECT_CLOSED,          /* detail: gn_close_cause, code, frame_type, bytes: the reason */
    GN_EFFECT_NEW_TOKEN,       /* bytes: for a later connection to this server; code: its version */
    GN_EFFECT_DATAGRAM,        /* bytes: of a DATAGRAM frame */
    GN_EFFECT_DATAGRAM_ACKED,  /* code: the id given; flag LATE: it was told to be lost */
    GN_EFFECT_DATAGRAM_LOST,   /* code: the id given; detail: gn_datagram_loss */
    GN_EFFECT_PACKET,          /* packet, and bytes: as on the wire; route, ecn */
    GN_EFFECT_PREFERRED_ADDRESS, /* client: preferred, where the server would rather be reached */
    GN_EFFECT_RESUMPTION_STATE,  /* bytes: resumes a later one; secret; code: version */
    GN_EFFECT_ZERO_RTT,          /* detail: gn_zero_rtt */
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
    GN_ZERO_RTT_REJECTED,      /* client: all is sent again, streams are what they were; server: it
                                  was offered, and is not read */
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
    GN_CLOSE_VERSION,         /* RFC 9000 6.2: the server speaks no version that we do */
    GN_CLOSE_CAUSES
} gn_close_cause;

enum {
    GN_EFFECT_FIN = 1,       /* STREAM_DATA */
    GN_EFFECT_MTU_PROBE = 2, /* SEND: with "don't fragment"; too large is not an error */
    GN_EFFECT_FORGOTTEN = 4, /* CLOSED: the handle is invalid from here on */
    GN_EFFECT_LATE = 8       /* DATAGRAM_ACKED: after it was told to be lost */
};

/* A packet that was sent, or that arrived, authentic and not seen before. */
typedef struct gn_packet {
    size_t size;
    uint8_t outbound;  /* 1: sent */
    uint8_t kind;      /* gn_event_packet: INITIAL, ZERO_RTT, HANDSHAKE or ONE_RTT */
    uint8_t spin;      /* of a short header (RFC 9000 17.4) */
    uint8_t key_phase; /* of a short header (RFC 9001 6) */
    uint8_t pn_bytes;  /* of the packet number, 1 to 4 */
    uint8_t reserved[3];
    uint32_t version; /* of a long header; 0: a short one */
    uint32_t reserved_2;
    uint64_t pn;
    uint64_t datagram_id; /* datagrams of this endpoint are counted from 1, both ways together */
    uint64_t datagram_len;
    uint64_t datagram_off; /* where in its datagram the packet begins */
    const uint8_t *dcid;
    size_t dcid_len;
    const uint8_t *scid; /* NULL: a short header */
    size_t scid_len;
    const uint8_t *token; /* of an Initial packet, maybe empty */
    size_t token_len;
    const uint8_t *payload; /* its frames, in clear */
    size_t payload_len;
} gn_packet;

/* RFC 9000 9.6, 18.2. Port 0: that family is not offered. Ports are in host order. */
typedef struct gn_preferred_address {
    size_t size;
    uint8_t ipv4[4];
    uint16_t ipv4_port;
    uint16_t ipv6_port;
    uint8_t ipv6[16];
    uint8_t reset_token[16];
    const uint8_t *cid; /* the ID that is meant for packets to there */
    size_t cid_len;
} gn_preferred_address;

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

    /* From here on: fields that callers of the first size do not have. */
    const gn_packet *packet; /* these two stay readable as bytes do */
    const gn_preferred_address *preferred;
} gn_effect;

#endif
