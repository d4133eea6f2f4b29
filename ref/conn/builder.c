/*
 * builder.c: see builder.h.
 */
#include "conn/builder.h"

#include "base/assert.h"
#include "base/span.h"
#include "crypto/protect.h"
#include "wire/header_write.h"
#include "wire/pktnum.h"

/* The least that makes a packet worth beginning: PATH_CHALLENGE is the largest small frame. */
enum { BUILDER_FRAME_MIN = 9 };

void
gn_builder_init(gn_builder *b, uint8_t *bytes, size_t room, gn_slots sent)
{
    b->w = gn_writer_over(bytes, 0);
    b->room = room;
    b->sent = sent;
    b->count = 0;
    b->tests_path = false;
    b->challenges = false;
}

static gn_err
builder_header(gn_builder *b, const gn_builder_header *h, size_t pn_size, size_t *length_at)
{
    *length_at = 0;
    if (h->kind == GN_PACKET_ONE_RTT)
        return gn_header_write_short(&b->w, h->dcid, false, h->key_phase, h->pn, pn_size);
    /* [R-9000-17.2.2-1] */
    return gn_header_write_long(&b->w, h->kind, h->version, h->dcid, h->scid, h->token, h->pn,
                                pn_size, length_at);
}

gn_err
gn_builder_begin(gn_builder *b, const gn_builder_header *h)
{
    GN_ASSERT(b->count < GN_BUILDER_PACKETS);
    const size_t start = gn_builder_bytes(b);
    const size_t pn_size = gn_pktnum_size(h->pn, h->largest_acked_plus_one);
    size_t length_at = 0;

    if (b->room < start + GN_PROTECT_TAG_BYTES)
        return GN_ERR_FULL;
    const gn_writer before = b->w;
    b->w.cap = b->room - GN_PROTECT_TAG_BYTES;
    b->w.at = start;
    if (builder_header(b, h, pn_size, &length_at) != GN_OK ||
        gn_writer_left(&b->w) < BUILDER_FRAME_MIN) {
        b->w = before;
        return GN_ERR_FULL;
    }
    const uint32_t record = gn_sent_take(b->sent);
    if (record == GN_POOL_NONE) {
        b->w = before;
        return GN_ERR_FULL;
    }
    b->packet[b->count++] = (gn_builder_packet){.pn = h->pn,
                                                .start = start,
                                                .pn_at = b->w.at - pn_size,
                                                .payload_at = b->w.at,
                                                .length_at = length_at,
                                                .record = record,
                                                .kind = (uint8_t)h->kind,
                                                .space = (uint8_t)h->space};
    return GN_OK;
}

bool
gn_builder_can_note(const gn_builder *b)
{
    return gn_sent_has_room(b->sent, b->packet[b->count - 1].record, 1);
}

void
gn_builder_note(gn_builder *b, const gn_item *item, bool eliciting)
{
    gn_builder_packet *packet = gn_builder_packet_now(b);
    const gn_err err = gn_sent_add(b->sent, packet->record, item);

    GN_ASSERT(err == GN_OK);
    packet->eliciting |= eliciting;
}

gn_err
gn_builder_frame(gn_builder *b, const gn_frame *frame, const gn_item *item, bool eliciting)
{
    if (!gn_builder_can_note(b) || gn_frame_size(frame) > gn_writer_left(&b->w))
        return GN_ERR_FULL;
    const gn_err err = gn_frame_write(&b->w, frame);
    GN_ASSERT(err == GN_OK);
    gn_builder_note(b, item, eliciting);
    return GN_OK;
}

bool
gn_builder_end(gn_builder *b)
{
    gn_builder_packet *packet = gn_builder_packet_now(b);

    /* [R-9000-12.4-1] */
    if (b->w.at == packet->payload_at) {
        gn_sent_free(b->sent, packet->record);
        b->count--;
        /* Back to the end of the packet before, in case that one is padded. */
        b->w.at = b->count == 0 ? 0 : gn_builder_packet_now(b)->end;
        return false;
    }
    const size_t text = b->w.at - packet->pn_at;
    if (text < GN_PROTECT_TEXT_MIN) {
        const gn_err err = gn_writer_fill(&b->w, 0, GN_PROTECT_TEXT_MIN - text);
        GN_ASSERT(err == GN_OK);
        packet->padded = true;
    }
    packet->end = b->w.at;
    return true;
}

void
gn_builder_pad(gn_builder *b, size_t total)
{
    GN_ASSERT(b->count > 0);
    gn_builder_packet *last = gn_builder_packet_now(b);
    /* [R-9000-8.2.2-6] */
    const size_t to = total < b->room ? total : b->room;
    const size_t bytes = gn_builder_bytes(b);

    if (bytes >= to)
        return;
    const gn_err err = gn_writer_fill(&b->w, 0, to - bytes);
    GN_ASSERT(err == GN_OK);
    last->end = b->w.at;
    last->padded = true;
}

size_t
gn_builder_finish(gn_builder *b, uint32_t nth)
{
    GN_ASSERT(nth < b->count);
    const gn_builder_packet *packet = &b->packet[nth];

    if (packet->length_at != 0)
        gn_header_write_length(&b->w, packet->length_at,
                               packet->end - packet->pn_at + GN_PROTECT_TAG_BYTES);
    return packet->end - packet->start + GN_PROTECT_TAG_BYTES;
}

size_t
gn_builder_bytes(const gn_builder *b)
{
    return b->count == 0 ? 0 : b->packet[b->count - 1].end + GN_PROTECT_TAG_BYTES;
}
