/*
 * gnomon_observer.h: what happens inside an endpoint, told as it happens; see gnomon.h.
 */
#ifndef GN_GNOMON_OBSERVER_H
#define GN_GNOMON_OBSERVER_H

#include <stddef.h>
#include <stdint.h>

#include "base/time.h"
#include "gnomon_types.h"

struct gn_info;

typedef enum gn_event_kind {
    GN_EVENT_PACKET_SENT,     /* packet fields, payload: the frames in clear */
    GN_EVENT_PACKET_RECEIVED, /* packet fields, payload: the frames in clear */
    GN_EVENT_PACKET_DROPPED,  /* packet kind where known, detail: gn_drop_cause */
    GN_EVENT_PACKET_LOST,     /* space, pn, len, detail: 0 reordering, 1 time */
    GN_EVENT_SECRET,          /* label: key log name, payload: secret, extra: client random */
    GN_EVENT_KEYS_DISCARDED,  /* packet_kind: whose keys */
    GN_EVENT_PARAMETERS,      /* detail 0 ours, 1 the peer's; payload: encoded parameters */
    GN_EVENT_METRICS,         /* info, when it changed */
    GN_EVENT_PATH,            /* route, path, detail: gn_path_change */
    GN_EVENT_PTO,             /* space, code: the new count */
    GN_EVENT_CLOSED,          /* detail: gn_close_cause, code, frame_type, payload: reason */
    GN_EVENT_PACKET_HELD,     /* packet kind, len: it waits for its keys */
    GN_EVENT_KINDS
} gn_event_kind;

typedef enum gn_drop_cause {
    GN_DROP_HEADER,    /* not a packet we understand */
    GN_DROP_VERSION,   /* a version we do not speak */
    GN_DROP_UNKNOWN,   /* no connection has this ID */
    GN_DROP_SMALL,     /* an Initial in a datagram below 1200 bytes (RFC 9000 14.1) */
    GN_DROP_KEYS,      /* keys not there yet, or gone */
    GN_DROP_AUTH,      /* did not authenticate */
    GN_DROP_DUPLICATE, /* packet number seen before */
    GN_DROP_ROOM,      /* our own room is exhausted */
    GN_DROP_STATE,     /* the connection is ending */
    GN_DROP_PATH,      /* from an address that may not be used now */
    GN_DROP_CAUSES
} gn_drop_cause;

/* Packet kinds as in RFC 9000 17; version_negotiation, retry and reset have no connection. */
typedef enum gn_event_packet {
    GN_EVENT_INITIAL,
    GN_EVENT_ZERO_RTT,
    GN_EVENT_HANDSHAKE,
    GN_EVENT_RETRY,
    GN_EVENT_ONE_RTT,
    GN_EVENT_VNEG,
    GN_EVENT_STATELESS_RESET /* RFC 9000 10.3: only looks like a short header packet */
} gn_event_packet;

/* One thing that happened. Fields that a kind does not name are 0. */
typedef struct gn_event {
    size_t size;
    uint32_t kind; /* gn_event_kind */
    uint32_t detail;
    gn_time now;
    gn_connection connection;
    gn_route route;
    uint64_t pn;
    uint64_t code;
    uint64_t frame_type;
    uint8_t packet; /* gn_event_packet */
    uint8_t space;  /* 0 Initial, 1 Handshake, 2 application */
    uint8_t path;   /* index of the path in its connection */
    uint8_t ecn;    /* gn_mark */
    uint8_t key_phase;
    uint8_t suite; /* SECRET: gn_suite_id */
    uint8_t reserved[2];
    const uint8_t *dcid;
    size_t dcid_len;
    const uint8_t *scid;
    size_t scid_len;
    const uint8_t *payload;
    size_t payload_len;
    const uint8_t *extra;
    size_t extra_len;
    size_t len;                 /* bytes of the packet on the wire */
    const char *label;          /* SECRET: e.g. "CLIENT_TRAFFIC_SECRET_0" */
    const struct gn_info *info; /* METRICS */
    uint32_t version;           /* PACKET_SENT, PACKET_RECEIVED: of a long header */
    uint32_t reserved_2;
} gn_event;

/*
 * Told what happens inside, as it happens; for logs, key logs and checks. It
 * must not call back into the endpoint. Spans in the event live for the call.
 */
typedef struct gn_observer {
    size_t size; /* sizeof(gn_observer), always the same */
    void (*on_event)(void *context, const struct gn_event *event);
    void *context;
    uint64_t reserved;
} gn_observer;

#endif
