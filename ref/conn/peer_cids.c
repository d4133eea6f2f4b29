/*
 * peer_cids.c: see peer_cids.h.
 */
#include "conn/peer_cids.h"

#include <string.h>

#include "base/assert.h"
#include "base/ct.h"

void
gn_peer_cids_init(gn_peer_cids *p, const gn_cid *first, uint32_t limit)
{
    GN_ASSERT(limit >= 2 && limit <= GN_PEER_CIDS_MAX);
    memset(p, 0, sizeof *p);
    p->limit = limit;
    p->seen = 1;
    p->at[0].cid = *first;
    p->at[0].state = GN_PEER_CID_USED;
    p->first = *first;
}

const gn_cid *
gn_peer_cids_first(const gn_peer_cids *p)
{
    return &p->first;
}

void
gn_peer_cids_set_first(gn_peer_cids *p, const gn_cid *cid)
{
    GN_ASSERT(p->at[0].state == GN_PEER_CID_USED && p->at[0].seq == 0);
    p->at[0].cid = *cid;
    p->first = *cid;
}

void
gn_peer_cids_set_first_token(gn_peer_cids *p, const uint8_t token[GN_RESET_TOKEN_BYTES])
{
    GN_ASSERT(p->at[0].seq == 0);
    memcpy(p->at[0].reset_token, token, GN_RESET_TOKEN_BYTES);
    p->at[0].has_token = 1;
}

/* Queues a retirement once. False: no room. */
static bool
peer_cid_retire(gn_peer_cids *p, uint64_t seq)
{
    for (uint32_t i = 0; i < p->retiring_count; i++)
        if (p->retiring[i] == seq)
            return true;
    if (p->retiring_count == GN_PEER_CIDS_RETIRING_MAX)
        return false;
    p->retiring[p->retiring_count] = seq;
    p->retiring_sent[p->retiring_count] = 0;
    p->retiring_count++;
    return true;
}

static bool
peer_cid_seen(const gn_peer_cids *p, uint64_t seq)
{
    return seq < p->seen_from ||
           (seq - p->seen_from < 64 && ((p->seen >> (seq - p->seen_from)) & 1) != 0);
}

/* Moves the window up when needed: what falls out of it counts as seen. */
static void
peer_cid_see(gn_peer_cids *p, uint64_t seq)
{
    if (seq - p->seen_from >= 64) {
        const uint64_t by = seq - p->seen_from - 63;
        p->seen = by >= 64 ? 0 : p->seen >> by;
        p->seen_from += by;
    }
    p->seen |= UINT64_C(1) << (seq - p->seen_from);
}

static uint32_t
peer_cid_active(const gn_peer_cids *p)
{
    uint32_t active = 0;

    for (int i = 0; i < GN_PEER_CIDS_MAX; i++)
        active += p->at[i].state == GN_PEER_CID_UNUSED || p->at[i].state == GN_PEER_CID_USED ||
                  p->at[i].state == GN_PEER_CID_PARTED;
    return active;
}

/* RFC 9000 19.15: what the frame says must agree with what we know. */
static gn_err
peer_cid_judge(const gn_peer_cids *p, const gn_frame_new_connection_id *frame, gn_fault *fault)
{
    /* [R-9000-19.15-3] */
    if (gn_peer_cids_empty(p))
        return gn_fault_set(fault, GN_FAULT_PROTOCOL_VIOLATION, GN_FRAME_NEW_CONNECTION_ID,
                            "RFC 9000 19.15: a peer without connection IDs issues one");
    for (int i = 0; i < GN_PEER_CIDS_MAX; i++) {
        const gn_peer_cid *known = &p->at[i];
        if (known->state == GN_PEER_CID_FREE)
            continue;
        const bool same_seq = known->seq == frame->seq;
        const bool same_cid = gn_cid_equal(&known->cid, &frame->cid);
        if (same_seq != same_cid)
            return gn_fault_set(fault, GN_FAULT_PROTOCOL_VIOLATION, GN_FRAME_NEW_CONNECTION_ID,
                                "RFC 9000 19.15: a connection ID changed its sequence number");
        if (same_seq && known->has_token &&
            !gn_ct_equal(known->reset_token, frame->reset_token, GN_RESET_TOKEN_BYTES))
            return gn_fault_set(fault, GN_FAULT_PROTOCOL_VIOLATION, GN_FRAME_NEW_CONNECTION_ID,
                                "RFC 9000 19.15: a connection ID changed its reset token");
    }
    return GN_OK;
}

/* [R-9000-5.1.2-3] */
static gn_err
peer_cid_too_many(gn_fault *fault)
{
    return gn_fault_set(fault, GN_FAULT_CONNECTION_ID_LIMIT, GN_FRAME_NEW_CONNECTION_ID,
                        "RFC 9000 5.1.2: too many connection IDs wait to be retired");
}

