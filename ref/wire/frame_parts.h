/*
 * frame_parts.h: the families of frames, for frame.c alone.
 *
 * Each family has the same three verbs. They get a frame's type already read
 * and known to be theirs.
 *
 * read: fills the family's members of out->as, and only on GN_OK.
 *     GN_ERR_SHORT: the bytes end inside the frame; frame.c says so to the
 *     peer. GN_ERR_FORM: *fault is filled. in may have moved.
 * put: writes type and fields. GN_ERR_RANGE, GN_ERR_FULL as gn_frame_write
 *     says, but w may have moved.
 * size: the bytes that put takes.
 */
#ifndef GN_WIRE_FRAME_PARTS_H
#define GN_WIRE_FRAME_PARTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/fault.h"
#include "base/reader.h"
#include "base/writer.h"
#include "wire/frame.h"

/*@
  predicate frame_read_args{L}(gn_reader *in, gn_frame *out, gn_fault *fault) =
    reader_ok(in) && \valid(out) && \valid(fault) &&
    \separated(in, out, fault, in->base + (0 .. in->len - 1));
  predicate frame_put_args{L}(gn_writer *w, gn_frame *f) =
    writer_ok(w) && \valid_read(f) && \separated(w, f, w->base + (0 .. w->cap - 1));
  // The span ends where the reader stands.
  predicate frame_span_last{L}(gn_reader *in, gn_span s) =
    s.len <= in->at && s.ptr == in->base + (in->at - s.len);
*/

/* ACK, with and without ECN counts. */
/*@
  predicate ack_type(integer type) = GN_FRAME_ACK <= type <= GN_FRAME_ACK_ECN;
  predicate ack_ecn_sound(integer type, gn_frame_ack a) =
    a.has_ecn != 0 <==> type == GN_FRAME_ACK_ECN;
  logic integer ack_bytes(gn_frame_ack a) =
    ack_head_bytes(a.largest, a.delay, a.range_count, a.first_range) + a.ranges.len +
    (a.has_ecn != 0 ? ack_counts_bytes(a.ect0, a.ect1, a.ce) : 0);
  // The two pairs of numbers behind the type, and the three counts.
  logic integer ack_at_pairs{L}(uint8_t *p) = pair_bytes(p) + pair_bytes(p + pair_bytes(p));
  logic integer ack_counts_told{L}(uint8_t *p) = pair_bytes(p) + varint_told(p[pair_bytes(p)]);
  predicate ack_head_said{L}(uint8_t *p, gn_frame_ack a) =
    a.largest == pair_first(p) && a.delay == pair_second(p) &&
    a.range_count == pair_first(p + pair_bytes(p)) &&
    a.first_range == pair_second(p + pair_bytes(p));
*/
/*@
  requires ack_type(type) && frame_read_args(in, out, fault);
  terminates \true; exits \false;
  assigns in->at, out->as, *fault;
  ensures ok: reader_ok(in);
  ensures forth: \old(in->at) <= in->at;
  ensures says: \result == GN_OK || \result == GN_ERR_SHORT || \result == GN_ERR_FORM;
  ensures sound: \result == GN_OK ==> ack_sound(out->as.ack) && ack_ecn_sound(type, out->as.ack);
  ensures said: \result == GN_OK ==> ack_head_said(in->base + \old(in->at), out->as.ack);
  ensures view: \result == GN_OK && type == GN_FRAME_ACK ==>
    frame_span_last(in, out->as.ack.ranges);
  ensures inside: \result == GN_OK ==>
    \valid_read(out->as.ack.ranges.ptr + (0 .. out->as.ack.ranges.len - 1)) &&
    out->as.ack.ranges.ptr == in->base + (\old(in->at) + ack_at_pairs(in->base + \old(in->at)));
  ensures taken: \result == GN_OK ==>
    in->at == \old(in->at) + ack_at_pairs(in->base + \old(in->at)) + out->as.ack.ranges.len +
      (type == GN_FRAME_ACK ? 0 :
        ack_counts_told(out->as.ack.ranges.ptr + out->as.ack.ranges.len));
  ensures fault: \result == GN_ERR_FORM ==>
    fault->wire_code == GN_FAULT_FRAME_ENCODING && fault->frame_type == type;
  ensures form: \result == GN_ERR_FORM ==> \let p = in->base + \old(in->at);
    \let q = p + pair_bytes(p);
    pair_first(p) < pair_second(q) || ack_pairs_left(p + ack_at_pairs(p),
      in->len - \old(in->at) - ack_at_pairs(p), pair_first(q),
      pair_first(p) - pair_second(q)) == -2;
  ensures kept: \result != GN_OK ==> out->as.ack == \old(out->as.ack);
*/
GN_MUST_USE gn_err gn_frame_ack_read(gn_reader *in, uint64_t type, gn_frame *out, gn_fault *fault);
/*@
  requires ack_type(f->type) && frame_put_args(w, f);
  requires frame_span_args(w, f->as.ack.ranges);
  terminates \true; exits \false;
  assigns w->at, w->base[w->at .. w->cap - 1];
  ensures ok: writer_ok(w);
  ensures says: \result == GN_OK || \result == GN_ERR_FULL || \result == GN_ERR_RANGE;
  ensures size: \result == GN_OK ==> w->at == \old(w->at) + ack_bytes(f->as.ack);
  ensures sound: \result == GN_ERR_RANGE <==>
    !\old(ack_sound(f->as.ack) && ack_ecn_sound(f->type, f->as.ack));
  ensures room: \result == GN_ERR_FULL ==> !writer_room{Pre}(w, ack_bytes(f->as.ack));
*/
GN_MUST_USE gn_err gn_frame_ack_put(gn_writer *w, const gn_frame *f);
/*@
  requires \valid_read(f) && ack_type(f->type);
  requires ack_sound(f->as.ack) && ack_ecn_sound(f->type, f->as.ack);
  requires f->as.ack.ranges.len <= GN_VARINT_MAX;
  terminates \true; exits \false;
  assigns \nothing;
  ensures size: \result == ack_bytes(f->as.ack);
*/
size_t gn_frame_ack_size(const gn_frame *f);

