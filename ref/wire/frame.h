/*
 * frame.h: every frame of RFC 9000 19 and RFC 9221 4, read and written.
 *
 * A frame that was read is a value whose byte strings are spans into the
 * packet: nothing is copied but connection IDs, reset tokens and challenges.
 * All checks of section 19 that need no connection are made on reading; a
 * frame that passed has no offset, range or limit out of bounds.
 */
#ifndef GN_WIRE_FRAME_H
#define GN_WIRE_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/fault.h"
#include "base/limits.h"
#include "base/ranges.h"
#include "base/reader.h"
#include "base/span.h"
#include "base/writer.h"
#include "wire/ack_pair.h"
#include "wire/cid.h"
#include "wire/varint.h"

/* Frame types (RFC 9000 12.4, Table 3; RFC 9221 4). */
#define GN_FRAME_PADDING UINT64_C(0x00)
#define GN_FRAME_PING UINT64_C(0x01)
#define GN_FRAME_ACK UINT64_C(0x02)
#define GN_FRAME_ACK_ECN UINT64_C(0x03)
#define GN_FRAME_RESET_STREAM UINT64_C(0x04)
#define GN_FRAME_STOP_SENDING UINT64_C(0x05)
#define GN_FRAME_CRYPTO UINT64_C(0x06)
#define GN_FRAME_NEW_TOKEN UINT64_C(0x07)
#define GN_FRAME_STREAM UINT64_C(0x08) /* to 0x0f: any of the three bits below */
#define GN_FRAME_STREAM_LAST UINT64_C(0x0f)
#define GN_FRAME_MAX_DATA UINT64_C(0x10)
#define GN_FRAME_MAX_STREAM_DATA UINT64_C(0x11)
#define GN_FRAME_MAX_STREAMS_BIDI UINT64_C(0x12)
#define GN_FRAME_MAX_STREAMS_UNI UINT64_C(0x13)
#define GN_FRAME_DATA_BLOCKED UINT64_C(0x14)
#define GN_FRAME_STREAM_DATA_BLOCKED UINT64_C(0x15)
#define GN_FRAME_STREAMS_BLOCKED_BIDI UINT64_C(0x16)
#define GN_FRAME_STREAMS_BLOCKED_UNI UINT64_C(0x17)
#define GN_FRAME_NEW_CONNECTION_ID UINT64_C(0x18)
#define GN_FRAME_RETIRE_CONNECTION_ID UINT64_C(0x19)
#define GN_FRAME_PATH_CHALLENGE UINT64_C(0x1a)
#define GN_FRAME_PATH_RESPONSE UINT64_C(0x1b)
#define GN_FRAME_CLOSE UINT64_C(0x1c)     /* CONNECTION_CLOSE of the transport */
#define GN_FRAME_CLOSE_APP UINT64_C(0x1d) /* CONNECTION_CLOSE of the application */
#define GN_FRAME_HANDSHAKE_DONE UINT64_C(0x1e)
#define GN_FRAME_DATAGRAM UINT64_C(0x30)
#define GN_FRAME_DATAGRAM_LEN UINT64_C(0x31)

/* The bits of a STREAM type (RFC 9000 19.8). */
#define GN_FRAME_STREAM_BIT_FIN UINT64_C(0x01)
#define GN_FRAME_STREAM_BIT_LEN UINT64_C(0x02)
#define GN_FRAME_STREAM_BIT_OFF UINT64_C(0x04)

/* RFC 9000 19.11: a count of streams goes no further, as no stream ID does. */
#define GN_FRAME_STREAMS_MAX (UINT64_C(1) << 60)
/* RFC 9000 19.17: the bytes of a challenge. */
#define GN_FRAME_CHALLENGE_BYTES 8

/* A run of PADDING, told as one frame (RFC 9000 19.1). */
typedef struct gn_frame_padding {
    size_t count; /* bytes, at least 1 */
} gn_frame_padding;

/*
 * ACK (RFC 9000 19.3). Invariant: first_range <= largest, and ranges holds
 * range_count pairs of which none goes below packet number 0. gn_ack_iter
 * walks it.
 */
