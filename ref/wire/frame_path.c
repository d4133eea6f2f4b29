/*
 * frame_path.c: see frame.h and frame_parts.h.
 */
#include "wire/frame.h"
#include "wire/frame_parts.h"

/*@
  requires frame_read_args(in, out, fault);
  terminates \true; exits \false;
  assigns in->at, out->as.new_token, *fault;
  ensures ok: reader_ok(in);
  ensures forth: \old(in->at) <= in->at;
  ensures says: \result == GN_OK || \result == GN_ERR_SHORT || \result == GN_ERR_FORM;
  ensures sound: \result == GN_OK ==> \old(in->at) < in->at &&
    0 < out->as.new_token.token.len <= GN_VARINT_MAX;
  ensures view: \result == GN_OK ==> frame_span_last(in, out->as.new_token.token);
*/
static gn_err
path_read_new_token(gn_reader *in, gn_frame *out, gn_fault *fault)
{
    gn_span token = {0};

    if (gn_varint_read_span(in, &token) != GN_OK)
        return GN_ERR_SHORT;
    /* [R-9000-19.7-2] */
    if (token.len == 0)
        return gn_fault_set(fault, GN_FAULT_FRAME_ENCODING, GN_FRAME_NEW_TOKEN,
                            "RFC 9000 19.7: the token is empty");
    out->as.new_token.token.ptr = token.ptr;
    out->as.new_token.token.len = token.len;
    return GN_OK;
}

/*@
  requires frame_read_args(in, out, fault);
  terminates \true; exits \false;
  assigns in->at, out->as.new_connection_id, *fault;
  ensures ok: reader_ok(in);
  ensures forth: \old(in->at) <= in->at;
  ensures says: \result == GN_OK || \result == GN_ERR_SHORT || \result == GN_ERR_FORM;
  ensures sound: \result == GN_OK ==>
    \old(in->at) < in->at && new_cid_sound(out->as.new_connection_id);
*/
static gn_err
path_read_new_connection_id(gn_reader *in, gn_frame *out, gn_fault *fault)
{
    gn_frame_new_connection_id id = {0};
    uint8_t len = 0;
    gn_span cid = {0};

    if (gn_varint_read(in, &id.seq) != GN_OK || gn_varint_read(in, &id.retire_prior_to) != GN_OK)
        return GN_ERR_SHORT;
    /* [R-9000-19.15-6] */
    if (id.retire_prior_to > id.seq)
        return gn_fault_set(fault, GN_FAULT_FRAME_ENCODING, GN_FRAME_NEW_CONNECTION_ID,
                            "RFC 9000 19.15: Retire Prior To is above the sequence number");
    if (gn_reader_u8(in, &len) != GN_OK)
        return GN_ERR_SHORT;
    /* [R-9000-19.15-1] */
    if (len < 1 || len > GN_CID_MAX)
        return gn_fault_set(fault, GN_FAULT_FRAME_ENCODING, GN_FRAME_NEW_CONNECTION_ID,
                            "RFC 9000 19.15: a connection ID of 0 or more than 20 bytes");
    if (gn_reader_bytes(in, len, &cid) != GN_OK ||
        gn_reader_copy(in, id.reset_token, GN_RESET_TOKEN_BYTES) != GN_OK)
        return GN_ERR_SHORT;
    id.cid = gn_cid_from(cid.ptr, cid.len);
    //@ ghost Read: ;
    out->as.new_connection_id = id;
    //@ assert at: in->at == \at(in->at, Read);
    //@ assert base: in->base == \at(in->base, Read);
    //@ assert len: in->len == \at(in->len, Read);
    return GN_OK;
}

/*@
  requires reader_ok(in) && \valid(out) && \separated(in, out, in->base + (0 .. in->len - 1));
  terminates \true; exits \false;
  assigns in->at, out->as.retire_connection_id;
  ensures ok: reader_ok(in);
  ensures forth: \old(in->at) <= in->at;
  ensures says: \result == GN_OK || \result == GN_ERR_SHORT;
  ensures sound: \result == GN_OK ==> \old(in->at) < in->at &&
    out->as.retire_connection_id.seq <= GN_VARINT_MAX;
*/
static gn_err
path_read_retire_connection_id(gn_reader *in, gn_frame *out)
{
    uint64_t seq = 0;

    if (gn_varint_read(in, &seq) != GN_OK)
        return GN_ERR_SHORT;
    out->as.retire_connection_id.seq = seq;
    return GN_OK;
}

