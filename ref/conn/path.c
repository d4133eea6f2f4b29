/*
 * path.c: see path.h.
 */
#include "conn/path.h"

#include <string.h>

#include "base/assert.h"
#include "base/ct.h"
#include "conn/peer_cids.h"

/* Quality as on a path that nobody knows (RFC 9000 9.4). */
static void
path_start_quality(gn_path *path, const gn_path_start *start, gn_time now)
{
    path->datagram_bytes = start->datagram_bytes;
    gn_rtt_init(&path->rtt);
    gn_cc_init(&path->cc, start->cc, start->datagram_bytes);
    gn_pacer_init(&path->pacer, start->datagram_bytes, now);
    gn_ecn_init(&path->ecn, start->mark);
}

static void
path_start(gn_paths *paths, uint8_t index, const gn_path_start *start, gn_time now)
{
    gn_path *path = &paths->at[index];

    memset(path, 0, sizeof *path);
    path->route = start->route;
    memcpy(path->host, start->host, sizeof path->host);
    path->challenge_at = GN_NEVER;
    path->give_up_at = GN_NEVER;
    path->leave_at = GN_NEVER;
    path->state = GN_PATH_UNKNOWN;
    path->unlimited = start->unlimited;
    path->peer_cid = GN_PEER_CID_NONE;
    path->epoch = paths->epochs++;
    path_start_quality(path, start, now);
}

void
gn_paths_init(gn_paths *paths, const gn_path_start *start, gn_time now)
{
    memset(paths, 0, sizeof *paths);
    paths->fallback = GN_PATH_NONE;
    path_start(paths, 0, start, now);
}

uint8_t
gn_paths_victim(const gn_paths *paths)
{
    uint8_t victim = GN_PATH_NONE;

    for (uint8_t i = 0; i < GN_PATHS_MAX; i++) {
        const gn_path *path = &paths->at[i];
        if (path->state == GN_PATH_FREE)
            return GN_PATH_NONE;
        if (i == paths->active || i == paths->fallback)
            continue;
        /* The one that was given up first, else the one taken longest ago. */
        const bool older = victim == GN_PATH_NONE ||
                           paths->epochs - path->epoch > paths->epochs - paths->at[victim].epoch;
        if (older && (victim == GN_PATH_NONE || paths->at[victim].state != GN_PATH_DEAD))
            victim = i;
        else if (path->state == GN_PATH_DEAD && paths->at[victim].state != GN_PATH_DEAD)
            victim = i;
    }
    return victim;
}

uint8_t
gn_paths_add(gn_paths *paths, const gn_path_start *start, gn_time now)
{
    GN_ASSERT(gn_paths_find(paths, start->route) == GN_PATH_NONE);
    uint8_t index = gn_paths_victim(paths);

    if (index == GN_PATH_NONE)
        for (index = 0; paths->at[index].state != GN_PATH_FREE; index++)
            GN_ASSERT(index + 1 < GN_PATHS_MAX);
    GN_ASSERT(paths->at[index].state == GN_PATH_FREE ||
              paths->at[index].peer_cid == GN_PEER_CID_NONE);
    path_start(paths, index, start, now);
    return index;
}

void
gn_paths_leave_others(gn_paths *paths, gn_time leave_at)
{
    for (uint8_t i = 0; i < GN_PATHS_MAX; i++)
        paths->at[i].leave_at = i == paths->active ? GN_NEVER : leave_at;
}

/* Whether a path may be forgotten once its time has come. */
static bool
path_unused(const gn_paths *paths, uint8_t index)
{
    const gn_path *path = &paths->at[index];

    return index != paths->active && path->state != GN_PATH_FREE &&
           path->state != GN_PATH_TESTING && !path->wanted && path->responses == 0;
}

uint8_t
gn_paths_left(const gn_paths *paths, gn_time now)
{
    for (uint8_t i = 0; i < GN_PATHS_MAX; i++)
        if (path_unused(paths, i) && paths->at[i].leave_at <= now)
            return i;
    return GN_PATH_NONE;
}

void
gn_paths_drop(gn_paths *paths, uint8_t index)
{
    GN_ASSERT(index < GN_PATHS_MAX && index != paths->active);
    memset(&paths->at[index], 0, sizeof paths->at[index]);
    paths->at[index].peer_cid = GN_PEER_CID_NONE;
    if (paths->fallback == index)
        paths->fallback = GN_PATH_NONE;
}

void
gn_paths_remember(gn_paths *paths, gn_route route)
{
    if (gn_paths_remembers(paths, route))
        return;
    paths->left[paths->left_at] = route;
    paths->left_at = (uint8_t)((paths->left_at + 1) % GN_PATHS_LEFT);
    if (paths->left_count < GN_PATHS_LEFT)
        paths->left_count++;
}

bool
gn_paths_remembers(const gn_paths *paths, gn_route route)
{
    for (uint8_t i = 0; i < paths->left_count; i++)
        if (paths->left[i] == route)
            return true;
    return false;
}