typedef struct gn_frame_ack {
    uint64_t largest;
    uint64_t delay;       /* as it travels: in units of 2^ack_delay_exponent us */
    uint64_t range_count; /* pairs of gap and length behind the first range */
    uint64_t first_range; /* packets before largest that are acknowledged with it */
    gn_span ranges;       /* the pairs, encoded; judged whole */
    uint64_t ect0;        /* the three counts are 0 without has_ecn */
    uint64_t ect1;
    uint64_t ce;
    bool has_ecn; /* agrees with the type */
} gn_frame_ack;

/*
 * ack_numbers: every number is one, and the first range none below 0. ack_sound: that, and
 * the bytes hold the ranges that are counted and nothing else. ack_head_bytes, ack_counts_bytes:
 * what stands before the pairs, and behind them with ECN.
 */
/*@
  logic integer ack_head_bytes(integer largest, integer delay, integer count, integer first) =
    1 + varint_size(largest) + varint_size(delay) + varint_size(count) + varint_size(first);
  logic integer ack_counts_bytes(integer ect0, integer ect1, integer ce) =
    varint_size(ect0) + varint_size(ect1) + varint_size(ce);
  predicate ack_numbers(gn_frame_ack a) =
    a.first_range <= a.largest <= GN_VARINT_MAX && a.delay <= GN_VARINT_MAX &&
    a.ect0 <= GN_VARINT_MAX && a.ect1 <= GN_VARINT_MAX && a.ce <= GN_VARINT_MAX;
  predicate ack_sound{L}(gn_frame_ack a) =
    ack_numbers(a) && a.range_count <= a.ranges.len / 2 &&
    ack_pairs_left(a.ranges.ptr, a.ranges.len, a.range_count, a.largest - a.first_range) == 0;
*/

/* RESET_STREAM (RFC 9000 19.4). */
typedef struct gn_frame_reset_stream {
    uint64_t id;
    uint64_t error_code;
    uint64_t final_size; /* bytes */
} gn_frame_reset_stream;

/* STOP_SENDING (RFC 9000 19.5). */
typedef struct gn_frame_stop_sending {
    uint64_t id;
    uint64_t error_code;
} gn_frame_stop_sending;

/* CRYPTO (RFC 9000 19.6). Invariant: off + data.len <= GN_VARINT_MAX. */
typedef struct gn_frame_crypto {
    uint64_t off;
    gn_span data;
} gn_frame_crypto;

/* NEW_TOKEN (RFC 9000 19.7). */
typedef struct gn_frame_new_token {
    gn_span token; /* never empty */
} gn_frame_new_token;

/* STREAM (RFC 9000 19.8). Invariant: off + data.len <= GN_VARINT_MAX. */
typedef struct gn_frame_stream {
    uint64_t id;
    uint64_t off; /* 0 when the type has no OFF bit */
    gn_span data;
    bool fin; /* agrees with the type */
} gn_frame_stream;

/*
 * MAX_DATA, MAX_STREAM_DATA, MAX_STREAMS, DATA_BLOCKED, STREAM_DATA_BLOCKED,
 * STREAMS_BLOCKED (RFC 9000 19.9 to 19.14).
 */
typedef struct gn_frame_credit {
    uint64_t id;    /* of the stream; 0 where the type is not about one stream */
    uint64_t limit; /* bytes or, at most GN_FRAME_STREAMS_MAX, streams */
} gn_frame_credit;

/* NEW_CONNECTION_ID (RFC 9000 19.15). Invariant: cid.len >= 1, retire_prior_to <= seq. */
typedef struct gn_frame_new_connection_id {
    uint64_t seq;
    uint64_t retire_prior_to;
    gn_cid cid;
    uint8_t reset_token[GN_RESET_TOKEN_BYTES];
} gn_frame_new_connection_id;

/* RETIRE_CONNECTION_ID (RFC 9000 19.16). */
typedef struct gn_frame_retire_connection_id {
    uint64_t seq;
} gn_frame_retire_connection_id;

/* PATH_CHALLENGE and PATH_RESPONSE (RFC 9000 19.17, 19.18). */
typedef struct gn_frame_path {
    uint8_t data[GN_FRAME_CHALLENGE_BYTES];
} gn_frame_path;

/* CONNECTION_CLOSE of both kinds (RFC 9000 19.19). */
typedef struct gn_frame_close {
    uint64_t error_code;
    uint64_t frame_type; /* what caused it, 0 if unknown; always 0 for GN_FRAME_CLOSE_APP */
    gn_span reason;      /* should be UTF-8; nobody checked */
} gn_frame_close;

