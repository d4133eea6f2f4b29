/*
 * frame_misc.c: see frame.h and frame_parts.h.
 */
#include "wire/frame.h"
#include "wire/frame_parts.h"

/* How much of a run of PADDING is compared at a time. */
#define MISC_STRIDE 64

static const uint8_t misc_zeros[MISC_STRIDE];

/*@
  requires \valid_read(p + (0 .. MISC_STRIDE - 1));
  terminates \true; exits \false;
  assigns \nothing;
  ensures zeros: \result <==> \forall integer i; 0 <= i < MISC_STRIDE ==> p[i] == 0;
*/
static bool
misc_is_padding(const uint8_t *p)
{
    //@ assert zeros: \forall integer i; 0 <= i < MISC_STRIDE ==> misc_zeros[i] == 0;
    return gn_bytes_equal(p, misc_zeros, MISC_STRIDE);
}

/* The type byte was the first of the run; steps over those that follow it. */
/*@
  requires reader_ok(in) && in->len < SIZE_MAX;
  terminates \true; exits \false;
  assigns in->at;
  ensures ok: reader_ok(in);
  ensures count: \result == 1 + (in->at - \old(in->at)) && \old(in->at) <= in->at;
  ensures all: in->at == in->len || in->base[in->at] != 0;
*/
static size_t
misc_skip_padding(gn_reader *in)
{
    const size_t start = in->at;

    /*@
      loop invariant reader_ok(in) && start <= in->at;
      loop assigns in->at;
      loop variant in->len - in->at;
    */
    while (gn_reader_left(in) >= MISC_STRIDE && misc_is_padding(in->base + in->at))
        in->at += MISC_STRIDE;
    /*@
      loop invariant reader_ok(in) && start <= in->at;
      loop assigns in->at;
      loop variant in->len - in->at;
    */
    while (gn_reader_left(in) > 0 && in->base[in->at] == 0)
        in->at += 1;
    return 1 + (in->at - start);
}

/*@
  requires reader_ok(in) && \valid(out) && \separated(in, out, in->base + (0 .. in->len - 1));
  terminates \true; exits \false;
  assigns in->at, out->as.reset_stream;
  ensures ok: reader_ok(in);
  ensures forth: \old(in->at) <= in->at;
  ensures says: \result == GN_OK || \result == GN_ERR_SHORT;
  ensures sound: \result == GN_OK ==> \old(in->at) < in->at && reset_sound(out->as.reset_stream);
*/
static gn_err
misc_read_reset_stream(gn_reader *in, gn_frame *out)
{
    gn_frame_reset_stream reset = {0};

    if (gn_varint_read(in, &reset.id) != GN_OK || gn_varint_read(in, &reset.error_code) != GN_OK ||
        gn_varint_read(in, &reset.final_size) != GN_OK)
        return GN_ERR_SHORT;
    //@ ghost Read: ;
    out->as.reset_stream = reset;
    //@ assert at: in->at == \at(in->at, Read);
    //@ assert base: in->base == \at(in->base, Read);
    //@ assert len: in->len == \at(in->len, Read);
    return GN_OK;
}

/*@
  requires reader_ok(in) && \valid(out) && \separated(in, out, in->base + (0 .. in->len - 1));
  terminates \true; exits \false;
  assigns in->at, out->as.stop_sending;
  ensures ok: reader_ok(in);
  ensures forth: \old(in->at) <= in->at;
  ensures says: \result == GN_OK || \result == GN_ERR_SHORT;
  ensures sound: \result == GN_OK ==> \old(in->at) < in->at && stop_sound(out->as.stop_sending);
*/
static gn_err
misc_read_stop_sending(gn_reader *in, gn_frame *out)
{
    gn_frame_stop_sending stop = {0};

    if (gn_varint_read(in, &stop.id) != GN_OK || gn_varint_read(in, &stop.error_code) != GN_OK)
        return GN_ERR_SHORT;
    //@ ghost Read: ;
    out->as.stop_sending = stop;
    //@ assert at: in->at == \at(in->at, Read);
    //@ assert base: in->base == \at(in->base, Read);
    //@ assert len: in->len == \at(in->len, Read);
    return GN_OK;
}

