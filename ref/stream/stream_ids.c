/*
 * stream_ids.c: see stream_ids.h.
 */
#include "stream/stream_ids.h"

#include "base/assert.h"
#include "stream/stream.h"

/* The slot of skipped that belongs to the kind and initiator of id. */
static uint32_t
stream_ids_class(uint64_t id)
{
    return (uint32_t)(id % 4);
}

static uint32_t
stream_ids_kind(uint64_t id)
{
    return gn_stream_id_is_uni(id) ? GN_STREAM_UNI : GN_STREAM_BIDI;
}

static uint64_t
stream_ids_opened(const gn_stream_ids *ids, uint64_t id)
{
    const uint32_t kind = stream_ids_kind(id);

    return gn_stream_ids_is_local(ids, id) ? ids->allowed[kind].used : ids->granted[kind].received;
}

static uint64_t
stream_ids_limit(const gn_stream_ids *ids, uint64_t id)
{
    const uint32_t kind = stream_ids_kind(id);

    return gn_stream_ids_is_local(ids, id) ? ids->allowed[kind].limit : ids->granted[kind].limit;
}

void
gn_stream_ids_init(gn_stream_ids *ids, bool server, uint64_t max_bidi, uint64_t max_uni)
{
    *ids = (gn_stream_ids){.server = server};
    gn_credit_in_init(&ids->granted[GN_STREAM_BIDI], max_bidi, GN_CREDIT_TOP_STREAMS);
    gn_credit_in_init(&ids->granted[GN_STREAM_UNI], max_uni, GN_CREDIT_TOP_STREAMS);
    for (uint32_t kind = 0; kind < GN_STREAM_KINDS; kind++)
        gn_credit_out_init(&ids->allowed[kind], 0);
    for (uint32_t class = 0; class < 4; class ++)
        gn_marks_init(&ids->skipped[class]);
}

void
gn_stream_ids_wipe(gn_stream_ids *ids, gn_slots chunks)
{
    for (uint32_t class = 0; class < 4; class ++)
        gn_marks_wipe(&ids->skipped[class], chunks);
}

bool
gn_stream_ids_is_local(const gn_stream_ids *ids, uint64_t id)
{
    return gn_stream_id_is_server(id) == ids->server;
}

/* The skipped range that holds id. */
static bool
stream_ids_skipped(const gn_stream_ids *ids, gn_slots chunks, uint64_t id, gn_range *out)
{
    const uint64_t index = gn_stream_id_index(id);
    gn_range range;

    if (!gn_marks_find(&ids->skipped[stream_ids_class(id)], chunks, index, &range) ||
        range.from > index)
        return false;
    *out = range;
    return true;
}

gn_stream_standing
gn_stream_ids_standing(const gn_stream_ids *ids, gn_slots chunks, uint64_t id)
{
    const uint64_t index = gn_stream_id_index(id);
    gn_range range;

    if (index >= stream_ids_limit(ids, id))
        return GN_STREAM_BEYOND;
    if (index >= stream_ids_opened(ids, id))
        return GN_STREAM_FRESH;
    return stream_ids_skipped(ids, chunks, id, &range) ? GN_STREAM_SKIPPED : GN_STREAM_OPENED;
}

gn_err
gn_stream_ids_use(gn_stream_ids *ids, gn_slots chunks, uint64_t id)
{
    const uint64_t index = gn_stream_id_index(id);
    const uint64_t opened = stream_ids_opened(ids, id);
    const uint32_t kind = stream_ids_kind(id);
    gn_marks *skipped = &ids->skipped[stream_ids_class(id)];

    GN_ASSERT(index < stream_ids_limit(ids, id));
    if (index < opened) {
        gn_range range;

        GN_ASSERT(stream_ids_skipped(ids, chunks, id, &range));
        return gn_marks_cut(skipped, chunks, index, index + 1);
    }

    /* RFC 9000 3.2: a stream is created after all lower ones of its kind. [R-9000-3.2-1] */
    if (index > opened) {
        const gn_err err = gn_marks_add(skipped, chunks, opened, index);
        if (err != GN_OK)
            return err;
    }
    if (gn_stream_ids_is_local(ids, id))
        gn_credit_out_use(&ids->allowed[kind], index + 1 - opened);
    else
        gn_credit_in_on_received(&ids->granted[kind], index + 1);
    return GN_OK;
}

uint64_t
gn_stream_ids_lowest(const gn_stream_ids *ids, gn_slots chunks, uint64_t id)
{
    gn_range range;
    uint64_t index = stream_ids_opened(ids, id);

    if (stream_ids_skipped(ids, chunks, id, &range))
        index = range.from;
    GN_ASSERT(index <= gn_stream_id_index(id));
    return index * 4 + id % 4;
}

void
gn_stream_ids_on_over(gn_stream_ids *ids, uint64_t id)
{
    GN_ASSERT(!gn_stream_ids_is_local(ids, id));
    gn_credit_in_on_consumed(&ids->granted[stream_ids_kind(id)], 1);
}

/* Streams the peer may open or use, and that have no slot yet. */
static uint64_t
stream_ids_promised(const gn_stream_ids *ids, gn_slots chunks, uint32_t kind)
{
    const gn_credit_in *c = &ids->granted[kind];

    return c->limit - c->consumed - gn_stream_ids_live(ids, chunks, kind);
}

