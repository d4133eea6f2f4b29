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
  ensures len: \result == GN_OK ==> out->len <= GN_VARINT_MAX;
*/
static gn_err
data_read(gn_reader *in, bool has_len, gn_span *out)
{
    return has_len ? gn_varint_read_span(in, out) : gn_reader_bytes(in, gn_reader_left(in), out);
}

/* RFC 9000 19.8: no Offset field means offset 0. */
/*@
  requires reader_ok(in) && \valid(id) && \valid(off) && *off == 0;
  requires \separated(in, id, off, in->base + (0 .. in->len - 1));
  terminates \true; exits \false;
  assigns in->at, *id, *off;
  ensures ok: reader_ok(in);
  ensures forth: \old(in->at) <= in->at;
  ensures says: \result == GN_OK || \result == GN_ERR_SHORT;
  ensures range: \result == GN_OK ==> *id <= GN_VARINT_MAX && *off <= GN_VARINT_MAX;
  ensures none: \result == GN_OK && !has_off ==> *off == 0;
*/
static gn_err
data_read_place(gn_reader *in, bool has_off, uint64_t *id, uint64_t *off)
{
    if (gn_varint_read(in, id) != GN_OK)
        return GN_ERR_SHORT;
    return has_off ? gn_varint_read(in, off) : GN_OK;
}

/*@
  requires in->len <= GN_VARINT_MAX && *off == 0;
  requires reader_ok(in) && \valid(id) && \valid(off) && \valid(data) && \valid(fault);
  requires \separated(in, id, off, data, fault, in->base + (0 .. in->len - 1));
  terminates \true; exits \false;
  assigns in->at, *id, *off, *data, *fault;
  ensures ok: \result == GN_OK ==> reader_ok(in) && \old(in->at) <= in->at;
  ensures says: \result == GN_OK || \result == GN_ERR_SHORT || \result == GN_ERR_FORM;
  ensures range: \result == GN_OK ==> *id <= GN_VARINT_MAX &&
    *off <= GN_VARINT_MAX && data->len <= GN_VARINT_MAX - *off;
  ensures none: \result == GN_OK && !stream_has_off(type) ==> *off == 0;
*/
static gn_err
data_take_stream(gn_reader *in, uint64_t type, uint64_t *id, uint64_t *off, gn_span *data,
                 gn_fault *fault)
{
    if (data_read_place(in, (type & GN_FRAME_STREAM_BIT_OFF) != 0, id, off) != GN_OK ||
        data_read(in, (type & GN_FRAME_STREAM_BIT_LEN) != 0, data) != GN_OK)
        return GN_ERR_SHORT;
    //@ assert ok: reader_ok(in);
    //@ assert forth: \at(in->at, Pre) <= in->at;
    /* [R-9000-19.8-2] */
    if (data->len > GN_VARINT_MAX - *off)
        return gn_fault_set(fault, GN_FAULT_FRAME_ENCODING, type,
                            "RFC 9000 19.8: the stream goes past 2^62-1 bytes");
    return GN_OK;
}

/*@
  requires stream_type(type);
  requires frame_read_args(in, out, fault) && in->len <= GN_VARINT_MAX;
  terminates \true; exits \false;
  assigns in->at, out->as.stream, *fault;
  ensures ok: \result == GN_OK ==> reader_ok(in) && \old(in->at) <= in->at;
  ensures says: \result == GN_OK || \result == GN_ERR_SHORT || \result == GN_ERR_FORM;
  ensures sound: \result == GN_OK ==> stream_sound(type, out->as.stream);
*/
static gn_err
data_read_stream(gn_reader *in, uint64_t type, gn_frame *out, gn_fault *fault)
{
    uint64_t id = 0;
    uint64_t off = 0;
    gn_span data = {0};

    const gn_err err = data_take_stream(in, type, &id, &off, &data, fault);
    if (err != GN_OK)
        return err;
    //@ ghost Read: ;
    out->as.stream.id = id;
    out->as.stream.off = off;
    out->as.stream.data.ptr = data.ptr;
    out->as.stream.data.len = data.len;
    out->as.stream.fin = (type & GN_FRAME_STREAM_BIT_FIN) != 0;
    //@ assert at: in->at == \at(in->at, Read);
    //@ assert base: in->base == \at(in->base, Read);
    //@ assert len: in->len == \at(in->len, Read);
    return GN_OK;
}

