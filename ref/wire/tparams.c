/*
 * tparams.c: see tparams.h.
 */
#include "wire/tparams.h"

#include "base/assert.h"
#include "base/bytes.h"
#include "base/reader.h"
#include "wire/tparams_table.h"
#include "wire/varint.h"

/* No padding anywhere: parameters are part of a state that is hashed. */
_Static_assert(sizeof(gn_tparams_address) == 64, "gn_tparams_address has padding");
_Static_assert(sizeof(gn_tparams) == 248, "gn_tparams has padding");
_Static_assert(GN_TPARAMS_ROWS <= 32, "a set of rows is a uint32_t");

/* The fields of a row, found by its offset, which the table took from the type itself. */
static uint64_t *
tparams_integer(gn_tparams *p, const gn_tparams_row *row)
{
    return (uint64_t *)(void *)((uint8_t *)p + row->at);
}

static gn_cid *
tparams_cid(gn_tparams *p, const gn_tparams_row *row)
{
    return (gn_cid *)(void *)((uint8_t *)p + row->at);
}

static bool *
tparams_flag(gn_tparams *p, const gn_tparams_row *row)
{
    return (bool *)(void *)((uint8_t *)p + row->at);
}

static uint64_t
tparams_integer_of(const gn_tparams *p, const gn_tparams_row *row)
{
    return *(const uint64_t *)(const void *)((const uint8_t *)p + row->at);
}

static const gn_cid *
tparams_cid_of(const gn_tparams *p, const gn_tparams_row *row)
{
    return (const gn_cid *)(const void *)((const uint8_t *)p + row->at);
}

static bool
tparams_flag_of(const gn_tparams *p, const gn_tparams_row *row)
{
    return *(const bool *)(const void *)((const uint8_t *)p + row->at);
}

void
gn_tparams_init(gn_tparams *out)
{
    *out = (gn_tparams){0};
    for (size_t at = 0; at < GN_TPARAMS_ROWS; at++) {
        const gn_tparams_row *row = gn_tparams_table_at(at);

        if (row->kind == GN_TPARAMS_INTEGER)
            *tparams_integer(out, row) = row->otherwise;
    }
}

/* Unknown parameters seen so far, to notice one that comes twice. */
typedef struct tparams_strangers {
    size_t count;
    uint64_t ids[GN_TPARAMS_UNKNOWN_MAX];
} tparams_strangers;

/* Whether id came before. Remembers it while there is room. */
static bool
tparams_strangers_add(tparams_strangers *s, uint64_t id)
{
    for (size_t i = 0; i < s->count; i++)
        if (s->ids[i] == id)
            return true;
    if (s->count < GN_TPARAMS_UNKNOWN_MAX)
        s->ids[s->count++] = id;
    return false;
}

/* [R-9000-7.4-1] */
static gn_err
tparams_fault(gn_fault *fault, const char *why)
{
    return gn_fault_set(fault, GN_FAULT_TRANSPORT_PARAMETER, 0, why);
}

/* RFC 9000 18.2, Figure 22. */
static gn_err
tparams_read_address(gn_span value, const gn_tparams_row *row, gn_tparams_address *out,
                     gn_fault *fault)
{
    gn_reader in = gn_reader_over(value.ptr, value.len);
    gn_tparams_address a = {0};
    gn_span cid = {0};
    uint8_t len = 0;

    if (gn_reader_copy(&in, a.ipv4, sizeof a.ipv4) != GN_OK ||
        gn_reader_u16(&in, &a.ipv4_port) != GN_OK ||
        gn_reader_copy(&in, a.ipv6, sizeof a.ipv6) != GN_OK ||
        gn_reader_u16(&in, &a.ipv6_port) != GN_OK || gn_reader_u8(&in, &len) != GN_OK)
        return tparams_fault(fault, row->shape);
    /* RFC 9000 18.2: as in NEW_CONNECTION_ID, and so never empty. [R-9000-18.2-5] */
    if (len < 1 || len > GN_CID_MAX)
        return tparams_fault(
            fault, "RFC 9000 18.2: preferred_address has a connection ID of 0 or over 20 bytes");
    if (gn_reader_bytes(&in, len, &cid) != GN_OK ||
        gn_reader_copy(&in, a.reset_token, GN_RESET_TOKEN_BYTES) != GN_OK ||
        gn_reader_left(&in) != 0)
        return tparams_fault(fault, row->shape);
    a.cid = gn_cid_from(cid.ptr, cid.len);
    *out = a;
    return GN_OK;
}

