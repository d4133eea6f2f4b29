/*
 * header.c: what the contracts of the packet headers mean together.
 */
#include "wire/header_read.h"
#include "wire/header_write.h"
#include "wire/retry.h"
#include "wire/vneg.h"

/*@
  predicate header_apart{L}(uint8_t *bytes, integer cap, gn_cid *c) =
    \valid_read(c) && cid_ok(c) && \separated(bytes + (0 .. cap - 1), c);
  predicate header_cid_same{L}(gn_cid *a, gn_cid *b) =
    a->len == b->len && \forall integer i; 0 <= i < b->len ==> a->bytes[i] == b->bytes[i];
*/

/* An Initial, 0-RTT or Handshake header is read again as what was written. */
/*@
  requires \valid(bytes + (0 .. cap - 1)) && \valid(out);
  requires header_apart(bytes, cap, dcid) && header_apart(bytes, cap, scid);
  requires \valid_read(token.ptr + (0 .. token.len - 1)) && token.len <= GN_VARINT_MAX;
  requires \separated(bytes + (0 .. cap - 1), token.ptr + (0 .. token.len - 1));
  requires \separated(out, bytes + (0 .. cap - 1), dcid, scid);
  requires \separated(out, token.ptr + (0 .. token.len - 1));
  requires header_numbered(kind) && (kind != GN_PACKET_INITIAL ==> token.len == 0);
  requires 1 <= pn_size <= 4 && pn_size + payload <= GN_HEADER_LENGTH_MAX;
  requires header_bytes(kind, dcid->len, scid->len, token.len, pn_size) + payload <= cap;
  terminates \true; exits \false;
  assigns bytes[0 .. cap - 1], *out;
  ensures read: \result == GN_OK && out->kind == kind && out->version == GN_VERSION_1;
  ensures dcid: header_cid_same(&out->dcid, dcid);
  ensures scid: header_cid_same(&out->scid, scid);
  ensures size: out->pn_at + pn_size ==
    header_bytes(kind, dcid->len, scid->len, token.len, pn_size);
  ensures end: out->packet_len == out->pn_at + pn_size + payload;
  ensures pn_size: out->first % 4 + 1 == pn_size;
  ensures pn: header_pn(bytes + out->pn_at, pn_size) == pn % pktnum_window(pn_size);
  ensures token: kind == GN_PACKET_INITIAL ==>
    out->token.len == token.len && header_same(out->token.ptr, token.ptr, token.len);
*/
gn_err
proof_header_long_round_trip(uint8_t *bytes, size_t cap, gn_packet_kind kind, const gn_cid *dcid,
                             const gn_cid *scid, gn_span token, uint64_t pn, size_t pn_size,
                             size_t payload, gn_header *out)
{
    gn_writer w = gn_writer_over(bytes, cap);
    size_t at = 0;
    const gn_err err =
        gn_header_write_long(&w, kind, GN_VERSION_1, dcid, scid, token, pn, pn_size, &at);
    //@ assert good: err == GN_OK;
    //@ assert ids: header_ids_end(bytes) == 7 + dcid->len + scid->len;
    //@ assert at: at == header_ids_end(bytes) + header_token_bytes(kind, token.len);
    gn_header_write_length(&w, at, pn_size + payload);
    //@ assert ids: header_ids_end(bytes) == 7 + dcid->len + scid->len;
    //@ assert kind: header_kind(bytes) == kind && header_fixed(bytes[0], \false);
    //@ assert length: header_length_at(bytes, kind, header_ids_end(bytes)) == at;
    //@ assert pn: header_pn_at(bytes, kind, header_ids_end(bytes)) == at + 2;
    //@ assert end: header_end(bytes, kind, header_ids_end(bytes)) == w.at + payload;
    return gn_header_read(bytes, w.at + payload, 0, out);
}

/* A short header is read again as what was written. */
/*@
  requires \valid(bytes + (0 .. cap - 1)) && \valid(out) && header_apart(bytes, cap, dcid);
  requires \separated(out, bytes + (0 .. cap - 1), dcid);
  requires 1 <= pn_size <= 4 && 1 + dcid->len + pn_size + payload <= cap;
  terminates \true; exits \false;
  assigns bytes[0 .. cap - 1], *out;
  ensures read: \result == GN_OK && out->kind == GN_PACKET_ONE_RTT;
  ensures dcid: header_cid_same(&out->dcid, dcid);
  ensures size: out->pn_at == 1 + dcid->len;
  ensures end: out->packet_len == out->pn_at + pn_size + payload;
  ensures pn_size: out->first % 4 + 1 == pn_size;
  ensures key_phase: out->first / 4 % 2 == (key_phase ? 1 : 0);
  ensures spin: out->first / 0x20 % 2 == (spin ? 1 : 0);
  ensures pn: header_pn(bytes + out->pn_at, pn_size) == pn % pktnum_window(pn_size);
*/
gn_err
proof_header_short_round_trip(uint8_t *bytes, size_t cap, const gn_cid *dcid, bool spin,
                              bool key_phase, uint64_t pn, size_t pn_size, size_t payload,
                              gn_header *out)
{
    gn_writer w = gn_writer_over(bytes, cap);
    const gn_err err = gn_header_write_short(&w, dcid, spin, key_phase, pn, pn_size);
    //@ assert good: err == GN_OK;
    //@ assert first: bytes[0] < GN_HEADER_LONG && header_fixed(bytes[0], \false);
    return gn_header_read(bytes, w.at + payload, dcid->len, out);
}

