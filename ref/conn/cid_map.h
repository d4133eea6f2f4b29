/*
 * cid_map.h: which connection answers to a connection ID (RFC 9000 5.2).
 *
 * A hash table with open addressing in memory that the caller lends. The hash
 * is keyed, so that a stranger who chooses connection IDs cannot make them
 * meet. The same connection ID cannot be in the map twice.
 */
#ifndef GN_CONN_CID_MAP_H
#define GN_CONN_CID_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/siphash.h"
#include "wire/cid.h"

/* One place of the table. owner is GN_CID_MAP_FREE when nothing is there. */
typedef struct gn_cid_entry {
    gn_cid cid;
    uint8_t reserved[3];
    uint32_t owner;
    uint32_t hash;
} gn_cid_entry;

#define GN_CID_MAP_FREE UINT32_MAX

/* Invariant: places is a power of two, 2 * used <= places; no entry is behind a gap in its run. */
typedef struct gn_cid_map {
    uint8_t key[GN_SIPHASH_KEY_BYTES];
    uint32_t places;
    uint32_t used;
} gn_cid_map;

/* The map with the memory it lies in, for the length of one call. */
typedef struct gn_cid_table {
    gn_cid_map *map;
    gn_cid_entry *entry;
} gn_cid_table;

/* Places for so many connection IDs: the power of two at least twice as large. */
uint32_t gn_cid_map_places(uint32_t cids);

/* Makes the table empty. places is what gn_cid_map_places said. */
void gn_cid_map_init(gn_cid_table t, uint32_t places, const uint8_t key[GN_SIPHASH_KEY_BYTES]);

/* GN_ERR_STATE: the ID is there already. GN_ERR_FULL: half of the places are taken. */
GN_MUST_USE gn_err gn_cid_map_add(gn_cid_table t, const gn_cid *cid, uint32_t owner);

/* Takes the ID out; it must be there. */
void gn_cid_map_cut(gn_cid_table t, const gn_cid *cid);

/* The owner of the ID, or GN_CID_MAP_FREE. */
uint32_t gn_cid_map_find(gn_cid_table t, const gn_cid *cid);

#endif
