/*
 * spin.h: the latency spin bit of one path (RFC 9000 17.4).
 *
 * The client answers the server's latest value with the other one, and the
 * server repeats the client's: who watches the path sees a square wave whose
 * period is the round trip. Where it is allowed, one ID in 16 shows a value
 * that means nothing, so that those who never allow it do not stand out.
 */
#ifndef GN_CONN_SPIN_H
#define GN_CONN_SPIN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/rng.h"

/* One ID in so many does not spin. */
#define GN_SPIN_SILENT_ONE_IN 16

/* All zero: a path on which nothing was sent or received yet. */
typedef struct gn_spin {
    uint64_t name;  /* sequence number of the peer's ID that it is about, plus 1; 0: none yet */
    uint64_t heard; /* one more than the largest packet number received on this path */
    uint8_t spins;  /* the value follows the peer's */
    uint8_t value;  /* of the next packet: 0 or 1 */
    uint8_t reserved[6];
} gn_spin;

/*
 * The value for a 1-RTT packet that is sent to the peer's ID with this sequence number. With
 * another ID it begins anew; not allowed: 0, and nothing is drawn.
 */
bool gn_spin_next(gn_spin *spin, uint64_t seq, bool allowed, gn_rng *rng);

/* An authentic 1-RTT packet with this number and bit came on this path. */
void gn_spin_on_received(gn_spin *spin, uint64_t pn, bool bit, bool is_server);

#endif
