/*
 * tparams_field.c: see tparams_field.h.
 */
#include "wire/tparams_field.h"

#include "base/assert.h"
#include "base/be.h"
#include "base/bytes.h"
#include "wire/version.h"

/* clang-format off */
uint64_t
gn_tparams_field_integer(const gn_tparams *p, uint64_t id)
{
    switch (id) {
    case 0x01: return p->max_idle_timeout_ms;
    case 0x03: return p->max_udp_payload_size;
    case 0x04: return p->initial_max_data;
    case 0x05: return p->initial_max_stream_data_bidi_local;
    case 0x06: return p->initial_max_stream_data_bidi_remote;
    case 0x07: return p->initial_max_stream_data_uni;
    case 0x08: return p->initial_max_streams_bidi;
    case 0x09: return p->initial_max_streams_uni;
    case 0x0a: return p->ack_delay_exponent;
    case 0x0b: return p->max_ack_delay_ms;
    case 0x0e: return p->active_connection_id_limit;
    default: break;
    }
    GN_ASSERT(id == 0x20);
    return p->max_datagram_frame_size;
}

void
gn_tparams_field_set_integer(gn_tparams *p, uint64_t id, uint64_t number)
{
    switch (id) {
    case 0x01: p->max_idle_timeout_ms = number; return;
    case 0x03: p->max_udp_payload_size = number; return;
    case 0x04: p->initial_max_data = number; return;
    case 0x05: p->initial_max_stream_data_bidi_local = number; return;
    case 0x06: p->initial_max_stream_data_bidi_remote = number; return;
    case 0x07: p->initial_max_stream_data_uni = number; return;
    case 0x08: p->initial_max_streams_bidi = number; return;
    case 0x09: p->initial_max_streams_uni = number; return;
    case 0x0a: p->ack_delay_exponent = number; return;
    case 0x0b: p->max_ack_delay_ms = number; return;
    case 0x0e: p->active_connection_id_limit = number; return;
    default: break;
    }
    GN_ASSERT(id == 0x20);
    p->max_datagram_frame_size = number;
}

const gn_cid *
gn_tparams_field_cid(const gn_tparams *p, uint64_t id)
{
    switch (id) {
    case 0x00: return &p->original_dcid;
    case 0x0f: return &p->initial_scid;
    default: break;
    }
    GN_ASSERT(id == 0x10);
    return &p->retry_scid;
}
/* clang-format on */

/* Says why, so that a judge ends with `return field_refuse(...)`. */
/*@
  requires \valid(why);
  terminates \true; exits \false;
  assigns *why;
  ensures \result == GN_ERR_FORM;
*/
static gn_err
field_refuse(const char **why, const char *reason)
{
    *why = reason;
    return GN_ERR_FORM;
}

/*@
  requires \valid_read(value.ptr + (0 .. value.len - 1));
  requires \valid(out) && \valid(why) && \valid_read(row) && \valid_read(words);
  requires \separated(out, why, value.ptr + (0 .. value.len - 1));
  terminates \true; exits \false;
  assigns *out, *why;
  ensures says: \result == GN_OK || \result == GN_ERR_FORM;
  ensures range: \result == GN_OK ==> row->min <= *out <= row->max;
  ensures value: \result == GN_OK ==>
    value.len >= 1 && value.len == varint_told(value.ptr[0]) && *out == varint_value(value.ptr);
*/
static gn_err
field_read_integer(gn_span value, const gn_tparams_row *row, const gn_tparams_words *words,
                   uint64_t *out, const char **why)
{
    gn_reader in = gn_reader_over(value.ptr, value.len);
    uint64_t number = 0;

    if (gn_varint_read(&in, &number) != GN_OK || gn_reader_left(&in) != 0)
        return field_refuse(why, words->shape);
    if (number < row->min || number > row->max)
        return field_refuse(why, words->range);
    *out = number;
    return GN_OK;
}

/*@
  requires \valid_read(value.ptr + (0 .. value.len - 1));
  requires \valid(out) && cid_ok(out) && \valid(why);
  requires \separated(out, why, value.ptr + (0 .. value.len - 1));
  terminates \true; exits \false;
  assigns *out, *why;
  ensures says: \result == GN_OK || \result == GN_ERR_FORM;
  ensures ok: cid_ok(out);
  ensures len: \result == GN_OK ==> out->len == value.len;
  ensures same: \result == GN_OK ==>
    \forall integer i; 0 <= i < value.len ==> out->bytes[i] == value.ptr[i];
  ensures kept: \result != GN_OK ==> *out == \old(*out);
*/
static gn_err
field_read_cid(gn_span value, const char *shape, gn_cid *out, const char **why)
{
    if (value.len > GN_CID_MAX)
        return field_refuse(why, shape);
    gn_cid_set(out, value.ptr, value.len);
    return GN_OK;
}