/* CRYPTO, STREAM, DATAGRAM. */
/*@
  predicate stream_type(integer type) = GN_FRAME_STREAM <= type <= GN_FRAME_STREAM_LAST;
  predicate stream_has_off(integer type) = (type & GN_FRAME_STREAM_BIT_OFF) != 0;
  predicate stream_has_fin(integer type) = (type & GN_FRAME_STREAM_BIT_FIN) != 0;
  logic integer stream_bytes(integer type, gn_frame_stream s) =
    1 + varint_size(s.id) +
    ((type & GN_FRAME_STREAM_BIT_OFF) != 0 ? varint_size(s.off) : 0) +
    ((type & GN_FRAME_STREAM_BIT_LEN) != 0 ? varint_size(s.data.len) : 0) + s.data.len;
  predicate data_type(integer type) = type == GN_FRAME_CRYPTO || stream_type(type) ||
    type == GN_FRAME_DATAGRAM || type == GN_FRAME_DATAGRAM_LEN;
  logic gn_span data_span{L}(integer type, gn_frame *f) =
    type == GN_FRAME_CRYPTO ? f->as.crypto.data :
    type == GN_FRAME_DATAGRAM || type == GN_FRAME_DATAGRAM_LEN ? f->as.datagram.data :
                                                                  f->as.stream.data;
  predicate stream_sound(integer type, gn_frame_stream s) =
    s.id <= GN_VARINT_MAX && s.off <= GN_VARINT_MAX && s.data.len <= GN_VARINT_MAX - s.off &&
    (stream_has_off(type) || s.off == 0) && (s.fin != 0 <==> stream_has_fin(type));
  predicate crypto_sound(gn_frame_crypto c) =
    c.off <= GN_VARINT_MAX && c.data.len <= GN_VARINT_MAX - c.off;
  predicate data_sound{L}(integer type, gn_frame *f) =
    (type == GN_FRAME_CRYPTO ==> crypto_sound(f->as.crypto)) &&
    (stream_type(type) ==> stream_sound(type, f->as.stream)) &&
    (type == GN_FRAME_DATAGRAM || type == GN_FRAME_DATAGRAM_LEN ==>
      f->as.datagram.data.len <= GN_VARINT_MAX);
  logic integer data_bytes{L}(integer type, gn_frame *f) =
    type == GN_FRAME_CRYPTO
      ? crypto_overhead(f->as.crypto.off, f->as.crypto.data.len) + f->as.crypto.data.len :
    type == GN_FRAME_DATAGRAM ? 1 + f->as.datagram.data.len :
    type == GN_FRAME_DATAGRAM_LEN
      ? 1 + varint_size(f->as.datagram.data.len) + f->as.datagram.data.len :
    stream_bytes(type, f->as.stream);
*/
/*@
  requires data_type(type) && frame_read_args(in, out, fault);
  requires whole: in->len <= GN_VARINT_MAX;
  terminates \true; exits \false;
  assigns in->at, out->as, *fault;
  ensures ok: \result == GN_OK ==> reader_ok(in) && \old(in->at) <= in->at;
  ensures says: \result == GN_OK || \result == GN_ERR_SHORT || \result == GN_ERR_FORM;
  ensures crypto: \result == GN_OK && type == GN_FRAME_CRYPTO ==>
    crypto_sound(out->as.crypto);
  ensures stream: \result == GN_OK && stream_type(type) ==>
    stream_sound(type, out->as.stream);
  ensures datagram: \result == GN_OK && GN_FRAME_DATAGRAM <= type ==>
    out->as.datagram.data.len <= GN_VARINT_MAX;
*/
GN_MUST_USE gn_err gn_frame_data_read(gn_reader *in, uint64_t type, gn_frame *out, gn_fault *fault);
/*@
  requires data_type(f->type) && frame_put_args(w, f);
  requires frame_span_args(w, data_span(f->type, f));
  terminates \true; exits \false;
  assigns w->at, w->base[w->at .. w->cap - 1];
  ensures ok: writer_ok(w);
  ensures says: \result == GN_OK || \result == GN_ERR_FULL || \result == GN_ERR_RANGE;
  ensures size: \result == GN_OK ==> w->at == \old(w->at + data_bytes(f->type, f));
  ensures sound: \result == GN_ERR_RANGE <==> !\old(data_sound(f->type, f));
  ensures room: \result == GN_ERR_FULL ==> !\old(writer_room(w, data_bytes(f->type, f)));
*/
GN_MUST_USE gn_err gn_frame_data_put(gn_writer *w, const gn_frame *f);
/*@
  requires \valid_read(f) && data_type(f->type) && data_sound(f->type, f);
  terminates \true; exits \false;
  assigns \nothing;
  ensures size: \result == data_bytes(f->type, f);
*/
size_t gn_frame_data_size(const gn_frame *f);