static gn_err
tparams_read_integer(gn_span value, const gn_tparams_row *row, uint64_t *out, gn_fault *fault)
{
    gn_reader in = gn_reader_over(value.ptr, value.len);
    uint64_t number = 0;

    if (gn_varint_read(&in, &number) != GN_OK || gn_reader_left(&in) != 0)
        return tparams_fault(fault, row->shape);
    if (number < row->min || number > row->max)
        return tparams_fault(fault, row->range);
    *out = number;
    return GN_OK;
}

/* Judges the value of one known parameter and puts it in its field. */
static gn_err
tparams_read_value(gn_span value, const gn_tparams_row *row, gn_tparams *p, gn_fault *fault)
{
    switch (row->kind) {
    case GN_TPARAMS_INTEGER:
        return tparams_read_integer(value, row, tparams_integer(p, row), fault);
    case GN_TPARAMS_FLAG:
        if (value.len != 0)
            return tparams_fault(fault, row->shape);
        *tparams_flag(p, row) = true;
        return GN_OK;
    case GN_TPARAMS_CID:
        if (value.len > GN_CID_MAX)
            return tparams_fault(fault, row->shape);
        *tparams_cid(p, row) = gn_cid_from(value.ptr, value.len);
        break;
    case GN_TPARAMS_TOKEN:
        if (value.len != GN_RESET_TOKEN_BYTES)
            return tparams_fault(fault, row->shape);
        gn_bytes_copy(p->reset_token, value.ptr, GN_RESET_TOKEN_BYTES);
        break;
    case GN_TPARAMS_ADDRESS: {
        const gn_err err = tparams_read_address(value, row, &p->preferred_address, fault);
        if (err != GN_OK)
            return err;
        break;
    }
    }
    p->present |= row->present;
    return GN_OK;
}

/* RFC 9000 18, Figure 21: an id, a length, and as many bytes. */
static gn_err
tparams_read_one(gn_reader *in, uint64_t *id, gn_span *value)
{
    uint64_t len = 0;

    if (gn_varint_read(in, id) != GN_OK || gn_varint_read(in, &len) != GN_OK ||
        len > gn_reader_left(in))
        return GN_ERR_SHORT;
    return gn_reader_bytes(in, (size_t)len, value);
}

/* What only shows when all are read. [R-9000-18.2-3] */
static gn_err
tparams_judge(const gn_tparams *p, gn_fault *fault)
{
    const uint32_t both = GN_TPARAMS_PREFERRED_ADDRESS | GN_TPARAMS_INITIAL_SCID;

    /* RFC 9000 18.2: who has no connection ID has none to move to either. */
    if ((p->present & both) == both && p->initial_scid.len == 0)
        return tparams_fault(
            fault, "RFC 9000 18.2: preferred_address from a server with an empty connection ID");
    return GN_OK;
}

gn_err
gn_tparams_read(gn_span bytes, bool from_server, gn_tparams *out, gn_fault *fault)
{
    gn_reader in = gn_reader_over(bytes.ptr, bytes.len);
    tparams_strangers strangers = {0};
    uint32_t seen = 0;
    gn_tparams p;
    gn_err err = GN_OK;

    gn_tparams_init(&p);
    while (gn_reader_left(&in) > 0) {
        uint64_t id = 0;
        gn_span value = {0};

        if (tparams_read_one(&in, &id, &value) != GN_OK)
            return tparams_fault(fault, "RFC 9000 18: a transport parameter is cut short");
        const size_t at = gn_tparams_table_find(id);
        /* RFC 9000 7.4: a parameter comes once, whether we know it or not. [R-9000-7.4-3] */
        const bool again =
            at == GN_TPARAMS_ROWS ? tparams_strangers_add(&strangers, id) : (seen >> at) % 2 == 1;
        if (again)
            return tparams_fault(fault, "RFC 9000 7.4: a transport parameter comes twice");
        /* RFC 9000 7.4.2: what we do not know is ignored. [R-9000-7.4.2-1] */
        if (at == GN_TPARAMS_ROWS)
            continue;
        seen |= UINT32_C(1) << at;

        const gn_tparams_row *row = gn_tparams_table_at(at);
        /* [R-9000-18.2-8] */
        if (!from_server && row->no_client != NULL)
            return tparams_fault(fault, row->no_client);
        err = tparams_read_value(value, row, &p, fault);
        if (err != GN_OK)
            return err;
    }
    err = tparams_judge(&p, fault);
    if (err != GN_OK)
        return err;
    *out = p;
    return GN_OK;
}

