/*
 * early_hold.h: 0-RTT packets that overtook their Initial (RFC 9000 5.2.2, RFC 9001 5.7).
 *
 * A server cannot know whom such a packet belongs to, nor open it. It may keep
 * a few datagrams that begin with one, by the ID they are addressed to, until
 * the client's Initial makes a connection of that ID. Anybody can send them,
 * so there is a limit to their number, their bytes and their age; what does
 * not fit is dropped, as if the buffer were not there.
 *
 * The datagrams lie in the endpoint's block; this is what is known of them.
 */
#ifndef GN_ENDPOINT_EARLY_HOLD_H
#define GN_ENDPOINT_EARLY_HOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/limits.h"
#include "base/time.h"
#include "gnomon.h"
#include "wire/cid.h"

typedef struct gn_early_datagram {
    gn_time at; /* when it came */
    gn_route route;
    gn_cid dcid;
    uint8_t host[16];
    uint8_t ecn;
    uint16_t len;
    uint8_t bytes[GN_DATAGRAM_MAX];
} gn_early_datagram;

/* Invariant: count <= cap; bytes is the sum of their lengths; the oldest stands first. */
typedef struct gn_early_hold {
    uint32_t count;
    uint32_t cap;
    uint64_t bytes;
    uint64_t bytes_max;
    uint64_t age_us;
} gn_early_hold;

/* Nothing held. cap: how many places there are. */
void gn_early_hold_init(gn_early_hold *hold, uint32_t cap, const gn_config *config);

/* Keeps a copy. False: there is no room. What is too old goes before. */
bool gn_early_hold_add(gn_early_hold *hold, gn_early_datagram *places, const gn_datagram *datagram,
                       const gn_cid *dcid, gn_time now);

/*
 * Takes out the oldest that is for this ID and not too old. False: there is none. What is too
 * old goes, too.
 */
bool gn_early_hold_take(gn_early_hold *hold, gn_early_datagram *places, const gn_cid *dcid,
                        gn_time now, gn_early_datagram *out);

#endif
