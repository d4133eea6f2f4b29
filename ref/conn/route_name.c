/*
 * route_name.c: see route_name.h.
 */
#include "conn/route_name.h"

#include <string.h>

gn_cid
gn_route_name_of(const gn_route_name_key *key, uint64_t route)
{
    uint8_t name[GN_CID_MAX];

    memcpy(name, key->bytes, sizeof key->bytes);
    for (size_t i = 0; i < sizeof route; i++)
        name[sizeof key->bytes + i] = (uint8_t)(route >> (8 * i));
    return gn_cid_from(name, sizeof name);
}