/* The six of flow control: MAX_* and *_BLOCKED. */
/*@
  predicate credit_type(integer type) =
    GN_FRAME_MAX_DATA <= type <= GN_FRAME_STREAMS_BLOCKED_UNI;
  predicate credit_has_id(integer type) =
    type == GN_FRAME_MAX_STREAM_DATA || type == GN_FRAME_STREAM_DATA_BLOCKED;
  logic integer credit_most(integer type) =
    type == GN_FRAME_MAX_STREAMS_BIDI || type == GN_FRAME_MAX_STREAMS_UNI ||
    type == GN_FRAME_STREAMS_BLOCKED_BIDI || type == GN_FRAME_STREAMS_BLOCKED_UNI
      ? GN_FRAME_STREAMS_MAX : GN_VARINT_MAX;
  logic integer credit_id_bytes(integer type, integer id) =
    type == GN_FRAME_MAX_STREAM_DATA || type == GN_FRAME_STREAM_DATA_BLOCKED ? varint_size(id) : 0;
  predicate credit_sound(integer type, gn_frame_credit c) =
    c.limit <= credit_most(type) && c.id <= GN_VARINT_MAX && (!credit_has_id(type) ==> c.id == 0);
  logic integer credit_bytes(integer type, gn_frame_credit c) =
    1 + credit_id_bytes(type, c.id) + varint_size(c.limit);
*/
/*@
  requires credit_type(type) && frame_read_args(in, out, fault);
  terminates \true; exits \false;
  assigns in->at, out->as, *fault;
  ensures ok: reader_ok(in);
  ensures forth: \old(in->at) <= in->at;
  ensures says: \result == GN_OK || \result == GN_ERR_SHORT || \result == GN_ERR_FORM;
  ensures sound: \result == GN_OK ==>
    \old(in->at) < in->at && credit_sound(type, out->as.credit);
  ensures kept: \result != GN_OK ==> out->as.credit == \old(out->as.credit);
*/
GN_MUST_USE gn_err gn_frame_credit_read(gn_reader *in, uint64_t type, gn_frame *out,
                                        gn_fault *fault);
