/*
 * oracle_fault.h: no transport error between two of our own endpoints (RFC 9000 11.1).
 *
 * Both ends are ours and the network cannot forge: whoever accuses the other
 * of breaking a rule is wrong, or right, and either is a bug. An application
 * close is the scenario's own goodbye; an idle timeout is judged by the goal. A
 * stateless reset is wrong while the other end still has the connection, and a
 * refused token while it is fresh, the client has one address only and the server
 * gave no connection up; the panel knows, and also which error a scenario is about.
 */
#ifndef GN_SIM_ORACLE_FAULT_H
#define GN_SIM_ORACLE_FAULT_H

#include <stdint.h>

#include "gnomon.h"
#include "sim/oracle.h"

void gn_sim_oracle_fault_init(gn_sim_oracle *oracle);

/* An effect of kind CLOSED at a host. */
void gn_sim_oracle_fault_on_closed(gn_sim_oracle *oracle, uint64_t at_us, uint16_t host,
                                   const gn_effect *effect);

#endif