/* An id and a length; the value is the caller's. */
static gn_err
tparams_write_head(gn_writer *w, const gn_tparams_row *row, size_t len)
{
    if (gn_varint_write(w, row->id) != GN_OK)
        return GN_ERR_FULL;
    return gn_varint_write(w, len);
}

static gn_err
tparams_write_address(gn_writer *w, const gn_tparams_row *row, const gn_tparams_address *a)
{
    const size_t len =
        sizeof a->ipv4 + 2 + sizeof a->ipv6 + 2 + 1 + a->cid.len + GN_RESET_TOKEN_BYTES;

    /* [R-9000-18.2-4] */
    if (a->cid.len < 1 || a->cid.len > GN_CID_MAX)
        return GN_ERR_RANGE;
    if (tparams_write_head(w, row, len) != GN_OK ||
        gn_writer_bytes(w, a->ipv4, sizeof a->ipv4) != GN_OK ||
        gn_writer_u16(w, a->ipv4_port) != GN_OK ||
        gn_writer_bytes(w, a->ipv6, sizeof a->ipv6) != GN_OK ||
        gn_writer_u16(w, a->ipv6_port) != GN_OK || gn_writer_u8(w, a->cid.len) != GN_OK ||
        gn_writer_bytes(w, a->cid.bytes, a->cid.len) != GN_OK)
        return GN_ERR_FULL;
    return gn_writer_bytes(w, a->reset_token, GN_RESET_TOKEN_BYTES);
}

static gn_err
tparams_write_integer(gn_writer *w, const gn_tparams_row *row, uint64_t number)
{
    if (number < row->min || number > row->max)
        return GN_ERR_RANGE;
    if (number == row->otherwise)
        return GN_OK;
    if (tparams_write_head(w, row, gn_varint_size(number)) != GN_OK)
        return GN_ERR_FULL;
    return gn_varint_write(w, number);
}

static gn_err
tparams_write_bytes(gn_writer *w, const gn_tparams_row *row, const uint8_t *bytes, size_t len)
{
    if (tparams_write_head(w, row, len) != GN_OK)
        return GN_ERR_FULL;
    return gn_writer_bytes(w, bytes, len);
}

/* Writes the parameter of one row, if it is there and not the default. */
static gn_err
tparams_write_row(gn_writer *w, const gn_tparams *p, const gn_tparams_row *row)
{
    if (row->kind == GN_TPARAMS_INTEGER)
        return tparams_write_integer(w, row, tparams_integer_of(p, row));
    if (row->kind == GN_TPARAMS_FLAG)
        return tparams_flag_of(p, row) ? tparams_write_head(w, row, 0) : GN_OK;
    if ((p->present & row->present) == 0)
        return GN_OK;
    switch (row->kind) {
    case GN_TPARAMS_CID: {
        const gn_cid *cid = tparams_cid_of(p, row);
        return tparams_write_bytes(w, row, cid->bytes, cid->len);
    }
    case GN_TPARAMS_TOKEN: return tparams_write_bytes(w, row, p->reset_token, GN_RESET_TOKEN_BYTES);
    default: return tparams_write_address(w, row, &p->preferred_address);
    }
}

gn_err
gn_tparams_write(gn_writer *w, const gn_tparams *p, bool as_server)
{
    gn_writer out = *w;
    gn_fault unused = {0};

    if (tparams_judge(p, &unused) != GN_OK)
        return GN_ERR_RANGE;
    /* [R-9000-7.4-2] */
    for (size_t at = 0; at < GN_TPARAMS_ROWS; at++) {
        const gn_tparams_row *row = gn_tparams_table_at(at);

        /* [R-9000-18.2-1] */
        if (!as_server && row->no_client != NULL && (p->present & row->present) != 0)
            return GN_ERR_STATE;
        const gn_err err = tparams_write_row(&out, p, row);
        if (err != GN_OK)
            return err;
    }
    w->at = out.at;
    return GN_OK;
}
