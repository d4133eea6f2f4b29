/*
 * answer.c: see answer.h.
 */
#include "endpoint/answer.h"

#include <string.h>

#include "base/assert.h"
#include "base/limits.h"
#include "crypto/retry_tag.h"
#include "wire/retry.h"
#include "wire/version.h"
#include "wire/vneg.h"

/* Whether a stray may be added, and where. NULL: no room. */
static gn_stray *
answer_begin(gn_endpoint *ep, const gn_datagram *datagram, gn_event_packet packet, gn_writer *w)
{
    gn_stray *stray = gn_outbox_add(&ep->outbox);

    if (stray != NULL) {
        stray->route = datagram->route;
        stray->len = 0;
        stray->packet = (uint8_t)packet;
        *w = gn_writer_over(stray->bytes, sizeof stray->bytes);
    }
    return stray;
}

/* [R-9000-6.1-1] [R-9000-17.2.1-2] [R-9000-17.2.1-3] [R-9000-17.2.1-4] [R-9000-17.2.1-5]
 * [R-9000-17.2.1-6] */
bool
gn_answer_version(gn_endpoint *ep, const gn_datagram *datagram, const gn_header *first)
{
    gn_writer w;

    /* RFC 9000 5.2.2: only to what could begin a connection. */
    if (ep->config.role != GN_ROLE_SERVER || datagram->len < GN_DATAGRAM_MIN)
        return false;
    gn_stray *stray = answer_begin(ep, datagram, GN_EVENT_VNEG, &w);
    if (stray == NULL)
        return false;
    uint32_t versions[1 + GN_VERSIONS_MAX];
    size_t count = 0;
    /* One that nobody speaks, so that clients learn to skip those (RFC 9000 6.3). */
    if (ep->config.grease_versions)
        versions[count++] = gn_negotiation_reserved(&ep->rng);
    for (size_t i = 0; i < gn_negotiation_count(ep->config.versions); i++)
        versions[count++] = ep->config.versions[i];
    const gn_err err = gn_vneg_write(&w, (uint8_t)(gn_rng_u64(&ep->rng) & 0x3f), first->scid_bytes,
                                     first->dcid_bytes, versions, count);
    GN_ASSERT(err == GN_OK);
    stray->len = (uint16_t)w.at;
    return true;
}

/* [R-9000-17.2.5.1-4] */
bool
gn_answer_retry(gn_endpoint *ep, const gn_datagram *datagram, const gn_header *first,
                gn_span payload)
{
    enum { ANSWER_RETRY_CID_MIN = 8 }; /* RFC 9000 7.2 */
    uint8_t token[GN_TOKEN_BYTES];
    uint8_t tag[GN_SUITE_TAG_BYTES];
    uint8_t id[GN_CID_MAX];
    gn_writer w;
    gn_stray *stray = answer_begin(ep, datagram, GN_EVENT_RETRY, &w);

    if (stray == NULL)
        return false;
    /* Whatever the length of our IDs: what comes for this one is told from a first packet alone. */
    const uint8_t len = ep->config.cid_len < ANSWER_RETRY_CID_MIN ? (uint8_t)ANSWER_RETRY_CID_MIN
                                                                  : ep->config.cid_len;
    /* [R-9000-17.2.5.1-1] */
    do
        gn_rng_fill(&ep->rng, id, len);
    while (len == first->dcid.len && memcmp(id, first->dcid.bytes, first->dcid.len) == 0);
    const gn_cid scid = gn_cid_from(id, len);
    gn_admission_seal_retry(&ep->admission, &ep->config, datagram, first, payload, ep->now, token);
    gn_err err = gn_retry_write(&w, (uint8_t)(gn_rng_u64(&ep->rng) & 0x0f), first->version,
                                &first->scid, &scid, gn_span_of(token, sizeof token));
    if (err == GN_OK)
        err = gn_retry_tag(ep->config.suite_ops, first->version, &first->dcid,
                           gn_span_of(stray->bytes, w.at), tag);
    if (err == GN_OK)
        err = gn_writer_bytes(&w, tag, sizeof tag);
    GN_ASSERT(err == GN_OK);
    stray->len = (uint16_t)w.at;
    return true;
}

/* One reset less may be sent, until time has passed. */
static bool
answer_may_reset(gn_endpoint *ep)
{
    const uint64_t earned = gn_time_since(ep->now, ep->resets_since) / GN_ANSWER_RESET_PAUSE_US;

    if (earned >= ep->resets_sent) {
        ep->resets_sent = 0;
        ep->resets_since = ep->now;
    } else if (ep->resets_sent - earned >= GN_ANSWER_RESETS_MAX) {
        return false;
    }
    ep->resets_sent++;
    return true;
}

/*
 * RFC 9000 10.3: what looks like a short header packet and ends in the token. Between the least
 * that a packet has and what answers always have, and below what it answers.
 */
bool
gn_answer_reset(gn_endpoint *ep, const gn_datagram *datagram, const gn_header *first)
{
    enum { ANSWER_RESET_MIN = 21, ANSWER_RESET_MAX = 43 };
    gn_writer w;

    /* [R-9000-10.3-2] [R-9000-10.3.3-1] [R-9000-10.3.2-4] */
    if (!ep->config.stateless_reset || ep->config.cid_len < GN_RESET_TOKEN_CID_MIN ||
        datagram->len <= ANSWER_RESET_MIN || !answer_may_reset(ep))
        return false;
    gn_stray *stray = answer_begin(ep, datagram, GN_EVENT_STATELESS_RESET, &w);
    if (stray == NULL)
        return false;
    const size_t len = datagram->len - 1 < ANSWER_RESET_MAX ? datagram->len - 1 : ANSWER_RESET_MAX;
    gn_rng_fill(&ep->rng, stray->bytes, len);
    /* [R-9000-10.3-4] */
    stray->bytes[0] = (uint8_t)((stray->bytes[0] & 0x3f) | 0x40);
    gn_reset_token_of(&ep->reset_key, &first->dcid, stray->bytes + len - GN_RESET_TOKEN_BYTES);
    stray->len = (uint16_t)len;
    return true;
}
