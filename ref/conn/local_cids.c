/*
 * local_cids.c: see local_cids.h.
 */
#include "conn/local_cids.h"

#include <string.h>

#include "base/assert.h"

static gn_local_cid *
local_cid_of(gn_local_cids *l, uint64_t seq)
{
    for (int i = 0; i < GN_LOCAL_CIDS_PLACES; i++)
        if (l->at[i].state != GN_LOCAL_CID_FREE && l->at[i].seq == seq)
            return &l->at[i];
    return NULL;
}

static gn_local_cid *
local_cid_unused(gn_local_cids *l)
{
    for (int i = 0; i < GN_LOCAL_CIDS_PLACES; i++)
        if (l->at[i].state == GN_LOCAL_CID_FREE)
            return &l->at[i];
    return NULL;
}

/*
 * Draws until the map takes the ID. Four random bytes hardly ever collide; of one byte there are
 * only 256, and all may be taken. GN_ERR_FULL: none was found. [R-9000-5.1-2]
 */
static gn_err
local_cid_choose(gn_local_cids_room room, gn_cid *cid)
{
    enum { DRAWS = 64 };
    uint8_t bytes[GN_CID_MAX];
    gn_err err = GN_ERR_STATE;

    for (int i = 0; i < DRAWS && err == GN_ERR_STATE; i++) {
        /* [R-9000-5.1-1] */
        gn_rng_fill(room.rng, bytes, room.cid_len);
        /* [R-9000-10.3.2-2] */
        *cid = gn_cid_from(bytes, room.cid_len);
        if (room.cid_len == 0)
            return GN_OK;
        err = gn_cid_map_add(room.table, cid, room.owner);
    }
    return err == GN_OK ? GN_OK : GN_ERR_FULL;
}

static gn_err
local_cid_draw(gn_local_cids *l, gn_local_cids_room room, gn_local_cid_state state)
{
    gn_local_cid *place = local_cid_unused(l);
    gn_cid cid;

    GN_ASSERT(place != NULL && room.cid_len <= GN_CID_MAX);
    const gn_err err = local_cid_choose(room, &cid);
    if (err != GN_OK)
        return err;
    /* [R-9000-5.1.1-1] */
    place->seq = l->next_seq++;
    place->cid = cid;
    place->state = (uint8_t)state;
    l->count++;
    return GN_OK;
}

gn_err
gn_local_cids_init(gn_local_cids *l, gn_local_cids_room room)
{
    memset(l, 0, sizeof *l);
    l->limit = 1;
    const gn_err err = local_cid_draw(l, room, GN_LOCAL_CID_KNOWN);
    if (err != GN_OK)
        return err;
    l->first = l->at[0].cid;
    l->told = 1;
    return GN_OK;
}

gn_err
gn_local_cids_choose(gn_local_cids *l, gn_local_cids_room room, gn_cid cid)
{
    GN_ASSERT(l->next_seq == 1 && cid.len == room.cid_len);
    if (cid.len == 0)
        return GN_OK;
    const gn_err err = gn_cid_map_add(room.table, &cid, room.owner);

    if (err != GN_OK)
        return err;
    gn_cid_map_cut(room.table, &l->first);
    l->at[0].cid = cid;
    l->first = cid;
    return GN_OK;
}

gn_err
gn_local_cids_offer(gn_local_cids *l, gn_local_cids_room room)
{
    GN_ASSERT(l->next_seq == 1);
    const gn_err err = local_cid_draw(l, room, GN_LOCAL_CID_KNOWN);

    if (err != GN_OK)
        return err;
    l->told = 2;
    l->limit = 2;
    return GN_OK;
}

const gn_cid *
gn_local_cids_offered(const gn_local_cids *l)
{
    return l->told == 2 && l->at[1].state == GN_LOCAL_CID_KNOWN ? &l->at[1].cid : NULL;
}

void
gn_local_cids_allow(gn_local_cids *l, uint64_t limit)
{
    GN_ASSERT(limit >= 2);
    l->limit = limit < GN_LOCAL_CIDS_MAX ? (uint32_t)limit : GN_LOCAL_CIDS_MAX;
}

/* Those that the peer may go on using. */
static uint32_t
local_cid_active(const gn_local_cids *l)
{
    uint32_t active = 0;

    for (int i = 0; i < GN_LOCAL_CIDS_PLACES; i++)
        active += l->at[i].state != GN_LOCAL_CID_FREE && l->at[i].seq >= l->retire_prior_to;
    return active;
}