/* DATAGRAM (RFC 9221 4). */
typedef struct gn_frame_datagram {
    gn_span data;
} gn_frame_datagram;

/* One frame. The member that counts is told by the type; PING and HANDSHAKE_DONE have none. */
typedef struct gn_frame {
    uint64_t type;
    union {
        gn_frame_padding padding;
        gn_frame_ack ack;
        gn_frame_reset_stream reset_stream;
        gn_frame_stop_sending stop_sending;
        gn_frame_crypto crypto;
        gn_frame_new_token new_token;
        gn_frame_stream stream;
        gn_frame_credit credit;
        gn_frame_new_connection_id new_connection_id;
        gn_frame_retire_connection_id retire_connection_id;
        gn_frame_path path;
        gn_frame_close close;
        gn_frame_datagram datagram;
    } as;
} gn_frame;

/*
 * frame_spans: what a frame of this type points at is there, and apart from where it is written.
 */
/*@
  predicate frame_span_args{L}(gn_writer *w, gn_span s) =
    \valid_read(s.ptr + (0 .. s.len - 1)) && \separated(w, s.ptr + (0 .. s.len - 1)) &&
    \separated(w->base + (0 .. w->cap - 1), s.ptr + (0 .. s.len - 1));
  predicate frame_spans{L}(gn_writer *w, gn_frame *f) =
    (f->type == GN_FRAME_ACK || f->type == GN_FRAME_ACK_ECN ==>
      frame_span_args(w, f->as.ack.ranges)) &&
    (f->type == GN_FRAME_CRYPTO ==> frame_span_args(w, f->as.crypto.data)) &&
    (GN_FRAME_STREAM <= f->type <= GN_FRAME_STREAM_LAST ==>
      frame_span_args(w, f->as.stream.data)) &&
    (f->type == GN_FRAME_DATAGRAM || f->type == GN_FRAME_DATAGRAM_LEN ==>
      frame_span_args(w, f->as.datagram.data)) &&
    (f->type == GN_FRAME_NEW_TOKEN ==> frame_span_args(w, f->as.new_token.token)) &&
    (f->type == GN_FRAME_CLOSE || f->type == GN_FRAME_CLOSE_APP ==>
      frame_span_args(w, f->as.close.reason));
*/

/*
 * Reads one frame and steps past it. Frames that run to the end of the packet
 * take all that is left, so r must end where the packet's payload ends.
 * Otherwise GN_ERR_FORM with *fault filled, and nothing moved:
 * FRAME_ENCODING_ERROR for an unknown type, a frame cut short or a field out
 * of bounds; PROTOCOL_VIOLATION for a known type in more bytes than needed
 * (RFC 9000 12.4).
 */
/*@
  requires reader_ok(r) && \valid(out) && \valid(fault) && r->len <= GN_VARINT_MAX;
  requires \separated(r, out, fault, r->base + (0 .. r->len - 1));
  terminates \true; exits \false;
  assigns r->at, *out, *fault;
  ensures ok: reader_ok(r);
  ensures says: \result == GN_OK || \result == GN_ERR_FORM;
  ensures forth: \result == GN_OK ==> \old(r->at) < r->at;
  ensures kept: \result != GN_OK ==> r->at == \old(r->at);
*/
GN_MUST_USE gn_err gn_frame_read(gn_reader *r, gn_frame *out, gn_fault *fault);

/*
 * Writes one frame, with the fields that its type says and every integer in
 * its shortest form, but the ranges of an ACK, which are copied as they are.
 * GN_ERR_FULL: no room. GN_ERR_RANGE: a field is outside what gn_frame_read
 * accepts, or contradicts the type, or the type is unknown. Neither moves
 * anything.
 */
/*@
  requires writer_ok(w) && \valid_read(f) && frame_spans(w, f);
  requires \separated(w, f, w->base + (0 .. w->cap - 1));
  terminates \true; exits \false;
  assigns w->at, w->base[w->at .. w->cap - 1];
  ensures ok: writer_ok(w);
  ensures says: \result == GN_OK || \result == GN_ERR_FULL || \result == GN_ERR_RANGE;
  ensures kept: \result != GN_OK ==> w->at == \old(w->at);
*/
GN_MUST_USE gn_err gn_frame_write(gn_writer *w, const gn_frame *f);

