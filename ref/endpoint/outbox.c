/*
 * outbox.c: see outbox.h.
 */
#include "endpoint/outbox.h"

gn_stray *
gn_outbox_add(gn_outbox *box)
{
    if (box->count == GN_OUTBOX_MAX)
        return NULL;
    const uint32_t at = (box->first + box->count) % GN_OUTBOX_MAX;
    box->count++;
    return &box->at[at];
}

const gn_stray *
gn_outbox_take(gn_outbox *box)
{
    if (box->count == 0)
        return NULL;
    const gn_stray *stray = &box->at[box->first];
    box->first = (box->first + 1) % GN_OUTBOX_MAX;
    box->count--;
    return stray;
}
