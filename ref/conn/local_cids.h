/*
 * local_cids.h: the connection IDs that the peer may use for us (RFC 9000 5.1.1, 5.1.2).
 *
 * Sequence number 0 is the one of the handshake. Further ones are announced
 * with NEW_CONNECTION_ID up to the peer's limit and replaced when the peer
 * retires them. All of them lead here through the endpoint's map. To change
 * them all, a higher Retire Prior To asks the peer to retire those before it.
 *
 * Whoever chose to have none has the empty ID for ever: it is in no map, and
 * none is announced or retired.
 */
#ifndef GN_CONN_LOCAL_CIDS_H
#define GN_CONN_LOCAL_CIDS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/fault.h"
#include "base/rng.h"
#include "conn/cid_map.h"
#include "conn/reset_token.h"
#include "wire/cid.h"
#include "wire/frame.h"

/* Enough for every path we keep and as many moves ahead; a peer that allows more gets this many. */
#define GN_LOCAL_CIDS_MAX 8

/* One more than are kept up, so that a new one can be announced in place of those. */
#define GN_LOCAL_CIDS_PLACES (GN_LOCAL_CIDS_MAX + 1)

/* RFC 9000 5.1.2: a peer keeps twice as many retirements as IDs; older ones do not matter. */
#define GN_LOCAL_CIDS_RETIRED_MAX (2 * GN_LOCAL_CIDS_MAX)

typedef enum gn_local_cid_state {
    GN_LOCAL_CID_FREE,
    GN_LOCAL_CID_PENDING, /* to be announced */
    GN_LOCAL_CID_SENT,    /* announced, not acknowledged */
    GN_LOCAL_CID_KNOWN    /* the peer has it */
} gn_local_cid_state;

typedef struct gn_local_cid {
    uint64_t seq;
    gn_cid cid;
    uint8_t state;
    uint8_t reserved[2];
} gn_local_cid;

/*
 * Invariant: the IDs that are not free have different seq below next_seq; those from
 * retire_prior_to on are at most limit, and the others wait for the peer to retire them. Those
 * from told on are pending.
 */
typedef struct gn_local_cids {
    uint64_t next_seq;
    uint64_t told; /* lower ones were announced, or known from the handshake */
    uint64_t retire_prior_to;
    uint32_t limit; /* how many at once; 1 until the peer's parameters are known */
    uint32_t count;
    gn_cid first; /* sequence number 0, retired or not */
    uint8_t reserved[3];
    gn_local_cid at[GN_LOCAL_CIDS_PLACES];
    /* Numbers of the latest packets that retired one, each plus 1; 0: none. */
    uint64_t retired_in[GN_LOCAL_CIDS_RETIRED_MAX];
} gn_local_cids;

/* What issuing needs from the endpoint. */
typedef struct gn_local_cids_room {
    gn_cid_table table;
    uint32_t owner; /* the connection's slot */
    gn_rng *rng;
    uint8_t cid_len;
} gn_local_cids_room;

/* Starts with one ID, drawn now, known to the peer by the handshake. GN_ERR_FULL: the map is. */
GN_MUST_USE gn_err gn_local_cids_init(gn_local_cids *l, gn_local_cids_room room);

/*
 * The handshake's ID is to be this one, of the length of all; nothing was sent yet. GN_ERR_STATE:
 * it leads to somebody already, and all stays as it was. GN_ERR_FULL: the map is.
 */
GN_MUST_USE gn_err gn_local_cids_choose(gn_local_cids *l, gn_local_cids_room room, gn_cid cid);

/* One more, known to the peer by a transport parameter (RFC 9000 5.1.1, 18.2): sequence number 1.
 * GN_ERR_FULL: the map is. */
GN_MUST_USE gn_err gn_local_cids_offer(gn_local_cids *l, gn_local_cids_room room);

/* The ID that was offered, or NULL. */
const gn_cid *gn_local_cids_offered(const gn_local_cids *l);

/* The peer's active_connection_id_limit: so many are kept up, at most GN_LOCAL_CIDS_MAX. */
void gn_local_cids_allow(gn_local_cids *l, uint64_t limit);

/* Draws IDs up to the limit, as far as there is room; they become pending. */
void gn_local_cids_issue(gn_local_cids *l, gn_local_cids_room room);

/*
 * Asks the peer to retire all IDs there are, and announces others. The peer
 * has our acknowledgments of packets below told_to. GN_ERR_STATE: we have none,
 * the peer's limit is not known, it has not retired those of the time before, or
 * it would have to keep more retirements than twice its limit (RFC 9000 5.1.2).
 * GN_ERR_FULL: no other could be drawn.
 */
GN_MUST_USE gn_err gn_local_cids_rotate(gn_local_cids *l, gn_local_cids_room room,
                                        uint64_t told_to);

/* Retirements in packets from told_to on: the peer has to keep them, for all we know. */
uint32_t gn_local_cids_untold(const gn_local_cids *l, uint64_t told_to);

/* Whether we chose to have none. */
static inline bool
gn_local_cids_empty(const gn_local_cids *l)
{
    return l->first.len == 0;
}

/* The ID of the handshake, sequence number 0: long headers name it, also when it is retired. */
const gn_cid *gn_local_cids_first(const gn_local_cids *l);

/* Whether the peer is known to have another ID than the one it uses; of the empty one there is
 * no need. */
bool gn_local_cids_peer_has_spare(const gn_local_cids *l, uint64_t used);

/* The sequence number of cid; GN_ERR_NONE: not ours. */
GN_MUST_USE gn_err gn_local_cids_find(const gn_local_cids *l, const gn_cid *cid, uint64_t *seq);

/*
 * RETIRE_CONNECTION_ID in packet pn, which came for the ID with sequence number used.
 * PROTOCOL_VIOLATION: never announced, the very ID the packet came for, or we have none
 * (RFC 9000 19.16).
 */
GN_MUST_USE gn_err gn_local_cids_on_retire(gn_local_cids *l, uint64_t seq, uint64_t used,
                                           uint64_t pn, gn_cid_table table, gn_fault *fault);

bool gn_local_cids_wants(const gn_local_cids *l);

/* The next announcement; says false when there is none. Changes nothing. */
bool gn_local_cids_fill(const gn_local_cids *l, const gn_reset_token_key *key, gn_frame *out);

void gn_local_cids_on_sent(gn_local_cids *l, uint64_t seq);
void gn_local_cids_on_acked(gn_local_cids *l, uint64_t seq);
void gn_local_cids_on_lost(gn_local_cids *l, uint64_t seq);

/* Takes every ID out of the map. */
void gn_local_cids_wipe(gn_local_cids *l, gn_cid_table table);

/* Whether the invariant holds. */
bool gn_local_cids_check(const gn_local_cids *l);

#endif
