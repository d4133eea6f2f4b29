/*
 * negotiation.h: which QUIC version a connection has, and how it came to it (RFC 9368, 9369).
 *
 *     original --the server prefers another compatible one--> now      (RFC 9368 2.3)
 *     original --Version Negotiation--> another attempt, once           (RFC 9368 2.1)
 *
 * Versions 1 and 2 are compatible both ways: their first flights are the same
 * but for the number (RFC 9369 4).
 */
#ifndef GN_CONN_NEGOTIATION_H
#define GN_CONN_NEGOTIATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/fault.h"
#include "base/rng.h"
#include "gnomon.h"
#include "wire/tparams.h"
#include "wire/vneg.h"

/* Invariant: now and original are versions we speak. */
typedef struct gn_negotiation {
    uint32_t now;      /* what packets carry, and what keys are derived for */
    uint32_t original; /* of the client's first flight; after Version Negotiation the second one */
    uint32_t probe;    /* client: what the first flight carries instead, to be refused; or 0 */
    uint8_t reacted;   /* client: to a Version Negotiation packet */
    uint8_t told;      /* server: the client has told its versions, or may have */
    uint8_t reserved[2];
} gn_negotiation;

/* Whether ours, a gn_config's versions, has this one. */
bool gn_negotiation_speaks(const uint32_t ours[GN_VERSIONS_MAX], uint32_t version);

/* How many versions there are in the list. */
size_t gn_negotiation_count(const uint32_t ours[GN_VERSIONS_MAX]);

/* A random version that nobody speaks (RFC 9000 15). */
uint32_t gn_negotiation_reserved(gn_rng *rng);

/* What a client offers when its packets are looked at: the probe, or the version. */
static inline uint32_t
gn_negotiation_offered(const gn_negotiation *n)
{
    return n->probe != 0 ? n->probe : n->now;
}

/* The one of ours that we like best among those of the packet; 0: none. */
uint32_t gn_negotiation_pick(const uint32_t ours[GN_VERSIONS_MAX], const gn_vneg *theirs);

/*
 * A server's choice for a client whose first flight had this version: what it
 * likes best of what the client says is compatible with it.
 */
uint32_t gn_negotiation_choose(const uint32_t ours[GN_VERSIONS_MAX], uint32_t original,
                               const gn_tparams *client);

/*
 * Our version_information, unless ours is one version and nothing was negotiated, nor told. With
 * rng a reserved version is among those listed (RFC 9368 3).
 */
void gn_negotiation_tell(const gn_negotiation *n, const uint32_t ours[GN_VERSIONS_MAX], gn_rng *rng,
                         gn_tparams *out);

/*
 * Judges the peer's (RFC 9368 4). GN_ERR_FORM with VERSION_NEGOTIATION_ERROR:
 * somebody has meddled with the versions, or the peer contradicts itself.
 */
GN_MUST_USE gn_err gn_negotiation_judge(const gn_negotiation *n,
                                        const uint32_t ours[GN_VERSIONS_MAX], bool is_server,
                                        const gn_tparams *peer, gn_fault *fault);

#endif
