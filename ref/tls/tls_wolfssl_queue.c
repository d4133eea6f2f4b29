/*
 * tls_wolfssl_queue.c: see tls_wolfssl_queue.h.
 */
#include "tls/tls_wolfssl_queue.h"

#include <wolfssl/wolfcrypt/settings.h>

#include <wolfssl/wolfcrypt/memory.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/ct.h"

/* The smallest block: a ClientHello, or a first flight without its certificates. */
#define QUEUE_BLOCK_BYTES 512

gn_err
gn_tls_wolfssl_queue_grow(uint8_t **bytes, size_t *cap, size_t need)
{
    size_t wish = *cap < QUEUE_BLOCK_BYTES ? QUEUE_BLOCK_BYTES : *cap * 2;

    if (need <= *cap)
        return GN_OK;
    if (wish < need)
        wish = need;
    uint8_t *grown = wolfSSL_Realloc(*bytes, wish);
    if (grown == NULL)
        return GN_ERR_FULL;
    *bytes = grown;
    *cap = wish;
    return GN_OK;
}

void
gn_tls_wolfssl_queue_settle(gn_tls_wolfssl_queue *queue)
{
    if (queue->count > 0)
        return;
    queue->head = 0;
    queue->len = 0;
}

gn_err
gn_tls_wolfssl_queue_push(gn_tls_wolfssl_queue *queue, const gn_tls_event *event)
{
    size_t end = queue->head + queue->count;

    if (end == GN_TLS_WOLFSSL_QUEUE_MAX)
        return GN_ERR_FULL;
    queue->event[end] = *event;
    queue->at[end] = queue->len;
    queue->count++;
    return GN_OK;
}

static gn_err
queue_append(gn_tls_wolfssl_queue *queue, gn_span bytes)
{
    const gn_err err =
        gn_tls_wolfssl_queue_grow(&queue->bytes, &queue->cap, queue->len + bytes.len);

    if (err != GN_OK)
        return err;
    gn_bytes_copy(queue->bytes + queue->len, bytes.ptr, bytes.len);
    queue->len += bytes.len;
    return GN_OK;
}

gn_err
gn_tls_wolfssl_queue_bytes(gn_tls_wolfssl_queue *queue, gn_level level, gn_span message)
{
    gn_tls_event *last = NULL;

    if (queue->count > 0)
        last = &queue->event[queue->head + queue->count - 1];
    if (last == NULL || last->kind != GN_TLS_BYTES || last->level != level) {
        const gn_tls_event event = {.kind = GN_TLS_BYTES, .level = level, .bytes = message};
        return gn_tls_wolfssl_queue_copy(queue, &event);
    }
    const gn_err err = queue_append(queue, message);
    if (err == GN_OK)
        last->bytes.len += message.len;
    return err;
}

gn_err
gn_tls_wolfssl_queue_copy(gn_tls_wolfssl_queue *queue, const gn_tls_event *event)
{
    gn_err err =
        gn_tls_wolfssl_queue_grow(&queue->bytes, &queue->cap, queue->len + event->bytes.len);

    if (err == GN_OK)
        err = gn_tls_wolfssl_queue_push(queue, event);
    return err == GN_OK ? queue_append(queue, event->bytes) : err;
}

bool
gn_tls_wolfssl_queue_pop(gn_tls_wolfssl_queue *queue, gn_tls_event *out)
{
    if (queue->count == 0)
        return false;
    GN_ASSERT(queue->head + queue->count <= GN_TLS_WOLFSSL_QUEUE_MAX);
    gn_tls_event *oldest = &queue->event[queue->head];
    *out = *oldest;
    if (out->kind == GN_TLS_BYTES || out->kind == GN_TLS_TICKET)
        out->bytes.ptr = queue->bytes + queue->at[queue->head];
    gn_ct_wipe(oldest, sizeof *oldest);
    queue->head++;
    queue->count--;
    return true;
}

void
gn_tls_wolfssl_queue_free(gn_tls_wolfssl_queue *queue)
{
    wolfSSL_Free(queue->bytes);
    gn_ct_wipe(queue, sizeof *queue);
}
