/*
 * frame.c: see frame.h.
 */
#include "wire/frame.h"

#include "wire/frame_parts.h"
#include "wire/frame_rules.h"

/* RFC 9000 12.4: a type takes the fewest bytes that hold it, unlike any other integer.
 * [R-9000-12.4-5] */
/*@
  requires reader_ok(in) && \valid(type) && \valid(fault);
  requires \separated(in, type, fault, in->base + (0 .. in->len - 1));
  terminates \true; exits \false;
  assigns in->at, *type, *fault;
  ensures ok: reader_ok(in);
  ensures says: \result == GN_OK || \result == GN_ERR_FORM;
  ensures forth: \result == GN_OK ==> \old(in->at) < in->at;
*/
static gn_err
frame_read_type(gn_reader *in, uint64_t *type, gn_fault *fault)
{
    const size_t start = in->at;

    if (gn_varint_read(in, type) != GN_OK)
        return gn_fault_set(fault, GN_FAULT_FRAME_ENCODING, 0,
                            "RFC 9000 12.4: the frame type is cut short");
    /* All known types fit one byte; about an unknown one nothing more need be said. */
    if (in->at - start > 1 && gn_frame_rules_of(*type) != NULL)
        return gn_fault_set(fault, GN_FAULT_PROTOCOL_VIOLATION, *type,
                            "RFC 9000 12.4: the frame type takes more bytes than it needs");
    return GN_OK;
}

/* Reads what follows a type. GN_ERR_SHORT is still to be told to the peer. */
/*@
  requires frame_read_args(in, out, fault) && in->len <= GN_VARINT_MAX;
  terminates \true; exits \false;
  assigns in->at, out->as, *fault;
  ensures ok: \result == GN_OK ==> reader_ok(in) && \old(in->at) <= in->at;
  ensures says: \result == GN_OK || \result == GN_ERR_SHORT || \result == GN_ERR_FORM;
*/
static gn_err
frame_read_body(gn_reader *in, uint64_t type, gn_frame *out, gn_fault *fault)
{
    switch (type) {
    case GN_FRAME_ACK:
    /* [R-9000-19.3-1] */
    case GN_FRAME_ACK_ECN: return gn_frame_ack_read(in, type, out, fault);
    case GN_FRAME_CRYPTO:
    case GN_FRAME_STREAM:
    case GN_FRAME_STREAM + 1:
    case GN_FRAME_STREAM + 2:
    case GN_FRAME_STREAM + 3:
    case GN_FRAME_STREAM + 4:
    case GN_FRAME_STREAM + 5:
    case GN_FRAME_STREAM + 6:
    case GN_FRAME_STREAM_LAST:
    case GN_FRAME_DATAGRAM:
    case GN_FRAME_DATAGRAM_LEN: return gn_frame_data_read(in, type, out, fault);
    case GN_FRAME_MAX_DATA:
    case GN_FRAME_MAX_STREAM_DATA:
    case GN_FRAME_MAX_STREAMS_BIDI:
    case GN_FRAME_MAX_STREAMS_UNI:
    case GN_FRAME_DATA_BLOCKED:
    case GN_FRAME_STREAM_DATA_BLOCKED:
    case GN_FRAME_STREAMS_BLOCKED_BIDI:
    case GN_FRAME_STREAMS_BLOCKED_UNI: return gn_frame_credit_read(in, type, out, fault);
    case GN_FRAME_NEW_TOKEN:
    case GN_FRAME_NEW_CONNECTION_ID:
    case GN_FRAME_RETIRE_CONNECTION_ID:
    case GN_FRAME_PATH_CHALLENGE:
    case GN_FRAME_PATH_RESPONSE: return gn_frame_path_read(in, type, out, fault);
    case GN_FRAME_PADDING:
    case GN_FRAME_PING:
    case GN_FRAME_RESET_STREAM:
    case GN_FRAME_STOP_SENDING:
    case GN_FRAME_CLOSE:
    case GN_FRAME_CLOSE_APP:
    case GN_FRAME_HANDSHAKE_DONE: return gn_frame_misc_read(in, type, out);
    /* [R-9000-12.4-4] */
    default:
        return gn_fault_set(fault, GN_FAULT_FRAME_ENCODING, type,
                            "RFC 9000 12.4: a frame of unknown type");
    }
}

