/*
 * sent.h: what every packet in flight carried (RFC 9000 13.3, RFC 9002 A.1).
 *
 * A record remembers a packet as small tagged items, never as frames: when the
 * packet is acknowledged or lost, each item is handed to its owner, who then
 * says what is true now. Records live in a pool shared by all connections and
 * are linked by index; a packet with more items goes on in further slots.
 *
 *  1. gn_sent_take a record, gn_sent_add items while the packet is built
 *  2. fill pn, at, bytes, flags, space, path, path_epoch; gn_loss_on_sent links it into a log
 *  3. the loss detector unlinks it into a list: acknowledged, lost or discarded
 *  4. walk the list by next, the items by gn_sent_items_next; gn_sent_free_list
 */
#ifndef GN_RECOVERY_SENT_H
#define GN_RECOVERY_SENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/slots.h"
#include "base/time.h"

typedef enum gn_item_kind {
    GN_ITEM_NONE,
    GN_ITEM_PING,
    GN_ITEM_ACK,                 /* id: the largest number it told */
    GN_ITEM_CRYPTO,              /* off, len */
    GN_ITEM_STREAM,              /* id, off, len, fin */
    GN_ITEM_RESET_STREAM,        /* id */
    GN_ITEM_STOP_SENDING,        /* id */
    GN_ITEM_MAX_DATA,            /* off: the limit told */
    GN_ITEM_MAX_STREAM_DATA,     /* id, off: the limit told */
    GN_ITEM_MAX_STREAMS,         /* id: 0 bidirectional, 1 unidirectional; off: the limit told */
    GN_ITEM_DATA_BLOCKED,        /* off: the limit that blocks */
    GN_ITEM_STREAM_DATA_BLOCKED, /* id, off */
    GN_ITEM_STREAMS_BLOCKED,     /* id as in MAX_STREAMS, off */
    GN_ITEM_NEW_CID,             /* id: sequence number */
    GN_ITEM_RETIRE_CID,          /* id: sequence number */
    GN_ITEM_PATH_CHALLENGE,
    GN_ITEM_PATH_RESPONSE,
    GN_ITEM_NEW_TOKEN,
    GN_ITEM_HANDSHAKE_DONE,
    GN_ITEM_DATAGRAM, /* id: the sender's number for it */
    GN_ITEM_KINDS
} gn_item_kind;

typedef struct gn_item {
    uint64_t id;
    uint64_t off;
    uint32_t len;
    uint8_t kind; /* gn_item_kind */
    uint8_t fin;
    uint8_t reserved[2];
} gn_item;

/* Items in a record itself: data and an ACK, the usual two, or data and one credit frame. */
#define GN_SENT_ITEMS 2
/* Items in each slot the record goes on in. */
#define GN_SENT_MORE_ITEMS 3

#define GN_SENT_ELICITING 0x01u /* the peer has to acknowledge it */
#define GN_SENT_IN_FLIGHT 0x02u /* counts in bytes in flight; every ack-eliciting packet does */
#define GN_SENT_ECT0 0x04u
#define GN_SENT_ECT1 0x08u
#define GN_SENT_MTU_PROBE 0x10u   /* its loss says nothing about congestion (RFC 9000 14.4) */
#define GN_SENT_APP_LIMITED 0x20u /* when it left, the window had room that nobody used */
#define GN_SENT_AFTER_ACKED 0x40u /* something sent since the record before it has arrived */

/* One packet. The user of the log sets pn .. path; links and items belong to this file. */
typedef struct gn_sent {
    uint64_t pn;
    gn_time at;          /* when it left */
    uint32_t next;       /* in the log or list; GN_POOL_NONE at the end */
    uint32_t prev;       /* in the log; GN_POOL_NONE at the start */
    uint32_t more;       /* the slot with further items, or GN_POOL_NONE */
    uint32_t path_epoch; /* the owner's number for this use of the path */
    uint16_t bytes;      /* of the QUIC packet */
    uint8_t flags;
    uint8_t space; /* gn_space_id */
    uint8_t path;
    uint8_t item_count; /* in this slot */
    uint8_t reserved[2];
    gn_item items[GN_SENT_ITEMS];
} gn_sent;

/* A slot a record goes on in. */
typedef struct gn_sent_more {
    uint32_t more;
    uint8_t item_count;
    uint8_t reserved[3];
    gn_item items[GN_SENT_MORE_ITEMS];
} gn_sent_more;

/* The slot size of the pool. */
#define GN_SENT_SLOT_BYTES ((uint32_t)sizeof(gn_sent))

_Static_assert(sizeof(gn_item) == 24, "an item is three words");
_Static_assert(sizeof(gn_sent) == 88, "a record fits 96 bytes");
_Static_assert(sizeof(gn_sent_more) <= sizeof(gn_sent), "both kinds share the pool");

/* Packets of one space, linked in the order of their numbers. */
typedef struct gn_sent_log {
    uint32_t head;
    uint32_t tail;
    uint32_t count;
    uint32_t reserved;
} gn_sent_log;

/* An empty log. */
void gn_sent_log_init(gn_sent_log *log);

/* A record without items, all zero, linked nowhere; GN_POOL_NONE when the pool is empty. */
uint32_t gn_sent_take(gn_slots slots);

/* The record of a slot. The pointer is good until the slot is freed; do not store it. */
static inline gn_sent *
gn_sent_at(gn_slots slots, uint32_t at)
{
    return gn_slots_at(slots, at);
}

/* Adds an item to a record. GN_ERR_FULL, and nothing changed: it needs a slot and there is none. */
GN_MUST_USE gn_err gn_sent_add(gn_slots slots, uint32_t at, const gn_item *item);

/* Whether gn_sent_add would succeed for n more items. */
bool gn_sent_has_room(gn_slots slots, uint32_t at, uint32_t n);

/* Links a record at the end. Its pn must be above that of the record before. */
void gn_sent_push(gn_sent_log *log, gn_slots slots, uint32_t at);

/* Takes a record out of its log; its next and prev become GN_POOL_NONE. */
void gn_sent_unlink(gn_sent_log *log, gn_slots slots, uint32_t at);

/* Gives back a record that is in no log, with the slots it goes on in. */
void gn_sent_free(gn_slots slots, uint32_t at);

/* The same for every record of a list that begins with head, which may be GN_POOL_NONE. */
void gn_sent_free_list(gn_slots slots, uint32_t head);

/* Walks the items of a record in the order they were added. */
typedef struct gn_sent_items {
    uint32_t record; /* the record's slot while its own items are walked, then GN_POOL_NONE */
    uint32_t more;   /* the further slot being walked */
    uint32_t index;  /* the next item in the current slot */
} gn_sent_items;

gn_sent_items gn_sent_items_over(uint32_t at);

/* The next item. False when there are no more. */
bool gn_sent_items_next(gn_slots slots, gn_sent_items *it, gn_item *out);

/* Whether a log is well linked, in order, and all of it in this space. Walks it. */
bool gn_sent_check(const gn_sent_log *log, gn_slots slots, uint8_t space);

#endif
