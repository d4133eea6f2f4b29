/*
 * datagram_fates.h: which datagrams arrived and which are lost, until the application is told.
 *
 * A datagram in a packet is known by the packet's record in the pool of sent
 * packets and nowhere else. When the packet is acknowledged or lost the record
 * waits here, so telling takes no memory that could be missing, and each
 * datagram is told of exactly once. The last few that were lost are kept in
 * mind: should an acknowledgement come after all (RFC 9221 5.2), that is told, too.
 */
#ifndef GN_CONN_DATAGRAM_FATES_H
#define GN_CONN_DATAGRAM_FATES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slots.h"
#include "recovery/sent.h"
#include "wire/frame.h"

/* Lost datagrams kept in mind: those of a burst that was only reordered. */
#define GN_DATAGRAM_FATES_LATE 16

typedef enum gn_datagram_fate {
    GN_DATAGRAM_FATE_ACKED,
    GN_DATAGRAM_FATE_LOST,
    GN_DATAGRAM_FATE_LATE, /* acknowledged, after it was told to be lost */
    GN_DATAGRAM_FATES
} gn_datagram_fate;

/* Records linked by next, and how far the first one is told. */
typedef struct gn_datagram_fate_list {
    uint32_t head; /* GN_POOL_NONE: empty */
    uint32_t tail;
    gn_sent_items told;
    uint32_t reserved;
} gn_datagram_fate_list;

typedef enum gn_datagram_late_state {
    GN_DATAGRAM_LATE_FREE,
    GN_DATAGRAM_LATE_LOST,
    GN_DATAGRAM_LATE_ACKED
} gn_datagram_late_state;

typedef struct gn_datagram_late {
    uint64_t pn;
    uint64_t id;
    uint32_t state; /* gn_datagram_late_state */
    uint32_t reserved;
} gn_datagram_late;

typedef struct gn_datagram_fates {
    gn_datagram_fate_list list[GN_DATAGRAM_FATE_LATE]; /* ACKED, LOST */
    uint32_t late_count;                               /* entries that are not free */
    uint32_t late_next;                                /* the entry written next */
    gn_datagram_late late[GN_DATAGRAM_FATES_LATE];
} gn_datagram_fates;

void gn_datagram_fates_init(gn_datagram_fates *f);

/* Gives the records back. */
void gn_datagram_fates_wipe(gn_datagram_fates *f, gn_slots sent);

/* Takes over a record that carried datagrams and is in no log. */
void gn_datagram_fates_take(gn_datagram_fates *f, gn_slots sent, uint32_t at, bool acked);

/* An acknowledgement of 1-RTT packets: perhaps of some that are thought lost. */
void gn_datagram_fates_on_ack(gn_datagram_fates *f, const gn_frame_ack *ack);

/* Is there anything to tell? */
bool gn_datagram_fates_any(const gn_datagram_fates *f);

/* The fate of one datagram, told once; false: none. */
bool gn_datagram_fates_tell(gn_datagram_fates *f, gn_slots sent, uint64_t *id,
                            gn_datagram_fate *fate);

/* Whether the lists are well linked. Walks them. */
bool gn_datagram_fates_check(const gn_datagram_fates *f, gn_slots sent);

#endif
