/*
 * bench_heap.c: what an established pair of connections occupies.
 *
 * usage: bench_heap [PAIRS]
 *
 * One client endpoint connects so many times to one server endpoint, without
 * a network in between. When all handshakes are confirmed and every timer but
 * the idle one has run, it counts what is taken in the pools of both blocks,
 * and what the TLS library holds in its heap. Prints bytes a pair, one
 * "name value" a line.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <wolfssl/wolfcrypt/settings.h>

#include <wolfssl/wolfcrypt/memory.h>

#include "base/assert.h"
#include "endpoint/endpoint.h"
#include "tools/bench_pair.h"

#define HEAP_PAIRS 200

/* Long after the handshake, and before the idle timeout. */
#define HEAP_QUIET_US UINT64_C(10000000)

/* In front of every allocation, as large as the strictest alignment. */
typedef union heap_head {
    size_t bytes;
    max_align_t align;
} heap_head;

static size_t heap_now;
static size_t heap_peak;

static void
heap_count(size_t more, size_t less)
{
    heap_now += more;
    heap_now -= less;
    if (heap_now > heap_peak)
        heap_peak = heap_now;
}

static void *
heap_realloc(void *old, size_t bytes)
{
    heap_head *before = old != NULL ? (heap_head *)old - 1 : NULL;
    const size_t less = before != NULL ? before->bytes : 0;
    heap_head *head = realloc(before, sizeof *head + bytes);

    GN_ASSERT(head != NULL);
    head->bytes = bytes;
    heap_count(bytes, less);
    return head + 1;
}

static void *
heap_malloc(size_t bytes)
{
    return heap_realloc(NULL, bytes);
}

static void
heap_free(void *old)
{
    if (old == NULL)
        return;
    heap_count(0, ((heap_head *)old - 1)->bytes);
    free((heap_head *)old - 1);
}

/* Bytes of the block that are taken: slots handed out, and each connection's part of the tables. */
static size_t
block_used(const gn_endpoint *ep)
{
    const gn_pool *const pools[] = {&ep->seats, &ep->keys, &ep->sent, &ep->streams, &ep->chunks};
    const size_t per_seat = sizeof(gn_schedule_entry) + sizeof(uint32_t) + sizeof(uint64_t);
    /* The map of connection IDs is never more than half full. */
    size_t bytes = ep->seats.used * per_seat + 2 * ep->cids.used * sizeof(gn_cid_entry);

    for (size_t i = 0; i < sizeof pools / sizeof pools[0]; i++)
        bytes += (size_t)pools[i]->used * pools[i]->slot_bytes;
    return bytes;
}

static void
tell(const char *name, size_t bytes, uint32_t pairs)
{
    (void)printf("%s %zu\n", name, bytes / pairs);
}

int
main(int argc, char **argv)
{
    const uint32_t pairs = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : HEAP_PAIRS;
    uint32_t confirmed = 0;
    gn_time now = 0;

    GN_ASSERT(pairs > 0 && wolfSSL_SetAllocators(heap_malloc, heap_free, heap_realloc) == 0);

    gn_endpoint *client = bench_pair_endpoint(GN_ROLE_CLIENT, pairs);
    gn_endpoint *server = bench_pair_endpoint(GN_ROLE_SERVER, pairs);
    const size_t contexts = heap_now;
    size_t handshake = 0;

    for (uint32_t i = 0; i < pairs; i++) {
        const size_t before = heap_now;

        heap_peak = heap_now;
        bench_pair_connect(client, now);
        now = bench_pair_play(client, server, now, now + GN_MS, &confirmed);
        handshake += heap_peak - before;
    }
    now = bench_pair_play(client, server, now, now + HEAP_QUIET_US, &confirmed);
    GN_ASSERT(confirmed == 2 * pairs);

    tell("gnomon", block_used(client) + block_used(server), pairs);
    tell("tls", heap_now - contexts, pairs);
    tell("tls_handshake_peak", handshake, pairs);
    tell("seat", 2 * sizeof(gn_seat) * (size_t)pairs, pairs);
    tell("keys",
         (size_t)client->keys.used * client->keys.slot_bytes +
             (size_t)server->keys.used * server->keys.slot_bytes,
         pairs);
    tell("tls_contexts", contexts * pairs, pairs);
    gn_endpoint_wipe(client);
    gn_endpoint_wipe(server);
    free(client);
    free(server);
    return 0;
}
