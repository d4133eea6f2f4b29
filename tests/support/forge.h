/*
 * forge.h: authentic packets in the name of one side of a pair, with any frames.
 *
 * Plays a peer that holds the right keys and keeps no rule. Keys come from the
 * secrets that the observers saw. gn_test_forge_take cuts the real side off;
 * from then on the forger speaks for it, with the packet numbers that follow.
 *
 *     gn_test_forge_take(&forge, &pair, GN_TEST_CLIENT);
 *     gn_test_forge_hex(&forge, "08 0a 61");
 *     gn_test_forge_send(&forge);
 */
#ifndef GN_TESTS_SUPPORT_FORGE_H
#define GN_TESTS_SUPPORT_FORGE_H

#include <stddef.h>
#include <stdint.h>

#include "crypto/keys.h"
#include "recovery/space_id.h"
#include "tests/support/pair.h"
#include "wire/frame.h"
#include "wire/header_read.h"

typedef struct gn_test_forge {
    gn_test_pair *pair;
    int as;                 /* in whose name */
    gn_packet_kind kind;    /* of the next packet; ONE_RTT unless a test says otherwise */
    uint64_t pn[GN_SPACES]; /* of the next packets */
    gn_cid dcid;
    gn_cid scid;
    gn_cid original; /* what the client's first Initial was sent to */
    gn_span token;   /* of Initial packets */
    gn_route route;  /* as the other side sees it */
    uint8_t host;
    uint8_t ecn;
    uint8_t reserved_bits; /* set in the first byte, before it is protected */
    uint8_t clear_bits;    /* cleared there */
    uint32_t phase;        /* key generation */
    size_t pad_to;         /* bytes of the datagram, at least; PADDING frames */
    size_t len;
    uint8_t payload[GN_DATAGRAM_MAX];
} gn_test_forge;

/* Knows what a side knows now; the real one goes on. For packets that the other drops. */
void gn_test_forge_shadow(gn_test_forge *forge, gn_test_pair *pair, int as);

/* Begins to speak for a side; the real one hears and says nothing more. */
void gn_test_forge_take(gn_test_forge *forge, gn_test_pair *pair, int as);

/* Appends frames to the next packet: a value, hexadecimal digits, or bytes. */
void gn_test_forge_frame(gn_test_forge *forge, const gn_frame *frame);
void gn_test_forge_hex(gn_test_forge *forge, const char *text);
void gn_test_forge_bytes(gn_test_forge *forge, const uint8_t *bytes, size_t len);

/* A STREAM frame with len bytes of the pattern. */
void gn_test_forge_stream(gn_test_forge *forge, uint64_t id, uint64_t off, size_t len, bool fin);

/* Seals the packet into out, of GN_DATAGRAM_MAX bytes, and empties the payload. Its length. */
size_t gn_test_forge_seal(gn_test_forge *forge, uint8_t *out);

/* Seals and gives it to the other side now. */
void gn_test_forge_send(gn_test_forge *forge);

/* The frames of one packet from hexadecimal digits, sent. */
void gn_test_forge_say(gn_test_forge *forge, const char *text);

/* Acknowledges all packets from 0 to the highest that the other side sent at this level. */
void gn_test_forge_ack(gn_test_forge *forge);

#endif
