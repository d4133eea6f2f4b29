/*
 * close.c: see close.h.
 */
#include "conn/close.h"

#include <string.h>

#include "base/assert.h"

void
gn_close_init(gn_close *c)
{
    memset(c, 0, sizeof *c);
    c->ends_at = GN_NEVER;
    c->reply_at = 1;
}

static void
close_keep_reason(gn_close *c, const void *reason, size_t len)
{
    c->reason_len = (uint8_t)(len < GN_REASON_MAX ? len : GN_REASON_MAX);
    if (c->reason_len > 0)
        memcpy(c->reason, reason, c->reason_len);
}

static void
close_begin(gn_close *c, gn_close_phase phase, gn_close_cause cause, gn_time ends_at)
{
    GN_ASSERT(c->phase == GN_CLOSE_OPEN);
    c->phase = (uint8_t)phase;
    c->cause = (uint8_t)cause;
    c->ends_at = ends_at;
    c->owed = phase == GN_CLOSE_CLOSING;
}

void
gn_close_on_fault(gn_close *c, const gn_fault *fault, gn_time now, gn_time lasts_us)
{
    if (!gn_close_is_open(c))
        return;
    GN_ASSERT(fault->why != NULL);
    /* [R-9000-10.3-1] */
    close_begin(c, GN_CLOSE_CLOSING, GN_CLOSE_LOCAL_TRANSPORT, gn_time_after(now, lasts_us));
    c->code = fault->wire_code;
    c->frame_type = fault->frame_type;
    close_keep_reason(c, fault->why, strlen(fault->why));
}

void
gn_close_on_request(gn_close *c, uint64_t code, const char *reason, size_t reason_len, gn_time now,
                    gn_time lasts_us)
{
    if (!gn_close_is_open(c))
        return;
    close_begin(c, GN_CLOSE_CLOSING, GN_CLOSE_LOCAL_APPLICATION, gn_time_after(now, lasts_us));
    c->code = code;
    close_keep_reason(c, reason, reason_len);
}

void
gn_close_on_peer(gn_close *c, const gn_frame *frame, gn_time now, gn_time lasts_us)
{
    GN_ASSERT(frame->type == GN_FRAME_CLOSE || frame->type == GN_FRAME_CLOSE_APP);
    if (c->phase == GN_CLOSE_CLOSING) {
        /* RFC 9000 10.2.2: the peer knows, so there is nothing left to say. */
        c->phase = GN_CLOSE_DRAINING;
        /* [R-9000-10.2.2-1] */
        c->owed = 0;
        return;
    }
    if (!gn_close_is_open(c))
        return;
    close_begin(c, GN_CLOSE_DRAINING,
                frame->type == GN_FRAME_CLOSE ? GN_CLOSE_PEER_TRANSPORT : GN_CLOSE_PEER_APPLICATION,
                gn_time_after(now, lasts_us));
    c->code = frame->as.close.error_code;
    c->frame_type = frame->as.close.frame_type;
    close_keep_reason(c, frame->as.close.reason.ptr, frame->as.close.reason.len);
}

void
gn_close_on_silence(gn_close *c, gn_close_cause cause, gn_time now)
{
    GN_ASSERT(cause == GN_CLOSE_IDLE || cause == GN_CLOSE_NO_PATH);
    if (gn_close_is_open(c))
        close_begin(c, GN_CLOSE_CLOSED, cause, now);
}

void
gn_close_on_no_version(gn_close *c, gn_time now)
{
    static const char why[] = "RFC 9000 6.2: no version in common";

    if (!gn_close_is_open(c))
        return;
    close_begin(c, GN_CLOSE_CLOSED, GN_CLOSE_VERSION, now);
    close_keep_reason(c, why, sizeof why - 1);
}

void
gn_close_on_reset(gn_close *c, gn_time now, gn_time lasts_us)
{
    if (gn_close_is_open(c))
        close_begin(c, GN_CLOSE_DRAINING, GN_CLOSE_STATELESS_RESET, gn_time_after(now, lasts_us));
}

void
gn_close_on_packet(gn_close *c)
{
    if (c->phase != GN_CLOSE_CLOSING)
        return;
    c->received++;
    if (c->received >= c->reply_at) {
        c->owed = 1;
        c->reply_at = c->received * 2;
    }
}

void
gn_close_on_tick(gn_close *c, gn_time now)
{
    if (c->phase != GN_CLOSE_OPEN && c->ends_at <= now) {
        c->phase = GN_CLOSE_CLOSED;
        c->owed = 0;
    }
}

void
gn_close_on_sent(gn_close *c)
{
    c->owed = 0;
}

void
gn_close_fill(const gn_close *c, gn_packet_kind kind, gn_frame *out)
{
    const bool application = c->cause == GN_CLOSE_LOCAL_APPLICATION;

    out->type = GN_FRAME_CLOSE;
    out->as.close.error_code = c->code;
    out->as.close.frame_type = c->frame_type;
    out->as.close.reason = gn_span_of((const uint8_t *)c->reason, c->reason_len);
    if (!application)
        return;
    /* [R-9000-10.2.3-2] */
    if (kind == GN_PACKET_ONE_RTT) {
        /* [R-9000-12.5-1] */
        out->type = GN_FRAME_CLOSE_APP;
    } else {
        /* RFC 9000 10.2.3: the code and the reason are the application's own business.
         * [R-9000-10.2.3-3] */
        out->as.close.error_code = GN_FAULT_APPLICATION;
        out->as.close.reason = gn_span_of(NULL, 0);
    }
}
