/*
 * endpoint.c: see endpoint.h.
 */
#include "endpoint/endpoint.h"

#include <string.h>

#include "base/assert.h"
#include "base/chunks.h"
#include "base/ct.h"
#include "conn/conn_life.h"
#include "conn/resumption.h"
#include "crypto/suite_wolfcrypt.h"
#include "endpoint/endpoint_config.h"
#include "endpoint/refusal.h"
#include "tls/tls_wolfssl.h"

/* Where each part begins, and at the end the size of the block. */
typedef struct endpoint_layout {
    size_t part[GN_PARTS + 1];
} endpoint_layout;

/* Every part begins where any type may. */
static size_t
endpoint_round(size_t bytes)
{
    return (bytes + 63) / 64 * 64;
}

static uint32_t
endpoint_cid_places(const gn_limits *limits)
{
    /* Each connection has its own IDs, and a server's the client's first choice. */
    return gn_cid_map_places(limits->connections * (GN_LOCAL_CIDS_PLACES + 1));
}

static endpoint_layout
endpoint_lay_out(const gn_limits *l)
{
    const size_t bytes[GN_PARTS] = {
        [GN_PART_SEATS] = gn_pool_bytes(l->connections, sizeof(gn_seat)),
        [GN_PART_HEAP] = l->connections * sizeof(gn_schedule_entry),
        [GN_PART_PLACES] = l->connections * sizeof(uint32_t),
        [GN_PART_GENERATIONS] = l->connections * sizeof(uint64_t),
        [GN_PART_CIDS] = endpoint_cid_places(l) * sizeof(gn_cid_entry),
        [GN_PART_KEYS] = gn_pool_bytes(l->keys, sizeof(gn_suite_slot)),
        [GN_PART_SENT] = gn_pool_bytes(l->sent, GN_SENT_SLOT_BYTES),
        [GN_PART_HELD] = gn_pool_bytes(l->held, sizeof(gn_held_packet)),
        [GN_PART_STREAMS] = gn_pool_bytes(l->streams, sizeof(gn_stream)),
        [GN_PART_CHUNKS] = gn_pool_bytes(l->chunks, sizeof(gn_chunk)),
        [GN_PART_EARLY] = l->early * sizeof(gn_early_datagram),
    };
    endpoint_layout layout;
    size_t at = endpoint_round(sizeof(gn_endpoint));

    for (int i = 0; i < GN_PARTS; i++) {
        layout.part[i] = at;
        at += endpoint_round(bytes[i]);
    }
    layout.part[GN_PARTS] = at;
    return layout;
}

uint32_t
gn_abi(void)
{
    return GN_ABI;
}

size_t
gn_endpoint_size(const gn_limits *limits)
{
    if (!gn_endpoint_config_limits_ok(limits))
        return 0;
    return endpoint_lay_out(limits).part[GN_PARTS];
}

uint8_t *
gn_endpoint_part(gn_endpoint *ep, gn_part part)
{
    return (uint8_t *)ep + ep->part[part];
}

gn_seat *
gn_endpoint_seat(gn_endpoint *ep, uint32_t slot)
{
    return gn_pool_at(&ep->seats, gn_endpoint_part(ep, GN_PART_SEATS), slot);
}

gn_schedule
gn_endpoint_schedule(gn_endpoint *ep)
{
    return (gn_schedule){.heap = (gn_schedule_entry *)(void *)gn_endpoint_part(ep, GN_PART_HEAP),
                         .place = (uint32_t *)(void *)gn_endpoint_part(ep, GN_PART_PLACES),
                         .count = &ep->scheduled};
}

gn_cid_table
gn_endpoint_cids(gn_endpoint *ep)
{
    return (gn_cid_table){.map = &ep->cids,
                          .entry = (gn_cid_entry *)(void *)gn_endpoint_part(ep, GN_PART_CIDS)};
}

gn_env
gn_endpoint_env(gn_endpoint *ep, uint32_t slot)
{
    return (gn_env){
        .now = ep->now,
        .config = &ep->config,
        .suite = ep->config.suite_ops,
        .tls = ep->config.tls_ops,
        .tls_context = ep->tls_context,
        .keys = {.pool = &ep->keys, .base = gn_endpoint_part(ep, GN_PART_KEYS)},
        .sent = {.pool = &ep->sent, .base = gn_endpoint_part(ep, GN_PART_SENT)},
        .held = {.pool = &ep->held, .base = gn_endpoint_part(ep, GN_PART_HELD)},
        .pools = {.streams = {.pool = &ep->streams, .base = gn_endpoint_part(ep, GN_PART_STREAMS)},
                  .chunks = {.pool = &ep->chunks, .base = gn_endpoint_part(ep, GN_PART_CHUNKS)}},
        .cids = gn_endpoint_cids(ep),
        .reset_key = &ep->reset_key,
        .route_names = &ep->route_names,
        .tokens = &ep->admission.tokens,
        .application = ep->application,
        .rng = &ep->rng,
        .opened = ep->opened,
        .datagram = ep->datagram,
        .inspection = ep->config.inspect_packets ? &ep->inspection : NULL,
        .preferred = &ep->preferred,
        .slot = slot};
}

