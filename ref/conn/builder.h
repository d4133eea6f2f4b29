/*
 * builder.h: one datagram in the making: up to three coalesced packets (RFC 9000 12.2, 14.1).
 *
 * The builder owns the space. Frames are written through its writer, which
 * always leaves room for the tag; each thing written is noted as an item of
 * the packet's record. Packets are sealed at the end, when it is known which
 * one is last and has to be padded.
 *
 *   1. gn_builder_init over the datagram's bytes
 *   2. gn_builder_begin a packet; frames through gn_builder_frame, or the
 *      writer and gn_builder_note; gn_builder_end
 *   3. gn_builder_pad, if the datagram needs it; then seal each packet
 */
#ifndef GN_CONN_BUILDER_H
#define GN_CONN_BUILDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/slots.h"
#include "base/writer.h"
#include "recovery/sent.h"
#include "recovery/space_id.h"
#include "wire/cid.h"
#include "wire/frame.h"
#include "wire/header_read.h"

#define GN_BUILDER_PACKETS GN_SPACES

/* Offsets count from the datagram's first byte. */
typedef struct gn_builder_packet {
    uint64_t pn;
    size_t start;
    size_t pn_at;
    size_t payload_at;
    size_t end;       /* of the payload; the tag follows */
    size_t length_at; /* of the Length field; 0: a short header */
    uint32_t record;  /* in the pool of sent records */
    uint8_t kind;     /* gn_packet_kind */
    uint8_t space;    /* gn_space_id */
    bool eliciting;
    bool padded;
} gn_builder_packet;

typedef struct gn_builder {
    gn_writer w; /* base is the datagram; cap leaves room for the tag of the packet being built */
    size_t room; /* bytes the datagram may have */
    gn_slots sent;
    uint32_t count;  /* packets, the one being built included */
    bool tests_path; /* a PATH_CHALLENGE or PATH_RESPONSE is in it */
    bool challenges; /* a PATH_CHALLENGE is */
    gn_builder_packet packet[GN_BUILDER_PACKETS];
} gn_builder;

/* What a packet's header says. */
typedef struct gn_builder_header {
    gn_packet_kind kind;
    gn_space_id space;
    const gn_cid *dcid;
    const gn_cid *scid; /* long headers */
    uint32_t version;   /* long headers */
    gn_span token;      /* Initial packets; else empty */
    uint64_t pn;
    uint64_t largest_acked_plus_one; /* 0: nothing was acknowledged in this space */
    bool key_phase;                  /* short headers */
} gn_builder_header;

/* An empty datagram of at most room bytes. */
void gn_builder_init(gn_builder *b, uint8_t *bytes, size_t room, gn_slots sent);

/* The packet being built. */
static inline gn_builder_packet *
gn_builder_packet_now(gn_builder *b)
{
    return &b->packet[b->count - 1];
}

/* Bytes that frames may still take in this packet. */
static inline size_t
gn_builder_left(const gn_builder *b)
{
    return gn_writer_left(&b->w);
}

/*
 * Writes a packet's header. GN_ERR_FULL: no room for a header and one useful
 * frame, or no record to note it in; nothing changed.
 */
GN_MUST_USE gn_err gn_builder_begin(gn_builder *b, const gn_builder_header *header);

/*
 * Writes a frame and notes it. GN_ERR_FULL: no room in the packet or in the
 * record; nothing changed. eliciting: RFC 9000 13.2.
 */
GN_MUST_USE gn_err gn_builder_frame(gn_builder *b, const gn_frame *frame, const gn_item *item,
                                    bool eliciting);

/* Whether one more item can be noted. */
bool gn_builder_can_note(const gn_builder *b);

/* Notes what was written through the writer; gn_builder_can_note said so before. */
void gn_builder_note(gn_builder *b, const gn_item *item, bool eliciting);

/*
 * Ends the packet: short payloads are padded for header protection (RFC 9001
 * 5.4.2). False: it had no frame, and is taken back as if never begun.
 */
bool gn_builder_end(gn_builder *b);

/* Pads the last packet so that the datagram has total bytes, as far as there is room. */
void gn_builder_pad(gn_builder *b, size_t total);

/* Fills in the Length field of packet nth and says how long the packet is, tag included. */
size_t gn_builder_finish(gn_builder *b, uint32_t nth);

/* Bytes of the datagram, tags included. */
size_t gn_builder_bytes(const gn_builder *b);

#endif
