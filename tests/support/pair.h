/*
 * pair.h: a client and a server endpoint in virtual time, for tests of whole connections.
 *
 * Datagrams travel between them by routes 0 to 15 of the client. What the
 * server sees of a route, its number and the client's address, is in outside
 * and host, so that a test can rebind or move the client. A hook may drop,
 * repeat, delay or change each datagram. What both sides sent, said and
 * observed is kept. After every input both endpoints are checked.
 */
#ifndef GN_TESTS_SUPPORT_PAIR_H
#define GN_TESTS_SUPPORT_PAIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/limits.h"
#include "base/time.h"
#include "conn/resumption.h"
#include "crypto/suite.h"
#include "gnomon.h"
#include "wire/cid.h"
#include "wire/frame.h"

enum {
    GN_TEST_CLIENT,
    GN_TEST_SERVER,
    GN_TEST_ROUTES = 16,
    GN_TEST_FLIGHT = 1024, /* datagrams on their way */
    GN_TEST_LOG = 1024,    /* packets kept of each side, the first ones */
    GN_TEST_STREAMS = 64,  /* streams kept of each side */
    GN_TEST_NOTES = 64,    /* PATH effects kept of each side */
    GN_TEST_MESSAGES = 512 /* DATAGRAM effects, and fates of datagrams, kept of each side */
};

/* A datagram on its way. */
typedef struct gn_test_datagram {
    gn_time at;     /* when it arrives */
    uint64_t nth;   /* of all that its sender sent, from 0 */
    gn_route route; /* as its receiver sees it */
    size_t len;
    int to;
    uint8_t ecn;
    uint8_t host[16];
    uint8_t bytes[GN_DATAGRAM_MAX];
} gn_test_datagram;

typedef enum gn_test_fate { GN_TEST_PASS, GN_TEST_DROP, GN_TEST_TWICE } gn_test_fate;

/* A packet that a side sent, as its observer saw it. */
typedef struct gn_test_pair_packet {
    gn_time at;
    uint64_t pn;
    gn_route route;
    size_t len;
    size_t payload_len;
    gn_cid dcid;
    gn_cid scid;
    uint8_t kind; /* gn_event_packet */
    uint8_t key_phase;
    uint8_t ecn;
    uint8_t payload[GN_DATAGRAM_MAX];
} gn_test_pair_packet;

/* What a side was told of a stream. Data are checked against gn_test_pair_write's pattern. */
typedef struct gn_test_pair_log {
    uint64_t id;
    uint64_t bytes;
    uint64_t reset_code;
    uint64_t reset_size;
    uint64_t stop_code;
    uint32_t writable;
    bool fin;
    bool reset;
    bool stopped;
} gn_test_pair_log;

typedef struct gn_test_note {
    gn_time at;
    gn_route route;
    uint32_t detail;
} gn_test_note;

/* A DATAGRAM effect, or the fate of one that gn_test_pair_message gave. */
typedef struct gn_test_message {
    gn_time at;
    uint64_t id; /* the first eight bytes of the datagram, or as told */
    size_t len;
    uint32_t kind; /* gn_effect_kind */
    uint32_t detail;
    uint32_t flags;
} gn_test_message;

/* The CLOSED effect that came first. */
typedef struct gn_test_closed {
    gn_time at;
    gn_time forgotten_at;
    uint64_t code;
    uint64_t frame_type;
    uint32_t detail;
    uint32_t times;     /* not counting the forgotten one */
    uint32_t forgotten; /* how often */
    char reason[GN_REASON_MAX + 1];
} gn_test_closed;

typedef struct gn_test_side {
    gn_endpoint *endpoint;
    void *block;
    size_t block_bytes;
    gn_config config;
    gn_connection connection; /* the newest */
    gn_time delay_us;         /* of what it sends */
    bool deaf;                /* datagrams for it vanish on arrival */
    bool mute;                /* datagrams of it vanish at once */
    uint64_t datagrams;       /* sent */
    uint64_t bytes;
    size_t largest;    /* datagram, bytes */
    uint64_t received; /* datagrams and bytes given to it */
    uint64_t received_bytes;
    uint32_t states; /* a bit for each gn_state_change told */
    uint32_t effects[GN_EFFECT_KINDS];
    uint32_t accepted;
    uint64_t generation; /* of the latest KEYS_UPDATED */
    uint64_t allowed[2]; /* of the latest STREAMS_ALLOWED */
    char alpn[GN_ALPN_MAX + 1];
    gn_test_closed closed;
    uint32_t notes;
    gn_test_note note[GN_TEST_NOTES];
    uint32_t streams;
    gn_test_pair_log stream[GN_TEST_STREAMS];
    uint64_t trace;  /* a hash of all effects and their times */
    uint32_t tokens; /* NEW_TOKEN effects; the latest is kept, for gn_test_pair_connect */
    size_t token_len;
    uint8_t token[GN_TOKEN_MAX];
    uint32_t messages; /* datagrams that came */
    gn_test_message message[GN_TEST_MESSAGES];
    uint32_t fates; /* of those given */
    gn_test_message fate[GN_TEST_MESSAGES];
    uint32_t resumptions; /* RESUMPTION_STATE effects; the latest is kept */
    size_t state_len;
    uint8_t state[GN_RESUMPTION_MAX];
    uint32_t zero_rtt; /* a bit for each gn_zero_rtt told */
    uint32_t dropped[GN_DROP_CAUSES];
    uint32_t events[GN_EVENT_KINDS];
    uint32_t discarded; /* a bit for each gn_event_packet whose keys are gone */
    uint8_t suite;
    uint8_t secret[2][2][GN_SUITE_HASH_MAX]; /* handshake, application; client's, server's */
    bool has_secret[2][2];
    uint8_t early_secret[GN_SUITE_HASH_MAX];
    uint32_t sents;
    gn_test_pair_packet sent[GN_TEST_LOG];
} gn_test_side;