/*@
  requires credit_type(f->type) && frame_put_args(w, f);
  terminates \true; exits \false;
  assigns w->at, w->base[w->at .. w->cap - 1];
  ensures ok: writer_ok(w);
  ensures says: \result == GN_OK || \result == GN_ERR_FULL || \result == GN_ERR_RANGE;
  ensures size: \result == GN_OK ==>
    w->at == \old(w->at) + credit_bytes(f->type, f->as.credit);
  ensures sound: \result == GN_ERR_RANGE <==> !credit_sound(f->type, f->as.credit);
  ensures room: \result == GN_ERR_FULL ==>
    !writer_room{Pre}(w, credit_bytes(f->type, f->as.credit));
*/
GN_MUST_USE gn_err gn_frame_credit_put(gn_writer *w, const gn_frame *f);
/*@
  requires \valid_read(f) && credit_type(f->type) && credit_sound(f->type, f->as.credit);
  terminates \true; exits \false;
  assigns \nothing;
  ensures size: \result == credit_bytes(f->type, f->as.credit);
*/
size_t gn_frame_credit_size(const gn_frame *f);

/* NEW_TOKEN, NEW_CONNECTION_ID, RETIRE_CONNECTION_ID, PATH_CHALLENGE, PATH_RESPONSE. */
/*@
  predicate path_type(integer type) = type == GN_FRAME_NEW_TOKEN ||
    GN_FRAME_NEW_CONNECTION_ID <= type <= GN_FRAME_PATH_RESPONSE;
  predicate new_cid_sound(gn_frame_new_connection_id c) =
    c.retire_prior_to <= c.seq <= GN_VARINT_MAX && 1 <= c.cid.len <= GN_CID_MAX;
  predicate path_sound{L}(integer type, gn_frame *f) =
    (type == GN_FRAME_NEW_TOKEN ==> 0 < f->as.new_token.token.len <= GN_VARINT_MAX) &&
    (type == GN_FRAME_NEW_CONNECTION_ID ==> new_cid_sound(f->as.new_connection_id)) &&
    (type == GN_FRAME_RETIRE_CONNECTION_ID ==> f->as.retire_connection_id.seq <= GN_VARINT_MAX);
  logic integer token_bytes(gn_frame_new_token t) = 1 + varint_size(t.token.len) + t.token.len;
  logic integer new_cid_bytes(gn_frame_new_connection_id c) =
    2 + varint_size(c.seq) + varint_size(c.retire_prior_to) + c.cid.len + GN_RESET_TOKEN_BYTES;
  logic integer path_bytes{L}(integer type, gn_frame *f) =
    type == GN_FRAME_NEW_TOKEN ? token_bytes(f->as.new_token) :
    type == GN_FRAME_NEW_CONNECTION_ID ? new_cid_bytes(f->as.new_connection_id) :
    type == GN_FRAME_RETIRE_CONNECTION_ID ? 1 + varint_size(f->as.retire_connection_id.seq) :
                                            1 + GN_FRAME_CHALLENGE_BYTES;
*/
/*@
  requires path_type(type) && frame_read_args(in, out, fault);
  terminates \true; exits \false;
  assigns in->at, out->as, *fault;
  ensures ok: reader_ok(in);
  ensures forth: \old(in->at) <= in->at;
  ensures says: \result == GN_OK || \result == GN_ERR_SHORT || \result == GN_ERR_FORM;
  ensures sound: \result == GN_OK ==> \old(in->at) < in->at && path_sound(type, out);
  ensures view: \result == GN_OK && type == GN_FRAME_NEW_TOKEN ==>
    frame_span_last(in, out->as.new_token.token);
*/
GN_MUST_USE gn_err gn_frame_path_read(gn_reader *in, uint64_t type, gn_frame *out, gn_fault *fault);
/*@
  requires path_type(f->type) && frame_put_args(w, f);
  requires f->type == GN_FRAME_NEW_TOKEN ==> frame_span_args(w, f->as.new_token.token);
  terminates \true; exits \false;
  assigns w->at, w->base[w->at .. w->cap - 1];
  ensures ok: writer_ok(w);
  ensures says: \result == GN_OK || \result == GN_ERR_FULL || \result == GN_ERR_RANGE;
  ensures size: \result == GN_OK ==> w->at == \old(w->at + path_bytes(f->type, f));
  ensures sound: \result == GN_ERR_RANGE <==> !\old(path_sound(f->type, f));
  ensures room: \result == GN_ERR_FULL ==> !\old(writer_room(w, path_bytes(f->type, f)));
*/
GN_MUST_USE gn_err gn_frame_path_put(gn_writer *w, const gn_frame *f);
/*@
  requires \valid_read(f) && path_type(f->type) && path_sound(f->type, f);
  terminates \true; exits \false;
  assigns \nothing;
  ensures size: \result == path_bytes(f->type, f);
*/
size_t gn_frame_path_size(const gn_frame *f);

/*
 * PADDING, PING, RESET_STREAM, STOP_SENDING, CONNECTION_CLOSE, HANDSHAKE_DONE:
 * nothing in them can be out of bounds, so reading fills no fault.
 */
