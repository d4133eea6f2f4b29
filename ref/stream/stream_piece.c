/*
 * stream_piece.c: see stream_piece.h.
 */
#include "stream/stream_piece.h"

#include "base/assert.h"
#include "stream/credit.h"
#include "stream/recv_state.h"
#include "stream/send_buf.h"
#include "stream/send_state.h"

/* Is MAX_STREAM_DATA due? RFC 9000 3.3: in the state Recv only. */
static bool
stream_piece_wants_max_data(const gn_stream *s)
{
    return s->recv_state == GN_RECV_RECV && (s->flags & GN_STREAM_STOPPED) == 0 &&
           gn_credit_in_wants(&s->credit_in);
}

/* Is STREAM_DATA_BLOCKED due? [R-9000-3.3-2] */
static bool
stream_piece_wants_blocked(const gn_stream *s)
{
    return gn_stream_sending(s) && gn_send_buf_blocked(&s->out, s->credit_out.limit) &&
           gn_credit_out_wants_blocked(&s->credit_out);
}

bool
gn_stream_piece_owed(const gn_stream *s, gn_slots chunks)
{
    return s->pending != 0 || stream_piece_wants_max_data(s) || stream_piece_wants_blocked(s) ||
           (gn_stream_sending(s) && gn_send_buf_wants_again(&s->out, chunks));
}

bool
gn_stream_piece_fresh(const gn_stream *s)
{
    return gn_stream_sending(s) && s->out.next_off < s->out.end_off &&
           s->out.next_off < s->credit_out.limit;
}

/* The control frame that is due, if one is. */
static bool
stream_piece_control(const gn_stream *s, gn_stream_piece *out)
{
    if ((s->pending & GN_STREAM_PENDING_RESET) != 0)
        *out = (gn_stream_piece){/* [R-9000-13.3-1] */
                                 .kind = GN_STREAM_PIECE_RESET,
                                 .off = s->credit_out.used,
                                 .code = s->reset_code};
    else if ((s->pending & GN_STREAM_PENDING_STOP) != 0)
        *out = (gn_stream_piece){.kind = GN_STREAM_PIECE_STOP, .code = s->stop_code};
    else if (stream_piece_wants_max_data(s))
        *out = (gn_stream_piece){.kind = GN_STREAM_PIECE_MAX_DATA,
                                 .off = gn_credit_in_next(&s->credit_in)};
    else if (stream_piece_wants_blocked(s))
        *out = (gn_stream_piece){.kind = GN_STREAM_PIECE_BLOCKED, .off = s->credit_out.limit};
    else
        return false;
    out->id = s->id;
    return true;
}

bool
gn_stream_piece_next(const gn_stream *s, gn_slots chunks, uint64_t total_left, size_t room,
                     gn_stream_piece *out)
{
    if (stream_piece_control(s, out))
        return true;
    /* [R-9000-3.3-1] */
    if (!gn_stream_sending(s))
        return false;

    /* [R-9000-2.2-3] */
    const uint64_t own_left = gn_credit_out_left(&s->credit_out);
    const uint64_t left = own_left < total_left ? own_left : total_left;
    gn_send_piece data;
    if (!gn_send_buf_next(&s->out, chunks, s->out.next_off + left, room, &data))
        return false;
    *out = (gn_stream_piece){
        .id = s->id,
        .off = data.off,
        .len = data.len,
        .kind = GN_STREAM_PIECE_DATA,
        .fin = data.fin,
        .is_new = data.is_new,
    };
    return true;
}

void
gn_stream_piece_cut(gn_stream_piece *piece, uint32_t len)
{
    if (piece->kind != GN_STREAM_PIECE_DATA || len >= piece->len)
        return;
    piece->len = len;
    piece->fin = false;
}

static void
stream_piece_data_sent(gn_stream *s, gn_slots chunks, const gn_stream_piece *piece)
{
    const gn_send_piece data = {
        .off = piece->off, .len = piece->len, .fin = piece->fin, .is_new = piece->is_new};

    gn_send_buf_on_sent(&s->out, chunks, &data);
    if (data.is_new)
        /* [R-9000-19.10-3] */
        gn_credit_out_use(&s->credit_out, data.len);
    gn_stream_step_send(s, data.fin ? GN_SEND_ON_FIN : GN_SEND_ON_DATA);
}

