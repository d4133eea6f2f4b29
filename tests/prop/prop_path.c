/*
 * prop_path.c: paths are proved by right answers alone, and an address that is
 * not proved never gets more than three times what came from it.
 *
 * Three bytes are an operation on one of six routes, of which at most four are
 * kept: bytes come or go, a challenge leaves, an answer comes, time passes.
 */
#include <string.h>

#include "conn/path.h"
#include "conn/peer_cids.h"
#include "prop.h"

enum { ROUTES = 6, CHALLENGES = 8, PTO_US = 100, ADDS = 200 };

typedef enum state { FREE, UNKNOWN, TESTING, PROVED, DEAD } state;

typedef struct path {
    uint8_t state;
    bool proved;
    uint8_t index;
    uint32_t epoch;
    uint64_t in_bytes;
    uint64_t out_bytes;
    gn_time give_up_at;
    uint32_t sent; /* challenges of this attempt */
    uint8_t data[CHALLENGES][GN_FRAME_CHALLENGE_BYTES];
    uint32_t owed;
} path;

typedef struct model {
    gn_paths paths;
    gn_rng rng;
    gn_time now;
    uint32_t adds;
    path at[ROUTES]; /* by route; 0 is the active one */
} model;

static const uint8_t host[16] = {1};

static gn_path_start
start_of(gn_route route)
{
    return (gn_path_start){
        .route = route, .host = host, .datagram_bytes = 1200, .cc = GN_CC_NEWRENO};
}

static gn_path *
real(model *m, const path *p)
{
    return gn_paths_of(&m->paths, p->index, p->epoch);
}

static void
add(model *m, gn_route route)
{
    const gn_path_start start = start_of(route);
    path *p = &m->at[route];

    if (p->state != FREE || m->adds == ADDS)
        return;
    m->adds++;
    const uint8_t victim = gn_paths_victim(&m->paths);
    for (int i = 0; i < ROUTES; i++)
        if (m->at[i].state != FREE && m->at[i].index == victim)
            m->at[i].state = FREE;
    *p = (path){.state = UNKNOWN};
    p->index = gn_paths_add(&m->paths, &start, m->now);
    p->epoch = m->paths.at[p->index].epoch;
}

static void
drop(model *m, gn_route route)
{
    if (route == 0 || m->at[route].state == FREE)
        return;
    gn_paths_drop(&m->paths, m->at[route].index);
    m->at[route].state = FREE;
}

static uint64_t
budget_of(const path *p)
{
    const uint64_t most = 3 * p->in_bytes;

    if (p->proved)
        return UINT64_MAX;
    return p->out_bytes < most ? most - p->out_bytes : 0;
}

/* Sends as much as may go, or less. */
static void
send(model *m, path *p, uint8_t how)
{
    const uint64_t budget = budget_of(p);
    const uint64_t bytes = p->proved ? 10 * how : how < 64 ? budget * how / 64 : budget;

    if (bytes == 0)
        return;
    gn_path_on_sent(real(m, p), bytes);
    p->out_bytes += bytes;
}

static void
probe(model *m, path *p, uint8_t lasts)
{
    gn_path_probe(real(m, p), m->now, lasts);
    p->state = TESTING;
    p->sent = 0;
    p->give_up_at = m->now + lasts;
}

static void
challenge(model *m, path *p)
{
    uint8_t data[GN_FRAME_CHALLENGE_BYTES];

    if (!gn_path_wants_challenge(real(m, p), m->now))
        return;
    gn_path_on_challenge_sent(real(m, p), &m->rng, m->now, PTO_US, data);
    memcpy(p->data[p->sent++ % CHALLENGES], data, sizeof data);
}

