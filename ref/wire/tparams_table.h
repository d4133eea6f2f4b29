/*
 * tparams_table.h: one row a transport parameter (RFC 9000 18.2, RFC 9221 3,
 * RFC 9368 3, RFC 9287 3).
 *
 * What a parameter is, and apart from it the words that are said about it. An
 * extension adds a field to gn_tparams, a row to either table and an arm to
 * tparams_field.c, which finds a parameter's field.
 */
#ifndef GN_WIRE_TPARAMS_TABLE_H
#define GN_WIRE_TPARAMS_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum gn_tparams_kind {
    GN_TPARAMS_INTEGER, /* uint64_t: a varint that fills the value */
    GN_TPARAMS_FLAG,    /* bool: an empty value */
    GN_TPARAMS_CID,     /* gn_cid: 0 to 20 bytes */
    GN_TPARAMS_TOKEN,   /* GN_RESET_TOKEN_BYTES bytes */
    GN_TPARAMS_ADDRESS, /* gn_tparams_address */
    GN_TPARAMS_LIST     /* chosen_version, and versions, 4 bytes each */
} gn_tparams_kind;

typedef struct gn_tparams_row {
    uint64_t id;
    uint64_t otherwise; /* integers: the value of a parameter that is absent */
    uint64_t min;       /* integers: the least and the most that is valid */
    uint64_t max;
    gn_tparams_kind kind;
    uint32_t present; /* its bit in gn_tparams.present, 0 for integers and flags */
    bool server_only; /* a client may not send it */
} gn_tparams_row;

typedef struct gn_tparams_words {
    const char *name;      /* as the RFC writes it */
    const char *shape;     /* the fault's reason for a value of the wrong size */
    const char *range;     /* integers: the fault's reason for a value out of range */
    const char *no_client; /* the fault's reason when a client sends what only a server may */
} gn_tparams_words;

/* How many rows there are. */
#define GN_TPARAMS_ROWS 20

/*
 * What RFC 9000 18.2, 4.6, RFC 9221 3, RFC 9287 3 and RFC 9368 3 say of each parameter, once more
 * and by its id, for the table to be proved against.
 */
/*@
  logic integer tparams_id(integer at) = at <= 0x11 ? at : at == 18 ? 0x20 : 0x2ab2;
  predicate tparams_known(integer id) = 0 <= id <= 0x11 || id == 0x20 || id == 0x2ab2;
  logic integer tparams_kind(integer id) =
    id == 0x00 || id == 0x0f || id == 0x10 ? GN_TPARAMS_CID :
    id == 0x02 ? GN_TPARAMS_TOKEN : id == 0x0c || id == 0x2ab2 ? GN_TPARAMS_FLAG :
    id == 0x11 ? GN_TPARAMS_LIST :
    id == 0x0d ? GN_TPARAMS_ADDRESS : GN_TPARAMS_INTEGER;
  predicate tparams_is_integer(integer id) =
    tparams_known(id) && tparams_kind(id) == GN_TPARAMS_INTEGER;
  logic integer tparams_bit(integer id) =
    id == 0x00 ? 1 : id == 0x02 ? 2 : id == 0x0d ? 4 : id == 0x0f ? 8 : id == 0x10 ? 16 :
    id == 0x11 ? 32 : 0;
  logic integer tparams_default(integer id) =
    id == 0x03 ? 65527 : id == 0x0a ? 3 : id == 0x0b ? 25 : id == 0x0e ? 2 : 0;
  logic integer tparams_least(integer id) = id == 0x03 ? 1200 : id == 0x0e ? 2 : 0;
  logic integer tparams_most(integer id) =
    id == 0x08 || id == 0x09 ? 0x1000000000000000 :
    id == 0x0a ? 20 : id == 0x0b ? 16383 :
    tparams_kind(id) == GN_TPARAMS_INTEGER ? 0x3fffffffffffffff : 0;
  predicate tparams_server_only(integer id) =
    id == 0x00 || id == 0x02 || id == 0x0d || id == 0x10;
  predicate tparams_row_ok(gn_tparams_row row) =
    row.kind == tparams_kind(row.id) && row.present == tparams_bit(row.id) &&
    (row.server_only != 0 <==> tparams_server_only(row.id)) &&
    row.otherwise == tparams_default(row.id) &&
    row.min == tparams_least(row.id) && row.max == tparams_most(row.id);
*/

/* The row at place at, below GN_TPARAMS_ROWS, in rising order of ids. */
/*@
  requires at < GN_TPARAMS_ROWS;
  terminates \true; exits \false;
  assigns \nothing;
  ensures id: \result.id == tparams_id(at);
  ensures row: tparams_row_ok(\result);
*/
gn_tparams_row gn_tparams_table_at(size_t at);

/* What is said of it; static. */
/*@
  requires at < GN_TPARAMS_ROWS;
  terminates \true; exits \false;
  assigns \nothing;
  ensures \valid_read(\result);
*/
const gn_tparams_words *gn_tparams_table_words(size_t at);

/* The place of the row of this id, or GN_TPARAMS_ROWS for an unknown one. */
/*@
  terminates \true; exits \false;
  assigns \nothing;
  behavior known:
    assumes tparams_known(id);
    ensures \result < GN_TPARAMS_ROWS && tparams_id(\result) == id;
  behavior unknown:
    assumes !tparams_known(id);
    ensures \result == GN_TPARAMS_ROWS;
  complete behaviors; disjoint behaviors;
*/
size_t gn_tparams_table_find(uint64_t id);

#endif