static gn_err
endpoint_tls_context(gn_endpoint *ep, const gn_config *config)
{
    gn_tls_config tls;
    gn_rng seeds;

    gn_endpoint_config_tls(config, &tls);
    gn_rng_init(&seeds, config->seed, "tls context", 0);
    gn_rng_fill(&seeds, tls.seed, sizeof tls.seed);
    const gn_err err = ep->config.tls_ops->context_new(&tls, &ep->tls_context);
    gn_ct_wipe(&tls, sizeof tls);
    gn_ct_wipe(&seeds, sizeof seeds);
    return err == GN_OK || err == GN_ERR_FULL ? err : GN_ERR_TLS;
}

static void
endpoint_init_pools(gn_endpoint *ep, const gn_limits *l)
{
    uint8_t map_key[GN_SIPHASH_KEY_BYTES];
    gn_rng keys;

    gn_pool_init(&ep->seats, l->connections, sizeof(gn_seat));
    gn_pool_init(&ep->keys, l->keys, sizeof(gn_suite_slot));
    gn_pool_init(&ep->sent, l->sent, GN_SENT_SLOT_BYTES);
    gn_pool_init(&ep->held, l->held, sizeof(gn_held_packet));
    gn_pool_init(&ep->streams, l->streams, sizeof(gn_stream));
    gn_pool_init(&ep->chunks, l->chunks, sizeof(gn_chunk));
    memset(gn_endpoint_part(ep, GN_PART_GENERATIONS), 0, l->connections * sizeof(uint64_t));
    gn_schedule_init(gn_endpoint_schedule(ep), l->connections);
    gn_rng_init(&keys, ep->config.seed, "endpoint keys", 0);
    gn_rng_fill(&keys, map_key, sizeof map_key);
    gn_rng_fill(&keys, (uint8_t *)&ep->reset_key, sizeof ep->reset_key);
    gn_rng_fill(&keys, ep->route_names.bytes, sizeof ep->route_names.bytes);
    gn_cid_map_init(gn_endpoint_cids(ep), endpoint_cid_places(l), map_key);
    gn_rng_init(&ep->rng, ep->config.seed, "endpoint", 0);
    ep->busy_head = GN_POOL_NONE;
    ep->busy_tail = GN_POOL_NONE;
}

gn_err
gn_endpoint_init(void *block, size_t size, const gn_config *given, gn_endpoint **out)
{
    gn_config whole;

    if (out != NULL)
        *out = NULL;
    if (block == NULL || out == NULL || (uintptr_t)block % 16 != 0)
        return GN_ERR_CONFIG;
    gn_err err = gn_endpoint_config_take(given, &whole, NULL);
    if (err != GN_OK)
        return err;
    const gn_config *config = &whole;
    const endpoint_layout layout = endpoint_lay_out(&config->limits);
    if (size < layout.part[GN_PARTS])
        return GN_ERR_FULL;

    gn_endpoint *ep = block;
    memset(ep, 0, sizeof *ep);
    memcpy(ep->part, layout.part, sizeof ep->part);
    ep->bytes = layout.part[GN_PARTS];
    ep->config = *config;
    ep->config.alpn = NULL;
    ep->config.certificate_pem = NULL;
    ep->config.private_key_pem = NULL;
    ep->config.ca_pem = NULL;
    ep->application = gn_resumption_hash(
        gn_span_of(config->application_context, config->application_context_len));
    ep->config.application_context = NULL;
    gn_ct_wipe(ep->config.ticket_key, sizeof ep->config.ticket_key);
    if (ep->config.suite_ops == NULL)
        ep->config.suite_ops = gn_suite_wolfcrypt();
    if (ep->config.tls_ops == NULL)
        ep->config.tls_ops = gn_tls_wolfssl();
    endpoint_init_pools(ep, &config->limits);
    gn_admission_init(&ep->admission, &ep->config);
    gn_refusal_clear(&ep->refused);
    gn_early_hold_init(&ep->early_hold, config->limits.early, config);
    err = endpoint_tls_context(ep, config);
    gn_ct_wipe(&whole, sizeof whole);
    if (err == GN_OK)
        *out = ep;
    return err;
}