void
gn_stream_piece_on_sent(gn_stream *s, gn_slots chunks, const gn_stream_piece *piece)
{
    GN_ASSERT(piece->id == s->id);
    switch ((gn_stream_piece_kind)piece->kind) {
    case GN_STREAM_PIECE_DATA: stream_piece_data_sent(s, chunks, piece); break;
    case GN_STREAM_PIECE_RESET: s->pending &= (uint8_t)~GN_STREAM_PENDING_RESET; break;
    case GN_STREAM_PIECE_STOP: s->pending &= (uint8_t)~GN_STREAM_PENDING_STOP; break;
    case GN_STREAM_PIECE_MAX_DATA: gn_credit_in_on_sent(&s->credit_in, piece->off); break;
    case GN_STREAM_PIECE_BLOCKED:
        gn_credit_out_on_blocked_sent(&s->credit_out);
        gn_stream_step_send(s, GN_SEND_ON_DATA);
        break;
    case GN_STREAM_PIECE_KINDS: GN_ASSERT(false);
    }
}

static void
stream_piece_data_acked(gn_stream *s, gn_slots chunks, const gn_stream_piece *piece)
{
    /* After a reset the bytes are forgotten, and news of them matters no more. */
    if (!gn_stream_sending(s))
        return;
    gn_send_buf_on_acked(&s->out, chunks, piece->off, piece->len, piece->fin);
    if (gn_send_buf_all_acked(&s->out)) {
        gn_stream_step_send(s, GN_SEND_ON_ALL_ACKED);
    } else if ((s->flags & GN_STREAM_STARVED) != 0 && s->out.acked_off >= s->room_off) {
        s->flags &= (uint8_t)~GN_STREAM_STARVED;
        s->events |= GN_STREAM_EVENT_WRITABLE;
    }
}

void
gn_stream_piece_on_acked(gn_stream *s, gn_slots chunks, const gn_stream_piece *piece)
{
    GN_ASSERT(piece->id == s->id);
    if (piece->kind == GN_STREAM_PIECE_DATA) {
        stream_piece_data_acked(s, chunks, piece);
    } else if (piece->kind == GN_STREAM_PIECE_RESET && s->send_state == GN_SEND_RESET_SENT) {
        s->pending &= (uint8_t)~GN_STREAM_PENDING_RESET;
        gn_stream_step_send(s, GN_SEND_ON_RESET_ACKED);
    } else if (piece->kind == GN_STREAM_PIECE_STOP && s->recv_state == GN_RECV_SIZE_KNOWN) {
        gn_stream_end_stopped(s);
    }
}

void
gn_stream_piece_on_lost(gn_stream *s, gn_slots chunks, const gn_stream_piece *piece)
{
    GN_ASSERT(piece->id == s->id);
    switch ((gn_stream_piece_kind)piece->kind) {
    case GN_STREAM_PIECE_DATA:
        if (gn_stream_sending(s))
            gn_send_buf_on_lost(&s->out, chunks, piece->off, piece->len, piece->fin);
        break;
    case GN_STREAM_PIECE_RESET:
        /* RFC 9000 13.3: until acknowledged, or all data was. */
        if (s->send_state == GN_SEND_RESET_SENT)
            s->pending |= GN_STREAM_PENDING_RESET;
        break;
    case GN_STREAM_PIECE_STOP:
        /* RFC 9000 3.5: unnecessary once the size is settled or all data is here. */
        if (gn_stream_receiving(s))
            s->pending |= GN_STREAM_PENDING_STOP;
        break;
    case GN_STREAM_PIECE_MAX_DATA: gn_credit_in_on_lost(&s->credit_in, piece->off); break;
    case GN_STREAM_PIECE_BLOCKED: gn_credit_out_on_blocked_lost(&s->credit_out, piece->off); break;
    case GN_STREAM_PIECE_KINDS: GN_ASSERT(false);
    }
}
