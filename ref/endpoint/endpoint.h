/*
 * endpoint.h: many connections behind one socket's datagrams; how the block is laid out.
 *
 *     gn_endpoint | seats | heap, places, generations | IDs | keys | sent | held | streams | chunks
 *
 * Everything lies in the caller's block and is found by offsets, so the block
 * may be copied as a whole while nobody is in a call; only the observer, the
 * operation tables and what TLS keeps for itself are outside.
 *
 * A connection that something was done to stands in the line of busy ones
 * until every effect was pulled; then its deadline is set.
 */
#ifndef GN_ENDPOINT_ENDPOINT_H
#define GN_ENDPOINT_ENDPOINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/pool.h"
#include "base/rng.h"
#include "conn/cid_map.h"
#include "conn/conn.h"
#include "conn/reset_token.h"
#include "endpoint/admission.h"
#include "endpoint/early_hold.h"
#include "endpoint/outbox.h"
#include "endpoint/schedule.h"
#include "gnomon.h"

/* A connection and its place in the line. */
typedef struct gn_seat {
    uint32_t next;     /* in the line of busy connections, or GN_POOL_NONE */
    uint8_t busy;      /* 1: in the line */
    uint8_t half_open; /* 1: counted as such in the endpoint's admission */
    uint8_t accepted;  /* 1: counted as such in the endpoint */
    uint8_t lacks;     /* 1: counted as such in the endpoint */
    gn_conn conn;
} gn_seat;

/* The parts of the block behind the endpoint itself. */
typedef enum gn_part {
    GN_PART_SEATS,
    GN_PART_HEAP,
    GN_PART_PLACES,
    GN_PART_GENERATIONS, /* how often each seat was used: handles are never given twice */
    GN_PART_CIDS,
    GN_PART_KEYS,
    GN_PART_SENT,
    GN_PART_HELD,
    GN_PART_STREAMS,
    GN_PART_CHUNKS,
    GN_PART_EARLY, /* gn_early_datagram: 0-RTT that waits for its Initial */
    GN_PARTS
} gn_part;

struct gn_endpoint {
    size_t part[GN_PARTS]; /* offsets from the endpoint */
    size_t bytes;          /* of the whole block */
    gn_config config;      /* its PEM texts and ALPN are NULL */
    gn_time now;           /* of the latest input */
    void *tls_context;
    gn_pool seats;
    gn_pool keys;
    gn_pool sent;
    gn_pool held;
    gn_pool streams;
    gn_pool chunks;
    gn_cid_map cids;
    gn_rng rng;
    gn_reset_token_key reset_key;
    gn_route_name_key route_names;
    uint64_t application; /* a hash of the application's context */
    uint32_t busy_head;
    uint32_t busy_tail;
    uint32_t scheduled;    /* entries of the heap */
    uint32_t accepted;     /* connections of clients, live; those refused left out */
    uint32_t lacking;      /* connections that would let their peers open more streams */
    uint32_t streams_used; /* when it was looked last whether there is room again */
    uint64_t resets_sent;
    gn_time resets_since;
    gn_admission admission;
    gn_early_hold early_hold;
    gn_outbox outbox;
    gn_inspection inspection;
    gn_preferred_address preferred;
    gn_local_error refused; /* the latest input, or code GN_LOCAL_NONE */
    uint8_t opened[GN_DATAGRAM_MAX];
    uint8_t datagram[GN_DATAGRAM_MAX];
};

/* What a part of the block begins with. */
uint8_t *gn_endpoint_part(gn_endpoint *ep, gn_part part);

gn_seat *gn_endpoint_seat(gn_endpoint *ep, uint32_t slot);

gn_schedule gn_endpoint_schedule(gn_endpoint *ep);

gn_cid_table gn_endpoint_cids(gn_endpoint *ep);

/* What the connection in this slot needs for a call at ep->now. */
gn_env gn_endpoint_env(gn_endpoint *ep, uint32_t slot);

/* The slot of a live connection, or GN_POOL_NONE. */
uint32_t gn_endpoint_slot(const gn_endpoint *ep, gn_connection connection);

/* A fresh seat, its connection not initialised; *handle is its name. GN_POOL_NONE: none left. */
uint32_t gn_endpoint_take_seat(gn_endpoint *ep, gn_connection *handle);

/* Gives back a seat whose connection was wiped. It must not stand in the line. */
void gn_endpoint_give_seat(gn_endpoint *ep, uint32_t slot);

/* Counts the connection in this slot as half open, or no longer; harmless at any time. */
void gn_endpoint_count(gn_endpoint *ep, uint32_t slot);

/* Puts a connection into the line; its deadline is off until it leaves it. */
void gn_endpoint_enqueue(gn_endpoint *ep, uint32_t slot);

/* Takes the first of the line out of it. */
void gn_endpoint_dequeue(gn_endpoint *ep);

/* The clock goes on. GN_ERR_RANGE: it would go back. */
GN_MUST_USE gn_err gn_endpoint_advance(gn_endpoint *ep, gn_time now);

#endif
