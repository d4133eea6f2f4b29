/*
 * pair_log.c: see pair_log.h and, for the questions to a pair, pair.h.
 */
#include "tests/support/pair_log.h"

#include <check.h>
#include <string.h>

#include "base/reader.h"
#include "base/siphash.h"

static void
log_sent(gn_test_side *side, const gn_event *e)
{
    /* What answers strangers is no packet of the connection. */
    if (side->sents == GN_TEST_LOG || e->connection == 0)
        return;
    gn_test_pair_packet *sent = &side->sent[side->sents++];
    sent->at = e->now;
    sent->pn = e->pn;
    sent->route = e->route;
    sent->len = e->len;
    sent->dcid = gn_cid_from(e->dcid, e->dcid_len);
    sent->scid = gn_cid_from(e->scid, e->scid_len);
    sent->kind = e->packet;
    sent->key_phase = e->key_phase;
    sent->ecn = e->ecn;
    sent->payload_len = e->payload_len;
    memcpy(sent->payload, e->payload, e->payload_len);
}

static void
log_secret(gn_test_side *side, const gn_event *e)
{
    const int level = strstr(e->label, "HANDSHAKE") == NULL;
    const int whose = e->label[0] == 'C' ? GN_TEST_CLIENT : GN_TEST_SERVER;

    ck_assert_uint_le(e->payload_len, GN_SUITE_HASH_MAX);
    ck_assert_uint_eq(e->extra_len, 32);
    side->suite = e->suite;
    if (strstr(e->label, "EARLY") != NULL) {
        memcpy(side->early_secret, e->payload, e->payload_len);
        return;
    }
    memcpy(side->secret[level][whose], e->payload, e->payload_len);
    side->has_secret[level][whose] = true;
}

void
gn_test_pair_log_event(void *context, const gn_event *event)
{
    gn_test_side *side = context;

    ck_assert_uint_eq(event->size, sizeof *event);
    ck_assert_uint_lt(event->kind, GN_EVENT_KINDS);
    side->events[event->kind]++;
    switch (event->kind) {
    case GN_EVENT_PACKET_SENT: log_sent(side, event); break;
    case GN_EVENT_PACKET_DROPPED:
        ck_assert_uint_lt(event->detail, GN_DROP_CAUSES);
        side->dropped[event->detail]++;
        break;
    case GN_EVENT_SECRET: log_secret(side, event); break;
    case GN_EVENT_KEYS_DISCARDED: side->discarded |= 1u << event->packet; break;
    default: break;
    }
}

static void
log_hash(gn_test_side *side, const gn_effect *e, gn_time now)
{
    static const uint8_t key[GN_SIPHASH_KEY_BYTES] = {7};
    const uint64_t words[] = {side->trace,
                              now,
                              e->kind,
                              e->detail,
                              e->flags,
                              e->ecn,
                              e->route,
                              e->stream,
                              e->offset,
                              e->code,
                              e->len,
                              e->frame_type,
                              gn_siphash(key, e->bytes, e->bytes == NULL ? 0 : e->len)};

    side->trace = gn_siphash(key, (const uint8_t *)words, sizeof words);
}

static gn_test_pair_log *
log_stream(gn_test_side *side, uint64_t id)
{
    uint32_t at = 0;

    while (at < side->streams && side->stream[at].id != id)
        at++;
    ck_assert_uint_lt(at, GN_TEST_STREAMS);
    if (at == side->streams) {
        side->stream[at].id = id;
        side->streams++;
    }
    return &side->stream[at];
}

static void
log_data(gn_test_pair_log *stream, const gn_effect *e)
{
    ck_assert_uint_eq(e->offset, stream->bytes); /* each byte once, in order */
    ck_assert(!stream->fin && !stream->reset);
    for (size_t i = 0; i < e->len; i++) /* an assertion for each byte would take ages */
        if (e->bytes[i] != gn_test_pair_byte(stream->id, stream->bytes + i))
            ck_abort_msg("stream %lu, byte %lu is wrong", (unsigned long)stream->id,
                         (unsigned long)(stream->bytes + i));
    stream->bytes += e->len;
    stream->fin = (e->flags & GN_EFFECT_FIN) != 0;
}