void
gn_local_cids_issue(gn_local_cids *l, gn_local_cids_room room)
{
    /* [R-9000-19.15-2] */
    if (gn_local_cids_empty(l))
        return;
    while (local_cid_active(l) < l->limit && l->count < GN_LOCAL_CIDS_PLACES)
        if (local_cid_draw(l, room, GN_LOCAL_CID_PENDING) != GN_OK)
            break;
    /* [R-9000-5.1.1-3] */
    GN_ASSERT(local_cid_active(l) <= l->limit);
}

uint32_t
gn_local_cids_untold(const gn_local_cids *l, uint64_t told_to)
{
    uint32_t untold = 0;

    for (int i = 0; i < GN_LOCAL_CIDS_RETIRED_MAX; i++)
        untold += l->retired_in[i] > told_to;
    return untold;
}

gn_err
gn_local_cids_rotate(gn_local_cids *l, gn_local_cids_room room, uint64_t told_to)
{
    if (gn_local_cids_empty(l) || l->limit < 2)
        return GN_ERR_STATE;
    for (int i = 0; i < GN_LOCAL_CIDS_PLACES; i++)
        if (l->at[i].state != GN_LOCAL_CID_FREE && l->at[i].seq < l->retire_prior_to)
            return GN_ERR_STATE;
    /* RFC 9000 5.1.2: a peer may close when more than that wait for our acknowledgment. */
    if (l->count + gn_local_cids_untold(l, told_to) > 2 * l->limit)
        return GN_ERR_STATE;
    GN_ASSERT(l->count < GN_LOCAL_CIDS_PLACES);
    const gn_err err = local_cid_draw(l, room, GN_LOCAL_CID_PENDING);
    if (err != GN_OK)
        return err;
    /* RFC 9000 5.1.1: the new one takes the place of those before it, so the limit is kept. */
    l->retire_prior_to = l->next_seq - 1;
    gn_local_cids_issue(l, room);
    return GN_OK;
}

const gn_cid *
gn_local_cids_first(const gn_local_cids *l)
{
    GN_ASSERT(l->told > 0);
    return &l->first;
}

bool
gn_local_cids_peer_has_spare(const gn_local_cids *l, uint64_t used)
{
    for (int i = 0; i < GN_LOCAL_CIDS_PLACES; i++)
        if (l->at[i].state == GN_LOCAL_CID_KNOWN && l->at[i].seq != used)
            return true;
    return gn_local_cids_empty(l);
}

/* [R-9000-5.1.1-2] */
gn_err
gn_local_cids_find(const gn_local_cids *l, const gn_cid *cid, uint64_t *seq)
{
    for (int i = 0; i < GN_LOCAL_CIDS_PLACES; i++)
        if (l->at[i].state != GN_LOCAL_CID_FREE && gn_cid_equal(&l->at[i].cid, cid)) {
            *seq = l->at[i].seq;
            return GN_OK;
        }
    return GN_ERR_NONE;
}

/* In place of the oldest. */
static void
local_cid_note_retired(gn_local_cids *l, uint64_t pn)
{
    int oldest = 0;

    for (int i = 1; i < GN_LOCAL_CIDS_RETIRED_MAX; i++)
        if (l->retired_in[i] < l->retired_in[oldest])
            oldest = i;
    l->retired_in[oldest] = pn + 1;
}

gn_err
gn_local_cids_on_retire(gn_local_cids *l, uint64_t seq, uint64_t used, uint64_t pn,
                        gn_cid_table table, gn_fault *fault)
{
    /* [R-9000-19.16-3] */
    if (gn_local_cids_empty(l))
        return gn_fault_set(fault, GN_FAULT_PROTOCOL_VIOLATION, GN_FRAME_RETIRE_CONNECTION_ID,
                            "RFC 9000 19.16: a connection ID is retired, though there is none");
    /* [R-9000-19.16-1] */
    if (seq >= l->told)
        return gn_fault_set(fault, GN_FAULT_PROTOCOL_VIOLATION, GN_FRAME_RETIRE_CONNECTION_ID,
                            "RFC 9000 19.16: a connection ID that was never announced is retired");
    if (seq == used)
        return gn_fault_set(fault, GN_FAULT_PROTOCOL_VIOLATION, GN_FRAME_RETIRE_CONNECTION_ID,
                            "RFC 9000 19.16: a packet retires the connection ID it came for");

    gn_local_cid *retired = local_cid_of(l, seq);
    local_cid_note_retired(l, pn);
    if (retired == NULL)
        return GN_OK; /* said before */
    gn_cid_map_cut(table, &retired->cid);
    memset(retired, 0, sizeof *retired);
    l->count--;
    return GN_OK;
}