/*@
  requires \valid_read(value.ptr + (0 .. value.len - 1));
  requires \valid(out + (0 .. GN_RESET_TOKEN_BYTES - 1)) && \valid(why);
  requires \separated(out + (0 .. GN_RESET_TOKEN_BYTES - 1), why,
    value.ptr + (0 .. value.len - 1));
  terminates \true; exits \false;
  assigns out[0 .. GN_RESET_TOKEN_BYTES - 1], *why;
  ensures says: \result == GN_OK || \result == GN_ERR_FORM;
*/
static gn_err
field_read_token(gn_span value, const char *shape, uint8_t *out, const char **why)
{
    if (value.len != GN_RESET_TOKEN_BYTES)
        return field_refuse(why, shape);
    gn_bytes_copy(out, value.ptr, GN_RESET_TOKEN_BYTES);
    return GN_OK;
}

/*@
  requires \valid(out) && \valid(why) && \separated(out, why);
  terminates \true; exits \false;
  assigns *out, *why;
  ensures says: \result == GN_OK || \result == GN_ERR_FORM;
  ensures set: \result == GN_OK ==> value.len == 0 && *out != 0;
  ensures kept: \result != GN_OK ==> *out == \old(*out);
*/
static gn_err
field_read_flag(gn_span value, const char *shape, bool *out, const char **why)
{
    if (value.len != 0)
        return field_refuse(why, shape);
    *out = true;
    return GN_OK;
}

/* RFC 9000 18.2, Figure 22: what stands before the connection ID, its length included. */
#define FIELD_ADDRESS_BYTES (4 + 2 + 16 + 2 + 1)

/*@
  requires \valid_read(value.ptr + (0 .. value.len - 1)) && \valid(out) && \valid(why);
  requires \separated(out, why, value.ptr + (0 .. value.len - 1)) && cid_ok(&out->cid);
  terminates \true; exits \false;
  assigns *out, *why;
  ensures says: \result == GN_OK || \result == GN_ERR_FORM;
  ensures cid: cid_ok(&out->cid) && (\result == GN_OK ==> out->cid.len >= 1);
*/
static gn_err
field_read_address(gn_span value, const char *shape, gn_tparams_address *out, const char **why)
{
    gn_reader in = gn_reader_over(value.ptr, value.len);
    gn_tparams_address a = {0};
    uint8_t len = 0;

    if (gn_reader_copy(&in, a.ipv4, sizeof a.ipv4) != GN_OK ||
        gn_reader_u16(&in, &a.ipv4_port) != GN_OK ||
        gn_reader_copy(&in, a.ipv6, sizeof a.ipv6) != GN_OK ||
        gn_reader_u16(&in, &a.ipv6_port) != GN_OK || gn_reader_u8(&in, &len) != GN_OK)
        return field_refuse(why, shape);
    /* RFC 9000 18.2: as in NEW_CONNECTION_ID, and so never empty. [R-9000-18.2-5] */
    if (len < 1 || len > GN_CID_MAX)
        return field_refuse(
            why, "RFC 9000 18.2: preferred_address has a connection ID of 0 or over 20 bytes");
    if (value.len != FIELD_ADDRESS_BYTES + (size_t)len + GN_RESET_TOKEN_BYTES)
        return field_refuse(why, shape);
    gn_bytes_copy(a.reset_token, value.ptr + FIELD_ADDRESS_BYTES + len, GN_RESET_TOKEN_BYTES);
    *out = a;
    gn_cid_set(&out->cid, value.ptr + FIELD_ADDRESS_BYTES, len);
    return GN_OK;
}