static void
log_about_stream(gn_test_side *side, const gn_effect *e)
{
    gn_test_pair_log *stream = log_stream(side, e->stream);

    switch (e->kind) {
    case GN_EFFECT_STREAM_DATA: log_data(stream, e); break;
    case GN_EFFECT_STREAM_RESET:
        ck_assert(!stream->reset);
        stream->reset = true;
        stream->reset_code = e->code;
        stream->reset_size = e->offset;
        break;
    case GN_EFFECT_STREAM_STOPPED:
        ck_assert(!stream->stopped);
        stream->stopped = true;
        stream->stop_code = e->code;
        break;
    default: stream->writable++; break;
    }
}

static void
log_state(gn_test_side *side, const gn_effect *e)
{
    side->states |= 1u << e->detail;
    if (e->detail == GN_STATE_ACCEPTED) {
        side->connection = e->connection;
        side->accepted++;
    }
    if (e->detail == GN_STATE_READY) {
        ck_assert_uint_le(e->len, GN_ALPN_MAX);
        memcpy(side->alpn, e->bytes, e->len);
    }
    if (e->detail == GN_STATE_KEYS_UPDATED)
        side->generation = e->code;
}

static void
log_closed(gn_test_side *side, const gn_effect *e, gn_time now)
{
    gn_test_closed *closed = &side->closed;

    if ((e->flags & GN_EFFECT_FORGOTTEN) != 0) {
        closed->forgotten++;
        closed->forgotten_at = now;
        return;
    }
    if (closed->times++ > 0)
        return;
    closed->at = now;
    closed->detail = e->detail;
    closed->code = e->code;
    closed->frame_type = e->frame_type;
    memcpy(closed->reason, e->bytes, e->len);
}

/* Datagrams of eight bytes and more know who they are. */
static void
log_message(gn_test_side *side, const gn_effect *e, gn_time now)
{
    gn_test_message *message = &side->message[side->messages++];

    ck_assert_uint_le(side->messages, GN_TEST_MESSAGES);
    *message = (gn_test_message){.at = now, .len = e->len, .kind = e->kind};
    for (size_t i = 0; i < e->len; i++)
        if (i < 8)
            message->id = message->id << 8 | e->bytes[i];
        else if (e->bytes[i] != gn_test_pair_byte(message->id, i))
            ck_abort_msg("datagram %lu, byte %lu is wrong", (unsigned long)message->id,
                         (unsigned long)i);
}

static void
log_fate(gn_test_side *side, const gn_effect *e, gn_time now)
{
    ck_assert_uint_lt(side->fates, GN_TEST_MESSAGES);
    side->fate[side->fates++] = (gn_test_message){
        .at = now, .id = e->code, .kind = e->kind, .detail = e->detail, .flags = e->flags};
}

void
gn_test_pair_log_effect(gn_test_side *side, const gn_effect *e, gn_time now)
{
    ck_assert_uint_eq(e->size, sizeof *e);
    ck_assert_uint_lt(e->kind, GN_EFFECT_KINDS);
    side->effects[e->kind]++;
    log_hash(side, e, now);
    switch (e->kind) {
    case GN_EFFECT_STREAM_DATA:
    case GN_EFFECT_STREAM_RESET:
    case GN_EFFECT_STREAM_STOPPED:
    case GN_EFFECT_STREAM_WRITABLE: log_about_stream(side, e); break;
    case GN_EFFECT_STREAMS_ALLOWED: side->allowed[e->detail] = e->code; break;
    case GN_EFFECT_STATE: log_state(side, e); break;
    case GN_EFFECT_PATH:
        if (side->notes < GN_TEST_NOTES)
            side->note[side->notes++] =
                (gn_test_note){.at = now, .route = e->route, .detail = e->detail};
        break;
    case GN_EFFECT_CLOSED: log_closed(side, e, now); break;
    case GN_EFFECT_NEW_TOKEN:
        ck_assert_uint_le(e->len, sizeof side->token);
        side->tokens++;
        side->token_len = e->len;
        memcpy(side->token, e->bytes, e->len);
        break;
    case GN_EFFECT_DATAGRAM: log_message(side, e, now); break;
    case GN_EFFECT_DATAGRAM_ACKED:
    case GN_EFFECT_DATAGRAM_LOST: log_fate(side, e, now); break;
    case GN_EFFECT_RESUMPTION_STATE:
        ck_assert_uint_le(e->len, sizeof side->state);
        side->resumptions++;
        side->state_len = e->len;
        memcpy(side->state, e->bytes, e->len);
        break;
    case GN_EFFECT_ZERO_RTT: side->zero_rtt |= 1u << e->detail; break;
    case GN_EFFECT_PACKET:
        ck_assert_uint_le(e->packet->datagram_off + e->len, GN_DATAGRAM_MAX);
        break;
    case GN_EFFECT_PREFERRED_ADDRESS: ck_assert_uint_gt(e->preferred->cid_len, 0); break;
    default: ck_assert_uint_eq(e->kind, GN_EFFECT_SEND); break;
    }
}