/* The pending ID with the lowest sequence number. */
static const gn_local_cid *
local_cid_pending(const gn_local_cids *l)
{
    const gn_local_cid *first = NULL;

    for (int i = 0; i < GN_LOCAL_CIDS_PLACES; i++)
        if (l->at[i].state == GN_LOCAL_CID_PENDING && (first == NULL || l->at[i].seq < first->seq))
            first = &l->at[i];
    return first;
}

bool
gn_local_cids_wants(const gn_local_cids *l)
{
    for (int i = 0; i < GN_LOCAL_CIDS_PLACES; i++)
        if (l->at[i].state == GN_LOCAL_CID_PENDING)
            return true;
    return false;
}

bool
gn_local_cids_fill(const gn_local_cids *l, const gn_reset_token_key *key, gn_frame *out)
{
    const gn_local_cid *pending = local_cid_pending(l);

    if (pending == NULL)
        return false;
    out->type = GN_FRAME_NEW_CONNECTION_ID;
    out->as.new_connection_id.seq = pending->seq;
    /* An older one that was lost is said again, for the peer has to retire it. */
    out->as.new_connection_id.retire_prior_to =
        pending->seq < l->retire_prior_to ? pending->seq : l->retire_prior_to;
    out->as.new_connection_id.cid = pending->cid;
    gn_reset_token_of(key, &pending->cid, out->as.new_connection_id.reset_token);
    return true;
}

/* Moves an ID that still exists from one state to another. */
static void
local_cid_move(gn_local_cids *l, uint64_t seq, gn_local_cid_state from, gn_local_cid_state to)
{
    gn_local_cid *cid = local_cid_of(l, seq);

    if (cid != NULL && cid->state == from)
        cid->state = (uint8_t)to;
}

void
gn_local_cids_on_sent(gn_local_cids *l, uint64_t seq)
{
    GN_ASSERT(seq < l->next_seq);
    local_cid_move(l, seq, GN_LOCAL_CID_PENDING, GN_LOCAL_CID_SENT);
    if (seq >= l->told)
        l->told = seq + 1;
}

void
gn_local_cids_on_acked(gn_local_cids *l, uint64_t seq)
{
    local_cid_move(l, seq, GN_LOCAL_CID_SENT, GN_LOCAL_CID_KNOWN);
    local_cid_move(l, seq, GN_LOCAL_CID_PENDING, GN_LOCAL_CID_KNOWN);
}

void
gn_local_cids_on_lost(gn_local_cids *l, uint64_t seq)
{
    local_cid_move(l, seq, GN_LOCAL_CID_SENT, GN_LOCAL_CID_PENDING);
}

void
gn_local_cids_wipe(gn_local_cids *l, gn_cid_table table)
{
    for (int i = 0; i < GN_LOCAL_CIDS_PLACES; i++)
        if (l->at[i].state != GN_LOCAL_CID_FREE && l->at[i].cid.len > 0)
            gn_cid_map_cut(table, &l->at[i].cid);
    memset(l, 0, sizeof *l);
}

bool
gn_local_cids_check(const gn_local_cids *l)
{
    uint32_t count = 0;

    for (int i = 0; i < GN_LOCAL_CIDS_PLACES; i++) {
        if (l->at[i].state == GN_LOCAL_CID_FREE)
            continue;
        count++;
        if (l->at[i].seq >= l->next_seq ||
            (l->at[i].seq >= l->told && l->at[i].state != GN_LOCAL_CID_PENDING))
            return false;
        for (int k = 0; k < i; k++)
            if (l->at[k].state != GN_LOCAL_CID_FREE && l->at[k].seq == l->at[i].seq)
                return false;
    }
    return count == l->count && local_cid_active(l) <= l->limit &&
           l->retire_prior_to <= l->next_seq && l->limit <= GN_LOCAL_CIDS_MAX;
}
