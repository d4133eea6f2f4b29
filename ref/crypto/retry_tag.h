/*
 * retry_tag.h: the integrity tag of Retry packets (RFC 9001 5.8, RFC 9369 3.3.3).
 *
 * It proves that who sent the Retry saw the client's Initial packet, as the
 * tag covers that packet's Destination Connection ID, and that the network
 * did not change it. It needs no secret.
 */
#ifndef GN_CRYPTO_RETRY_TAG_H
#define GN_CRYPTO_RETRY_TAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/limits.h"
#include "base/span.h"
#include "crypto/suite.h"
#include "wire/cid.h"

/* Bytes of the longest Retry packet we make or check, its tag left out. */
#define GN_RETRY_TAG_PACKET_MAX GN_DATAGRAM_MAX

/*
 * The tag of packet, which ends before the tag; original is the Destination
 * Connection ID of the Initial it answers. Writes GN_SUITE_TAG_BYTES.
 * GN_ERR_UNSUPPORTED: not our version. GN_ERR_RANGE: longer than
 * GN_RETRY_TAG_PACKET_MAX.
 */
GN_MUST_USE gn_err gn_retry_tag(const gn_suite_ops *ops, uint32_t version, const gn_cid *original,
                                gn_span packet, uint8_t tag[GN_SUITE_TAG_BYTES]);

/* Whether packet, which ends with its tag, is authentic; in constant time. */
bool gn_retry_tag_holds(const gn_suite_ops *ops, uint32_t version, const gn_cid *original,
                        gn_span packet);

#endif
