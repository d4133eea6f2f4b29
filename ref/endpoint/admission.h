/*
 * admission.h: whether a client's first Initial packet begins a connection (RFC 9000 8.1).
 *
 * What the packet's token is worth, and what the endpoint can take, decide:
 *
 *     token          few handshakes under way     many of them
 *     ------------   --------------------------   ------------
 *     none, foreign, expired   admit              Retry
 *     of NEW_TOKEN             admit, address proved
 *     of Retry                 admit, address proved
 *     of Retry, but expired, from elsewhere, used before, or with another
 *     ClientHello              refuse or drop: no second Retry would be taken
 */
#ifndef GN_ENDPOINT_ADMISSION_H
#define GN_ENDPOINT_ADMISSION_H

#include <stdint.h>

#include "base/fault.h"
#include "base/span.h"
#include "crypto/token.h"
#include "gnomon.h"
#include "wire/header_read.h"

/* How many tokens are remembered as used; RFC 9000 8.1.4: replay is limited by that and by time. */
#define GN_ADMISSION_USED_MAX 64

/* What an endpoint knows about tokens. */
typedef struct gn_admission {
    gn_token_maker tokens;
    uint8_t hello_key[GN_SIPHASH_KEY_BYTES];
    uint64_t used[GN_ADMISSION_USED_MAX]; /* the first bytes of tokens used, 0: none; a ring */
    uint32_t used_at;
    uint32_t half_open; /* connections of clients whose handshake is not complete */
} gn_admission;

typedef enum gn_admission_verdict {
    GN_ADMISSION_ADMIT,
    GN_ADMISSION_RETRY,  /* send a Retry */
    GN_ADMISSION_REFUSE, /* close at once with fault */
    GN_ADMISSION_DROP
} gn_admission_verdict;

/* A verdict, and what it rests on. */
typedef struct gn_admission_result {
    gn_admission_verdict verdict;
    bool proved;  /* the token shows that the client is where it says */
    bool retried; /* the token is a Retry's: token.original counts */
    gn_token token;
    gn_fault fault;
} gn_admission_result;

void gn_admission_init(gn_admission *a, const gn_config *config);

/*
 * Judges a first Initial packet and its payload, in clear. A token that is
 * taken counts as used from then on.
 */
gn_admission_result gn_admission_judge(gn_admission *a, const gn_config *config,
                                       const gn_datagram *datagram, const gn_header *first,
                                       gn_span payload, gn_time now);

/* The token of a Retry for that packet. Writes GN_TOKEN_BYTES. */
void gn_admission_seal_retry(gn_admission *a, const gn_config *config, const gn_datagram *datagram,
                             const gn_header *first, gn_span payload, gn_time now,
                             uint8_t token[GN_TOKEN_BYTES]);

#endif
