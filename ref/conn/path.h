/*
 * path.h: the ways to the peer, each with all that belongs to one path (RFC 9000 8, 9).
 *
 * A path is known by the caller's route. It has its own round-trip time,
 * congestion controller, pacer and ECN test, and says how many bytes may go to
 * an address that nobody has proved to hear us.
 *
 *     what is known of the peer's address:
 *       UNKNOWN --challenge--> TESTING --right response--> PROVED
 *                                 +------ no response ----> DEAD
 *
 * An index names a path while it is kept; its epoch tells one use of an index
 * from the next, so that packets of a forgotten path are recognised.
 */
#ifndef GN_CONN_PATH_H
#define GN_CONN_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/rng.h"
#include "base/time.h"
#include "conn/spin.h"
#include "gnomon.h"
#include "recovery/cc.h"
#include "recovery/ecn.h"
#include "recovery/pacer.h"
#include "recovery/rtt.h"
#include "wire/frame.h"

/* The one in use, the one before, one that is being tried and one that a stranger pretends. */
#define GN_PATHS_MAX 4
#define GN_PATH_NONE UINT8_MAX

/* Challenges that may still be answered; older ones are forgotten (RFC 9000 8.2.1). */
#define GN_PATH_CHALLENGES 4
/* Challenges of the peer that wait for our answer; further ones are not answered. */
#define GN_PATH_RESPONSES 4
/* Routes out of use that a client remembers: where it sent, it may still be answered. */
#define GN_PATHS_LEFT 4
/* RFC 9000 8.1, 9.3: so many times what came from an address may go there before it is proved. */
#define GN_PATH_AMPLIFICATION 3
/* Fewer bytes are not worth a datagram: a header, an ACK or a challenge, and the tag. */
#define GN_PATH_ROOM_MIN 64

typedef enum gn_path_state {
    GN_PATH_FREE,
    GN_PATH_UNKNOWN,
    GN_PATH_TESTING,
    GN_PATH_PROVED,
    GN_PATH_DEAD
} gn_path_state;

/* What the application said about a path. */
enum { GN_PATH_UNASKED, GN_PATH_WANTED, GN_PATH_PREFERRED };

typedef struct gn_path {
    gn_route route;
    uint64_t in_bytes;    /* received from this address, authentic or not */
    uint64_t out_bytes;   /* sent to it */
    gn_time challenge_at; /* when the next PATH_CHALLENGE is due; GN_NEVER: none */
    gn_time give_up_at;   /* when validation has failed; GN_NEVER: none under way */
    gn_time leave_at;     /* when a path out of use is forgotten; GN_NEVER: it is in use */
    gn_rtt rtt;
    gn_cc cc;
    gn_pacer pacer;
    gn_ecn ecn;
    gn_spin spin;
    uint8_t challenge[GN_PATH_CHALLENGES][GN_FRAME_CHALLENGE_BYTES];
    uint8_t response[GN_PATH_RESPONSES][GN_FRAME_CHALLENGE_BYTES]; /* owed, oldest first */
    uint8_t host[16];        /* the peer's address without the port */
    uint32_t datagram_bytes; /* the largest datagram to send */
    uint32_t epoch;          /* this use of the place in gn_paths */
    uint8_t state;           /* gn_path_state */
    uint8_t peer_cid;        /* index in peer_cids; GN_PEER_CID_NONE: shares the active path's */
    uint8_t challenges;      /* sent in this attempt */
    uint8_t responses;       /* owed */
    uint8_t unlimited;       /* the peer's address needs no proof: amplification is no concern */
    uint8_t wanted;          /* GN_PATH_WANTED, _PREFERRED: use it once it is proved */
    uint8_t tries;           /* doublings of the challenge interval */
    uint8_t proved;          /* somebody at this address hears us: it stays so while tested again */
    uint8_t small;           /* a challenge left in less than 1200 bytes: the MTU is not proved */
    uint8_t for_size;        /* tested for its MTU only: the address stays proved whatever comes */
    uint8_t plain;           /* the peer's latest challenge came without an ECN mark */
    uint8_t reserved[5];
    uint64_t heard_before; /* for_size: spin.heard when the first such challenge left */
    uint64_t local_seq;    /* sequence number of our ID that the peer last used on this path */
} gn_path;

typedef struct gn_paths {
    gn_path at[GN_PATHS_MAX];
    gn_route left[GN_PATHS_LEFT]; /* the latest; the next one goes to left_at */
    uint32_t epochs;              /* given out so far, modulo 2^32 */
    uint8_t active;
    uint8_t fallback; /* the last proved path before active, or GN_PATH_NONE (9.3.2) */
    uint8_t left_at;
    uint8_t left_count;
} gn_paths;

/* What a new path starts with. */
typedef struct gn_path_start {
    gn_route route;
    const uint8_t *host; /* 16 bytes */
    uint32_t datagram_bytes;
    gn_cc_kind cc;
    gn_ecn_mark_id mark; /* that it is tested with; GN_ECN_NOT_ECT: no ECN */
    bool unlimited;
} gn_path_start;

/* No paths but the first, which is the active one. */
void gn_paths_init(gn_paths *paths, const gn_path_start *start, gn_time now);