uint64_t
gn_stream_ids_grant(const gn_stream_ids *ids, gn_slots chunks, uint32_t kind, uint64_t slots)
{
    const gn_credit_in *c = &ids->granted[kind];
    const uint64_t promised = stream_ids_promised(ids, chunks, GN_STREAM_BIDI) +
                              stream_ids_promised(ids, chunks, GN_STREAM_UNI);
    const uint64_t next = gn_credit_in_next(c);
    uint64_t room = slots > promised ? slots - promised : 0;

    GN_ASSERT(kind < GN_STREAM_KINDS);
    /* More may have been promised at first than there is; no kind waits for the other then. */
    if (room == 0 && slots > 0 && c->received == c->limit)
        room = 1;
    return room < next - c->limit ? c->limit + room : next;
}

bool
gn_stream_ids_wants_grant(const gn_stream_ids *ids, gn_slots chunks, uint32_t kind, uint64_t slots)
{
    const gn_credit_in *c = &ids->granted[kind];

    return gn_credit_in_wants(c) &&
           (c->again || gn_stream_ids_grant(ids, chunks, kind, slots) > c->limit);
}

bool
gn_stream_ids_lacks_slots(const gn_stream_ids *ids, gn_slots chunks, uint64_t slots)
{
    for (uint32_t kind = 0; kind < GN_STREAM_KINDS; kind++)
        if (gn_credit_in_wants(&ids->granted[kind]) &&
            gn_stream_ids_grant(ids, chunks, kind, slots) < gn_credit_in_next(&ids->granted[kind]))
            return true;
    return false;
}

gn_err
gn_stream_ids_next(gn_stream_ids *ids, uint32_t kind, uint64_t *id)
{
    GN_ASSERT(kind < GN_STREAM_KINDS);

    gn_credit_out *allowed = &ids->allowed[kind];
    /* [R-9000-4.6-2] [R-9000-19.11-3] */
    if (gn_credit_out_left(allowed) == 0) {
        gn_stream_ids_refuse(ids, kind);
        return GN_ERR_NONE;
    }
    /* [R-9000-2.1-1] */
    *id = allowed->used * 4 + (kind == GN_STREAM_UNI ? 2 : 0) + (ids->server ? 1 : 0);
    return GN_OK;
}

void
gn_stream_ids_refuse(gn_stream_ids *ids, uint32_t kind)
{
    GN_ASSERT(kind < GN_STREAM_KINDS);
    ids->refused[kind] = true;
}

bool
gn_stream_ids_allow(gn_stream_ids *ids, uint32_t kind, uint64_t limit)
{
    GN_ASSERT(kind < GN_STREAM_KINDS);
    /* [R-9000-4.6-4] [R-9000-19.11-2] */
    if (!gn_credit_out_raise(&ids->allowed[kind], limit))
        return false;
    ids->refused[kind] = false;
    return true;
}

void
gn_stream_ids_restart(gn_stream_ids *ids, uint32_t kind)
{
    GN_ASSERT(kind < GN_STREAM_KINDS);

    const uint64_t opened = ids->allowed[kind].used;
    gn_credit_out_init(&ids->allowed[kind], opened);
    gn_credit_out_use(&ids->allowed[kind], opened);
    ids->refused[kind] = false;
}

bool
gn_stream_ids_wants_blocked(const gn_stream_ids *ids, uint32_t kind)
{
    GN_ASSERT(kind < GN_STREAM_KINDS);

    /* RFC 9000 4.6: once for each limit, also when an id further up was asked for. */
    const gn_credit_out *allowed = &ids->allowed[kind];
    return ids->refused[kind] && allowed->blocked_at != allowed->limit;
}

uint64_t
gn_stream_ids_live(const gn_stream_ids *ids, gn_slots chunks, uint32_t kind)
{
    const uint32_t class = (kind == GN_STREAM_UNI ? 2u : 0u) + (ids->server ? 0u : 1u);
    uint64_t live = ids->granted[kind].received - ids->granted[kind].consumed;
    uint64_t at = 0;
    gn_range range;

    while (gn_marks_find(&ids->skipped[class], chunks, at, &range)) {
        live -= range.to - range.from;
        at = range.to;
    }
    return live;
}

bool
gn_stream_ids_check(const gn_stream_ids *ids, gn_slots chunks)
{
    for (uint32_t kind = 0; kind < GN_STREAM_KINDS; kind++)
        if (!gn_credit_in_check(&ids->granted[kind]) || !gn_credit_out_check(&ids->allowed[kind]))
            return false;
    for (uint64_t class = 0; class < 4; class ++) {
        const gn_marks *skipped = &ids->skipped[class];
        gn_range above;

        if (!gn_marks_check(skipped, chunks))
            return false;
        if (stream_ids_opened(ids, class) == 0 && !gn_marks_empty(skipped))
            return false;
        /* The highest that was opened was used. */
        if (stream_ids_opened(ids, class) > 0 &&
            gn_marks_find(skipped, chunks, stream_ids_opened(ids, class) - 1, &above))
            return false;
    }
    return true;
}
