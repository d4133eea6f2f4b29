/*
 * oracle_limit.h: at most three times as much to an unvalidated address (RFC 9000 8.1, 8).
 *
 * An independent ledger: for each address that the server hears from, the
 * bytes of datagrams that arrived from it and of those sent to it. An address
 * is validated by a Handshake packet from it, by a PATH_RESPONSE that
 * answers a PATH_CHALLENGE sent to it (RFC 9000 8.2.3), or by a token behind a
 * Retry (RFC 9000 8.1.2) in an Initial packet that the server takes.
 *
 * The server numbers addresses as it first hears from them, from 1; so does
 * the ledger.
 */
#ifndef GN_SIM_ORACLE_LIMIT_H
#define GN_SIM_ORACLE_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "gnomon.h"
#include "sim/address.h"
#include "sim/oracle.h"
#include "sim/sink.h"

#define GN_SIM_ORACLE_LIMIT_ADDRESSES 4096
#define GN_SIM_ORACLE_LIMIT_CHALLENGES 64

typedef struct gn_sim_oracle_account {
    gn_sim_address address;
    uint64_t received_bytes;
    uint64_t sent_bytes;
    bool validated;
    bool retried; /* a Retry went there */
    bool token;   /* the latest Initial packet from there had one */
} gn_sim_oracle_account;

typedef struct gn_sim_oracle_challenge {
    uint8_t data[8];
    uint32_t account;
} gn_sim_oracle_challenge;

typedef struct gn_sim_oracle_limit {
    gn_sim_oracle verdict;
    uint32_t count;
    uint32_t latest;       /* the account used last */
    uint32_t unvalidated;  /* accounts that are */
    bool gave_tokens;      /* clients hold some of an earlier connection (RFC 9000 8.1.3) */
    uint32_t challenge_at; /* where the next one is kept; the oldest makes room */
    gn_sim_oracle_account accounts[GN_SIM_ORACLE_LIMIT_ADDRESSES];
    gn_sim_oracle_challenge challenges[GN_SIM_ORACLE_LIMIT_CHALLENGES];
} gn_sim_oracle_limit;

void gn_sim_oracle_limit_init(gn_sim_oracle_limit *oracle);
void gn_sim_oracle_limit_on_event(gn_sim_oracle_limit *oracle, uint16_t host,
                                  const gn_event *event);
void gn_sim_oracle_limit_on_datagram(gn_sim_oracle_limit *oracle, const gn_sim_datagram *datagram);

#endif
