/*
 * tparams_table.h: one row a transport parameter (RFC 9000 18.2, RFC 9221 3).
 *
 * An extension adds a field to gn_tparams and a row here; if its value is of a
 * new shape, also a kind, with one branch in each of the two switches of
 * tparams.c.
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
    GN_TPARAMS_ADDRESS  /* gn_tparams_address */
} gn_tparams_kind;

typedef struct gn_tparams_row {
    uint64_t id;
    const char *name; /* as the RFC writes it */
    gn_tparams_kind kind;
    uint32_t present;   /* its bit in gn_tparams.present, 0 for integers and flags */
    size_t at;          /* offset of its field in gn_tparams */
    uint64_t otherwise; /* integers: the value of a parameter that is absent */
    uint64_t min;       /* integers: the least and the most that is valid */
    uint64_t max;
    const char *range;     /* the fault's reason for a value out of range */
    const char *shape;     /* the fault's reason for a value of the wrong size */
    const char *no_client; /* the fault's reason when a client sends it, NULL if it may */
} gn_tparams_row;

/* How many rows there are; at most 32, as a set of rows is a uint32_t. */
#define GN_TPARAMS_ROWS 18

/* The row at place at, below GN_TPARAMS_ROWS, in rising order of ids. */
const gn_tparams_row *gn_tparams_table_at(size_t at);

/* The place of the row of this id, or GN_TPARAMS_ROWS for an unknown one. */
size_t gn_tparams_table_find(uint64_t id);

#endif
