/*
 * prop_peer_cids.c: the peer's connection IDs live and end as a plain table of
 * all sequence numbers says, and its mistakes are found.
 *
 * The first byte is our limit. Then three bytes are an operation: a
 * NEW_CONNECTION_ID, true or not, a path that takes or gives up an ID, or what
 * became of a retirement.
 */
#include <string.h>

#include "conn/peer_cids.h"
#include "prop.h"

enum { SEQS = 48, PATHS = 4 };

typedef enum fate { UNSEEN, UNUSED, USED, REVOKED, PARTED, GONE } fate;
typedef enum saying { NOTHING, OWED, UNDER_WAY } saying;

typedef struct model {
    gn_peer_cids ids;
    uint8_t fate[SEQS];
    uint8_t saying[SEQS]; /* of the retirement */
    uint8_t name[SEQS];   /* its ID is cid_of this */
    uint8_t token[SEQS];  /* the first byte of its token; 0: it has none */
    uint8_t path[PATHS];  /* index of the ID, or GN_PEER_CID_NONE */
    uint64_t path_seq[PATHS];
    uint64_t prior_to;
    uint32_t limit;
} model;

static uint32_t
count(const model *m, fate what)
{
    uint32_t n = 0;

    for (int i = 0; i < SEQS; i++)
        n += m->fate[i] == (uint8_t)what;
    return n;
}

static uint32_t
retiring(const model *m)
{
    uint32_t n = 0;

    for (int i = 0; i < SEQS; i++)
        n += m->saying[i] != NOTHING;
    return n;
}

static bool
alive(const model *m, uint64_t seq)
{
    return m->fate[seq] != UNSEEN && m->fate[seq] != GONE;
}

static gn_cid
cid_of(uint64_t seq)
{
    const uint8_t bytes[2] = {(uint8_t)seq, 5};

    return gn_cid_from(bytes, sizeof bytes);
}

/* Says the retirement, unless there are too many. */
static bool
model_retire(model *m, uint64_t seq)
{
    if (m->saying[seq] != NOTHING)
        return true;
    if (retiring(m) == GN_PEER_CIDS_RETIRING_MAX)
        return false;
    m->saying[seq] = OWED;
    return true;
}

/* The code of the fault that a frame is; GN_FAULT_NO_ERROR: none. */
static uint64_t
model_new(model *m, uint64_t seq, uint8_t name, uint64_t prior_to, uint8_t token)
{
    for (uint64_t k = 0; k < SEQS; k++)
        if (alive(m, k) && ((k == seq) != (m->name[k] == name) ||
                            (k == seq && m->token[k] != 0 && m->token[k] != token)))
            return GN_FAULT_PROTOCOL_VIOLATION;
    const bool seen = m->fate[seq] != UNSEEN;
    if (prior_to > m->prior_to) {
        m->prior_to = prior_to;
        for (uint64_t k = 0; k < prior_to; k++) {
            if (m->fate[k] != UNUSED && m->fate[k] != USED && m->fate[k] != PARTED)
                continue;
            if (!model_retire(m, k))
                return GN_FAULT_CONNECTION_ID_LIMIT;
            m->fate[k] = m->fate[k] == USED ? REVOKED : GONE;
        }
    }
    if (seen)
        return GN_FAULT_NO_ERROR;
    if (seq < m->prior_to) {
        m->fate[seq] = GONE;
        return model_retire(m, seq) ? GN_FAULT_NO_ERROR : GN_FAULT_CONNECTION_ID_LIMIT;
    }
    const uint32_t active = count(m, UNUSED) + count(m, USED) + count(m, PARTED);
    if (active >= m->limit || active + count(m, REVOKED) == GN_PEER_CIDS_MAX)
        return GN_FAULT_CONNECTION_ID_LIMIT;
    m->fate[seq] = UNUSED;
    m->name[seq] = name;
    m->token[seq] = token;
    return GN_FAULT_NO_ERROR;
}

/* Says whether to go on in *open: a fault ends the connection. */
static bool
hear(model *m, const uint8_t op[3], bool *open)
{
    const uint64_t seq = op[1] % SEQS;
    const uint8_t name = (uint8_t)(op[2] >= 250 ? (seq + 1) % SEQS : seq);
    const uint8_t token = (uint8_t)(op[2] == 249 ? seq + 2 : seq + 1);
    const uint64_t prior_to = op[2] % 4 == 0 ? op[2] / 4 % (seq + 1) : 0;
    gn_frame_new_connection_id frame = {.seq = seq, .retire_prior_to = prior_to};
    gn_fault fault = {.wire_code = GN_FAULT_NO_ERROR};

    frame.cid = cid_of(name);
    frame.reset_token[0] = token;
    const uint64_t code = model_new(m, seq, name, prior_to, token);
    const gn_err err = gn_peer_cids_on_new(&m->ids, &frame, &fault);
    *open = code == GN_FAULT_NO_ERROR;
    return fault.wire_code == code && err == (*open ? GN_OK : GN_ERR_FORM);
}

