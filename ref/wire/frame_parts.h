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
*/

/* ACK, with and without ECN counts. */
/*@
  requires frame_read_args(in, out, fault);
  terminates \true; exits \false;
  assigns in->at, out->as, *fault;
  ensures reader_ok(in) && \old(in->at) <= in->at;
*/
GN_MUST_USE gn_err gn_frame_ack_read(gn_reader *in, uint64_t type, gn_frame *out, gn_fault *fault);
GN_MUST_USE gn_err gn_frame_ack_put(gn_writer *w, const gn_frame *f);
size_t gn_frame_ack_size(const gn_frame *f);

/* CRYPTO, STREAM, DATAGRAM. */
/*@
  requires frame_read_args(in, out, fault);
  terminates \true; exits \false;
  assigns in->at, out->as, *fault;
  ensures reader_ok(in) && \old(in->at) <= in->at;
*/
GN_MUST_USE gn_err gn_frame_data_read(gn_reader *in, uint64_t type, gn_frame *out, gn_fault *fault);
GN_MUST_USE gn_err gn_frame_data_put(gn_writer *w, const gn_frame *f);
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
  requires frame_read_args(in, out, fault);
  terminates \true; exits \false;
  assigns in->at, out->as, *fault;
  ensures reader_ok(in) && \old(in->at) <= in->at;
*/
GN_MUST_USE gn_err gn_frame_path_read(gn_reader *in, uint64_t type, gn_frame *out, gn_fault *fault);
GN_MUST_USE gn_err gn_frame_path_put(gn_writer *w, const gn_frame *f);
size_t gn_frame_path_size(const gn_frame *f);

/*
 * PADDING, PING, RESET_STREAM, STOP_SENDING, CONNECTION_CLOSE, HANDSHAKE_DONE:
 * nothing in them can be out of bounds, so reading fills no fault.
 */
/*@
  requires reader_ok(in) && \valid(out);
  requires \separated(in, out, in->base + (0 .. in->len - 1));
  terminates \true; exits \false;
  assigns in->at, out->as;
  ensures reader_ok(in) && \old(in->at) <= in->at;
*/
GN_MUST_USE gn_err gn_frame_misc_read(gn_reader *in, uint64_t type, gn_frame *out);
GN_MUST_USE gn_err gn_frame_misc_put(gn_writer *w, const gn_frame *f);
size_t gn_frame_misc_size(const gn_frame *f);

#endif
