/*
 * tparams.h: transport parameters (RFC 9000 18, RFC 9221 3, RFC 9287 3, RFC 9368 3).
 *
 * What each parameter is, may be and defaults to stands in tparams_table.c,
 * one row a parameter.
 */
#ifndef GN_WIRE_TPARAMS_H
#define GN_WIRE_TPARAMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/fault.h"
#include "base/limits.h"
#include "base/span.h"
#include "base/writer.h"
#include "wire/cid.h"
#include "wire/tparams_table.h"
#include "wire/varint.h"

/*
 * Unknown parameters whose repetition is still noticed. A peer that sends more
 * is not refused, only no longer watched: 64 is far above what anybody
 * registered, and keeps the work below 64 * 64 / 2 comparisons.
 */
#define GN_TPARAMS_UNKNOWN_MAX 64

/* The parameters that have no default: a bit says that they are there. */
#define GN_TPARAMS_ORIGINAL_DCID 0x01u
#define GN_TPARAMS_RESET_TOKEN 0x02u
#define GN_TPARAMS_PREFERRED_ADDRESS 0x04u
#define GN_TPARAMS_INITIAL_SCID 0x08u
#define GN_TPARAMS_RETRY_SCID 0x10u
#define GN_TPARAMS_VERSIONS 0x20u

/*
 * Versions kept of a list. Reserved ones are read and forgotten; of a peer that lists more real
 * ones than this, the further ones are not looked at.
 */
#define GN_TPARAMS_VERSIONS_MAX 8

/* RFC 9000 18.2, Figure 22. All zero address and port: that family is not offered. */
typedef struct gn_tparams_address {
    uint16_t ipv4_port; /* host order */
    uint16_t ipv6_port;
    uint8_t ipv4[4]; /* network order */
    uint8_t ipv6[16];
    gn_cid cid; /* 1 to 20 bytes, sequence number 1 */
    uint8_t reset_token[GN_RESET_TOKEN_BYTES];
    uint8_t reserved[3];
} gn_tparams_address;

/* One endpoint's parameters. Fields without their bit in present are zero. */
typedef struct gn_tparams {
    uint64_t max_idle_timeout_ms; /* 0: none */
    uint64_t max_udp_payload_size;
    uint64_t initial_max_data;
    uint64_t initial_max_stream_data_bidi_local;
    uint64_t initial_max_stream_data_bidi_remote;
    uint64_t initial_max_stream_data_uni;
    uint64_t initial_max_streams_bidi;
    uint64_t initial_max_streams_uni;
    uint64_t ack_delay_exponent;
    uint64_t max_ack_delay_ms;
    uint64_t active_connection_id_limit;
    uint64_t max_datagram_frame_size; /* 0: no DATAGRAM frames (RFC 9221 3) */
    uint32_t present;                 /* GN_TPARAMS_ORIGINAL_DCID and so on */
    gn_tparams_address preferred_address;
    gn_cid original_dcid;
    gn_cid initial_scid;
    gn_cid retry_scid;
    uint8_t reset_token[GN_RESET_TOKEN_BYTES];
    bool disable_active_migration;
    bool grease_quic_bit; /* the peer takes packets whatever their fixed bit is (RFC 9287 3) */
    uint8_t version_count;
    uint8_t reserved[6];
    uint32_t chosen_version;                    /* RFC 9368 3: version_information */
    uint32_t versions[GN_TPARAMS_VERSIONS_MAX]; /* available ones; zeros behind version_count */
} gn_tparams;

/*
 * tparams_in_range: every integer is what RFC 9000 18.2, 4.6 and RFC 9221 3
 * allow. tparams_cids_ok: the connection IDs keep their own invariant.
 */