static bool
take(model *m, uint32_t path)
{
    uint64_t lowest = 0;

    if (m->path[path] != GN_PEER_CID_NONE)
        return true;
    while (lowest < SEQS && m->fate[lowest] != UNUSED)
        lowest++;
    if (gn_peer_cids_spare(&m->ids) != (lowest < SEQS))
        return false;
    const uint8_t index = gn_peer_cids_take(&m->ids);
    if (lowest == SEQS)
        return index == GN_PEER_CID_NONE;
    const gn_cid cid = cid_of(m->name[lowest]);
    m->fate[lowest] = USED;
    m->path[path] = index;
    m->path_seq[path] = lowest;
    return index != GN_PEER_CID_NONE && gn_cid_equal(gn_peer_cids_at(&m->ids, index), &cid);
}

static void
give(model *m, uint32_t path)
{
    if (m->path[path] == GN_PEER_CID_NONE)
        return;
    const uint64_t seq = m->path_seq[path];

    gn_peer_cids_give(&m->ids, m->path[path]);
    m->path[path] = GN_PEER_CID_NONE;
    m->fate[seq] = m->fate[seq] == REVOKED || model_retire(m, seq) ? GONE : PARTED;
}

/* Whoever was given up without room to say so has its turn, lowest first. */
static void
catch_up(model *m)
{
    for (uint64_t k = 0; k < SEQS; k++)
        if (m->fate[k] == PARTED && model_retire(m, k))
            m->fate[k] = GONE;
}

/* What is said is one of those owed that no path uses. */
static bool
say(model *m)
{
    gn_frame frame;
    bool any = false;

    for (uint64_t k = 0; k < SEQS; k++)
        any |= m->saying[k] == OWED && m->fate[k] == GONE;
    if (gn_peer_cids_wants(&m->ids) != any || gn_peer_cids_fill(&m->ids, &frame) != any)
        return false;
    if (!any)
        return true;
    const uint64_t seq = frame.as.retire_connection_id.seq;
    if (seq >= SEQS || m->saying[seq] != OWED || m->fate[seq] != GONE)
        return false;
    gn_peer_cids_on_sent(&m->ids, seq);
    m->saying[seq] = UNDER_WAY;
    return true;
}

static void
settle(model *m, uint64_t seq, bool acked)
{
    if (m->saying[seq] != UNDER_WAY)
        return;
    if (acked)
        gn_peer_cids_on_acked(&m->ids, seq);
    else
        gn_peer_cids_on_lost(&m->ids, seq);
    m->saying[seq] = acked ? NOTHING : OWED;
    if (acked)
        catch_up(m);
}

/* Whether an ID in use has this token. */
static bool
resets(const model *m, uint8_t token)
{
    bool any = false;

    for (int k = 0; k < SEQS; k++)
        any |= (m->fate[k] == USED || m->fate[k] == REVOKED) && m->token[k] == token;
    return any;
}

static bool
same(const model *m)
{
    for (int i = 0; i < PATHS; i++)
        if (gn_peer_cids_revoked(&m->ids, m->path[i]) !=
            (m->path[i] != GN_PEER_CID_NONE && m->fate[m->path_seq[i]] == REVOKED))
            return false;
    for (uint8_t k = 1; k <= SEQS + 1; k++) {
        const uint8_t token[GN_RESET_TOKEN_BYTES] = {k};
        if (gn_peer_cids_is_reset(&m->ids, token) != resets(m, k))
            return false;
    }
    return gn_peer_cids_check(&m->ids) && m->ids.retiring_count == retiring(m);
}

static bool
apply(model *m, const uint8_t op[3], bool *open)
{
    switch (op[0] % 8) {
    case 0: return take(m, op[1] % PATHS);
    case 1: give(m, op[1] % PATHS); return true;
    case 2:
    case 3: return say(m);
    case 4: settle(m, op[1] % SEQS, op[2] % 4 != 0); return true;
    case 5:
        for (uint64_t k = 0; k < SEQS; k++)
            settle(m, k, op[2] % 4 != 0);
        return true;
    default: return hear(m, op, open);
    }
}

bool
gn_prop_peer_cids(const uint8_t *bytes, size_t len)
{
    const gn_cid first = cid_of(0);
    model m = {.limit = 4};
    bool open = true;

    if (len < 1)
        return true;
    m.limit = 2 + bytes[0] % (GN_PEER_CIDS_MAX - 1);
    gn_peer_cids_init(&m.ids, &first, m.limit);
    m.fate[0] = USED;
    for (int i = 1; i < PATHS; i++)
        m.path[i] = GN_PEER_CID_NONE;
    for (size_t i = 1; i + 3 <= len && open; i += 3) {
        if (!apply(&m, bytes + i, &open))
            return false;
        if (open && !same(&m))
            return false;
    }
    return true;
}
