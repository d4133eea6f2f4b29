/*
 * tparams.c: see tparams.h.
 */
#include "wire/tparams.h"

#include "base/assert.h"
#include "base/reader.h"
#include "wire/tparams_field.h"
#include "wire/tparams_table.h"
#include "wire/varint.h"

/* No padding anywhere: parameters are part of a state that is hashed. */
_Static_assert(sizeof(gn_tparams_address) == 64, "gn_tparams_address has padding");
_Static_assert(sizeof(gn_tparams) == 288, "gn_tparams has padding");

void
gn_tparams_init(gn_tparams *out)
{
    *out = (gn_tparams){0};
    /*@
      loop invariant 0 <= at <= GN_TPARAMS_ROWS;
      loop invariant set: \forall integer i; 0 <= i < at && tparams_is_integer(tparams_id(i)) ==>
        tparams_integer(out, tparams_id(i)) == tparams_default(tparams_id(i));
      loop assigns at, out->max_idle_timeout_ms, out->max_udp_payload_size, out->initial_max_data,
        out->initial_max_stream_data_bidi_local, out->initial_max_stream_data_bidi_remote,
        out->initial_max_stream_data_uni, out->initial_max_streams_bidi,
        out->initial_max_streams_uni, out->ack_delay_exponent, out->max_ack_delay_ms,
        out->active_connection_id_limit, out->max_datagram_frame_size;
      loop variant GN_TPARAMS_ROWS - at;
    */
    for (size_t at = 0; at < GN_TPARAMS_ROWS; at++) {
        const gn_tparams_row row = gn_tparams_table_at(at);

        if (row.kind == GN_TPARAMS_INTEGER)
            gn_tparams_field_set_integer(out, row.id, row.otherwise);
    }
    /*@ assert each: \forall integer id; tparams_is_integer(id) ==>
          tparams_integer(out, id) == tparams_default(id); */
}

/* The parameters that came: those of the table by their place, others by their id. */
typedef struct tparams_seen {
    bool known[GN_TPARAMS_ROWS];
    size_t count;
    uint64_t ids[GN_TPARAMS_UNKNOWN_MAX];
} tparams_seen;

/* Whether this parameter came before. Remembers it, an unknown one while there is room. */
/*@
  requires \valid(seen) && at <= GN_TPARAMS_ROWS && seen->count <= GN_TPARAMS_UNKNOWN_MAX;
  terminates \true; exits \false;
  assigns *seen;
  ensures count: seen->count <= GN_TPARAMS_UNKNOWN_MAX;
  ensures known: at < GN_TPARAMS_ROWS ==> (\result <==> \old(seen->known[at]) != 0);
  ensures noted: at < GN_TPARAMS_ROWS ==> seen->known[at] != 0;
  ensures others: \forall integer i; 0 <= i < GN_TPARAMS_ROWS && i != at ==>
    seen->known[i] == \old(seen->known[i]);
  ensures stranger: at == GN_TPARAMS_ROWS ==>
    (\result <==> \exists integer i; 0 <= i < \old(seen->count) && \old(seen->ids[i]) == id);
*/
static bool
tparams_seen_add(tparams_seen *seen, size_t at, uint64_t id)
{
    if (at < GN_TPARAMS_ROWS) {
        const bool before = seen->known[at];

        seen->known[at] = true;
        return before;
    }
    /*@
      loop invariant 0 <= i <= seen->count && i <= GN_TPARAMS_UNKNOWN_MAX;
      loop invariant \forall integer k; 0 <= k < i ==> seen->ids[k] != id;
      loop assigns i;
      loop variant GN_TPARAMS_UNKNOWN_MAX - i;
    */
    for (size_t i = 0; i < GN_TPARAMS_UNKNOWN_MAX; i++) {
        if (i == seen->count) {
            seen->ids[i] = id;
            seen->count = i + 1;
            return false;
        }
        if (seen->ids[i] == id)
            return true;
    }
    return false;
}

/* [R-9000-7.4-1] */
/*@
  requires \valid(fault);
  terminates \true; exits \false;
  assigns *fault;
  ensures \result == GN_ERR_FORM && fault->wire_code == GN_FAULT_TRANSPORT_PARAMETER;
*/
static gn_err
tparams_fault(gn_fault *fault, const char *why)
{
    return gn_fault_set(fault, GN_FAULT_TRANSPORT_PARAMETER, 0, why);
}