/*@
  predicate misc_type(integer type) =
    GN_FRAME_PADDING <= type <= GN_FRAME_PING || type == GN_FRAME_RESET_STREAM ||
    type == GN_FRAME_STOP_SENDING || GN_FRAME_CLOSE <= type <= GN_FRAME_HANDSHAKE_DONE;
  predicate close_type(integer type) = GN_FRAME_CLOSE <= type <= GN_FRAME_CLOSE_APP;
  predicate reset_sound(gn_frame_reset_stream r) =
    r.id <= GN_VARINT_MAX && r.error_code <= GN_VARINT_MAX && r.final_size <= GN_VARINT_MAX;
  predicate stop_sound(gn_frame_stop_sending s) =
    s.id <= GN_VARINT_MAX && s.error_code <= GN_VARINT_MAX;
  predicate close_sound(integer type, gn_frame_close c) =
    c.error_code <= GN_VARINT_MAX && c.frame_type <= GN_VARINT_MAX &&
    c.reason.len <= GN_VARINT_MAX && (type == GN_FRAME_CLOSE_APP ==> c.frame_type == 0);
  predicate misc_sound{L}(integer type, gn_frame *f) =
    (type == GN_FRAME_PADDING ==> 0 < f->as.padding.count) &&
    (type == GN_FRAME_RESET_STREAM ==> reset_sound(f->as.reset_stream)) &&
    (type == GN_FRAME_STOP_SENDING ==> stop_sound(f->as.stop_sending)) &&
    (close_type(type) ==> close_sound(type, f->as.close));
  logic integer reset_bytes(gn_frame_reset_stream r) =
    1 + varint_size(r.id) + varint_size(r.error_code) + varint_size(r.final_size);
  logic integer stop_bytes(gn_frame_stop_sending s) =
    1 + varint_size(s.id) + varint_size(s.error_code);
  logic integer close_bytes(integer type, gn_frame_close c) =
    1 + varint_size(c.error_code) + (type == GN_FRAME_CLOSE ? varint_size(c.frame_type) : 0) +
    varint_size(c.reason.len) + c.reason.len;
  logic integer misc_bytes{L}(integer type, gn_frame *f) =
    type == GN_FRAME_PADDING ? f->as.padding.count :
    type == GN_FRAME_RESET_STREAM ? reset_bytes(f->as.reset_stream) :
    type == GN_FRAME_STOP_SENDING ? stop_bytes(f->as.stop_sending) :
    type == GN_FRAME_CLOSE || type == GN_FRAME_CLOSE_APP ? close_bytes(type, f->as.close) : 1;
*/
/*@
  requires misc_type(type) && reader_ok(in) && \valid(out);
  requires room: in->len < SIZE_MAX;
  requires \separated(in, out, in->base + (0 .. in->len - 1));
  terminates \true; exits \false;
  assigns in->at, out->as;
  ensures ok: reader_ok(in);
  ensures forth: \old(in->at) <= in->at;
  ensures says: \result == GN_OK || \result == GN_ERR_SHORT;
  ensures sound: \result == GN_OK ==> misc_sound(type, out);
  ensures view: \result == GN_OK && close_type(type) ==>
    frame_span_last(in, out->as.close.reason);
*/
GN_MUST_USE gn_err gn_frame_misc_read(gn_reader *in, uint64_t type, gn_frame *out);
/*@
  requires misc_type(f->type) && frame_put_args(w, f);
  requires close_type(f->type) ==> frame_span_args(w, f->as.close.reason);
  terminates \true; exits \false;
  assigns w->at, w->base[w->at .. w->cap - 1];
  ensures ok: writer_ok(w);
  ensures says: \result == GN_OK || \result == GN_ERR_FULL || \result == GN_ERR_RANGE;
  ensures size: \result == GN_OK ==> w->at == \old(w->at + misc_bytes(f->type, f));
  ensures sound: \result == GN_ERR_RANGE <==> !\old(misc_sound(f->type, f));
  ensures room: \result == GN_ERR_FULL ==> !\old(writer_room(w, misc_bytes(f->type, f)));
*/
GN_MUST_USE gn_err gn_frame_misc_put(gn_writer *w, const gn_frame *f);
/*@
  requires \valid_read(f) && misc_type(f->type) && misc_sound(f->type, f);
  terminates \true; exits \false;
  assigns \nothing;
  ensures size: \result == misc_bytes(f->type, f);
*/
size_t gn_frame_misc_size(const gn_frame *f);

#endif