void
gn_endpoint_wipe(gn_endpoint *ep)
{
    if (ep == NULL)
        return;
    for (uint32_t slot = 0; slot < ep->seats.fresh; slot++) {
        gn_seat *seat = gn_endpoint_seat(ep, slot);
        const gn_env env = gn_endpoint_env(ep, slot);
        if (seat->conn.handle != 0)
            gn_conn_life_wipe(&seat->conn, &env);
    }
    ep->config.tls_ops->context_free(ep->tls_context);
    /* Secrets are in the endpoint, its seats and the keys; slots never used hold nothing. */
    gn_ct_wipe(gn_endpoint_part(ep, GN_PART_SEATS),
               gn_pool_bytes(ep->seats.fresh, sizeof(gn_seat)));
    gn_ct_wipe(gn_endpoint_part(ep, GN_PART_KEYS),
               gn_pool_bytes(ep->keys.fresh, sizeof(gn_suite_slot)));
    gn_ct_wipe(ep, sizeof *ep);
}

uint32_t
gn_endpoint_slot(const gn_endpoint *ep, gn_connection connection)
{
    if (connection == 0)
        return GN_POOL_NONE;
    const uint32_t slot = (uint32_t)((connection - 1) % ep->config.limits.connections);
    if (slot >= ep->seats.fresh)
        return GN_POOL_NONE;
    const gn_seat *seat =
        gn_pool_at(&ep->seats, (uint8_t *)(uintptr_t)ep + ep->part[GN_PART_SEATS], slot);
    return seat->conn.handle == connection ? slot : GN_POOL_NONE;
}

uint32_t
gn_endpoint_take_seat(gn_endpoint *ep, gn_connection *handle)
{
    const uint32_t slot = gn_pool_take(&ep->seats, gn_endpoint_part(ep, GN_PART_SEATS));

    if (slot == GN_POOL_NONE)
        return slot;
    uint64_t *generation = (uint64_t *)(void *)gn_endpoint_part(ep, GN_PART_GENERATIONS) + slot;
    *handle = *generation * ep->config.limits.connections + slot + 1;
    *generation += 1;
    gn_seat *seat = gn_endpoint_seat(ep, slot);
    seat->next = GN_POOL_NONE;
    seat->busy = 0;
    seat->half_open = 0;
    seat->accepted = 0;
    seat->lacks = 0;
    seat->conn.handle = 0;
    return slot;
}

void
gn_endpoint_give_seat(gn_endpoint *ep, uint32_t slot)
{
    gn_seat *seat = gn_endpoint_seat(ep, slot);

    GN_ASSERT(!seat->busy);
    ep->admission.half_open -= seat->half_open;
    ep->accepted -= seat->accepted;
    ep->lacking -= seat->lacks;
    gn_schedule_set(gn_endpoint_schedule(ep), slot, GN_NEVER);
    gn_ct_wipe(seat, sizeof *seat);
    gn_pool_give(&ep->seats, gn_endpoint_part(ep, GN_PART_SEATS), slot);
}

void
gn_endpoint_count(gn_endpoint *ep, uint32_t slot)
{
    gn_seat *seat = gn_endpoint_seat(ep, slot);
    const gn_conn *conn = &seat->conn;
    const uint8_t half_open =
        conn->is_server && !conn->handshake.complete && gn_conn_is_open(conn) ? 1 : 0;

    ep->admission.half_open += half_open;
    ep->admission.half_open -= seat->half_open;
    seat->half_open = half_open;
}

void
gn_endpoint_enqueue(gn_endpoint *ep, uint32_t slot)
{
    gn_seat *seat = gn_endpoint_seat(ep, slot);

    if (seat->busy)
        return;
    seat->busy = 1;
    seat->next = GN_POOL_NONE;
    gn_schedule_set(gn_endpoint_schedule(ep), slot, GN_NEVER);
    if (ep->busy_tail == GN_POOL_NONE)
        ep->busy_head = slot;
    else
        gn_endpoint_seat(ep, ep->busy_tail)->next = slot;
    ep->busy_tail = slot;
}

void
gn_endpoint_dequeue(gn_endpoint *ep)
{
    gn_seat *seat = gn_endpoint_seat(ep, ep->busy_head);

    GN_ASSERT(seat->busy);
    seat->busy = 0;
    ep->busy_head = seat->next;
    if (ep->busy_head == GN_POOL_NONE)
        ep->busy_tail = GN_POOL_NONE;
    seat->next = GN_POOL_NONE;
}

gn_err
gn_endpoint_advance(gn_endpoint *ep, gn_time now)
{
    if (now < ep->now || now == GN_NEVER)
        return GN_ERR_RANGE;
    ep->now = now;
    return GN_OK;
}