/* Reads one parameter: RFC 9000 18, Figure 21: an id, a length, and as many bytes. */
/*@
  requires reader_ok(in) && in->at < in->len;
  requires \valid(seen) && \valid(p) && \valid(fault);
  requires \separated(in, seen, p, fault, in->base + (0 .. in->len - 1));
  requires seen->count <= GN_TPARAMS_UNKNOWN_MAX && tparams_ok(p);
  requires !from_server ==> tparams_client(p);
  terminates \true; exits \false;
  assigns in->at, *seen, *p, *fault;
  ensures says: \result == GN_OK || \result == GN_ERR_FORM;
  ensures ok: reader_ok(in) && tparams_ok(p) && seen->count <= GN_TPARAMS_UNKNOWN_MAX;
  ensures forth: \result == GN_OK ==> in->at >= \old(in->at) + 2;
  ensures client: \result == GN_OK && !from_server ==>
    tparams_client(p);
  ensures blame: \result != GN_OK ==> fault->wire_code == GN_FAULT_TRANSPORT_PARAMETER;
*/
static gn_err
tparams_read_one(gn_reader *in, bool from_server, tparams_seen *seen, gn_tparams *p,
                 gn_fault *fault)
{
    uint64_t id = 0;
    gn_span value = gn_span_of(in->base, 0);
    const char *why = NULL;

    if (gn_varint_read(in, &id) != GN_OK || gn_varint_read_span(in, &value) != GN_OK)
        return tparams_fault(fault, "RFC 9000 18: a transport parameter is cut short");
    const size_t at = gn_tparams_table_find(id);
    /* RFC 9000 7.4: a parameter comes once, whether we know it or not. [R-9000-7.4-3] */
    if (tparams_seen_add(seen, at, id))
        return tparams_fault(fault, "RFC 9000 7.4: a transport parameter comes twice");
    /* RFC 9000 7.4.2: what we do not know is ignored. [R-9000-7.4.2-1] */
    if (at == GN_TPARAMS_ROWS)
        return GN_OK;
    /* [R-9000-18.2-8] */
    if (!from_server && gn_tparams_table_at(at).server_only)
        return tparams_fault(fault, gn_tparams_table_words(at)->no_client);
    if (gn_tparams_field_read(value, at, p, &why) != GN_OK)
        return tparams_fault(fault, why);
    return GN_OK;
}

/*
 * RFC 9368 4: a client that does not offer what it chose contradicts itself. One whose list was
 * longer than what is kept is believed. [R-9368-4-3]
 */
/*@
  requires \valid_read(p) && p->version_count <= GN_TPARAMS_VERSIONS_MAX;
  terminates \true; exits \false;
  assigns \nothing;
*/
static bool
tparams_choice_missing(const gn_tparams *p)
{
    if ((p->present & GN_TPARAMS_VERSIONS) == 0 || p->version_count == GN_TPARAMS_VERSIONS_MAX)
        return false;
    /*@
      loop invariant 0 <= i <= p->version_count;
      loop assigns i;
      loop variant p->version_count - i;
    */
    for (size_t i = 0; i < p->version_count; i++)
        if (p->versions[i] == p->chosen_version)
            return false;
    return true;
}

/* What only shows when all are read. [R-9000-18.2-3] */
/*@
  requires \valid_read(p);
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result ==> p->initial_scid.len == 0;
*/
static bool
tparams_disagree(const gn_tparams *p)
{
    const uint32_t both = GN_TPARAMS_PREFERRED_ADDRESS | GN_TPARAMS_INITIAL_SCID;

    /* RFC 9000 18.2: who has no connection ID has none to move to either. */
    return (p->present & both) == both && p->initial_scid.len == 0;
}

gn_err
gn_tparams_read(gn_span bytes, bool from_server, gn_tparams *out, gn_fault *fault)
{
    gn_reader in = gn_reader_over(bytes.ptr, bytes.len);
    tparams_seen seen = {0};
    gn_tparams p;

    gn_tparams_init(&p);
    /*@
      loop invariant reader_ok(&in) && in.base == bytes.ptr && in.len == bytes.len;
      loop invariant seen.count <= GN_TPARAMS_UNKNOWN_MAX && tparams_ok(&p);
      loop invariant !from_server ==> tparams_client(&p);
      loop assigns in.at, seen, p, *fault;
      loop variant in.len - in.at;
    */
    while (gn_reader_left(&in) > 0) {
        if (tparams_read_one(&in, from_server, &seen, &p, fault) != GN_OK)
            return GN_ERR_FORM;
    }
    if (tparams_disagree(&p))
        return tparams_fault(
            fault, "RFC 9000 18.2: preferred_address from a server with an empty connection ID");
    if (!from_server && tparams_choice_missing(&p))
        return tparams_fault(fault,
                             "RFC 9368 4: version_information lacks the version that was chosen");
    *out = p;
    return GN_OK;
}

gn_err
gn_tparams_write(gn_writer *w, const gn_tparams *p, bool as_server)
{
    gn_writer out = *w;

    if (tparams_disagree(p))
        return GN_ERR_RANGE;
    /* [R-9000-7.4-2] */
    /*@
      loop invariant 0 <= at <= GN_TPARAMS_ROWS;
      loop invariant writer_ok(&out) && out.base == w->base && out.cap == w->cap;
      loop invariant size: out.at + tparams_bytes{Pre}(p, at) == w->at + tparams_bytes{Pre}(p, 0);
      loop invariant fits: \forall integer i; 0 <= i < at ==>
        tparams_field_fits{Pre}(p, tparams_id(i));
      loop invariant client: !as_server ==> \forall integer i; 0 <= i < at ==>
        !tparams_server_only(tparams_id(i)) || tparams_field_absent{Pre}(p, tparams_id(i));
      loop assigns at, out.at, w->base[w->at .. w->cap - 1];
      loop variant GN_TPARAMS_ROWS - at;
    */
    for (size_t at = 0; at < GN_TPARAMS_ROWS; at++) {
        const gn_tparams_row row = gn_tparams_table_at(at);

        /* [R-9000-18.2-1] */
        if (!as_server && row.server_only && (p->present & row.present) != 0)
            return GN_ERR_STATE;
        const gn_err err = gn_tparams_field_write(&out, at, p);
        if (err != GN_OK)
            return err;
    }
    w->at = out.at;
    return GN_OK;
}
