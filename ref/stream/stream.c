/*
 * stream.c: see stream.h.
 */
#include "stream/stream.h"

#include "base/assert.h"
#include "stream/recv_gaps.h"

static gn_send_state
stream_send_state(const gn_stream *s)
{
    return (gn_send_state)s->send_state;
}

static gn_recv_state
stream_recv_state(const gn_stream *s)
{
    return (gn_recv_state)s->recv_state;
}

void
gn_stream_step_send(gn_stream *s, gn_send_event event)
{
    gn_send_state state = stream_send_state(s);
    const gn_err err = gn_send_state_step(&state, event);

    GN_ASSERT(err == GN_OK);
    s->send_state = (uint8_t)state;
}

void
gn_stream_step_recv(gn_stream *s, gn_recv_event event)
{
    gn_recv_state state = stream_recv_state(s);
    const gn_err err = gn_recv_state_step(&state, event);

    GN_ASSERT(err == GN_OK);
    s->recv_state = (uint8_t)state;
}

void
gn_stream_end_stopped(gn_stream *s)
{
    gn_stream_step_recv(s, GN_RECV_ON_ALL_DATA);
    gn_stream_step_recv(s, GN_RECV_ON_DATA_READ);
    s->pending &= (uint8_t)~GN_STREAM_PENDING_STOP;
}

void
gn_stream_init(gn_stream *s, uint64_t id, bool we_are_server, uint64_t window, uint64_t limit)
{
    const bool local = gn_stream_id_is_server(id) == we_are_server;
    const bool uni = gn_stream_id_is_uni(id);

    *s = (gn_stream){
        .id = id,
        .readable_next = GN_POOL_NONE,
        .readable_prev = GN_POOL_NONE,
        .bucket_next = GN_POOL_NONE,
        .send_state = uni && !local ? GN_SEND_DATA_RECVD : GN_SEND_READY,
        .recv_state = uni && local ? GN_RECV_DATA_READ : GN_RECV_RECV,
    };
    gn_send_buf_init(&s->out);
    gn_recv_buf_init(&s->in);
    gn_marks_init(&s->came);
    gn_credit_out_init(&s->credit_out, uni && !local ? 0 : limit);
    gn_credit_in_init(&s->credit_in, uni && local ? 0 : window, GN_CREDIT_TOP_BYTES);
    for (uint32_t i = 0; i < GN_STREAM_TURNS; i++)
        gn_turns_clear(&s->turn[i]);
}

/* Nobody will read what is here. */
static void
stream_wipe_in(gn_stream *s, gn_slots chunks)
{
    gn_recv_buf_wipe(&s->in, chunks);
    gn_marks_wipe(&s->came, chunks);
}

static bool
stream_unordered(const gn_stream *s)
{
    return (s->flags & GN_STREAM_UNORDERED) != 0;
}

/* Has every byte up to a known final size arrived? */
static bool
stream_complete(const gn_stream *s, gn_slots chunks)
{
    return stream_unordered(s) ? gn_recv_gaps_complete(&s->in, &s->came, chunks)
                               : gn_recv_buf_complete(&s->in);
}

/* Are there bytes to be delivered? */
static bool
stream_has_bytes(const gn_stream *s)
{
    return stream_unordered(s) ? gn_recv_gaps_any(&s->in) : gn_recv_buf_ready(&s->in) > 0;
}

void
gn_stream_wipe(gn_stream *s, gn_slots chunks)
{
    gn_send_buf_wipe(&s->out, chunks);
    stream_wipe_in(s, chunks);
}

/* Would the peer, having used the stream up to end_off, be within both limits? [R-9000-4.1-2] */
static gn_err
stream_judge_credit(const gn_stream *s, const gn_credit_in *total, uint64_t end_off,
                    uint64_t frame_type, gn_fault *fault)
{
    const uint64_t before = s->credit_in.received;
    const uint64_t more = end_off > before ? end_off - before : 0;

    /* [R-9000-19.10-4] */
    if (!gn_credit_in_allows(&s->credit_in, end_off))
        return gn_fault_set(fault, GN_FAULT_FLOW_CONTROL, frame_type,
                            "RFC 9000 4.1: more than the stream's limit");
    /* [R-9000-19.9-2] */
    if (!gn_credit_in_allows(total, total->received + more))
        return gn_fault_set(fault, GN_FAULT_FLOW_CONTROL, frame_type,
                            "RFC 9000 4.1: more than the connection's limit");
    return GN_OK;
}