/*@
  requires in->len <= GN_VARINT_MAX;
  requires reader_ok(in) && \valid(off) && \valid(data) && \valid(fault);
  requires \separated(in, off, data, fault, in->base + (0 .. in->len - 1));
  terminates \true; exits \false;
  assigns in->at, *off, *data, *fault;
  ensures ok: \result == GN_OK ==> reader_ok(in) && \old(in->at) <= in->at;
  ensures says: \result == GN_OK || \result == GN_ERR_SHORT || \result == GN_ERR_FORM;
  ensures range: \result == GN_OK ==>
    *off <= GN_VARINT_MAX && data->len <= GN_VARINT_MAX - *off;
*/
static gn_err
data_take_crypto(gn_reader *in, uint64_t *off, gn_span *data, gn_fault *fault)
{
    if (gn_varint_read(in, off) != GN_OK || data_read(in, true, data) != GN_OK)
        return GN_ERR_SHORT;
    //@ assert ok: reader_ok(in);
    //@ assert forth: \at(in->at, Pre) <= in->at;
    /* [R-9000-19.6-1] */
    if (data->len > GN_VARINT_MAX - *off)
        return gn_fault_set(fault, GN_FAULT_FRAME_ENCODING, GN_FRAME_CRYPTO,
                            "RFC 9000 19.6: the CRYPTO stream goes past 2^62-1 bytes");
    return GN_OK;
}