/* RFC 9368 3: a chosen version and available ones, none of them 0. [R-9368-4-1] [R-9368-4-2] */
/*@
  requires \valid(p) && \valid(why) && \valid_read(value.ptr + (0 .. value.len - 1));
  requires \separated(p, why, value.ptr + (0 .. value.len - 1));
  terminates \true; exits \false;
  assigns p->chosen_version, p->version_count, p->versions[0 .. GN_TPARAMS_VERSIONS_MAX - 1], *why;
  ensures says: \result == GN_OK || \result == GN_ERR_FORM;
  ensures count: p->version_count <= GN_TPARAMS_VERSIONS_MAX;
*/
static gn_err
field_read_versions(gn_span value, const char *shape, gn_tparams *p, const char **why)
{
    uint32_t versions[GN_TPARAMS_VERSIONS_MAX] = {0};
    uint8_t count = 0;

    if (value.len < 4 || value.len % 4 != 0)
        return field_refuse(why, shape);
    const uint32_t chosen = gn_be_read_u32(value.ptr);
    if (chosen == 0)
        return field_refuse(why, "RFC 9368 4: version_information chooses version 0");
    /*@
      loop invariant 1 <= i <= value.len / 4 && count <= GN_TPARAMS_VERSIONS_MAX;
      loop assigns i, count, versions[0 .. GN_TPARAMS_VERSIONS_MAX - 1];
      loop variant value.len / 4 - i;
    */
    for (size_t i = 1; i < value.len / 4; i++) {
        const uint32_t version = gn_be_read_u32(value.ptr + 4 * i);
        if (version == 0)
            return field_refuse(why, "RFC 9368 4: version_information lists version 0");
        if (gn_version_is_reserved(version) || count == GN_TPARAMS_VERSIONS_MAX)
            continue;
        versions[count] = version;
        count++;
    }
    p->chosen_version = chosen;
    p->version_count = count;
    /*@
      loop invariant 0 <= i <= GN_TPARAMS_VERSIONS_MAX;
      loop assigns i, p->versions[0 .. GN_TPARAMS_VERSIONS_MAX - 1];
      loop variant GN_TPARAMS_VERSIONS_MAX - i;
    */
    for (size_t i = 0; i < GN_TPARAMS_VERSIONS_MAX; i++)
        p->versions[i] = versions[i];
    return GN_OK;
}

/* A value that is no integer: judges its shape and sets its field, but not its bit. */
/*@
  requires \valid(p) && \valid(why) && tparams_cids_ok(p);
  requires p->version_count <= GN_TPARAMS_VERSIONS_MAX;
  requires tparams_known(id) && tparams_kind(id) != GN_TPARAMS_INTEGER;
  requires \valid_read(value.ptr + (0 .. value.len - 1));
  requires \separated(p, why, value.ptr + (0 .. value.len - 1));
  terminates \true; exits \false;
  assigns p->disable_active_migration, p->grease_quic_bit, p->chosen_version, p->version_count,
    p->versions[0 .. GN_TPARAMS_VERSIONS_MAX - 1], p->original_dcid, p->initial_scid, p->retry_scid,
    p->reset_token[0 .. GN_RESET_TOKEN_BYTES - 1], p->preferred_address, *why;
  ensures says: \result == GN_OK || \result == GN_ERR_FORM;
  ensures cids: tparams_cids_ok(p);
  ensures count: p->version_count <= GN_TPARAMS_VERSIONS_MAX;
*/
static gn_err
field_read_other(gn_span value, uint64_t id, const char *shape, gn_tparams *p, const char **why)
{
    switch (id) {
    case 0x00: return field_read_cid(value, shape, &p->original_dcid, why);
    case 0x02: return field_read_token(value, shape, p->reset_token, why);
    case 0x0c: return field_read_flag(value, shape, &p->disable_active_migration, why);
    case 0x0d: return field_read_address(value, shape, &p->preferred_address, why);
    case 0x0f: return field_read_cid(value, shape, &p->initial_scid, why);
    case 0x10: return field_read_cid(value, shape, &p->retry_scid, why);
    case 0x11: return field_read_versions(value, shape, p, why);
    default: break;
    }
    GN_ASSERT(id == 0x2ab2);
    return field_read_flag(value, shape, &p->grease_quic_bit, why);
}

/* A set of bits with one more; 0 is none. */
/*@
  terminates \true; exits \false;
  assigns \nothing;
  ensures with: \result == tparams_with(bits, bit);
  ensures none: bit == 0 ==> \result == bits;
  ensures first: bits == 0 ==> \result == bit;
  ensures again: bits == bit ==> \result == bits;
  ensures client: bits \in {0, 8, 32, 40} && bit \in {0, 8, 32} ==> \result \in {0, 8, 32, 40};
*/
static uint32_t
field_with(uint32_t bits, uint32_t bit)
{
    return bits | bit;
}

/*@
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result <==> tparams_masked(bits, bit) != 0;
*/
static bool
field_has(uint32_t bits, uint32_t bit)
{
    return (bits & bit) != 0;
}

