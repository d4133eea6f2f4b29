/*
 * prop_local_cids.c: our connection IDs are announced, retired and replaced as
 * a plain list of all that ever were says, and the endpoint's map follows.
 *
 * The first byte is the peer's limit, the second what else is in the map.
 * Then two bytes are an operation and the sequence number it is about.
 */
#include <string.h>

#include "conn/local_cids.h"
#include "prop.h"

enum { PLACES = 32, SEQS = 256, OWNER = 7 };

typedef enum fate { NEVER, DRAWN, SENT, LOST, KNOWN, RETIRED } fate;

typedef struct model {
    gn_local_cids ids;
    gn_local_cids_room room;
    uint8_t fate[SEQS]; /* by sequence number */
    bool told[SEQS];
    uint32_t next;
    uint32_t alive;
    uint32_t limit;
    uint32_t prior;   /* the peer is to retire lower ones */
    uint32_t others;  /* IDs of others in the map */
    uint32_t pn;      /* of the next packet that retires one */
    uint32_t told_to; /* of these packets, those that the peer knows we heard of */
} model;

/* Those that the peer may go on using, and those that it may not. */
static uint32_t
alive(const model *m, uint32_t from, uint32_t to)
{
    uint32_t count = 0;

    for (uint32_t seq = from; seq < to; seq++)
        count += m->fate[seq] != RETIRED;
    return count;
}

/* How many are drawn: up to the limit, as far as the table and the map have room. */
static void
issue(model *m)
{
    gn_local_cids_issue(&m->ids, m->room);
    while (alive(m, m->prior, m->next) < m->limit && m->alive < GN_LOCAL_CIDS_PLACES &&
           m->others + m->alive < PLACES / 2 && m->next < SEQS) {
        m->fate[m->next++] = DRAWN;
        m->alive++;
    }
}

/* The peer may have to remember twice as many as it allows, and not more. */
static bool
rotate(model *m)
{
    const gn_err err = gn_local_cids_rotate(&m->ids, m->room, m->told_to);
    uint32_t untold = m->pn - m->told_to;

    if (untold > GN_LOCAL_CIDS_RETIRED_MAX)
        untold = GN_LOCAL_CIDS_RETIRED_MAX;
    if (gn_local_cids_untold(&m->ids, m->told_to) != untold)
        return false;
    if (alive(m, 0, m->prior) > 0 || m->alive + untold > 2 * m->limit)
        return err == GN_ERR_STATE;
    if (m->others + m->alive == PLACES / 2)
        return err == GN_ERR_FULL;
    m->prior = m->next;
    m->fate[m->next++] = DRAWN;
    m->alive++;
    issue(m);
    return err == GN_OK;
}

static bool
retire(model *m, uint32_t seq, uint32_t used)
{
    gn_fault fault;
    const gn_err err = gn_local_cids_on_retire(&m->ids, seq, used, m->pn, m->room.table, &fault);

    if (seq >= SEQS || !m->told[seq] || seq == used)
        return err == GN_ERR_FORM && fault.wire_code == GN_FAULT_PROTOCOL_VIOLATION;
    if (m->fate[seq] != RETIRED)
        m->alive--;
    m->fate[seq] = RETIRED;
    m->pn++;
    return err == GN_OK;
}

/* The announcement to make is the lowest that is neither under way nor known. */
static bool
announce(model *m, bool really)
{
    static const gn_reset_token_key key;
    gn_frame frame;
    uint32_t seq = 0;

    while (seq < m->next && m->fate[seq] != DRAWN && m->fate[seq] != LOST)
        seq++;
    const bool wants = seq < m->next;
    if (gn_local_cids_wants(&m->ids) != wants || gn_local_cids_fill(&m->ids, &key, &frame) != wants)
        return false;
    if (!wants)
        return true;
    if (frame.as.new_connection_id.seq != seq ||
        frame.as.new_connection_id.retire_prior_to != (seq < m->prior ? seq : m->prior))
        return false;
    if (really) {
        gn_local_cids_on_sent(&m->ids, seq);
        m->fate[seq] = SENT;
        m->told[seq] = true;
    }
    return true;
}

