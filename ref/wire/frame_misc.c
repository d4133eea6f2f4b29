/*
 * frame_misc.c: see frame.h and frame_parts.h.
 */
#include "wire/frame.h"
#include "wire/frame_parts.h"

/* How much of a run of PADDING is compared at a time. */
#define MISC_STRIDE 64

static const uint8_t misc_zeros[MISC_STRIDE];

/* The type byte was the first of the run; steps over those that follow it. */
static size_t
misc_skip_padding(gn_reader *in)
{
    const size_t start = in->at;

    /*@
      loop invariant reader_ok(in) && start <= in->at;
      loop assigns in->at;
      loop variant in->len - in->at;
    */
    while (gn_reader_left(in) >= MISC_STRIDE &&
           gn_bytes_equal(in->base + in->at, misc_zeros, MISC_STRIDE))
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

static gn_err
misc_read_reset_stream(gn_reader *in, gn_frame *out)
{
    gn_frame_reset_stream reset = {0};

    if (gn_varint_read(in, &reset.id) != GN_OK || gn_varint_read(in, &reset.error_code) != GN_OK ||
        gn_varint_read(in, &reset.final_size) != GN_OK)
        return GN_ERR_SHORT;
    out->as.reset_stream = reset;
    return GN_OK;
}

static gn_err
misc_read_stop_sending(gn_reader *in, gn_frame *out)
{
    gn_frame_stop_sending stop = {0};

    if (gn_varint_read(in, &stop.id) != GN_OK || gn_varint_read(in, &stop.error_code) != GN_OK)
        return GN_ERR_SHORT;
    out->as.stop_sending = stop;
    return GN_OK;
}

static gn_err
misc_read_close(gn_reader *in, uint64_t type, gn_frame *out)
{
    gn_frame_close close = {0};
    uint64_t len = 0;

    if (gn_varint_read(in, &close.error_code) != GN_OK)
        return GN_ERR_SHORT;
    /* RFC 9000 19.19: an application's error has no frame type. */
    if (type == GN_FRAME_CLOSE && gn_varint_read(in, &close.frame_type) != GN_OK)
        return GN_ERR_SHORT;
    if (gn_varint_read(in, &len) != GN_OK || len > gn_reader_left(in) ||
        gn_reader_bytes(in, (size_t)len, &close.reason) != GN_OK)
        return GN_ERR_SHORT;
    out->as.close = close;
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
    default: return GN_OK; /* PING and HANDSHAKE_DONE are their type alone. */
    }
}

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
    default: return gn_writer_u8(w, (uint8_t)f->type);
    }
}

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
    default: return 1;
    }
}