/* RFC 9000 19.19: an application's error has no frame type. */
/*@
  requires reader_ok(in) && \valid(error_code) && \valid(frame_type) && *frame_type == 0;
  requires \separated(in, error_code, frame_type, in->base + (0 .. in->len - 1));
  terminates \true; exits \false;
  assigns in->at, *error_code, *frame_type;
  ensures ok: reader_ok(in);
  ensures forth: \old(in->at) <= in->at;
  ensures says: \result == GN_OK || \result == GN_ERR_SHORT;
  ensures range: \result == GN_OK ==>
    *error_code <= GN_VARINT_MAX && *frame_type <= GN_VARINT_MAX;
  ensures none: \result == GN_OK && type != GN_FRAME_CLOSE ==> *frame_type == 0;
*/
static gn_err
misc_read_codes(gn_reader *in, uint64_t type, uint64_t *error_code, uint64_t *frame_type)
{
    if (gn_varint_read(in, error_code) != GN_OK)
        return GN_ERR_SHORT;
    return type == GN_FRAME_CLOSE ? gn_varint_read(in, frame_type) : GN_OK;
}

/*@
  requires close_type(type);
  requires reader_ok(in) && \valid(out) && \separated(in, out, in->base + (0 .. in->len - 1));
  terminates \true; exits \false;
  assigns in->at, out->as.close;
  ensures ok: reader_ok(in);
  ensures forth: \old(in->at) <= in->at;
  ensures says: \result == GN_OK || \result == GN_ERR_SHORT;
  ensures sound: \result == GN_OK ==> \old(in->at) < in->at && close_sound(type, out->as.close);
  ensures view: \result == GN_OK ==> frame_span_last(in, out->as.close.reason);
*/
static gn_err
misc_read_close(gn_reader *in, uint64_t type, gn_frame *out)
{
    uint64_t error_code = 0;
    uint64_t frame_type = 0;
    gn_span reason = {0};

    if (misc_read_codes(in, type, &error_code, &frame_type) != GN_OK ||
        gn_varint_read_span(in, &reason) != GN_OK)
        return GN_ERR_SHORT;
    //@ assert len: reason.len <= in->at;
    //@ assert view: reason.ptr == in->base + (in->at - reason.len);
    //@ ghost Read: ;
    out->as.close.error_code = error_code;
    out->as.close.frame_type = frame_type;
    out->as.close.reason.ptr = reason.ptr;
    out->as.close.reason.len = reason.len;
    //@ assert at: in->at == \at(in->at, Read);
    //@ assert base: in->base == \at(in->base, Read);
    //@ assert ptr: out->as.close.reason.ptr == reason.ptr;
    return GN_OK;
}

gn_err
gn_frame_misc_read(gn_reader *in, uint64_t type, gn_frame *out)
{
    switch (type) {
    case GN_FRAME_PADDING: out->as.padding.count = misc_skip_padding(in); return GN_OK;
    case GN_FRAME_RESET_STREAM: return misc_read_reset_stream(in, out);
    case GN_FRAME_STOP_SENDING: return misc_read_stop_sending(in, out);
    case GN_FRAME_CLOSE:
    case GN_FRAME_CLOSE_APP: return misc_read_close(in, type, out);
    default: break;
    }
    return GN_OK; /* PING and HANDSHAKE_DONE are their type alone. */
}

/*@
  requires writer_ok(w) && \valid_read(reset) && \separated(w, reset, w->base + (0 .. w->cap - 1));
  terminates \true; exits \false;
  assigns w->at, w->base[w->at .. w->cap - 1];
  ensures ok: writer_ok(w);
  ensures says: \result == GN_OK || \result == GN_ERR_FULL || \result == GN_ERR_RANGE;
  ensures size: \result == GN_OK ==> w->at == \old(w->at + reset_bytes(*reset));
  ensures sound: \result == GN_ERR_RANGE <==> !\old(reset_sound(*reset));
  ensures room: \result == GN_ERR_FULL ==> !\old(writer_room(w, reset_bytes(*reset)));
*/
static gn_err
misc_put_reset_stream(gn_writer *w, const gn_frame_reset_stream *reset)
{
    if (reset->id > GN_VARINT_MAX || reset->error_code > GN_VARINT_MAX ||
        reset->final_size > GN_VARINT_MAX)
        return GN_ERR_RANGE;
    if (gn_writer_u8(w, (uint8_t)GN_FRAME_RESET_STREAM) != GN_OK ||
        gn_varint_write(w, reset->id) != GN_OK || gn_varint_write(w, reset->error_code) != GN_OK)
        return GN_ERR_FULL;
    return gn_varint_write(w, reset->final_size);
}

