/*
 * coalesce.h: small stream data waits a while for more, so that packets fill.
 *
 * What waits first starts a clock; when it is over, or there is enough for a packet, everything
 * goes. So nothing waits here for longer than delay_us, whatever comes behind it. What else is to
 * be sent never waits, and takes along what does.
 */
#ifndef GN_CONN_COALESCE_H
#define GN_CONN_COALESCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/time.h"

/* How much new stream data there is. */
typedef enum gn_coalesce_amount {
    GN_COALESCE_NOTHING,
    GN_COALESCE_LITTLE, /* less than a packet holds, and nothing that must not wait */
    GN_COALESCE_ENOUGH
} gn_coalesce_amount;

typedef struct gn_coalesce {
    gn_time until; /* the clock of what waits; GN_NEVER: nothing does */
    bool holds;
    uint8_t reserved[7];
} gn_coalesce;

void gn_coalesce_init(gn_coalesce *c);

/* Before each datagram: holds is whether stream data is worth none now. */
void gn_coalesce_step(gn_coalesce *c, gn_coalesce_amount amount, uint64_t delay_us, gn_time now);

/* When what is held goes, or GN_NEVER. */
gn_time gn_coalesce_deadline(const gn_coalesce *c);

#endif
