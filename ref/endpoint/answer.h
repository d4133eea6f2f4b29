/*
 * answer.h: answers to datagrams that belong to no connection (RFC 9000 6.1, 8.1.2, 10.3).
 *
 * Each is smaller than what it answers, is sent at most once for it, and
 * leaves no state. All of them together are bounded by the outbox, and resets
 * by a rate besides, so that nobody makes us a weapon.
 */
#ifndef GN_ENDPOINT_ANSWER_H
#define GN_ENDPOINT_ANSWER_H

#include <stdbool.h>

#include "endpoint/endpoint.h"
#include "wire/header_read.h"

/* So many stateless resets at once, and one more after each pause. */
#define GN_ANSWER_RESETS_MAX 16
#define GN_ANSWER_RESET_PAUSE_US (10 * GN_MS)

/* A packet of a version we do not speak: which ones we do. False: not answered. */
bool gn_answer_version(gn_endpoint *ep, const gn_datagram *datagram, const gn_header *first);

/* A first Initial packet, its payload in clear: the client shall come again with a token. */
bool gn_answer_retry(gn_endpoint *ep, const gn_datagram *datagram, const gn_header *first,
                     gn_span payload);

/* A packet of a connection that nobody knows any more. */
bool gn_answer_reset(gn_endpoint *ep, const gn_datagram *datagram, const gn_header *first);

#endif