/*@
  predicate tparams_in_range{L}(gn_tparams *p) =
    p->max_idle_timeout_ms <= GN_VARINT_MAX &&
    1200 <= p->max_udp_payload_size <= GN_VARINT_MAX &&
    p->initial_max_data <= GN_VARINT_MAX &&
    p->initial_max_stream_data_bidi_local <= GN_VARINT_MAX &&
    p->initial_max_stream_data_bidi_remote <= GN_VARINT_MAX &&
    p->initial_max_stream_data_uni <= GN_VARINT_MAX &&
    p->initial_max_streams_bidi <= 0x1000000000000000 &&
    p->initial_max_streams_uni <= 0x1000000000000000 &&
    p->ack_delay_exponent <= 20 && p->max_ack_delay_ms < 16384 &&
    2 <= p->active_connection_id_limit <= GN_VARINT_MAX &&
    p->max_datagram_frame_size <= GN_VARINT_MAX;
  predicate tparams_cids_ok{L}(gn_tparams *p) =
    cid_ok(&p->original_dcid) && cid_ok(&p->initial_scid) && cid_ok(&p->retry_scid) &&
    cid_ok(&p->preferred_address.cid);
  predicate tparams_ok{L}(gn_tparams *p) = tparams_in_range(p) && tparams_cids_ok(p) &&
    p->version_count <= GN_TPARAMS_VERSIONS_MAX;
  predicate tparams_client{L}(gn_tparams *p) =
    p->present == 0 || p->present == GN_TPARAMS_INITIAL_SCID ||
    p->present == GN_TPARAMS_VERSIONS ||
    p->present == GN_TPARAMS_INITIAL_SCID + GN_TPARAMS_VERSIONS;
*/

/* tparams_masked, tparams_with: what & and | make of the bits of present. */
/*@
  logic integer tparams_masked(integer bits, integer bit) = bits & bit;
  logic integer tparams_with(integer bits, integer bit) = bits | bit;
*/

/*
 * tparams_integer: the field of an integer. tparams_field_bytes: what writing a
 * parameter takes, id and length included, 0 when it is absent or the default.
 * tparams_field_fits: reading would not refuse it. tparams_bytes: what writing
 * takes from this place of the table on.
 */
/*@
  logic integer tparams_integer{L}(gn_tparams *p, integer id) =
    id == 0x01 ? p->max_idle_timeout_ms :
    id == 0x03 ? p->max_udp_payload_size :
    id == 0x04 ? p->initial_max_data :
    id == 0x05 ? p->initial_max_stream_data_bidi_local :
    id == 0x06 ? p->initial_max_stream_data_bidi_remote :
    id == 0x07 ? p->initial_max_stream_data_uni :
    id == 0x08 ? p->initial_max_streams_bidi :
    id == 0x09 ? p->initial_max_streams_uni :
    id == 0x0a ? p->ack_delay_exponent :
    id == 0x0b ? p->max_ack_delay_ms :
    id == 0x0e ? p->active_connection_id_limit : p->max_datagram_frame_size;
  logic integer tparams_cid_len{L}(gn_tparams *p, integer id) =
    id == 0x00 ? p->original_dcid.len : id == 0x0f ? p->initial_scid.len : p->retry_scid.len;
  logic integer tparams_flag{L}(gn_tparams *p, integer id) =
    id == 0x0c ? p->disable_active_migration : p->grease_quic_bit;
  logic integer tparams_value_bytes{L}(gn_tparams *p, integer id) =
    tparams_kind(id) == GN_TPARAMS_INTEGER ? varint_size(tparams_integer(p, id)) :
    tparams_kind(id) == GN_TPARAMS_FLAG ? 0 :
    tparams_kind(id) == GN_TPARAMS_CID ? tparams_cid_len(p, id) :
    tparams_kind(id) == GN_TPARAMS_TOKEN ? GN_RESET_TOKEN_BYTES :
    tparams_kind(id) == GN_TPARAMS_LIST ? 4 + 4 * p->version_count :
    41 + p->preferred_address.cid.len;
  predicate tparams_field_absent{L}(gn_tparams *p, integer id) =
    tparams_kind(id) == GN_TPARAMS_INTEGER ? tparams_integer(p, id) == tparams_default(id) :
    tparams_kind(id) == GN_TPARAMS_FLAG ? !tparams_flag(p, id) :
    tparams_masked(p->present, tparams_bit(id)) == 0;
  predicate tparams_field_fits{L}(gn_tparams *p, integer id) =
    tparams_kind(id) == GN_TPARAMS_INTEGER ?
      tparams_least(id) <= tparams_integer(p, id) <= tparams_most(id) :
    tparams_kind(id) == GN_TPARAMS_ADDRESS && !tparams_field_absent(p, id) ?
      1 <= p->preferred_address.cid.len <= GN_CID_MAX : \true;
  logic integer tparams_field_bytes{L}(gn_tparams *p, integer id) =
    \let absent =
      tparams_kind(id) == GN_TPARAMS_INTEGER ? tparams_integer(p, id) == tparams_default(id) :
      tparams_kind(id) == GN_TPARAMS_FLAG ? tparams_flag(p, id) == 0 :
      tparams_masked(p->present, tparams_bit(id)) == 0;
    absent ? 0 : varint_size(id) + 1 + tparams_value_bytes(p, id);
  logic integer tparams_bytes{L}(gn_tparams *p, integer at) =
    at >= GN_TPARAMS_ROWS ? 0 :
    tparams_field_bytes(p, tparams_id(at)) + \max(0, tparams_bytes(p, at + 1));
*/