/* What a packet's fate says; only what was told can have one. */
static void
settle(model *m, uint32_t seq, bool acked)
{
    if (!m->told[seq])
        return;
    if (acked)
        gn_local_cids_on_acked(&m->ids, seq);
    else
        gn_local_cids_on_lost(&m->ids, seq);
    if (acked && m->fate[seq] != RETIRED)
        m->fate[seq] = KNOWN;
    else if (m->fate[seq] == SENT)
        m->fate[seq] = LOST;
}

static bool
same(const model *m)
{
    uint32_t found = 0;

    for (int i = 0; i < GN_LOCAL_CIDS_PLACES; i++) {
        const gn_local_cid *id = &m->ids.at[i];
        uint64_t seq = UINT64_MAX;

        if (id->state == GN_LOCAL_CID_FREE)
            continue;
        found++;
        if (id->seq >= m->next || m->fate[id->seq] == RETIRED ||
            gn_local_cids_find(&m->ids, &id->cid, &seq) != GN_OK || seq != id->seq ||
            gn_cid_map_find(m->room.table, &id->cid) != OWNER)
            return false;
    }
    return found == m->alive && m->ids.count == m->alive && gn_local_cids_check(&m->ids) &&
           m->room.table.map->used == m->others + m->alive;
}

static bool
apply(model *m, uint8_t verb, uint8_t about)
{
    const uint32_t recent = m->next > 12 ? m->next - 12 : 0;
    const uint32_t seq = recent + about % 16;

    switch (verb % 8) {
    case 0: return retire(m, seq, recent + verb / 8 % 16);
    case 4: return verb / 8 % 4 != 0 || rotate(m);
    case 1:
        m->told_to += about % 8 < m->pn - m->told_to ? about % 8 : m->pn - m->told_to;
        issue(m);
        return true;
    case 2: return announce(m, false);
    case 3: return announce(m, true);
    default:
        if (seq < SEQS)
            settle(m, seq, verb % 2 == 0);
        return true;
    }
}

bool
gn_prop_local_cids(const uint8_t *bytes, size_t len)
{
    gn_cid_map map;
    gn_cid_entry entry[PLACES];
    const uint8_t seed[GN_RNG_SEED_BYTES] = {0};
    gn_rng rng;
    model m = {.next = 1, .alive = 1};

    if (len < 2)
        return true;
    gn_rng_init(&rng, seed, "prop", bytes[1]);
    m.room =
        (gn_local_cids_room){.table = {&map, entry}, .owner = OWNER, .rng = &rng, .cid_len = 4};
    gn_cid_map_init(m.room.table, PLACES, seed);
    m.others = bytes[1] % (PLACES / 2);
    for (uint8_t i = 0; i < m.others; i++) {
        const gn_cid other = gn_cid_from(&i, 1);
        if (gn_cid_map_add(m.room.table, &other, OWNER + 1) != GN_OK)
            return false;
    }
    if (gn_local_cids_init(&m.ids, m.room) != GN_OK)
        return false;
    m.fate[0] = KNOWN;
    m.told[0] = true;
    m.limit = 2 + bytes[0] % 9;
    gn_local_cids_allow(&m.ids, m.limit);
    if (m.limit > GN_LOCAL_CIDS_MAX)
        m.limit = GN_LOCAL_CIDS_MAX;
    for (size_t i = 2; i + 2 <= len && m.next + GN_LOCAL_CIDS_PLACES < SEQS; i += 2)
        if (!apply(&m, bytes[i], bytes[i + 1]) || !same(&m))
            return false;
    gn_local_cids_wipe(&m.ids, m.room.table);
    return map.used == m.others;
}