uint8_t
gn_paths_find(const gn_paths *paths, gn_route route)
{
    for (uint8_t i = 0; i < GN_PATHS_MAX; i++)
        if (paths->at[i].state != GN_PATH_FREE && paths->at[i].route == route)
            return i;
    return GN_PATH_NONE;
}

/* [R-9000-9.4-1] */
gn_path *
gn_paths_of(gn_paths *paths, uint8_t index, uint32_t epoch)
{
    GN_ASSERT(index < GN_PATHS_MAX);
    gn_path *path = &paths->at[index];

    return path->state != GN_PATH_FREE && path->epoch == epoch ? path : NULL;
}

uint32_t
gn_paths_count(const gn_paths *paths)
{
    uint32_t count = 0;

    for (int i = 0; i < GN_PATHS_MAX; i++)
        count += paths->at[i].state != GN_PATH_FREE;
    return count;
}

void
gn_path_on_received(gn_path *path, uint64_t bytes)
{
    path->in_bytes += bytes;
}

void
gn_path_on_sent(gn_path *path, uint64_t bytes)
{
    path->out_bytes += bytes;
    GN_ASSERT(path->unlimited || path->proved ||
              path->out_bytes <= GN_PATH_AMPLIFICATION * path->in_bytes);
}

/* [R-9000-8-1] */
uint64_t
gn_path_budget(const gn_path *path)
{
    if (path->unlimited || path->proved)
        return UINT64_MAX;
    /* What was sent while the address was proved, and is not now, leaves no credit. */
    const uint64_t earned = GN_PATH_AMPLIFICATION * path->in_bytes;
    return path->out_bytes < earned ? earned - path->out_bytes : 0;
}

void
gn_path_probe(gn_path *path, gn_time now, uint64_t lasts_us)
{
    GN_ASSERT(path->state != GN_PATH_FREE);
    path->state = GN_PATH_TESTING;
    path->challenges = 0;
    path->tries = 0;
    path->small = 0;
    path->for_size = 0;
    path->challenge_at = now;
    path->give_up_at = gn_time_after(now, lasts_us);
}

void
gn_path_probe_size(gn_path *path, gn_time now, uint64_t lasts_us)
{
    GN_ASSERT(path->proved);
    gn_path_probe(path, now, lasts_us);
    path->for_size = 1;
}

bool
gn_path_too_small(const gn_path *path)
{
    return path->state == GN_PATH_DEAD && path->for_size;
}

void
gn_path_abandon(gn_path *path)
{
    if (path->state != GN_PATH_TESTING)
        return;
    path->challenge_at = GN_NEVER;
    path->give_up_at = 0;
}

void
gn_path_limit_datagrams(gn_path *path, uint64_t bytes)
{
    if (bytes >= path->datagram_bytes)
        return;
    path->datagram_bytes = (uint32_t)bytes;
    gn_cc_on_mtu(&path->cc, path->datagram_bytes);
    gn_pacer_on_mtu(&path->pacer, path->datagram_bytes);
}

bool
gn_path_wants_challenge(const gn_path *path, gn_time now)
{
    return path->state == GN_PATH_TESTING && path->challenge_at <= now;
}

void
gn_path_on_challenge_sent(gn_path *path, gn_rng *rng, gn_time now, uint64_t pto_us,
                          uint8_t out[GN_FRAME_CHALLENGE_BYTES])
{
    GN_ASSERT(path->state == GN_PATH_TESTING);
    if (path->for_size && path->tries == 0)
        path->heard_before = path->spin.heard;
    const int slot = path->challenges % GN_PATH_CHALLENGES;

    /* [R-9000-8.2.1-1] */
    gn_rng_fill(rng, path->challenge[slot], GN_FRAME_CHALLENGE_BYTES);
    memcpy(out, path->challenge[slot], GN_FRAME_CHALLENGE_BYTES);
    /* Counts on from a number that means the same slot. */
    path->challenges = (uint8_t)(path->challenges < UINT8_MAX ? path->challenges + 1
                                                              : UINT8_MAX + 1 - GN_PATH_CHALLENGES);
    /* [R-9000-9.4-3] */
    path->challenge_at = gn_time_after(now, pto_us << path->tries);
    if (path->tries < 6)
        path->tries++;
}

void
gn_path_on_probe_sent(gn_path *path, size_t bytes)
{
    if (bytes < GN_DATAGRAM_MIN)
        path->small = 1;
}

void
gn_path_on_challenge(gn_path *path, const uint8_t data[GN_FRAME_CHALLENGE_BYTES])
{
    if (path->responses == GN_PATH_RESPONSES)
        return;
    /* [R-9000-19.17-1] */
    memcpy(path->response[path->responses], data, GN_FRAME_CHALLENGE_BYTES);
    path->responses++;
}

void
gn_path_on_challenge_mark(gn_path *path, gn_ecn_mark_id mark)
{
    path->plain = mark == GN_ECN_NOT_ECT;
}