/* The bytes that gn_frame_write takes for a frame it accepts. */
size_t gn_frame_size(const gn_frame *f);

/*
 * The most bytes of data that fit into room together with a length field that
 * counts them; 0 when there is no room for any. Room is what the rest of the
 * frame leaves, less than 2^30.
 */
/*@
  requires room <= 0x3fffffff;
  terminates \true; exits \false;
  assigns \nothing;
  ensures fits: \result > 0 ==> \result + varint_size(\result) <= room;
  ensures most: \forall integer n; 0 < n && n + varint_size(n) <= room ==> n <= \result;
*/
size_t gn_frame_fit(size_t room);

/*@
  logic integer stream_overhead(integer id, integer off, integer len, integer has_len) =
    1 + varint_size(id) + (off == 0 ? 0 : varint_size(off)) + (has_len != 0 ? varint_size(len) : 0);
  logic integer crypto_overhead(integer off, integer len) =
    1 + varint_size(off) + varint_size(len);
  logic integer datagram_overhead(integer len, integer has_len) =
    1 + (has_len != 0 ? varint_size(len) : 0);
*/

/*
 * What stands before the data of a STREAM frame, for a sender that copies the
 * data straight into the packet. The overhead counts type, stream ID, offset
 * (only if not 0) and, with has_len, a length field for len bytes.
 */
/*@
  requires id <= GN_VARINT_MAX && off <= GN_VARINT_MAX && len <= GN_VARINT_MAX;
  terminates \true; exits \false;
  assigns \nothing;
  ensures size: \result == stream_overhead(id, off, len, has_len);
*/
size_t gn_frame_stream_overhead(uint64_t id, uint64_t off, size_t len, bool has_len);

/*
 * Writes that header; the caller appends exactly len bytes. Without has_len
 * the data must be the last bytes of the packet.
 * GN_ERR_FULL: no room for the header; the data are not asked about.
 * GN_ERR_RANGE: id, or off + len, is above GN_VARINT_MAX. Neither moves anything.
 */
/*@
  requires writer_ok(w);
  terminates \true; exits \false;
  assigns w->at, w->base[w->at .. w->cap - 1];
  ensures ok: writer_ok(w);
  ensures says: \result == GN_OK || \result == GN_ERR_FULL || \result == GN_ERR_RANGE;
  ensures range: \result == GN_ERR_RANGE <==> !(id <= GN_VARINT_MAX && off + len <= GN_VARINT_MAX);
  ensures size: \result == GN_OK ==> w->at == \old(w->at) + stream_overhead(id, off, len, has_len);
  ensures room: \result == GN_ERR_FULL ==> !writer_room{Pre}(w,
    stream_overhead(id, off, len, has_len));
  ensures kept: \result != GN_OK ==> w->at == \old(w->at);
*/
GN_MUST_USE gn_err gn_frame_stream_write_header(gn_writer *w, uint64_t id, uint64_t off, size_t len,
                                                bool has_len, bool fin);

/* The same two for CRYPTO, which always has an offset and a length. */
/*@
  requires off <= GN_VARINT_MAX && len <= GN_VARINT_MAX;
  terminates \true; exits \false;
  assigns \nothing;
  ensures size: \result == crypto_overhead(off, len);
*/
size_t gn_frame_crypto_overhead(uint64_t off, size_t len);
/*@
  requires writer_ok(w);
  terminates \true; exits \false;
  assigns w->at, w->base[w->at .. w->cap - 1];
  ensures ok: writer_ok(w);
  ensures says: \result == GN_OK || \result == GN_ERR_FULL || \result == GN_ERR_RANGE;
  ensures range: \result == GN_ERR_RANGE <==> !(off + len <= GN_VARINT_MAX);
  ensures size: \result == GN_OK ==> w->at == \old(w->at) + crypto_overhead(off, len);
  ensures room: \result == GN_ERR_FULL ==> !writer_room{Pre}(w, crypto_overhead(off, len));
  ensures kept: \result != GN_OK ==> w->at == \old(w->at);
*/
GN_MUST_USE gn_err gn_frame_crypto_write_header(gn_writer *w, uint64_t off, size_t len);