/*@
  requires writer_ok(w) && \valid_read(stop) && \separated(w, stop, w->base + (0 .. w->cap - 1));
  terminates \true; exits \false;
  assigns w->at, w->base[w->at .. w->cap - 1];
  ensures ok: writer_ok(w);
  ensures says: \result == GN_OK || \result == GN_ERR_FULL || \result == GN_ERR_RANGE;
  ensures size: \result == GN_OK ==> w->at == \old(w->at + stop_bytes(*stop));
  ensures sound: \result == GN_ERR_RANGE <==> !\old(stop_sound(*stop));
  ensures room: \result == GN_ERR_FULL ==> !\old(writer_room(w, stop_bytes(*stop)));
*/
static gn_err
misc_put_stop_sending(gn_writer *w, const gn_frame_stop_sending *stop)
{
    if (stop->id > GN_VARINT_MAX || stop->error_code > GN_VARINT_MAX)
        return GN_ERR_RANGE;
    if (gn_writer_u8(w, (uint8_t)GN_FRAME_STOP_SENDING) != GN_OK ||
        gn_varint_write(w, stop->id) != GN_OK)
        return GN_ERR_FULL;
    return gn_varint_write(w, stop->error_code);
}

/*@
  requires close_type(type);
  requires writer_ok(w) && \valid_read(close) && \separated(w, close, w->base + (0 .. w->cap - 1));
  requires frame_span_args(w, close->reason);
  terminates \true; exits \false;
  assigns w->at, w->base[w->at .. w->cap - 1];
  ensures ok: writer_ok(w);
  ensures says: \result == GN_OK || \result == GN_ERR_FULL || \result == GN_ERR_RANGE;
  ensures size: \result == GN_OK ==> w->at == \old(w->at + close_bytes(type, *close));
  ensures sound: \result == GN_ERR_RANGE <==> !\old(close_sound(type, *close));
  ensures room: \result == GN_ERR_FULL ==> !\old(writer_room(w, close_bytes(type, *close)));
*/
static gn_err
misc_put_close(gn_writer *w, uint64_t type, const gn_frame_close *close)
{
    if (close->error_code > GN_VARINT_MAX || close->frame_type > GN_VARINT_MAX ||
        close->reason.len > GN_VARINT_MAX || (type == GN_FRAME_CLOSE_APP && close->frame_type != 0))
        return GN_ERR_RANGE;
    if (gn_writer_u8(w, (uint8_t)type) != GN_OK || gn_varint_write(w, close->error_code) != GN_OK)
        return GN_ERR_FULL;
    if (type == GN_FRAME_CLOSE && gn_varint_write(w, close->frame_type) != GN_OK)
        return GN_ERR_FULL;
    if (gn_varint_write(w, close->reason.len) != GN_OK)
        return GN_ERR_FULL;
    return gn_writer_bytes(w, close->reason.ptr, close->reason.len);
}

gn_err
gn_frame_misc_put(gn_writer *w, const gn_frame *f)
{
    switch (f->type) {
    case GN_FRAME_PADDING:
        if (f->as.padding.count == 0)
            return GN_ERR_RANGE;
        return gn_writer_fill(w, 0, f->as.padding.count);
    case GN_FRAME_RESET_STREAM: return misc_put_reset_stream(w, &f->as.reset_stream);
    case GN_FRAME_STOP_SENDING: return misc_put_stop_sending(w, &f->as.stop_sending);
    case GN_FRAME_CLOSE:
    case GN_FRAME_CLOSE_APP: return misc_put_close(w, f->type, &f->as.close);
    default: break;
    }
    return gn_writer_u8(w, (uint8_t)f->type);
}

/*@
  requires \valid_read(close) && close_type(type) && close_sound(type, *close);
  terminates \true; exits \false;
  assigns \nothing;
  ensures size: \result == close_bytes(type, *close);
*/
static size_t
misc_size_close(uint64_t type, const gn_frame_close *close)
{
    return 1 + gn_varint_size(close->error_code) +
           (type == GN_FRAME_CLOSE ? gn_varint_size(close->frame_type) : 0) +
           gn_varint_size(close->reason.len) + close->reason.len;
}

size_t
gn_frame_misc_size(const gn_frame *f)
{
    switch (f->type) {
    case GN_FRAME_PADDING: return f->as.padding.count;
    case GN_FRAME_RESET_STREAM:
        return 1 + gn_varint_size(f->as.reset_stream.id) +
               gn_varint_size(f->as.reset_stream.error_code) +
               gn_varint_size(f->as.reset_stream.final_size);
    case GN_FRAME_STOP_SENDING:
        return 1 + gn_varint_size(f->as.stop_sending.id) +
               gn_varint_size(f->as.stop_sending.error_code);
    case GN_FRAME_CLOSE:
    case GN_FRAME_CLOSE_APP: return misc_size_close(f->type, &f->as.close);
    default: break;
    }
    return 1;
}
