/*
 * oracle_numbers.h: no packet number is used twice in a space (RFC 9000 12.3).
 *
 * Judged on the wire: the header protection of sent packets is taken off with
 * keys made from the logged secrets (RFC 9001 5.4), and what stands there must
 * be what the endpoint says it sent. What it says must always grow. The
 * handshake is looked at whole, later datagrams one in so many.
 */
#ifndef GN_SIM_ORACLE_NUMBERS_H
#define GN_SIM_ORACLE_NUMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/suite.h"
#include "gnomon.h"
#include "sim/network.h"
#include "sim/oracle.h"
#include "sim/sink.h"
#include "wire/cid.h"

/* Packets announced and not yet seen on the wire: a burst that was built in one go. */
#define GN_SIM_ORACLE_NUMBERS_PENDING 64

/* All of the first datagrams of each host, then one in so many. */
#define GN_SIM_ORACLE_NUMBERS_FIRST 64
#define GN_SIM_ORACLE_NUMBERS_EVERY 16

enum { GN_SIM_SPACES = 3, GN_SIM_MASK_EARLY = GN_SIM_SPACES, GN_SIM_MASKS };

typedef struct gn_sim_oracle_mask {
    gn_suite_mask mask;
    gn_connection connection; /* whose secret it was made of; 0 for Initial keys */
    uint32_t version;         /* whose label made the mask; 0: not made yet */
    uint8_t suite;            /* gn_suite_id */
    bool known;               /* the secret is */
    uint8_t secret[GN_SUITE_HASH_MAX];
} gn_sim_oracle_mask;

typedef struct gn_sim_oracle_packet {
    uint64_t pn;
    uint8_t space;
    bool unnumbered; /* a stateless reset: looks like a packet, and has no number */
} gn_sim_oracle_packet;

typedef struct gn_sim_oracle_sender {
    gn_connection connection;
    uint64_t next_pn[GN_SIM_SPACES];       /* lowest number not used yet */
    gn_sim_oracle_mask mask[GN_SIM_MASKS]; /* by space; 0-RTT packets have one of their own */
    gn_sim_oracle_packet pending[GN_SIM_ORACLE_NUMBERS_PENDING];
    uint32_t pending_at;
    uint32_t pending_count;
    uint64_t datagrams;
    uint32_t version; /* of its latest Initial or Handshake packet */
} gn_sim_oracle_sender;

typedef struct gn_sim_oracle_numbers {
    gn_sim_oracle verdict;
    const gn_suite_ops *ops;
    uint64_t cid_bytes[GN_SIM_HOSTS]; /* that each host chooses for itself */
    uint32_t every;
    bool retry_sent; /* the server sent a Retry */
    bool retried;    /* the client followed one */
    gn_cid initial; /* what the client's first Initial went to */
    gn_cid server;  /* what the server calls itself */
    gn_sim_oracle_sender sender[GN_SIM_HOSTS];
} gn_sim_oracle_numbers;

/* every: 0 for the usual, 1 to look at every datagram. */
void gn_sim_oracle_numbers_init(gn_sim_oracle_numbers *oracle, const gn_suite_ops *ops,
                                const uint64_t cid_bytes[GN_SIM_HOSTS], uint32_t every);

void gn_sim_oracle_numbers_on_event(gn_sim_oracle_numbers *oracle, uint16_t host,
                                    const gn_event *event);
/* A host forgets its connection. */
void gn_sim_oracle_numbers_on_restart(gn_sim_oracle_numbers *oracle, uint16_t host);
/* Both hosts begin another connection, and nothing of the old one comes any more. */
void gn_sim_oracle_numbers_on_resume(gn_sim_oracle_numbers *oracle);

void gn_sim_oracle_numbers_on_datagram(gn_sim_oracle_numbers *oracle,
                                       const gn_sim_datagram *datagram);

#endif