/* Counts use up to end_off, on the stream and in total. */
static void
stream_receive_credit(gn_stream *s, gn_credit_in *total, uint64_t end_off)
{
    if (end_off <= s->credit_in.received)
        return;
    gn_credit_in_on_received(total, total->received + (end_off - s->credit_in.received));
    gn_credit_in_on_received(&s->credit_in, end_off);
}

/* What was received and will never be read gives its credit back to the connection. */
static void
stream_forfeit_credit(gn_stream *s, gn_credit_in *total)
{
    const uint64_t unread = s->credit_in.received - s->credit_in.consumed;

    gn_credit_in_on_consumed(&s->credit_in, unread);
    gn_credit_in_on_consumed(total, unread);
}

static gn_err
stream_write_in(gn_stream *s, gn_slots chunks, gn_credit_in *total, uint64_t off, gn_span bytes)
{
    if (!stream_unordered(s))
        return gn_recv_buf_write(&s->in, chunks, off, bytes.ptr, bytes.len);
    const gn_err err = gn_recv_gaps_write(&s->in, &s->came, chunks, off, bytes.ptr, bytes.len);
    /* What was taken is used, though it comes again. */
    stream_receive_credit(s, total, gn_recv_buf_highest(&s->in));
    return err;
}

gn_err
gn_stream_on_data(gn_stream *s, gn_slots chunks, gn_credit_in *total, const gn_frame_stream *frame,
                  gn_fault *fault)
{
    const uint64_t end_off = frame->off + frame->data.len;
    gn_err err = gn_recv_buf_judge(&s->in, end_off, frame->fin, GN_FRAME_STREAM, fault);
    if (err != GN_OK)
        return err;
    err = stream_judge_credit(s, total, end_off, GN_FRAME_STREAM, fault);
    if (err != GN_OK)
        return err;

    /* RFC 9000 3.2: after a reset, or once all is here, what still arrives is discarded. */
    if (!gn_stream_receiving(s))
        return GN_OK;

    const bool stopped = (s->flags & GN_STREAM_STOPPED) != 0;
    if (!stopped) {
        err = stream_write_in(s, chunks, total, frame->off, frame->data);
        if (err != GN_OK)
            return err;
    }
    gn_recv_buf_skip(&s->in, end_off);
    stream_receive_credit(s, total, end_off);
    if (frame->fin) {
        gn_recv_buf_set_final(&s->in, end_off);
        gn_stream_step_recv(s, GN_RECV_ON_FIN);
    }
    if (stopped) {
        /* RFC 9000 3.5: counted towards flow control although dropped. */
        stream_forfeit_credit(s, total);
        if (frame->fin)
            gn_stream_end_stopped(s);
    } else if (stream_complete(s, chunks)) {
        gn_stream_step_recv(s, GN_RECV_ON_ALL_DATA);
    }
    return GN_OK;
}

gn_err
gn_stream_on_reset(gn_stream *s, gn_slots chunks, gn_credit_in *total,
                   const gn_frame_reset_stream *frame, gn_fault *fault)
{
    const uint64_t final_size = frame->final_size;
    gn_err err = gn_recv_buf_judge(&s->in, final_size, true, GN_FRAME_RESET_STREAM, fault);
    if (err != GN_OK)
        return err;
    err = stream_judge_credit(s, total, final_size, GN_FRAME_RESET_STREAM, fault);
    if (err != GN_OK)
        return err;
    if (!gn_stream_receiving(s))
        return GN_OK;

    /* RFC 9000 4.5: the final size counts as received, whatever arrived of it. [R-9000-4.5-1] */
    stream_wipe_in(s, chunks);
    gn_recv_buf_skip(&s->in, final_size);
    gn_recv_buf_set_final(&s->in, final_size);
    stream_receive_credit(s, total, final_size);
    stream_forfeit_credit(s, total);
    gn_stream_step_recv(s, GN_RECV_ON_RESET);
    s->pending &= (uint8_t)~GN_STREAM_PENDING_STOP;
    s->peer_reset_code = frame->error_code;
    if ((s->flags & GN_STREAM_STOPPED) != 0)
        gn_stream_step_recv(s, GN_RECV_ON_RESET_READ);
    else
        s->events |= GN_STREAM_EVENT_RESET;
    return GN_OK;
}

/* Abandons the sending half. [R-9000-11.2-1] */
static void
stream_abandon(gn_stream *s, gn_slots chunks, uint64_t code)
{
    gn_stream_step_send(s, GN_SEND_ON_RESET);
    gn_send_buf_wipe(&s->out, chunks);
    s->reset_code = code;
    s->pending |= GN_STREAM_PENDING_RESET;
    s->flags &= (uint8_t)~GN_STREAM_STARVED;
    s->events &= (uint8_t)~GN_STREAM_EVENT_WRITABLE;
}