/* Answers the challenge that was sent nth before the last, perhaps with a wrong bit. */
static bool
answer(model *m, path *p, uint8_t nth, bool wrong)
{
    uint8_t data[GN_FRAME_CHALLENGE_BYTES];

    if (nth >= p->sent || nth >= CHALLENGES)
        return true;
    memcpy(data, p->data[(p->sent - 1 - nth) % CHALLENGES], sizeof data);
    data[nth] ^= wrong;
    const bool right = !wrong && p->state == TESTING && nth < GN_PATH_CHALLENGES;
    if (gn_paths_on_response(&m->paths, data) != (right ? p->index : GN_PATH_NONE))
        return false;
    if (right) {
        p->state = PROVED;
        p->proved = true;
    }
    return true;
}

static bool
pass_time(model *m, uint8_t us)
{
    m->now += us;
    for (int i = 0; i < ROUTES; i++) {
        path *p = &m->at[i];
        if (p->state == FREE)
            continue;
        const bool fails = p->state == TESTING && p->give_up_at <= m->now;
        if (gn_path_on_tick(real(m, p), m->now) != fails)
            return false;
        if (fails) {
            p->state = DEAD;
            p->proved = false;
            p->in_bytes = 0;
            p->out_bytes = 0;
        }
    }
    return true;
}

static void
challenged(model *m, path *p, uint8_t byte)
{
    const uint8_t data[GN_FRAME_CHALLENGE_BYTES] = {byte};

    if (byte % 3 == 0 && p->owed > 0) {
        gn_path_on_response_sent(real(m, p));
        p->owed--;
    } else {
        gn_path_on_challenge(real(m, p), data);
        p->owed += p->owed < GN_PATH_RESPONSES;
    }
}

static bool
same(model *m)
{
    static const uint8_t states[] = {[UNKNOWN] = GN_PATH_UNKNOWN,
                                     [TESTING] = GN_PATH_TESTING,
                                     [PROVED] = GN_PATH_PROVED,
                                     [DEAD] = GN_PATH_DEAD};
    uint32_t kept = 0;

    for (gn_route route = 0; route < ROUTES; route++) {
        const path *p = &m->at[route];
        const gn_path *was = p->index < GN_PATHS_MAX ? real(m, p) : NULL;
        if (p->state == FREE) {
            if (gn_paths_find(&m->paths, route) != GN_PATH_NONE || was != NULL)
                return false;
            continue;
        }
        kept++;
        if (was == NULL || was->state != states[p->state] || (was->proved != 0) != p->proved ||
            was->responses != p->owed || gn_path_budget(was) != budget_of(p) ||
            gn_paths_find(&m->paths, route) != p->index)
            return false;
        if (p->state == TESTING && gn_paths_deadline(&m->paths) > p->give_up_at)
            return false;
    }
    return kept == gn_paths_count(&m->paths) && gn_paths_check(&m->paths);
}

static bool
apply(model *m, const uint8_t op[3])
{
    const gn_route route = op[1] % ROUTES;
    path *p = &m->at[route];

    if (op[0] % 10 == 0)
        return pass_time(m, op[2]);
    if (p->state == FREE) {
        add(m, route);
        return true;
    }
    switch (op[0] % 10) {
    case 1:
        if (op[2] < 64)
            drop(m, route);
        return true;
    case 2:
        gn_path_on_received(real(m, p), op[2]);
        p->in_bytes += op[2];
        return true;
    case 3: send(m, p, op[2]); return true;
    case 4: probe(m, p, op[2]); return true;
    case 5: challenged(m, p, op[2]); return true;
    case 6: return answer(m, p, op[2] % 8, op[2] >= 192);
    default: challenge(m, p); return true;
    }
}

bool
gn_prop_path(const uint8_t *bytes, size_t len)
{
    const gn_path_start start = start_of(0);
    const uint8_t seed[GN_RNG_SEED_BYTES] = {0};
    model m = {.now = GN_SECOND};

    gn_rng_init(&m.rng, seed, "prop", 0);
    gn_paths_init(&m.paths, &start, m.now);
    m.at[0].state = UNKNOWN;
    for (int i = 1; i < ROUTES; i++)
        m.at[i].index = GN_PATHS_MAX;
    for (size_t i = 0; i + 3 <= len; i += 3)
        if (!apply(&m, bytes + i) || !same(&m))
            return false;
    return true;
}
