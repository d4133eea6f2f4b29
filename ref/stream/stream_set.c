/*
 * stream_set.c: see stream_set.h.
 */
#include "stream/stream_set.h"

#include "base/assert.h"

gn_stream *
gn_stream_set_at(gn_stream_pools pools, uint32_t at)
{
    return gn_slots_at(pools.streams, at);
}

/* The bucket of id: indices follow each other, so their low bits spread them evenly. */
static uint32_t
stream_set_bucket(uint64_t id)
{
    return (uint32_t)((id + id / 4) % GN_STREAM_BUCKETS);
}

/* --- life ---------------------------------------------------------------------------------- */

void
gn_stream_set_init(gn_stream_set *set, bool server, const gn_stream_limits *ours)
{
    *set = (gn_stream_set){
        .ours = *ours,
        .readable_head = GN_POOL_NONE,
        .readable_tail = GN_POOL_NONE,
    };
    gn_credit_in_init(&set->total_in, ours->max_data, GN_CREDIT_TOP_BYTES);
    gn_credit_out_init(&set->total_out, 0);
    gn_stream_ids_init(&set->ids, server, ours->streams_bidi, ours->streams_uni);
    gn_turns_init(&set->owed, GN_STREAM_TURN_OWED);
    gn_turns_init(&set->fresh, GN_STREAM_TURN_FRESH);
    for (uint32_t i = 0; i < GN_STREAM_BUCKETS; i++)
        set->bucket[i] = GN_POOL_NONE;
}

void
gn_stream_set_unorder(gn_stream_set *set)
{
    set->unordered = true;
}

void
gn_stream_set_wipe(gn_stream_set *set, gn_stream_pools pools)
{
    for (uint32_t i = 0; i < GN_STREAM_BUCKETS; i++) {
        while (set->bucket[i] != GN_POOL_NONE) {
            const uint32_t at = set->bucket[i];
            gn_stream *s = gn_stream_set_at(pools, at);

            set->bucket[i] = s->bucket_next;
            gn_stream_wipe(s, pools.chunks);
            gn_slots_give(pools.streams, at);
        }
    }
    gn_stream_ids_wipe(&set->ids, pools.chunks);
    gn_turns_init(&set->owed, GN_STREAM_TURN_OWED);
    gn_turns_init(&set->fresh, GN_STREAM_TURN_FRESH);
    set->readable_head = GN_POOL_NONE;
    set->readable_tail = GN_POOL_NONE;
    set->count = 0;
}

uint32_t
gn_stream_set_find(const gn_stream_set *set, gn_stream_pools pools, uint64_t id)
{
    uint32_t at = set->bucket[stream_set_bucket(id)];

    while (at != GN_POOL_NONE && gn_stream_set_at(pools, at)->id != id)
        at = gn_stream_set_at(pools, at)->bucket_next;
    return at;
}

/* --- the three lines ------------------------------------------------------------------------- */

/* The stream in slot at joins the line or leaves it. */
static void
stream_set_line(gn_turns *line, gn_stream_pools pools, uint32_t at, bool wanted)
{
    if (wanted)
        gn_turns_push(line, pools.streams, at);
    else
        gn_turns_cut(line, pools.streams, at);
}

static void
stream_set_readable_push(gn_stream_set *set, gn_stream_pools pools, uint32_t at)
{
    gn_stream *s = gn_stream_set_at(pools, at);

    s->readable_next = GN_POOL_NONE;
    s->readable_prev = set->readable_tail;
    if (set->readable_tail == GN_POOL_NONE)
        set->readable_head = at;
    else
        gn_stream_set_at(pools, set->readable_tail)->readable_next = at;
    set->readable_tail = at;
    s->readable_queued = true;
}

static void
stream_set_readable_cut(gn_stream_set *set, gn_stream_pools pools, uint32_t at)
{
    gn_stream *s = gn_stream_set_at(pools, at);

    if (s->readable_prev == GN_POOL_NONE)
        set->readable_head = s->readable_next;
    else
        gn_stream_set_at(pools, s->readable_prev)->readable_next = s->readable_next;
    if (s->readable_next == GN_POOL_NONE)
        set->readable_tail = s->readable_prev;
    else
        gn_stream_set_at(pools, s->readable_next)->readable_prev = s->readable_prev;
    s->readable_next = GN_POOL_NONE;
    s->readable_prev = GN_POOL_NONE;
    s->readable_queued = false;
}

void
gn_stream_set_pass_readable(gn_stream_set *set, gn_stream_pools pools, uint32_t at)
{
    if (!gn_stream_set_at(pools, at)->readable_queued)
        return;
    stream_set_readable_cut(set, pools, at);
    stream_set_readable_push(set, pools, at);
}