/*@
  requires frame_read_args(in, out, fault) && in->len <= GN_VARINT_MAX;
  terminates \true; exits \false;
  assigns in->at, out->as.crypto, *fault;
  ensures ok: \result == GN_OK ==> reader_ok(in) && \old(in->at) <= in->at;
  ensures says: \result == GN_OK || \result == GN_ERR_SHORT || \result == GN_ERR_FORM;
  ensures sound: \result == GN_OK ==> crypto_sound(out->as.crypto);
*/
static gn_err
data_read_crypto(gn_reader *in, gn_frame *out, gn_fault *fault)
{
    uint64_t off = 0;
    gn_span data = {0};

    const gn_err err = data_take_crypto(in, &off, &data, fault);
    if (err != GN_OK)
        return err;
    //@ ghost Read: ;
    out->as.crypto.off = off;
    out->as.crypto.data.ptr = data.ptr;
    out->as.crypto.data.len = data.len;
    //@ assert at: in->at == \at(in->at, Read);
    //@ assert base: in->base == \at(in->base, Read);
    //@ assert len: in->len == \at(in->len, Read);
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
*/
static gn_err
data_read_datagram(gn_reader *in, uint64_t type, gn_frame *out)
{
    gn_span data = {0};

    if (data_read(in, type == GN_FRAME_DATAGRAM_LEN, &data) != GN_OK)
        return GN_ERR_SHORT;
    out->as.datagram.data.ptr = data.ptr;
    out->as.datagram.data.len = data.len;
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

/* Whether the fields are in bounds and agree with the type. */
/*@
  requires \valid_read(stream);
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result <==> stream_sound(type, *stream);
*/
static bool
data_stream_is_sound(uint64_t type, const gn_frame_stream *stream)
{
    const bool has_off = (type & GN_FRAME_STREAM_BIT_OFF) != 0;
    const bool has_fin = (type & GN_FRAME_STREAM_BIT_FIN) != 0;

    if (stream->fin != has_fin || (!has_off && stream->off != 0))
        return false;
    return stream->id <= GN_VARINT_MAX && stream->off <= GN_VARINT_MAX &&
           stream->data.len <= GN_VARINT_MAX - stream->off;
}

/* A number where there is one. */
/*@
  requires writer_ok(w) && value <= GN_VARINT_MAX;
  terminates \true; exits \false;
  assigns w->at, w->base[w->at .. w->cap - 1];
  ensures ok: writer_ok(w);
  ensures says: \result == GN_OK || \result == GN_ERR_FULL;
  ensures size: \result == GN_OK ==> w->at == \old(w->at) + (there ? varint_size(value) : 0);
  ensures room: \result == GN_ERR_FULL ==>
    !writer_room{Pre}(w, there ? varint_size(value) : 0);
*/
static gn_err
data_put_some(gn_writer *w, bool there, uint64_t value)
{
    return there ? gn_varint_write(w, value) : GN_OK;
}

/* What stands before the data. */
/*@
  logic integer data_head_bytes(integer type, integer id, integer off, integer len) =
    1 + varint_size(id) + ((type & GN_FRAME_STREAM_BIT_OFF) != 0 ? varint_size(off) : 0) +
    ((type & GN_FRAME_STREAM_BIT_LEN) != 0 ? varint_size(len) : 0);
*/
/*@
  requires writer_ok(w) && stream_type(type);
  requires id <= GN_VARINT_MAX && off <= GN_VARINT_MAX && len <= GN_VARINT_MAX;
  terminates \true; exits \false;
  assigns w->at, w->base[w->at .. w->cap - 1];
  ensures ok: writer_ok(w);
  ensures says: \result == GN_OK || \result == GN_ERR_FULL;
  ensures size: \result == GN_OK ==>
    w->at == \old(w->at) + data_head_bytes(type, id, off, len);
  ensures room: \result == GN_ERR_FULL ==>
    !writer_room{Pre}(w, data_head_bytes(type, id, off, len));
*/
static gn_err
data_put_head(gn_writer *w, uint64_t type, uint64_t id, uint64_t off, uint64_t len)
{
    if (gn_writer_u8(w, (uint8_t)type) != GN_OK || gn_varint_write(w, id) != GN_OK)
        return GN_ERR_FULL;
    if (data_put_some(w, (type & GN_FRAME_STREAM_BIT_OFF) != 0, off) != GN_OK)
        return GN_ERR_FULL;
    return data_put_some(w, (type & GN_FRAME_STREAM_BIT_LEN) != 0, len);
}

/*@
  requires stream_type(type);
  requires writer_ok(w) && \valid_read(stream) && frame_span_args(w, stream->data);
  requires \separated(w, stream, w->base + (0 .. w->cap - 1));
  terminates \true; exits \false;
  assigns w->at, w->base[w->at .. w->cap - 1];
  ensures ok: writer_ok(w);
  ensures says: \result == GN_OK || \result == GN_ERR_FULL || \result == GN_ERR_RANGE;
  ensures size: \result == GN_OK ==> w->at == \old(w->at + stream_bytes(type, *stream));
  ensures sound: \result == GN_ERR_RANGE <==> !\old(stream_sound(type, *stream));
  ensures room: \result == GN_ERR_FULL ==> !\old(writer_room(w, stream_bytes(type, *stream)));
*/
static gn_err
data_put_stream(gn_writer *w, uint64_t type, const gn_frame_stream *stream)
{
    const gn_span data = stream->data;

    if (!data_stream_is_sound(type, stream))
        return GN_ERR_RANGE;
    /*@ assert bytes: stream_bytes(type, *stream) ==
          data_head_bytes(type, stream->id, stream->off, data.len) + data.len; */
    if (data_put_head(w, type, stream->id, stream->off, data.len) != GN_OK)
        return GN_ERR_FULL;
    return gn_writer_bytes(w, data.ptr, data.len);
}

/*@
  requires writer_ok(w) && \valid_read(crypto) && frame_span_args(w, crypto->data);
  requires \separated(w, crypto, w->base + (0 .. w->cap - 1));
  terminates \true; exits \false;
  assigns w->at, w->base[w->at .. w->cap - 1];
  ensures ok: writer_ok(w);
  ensures says: \result == GN_OK || \result == GN_ERR_FULL || \result == GN_ERR_RANGE;
  ensures size: \result == GN_OK ==> w->at ==
    \old(w->at + crypto_overhead(crypto->off, crypto->data.len) + crypto->data.len);
  ensures sound: \result == GN_ERR_RANGE <==> !\old(crypto_sound(*crypto));
  ensures room: \result == GN_ERR_FULL ==> !\old(writer_room(w,
    crypto_overhead(crypto->off, crypto->data.len) + crypto->data.len));
*/
static gn_err
data_put_crypto(gn_writer *w, const gn_frame_crypto *crypto)
{
    const gn_span data = crypto->data;
    const gn_err err = gn_frame_crypto_write_header(w, crypto->off, data.len);

    if (err != GN_OK)
        return err;
    return gn_writer_bytes(w, data.ptr, data.len);
}

/*@
  requires type == GN_FRAME_DATAGRAM || type == GN_FRAME_DATAGRAM_LEN;
  requires writer_ok(w) && \valid_read(datagram) && frame_span_args(w, datagram->data);
  requires \separated(w, datagram, w->base + (0 .. w->cap - 1));
  terminates \true; exits \false;
  assigns w->at, w->base[w->at .. w->cap - 1];
  ensures ok: writer_ok(w);
  ensures says: \result == GN_OK || \result == GN_ERR_FULL || \result == GN_ERR_RANGE;
  ensures size: \result == GN_OK ==> w->at == \old(w->at + datagram->data.len +
    datagram_overhead(datagram->data.len, type == GN_FRAME_DATAGRAM_LEN ? 1 : 0));
  ensures sound: \result == GN_ERR_RANGE <==> \old(datagram->data.len) > GN_VARINT_MAX;
  ensures room: \result == GN_ERR_FULL ==> !\old(writer_room(w, datagram->data.len +
    datagram_overhead(datagram->data.len, type == GN_FRAME_DATAGRAM_LEN ? 1 : 0)));
*/
static gn_err
data_put_datagram(gn_writer *w, uint64_t type, const gn_frame_datagram *datagram)
{
    const gn_span data = datagram->data;
    const gn_err err = gn_frame_datagram_write_header(w, data.len, type == GN_FRAME_DATAGRAM_LEN);

    if (err != GN_OK)
        return err;
    return gn_writer_bytes(w, data.ptr, data.len);
}

gn_err
gn_frame_data_put(gn_writer *w, const gn_frame *f)
{
    if (GN_FRAME_STREAM <= f->type && f->type <= GN_FRAME_STREAM_LAST)
        return data_put_stream(w, f->type, &f->as.stream);
    if (f->type == GN_FRAME_CRYPTO)
        return data_put_crypto(w, &f->as.crypto);
    return data_put_datagram(w, f->type, &f->as.datagram);
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
