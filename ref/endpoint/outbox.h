/*
 * outbox.h: datagrams that belong to no connection, on their way out.
 *
 * Version Negotiation, Retry and stateless resets answer datagrams for which
 * there is no connection and leave no state but their bytes here. There is
 * room for a few; who does not pull them in time loses the further ones, as
 * the network might.
 */
#ifndef GN_ENDPOINT_OUTBOX_H
#define GN_ENDPOINT_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GN_OUTBOX_MAX 4

/* Two connection IDs of 255 bytes, as Version Negotiation may have, and what else is in it. */
#define GN_OUTBOX_BYTES 544

typedef struct gn_stray {
    uint64_t route;
    uint16_t len;
    uint8_t packet; /* what it is, for observers */
    uint8_t bytes[GN_OUTBOX_BYTES];
} gn_stray;

/* Invariant: first < GN_OUTBOX_MAX, count <= GN_OUTBOX_MAX; a ring. */
typedef struct gn_outbox {
    uint32_t first;
    uint32_t count;
    gn_stray at[GN_OUTBOX_MAX];
} gn_outbox;

/* A place for one more datagram, for the caller to fill whole; NULL: no room. */
gn_stray *gn_outbox_add(gn_outbox *box);

/* Takes the oldest out; its bytes stay until the next one is added. NULL: there is none. */
const gn_stray *gn_outbox_take(gn_outbox *box);

static inline bool
gn_outbox_any(const gn_outbox *box)
{
    return box->count > 0;
}

#endif
