/*
 * seen.c: see seen.h.
 */
#include "sim/seen.h"

#include <stdlib.h>

#include "base/assert.h"

static bool
seen_has(const gn_sim_seen *seen, uint64_t off)
{
    return (seen->bits[off / 8] >> (off % 8) & 1) != 0;
}

bool
gn_sim_seen_add(gn_sim_seen *seen, uint64_t total, uint64_t off, size_t len)
{
    if (off > total || len > total - off)
        return false;
    if (len == 0)
        return true;
    if (seen->bits == NULL) {
        seen->bits = calloc((size_t)(total / 8 + 1), 1);
        GN_ASSERT(seen->bits != NULL);
    }
    for (uint64_t at = off; at < off + len; at++) {
        if (seen_has(seen, at))
            return false;
        seen->bits[at / 8] |= (uint8_t)(1u << (at % 8));
    }
    while (seen->low < total && seen_has(seen, seen->low))
        seen->low++;
    return true;
}

void
gn_sim_seen_free(gn_sim_seen *seen)
{
    free(seen->bits);
    *seen = (gn_sim_seen){0};
}
