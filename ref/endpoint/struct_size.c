/*
 * struct_size.c: see struct_size.h.
 */
#include "endpoint/struct_size.h"

#include <string.h>

#include "gnomon.h"

enum { SIZE_VERSIONS = 3 };

/* What came behind a size begins where that version ended. */
static const size_t sizes[GN_STRUCTS][SIZE_VERSIONS] = {
    [GN_STRUCT_CONFIG] = {offsetof(gn_config, stream_fairness), sizeof(gn_config)},
    [GN_STRUCT_CONNECT] = {offsetof(gn_connect, source_cid), sizeof(gn_connect)},
    [GN_STRUCT_DATAGRAM] = {sizeof(gn_datagram)},
    [GN_STRUCT_SEND_DATAGRAM] = {sizeof(gn_send_datagram)},
    [GN_STRUCT_MOVE] = {sizeof(gn_move)},
    [GN_STRUCT_PATH_MTU] = {sizeof(gn_path_mtu)},
};

/* Those inside others may not grow. */
_Static_assert(sizeof(gn_limits) == 64, "gn_limits lies inside gn_config");
_Static_assert(sizeof(gn_observer) == 32, "gn_observer lies inside gn_config");

size_t
gn_struct_size_nth(gn_struct_id id, size_t nth)
{
    return nth < SIZE_VERSIONS ? sizes[id][nth] : 0;
}

bool
gn_struct_size_known(gn_struct_id id, size_t size)
{
    for (size_t nth = 0; gn_struct_size_nth(id, nth) != 0; nth++)
        if (sizes[id][nth] == size)
            return true;
    return false;
}

void
gn_struct_size_give(void *out, size_t size, const void *ours, size_t our_size)
{
    const size_t len = size < our_size ? size : our_size;

    if (out == NULL || len < sizeof len)
        return;
    memcpy(out, ours, len);
    memcpy(out, &len, sizeof len);
}
