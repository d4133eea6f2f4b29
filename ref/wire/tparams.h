/*
 * tparams.h: transport parameters (RFC 9000 18, RFC 9221 3).
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
    uint8_t reserved[4];
} gn_tparams;

/* What a peer means that sends nothing: the defaults of RFC 9000 18.2. */
/*@
  requires \valid(out);
  terminates \true; exits \false;
  assigns *out;
  ensures out->present == 0 && out->max_udp_payload_size == 65527;
  ensures out->ack_delay_exponent == 3 && out->max_ack_delay_ms == 25;
  ensures out->active_connection_id_limit == 2;
*/
void gn_tparams_init(gn_tparams *out);

/*
 * Reads a peer's parameters. Unknown ones are ignored (RFC 9000 7.4.2). What
 * has to be compared with the handshake, the presence of connection IDs
 * included (RFC 9000 7.3), is the caller's to judge.
 * GN_ERR_FORM with *fault, TRANSPORT_PARAMETER_ERROR: cut short, said twice, of
 * the wrong size, out of range, or sent by a client though only a server may.
 */
/*@
  requires bytes.len > 0 ==> \valid_read(bytes.ptr + (0 .. bytes.len - 1));
  requires \valid(out) && \valid(fault) && \separated(out, fault);
  requires \separated(out, bytes.ptr + (0 .. bytes.len - 1));
  requires \separated(fault, bytes.ptr + (0 .. bytes.len - 1));
  terminates \true; exits \false;
  assigns *out, *fault;
  ensures \result == GN_OK || \result == GN_ERR_FORM;
  ensures \result == GN_OK ==> out->max_udp_payload_size >= 1200;
  ensures \result == GN_OK ==> out->ack_delay_exponent <= 20 && out->max_ack_delay_ms < 16384;
  ensures \result == GN_OK ==> out->active_connection_id_limit >= 2;
*/
GN_MUST_USE gn_err gn_tparams_read(gn_span bytes, bool from_server, gn_tparams *out,
                                   gn_fault *fault);

/*
 * Writes what differs from the defaults, in the order of the table.
 * GN_ERR_FULL: no room. GN_ERR_RANGE: a value that gn_tparams_read would
 * refuse. GN_ERR_STATE: a client's parameters hold one of a server. None of
 * them moves anything.
 */
GN_MUST_USE gn_err gn_tparams_write(gn_writer *w, const gn_tparams *p, bool as_server);

#endif