/* Puts the stream in slot at into exactly the lines that it is said to belong to. */
static void
stream_set_set_lines(gn_stream_set *set, gn_stream_pools pools, uint32_t at, bool owed, bool fresh,
                     bool readable)
{
    const gn_stream *s = gn_stream_set_at(pools, at);

    if (owed != gn_turns_waits(&s->turn[GN_STREAM_TURN_OWED]))
        stream_set_line(&set->owed, pools, at, owed);
    if (fresh != gn_turns_waits(&s->turn[GN_STREAM_TURN_FRESH]))
        stream_set_line(&set->fresh, pools, at, fresh);
    if (readable == s->readable_queued)
        return;
    if (readable)
        stream_set_readable_push(set, pools, at);
    else
        stream_set_readable_cut(set, pools, at);
}

/* The stream is over: nothing of it remains but what the ids know. */
static void
stream_set_remove(gn_stream_set *set, gn_stream_pools pools, uint32_t at)
{
    gn_stream *s = gn_stream_set_at(pools, at);
    const uint64_t id = s->id;
    uint32_t *link = &set->bucket[stream_set_bucket(id)];

    stream_set_set_lines(set, pools, at, false, false, false);
    while (*link != at)
        link = &gn_stream_set_at(pools, *link)->bucket_next;
    *link = s->bucket_next;
    gn_stream_wipe(s, pools.chunks);
    gn_slots_give(pools.streams, at);
    set->count--;

    /* RFC 9000 4.6: as streams end, the peer may open as many more. [R-9000-4.6-5] */
    if (!gn_stream_ids_is_local(&set->ids, id))
        gn_stream_ids_on_over(&set->ids, id);
}

void
gn_stream_set_settle(gn_stream_set *set, gn_stream_pools pools, uint32_t at)
{
    const gn_stream *s = gn_stream_set_at(pools, at);

    if (gn_stream_finished(s))
        stream_set_remove(set, pools, at);
    else
        stream_set_set_lines(set, pools, at, gn_stream_piece_owed(s, pools.chunks),
                             gn_stream_piece_fresh(s), gn_stream_readable(s));
}

/* --- creating -------------------------------------------------------------------------------- */

/* What the peer's parameters let us send on stream id at first (RFC 9000 18.2). */
static uint64_t
stream_set_limit(const gn_stream_set *set, uint64_t id)
{
    const bool local = gn_stream_ids_is_local(&set->ids, id);

    if (gn_stream_id_is_uni(id))
        return local ? set->theirs.max_uni : 0;
    return local ? set->theirs.max_bidi_remote : set->theirs.max_bidi_local;
}

/* What ours let the peer send on it. */
static uint64_t
stream_set_window(const gn_stream_set *set, uint64_t id)
{
    const bool local = gn_stream_ids_is_local(&set->ids, id);

    if (gn_stream_id_is_uni(id))
        return local ? 0 : set->ours.max_uni;
    return local ? set->ours.max_bidi_local : set->ours.max_bidi_remote;
}

/* Gives a stream whose id was just used a slot, of which there is one. */
static uint32_t
stream_set_place(gn_stream_set *set, gn_stream_pools pools, uint64_t id)
{
    const uint32_t at = gn_slots_take(pools.streams);
    GN_ASSERT(at != GN_POOL_NONE);

    gn_stream *s = gn_stream_set_at(pools, at);
    uint32_t *bucket = &set->bucket[stream_set_bucket(id)];
    gn_stream_init(s, id, set->ids.server, stream_set_window(set, id), stream_set_limit(set, id));
    if (set->unordered)
        s->flags |= GN_STREAM_UNORDERED;
    s->bucket_next = *bucket;
    *bucket = at;
    set->count++;
    return at;
}

gn_err
gn_stream_set_create(gn_stream_set *set, gn_stream_pools pools, uint64_t id, uint32_t *at)
{
    if (gn_slots_left(pools.streams) == 0)
        return GN_ERR_FULL;
    if (gn_stream_ids_use(&set->ids, pools.chunks, id) == GN_OK) {
        *at = stream_set_place(set, pools, id);
        return GN_OK;
    }

    /* No room to remember one more range of skipped ids: they are created, from the lowest up. */
    uint64_t lower = gn_stream_ids_lowest(&set->ids, pools.chunks, id);
    if ((id - lower) / 4 >= gn_slots_left(pools.streams))
        return GN_ERR_FULL;
    for (; lower <= id; lower += 4) {
        const gn_err err = gn_stream_ids_use(&set->ids, pools.chunks, lower);

        GN_ASSERT(err == GN_OK);
        *at = stream_set_place(set, pools, lower);
    }
    return GN_OK;
}