/* What a peer means that sends nothing: the defaults of RFC 9000 18.2. */
/*@
  requires \valid(out);
  terminates \true; exits \false;
  assigns *out;
  ensures ok: tparams_ok(out);
  ensures none: out->present == 0 && out->disable_active_migration == 0 &&
    out->grease_quic_bit == 0;
  ensures defaults:
    out->max_udp_payload_size == 65527 && out->ack_delay_exponent == 3 &&
    out->max_ack_delay_ms == 25 && out->active_connection_id_limit == 2;
  ensures zeros:
    out->max_idle_timeout_ms == 0 && out->initial_max_data == 0 &&
    out->initial_max_stream_data_bidi_local == 0 &&
    out->initial_max_stream_data_bidi_remote == 0 && out->initial_max_stream_data_uni == 0 &&
    out->initial_max_streams_bidi == 0 && out->initial_max_streams_uni == 0 &&
    out->max_datagram_frame_size == 0;
*/
void gn_tparams_init(gn_tparams *out);

/*
 * Reads a peer's parameters. Unknown ones are ignored (RFC 9000 7.4.2). What
 * has to be compared with the handshake, the presence of connection IDs
 * (RFC 9000 7.3) and versions (RFC 9368 4) included, is the caller's to judge.
 * GN_ERR_FORM with *fault, TRANSPORT_PARAMETER_ERROR: cut short, said twice, of
 * the wrong size, out of range, or sent by a client though only a server may.
 */
/*@
  requires \valid_read(bytes.ptr + (0 .. bytes.len - 1));
  requires \valid(out) && \valid(fault) && \separated(out, fault);
  requires \separated(out, bytes.ptr + (0 .. bytes.len - 1));
  requires \separated(fault, bytes.ptr + (0 .. bytes.len - 1));
  terminates \true; exits \false;
  assigns *out, *fault;
  ensures says: \result == GN_OK || \result == GN_ERR_FORM;
  ensures ok: \result == GN_OK ==> tparams_ok(out);
  ensures client: \result == GN_OK && !from_server ==> tparams_client(out);
  ensures kept: \result != GN_OK ==> *out == \old(*out);
  ensures blame: \result != GN_OK ==> fault->wire_code == GN_FAULT_TRANSPORT_PARAMETER;
*/
GN_MUST_USE gn_err gn_tparams_read(gn_span bytes, bool from_server, gn_tparams *out,
                                   gn_fault *fault);

/*
 * Writes what differs from the defaults, in the order of the table.
 * GN_ERR_FULL: no room. GN_ERR_RANGE: a value that gn_tparams_read would
 * refuse. GN_ERR_STATE: a client's parameters hold one of a server. None of
 * them moves w; what lies behind it is then anything.
 */
/*@
  requires writer_ok(w) && \valid_read(p) && tparams_cids_ok(p);
  requires p->version_count <= GN_TPARAMS_VERSIONS_MAX;
  requires \separated(p, w, w->base + (0 .. w->cap - 1));
  terminates \true; exits \false;
  assigns w->at, w->base[w->at .. w->cap - 1];
  ensures ok: writer_ok(w);
  ensures says: \result == GN_OK || \result == GN_ERR_FULL || \result == GN_ERR_RANGE ||
    \result == GN_ERR_STATE;
  ensures range: \result == GN_OK ==> tparams_in_range{Pre}(p);
  ensures client: \result == GN_OK && !as_server ==> \forall integer id;
    tparams_known(id) && tparams_server_only(id) ==> tparams_field_absent{Pre}(p, id);
  ensures size: \result == GN_OK ==> w->at == \old(w->at) + tparams_bytes{Pre}(p, 0);
  ensures room: \result == GN_ERR_FULL ==> !writer_room{Pre}(w, tparams_bytes{Pre}(p, 0));
  ensures kept: \result != GN_OK ==> w->at == \old(w->at);
*/
GN_MUST_USE gn_err gn_tparams_write(gn_writer *w, const gn_tparams *p, bool as_server);

#endif