void
gn_stream_on_stop_sending(gn_stream *s, gn_slots chunks, uint64_t code)
{
    if (!gn_stream_sending(s))
        return;

    /* RFC 9000 3.5: answered with a reset that copies the code, also when only acknowledgements are
     * missing, for the bytes would not be read. [R-9000-3.5-1] */
    s->peer_stop_code = code;
    s->events |= GN_STREAM_EVENT_STOP;
    /* [R-9000-3.5-2] */
    stream_abandon(s, chunks, code);
}

void
gn_stream_on_max_data(gn_stream *s, uint64_t limit)
{
    /* RFC 9000 3.1: of no use once all was sent, and harmless. */
    (void)gn_credit_out_raise(&s->credit_out, limit);
}

/* May the application still add bytes or the end? [R-9000-4.5-2] */
static bool
stream_writable(const gn_stream *s)
{
    return gn_stream_sending(s) && (s->out.fin & GN_SEND_FIN_SET) == 0;
}

void
gn_stream_restart(gn_stream *s, gn_slots chunks)
{
    gn_credit_out_init(&s->credit_out, 0);
    if (gn_stream_sending(s)) {
        gn_send_buf_restart(&s->out, chunks);
        s->send_state = GN_SEND_READY;
    } else if (stream_send_state(s) == GN_SEND_RESET_SENT) {
        /* What was abandoned never began: its final size is 0. */
        gn_send_buf_wipe(&s->out, chunks);
        gn_send_buf_init(&s->out);
        s->pending |= GN_STREAM_PENDING_RESET;
    }
}

gn_err
gn_stream_write(gn_stream *s, gn_slots chunks, gn_span bytes, uint64_t cap_bytes, size_t *accepted)
{
    if (!stream_writable(s))
        return GN_ERR_STATE;

    /* RFC 9000 19.8: no byte lies beyond the largest offset. */
    const uint64_t left = GN_CREDIT_TOP_BYTES - s->out.end_off;
    const size_t want = bytes.len < left ? bytes.len : (size_t)left;
    const size_t done = gn_send_buf_push(&s->out, chunks, bytes.ptr, want, cap_bytes);
    const uint64_t held = gn_send_buf_held(&s->out);
    if (done < bytes.len && held == 0)
        return GN_ERR_FULL;

    s->events &= (uint8_t)~GN_STREAM_EVENT_WRITABLE;
    s->flags &= (uint8_t)~GN_STREAM_STARVED;
    if (done < bytes.len) {
        s->flags |= GN_STREAM_STARVED;
        s->room_off = s->out.acked_off + (held + 1) / 2;
    }
    *accepted = done;
    return GN_OK;
}

gn_err
gn_stream_fin(gn_stream *s)
{
    if (!stream_writable(s))
        return GN_ERR_STATE;
    gn_send_buf_fin(&s->out);
    s->flags &= (uint8_t)~GN_STREAM_STARVED;
    s->events &= (uint8_t)~GN_STREAM_EVENT_WRITABLE;
    return GN_OK;
}

gn_err
gn_stream_reset(gn_stream *s, gn_slots chunks, uint64_t code)
{
    if (!gn_stream_sending(s))
        return GN_ERR_STATE;
    stream_abandon(s, chunks, code);
    return GN_OK;
}

gn_err
gn_stream_stop(gn_stream *s, gn_slots chunks, gn_credit_in *total, uint64_t code)
{
    if (gn_recv_state_terminal(stream_recv_state(s)) || (s->flags & GN_STREAM_STOPPED) != 0)
        return GN_ERR_STATE;

    stream_wipe_in(s, chunks);
    stream_forfeit_credit(s, total);
    s->flags |= GN_STREAM_STOPPED;
    if (gn_stream_receiving(s)) {
        s->stop_code = code;
        s->pending |= GN_STREAM_PENDING_STOP;
    } else if (s->recv_state == GN_RECV_DATA_RECVD) {
        /* RFC 9000 3.5: the peer has nothing left to stop. */
        gn_stream_step_recv(s, GN_RECV_ON_DATA_READ);
    } else {
        gn_stream_step_recv(s, GN_RECV_ON_RESET_READ);
        s->events &= (uint8_t)~GN_STREAM_EVENT_RESET;
    }
    return GN_OK;
}