/* RFC 9000 5.1.2: everything below goes. An ID that a path uses stays until the path let go.
 * [R-9000-5.1.2-1] */
static gn_err
peer_cid_retire_below(gn_peer_cids *p, uint64_t limit, gn_fault *fault)
{
    /* [R-9000-19.15-7] */
    if (limit <= p->retire_prior_to)
        return GN_OK;
    p->retire_prior_to = limit;
    for (int i = 0; i < GN_PEER_CIDS_MAX; i++) {
        gn_peer_cid *cid = &p->at[i];
        if (cid->seq >= limit || cid->state == GN_PEER_CID_FREE ||
            cid->state == GN_PEER_CID_REVOKED)
            continue;
        if (!peer_cid_retire(p, cid->seq))
            return peer_cid_too_many(fault);
        if (cid->state == GN_PEER_CID_USED)
            cid->state = GN_PEER_CID_REVOKED;
        else
            memset(cid, 0, sizeof *cid);
    }
    return GN_OK;
}

static bool
peer_cid_known(const gn_peer_cids *p, uint64_t seq)
{
    for (int i = 0; i < GN_PEER_CIDS_MAX; i++)
        if (p->at[i].state != GN_PEER_CID_FREE && p->at[i].seq == seq)
            return true;
    return false;
}

gn_err
gn_peer_cids_on_new(gn_peer_cids *p, const gn_frame_new_connection_id *frame, gn_fault *fault)
{
    gn_err err = peer_cid_judge(p, frame, fault);
    if (err != GN_OK)
        return err;
    const bool seen = peer_cid_seen(p, frame->seq);
    err = peer_cid_retire_below(p, frame->retire_prior_to, fault);
    if (err != GN_OK)
        return err;
    /* [R-9000-19.15-4] */
    if (peer_cid_known(p, frame->seq) || (seen && frame->seq >= p->seen_from))
        return GN_OK;
    /*
     * Below the window nobody knows whether it was seen. Were it not, the peer would wait for
     * ever to have it retired; to retire it once more than needed does no harm.
     */
    if (!seen)
        peer_cid_see(p, frame->seq);
    /* [R-9000-19.15-8] */
    if (seen || frame->seq < p->retire_prior_to)
        return peer_cid_retire(p, frame->seq) ? GN_OK : peer_cid_too_many(fault);

    /* [R-9000-5.1.1-4] */
    if (peer_cid_active(p) >= p->limit)
        return gn_fault_set(fault, GN_FAULT_CONNECTION_ID_LIMIT, GN_FRAME_NEW_CONNECTION_ID,
                            "RFC 9000 5.1.1: more connection IDs than we allowed");
    for (int i = 0; i < GN_PEER_CIDS_MAX; i++) {
        gn_peer_cid *cid = &p->at[i];
        if (cid->state != GN_PEER_CID_FREE)
            continue;
        cid->seq = frame->seq;
        cid->cid = frame->cid;
        cid->state = GN_PEER_CID_UNUSED;
        cid->has_token = 1;
        memcpy(cid->reset_token, frame->reset_token, GN_RESET_TOKEN_BYTES);
        return GN_OK;
    }
    return peer_cid_too_many(fault); /* revoked ones, not let go yet, hold the places */
}

uint8_t
gn_peer_cids_take(gn_peer_cids *p)
{
    uint8_t first = GN_PEER_CID_NONE;

    for (uint8_t i = 0; i < GN_PEER_CIDS_MAX; i++)
        if (p->at[i].state == GN_PEER_CID_UNUSED &&
            (first == GN_PEER_CID_NONE || p->at[i].seq < p->at[first].seq))
            first = i;
    if (first != GN_PEER_CID_NONE)
        p->at[first].state = GN_PEER_CID_USED;
    return first;
}

bool
gn_peer_cids_empty(const gn_peer_cids *p)
{
    return p->first.len == 0;
}

bool
gn_peer_cids_spare(const gn_peer_cids *p)
{
    for (int i = 0; i < GN_PEER_CIDS_MAX; i++)
        if (p->at[i].state == GN_PEER_CID_UNUSED)
            return true;
    return false;
}

void
gn_peer_cids_give(gn_peer_cids *p, uint8_t index)
{
    if (index == GN_PEER_CID_NONE)
        return;
    gn_peer_cid *cid = &p->at[index];
    GN_ASSERT(cid->state == GN_PEER_CID_USED || cid->state == GN_PEER_CID_REVOKED);
    if (gn_peer_cids_empty(p))
        return;
    /* Without room to say so it waits until there is: the peer's backlog, not an error.
     * [R-9000-5.1.2-2] */
    if (cid->state == GN_PEER_CID_USED && !peer_cid_retire(p, cid->seq))
        cid->state = GN_PEER_CID_PARTED;
    else
        memset(cid, 0, sizeof *cid);
}

