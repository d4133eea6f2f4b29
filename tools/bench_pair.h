/*
 * bench_pair.h: one client endpoint and one server endpoint without a network, for benches.
 */
#ifndef GN_TOOLS_BENCH_PAIR_H
#define GN_TOOLS_BENCH_PAIR_H

#include <stdint.h>

#include "gnomon.h"

/* With room for so many connections; its block is the caller's to free after gn_endpoint_wipe. */
gn_endpoint *bench_pair_endpoint(gn_role role, uint32_t pairs);

/* The client begins another connection. */
void bench_pair_connect(gn_endpoint *client, gn_time now);

/*
 * Carries datagrams both ways, at once, until nothing is due before the given time. Adds to
 * *confirmed the ends that told of a confirmed handshake. The time that it is then.
 */
gn_time bench_pair_play(gn_endpoint *client, gn_endpoint *server, gn_time now, gn_time until,
                        uint32_t *confirmed);

#endif