bool
gn_stream_readable(const gn_stream *s)
{
    return s->events != 0 || stream_has_bytes(s) || s->recv_state == GN_RECV_DATA_RECVD;
}

bool
gn_stream_peek(const gn_stream *s, gn_slots chunks, uint64_t *off, gn_span *out, bool *fin)
{
    gn_span bytes = gn_span_of(NULL, 0);
    uint64_t first = s->in.read_off;
    const bool some = stream_unordered(s) ? gn_recv_gaps_peek(&s->in, chunks, &first, &bytes)
                                          : gn_recv_buf_peek(&s->in, chunks, &bytes);
    /* Pieces come from the lowest up, so none is left behind the one that reaches the end. */
    const bool ends = s->recv_state == GN_RECV_DATA_RECVD && first + bytes.len == s->in.final_size;

    if (!some && !ends)
        return false;
    *off = first;
    *out = bytes;
    *fin = ends;
    return true;
}

void
gn_stream_consume(gn_stream *s, gn_slots chunks, gn_credit_in *total, uint64_t n)
{
    uint64_t off = s->in.read_off;
    gn_span bytes;

    if (stream_unordered(s))
        (void)gn_recv_gaps_peek(&s->in, chunks, &off, &bytes);
    if (stream_unordered(s))
        gn_recv_gaps_consume(&s->in, &s->came, chunks, n);
    else
        gn_recv_buf_consume(&s->in, chunks, n);
    gn_credit_in_on_consumed(&s->credit_in, n);
    gn_credit_in_on_consumed(total, n);
    if (s->recv_state == GN_RECV_DATA_RECVD && off + n == s->in.final_size)
        gn_stream_step_recv(s, GN_RECV_ON_DATA_READ);
}

bool
gn_stream_take(gn_stream *s, uint8_t event)
{
    if ((s->events & event) == 0)
        return false;
    s->events &= (uint8_t)~event;
    if (event == GN_STREAM_EVENT_RESET)
        gn_stream_step_recv(s, GN_RECV_ON_RESET_READ);
    return true;
}

/* [R-9000-4.4-1] */
bool
gn_stream_finished(const gn_stream *s)
{
    return gn_send_state_terminal(stream_send_state(s)) &&
           gn_recv_state_terminal(stream_recv_state(s)) && s->events == 0 && s->pending == 0;
}

/* Is what the receiving half says of itself consistent? */
static bool
stream_check_recv(const gn_stream *s, gn_slots chunks)
{
    const bool final = s->in.final_size != GN_RECV_SIZE_UNKNOWN;
    const bool stopped = (s->flags & GN_STREAM_STOPPED) != 0;

    if (s->credit_in.received != s->in.high_off)
        return false;
    if (s->recv_state == GN_RECV_RECV && final)
        return false;
    if (s->recv_state == GN_RECV_SIZE_KNOWN && (!final || stream_complete(s, chunks)) && !stopped)
        return false;
    if (s->recv_state == GN_RECV_DATA_RECVD && !stream_complete(s, chunks))
        return false;
    if (stream_unordered(s) && !stopped && s->recv_state <= GN_RECV_DATA_RECVD &&
        !gn_recv_gaps_check(&s->in, &s->came, chunks))
        return false;
    if (((s->events & GN_STREAM_EVENT_RESET) != 0) != (s->recv_state == GN_RECV_RESET_RECVD))
        return false;
    if ((s->pending & GN_STREAM_PENDING_STOP) != 0 && (!stopped || !gn_stream_receiving(s)))
        return false;
    return !stopped || s->credit_in.consumed == s->credit_in.received;
}

bool
gn_stream_check(const gn_stream *s, gn_slots chunks)
{
    if (s->send_state >= GN_SEND_STATES || s->recv_state >= GN_RECV_STATES)
        return false;
    if (!gn_send_buf_check(&s->out, chunks) || !gn_recv_buf_check(&s->in, chunks))
        return false;
    if (!gn_credit_out_check(&s->credit_out) || !gn_credit_in_check(&s->credit_in))
        return false;
    if (s->credit_out.used != s->out.next_off)
        return false;
    if ((s->send_state == GN_SEND_DATA_SENT) !=
        (gn_stream_sending(s) && (s->out.fin & GN_SEND_FIN_SENT) != 0))
        return false;
    if ((s->pending & GN_STREAM_PENDING_RESET) != 0 && s->send_state != GN_SEND_RESET_SENT)
        return false;
    return stream_check_recv(s, chunks);
}
