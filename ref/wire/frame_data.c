/*
 * frame_data.c: see frame.h and frame_parts.h.
 */
#include "wire/frame.h"
#include "wire/frame_parts.h"

/* With a length, what it says; without one, all that is left of the packet. */
/*@
  requires reader_ok(in) && \valid(out) && in->len <= GN_VARINT_MAX;
  requires \separated(in, out, in->base + (0 .. in->len - 1));
  terminates \true; exits \false;
  assigns in->at, *out;
  ensures ok: reader_ok(in);
  ensures forth: \old(in->at) <= in->at;
  ensures says: \result == GN_OK || \result == GN_ERR_SHORT;
  ensures view: \result == GN_OK ==> frame_span_last(in, *out);
*/
static gn_err
data_read(gn_reader *in, bool has_len, gn_span *out)
{
    return has_len ? gn_varint_read_span(in, out) : gn_reader_bytes(in, gn_reader_left(in), out);
}

/*@
  requires stream_type(type);
  requires frame_read_args(in, out, fault) && in->len <= GN_VARINT_MAX;
  terminates \true; exits \false;
  assigns in->at, out->as.stream, *fault;
  ensures ok: reader_ok(in);
  ensures forth: \old(in->at) <= in->at;
  ensures says: \result == GN_OK || \result == GN_ERR_SHORT || \result == GN_ERR_FORM;
  ensures sound: \result == GN_OK ==> stream_sound(type, out->as.stream);
  ensures view: \result == GN_OK ==> frame_span_last(in, out->as.stream.data);
*/
static gn_err
data_read_stream(gn_reader *in, uint64_t type, gn_frame *out, gn_fault *fault)
{
    gn_frame_stream stream = {.fin = (type & GN_FRAME_STREAM_BIT_FIN) != 0};

    if (gn_varint_read(in, &stream.id) != GN_OK)
        return GN_ERR_SHORT;
    if ((type & GN_FRAME_STREAM_BIT_OFF) != 0 && gn_varint_read(in, &stream.off) != GN_OK)
        return GN_ERR_SHORT;
    if (data_read(in, (type & GN_FRAME_STREAM_BIT_LEN) != 0, &stream.data) != GN_OK)
        return GN_ERR_SHORT;
    /* [R-9000-19.8-2] */
    if (stream.data.len > GN_VARINT_MAX - stream.off)
        return gn_fault_set(fault, GN_FAULT_FRAME_ENCODING, type,
                            "RFC 9000 19.8: the stream goes past 2^62-1 bytes");
    out->as.stream = stream;
    return GN_OK;
}

/*@
  requires frame_read_args(in, out, fault) && in->len <= GN_VARINT_MAX;
  terminates \true; exits \false;
  assigns in->at, out->as.crypto, *fault;
  ensures ok: reader_ok(in);
  ensures forth: \old(in->at) <= in->at;
  ensures says: \result == GN_OK || \result == GN_ERR_SHORT || \result == GN_ERR_FORM;
  ensures sound: \result == GN_OK ==> crypto_sound(out->as.crypto);
  ensures view: \result == GN_OK ==> frame_span_last(in, out->as.crypto.data);
*/
static gn_err
data_read_crypto(gn_reader *in, gn_frame *out, gn_fault *fault)
{
    gn_frame_crypto crypto = {0};

    if (gn_varint_read(in, &crypto.off) != GN_OK || gn_varint_read_span(in, &crypto.data) != GN_OK)
        return GN_ERR_SHORT;
    /* [R-9000-19.6-1] */
    if (crypto.data.len > GN_VARINT_MAX - crypto.off)
        return gn_fault_set(fault, GN_FAULT_FRAME_ENCODING, GN_FRAME_CRYPTO,
                            "RFC 9000 19.6: the CRYPTO stream goes past 2^62-1 bytes");
    out->as.crypto = crypto;
    return GN_OK;
}

/*@
  requires reader_ok(in) && \valid(out) && in->len <= GN_VARINT_MAX;
  requires \separated(in, out, in->base + (0 .. in->len - 1));
  terminates \true; exits \false;
  assigns in->at, out->as.datagram;
  ensures ok: reader_ok(in);
  ensures forth: \old(in->at) <= in->at;
  ensures says: \result == GN_OK || \result == GN_ERR_SHORT;
  ensures sound: \result == GN_OK ==> out->as.datagram.data.len <= GN_VARINT_MAX;
  ensures view: \result == GN_OK ==> frame_span_last(in, out->as.datagram.data);
*/
static gn_err
data_read_datagram(gn_reader *in, uint64_t type, gn_frame *out)
{
    gn_span data = {0};

    if (data_read(in, type == GN_FRAME_DATAGRAM_LEN, &data) != GN_OK)
        return GN_ERR_SHORT;
    out->as.datagram.data = data;
    return GN_OK;
}