gn_ecn_mark_id
gn_path_mark(const gn_path *path, bool tests, bool challenges)
{
    const bool again = challenges && path->challenges > 1;

    /* RFC 9000 13.4.2: marks may be what the path drops. */
    if (tests && !path->proved && (again || path->plain))
        return GN_ECN_NOT_ECT;
    return gn_ecn_mark(&path->ecn);
}

void
gn_path_on_response_sent(gn_path *path)
{
    /* [R-9000-8.2.2-7] */
    GN_ASSERT(path->responses > 0);
    path->responses--;
    memmove(path->response[0], path->response[1],
            (size_t)path->responses * GN_FRAME_CHALLENGE_BYTES);
    memset(path->response[path->responses], 0, GN_FRAME_CHALLENGE_BYTES);
}

/* *first: the challenge that is answered was the first one of this attempt. */
static bool
path_answers(const gn_path *path, const uint8_t data[GN_FRAME_CHALLENGE_BYTES], bool *first)
{
    const int known = path->challenges < GN_PATH_CHALLENGES ? path->challenges : GN_PATH_CHALLENGES;

    for (int i = 0; i < known; i++)
        if (gn_ct_equal(path->challenge[i], data, GN_FRAME_CHALLENGE_BYTES)) {
            *first = i == 0 && path->challenges <= GN_PATH_CHALLENGES;
            return true;
        }
    return false;
}

/* The way was found without marks: with marks it stays untried until their fate is known. */
static void
path_stop_marking(gn_path *path)
{
    for (int i = 0; i < GN_ECN_TEST_PTOS; i++)
        gn_ecn_on_pto(&path->ecn);
}

/* [R-9000-8.2.2-4] */
uint8_t
gn_paths_on_response(gn_paths *paths, const uint8_t data[GN_FRAME_CHALLENGE_BYTES])
{
    for (uint8_t i = 0; i < GN_PATHS_MAX; i++) {
        gn_path *path = &paths->at[i];
        bool first = false;
        if (path->state == GN_PATH_TESTING && path_answers(path, data, &first)) {
            if (!first && !path->proved)
                path_stop_marking(path);
            gn_path_prove(path);
            return i;
        }
    }
    return GN_PATH_NONE;
}

void
gn_path_prove(gn_path *path)
{
    GN_ASSERT(path->state != GN_PATH_FREE);
    path->state = GN_PATH_PROVED;
    path->proved = 1;
    path->challenge_at = GN_NEVER;
    path->give_up_at = GN_NEVER;
    path->challenges = 0;
    memset(path->challenge, 0, sizeof path->challenge);
}

bool
gn_path_on_tick(gn_path *path, gn_time now)
{
    if (path->state != GN_PATH_TESTING || path->give_up_at > now)
        return false;
    path->challenge_at = GN_NEVER;
    path->give_up_at = GN_NEVER;
    /* RFC 9000 14.2: too small, when other packets came all the while. [R-9000-14.2-1] */
    if (path->for_size && path->spin.heard <= path->heard_before) {
        path->state = GN_PATH_PROVED;
        return false;
    }
    path->state = GN_PATH_DEAD;
    path->proved = 0;
    path->in_bytes = 0;
    path->out_bytes = 0;
    return true;
}

gn_time
gn_paths_deadline(const gn_paths *paths)
{
    gn_time first = GN_NEVER;

    for (uint8_t i = 0; i < GN_PATHS_MAX; i++) {
        const gn_path *path = &paths->at[i];
        if (path->state == GN_PATH_TESTING)
            first = gn_time_min(first, path->give_up_at);
        else if (path_unused(paths, i))
            first = gn_time_min(first, path->leave_at);
        if (path->state == GN_PATH_TESTING && gn_path_budget(path) >= GN_PATH_ROOM_MIN)
            first = gn_time_min(first, path->challenge_at);
    }
    return first;
}

bool
gn_paths_check(const gn_paths *paths)
{
    if (paths->active >= GN_PATHS_MAX || paths->at[paths->active].state == GN_PATH_FREE)
        return false;
    if (paths->fallback != GN_PATH_NONE &&
        (paths->fallback >= GN_PATHS_MAX || paths->at[paths->fallback].state == GN_PATH_FREE))
        return false;
    if (paths->left_at >= GN_PATHS_LEFT || paths->left_count > GN_PATHS_LEFT)
        return false;
    for (int i = 0; i < GN_PATHS_MAX; i++) {
        const gn_path *path = &paths->at[i];
        if (path->state == GN_PATH_FREE)
            continue;
        if (!gn_cc_check(&path->cc) || !gn_ecn_check(&path->ecn) ||
            path->responses > GN_PATH_RESPONSES)
            return false;
        for (int k = 0; k < i; k++)
            if (paths->at[k].state != GN_PATH_FREE && paths->at[k].route == path->route)
                return false;
    }
    return true;
}