/* The same two for DATAGRAM (RFC 9221 4). */
/*@
  requires len <= GN_VARINT_MAX;
  terminates \true; exits \false;
  assigns \nothing;
  ensures size: \result == datagram_overhead(len, has_len);
*/
size_t gn_frame_datagram_overhead(size_t len, bool has_len);
/*@
  requires writer_ok(w);
  terminates \true; exits \false;
  assigns w->at, w->base[w->at .. w->cap - 1];
  ensures ok: writer_ok(w);
  ensures says: \result == GN_OK || \result == GN_ERR_FULL || \result == GN_ERR_RANGE;
  ensures range: \result == GN_ERR_RANGE <==> !(len <= GN_VARINT_MAX);
  ensures size: \result == GN_OK ==> w->at == \old(w->at) + datagram_overhead(len, has_len);
  ensures room: \result == GN_ERR_FULL ==> !writer_room{Pre}(w, datagram_overhead(len, has_len));
  ensures kept: \result != GN_OK ==> w->at == \old(w->at);
*/
GN_MUST_USE gn_err gn_frame_datagram_write_header(gn_writer *w, size_t len, bool has_len);

/* The counts that an ACK of type 0x03 carries (RFC 9000 19.3.2). */
typedef struct gn_frame_ecn {
    uint64_t ect0;
    uint64_t ect1;
    uint64_t ce;
} gn_frame_ecn;

/*
 * Writes an ACK for the numbers in received (at least one range), newest
 * first. At most max_ranges ranges (at least 1) are told, and as many as there
 * is room for; the oldest go untold. delay is in wire units. ecn may be NULL.
 * GN_ERR_FULL, with nothing moved: not even the newest range fits.
 */
/*@
  predicate ack_rising{L}(gn_ranges *s) =
    1 <= s->count <= GN_RANGES_MAX &&
    (\forall integer i; 0 <= i < s->count ==> s->at[i].from < s->at[i].to) &&
    (\forall integer i, j; 0 <= i < j < s->count ==> s->at[i].to < s->at[j].from);
  logic gn_range ack_newest{L}(gn_ranges *s) = s->at[s->count - 1];
  predicate ack_tellable(gn_range newest, integer delay) =
    newest.to <= GN_VARINT_MAX + 1 && delay <= GN_VARINT_MAX;
  predicate ecn_tellable(gn_frame_ecn ecn) =
    ecn.ect0 <= GN_VARINT_MAX && ecn.ect1 <= GN_VARINT_MAX && ecn.ce <= GN_VARINT_MAX;
  logic integer ack_least_bytes{L}(gn_range newest, integer delay, gn_frame_ecn *ecn) =
    ack_head_bytes(newest.to - 1, delay, 0, newest.to - newest.from - 1) +
    (ecn == \null ? 0 : ack_counts_bytes(ecn->ect0, ecn->ect1, ecn->ce));
*/
/*@
  requires writer_ok(w) && \valid_read(received) && ack_rising(received) && max_ranges > 0;
  requires ecn != \null ==> \valid_read(ecn);
  requires \separated(w, received, w->base + (0 .. w->cap - 1));
  requires ecn != \null ==> \separated(w, ecn) && \separated(w->base + (0 .. w->cap - 1), ecn);
  terminates \true; exits \false;
  assigns w->at, w->base[w->at .. w->cap - 1];
  ensures ok: writer_ok(w);
  ensures says: \result == GN_OK || \result == GN_ERR_FULL || \result == GN_ERR_RANGE;
  ensures range: \result == GN_ERR_RANGE <==>
    !(ack_tellable(ack_newest(received), delay) && (ecn != \null ==> ecn_tellable(*ecn)));
  ensures room: \result == GN_ERR_FULL ==>
    !writer_room{Pre}(w, ack_least_bytes(ack_newest(received), delay, ecn));
  ensures least: \result == GN_OK ==>
    \old(w->at) + ack_least_bytes(ack_newest(received), delay, ecn) <= w->at;
  ensures kept: \result != GN_OK ==> w->at == \old(w->at);
*/
GN_MUST_USE gn_err gn_frame_ack_write(gn_writer *w, const gn_ranges *received, uint64_t delay,
                                      const gn_frame_ecn *ecn, size_t max_ranges);

#endif