/* Reads one frame; in may have moved whatever comes of it. */
/*@
  requires frame_read_args(in, out, fault) && in->len <= GN_VARINT_MAX;
  terminates \true; exits \false;
  assigns in->at, *out, *fault;
  ensures says: \result == GN_OK || \result == GN_ERR_FORM;
  ensures forth: \result == GN_OK ==> \old(in->at) < in->at <= in->len;
*/
static gn_err
frame_read_one(gn_reader *in, gn_frame *out, gn_fault *fault)
{
    uint64_t type = 0;

    gn_err err = frame_read_type(in, &type, fault);
    if (err != GN_OK)
        return err;
    err = frame_read_body(in, type, out, fault);
    if (err == GN_ERR_SHORT)
        return gn_fault_set(fault, GN_FAULT_FRAME_ENCODING, type, gn_frame_rules_cut(type));
    if (err != GN_OK)
        return err;
    out->type = type;
    return GN_OK;
}

gn_err
gn_frame_read(gn_reader *r, gn_frame *out, gn_fault *fault)
{
    const size_t start = r->at;

    const gn_err err = frame_read_one(r, out, fault);
    if (err != GN_OK)
        r->at = start;
    return err;
}

/* The families again, for writing: the same split as in frame_read_body. */
typedef enum frame_family {
    FRAME_ACK,
    FRAME_DATA,
    FRAME_CREDIT,
    FRAME_PATH,
    FRAME_MISC,
    FRAME_NONE
} frame_family;

/*@
  terminates \true; exits \false;
  assigns \nothing;
  ensures one: FRAME_ACK <= \result <= FRAME_NONE;
  ensures ack: \result == FRAME_ACK <==> ack_type(type);
  ensures data: \result == FRAME_DATA <==> data_type(type);
  ensures credit: \result == FRAME_CREDIT <==> credit_type(type);
  ensures path: \result == FRAME_PATH <==> path_type(type);
  ensures misc: \result == FRAME_MISC <==> misc_type(type);
*/
static frame_family
frame_family_of(uint64_t type)
{
    if (type == GN_FRAME_ACK || type == GN_FRAME_ACK_ECN)
        return FRAME_ACK;
    if (type == GN_FRAME_CRYPTO || (GN_FRAME_STREAM <= type && type <= GN_FRAME_STREAM_LAST) ||
        type == GN_FRAME_DATAGRAM || type == GN_FRAME_DATAGRAM_LEN)
        return FRAME_DATA;
    if (GN_FRAME_MAX_DATA <= type && type <= GN_FRAME_STREAMS_BLOCKED_UNI)
        return FRAME_CREDIT;
    if (type == GN_FRAME_NEW_TOKEN ||
        (GN_FRAME_NEW_CONNECTION_ID <= type && type <= GN_FRAME_PATH_RESPONSE))
        return FRAME_PATH;
    return gn_frame_rules_of(type) != NULL ? FRAME_MISC : FRAME_NONE;
}

/*@
  requires frame_put_args(w, f) && frame_spans(w, f);
  terminates \true; exits \false;
  assigns w->at, w->base[w->at .. w->cap - 1];
  ensures ok: writer_ok(w);
  ensures says: \result == GN_OK || \result == GN_ERR_FULL || \result == GN_ERR_RANGE;
  ensures ack: \result == GN_OK && ack_type(f->type) ==>
    w->at == \old(w->at + ack_bytes(f->as.ack));
  ensures data: \result == GN_OK && data_type(f->type) ==>
    w->at == \old(w->at + data_bytes(f->type, f));
  ensures credit: \result == GN_OK && credit_type(f->type) ==>
    w->at == \old(w->at + credit_bytes(f->type, f->as.credit));
  ensures path: \result == GN_OK && path_type(f->type) ==>
    w->at == \old(w->at + path_bytes(f->type, f));
  ensures misc: \result == GN_OK && misc_type(f->type) ==>
    w->at == \old(w->at + misc_bytes(f->type, f));
*/
static gn_err
frame_put(gn_writer *w, const gn_frame *f)
{
    switch (frame_family_of(f->type)) {
    case FRAME_ACK: return gn_frame_ack_put(w, f);
    case FRAME_DATA: return gn_frame_data_put(w, f);
    case FRAME_CREDIT: return gn_frame_credit_put(w, f);
    case FRAME_PATH: return gn_frame_path_put(w, f);
    case FRAME_MISC: return gn_frame_misc_put(w, f);
    default: return GN_ERR_RANGE;
    }
}

gn_err
gn_frame_write(gn_writer *w, const gn_frame *f)
{
    const size_t start = w->at;

    const gn_err err = frame_put(w, f);
    if (err != GN_OK)
        w->at = start;
    return err;
}

