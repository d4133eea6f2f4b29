/*
 * oracle_ideal.h: on an ideal network nothing spurious happens (RFC 9002 6).
 *
 * No datagram is dropped, no packet is dropped by its receiver or declared
 * lost, no probe timeout fires, and no stream byte is sent twice. What arrives
 * at an end that has said goodbye is rightly dropped (RFC 9000 10.2).
 */
#ifndef GN_SIM_ORACLE_IDEAL_H
#define GN_SIM_ORACLE_IDEAL_H

#include <stdint.h>

#include "gnomon.h"
#include "sim/oracle.h"
#include "sim/sink.h"

typedef struct gn_sim_oracle_ideal {
    gn_sim_oracle verdict;
    uint64_t stream_bytes; /* in STREAM frames sent, both hosts */
} gn_sim_oracle_ideal;

void gn_sim_oracle_ideal_init(gn_sim_oracle_ideal *oracle);
void gn_sim_oracle_ideal_on_event(gn_sim_oracle_ideal *oracle, uint16_t host,
                                  const gn_event *event);
void gn_sim_oracle_ideal_on_datagram(gn_sim_oracle_ideal *oracle, const gn_sim_datagram *datagram);
/* At the end: so many bytes of stream data were written by the applications. */
void gn_sim_oracle_ideal_on_end(gn_sim_oracle_ideal *oracle, uint64_t at_us,
                                uint64_t written_bytes);

#endif