/* The parted ID with the lowest sequence number, or NULL. */
static gn_peer_cid *
peer_cid_parted(gn_peer_cids *p)
{
    gn_peer_cid *first = NULL;

    for (int i = 0; i < GN_PEER_CIDS_MAX; i++)
        if (p->at[i].state == GN_PEER_CID_PARTED && (first == NULL || p->at[i].seq < first->seq))
            first = &p->at[i];
    return first;
}

/* There is room to say what could not be said. */
static void
peer_cid_catch_up(gn_peer_cids *p)
{
    gn_peer_cid *cid;

    while ((cid = peer_cid_parted(p)) != NULL && peer_cid_retire(p, cid->seq))
        memset(cid, 0, sizeof *cid);
}

bool
gn_peer_cids_revoked(const gn_peer_cids *p, uint8_t index)
{
    return index != GN_PEER_CID_NONE && p->at[index].state == GN_PEER_CID_REVOKED;
}

const gn_cid *
gn_peer_cids_at(const gn_peer_cids *p, uint8_t index)
{
    GN_ASSERT(index < GN_PEER_CIDS_MAX && p->at[index].state != GN_PEER_CID_FREE);
    return &p->at[index].cid;
}

uint64_t
gn_peer_cids_seq_at(const gn_peer_cids *p, uint8_t index)
{
    GN_ASSERT(index < GN_PEER_CIDS_MAX && p->at[index].state != GN_PEER_CID_FREE);
    return p->at[index].seq;
}

/* RFC 9000 10.3.1: neither what was never used nor what was retired is asked. [R-9000-10.3.1-3] */
bool
gn_peer_cids_is_reset(const gn_peer_cids *p, const uint8_t token[GN_RESET_TOKEN_BYTES])
{
    bool is = false;

    for (int i = 0; i < GN_PEER_CIDS_MAX; i++)
        if (p->at[i].has_token &&
            (p->at[i].state == GN_PEER_CID_USED || p->at[i].state == GN_PEER_CID_REVOKED))
            /* [R-9000-10.3.1-4] */
            is |= gn_ct_equal(p->at[i].reset_token, token, GN_RESET_TOKEN_BYTES);
    return is;
}

/* The place of the next retirement to say, or retiring_count. [R-9000-19.16-2] */
static uint32_t
peer_cid_owed(const gn_peer_cids *p)
{
    uint32_t i = 0;

    while (i < p->retiring_count && (p->retiring_sent[i] || peer_cid_known(p, p->retiring[i])))
        i++;
    return i;
}

bool
gn_peer_cids_wants(const gn_peer_cids *p)
{
    return peer_cid_owed(p) < p->retiring_count;
}

bool
gn_peer_cids_fill(const gn_peer_cids *p, gn_frame *out)
{
    const uint32_t owed = peer_cid_owed(p);

    if (owed == p->retiring_count)
        return false;
    out->type = GN_FRAME_RETIRE_CONNECTION_ID;
    out->as.retire_connection_id.seq = p->retiring[owed];
    return true;
}

static void
peer_cid_mark(gn_peer_cids *p, uint64_t seq, uint8_t sent)
{
    for (uint32_t i = 0; i < p->retiring_count; i++)
        if (p->retiring[i] == seq)
            p->retiring_sent[i] = sent;
}

void
gn_peer_cids_on_sent(gn_peer_cids *p, uint64_t seq)
{
    peer_cid_mark(p, seq, 1);
}

void
gn_peer_cids_on_acked(gn_peer_cids *p, uint64_t seq)
{
    for (uint32_t i = 0; i < p->retiring_count; i++) {
        if (p->retiring[i] != seq)
            continue;
        p->retiring_count--;
        p->retiring[i] = p->retiring[p->retiring_count];
        p->retiring_sent[i] = p->retiring_sent[p->retiring_count];
        p->retiring[p->retiring_count] = 0;
        p->retiring_sent[p->retiring_count] = 0;
        peer_cid_catch_up(p);
        return;
    }
}

void
gn_peer_cids_on_lost(gn_peer_cids *p, uint64_t seq)
{
    peer_cid_mark(p, seq, 0);
}

bool
gn_peer_cids_check(const gn_peer_cids *p)
{
    if (p->retiring_count > GN_PEER_CIDS_RETIRING_MAX || peer_cid_active(p) > p->limit)
        return false;
    for (int i = 0; i < GN_PEER_CIDS_MAX; i++)
        for (int k = 0; k < i; k++)
            if (p->at[i].state != GN_PEER_CID_FREE && p->at[k].state != GN_PEER_CID_FREE &&
                (p->at[i].seq == p->at[k].seq || gn_cid_equal(&p->at[i].cid, &p->at[k].cid)))
                return false;
    return true;
}
