/*
 * route_name.h: how a connection without IDs is found: by the route (RFC 9000 5.1, 5.2).
 *
 * An endpoint that chose empty connection IDs tells its connections apart by
 * address. Each path of such a connection stands in the map of IDs under a
 * name made of the route and bytes that only the endpoint knows: no ID that
 * somebody else chooses is ever such a name.
 */
#ifndef GN_CONN_ROUTE_NAME_H
#define GN_CONN_ROUTE_NAME_H

#include <stdint.h>

#include "wire/cid.h"

typedef struct gn_route_name_key {
    uint8_t bytes[GN_CID_MAX - 8];
} gn_route_name_key;

/* The name of a route. Different routes have different names. */
gn_cid gn_route_name_of(const gn_route_name_key *key, uint64_t route);

#endif
