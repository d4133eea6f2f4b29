/*
 * prop_cid_map.c: the map of connection IDs holds what a plain list would.
 *
 * The first byte is the key, so the IDs meet in other ways each time. Then two
 * bytes are an operation and an ID of 0 to 3 bytes; the table is so small that
 * runs of entries grow long and go round its end.
 */
#include <string.h>

#include "conn/cid_map.h"
#include "prop.h"

enum { CIDS = 8, PLACES = 2 * CIDS, NAMES = 64 };

typedef struct model {
    uint32_t owner[NAMES]; /* GN_CID_MAP_FREE: not in the map */
    uint32_t used;
} model;

/* 64 names: every length from 0 to 3, none twice. */
static gn_cid
cid_of(uint32_t name)
{
    const uint8_t bytes[3] = {(uint8_t)name, 0, 0};

    return gn_cid_from(bytes, name == 0 ? 0 : 1 + name % 3);
}

static bool
same(gn_cid_table t, const model *m)
{
    uint32_t taken = 0;

    for (uint32_t name = 0; name < NAMES; name++) {
        const gn_cid cid = cid_of(name);
        if (gn_cid_map_find(t, &cid) != m->owner[name])
            return false;
    }
    for (uint32_t i = 0; i < PLACES; i++)
        taken += t.entry[i].owner != GN_CID_MAP_FREE;
    return t.map->used == m->used && taken == m->used;
}

static bool
add(gn_cid_table t, model *m, uint32_t name, uint32_t owner)
{
    const gn_cid cid = cid_of(name);
    const gn_err err = gn_cid_map_add(t, &cid, owner);

    if (m->owner[name] != GN_CID_MAP_FREE)
        return err == GN_ERR_STATE;
    if (m->used == CIDS)
        return err == GN_ERR_FULL;
    m->owner[name] = owner;
    m->used++;
    return err == GN_OK;
}

static void
cut(gn_cid_table t, model *m, uint32_t name)
{
    const gn_cid cid = cid_of(name);

    if (m->owner[name] == GN_CID_MAP_FREE)
        return;
    gn_cid_map_cut(t, &cid);
    m->owner[name] = GN_CID_MAP_FREE;
    m->used--;
}

bool
gn_prop_cid_map(const uint8_t *bytes, size_t len)
{
    gn_cid_map map;
    gn_cid_entry entry[PLACES];
    const gn_cid_table t = {&map, entry};
    uint8_t key[GN_SIPHASH_KEY_BYTES] = {0};
    model m = {.used = 0};

    if (len < 1)
        return true;
    key[0] = bytes[0];
    gn_cid_map_init(t, gn_cid_map_places(CIDS), key);
    for (uint32_t name = 0; name < NAMES; name++)
        m.owner[name] = GN_CID_MAP_FREE;
    for (size_t i = 1; i + 2 <= len; i += 2) {
        const uint32_t name = bytes[i + 1] % NAMES;
        if (bytes[i] % 2 == 0)
            cut(t, &m, name);
        else if (!add(t, &m, name, bytes[i] / 2))
            return false;
        if (!same(t, &m))
            return false;
    }
    return true;
}
