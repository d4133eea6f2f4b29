/*
 * prop_schedule.c: the first deadline is what a search through all slots finds.
 *
 * Two bytes are an operation: a slot, and its deadline or none.
 */
#include "endpoint/schedule.h"
#include "prop.h"

enum { SLOTS = 24 };

bool
gn_prop_schedule(const uint8_t *bytes, size_t len)
{
    gn_schedule_entry heap[SLOTS];
    uint32_t place[SLOTS];
    uint32_t count;
    const gn_schedule s = {heap, place, &count};
    gn_time deadline[SLOTS];

    gn_schedule_init(s, SLOTS);
    for (uint32_t i = 0; i < SLOTS; i++)
        deadline[i] = GN_NEVER;
    for (size_t i = 0; i + 2 <= len; i += 2) {
        const uint32_t slot = bytes[i] % SLOTS;
        uint32_t first = 0;
        uint32_t in = 0;
        uint32_t found = 0;

        /* Often the same moment, sometimes none. */
        deadline[slot] = bytes[i + 1] >= 192 ? GN_NEVER : bytes[i + 1] % 32;
        gn_schedule_set(s, slot, deadline[slot]);
        for (uint32_t k = 0; k < SLOTS; k++) {
            in += deadline[k] != GN_NEVER;
            if (deadline[k] < deadline[first])
                first = k;
        }
        if (!gn_schedule_check(s) || count != in || gn_schedule_first(s, &found) != deadline[first])
            return false;
        if (in > 0 && found != first)
            return false;
    }
    return true;
}