gn_test_pair_log *
gn_test_pair_stream(gn_test_pair *pair, int side, uint64_t stream)
{
    return log_stream(&pair->side[side], stream);
}

uint32_t
gn_test_pair_noted(const gn_test_pair *pair, int which, gn_route route, gn_path_change change)
{
    const gn_test_side *side = &pair->side[which];

    for (uint32_t i = 0; i < side->notes; i++)
        if (side->note[i].route == route && side->note[i].detail == (uint32_t)change)
            return i;
    return UINT32_MAX;
}

static bool
log_is_type(const gn_frame *frame, uint64_t type)
{
    if (type == GN_FRAME_STREAM)
        return frame->type >= GN_FRAME_STREAM && frame->type <= GN_FRAME_STREAM_LAST;
    return frame->type == type;
}

bool
gn_test_pair_sent(const gn_test_pair *pair, int which, uint64_t type, uint32_t *at, gn_frame *out)
{
    const gn_test_side *side = &pair->side[which];
    gn_fault fault;

    for (uint32_t i = *at; i < side->sents; i++) {
        gn_reader r = gn_reader_over(side->sent[i].payload, side->sent[i].payload_len);
        while (gn_reader_left(&r) > 0) {
            if (gn_frame_read(&r, out, &fault) != GN_OK)
                ck_abort_msg("a frame that was sent cannot be read: %s", fault.why);
            if (log_is_type(out, type)) {
                *at = i;
                return true;
            }
        }
    }
    return false;
}

void
gn_test_pair_expect_closed(gn_test_pair *pair, int which, gn_close_cause cause, uint64_t code,
                           const char *reason)
{
    const gn_test_closed *closed = &pair->side[which].closed;

    ck_assert_msg(closed->times == 1, "side %d is not closed, wanted: %s", which, reason);
    ck_assert_msg(closed->detail == (uint32_t)cause && closed->code == code &&
                      strncmp(closed->reason, reason, strlen(reason)) == 0,
                  "side %d closed by cause %u, code %#lx: %s; wanted cause %d, code %#lx: %s",
                  which, closed->detail, (unsigned long)closed->code, closed->reason, (int)cause,
                  (unsigned long)code, reason);
}

void
gn_test_pair_expect_fault(gn_test_pair *pair, int which, uint64_t code, const char *why)
{
    gn_frame frame;
    uint32_t at = 0;

    gn_test_pair_expect_closed(pair, which, GN_CLOSE_LOCAL_TRANSPORT, code, why);
    ck_assert(gn_test_pair_sent(pair, which, GN_FRAME_CLOSE, &at, &frame));
    ck_assert_uint_eq(frame.as.close.error_code, code);
    ck_assert_uint_eq(frame.as.close.frame_type, pair->side[which].closed.frame_type);
}

void
gn_test_pair_expect_alive(gn_test_pair *pair)
{
    for (int i = 0; i < 2; i++)
        ck_assert_msg(pair->side[i].closed.times == 0, "side %d closed: %s", i,
                      pair->side[i].closed.reason);
    const uint64_t stream = gn_test_pair_open(pair, GN_TEST_CLIENT, false);
    ck_assert_uint_eq(gn_test_pair_write(pair, GN_TEST_CLIENT, stream, 0, 100, true), 100);
    gn_test_pair_settle(pair);
    ck_assert(gn_test_pair_stream(pair, GN_TEST_SERVER, stream)->fin);
    ck_assert_uint_eq(gn_test_pair_stream(pair, GN_TEST_SERVER, stream)->bytes, 100);
}
