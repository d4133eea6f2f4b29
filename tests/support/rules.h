/*
 * rules.h: required reactions: what a peer does to an endpoint, and what must come of it.
 *
 * A row is one rule of an RFC: who is under test, what its peer does, and the
 * reaction. The peer is a real endpoint that is made to misbehave: frames are
 * smuggled into packets that it sends, its transport parameters and TLS messages
 * are rewritten, or the forger speaks in its place. Everything arrives as
 * datagrams. What is not told to close must live: a byte has to come through.
 *
 *     static const gn_rule rows[] = {
 *         {"FRM-001", "RFC 9000 12.4", GN_RULES_BOTH, GN_RULES_CLOSE, 0x07,
 *          gn_rules_in_1rtt, "21", NULL},
 *     };
 *     gn_rules_expect(rows, _i);
 *
 * An id that ends in + is a legal neighbour of the rule: the nearest thing that must be taken.
 * tests/conformance_rows.txt lists the rules.
 */
#ifndef GN_TESTS_SUPPORT_RULES_H
#define GN_TESTS_SUPPORT_RULES_H

#include <check.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "tests/support/forge.h"
#include "tests/support/pair.h"
#include "tls/tls.h"

/* Who is under test. */
enum { GN_RULES_CLIENT = 1, GN_RULES_SERVER = 2, GN_RULES_BOTH = 3 };

typedef enum gn_rules_reaction {
    GN_RULES_CLOSE, /* CONNECTION_CLOSE of the transport with this code, on the wire */
    GN_RULES_DROP,  /* nothing is sent, nothing has changed, and the connection lives */
    GN_RULES_ACK,   /* the packet is acknowledged, and the connection lives */
    GN_RULES_LIVE,  /* whatever it did, the connection lives */
    GN_RULES_HEAR,  /* the peer's own CONNECTION_CLOSE with this code has ended it */
    GN_RULES_WANTS  /* what the act itself wants to see */
} gn_rules_reaction;

typedef struct gn_rules gn_rules;

typedef struct gn_rule {
    const char *id;
    const char *section;
    uint8_t roles;
    uint8_t reaction; /* gn_rules_reaction */
    uint64_t code;    /* CLOSE, HEAR */
    void (*act)(gn_rules *run);
    /*
     * For the act, mostly hexadecimal. PB and PU are the peer's first bidirectional and
     * unidirectional stream, SB and SU those of the endpoint under test.
     */
    const char *text;
    const char *more;
} gn_rule;

struct gn_rules {
    gn_test_pair pair; /* the first member: hooks find the rest by it */
    gn_test_forge forge;
    const gn_rule *row;
    int sut; /* the side under test */
    int peer;
    gn_packet_kind smuggle; /* the text goes into the peer's next packet of this kind */
    bool smuggling;
    bool taken;           /* the forger speaks for the peer */
    bool marked;          /* DROP: since when nothing may change */
    uint64_t digest;      /* then */
    uint64_t datagrams;   /* sent until then */
    uint64_t connections; /* that there were */
    uint64_t pn;          /* ACK: of the packet that counts, in the forger's space */
    const char *cut;      /* ids of the peer's parameters that are left out, one byte each */
    const char *flip;     /* ids of those whose last bit is another */
    gn_span add;          /* encoded parameters behind the others */
    const char *missed;   /* the first thing wanted and not seen */
    char verdict[1000];   /* what was expected, and what was seen */
    uint8_t parameters[8192];
    uint8_t groups[GN_TLS_GROUPS_MAX]; /* of the peer's key exchange, gn_tls_group */
    uint8_t groups_count;              /* 0: as it wants */
    /* Changes what the peer's TLS says; nth counts its messages of that level from 0. */
    void (*rewrite)(gn_rules *run, gn_level level, uint32_t nth, gn_span *bytes);
    uint32_t said[GN_LEVELS];
    uint8_t message[GN_TLS_MESSAGE_MAX];
};

/* Plays a row against one side. False: not the required reaction; the verdict says how. */
bool gn_rules_play(gn_rules *run, const gn_rule *row, int sut);

/* Row at / 2 of a table against side at % 2, if that is under test; fails the Check test. */
void gn_rules_expect(const gn_rule *rows, int at);

/* The suite of a table: its test, which expects row _i, for each row and side. */
Suite *gn_rules_suite(const char *name, const TTest *test, int rows);

/* Whether the row is a legal neighbour. */
bool gn_rules_legal(const gn_rules *run);

/* Something an act wants to see; the first that is not there is told. */
void gn_rules_want(gn_rules *run, bool seen, const char *what);

/* What begins here must change nothing (DROP). */
void gn_rules_mark(gn_rules *run);

/* A text of the row as bytes, streams filled in. */
size_t gn_rules_bytes(const gn_rules *run, const char *text, uint8_t out[512]);

/* ------------------------------------------------------------------ stages of an act */

/* Starts, with the row's text to be smuggled into the peer's first packet of a kind. */
void gn_rules_start_with(gn_rules *run, gn_packet_kind kind);

/* The handshake is confirmed on both sides. */
void gn_rules_confirm(gn_rules *run);

/* The same, and the forger speaks for the peer. */
void gn_rules_take(gn_rules *run);

/*
 * The forger is ready to seal in the peer's name at this level, while the peer itself goes on. Keys
 * must be known; for packets that are to be dropped.
 */
void gn_rules_shadow(gn_rules *run, gn_packet_kind kind);

/* Marks; the forger sends what it has. */
void gn_rules_send(gn_rules *run);

/* Marks; the side under test gets these bytes from its peer's address. */
void gn_rules_give(gn_rules *run, const uint8_t *bytes, size_t len);

/* Until a side has sent a packet of this kind, which is on its way. */
void gn_rules_run_until_sent(gn_rules *run, int side, gn_event_packet kind);

/* Starts; the server has answered and nobody has heard it. The forger is ready for Initials. */
void gn_rules_reach_initial(gn_rules *run);

/* Starts; the side under test has sent a Handshake packet. The forger is ready for such. */
void gn_rules_reach_handshake(gn_rules *run);

/* The row's text goes into the forger's next packet. */
void gn_rules_put(gn_rules *run);

/* ------------------------------------------------------------------ acts */

/* The text as frames in the peer's first Initial, Handshake or 1-RTT packet. */
void gn_rules_in_initial(gn_rules *run);
void gn_rules_in_handshake(gn_rules *run);
void gn_rules_in_1rtt(gn_rules *run);

/* The text as parameters of the peer, without those that more names. */
void gn_rules_in_parameters(gn_rules *run);

#endif