/*@
  predicate frame_sound{L}(gn_frame *f) =
    (ack_type(f->type) ==> ack_sound(f->as.ack) && ack_ecn_sound(f->type, f->as.ack) &&
      f->as.ack.ranges.len <= GN_VARINT_MAX) &&
    (data_type(f->type) ==> data_sound(f->type, f)) &&
    (credit_type(f->type) ==> credit_sound(f->type, f->as.credit)) &&
    (path_type(f->type) ==> path_sound(f->type, f)) &&
    (misc_type(f->type) ==> misc_sound(f->type, f));
*/
/*@
  requires \valid_read(f) && frame_sound(f);
  terminates \true; exits \false;
  assigns \nothing;
  ensures ack: ack_type(f->type) ==> \result == ack_bytes(f->as.ack);
  ensures data: data_type(f->type) ==> \result == data_bytes(f->type, f);
  ensures credit: credit_type(f->type) ==> \result == credit_bytes(f->type, f->as.credit);
  ensures path: path_type(f->type) ==> \result == path_bytes(f->type, f);
  ensures misc: misc_type(f->type) ==> \result == misc_bytes(f->type, f);
*/
size_t
gn_frame_size(const gn_frame *f)
{
    switch (frame_family_of(f->type)) {
    case FRAME_ACK: return gn_frame_ack_size(f);
    case FRAME_DATA: return gn_frame_data_size(f);
    case FRAME_CREDIT: return gn_frame_credit_size(f);
    case FRAME_PATH: return gn_frame_path_size(f);
    case FRAME_MISC: return gn_frame_misc_size(f);
    default: return 0;
    }
}

size_t
gn_frame_fit(size_t room)
{
    /* RFC 9000 16: a length takes 1 byte up to 63, 2 up to 16383, 4 beyond. */
    if (room == 0)
        return 0;
    if (room <= 1 + 63)
        return room - 1;
    if (room <= 2 + 16383)
        return room - 2;
    if (room <= 4 + 16383)
        return 16383;
    return room - 4;
}

size_t
gn_frame_stream_overhead(uint64_t id, uint64_t off, size_t len, bool has_len)
{
    return 1 + gn_varint_size(id) + (off == 0 ? 0 : gn_varint_size(off)) +
           (has_len ? gn_varint_size(len) : 0);
}

gn_err
gn_frame_stream_write_header(gn_writer *w, uint64_t id, uint64_t off, size_t len, bool has_len,
                             bool fin)
{
    const size_t start = w->at;
    /* RFC 9000 19.8: no Offset field means offset 0. */
    const uint64_t type = GN_FRAME_STREAM + (off == 0 ? 0 : GN_FRAME_STREAM_BIT_OFF) +
                          (has_len ? GN_FRAME_STREAM_BIT_LEN : 0) +
                          (fin ? GN_FRAME_STREAM_BIT_FIN : 0);

    if (id > GN_VARINT_MAX || off > GN_VARINT_MAX || len > GN_VARINT_MAX - off)
        return GN_ERR_RANGE;
    gn_err err = gn_writer_u8(w, (uint8_t)type);
    if (err == GN_OK)
        err = gn_varint_write(w, id);
    if (err == GN_OK && off != 0)
        err = gn_varint_write(w, off);
    if (err == GN_OK && has_len)
        err = gn_varint_write(w, len);
    if (err != GN_OK)
        w->at = start;
    return err;
}

size_t
gn_frame_crypto_overhead(uint64_t off, size_t len)
{
    return 1 + gn_varint_size(off) + gn_varint_size(len);
}

gn_err
gn_frame_crypto_write_header(gn_writer *w, uint64_t off, size_t len)
{
    const size_t start = w->at;

    if (off > GN_VARINT_MAX || len > GN_VARINT_MAX - off)
        return GN_ERR_RANGE;
    gn_err err = gn_writer_u8(w, (uint8_t)GN_FRAME_CRYPTO);
    if (err == GN_OK)
        err = gn_varint_write(w, off);
    if (err == GN_OK)
        err = gn_varint_write(w, len);
    if (err != GN_OK)
        w->at = start;
    return err;
}

size_t
gn_frame_datagram_overhead(size_t len, bool has_len)
{
    return 1 + (has_len ? gn_varint_size(len) : 0);
}

gn_err
gn_frame_datagram_write_header(gn_writer *w, size_t len, bool has_len)
{
    const size_t start = w->at;
    const uint64_t type = has_len ? GN_FRAME_DATAGRAM_LEN : GN_FRAME_DATAGRAM;

    if (len > GN_VARINT_MAX)
        return GN_ERR_RANGE;
    gn_err err = gn_writer_u8(w, (uint8_t)type);
    if (err == GN_OK && has_len)
        err = gn_varint_write(w, len);
    if (err != GN_OK)
        w->at = start;
    return err;
}