typedef struct gn_test_pair gn_test_pair;

typedef gn_test_fate (*gn_test_hook)(gn_test_pair *pair, gn_test_datagram *datagram);

struct gn_test_pair {
    gn_time now;
    gn_test_side side[2];
    gn_route outside[GN_TEST_ROUTES]; /* what the server calls the client's route */
    uint8_t host[GN_TEST_ROUTES];     /* last byte of the client's address there */
    bool cut[GN_TEST_ROUTES];         /* nothing passes by this route */
    gn_test_hook hook;
    bool resumes; /* connect: with the state that was told last, */
    bool early;   /* and 0-RTT */
    uint32_t flying;
    gn_test_datagram flight[GN_TEST_FLIGHT];
};

/* Empties the pair and fills both configurations: server.example, alpn "hq", small limits. */
void gn_test_pair_init(gn_test_pair *pair);

/* Makes both endpoints, which must succeed, and begins to connect by route 1. */
void gn_test_pair_start(gn_test_pair *pair);

/* The client begins another connection by route 1, with the token it was given last. */
void gn_test_pair_connect(gn_test_pair *pair);

/* init, start, and settled with the handshake confirmed on both sides. */
void gn_test_pair_shake(gn_test_pair *pair);

/* The same from start on, for a pair whose configurations were changed. */
void gn_test_pair_confirm(gn_test_pair *pair);

/* One endpoint anew, with its configuration as it is now; its connections are gone. */
void gn_test_pair_replace(gn_test_pair *pair, int side);

/* Frees both endpoints. */
void gn_test_pair_end(gn_test_pair *pair);

/* Pulls and keeps the effects of one side, and checks it. */
void gn_test_pair_pull(gn_test_pair *pair, int side);

/* Gives a side one datagram now, and pulls. */
void gn_test_pair_give(gn_test_pair *pair, int side, const uint8_t *bytes, size_t len,
                       gn_route route, uint8_t host);

/* The next thing that happens, not after until. False: nothing does; now is until then. */
bool gn_test_pair_step(gn_test_pair *pair, gn_time until);

/* Everything up to and including until, which then is now. Too many steps fail the test. */
void gn_test_pair_run(gn_test_pair *pair, gn_time until);

/* Runs until nothing is on its way and no deadline is nearer than 4 seconds. */
void gn_test_pair_settle(gn_test_pair *pair);

/* Opens a stream, which must succeed. */
uint64_t gn_test_pair_open(gn_test_pair *pair, int side, bool unidirectional);

/* Writes len pattern bytes from off on. Bytes taken. */
size_t gn_test_pair_write(gn_test_pair *pair, int side, uint64_t stream, uint64_t off, size_t len,
                          bool fin);

/* Gives a datagram of len pattern bytes, the first eight its id. The status of the call. */
gn_err gn_test_pair_message(gn_test_pair *pair, int side, uint64_t id, size_t len, int32_t priority,
                            gn_time expires_at);

/* The byte at this place of a stream's pattern. */
uint8_t gn_test_pair_byte(uint64_t stream, uint64_t off);

/* What a side was told of a stream; a record of zeros when nothing. */
gn_test_pair_log *gn_test_pair_stream(gn_test_pair *pair, int side, uint64_t stream);

gn_info gn_test_pair_info(gn_test_pair *pair, int side);

uint64_t gn_test_pair_digest(gn_test_pair *pair, int side);

/* Whether a PATH effect with this route and change came; its place in note, or UINT32_MAX. */
uint32_t gn_test_pair_noted(const gn_test_pair *pair, int side, gn_route route,
                            gn_path_change change);

/*
 * The first frame of this type (STREAM: any of its types) among the packets that the side sent,
 * from packet *at on, which becomes that packet's place. False: there is none.
 */
bool gn_test_pair_sent(const gn_test_pair *pair, int side, uint64_t type, uint32_t *at,
                       gn_frame *out);

/* Fails the test unless the side is closed for this cause, with this code and reason. */
void gn_test_pair_expect_closed(gn_test_pair *pair, int side, gn_close_cause cause, uint64_t code,
                                const char *reason);

/* The same for a fault: it is also seen that the side said so on the wire. */
void gn_test_pair_expect_fault(gn_test_pair *pair, int side, uint64_t code, const char *why);

/* Fails the test unless both are open and a new stream of the client's arrives. */
void gn_test_pair_expect_alive(gn_test_pair *pair);

#endif