gn_err
gn_tparams_field_read(gn_span value, size_t at, gn_tparams *p, const char **why)
{
    const gn_tparams_row row = gn_tparams_table_at(at);
    const gn_tparams_words *words = gn_tparams_table_words(at);
    uint64_t number = 0;
    gn_err err;

    switch (row.id) {
    case 0x00:
    case 0x02:
    case 0x0c:
    case 0x0d:
    case 0x0f:
    case 0x10:
    case 0x11:
    case 0x2ab2: err = field_read_other(value, row.id, words->shape, p, why); break;
    default:
        err = field_read_integer(value, &row, words, &number, why);
        if (err == GN_OK)
            gn_tparams_field_set_integer(p, row.id, number);
        return err;
    }
    if (err == GN_OK)
        p->present = field_with(p->present, row.present);
    return err;
}

/* An id below 2^14 and a length below 64; the value is the caller's. */
/*@
  requires writer_ok(w) && id <= 0x3fff && len <= 0x3f;
  terminates \true; exits \false;
  assigns w->at, w->base[w->at .. w->cap - 1];
  ensures ok: writer_ok(w);
  ensures says: \result == GN_OK || \result == GN_ERR_FULL;
  ensures size: \result == GN_OK ==> w->at == \old(w->at) + varint_size(id) + 1;
  ensures room: \result == GN_ERR_FULL ==> !writer_room{Pre}(w, varint_size(id) + 1);
*/
static gn_err
field_write_head(gn_writer *w, uint64_t id, size_t len)
{
    if (gn_varint_write(w, id) != GN_OK)
        return GN_ERR_FULL;
    return gn_varint_write(w, len);
}

/*@
  requires writer_ok(w) && id <= 0x3f && len <= 0x3f;
  requires \valid_read(bytes + (0 .. len - 1));
  requires \separated(w, bytes + (0 .. len - 1));
  requires \separated(w->base + (0 .. w->cap - 1), bytes + (0 .. len - 1));
  terminates \true; exits \false;
  assigns w->at, w->base[w->at .. w->cap - 1];
  ensures ok: writer_ok(w);
  ensures says: \result == GN_OK || \result == GN_ERR_FULL;
  ensures size: \result == GN_OK ==> w->at == \old(w->at) + 2 + len;
  ensures room: \result == GN_ERR_FULL ==> !writer_room{Pre}(w, 2 + len);
*/
static gn_err
field_write_bytes(gn_writer *w, uint64_t id, const uint8_t *bytes, size_t len)
{
    if (field_write_head(w, id, len) != GN_OK)
        return GN_ERR_FULL;
    return gn_writer_bytes(w, bytes, len);
}

/*@
  requires writer_ok(w) && \valid_read(row) && row->id <= 0x3f && row->max <= GN_VARINT_MAX;
  requires \separated(row, w, w->base + (0 .. w->cap - 1));
  terminates \true; exits \false;
  assigns w->at, w->base[w->at .. w->cap - 1];
  ensures ok: writer_ok(w);
  ensures says: \result == GN_OK || \result == GN_ERR_FULL || \result == GN_ERR_RANGE;
  ensures range: \result == GN_ERR_RANGE <==> !(row->min <= number <= row->max);
  ensures size: \result == GN_OK ==>
    w->at == \old(w->at) + (number == row->otherwise ? 0 : 2 + varint_size(number));
  ensures room: \result == GN_ERR_FULL ==>
    number != row->otherwise && !writer_room{Pre}(w, 2 + varint_size(number));
*/
static gn_err
field_write_integer(gn_writer *w, const gn_tparams_row *row, uint64_t number)
{
    if (number < row->min || number > row->max)
        return GN_ERR_RANGE;
    if (number == row->otherwise)
        return GN_OK;
    if (field_write_head(w, row->id, gn_varint_size(number)) != GN_OK)
        return GN_ERR_FULL;
    return gn_varint_write(w, number);
}

/*@
  requires writer_ok(w) && \valid_read(p) && p->version_count <= GN_TPARAMS_VERSIONS_MAX;
  requires \separated(p, w, w->base + (0 .. w->cap - 1));
  terminates \true; exits \false;
  assigns w->at, w->base[w->at .. w->cap - 1];
  ensures ok: writer_ok(w);
  ensures says: \result == GN_OK || \result == GN_ERR_FULL;
*/
static gn_err
field_write_versions(gn_writer *w, uint64_t id, const gn_tparams *p)
{
    gn_err err = field_write_head(w, id, 4 + 4 * (size_t)p->version_count);

    if (err == GN_OK)
        err = gn_writer_u32(w, p->chosen_version);
    /*@
      loop invariant writer_ok(w) && 0 <= i <= p->version_count;
      loop assigns i, err, w->at, w->base[w->at .. w->cap - 1];
      loop variant p->version_count - i;
    */
    for (size_t i = 0; err == GN_OK && i < p->version_count; i++)
        err = gn_writer_u32(w, p->versions[i]);
    return err;
}