static uint64_t
stream_set_larger(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

void
gn_stream_set_on_limits(gn_stream_set *set, gn_stream_pools pools, const gn_stream_limits *theirs)
{
    gn_stream_limits *now = &set->theirs;

    now->max_data = stream_set_larger(now->max_data, theirs->max_data);
    now->max_bidi_local = stream_set_larger(now->max_bidi_local, theirs->max_bidi_local);
    now->max_bidi_remote = stream_set_larger(now->max_bidi_remote, theirs->max_bidi_remote);
    now->max_uni = stream_set_larger(now->max_uni, theirs->max_uni);
    now->streams_bidi = stream_set_larger(now->streams_bidi, theirs->streams_bidi);
    now->streams_uni = stream_set_larger(now->streams_uni, theirs->streams_uni);

    (void)gn_credit_out_raise(&set->total_out, now->max_data);
    (void)gn_stream_ids_allow(&set->ids, GN_STREAM_BIDI, now->streams_bidi);
    (void)gn_stream_ids_allow(&set->ids, GN_STREAM_UNI, now->streams_uni);
    for (uint32_t i = 0; i < GN_STREAM_BUCKETS; i++) {
        uint32_t at = set->bucket[i];

        while (at != GN_POOL_NONE) {
            gn_stream *s = gn_stream_set_at(pools, at);
            const uint32_t next = s->bucket_next;

            gn_stream_on_max_data(s, stream_set_limit(set, s->id));
            gn_stream_set_settle(set, pools, at);
            at = next;
        }
    }
}

void
gn_stream_set_restart(gn_stream_set *set, gn_stream_pools pools)
{
    set->theirs = (gn_stream_limits){0};
    gn_credit_out_init(&set->total_out, 0);
    for (uint32_t kind = 0; kind < GN_STREAM_KINDS; kind++)
        gn_stream_ids_restart(&set->ids, kind);
    for (uint32_t i = 0; i < GN_STREAM_BUCKETS; i++) {
        uint32_t at = set->bucket[i];

        while (at != GN_POOL_NONE) {
            gn_stream *s = gn_stream_set_at(pools, at);
            const uint32_t next = s->bucket_next;

            gn_stream_restart(s, pools.chunks);
            gn_stream_set_settle(set, pools, at);
            at = next;
        }
    }
}

/* --- sending ------------------------------------------------------------------------------- */

bool
gn_stream_set_wants(const gn_stream_set *set)
{
    return set->owed.head != GN_POOL_NONE ||
           (set->fresh.head != GN_POOL_NONE && gn_credit_out_left(&set->total_out) > 0);
}

bool
gn_stream_set_waits(const gn_stream_set *set)
{
    return set->owed.head != GN_POOL_NONE || set->fresh.head != GN_POOL_NONE;
}

uint32_t
gn_stream_set_next(const gn_stream_set *set, gn_stream_pools pools)
{
    const uint32_t owed = set->owed.head;
    const uint32_t fresh = gn_credit_out_left(&set->total_out) > 0 ? set->fresh.head : GN_POOL_NONE;

    if (owed == GN_POOL_NONE || fresh == GN_POOL_NONE)
        return owed == GN_POOL_NONE ? fresh : owed;

    /* RFC 9000 13.3: what was lost goes first, unless priorities say otherwise. */
    const bool higher =
        gn_stream_set_at(pools, fresh)->priority > gn_stream_set_at(pools, owed)->priority;
    return higher ? fresh : owed;
}

void
gn_stream_set_rotate(gn_stream_set *set, gn_stream_pools pools, uint32_t at)
{
    const gn_stream *s = gn_stream_set_at(pools, at);

    if (gn_turns_waits(&s->turn[GN_STREAM_TURN_OWED]))
        gn_turns_rotate(&set->owed, pools.streams, at);
    if (gn_turns_waits(&s->turn[GN_STREAM_TURN_FRESH]))
        gn_turns_rotate(&set->fresh, pools.streams, at);
}

void
gn_stream_set_on_sent(gn_stream_set *set, gn_stream_pools pools, uint32_t at,
                      const gn_stream_piece *piece)
{
    gn_stream_piece_on_sent(gn_stream_set_at(pools, at), pools.chunks, piece);
    if (piece->kind == GN_STREAM_PIECE_DATA && piece->is_new)
        /* [R-9000-19.9-1] */
        gn_credit_out_use(&set->total_out, piece->len);
    gn_stream_set_settle(set, pools, at);
}

void
gn_stream_set_on_acked(gn_stream_set *set, gn_stream_pools pools, const gn_stream_piece *piece)
{
    const uint32_t at = gn_stream_set_find(set, pools, piece->id);

    if (at == GN_POOL_NONE)
        return;
    gn_stream_piece_on_acked(gn_stream_set_at(pools, at), pools.chunks, piece);
    gn_stream_set_settle(set, pools, at);
}

void
gn_stream_set_on_lost(gn_stream_set *set, gn_stream_pools pools, const gn_stream_piece *piece)
{
    const uint32_t at = gn_stream_set_find(set, pools, piece->id);

    if (at == GN_POOL_NONE)
        return;
    gn_stream_piece_on_lost(gn_stream_set_at(pools, at), pools.chunks, piece);
    gn_stream_set_settle(set, pools, at);
}

bool
gn_stream_set_wants_data_blocked(const gn_stream_set *set)
{
    return set->fresh.head != GN_POOL_NONE && gn_credit_out_wants_blocked(&set->total_out);
}

/* --- the invariant --------------------------------------------------------------------------- */

/* Are the readable streams linked both ways, and as many as there should be? */
static bool
stream_set_check_readable(const gn_stream_set *set, gn_stream_pools pools, uint32_t count)
{
    uint32_t prev = GN_POOL_NONE;

    for (uint32_t at = set->readable_head; at != GN_POOL_NONE;
         at = gn_stream_set_at(pools, at)->readable_next) {
        if (count == 0 || gn_stream_set_at(pools, at)->readable_prev != prev)
            return false;
        count--;
        prev = at;
    }
    return count == 0 && set->readable_tail == prev;
}

/* Is the stream sound, and in the lines where it belongs? */
static bool
stream_set_check_stream(const gn_stream_set *set, gn_stream_pools pools, uint32_t at)
{
    const gn_stream *s = gn_stream_set_at(pools, at);

    return gn_stream_check(s, pools.chunks) && !gn_stream_finished(s) &&
           gn_stream_ids_standing(&set->ids, pools.chunks, s->id) == GN_STREAM_OPENED &&
           gn_turns_waits(&s->turn[GN_STREAM_TURN_OWED]) == gn_stream_piece_owed(s, pools.chunks) &&
           gn_turns_waits(&s->turn[GN_STREAM_TURN_FRESH]) == gn_stream_piece_fresh(s) &&
           s->readable_queued == gn_stream_readable(s);
}

/* Are the streams that have slots those that the ids say are neither skipped nor over? */
static bool
stream_set_check_ids(const gn_stream_set *set, gn_stream_pools pools)
{
    uint64_t live[GN_STREAM_KINDS] = {0, 0};

    for (uint32_t i = 0; i < GN_STREAM_BUCKETS; i++) {
        for (uint32_t at = set->bucket[i]; at != GN_POOL_NONE;
             at = gn_stream_set_at(pools, at)->bucket_next) {
            const uint64_t id = gn_stream_set_at(pools, at)->id;

            if (!gn_stream_ids_is_local(&set->ids, id))
                live[gn_stream_id_is_uni(id) ? GN_STREAM_UNI : GN_STREAM_BIDI]++;
        }
    }
    return gn_stream_ids_check(&set->ids, pools.chunks) &&
           live[GN_STREAM_BIDI] == gn_stream_ids_live(&set->ids, pools.chunks, GN_STREAM_BIDI) &&
           live[GN_STREAM_UNI] == gn_stream_ids_live(&set->ids, pools.chunks, GN_STREAM_UNI);
}

bool
gn_stream_set_check(const gn_stream_set *set, gn_stream_pools pools)
{
    uint32_t count = 0;
    uint32_t readable = 0;
    uint64_t used = 0;
    uint64_t unread = 0;

    for (uint32_t i = 0; i < GN_STREAM_BUCKETS; i++) {
        for (uint32_t at = set->bucket[i]; at != GN_POOL_NONE;
             at = gn_stream_set_at(pools, at)->bucket_next) {
            const gn_stream *s = gn_stream_set_at(pools, at);

            if (stream_set_bucket(s->id) != i || !stream_set_check_stream(set, pools, at))
                return false;
            count++;
            readable += s->readable_queued ? 1 : 0;
            used += s->credit_out.used;
            unread += s->credit_in.received - s->credit_in.consumed;
        }
    }
    /* A stream that is over has given its credit back, so the open ones account for the rest. */
    return count == set->count && used <= set->total_out.used &&
           unread == set->total_in.received - set->total_in.consumed &&
           gn_credit_in_check(&set->total_in) && gn_credit_out_check(&set->total_out) &&
           stream_set_check_ids(set, pools) && gn_turns_check(&set->owed, pools.streams) &&
           gn_turns_check(&set->fresh, pools.streams) &&
           stream_set_check_readable(set, pools, readable);
}
