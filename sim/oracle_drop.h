/*
 * oracle_drop.h: a packet that was dropped changed nothing (RFC 9000 12.2, 12.3, RFC 9001 9.3).
 *
 * The state of the receiving connection is hashed before and after a datagram
 * that the simulator knows to be a duplicate or corrupted, and before and
 * after one in so many of the others. Where the endpoint says it dropped all
 * that was in it, the hashes must agree. An end that is closing is not judged:
 * it counts what still comes, to answer it now and then (RFC 9000 10.2.1). What
 * routers say and nobody believes is judged in the same way (RFC 9000 14.2.1).
 */
#ifndef GN_SIM_ORACLE_DROP_H
#define GN_SIM_ORACLE_DROP_H

#include <stdbool.h>
#include <stdint.h>

#include "gnomon.h"
#include "sim/oracle.h"

#define GN_SIM_ORACLE_DROP_EVERY 512

typedef struct gn_sim_oracle_drop {
    gn_sim_oracle verdict;
    uint64_t before;   /* hash; 0: there was no connection */
    uint32_t accepted; /* packets of the datagram being looked at */
    uint32_t dropped;
    uint32_t cause; /* gn_drop_cause of the first */
    uint32_t every; /* one in so many of the ordinary datagrams */
    bool looking;
} gn_sim_oracle_drop;

void gn_sim_oracle_drop_init(gn_sim_oracle_drop *oracle);

/* Is the state to be hashed for this datagram? */
bool gn_sim_oracle_drop_wants(const gn_sim_oracle_drop *oracle, uint64_t number, uint16_t flags);

/* Around the delivery; digest is the connection's, 0 for none. */
void gn_sim_oracle_drop_before(gn_sim_oracle_drop *oracle, uint64_t digest);
void gn_sim_oracle_drop_on_event(gn_sim_oracle_drop *oracle, const gn_event *event);
/* No datagram, but a router's word: the endpoint did not believe it. */
void gn_sim_oracle_drop_refused(gn_sim_oracle_drop *oracle);
void gn_sim_oracle_drop_after(gn_sim_oracle_drop *oracle, uint64_t at_us, uint64_t digest);

#endif
