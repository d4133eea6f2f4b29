/*
 * peer_cids.h: the connection IDs that we may use for the peer (RFC 9000 5.1, 19.15, 19.16).
 *
 * A path uses one at a time, and one is never used on two paths. The peer
 * may ask us to retire IDs; each is given back with RETIRE_CONNECTION_ID.
 */
#ifndef GN_CONN_PEER_CIDS_H
#define GN_CONN_PEER_CIDS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/fault.h"
#include "base/limits.h"
#include "wire/cid.h"
#include "wire/frame.h"

/* The most that we offer to keep in active_connection_id_limit. */
#define GN_PEER_CIDS_MAX 8

/* RFC 9000 5.1.2: retirements the peer has not acknowledged; twice our limit at least. */
#define GN_PEER_CIDS_RETIRING_MAX 16

#define GN_PEER_CID_NONE UINT8_MAX

typedef enum gn_peer_cid_state {
    GN_PEER_CID_FREE,
    GN_PEER_CID_UNUSED,
    GN_PEER_CID_USED,    /* by one path */
    GN_PEER_CID_REVOKED, /* by one path, which must take another; then it is retired */
    GN_PEER_CID_PARTED   /* by no path any more; retired as soon as there is room to say so */
} gn_peer_cid_state;

typedef struct gn_peer_cid {
    uint64_t seq;
    gn_cid cid;
    uint8_t state;
    uint8_t has_token;
    uint8_t reserved;
    uint8_t reset_token[GN_RESET_TOKEN_BYTES];
} gn_peer_cid;

/*
 * Invariant: the IDs that are not free have different seq and cid. seen has bit n for the
 * sequence number seen_from + n; all lower ones count as seen.
 */
typedef struct gn_peer_cids {
    uint64_t seen_from;
    uint64_t seen;
    uint64_t retire_prior_to;
    uint32_t limit; /* our active_connection_id_limit */
    uint32_t retiring_count;
    uint64_t retiring[GN_PEER_CIDS_RETIRING_MAX];     /* sequence numbers */
    uint8_t retiring_sent[GN_PEER_CIDS_RETIRING_MAX]; /* 1: in flight */
    gn_peer_cid at[GN_PEER_CIDS_MAX];
    gn_cid first; /* sequence number 0, retired or not */
    uint8_t reserved[3];
} gn_peer_cids;

/* Starts with one ID in use at index 0, sequence number 0. limit is 2 to GN_PEER_CIDS_MAX. */
void gn_peer_cids_init(gn_peer_cids *p, const gn_cid *first, uint32_t limit);

/* The ID of the handshake, sequence number 0, retired or not: long headers come from it. */
const gn_cid *gn_peer_cids_first(const gn_peer_cids *p);

/* The first ID is this one in truth: the server's choice replaces the client's guess (7.2). */
void gn_peer_cids_set_first(gn_peer_cids *p, const gn_cid *cid);

/* The reset token of the first ID, from the server's transport parameters. */
void gn_peer_cids_set_first_token(gn_peer_cids *p, const uint8_t token[GN_RESET_TOKEN_BYTES]);

/*
 * NEW_CONNECTION_ID. PROTOCOL_VIOLATION: the peer chose to have no ID, or said
 * the same sequence number or ID twice with different contents.
 * CONNECTION_ID_LIMIT_ERROR: more than our limit, or too many to retire.
 */
GN_MUST_USE gn_err gn_peer_cids_on_new(gn_peer_cids *p, const gn_frame_new_connection_id *frame,
                                       gn_fault *fault);

/* An unused ID, now used; its index, or GN_PEER_CID_NONE. */
uint8_t gn_peer_cids_take(gn_peer_cids *p);

/* Whether the peer chose to have none: packets to it carry no destination (RFC 9000 5.1). */
bool gn_peer_cids_empty(const gn_peer_cids *p);

/* Whether an unused ID is there. */
bool gn_peer_cids_spare(const gn_peer_cids *p);

/*
 * A path gives its ID up: it will be retired, unless it is the empty one, which
 * cannot be (19.16). GN_PEER_CID_NONE is allowed.
 */
void gn_peer_cids_give(gn_peer_cids *p, uint8_t index);

/* Whether the ID at index was revoked by the peer. */
bool gn_peer_cids_revoked(const gn_peer_cids *p, uint8_t index);

const gn_cid *gn_peer_cids_at(const gn_peer_cids *p, uint8_t index);
uint64_t gn_peer_cids_seq_at(const gn_peer_cids *p, uint8_t index);

/* Whether token is that of an ID in use (RFC 9000 10.3.1), in constant time. */
bool gn_peer_cids_is_reset(const gn_peer_cids *p, const uint8_t token[GN_RESET_TOKEN_BYTES]);

/*
 * The next retirement to say, if there is one. An ID that a path still uses is not told of yet:
 * the packet that says so might be addressed with it (RFC 9000 19.16).
 */
bool gn_peer_cids_wants(const gn_peer_cids *p);
bool gn_peer_cids_fill(const gn_peer_cids *p, gn_frame *out);
void gn_peer_cids_on_sent(gn_peer_cids *p, uint64_t seq);
void gn_peer_cids_on_acked(gn_peer_cids *p, uint64_t seq);
void gn_peer_cids_on_lost(gn_peer_cids *p, uint64_t seq);

/* Whether the invariant holds. */
bool gn_peer_cids_check(const gn_peer_cids *p);

#endif
