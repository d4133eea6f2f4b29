/*
 * cid_map.c: see cid_map.h.
 */
#include "conn/cid_map.h"

#include <string.h>

#include "base/assert.h"

uint32_t
gn_cid_map_places(uint32_t cids)
{
    GN_ASSERT(cids <= UINT32_MAX / 4);
    uint32_t places = 2;
    while (places < 2 * cids)
        places *= 2;
    return places;
}

void
gn_cid_map_init(gn_cid_table t, uint32_t places, const uint8_t key[GN_SIPHASH_KEY_BYTES])
{
    GN_ASSERT(places >= 2 && (places & (places - 1)) == 0);
    memcpy(t.map->key, key, GN_SIPHASH_KEY_BYTES);
    t.map->places = places;
    t.map->used = 0;
    memset(t.entry, 0, (size_t)places * sizeof *t.entry);
    for (uint32_t i = 0; i < places; i++)
        t.entry[i].owner = GN_CID_MAP_FREE;
}

static uint32_t
cid_hash(const gn_cid_map *map, const gn_cid *cid)
{
    return (uint32_t)gn_siphash(map->key, cid->bytes, cid->len);
}

/* Where the ID is, or the free place where its run ends. */
static uint32_t
cid_place(gn_cid_table t, const gn_cid *cid, uint32_t hash)
{
    const uint32_t mask = t.map->places - 1;
    uint32_t at = hash & mask;

    while (t.entry[at].owner != GN_CID_MAP_FREE &&
           (t.entry[at].hash != hash || !gn_cid_equal(&t.entry[at].cid, cid)))
        at = (at + 1) & mask;
    return at;
}

gn_err
gn_cid_map_add(gn_cid_table t, const gn_cid *cid, uint32_t owner)
{
    GN_ASSERT(owner != GN_CID_MAP_FREE);
    const uint32_t hash = cid_hash(t.map, cid);
    const uint32_t at = cid_place(t, cid, hash);

    if (t.entry[at].owner != GN_CID_MAP_FREE)
        return GN_ERR_STATE;
    if (t.map->used >= t.map->places / 2)
        return GN_ERR_FULL;
    t.entry[at].cid = *cid;
    t.entry[at].owner = owner;
    t.entry[at].hash = hash;
    t.map->used++;
    return GN_OK;
}

void
gn_cid_map_cut(gn_cid_table t, const gn_cid *cid)
{
    const uint32_t mask = t.map->places - 1;
    uint32_t hole = cid_place(t, cid, cid_hash(t.map, cid));

    GN_ASSERT(t.entry[hole].owner != GN_CID_MAP_FREE);
    t.map->used--;
    /* Whoever stands further from home than the hole is moves into it, so that runs stay whole. */
    for (uint32_t at = (hole + 1) & mask; t.entry[at].owner != GN_CID_MAP_FREE;
         at = (at + 1) & mask) {
        const uint32_t walked = (at - t.entry[at].hash) & mask;
        if (walked >= ((at - hole) & mask)) {
            t.entry[hole] = t.entry[at];
            hole = at;
        }
    }
    memset(&t.entry[hole], 0, sizeof t.entry[hole]);
    t.entry[hole].owner = GN_CID_MAP_FREE;
}

uint32_t
gn_cid_map_find(gn_cid_table t, const gn_cid *cid)
{
    return t.entry[cid_place(t, cid, cid_hash(t.map, cid))].owner;
}