/*@
  requires reader_ok(in) && \valid(out) && \separated(in, out, in->base + (0 .. in->len - 1));
  terminates \true; exits \false;
  assigns in->at, out->as.path;
  ensures ok: reader_ok(in);
  ensures says: \result == GN_OK || \result == GN_ERR_SHORT;
  ensures size: in->at == \old(in->at) + (\result == GN_OK ? GN_FRAME_CHALLENGE_BYTES : 0);
*/
static gn_err
path_read_challenge(gn_reader *in, gn_frame *out)
{
    return gn_reader_copy(in, out->as.path.data, GN_FRAME_CHALLENGE_BYTES);
}

gn_err
gn_frame_path_read(gn_reader *in, uint64_t type, gn_frame *out, gn_fault *fault)
{
    switch (type) {
    case GN_FRAME_NEW_TOKEN: return path_read_new_token(in, out, fault);
    case GN_FRAME_NEW_CONNECTION_ID: return path_read_new_connection_id(in, out, fault);
    case GN_FRAME_RETIRE_CONNECTION_ID: return path_read_retire_connection_id(in, out);
    default: break;
    }
    return path_read_challenge(in, out);
}

/*@
  requires writer_ok(w) && frame_span_args(w, token);
  terminates \true; exits \false;
  assigns w->at, w->base[w->at .. w->cap - 1];
  ensures ok: writer_ok(w);
  ensures says: \result == GN_OK || \result == GN_ERR_FULL || \result == GN_ERR_RANGE;
  ensures size: \result == GN_OK ==> w->at == \old(w->at) + 1 + varint_size(token.len) + token.len;
  ensures sound: \result == GN_ERR_RANGE <==> !(0 < token.len <= GN_VARINT_MAX);
  ensures room: \result == GN_ERR_FULL ==>
    !writer_room{Pre}(w, 1 + varint_size(token.len) + token.len);
*/
static gn_err
path_put_new_token(gn_writer *w, gn_span token)
{
    /* [R-9000-19.7-1] */
    if (token.len == 0 || token.len > GN_VARINT_MAX)
        return GN_ERR_RANGE;
    if (gn_writer_u8(w, (uint8_t)GN_FRAME_NEW_TOKEN) != GN_OK ||
        gn_varint_write(w, token.len) != GN_OK)
        return GN_ERR_FULL;
    return gn_writer_bytes(w, token.ptr, token.len);
}

/*@
  requires writer_ok(w) && retire_prior_to <= seq <= GN_VARINT_MAX;
  terminates \true; exits \false;
  assigns w->at, w->base[w->at .. w->cap - 1];
  ensures ok: writer_ok(w);
  ensures says: \result == GN_OK || \result == GN_ERR_FULL;
  ensures size: \result == GN_OK ==>
    w->at == \old(w->at) + 1 + varint_size(seq) + varint_size(retire_prior_to);
  ensures room: \result == GN_ERR_FULL ==>
    !writer_room{Pre}(w, 1 + varint_size(seq) + varint_size(retire_prior_to));
*/
static gn_err
path_put_numbers(gn_writer *w, uint64_t seq, uint64_t retire_prior_to)
{
    if (gn_writer_u8(w, (uint8_t)GN_FRAME_NEW_CONNECTION_ID) != GN_OK ||
        gn_varint_write(w, seq) != GN_OK)
        return GN_ERR_FULL;
    return gn_varint_write(w, retire_prior_to);
}

/*@
  requires writer_ok(w) && \valid_read(from) && from->cid.len <= GN_CID_MAX;
  requires \separated(w, from, w->base + (0 .. w->cap - 1));
  terminates \true; exits \false;
  assigns w->at, w->base[w->at .. w->cap - 1];
  ensures ok: writer_ok(w);
  ensures says: \result == GN_OK || \result == GN_ERR_FULL;
  ensures size: \result == GN_OK ==>
    w->at == \old(w->at + 1 + from->cid.len + GN_RESET_TOKEN_BYTES);
  ensures room: \result == GN_ERR_FULL ==>
    !\old(writer_room(w, 1 + from->cid.len + GN_RESET_TOKEN_BYTES));
*/
static gn_err
path_put_cid(gn_writer *w, const gn_frame_new_connection_id *from)
{
    if (gn_cid_write(w, &from->cid) != GN_OK)
        return GN_ERR_FULL;
    return gn_writer_bytes(w, from->reset_token, GN_RESET_TOKEN_BYTES);
}