/* A Retry packet is read again as what was written; its tag is what follows the token. */
/*@
  requires \valid(bytes + (0 .. cap - 1)) && \valid(out) && \valid(retry);
  requires header_apart(bytes, cap, dcid) && header_apart(bytes, cap, scid);
  requires \valid_read(token.ptr + (0 .. token.len - 1)) && token.len > 0;
  requires \separated(bytes + (0 .. cap - 1), token.ptr + (0 .. token.len - 1));
  requires \separated(out, retry, bytes + (0 .. cap - 1), dcid, scid);
  requires \separated(out, retry, token.ptr + (0 .. token.len - 1));
  requires cap == 7 + dcid->len + scid->len + token.len + GN_RETRY_TAG_BYTES;
  terminates \true; exits \false;
  assigns bytes[0 .. cap - 1], *out, *retry;
  ensures read: \result == GN_OK && out->kind == GN_PACKET_RETRY && out->version == GN_VERSION_1;
  ensures dcid: header_cid_same(&out->dcid, dcid);
  ensures scid: header_cid_same(&out->scid, scid);
  ensures token: retry->token.len == token.len &&
    header_same(retry->token.ptr, token.ptr, token.len);
  ensures tag: retry->tag.ptr == bytes + (cap - GN_RETRY_TAG_BYTES);
*/
gn_err
proof_header_retry_round_trip(uint8_t *bytes, size_t cap, uint8_t unused, const gn_cid *dcid,
                              const gn_cid *scid, gn_span token, gn_header *out, gn_retry *retry)
{
    gn_writer w = gn_writer_over(bytes, cap);
    gn_err err = gn_retry_write(&w, unused, GN_VERSION_1, dcid, scid, token);
    //@ assert good: err == GN_OK;
    //@ assert ids: header_ids_end(bytes) == 7 + dcid->len + scid->len;
    //@ assert kind: header_kind(bytes) == GN_PACKET_RETRY && header_fixed(bytes[0], \false);
    err = gn_header_read(bytes, cap, 0, out);
    //@ assert read: err == GN_OK;
    return gn_retry_read(out->rest, retry);
}

/* A Version Negotiation packet lists the versions that were written, in their order. */
/*@
  requires \valid(bytes + (0 .. cap - 1)) && \valid(out) && \valid(list);
  requires dcid.len <= 255 && scid.len <= 255 && count > 0;
  requires \valid_read(dcid.ptr + (0 .. dcid.len - 1));
  requires \valid_read(scid.ptr + (0 .. scid.len - 1));
  requires \valid_read(versions + (0 .. count - 1));
  requires \separated(bytes + (0 .. cap - 1), dcid.ptr + (0 .. dcid.len - 1));
  requires \separated(bytes + (0 .. cap - 1), scid.ptr + (0 .. scid.len - 1));
  requires \separated(bytes + (0 .. cap - 1), versions + (0 .. count - 1));
  requires \separated(out, list, bytes + (0 .. cap - 1), versions + (0 .. count - 1));
  requires \separated(out, list, dcid.ptr + (0 .. dcid.len - 1));
  requires \separated(out, list, scid.ptr + (0 .. scid.len - 1));
  requires cap == 7 + dcid.len + scid.len + 4 * count;
  terminates \true; exits \false;
  assigns bytes[0 .. cap - 1], *out, *list;
  ensures read: \result == GN_OK && out->kind == GN_PACKET_VNEG;
  ensures dcid: out->dcid_bytes.len == dcid.len &&
    header_same(out->dcid_bytes.ptr, dcid.ptr, dcid.len);
  ensures scid: out->scid_bytes.len == scid.len &&
    header_same(out->scid_bytes.ptr, scid.ptr, scid.len);
  ensures count: list->versions.len == 4 * count;
  ensures versions: \forall integer i; 0 <= i < count ==> vneg_at(list, i) == versions[i];
*/
gn_err
proof_header_vneg_round_trip(uint8_t *bytes, size_t cap, uint8_t unused, gn_span dcid, gn_span scid,
                             const uint32_t *versions, size_t count, gn_header *out, gn_vneg *list)
{
    gn_writer w = gn_writer_over(bytes, cap);
    gn_err err = gn_vneg_write(&w, unused, dcid, scid, versions, count);
    //@ assert good: err == GN_OK;
    //@ assert ids: header_ids_end(bytes) == 7 + dcid.len + scid.len;
    //@ assert kind: header_kind(bytes) == GN_PACKET_VNEG;
    err = gn_header_read(bytes, cap, 0, out);
    //@ assert read: err == GN_OK;
    return gn_vneg_read(out->rest, list);
}