/*@
  requires writer_ok(w) && \valid_read(a) && id <= 0x3f;
  requires \separated(a, w, w->base + (0 .. w->cap - 1));
  terminates \true; exits \false;
  assigns w->at, w->base[w->at .. w->cap - 1];
  ensures ok: writer_ok(w);
  ensures says: \result == GN_OK || \result == GN_ERR_FULL || \result == GN_ERR_RANGE;
  ensures range: \result == GN_ERR_RANGE <==> !(1 <= a->cid.len <= GN_CID_MAX);
  ensures size: \result == GN_OK ==> w->at == \old(w->at) + 43 + \old(a->cid.len);
  ensures room: \result == GN_ERR_FULL ==> !writer_room{Pre}(w, 43 + \old(a->cid.len));
*/
static gn_err
field_write_address(gn_writer *w, uint64_t id, const gn_tparams_address *a)
{
    const size_t len =
        sizeof a->ipv4 + 2 + sizeof a->ipv6 + 2 + 1 + a->cid.len + GN_RESET_TOKEN_BYTES;

    /* [R-9000-18.2-4] */
    if (a->cid.len < 1 || a->cid.len > GN_CID_MAX)
        return GN_ERR_RANGE;
    if (field_write_head(w, id, len) != GN_OK ||
        gn_writer_bytes(w, a->ipv4, sizeof a->ipv4) != GN_OK ||
        gn_writer_u16(w, a->ipv4_port) != GN_OK ||
        gn_writer_bytes(w, a->ipv6, sizeof a->ipv6) != GN_OK ||
        gn_writer_u16(w, a->ipv6_port) != GN_OK || gn_cid_write(w, &a->cid) != GN_OK)
        return GN_ERR_FULL;
    return gn_writer_bytes(w, a->reset_token, GN_RESET_TOKEN_BYTES);
}

gn_err
gn_tparams_field_write(gn_writer *w, size_t at, const gn_tparams *p)
{
    const gn_tparams_row row = gn_tparams_table_at(at);
    const gn_cid *cid;

    if (row.kind == GN_TPARAMS_INTEGER) {
        const uint64_t number = gn_tparams_field_integer(p, row.id);
        //@ assert fits: tparams_field_fits(p, row.id) <==> row.min <= number <= row.max;
        /*@ assert bytes: tparams_field_bytes(p, row.id) ==
              (number == row.otherwise ? 0 : 2 + varint_size(number)); */
        return field_write_integer(w, &row, number);
    }
    if (row.kind == GN_TPARAMS_FLAG) {
        //@ assert fits: tparams_field_fits(p, row.id);
        const bool set = row.id == 0x0c ? p->disable_active_migration : p->grease_quic_bit;
        //@ assert bytes: tparams_field_bytes(p, row.id) == (set ? varint_size(row.id) + 1 : 0);
        return set ? field_write_head(w, row.id, 0) : GN_OK;
    }
    if (!field_has(p->present, row.present)) {
        //@ assert absent: tparams_field_fits(p, row.id) && tparams_field_bytes(p, row.id) == 0;
        return GN_OK;
    }
    //@ assert bytes: tparams_field_bytes(p, row.id) == 2 + tparams_value_bytes(p, row.id);
    if (row.kind == GN_TPARAMS_ADDRESS) {
        //@ assert bytes: tparams_value_bytes(p, row.id) == 41 + p->preferred_address.cid.len;
        return field_write_address(w, row.id, &p->preferred_address);
    }
    //@ assert fits: tparams_field_fits(p, row.id);
    if (row.kind == GN_TPARAMS_LIST)
        return field_write_versions(w, row.id, p);
    if (row.kind == GN_TPARAMS_TOKEN) {
        //@ assert bytes: tparams_value_bytes(p, row.id) == GN_RESET_TOKEN_BYTES;
        return field_write_bytes(w, row.id, p->reset_token, GN_RESET_TOKEN_BYTES);
    }
    cid = gn_tparams_field_cid(p, row.id);
    //@ assert bytes: tparams_value_bytes(p, row.id) == cid->len;
    return field_write_bytes(w, row.id, cid->bytes, cid->len);
}
