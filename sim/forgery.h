/*
 * forgery.h: datagrams made by somebody who sees the wire and holds no keys (RFC 9000 21).
 *
 * Long headers are in the clear, and with the client's first Destination
 * Connection ID anybody can make Initial keys (RFC 9001 5.2): so an observer
 * of the first flight can forge whatever only Initial keys protect. All else
 * is guessed, and must do no harm.
 */
#ifndef GN_SIM_FORGERY_H
#define GN_SIM_FORGERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/suite.h"
#include "sim/prng.h"
#include "wire/cid.h"

#define GN_SIM_FORGERY_BYTES 1500

typedef enum gn_sim_forgery_kind {
    GN_SIM_FORGERY_GARBAGE, /* random bytes, the first one included */
    GN_SIM_FORGERY_HEADER,  /* the header of what was seen, random bytes behind it */
    GN_SIM_FORGERY_VNEG,    /* Version Negotiation, to the client (RFC 9000 6.2) */
    GN_SIM_FORGERY_RETRY,   /* Retry with a wrong tag, to the client (RFC 9000 17.2.5) */
    GN_SIM_FORGERY_RESET,   /* looks like a stateless reset; the token is guessed (10.3) */
    GN_SIM_FORGERY_CLOSE,   /* an authentic Initial packet that closes the connection (21.2) */
    GN_SIM_FORGERY_KINDS
} gn_sim_forgery_kind;

/* What the observer has learned of the connection. */
typedef struct gn_sim_forgery {
    gn_cid original; /* what the client's first Initial was sent to */
    gn_cid client;   /* what the client calls itself in long headers */
    gn_cid server;
    uint32_t version; /* of the latest Initial or Handshake packet */
    bool knows_client;
    bool knows_server;
} gn_sim_forgery;

/* Looks at a datagram that passes. */
void gn_sim_forgery_learn(gn_sim_forgery *forgery, bool up, const uint8_t *bytes, size_t len);

/* What is wanted. seen: the datagram that passes. len: of GARBAGE, HEADER and RESET. */
typedef struct gn_sim_forgery_order {
    gn_sim_forgery_kind kind;
    bool to_client;
    const uint8_t *seen;
    size_t seen_len;
    size_t len;
} gn_sim_forgery_order;

/* Makes the datagram; its length, or 0 when the observer knows too little. */
size_t gn_sim_forgery_write(const gn_sim_forgery *forgery, const gn_sim_forgery_order *order,
                            const gn_suite_ops *ops, gn_sim_prng *prng,
                            uint8_t out[GN_SIM_FORGERY_BYTES]);

#endif