/*
 * Another path; its index. When all places are taken, gn_paths_victim goes:
 * the caller has given its connection ID back and settled what is in flight.
 */
uint8_t gn_paths_add(gn_paths *paths, const gn_path_start *start, gn_time now);

/* The path that gn_paths_add would replace, or GN_PATH_NONE while there is a free place. */
uint8_t gn_paths_victim(const gn_paths *paths);

/*
 * The active path is proved and in use: the others are forgotten at leave_at, if
 * nobody tests or wants them then.
 */
void gn_paths_leave_others(gn_paths *paths, gn_time leave_at);

/* A path whose time to be forgotten has come, or GN_PATH_NONE. */
uint8_t gn_paths_left(const gn_paths *paths, gn_time now);

/* Forgets a path; it must not be the active one. */
void gn_paths_drop(gn_paths *paths, uint8_t index);

/* A path is about to be forgotten, but not its route. */
void gn_paths_remember(gn_paths *paths, gn_route route);
bool gn_paths_remembers(const gn_paths *paths, gn_route route);

/* The path with this route, or GN_PATH_NONE. */
uint8_t gn_paths_find(const gn_paths *paths, gn_route route);

/* The path that this use of the index was, or NULL when it is another by now. */
gn_path *gn_paths_of(gn_paths *paths, uint8_t index, uint32_t epoch);

/* How many are known. */
uint32_t gn_paths_count(const gn_paths *paths);

static inline gn_path *
gn_paths_active(gn_paths *paths)
{
    return &paths->at[paths->active];
}

/* A datagram of so many bytes came from there, authentic or not. */
void gn_path_on_received(gn_path *path, uint64_t bytes);

/* A datagram went there. */
void gn_path_on_sent(gn_path *path, uint64_t bytes);

/* Bytes that may go there now; UINT64_MAX once it is proved or needs no proof. */
uint64_t gn_path_budget(const gn_path *path);

/*
 * Begins to validate, or to validate again (RFC 9000 9.3.3); the first
 * challenge is due at once. lasts_us: RFC 9000 8.2.4.
 */
void gn_path_probe(gn_path *path, gn_time now, uint64_t lasts_us);

/* The same for a proved address, to see whether the path carries 1200 bytes (RFC 9000 8.2.1). */
void gn_path_probe_size(gn_path *path, gn_time now, uint64_t lasts_us);

/* Whether it carries datagrams, but not of 1200 bytes (RFC 9000 14.2). */
bool gn_path_too_small(const gn_path *path);

/* A test cannot go on: nothing more is sent for it, and it fails at the next tick. */
void gn_path_abandon(gn_path *path);

/* The peer takes no larger datagrams than that (RFC 9000 18.2). */
void gn_path_limit_datagrams(gn_path *path, uint64_t bytes);

/* Whether a challenge is due. */
bool gn_path_wants_challenge(const gn_path *path, gn_time now);

/*
 * Draws and remembers a challenge, and sets the time of the next: pto_us,
 * doubled each time. The datagram's size tells later whether the path's MTU
 * was tested, too: gn_path_on_probe_sent.
 */
void gn_path_on_challenge_sent(gn_path *path, gn_rng *rng, gn_time now, uint64_t pto_us,
                               uint8_t out[GN_FRAME_CHALLENGE_BYTES]);

/* The datagram with a challenge had so many bytes. */
void gn_path_on_probe_sent(gn_path *path, size_t bytes);

/* The peer challenges on this path: its data will be echoed there. */
void gn_path_on_challenge(gn_path *path, const uint8_t data[GN_FRAME_CHALLENGE_BYTES]);

/* What the datagram with the peer's challenge was marked with. */
void gn_path_on_challenge_mark(gn_path *path, gn_ecn_mark_id mark);

/*
 * The mark of the next datagram. tests: it tests the path; challenges: with a
 * challenge of ours, which was counted. A way that drops marked packets must
 * not look like one that drops all: on a path that is not proved a challenge
 * that is repeated goes without a mark, and so does the answer to such a one.
 */
gn_ecn_mark_id gn_path_mark(const gn_path *path, bool tests, bool challenges);

/* The oldest answer owed was written. */
void gn_path_on_response_sent(gn_path *path);

/* A response: the path whose challenge it answers, now proved, or GN_PATH_NONE (RFC 9000 8.2.3). */
uint8_t gn_paths_on_response(gn_paths *paths, const uint8_t data[GN_FRAME_CHALLENGE_BYTES]);

/* The address is proved by other means: the handshake (RFC 9000 8.1). */
void gn_path_prove(gn_path *path);

/*
 * Validation took too long. True when it just failed; what comes from there afterwards earns
 * credit anew. A test of the MTU alone ends without a word.
 */
bool gn_path_on_tick(gn_path *path, gn_time now);

/*
 * When a path wants attention: a challenge again, giving up, or being
 * forgotten. A challenge that may not be sent now waits for bytes, not for time.
 */
gn_time gn_paths_deadline(const gn_paths *paths);

/* Whether the invariants hold. */
bool gn_paths_check(const gn_paths *paths);

#endif
