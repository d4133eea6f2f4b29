/*
 * stream_app.c: see stream_app.h.
 */
#include "stream/stream_app.h"

#include "base/assert.h"
#include "stream/credit.h"
#include "stream/stream.h"
#include "stream/stream_ids.h"
#include "wire/varint.h"

gn_err
gn_stream_app_open(gn_stream_set *set, gn_stream_pools pools, uint32_t kind, uint64_t *id)
{
    uint64_t next;
    gn_err err = gn_stream_ids_next(&set->ids, kind, &next);
    if (err != GN_OK)
        return err;

    uint32_t at;
    err = gn_stream_set_create(set, pools, next, &at);
    if (err != GN_OK)
        return err;
    gn_stream_set_settle(set, pools, at);
    *id = next;
    return GN_OK;
}

gn_err
gn_stream_app_open_id(gn_stream_set *set, gn_stream_pools pools, uint64_t id)
{
    if (id > GN_VARINT_MAX || !gn_stream_ids_is_local(&set->ids, id))
        return GN_ERR_RANGE;

    const gn_stream_standing standing = gn_stream_ids_standing(&set->ids, pools.chunks, id);
    if (standing == GN_STREAM_OPENED)
        return GN_ERR_STATE;
    if (standing == GN_STREAM_BEYOND) {
        gn_stream_ids_refuse(&set->ids, gn_stream_id_is_uni(id) ? GN_STREAM_UNI : GN_STREAM_BIDI);
        return GN_ERR_NONE;
    }

    uint32_t at;
    const gn_err err = gn_stream_set_create(set, pools, id, &at);
    if (err == GN_OK)
        gn_stream_set_settle(set, pools, at);
    return err;
}

gn_err
gn_stream_app_write(gn_stream_set *set, gn_stream_pools pools, uint64_t id, gn_span bytes, bool fin,
                    uint64_t cap_bytes, size_t *accepted)
{
    const uint32_t at = gn_stream_set_find(set, pools, id);
    if (at == GN_POOL_NONE)
        return GN_ERR_NONE;

    gn_stream *s = gn_stream_set_at(pools, at);
    size_t done;
    gn_err err = gn_stream_write(s, pools.chunks, bytes, cap_bytes, &done);
    if (err != GN_OK)
        return err;
    if (fin && done == bytes.len) {
        err = gn_stream_fin(s);
        GN_ASSERT(err == GN_OK);
    }
    gn_stream_set_settle(set, pools, at);
    *accepted = done;
    return GN_OK;
}

gn_err
gn_stream_app_reset(gn_stream_set *set, gn_stream_pools pools, uint64_t id, uint64_t code)
{
    const uint32_t at = gn_stream_set_find(set, pools, id);
    if (at == GN_POOL_NONE)
        return GN_ERR_NONE;

    const gn_err err = gn_stream_reset(gn_stream_set_at(pools, at), pools.chunks, code);
    if (err == GN_OK)
        gn_stream_set_settle(set, pools, at);
    return err;
}

gn_err
gn_stream_app_stop(gn_stream_set *set, gn_stream_pools pools, uint64_t id, uint64_t code)
{
    const uint32_t at = gn_stream_set_find(set, pools, id);
    if (at == GN_POOL_NONE)
        return GN_ERR_NONE;

    const gn_err err =
        gn_stream_stop(gn_stream_set_at(pools, at), pools.chunks, &set->total_in, code);
    if (err == GN_OK)
        gn_stream_set_settle(set, pools, at);
    return err;
}

gn_err
gn_stream_app_prioritise(gn_stream_set *set, gn_stream_pools pools, uint64_t id, int32_t priority)
{
    const uint32_t at = gn_stream_set_find(set, pools, id);
    if (at == GN_POOL_NONE)
        return GN_ERR_NONE;

    /* A stream waits among its equals, so it leaves the lines before it becomes another's equal. */
    gn_stream *s = gn_stream_set_at(pools, at);
    if (gn_turns_waits(&s->turn[GN_STREAM_TURN_OWED]))
        gn_turns_cut(&set->owed, pools.streams, at);
    if (gn_turns_waits(&s->turn[GN_STREAM_TURN_FRESH]))
        gn_turns_cut(&set->fresh, pools.streams, at);
    s->priority = priority;
    gn_stream_set_settle(set, pools, at);
    return GN_OK;
}

uint32_t
gn_stream_app_readable(const gn_stream_set *set)
{
    return set->readable_head;
}

void
gn_stream_app_consume(gn_stream_set *set, gn_stream_pools pools, uint32_t at, uint64_t n)
{
    gn_stream_consume(gn_stream_set_at(pools, at), pools.chunks, &set->total_in, n);
    gn_stream_set_pass_readable(set, pools, at);
    gn_stream_set_settle(set, pools, at);
}

bool
gn_stream_app_take(gn_stream_set *set, gn_stream_pools pools, uint32_t at, uint8_t event)
{
    if (!gn_stream_take(gn_stream_set_at(pools, at), event))
        return false;
    gn_stream_set_settle(set, pools, at);
    return true;
}