/*@
  requires writer_ok(w) && \valid_read(from);
  requires \separated(w, from, w->base + (0 .. w->cap - 1));
  terminates \true; exits \false;
  assigns w->at, w->base[w->at .. w->cap - 1];
  ensures ok: writer_ok(w);
  ensures says: \result == GN_OK || \result == GN_ERR_FULL || \result == GN_ERR_RANGE;
  ensures size: \result == GN_OK ==> w->at == \old(w->at + new_cid_bytes(*from));
  ensures sound: \result == GN_ERR_RANGE <==> !\old(new_cid_sound(*from));
  ensures room: \result == GN_ERR_FULL ==> !\old(writer_room(w, new_cid_bytes(*from)));
*/
static gn_err
path_put_new_connection_id(gn_writer *w, const gn_frame_new_connection_id *from)
{
    /* [R-9000-19.15-5] */
    if (from->seq > GN_VARINT_MAX || from->retire_prior_to > from->seq || from->cid.len < 1 ||
        from->cid.len > GN_CID_MAX)
        return GN_ERR_RANGE;
    if (path_put_numbers(w, from->seq, from->retire_prior_to) != GN_OK)
        return GN_ERR_FULL;
    //@ assert kept: from->cid.len == \at(from->cid.len, Pre);
    return path_put_cid(w, from);
}

/*@
  requires writer_ok(w);
  terminates \true; exits \false;
  assigns w->at, w->base[w->at .. w->cap - 1];
  ensures ok: writer_ok(w);
  ensures says: \result == GN_OK || \result == GN_ERR_FULL || \result == GN_ERR_RANGE;
  ensures size: \result == GN_OK ==> w->at == \old(w->at) + 1 + varint_size(seq);
  ensures sound: \result == GN_ERR_RANGE <==> !(seq <= GN_VARINT_MAX);
  ensures room: \result == GN_ERR_FULL ==> !writer_room{Pre}(w, 1 + varint_size(seq));
*/
static gn_err
path_put_retire_connection_id(gn_writer *w, uint64_t seq)
{
    if (seq > GN_VARINT_MAX)
        return GN_ERR_RANGE;
    if (gn_writer_u8(w, (uint8_t)GN_FRAME_RETIRE_CONNECTION_ID) != GN_OK)
        return GN_ERR_FULL;
    return gn_varint_write(w, seq);
}

/*@
  requires writer_ok(w) && \valid_read(from) && type <= 0xff;
  requires \separated(w, from, w->base + (0 .. w->cap - 1));
  terminates \true; exits \false;
  assigns w->at, w->base[w->at .. w->cap - 1];
  ensures ok: writer_ok(w);
  ensures says: \result == GN_OK || \result == GN_ERR_FULL;
  ensures size: \result == GN_OK ==> w->at == \old(w->at) + 1 + GN_FRAME_CHALLENGE_BYTES;
  ensures room: \result == GN_ERR_FULL ==>
    !writer_room{Pre}(w, 1 + GN_FRAME_CHALLENGE_BYTES);
*/
static gn_err
path_put_challenge(gn_writer *w, uint64_t type, const gn_frame_path *from)
{
    if (gn_writer_u8(w, (uint8_t)type) != GN_OK)
        return GN_ERR_FULL;
    return gn_writer_bytes(w, from->data, GN_FRAME_CHALLENGE_BYTES);
}

gn_err
gn_frame_path_put(gn_writer *w, const gn_frame *f)
{
    switch (f->type) {
    case GN_FRAME_NEW_TOKEN: return path_put_new_token(w, f->as.new_token.token);
    case GN_FRAME_NEW_CONNECTION_ID: return path_put_new_connection_id(w, &f->as.new_connection_id);
    case GN_FRAME_RETIRE_CONNECTION_ID:
        return path_put_retire_connection_id(w, f->as.retire_connection_id.seq);
    default: break;
    }
    return path_put_challenge(w, f->type, &f->as.path);
}

size_t
gn_frame_path_size(const gn_frame *f)
{
    switch (f->type) {
    case GN_FRAME_NEW_TOKEN: {
        const size_t len = f->as.new_token.token.len;
        return 1 + gn_varint_size(len) + len;
    }
    case GN_FRAME_NEW_CONNECTION_ID: {
        const gn_frame_new_connection_id *from = &f->as.new_connection_id;
        return 1 + gn_varint_size(from->seq) + gn_varint_size(from->retire_prior_to) + 1 +
               (size_t)from->cid.len + GN_RESET_TOKEN_BYTES;
    }
    case GN_FRAME_RETIRE_CONNECTION_ID: return 1 + gn_varint_size(f->as.retire_connection_id.seq);
    default: return 1 + GN_FRAME_CHALLENGE_BYTES;
    }
}