gn_err
gn_frame_data_read(gn_reader *in, uint64_t type, gn_frame *out, gn_fault *fault)
{
    if (GN_FRAME_STREAM <= type && type <= GN_FRAME_STREAM_LAST)
        return data_read_stream(in, type, out, fault);
    if (type == GN_FRAME_CRYPTO)
        return data_read_crypto(in, out, fault);
    return data_read_datagram(in, type, out);
}

/*@
  requires stream_type(type);
  requires writer_ok(w) && \valid_read(stream) && frame_span_args(w, stream->data);
  requires \separated(w, stream, w->base + (0 .. w->cap - 1));
  terminates \true; exits \false;
  assigns w->at, w->base[w->at .. w->cap - 1];
  ensures ok: writer_ok(w);
  ensures says: \result == GN_OK || \result == GN_ERR_FULL || \result == GN_ERR_RANGE;
  ensures size: \result == GN_OK ==> w->at == \old(w->at) + stream_bytes(type, *stream);
  ensures sound: \result == GN_ERR_RANGE <==> !stream_sound(type, *stream);
  ensures room: \result == GN_ERR_FULL ==> !writer_room{Pre}(w, stream_bytes(type, *stream));
*/
static gn_err
data_put_stream(gn_writer *w, uint64_t type, const gn_frame_stream *stream)
{
    const bool has_off = (type & GN_FRAME_STREAM_BIT_OFF) != 0;

    if (stream->fin != ((type & GN_FRAME_STREAM_BIT_FIN) != 0) || (!has_off && stream->off != 0))
        return GN_ERR_RANGE;
    if (stream->id > GN_VARINT_MAX || stream->off > GN_VARINT_MAX ||
        stream->data.len > GN_VARINT_MAX - stream->off)
        return GN_ERR_RANGE;
    if (gn_writer_u8(w, (uint8_t)type) != GN_OK || gn_varint_write(w, stream->id) != GN_OK)
        return GN_ERR_FULL;
    if (has_off && gn_varint_write(w, stream->off) != GN_OK)
        return GN_ERR_FULL;
    if ((type & GN_FRAME_STREAM_BIT_LEN) != 0 && gn_varint_write(w, stream->data.len) != GN_OK)
        return GN_ERR_FULL;
    return gn_writer_bytes(w, stream->data.ptr, stream->data.len);
}

gn_err
gn_frame_data_put(gn_writer *w, const gn_frame *f)
{
    gn_span data = {0};
    gn_err err = GN_OK;

    if (GN_FRAME_STREAM <= f->type && f->type <= GN_FRAME_STREAM_LAST)
        return data_put_stream(w, f->type, &f->as.stream);
    if (f->type == GN_FRAME_CRYPTO) {
        data = f->as.crypto.data;
        err = gn_frame_crypto_write_header(w, f->as.crypto.off, data.len);
    } else {
        data = f->as.datagram.data;
        err = gn_frame_datagram_write_header(w, data.len, f->type == GN_FRAME_DATAGRAM_LEN);
    }
    if (err != GN_OK)
        return err;
    return gn_writer_bytes(w, data.ptr, data.len);
}

/*@
  requires \valid_read(stream) && stream_sound(type, *stream);
  terminates \true; exits \false;
  assigns \nothing;
  ensures size: \result == stream_bytes(type, *stream);
*/
static size_t
data_size_stream(uint64_t type, const gn_frame_stream *stream)
{
    const bool has_off = (type & GN_FRAME_STREAM_BIT_OFF) != 0;
    const bool has_len = (type & GN_FRAME_STREAM_BIT_LEN) != 0;

    return 1 + gn_varint_size(stream->id) + (has_off ? gn_varint_size(stream->off) : 0) +
           (has_len ? gn_varint_size(stream->data.len) : 0) + stream->data.len;
}

size_t
gn_frame_data_size(const gn_frame *f)
{
    if (GN_FRAME_STREAM <= f->type && f->type <= GN_FRAME_STREAM_LAST)
        return data_size_stream(f->type, &f->as.stream);
    if (f->type == GN_FRAME_CRYPTO) {
        const size_t len = f->as.crypto.data.len;
        return gn_frame_crypto_overhead(f->as.crypto.off, len) + len;
    }
    const size_t len = f->as.datagram.data.len;
    return gn_frame_datagram_overhead(len, f->type == GN_FRAME_DATAGRAM_LEN) + len;
}
