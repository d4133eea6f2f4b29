/*
 * tparams_field.h: one transport parameter and its field (RFC 9000 18, 18.2).
 *
 * A parameter is known by its id, or by its place at in tparams_table.h; here
 * its field in gn_tparams is found, its value read into it or written from it.
 */
#ifndef GN_WIRE_TPARAMS_FIELD_H
#define GN_WIRE_TPARAMS_FIELD_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/limits.h"
#include "base/reader.h"
#include "base/span.h"
#include "base/writer.h"
#include "wire/cid.h"
#include "wire/tparams.h"
#include "wire/tparams_table.h"
#include "wire/varint.h"

/* The field of an integer. */
/*@
  requires \valid_read(p) && tparams_is_integer(id);
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result == tparams_integer(p, id);
*/
uint64_t gn_tparams_field_integer(const gn_tparams *p, uint64_t id);

/* Sets the field of an integer. */
/*@
  requires \valid(p) && tparams_is_integer(id);
  terminates \true; exits \false;
  assigns p->max_idle_timeout_ms, p->max_udp_payload_size, p->initial_max_data,
    p->initial_max_stream_data_bidi_local, p->initial_max_stream_data_bidi_remote,
    p->initial_max_stream_data_uni, p->initial_max_streams_bidi, p->initial_max_streams_uni,
    p->ack_delay_exponent, p->max_ack_delay_ms, p->active_connection_id_limit,
    p->max_datagram_frame_size;
  ensures set: tparams_integer(p, id) == number;
  ensures others: \forall integer other; tparams_is_integer(other) && other != id ==>
    tparams_integer(p, other) == \old(tparams_integer(p, other));
  ensures range: \old(tparams_in_range(p)) && tparams_least(id) <= number <= tparams_most(id) ==>
    tparams_in_range(p);
*/
void gn_tparams_field_set_integer(gn_tparams *p, uint64_t id, uint64_t number);

/* The field of a connection ID. */
/*@
  requires \valid_read(p) && tparams_known(id) && tparams_kind(id) == GN_TPARAMS_CID;
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result == (id == 0x00 ? &p->original_dcid : id == 0x0f ? &p->initial_scid :
    &p->retry_scid);
*/
const gn_cid *gn_tparams_field_cid(const gn_tparams *p, uint64_t id);

/*
 * Judges the value of the parameter at this place of the table and puts it in
 * its field. GN_ERR_FORM: *why is the reason, static, and *p as it was.
 */
/*@
  requires at < GN_TPARAMS_ROWS && \valid(p) && \valid(why) && tparams_ok(p);
  requires \valid_read(value.ptr + (0 .. value.len - 1));
  requires \separated(p, why, value.ptr + (0 .. value.len - 1));
  terminates \true; exits \false;
  assigns *p, *why;
  ensures says: \result == GN_OK || \result == GN_ERR_FORM;
  ensures ok: tparams_ok(p);
  ensures present: \result == GN_OK && !tparams_is_integer(tparams_id(at)) ==>
    p->present == tparams_with(\old(p->present), tparams_bit(tparams_id(at)));
  ensures client: \result == GN_OK && !tparams_server_only(tparams_id(at)) &&
    \old(tparams_client(p)) ==> tparams_client(p);
  ensures absent: \result == GN_OK && tparams_is_integer(tparams_id(at)) ==>
    p->present == \old(p->present);
  ensures integer: \result == GN_OK && tparams_is_integer(tparams_id(at)) ==>
    value.len >= 1 && value.len == varint_told(value.ptr[0]) &&
    tparams_integer(p, tparams_id(at)) == varint_value(value.ptr);
*/
GN_MUST_USE gn_err gn_tparams_field_read(gn_span value, size_t at, gn_tparams *p, const char **why);

/*
 * Writes the parameter at this place of the table, if it is there and not the
 * default. GN_ERR_RANGE: a value that reading would refuse. GN_ERR_FULL: no
 * room; w may have moved.
 */
/*@
  requires at < GN_TPARAMS_ROWS && writer_ok(w) && \valid_read(p) && tparams_cids_ok(p);
  requires \separated(p, w, w->base + (0 .. w->cap - 1));
  terminates \true; exits \false;
  assigns w->at, w->base[w->at .. w->cap - 1];
  ensures ok: writer_ok(w);
  ensures says: \result == GN_OK || \result == GN_ERR_FULL || \result == GN_ERR_RANGE;
  ensures range: \result == GN_ERR_RANGE <==> !tparams_field_fits{Pre}(p, tparams_id(at));
  ensures size: \result == GN_OK ==>
    w->at == \old(w->at) + tparams_field_bytes{Pre}(p, tparams_id(at));
  ensures room: \result == GN_ERR_FULL ==>
    !writer_room{Pre}(w, tparams_field_bytes{Pre}(p, tparams_id(at)));
*/
GN_MUST_USE gn_err gn_tparams_field_write(gn_writer *w, size_t at, const gn_tparams *p);

#endif
