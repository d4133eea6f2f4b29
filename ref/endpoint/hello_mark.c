/*
 * hello_mark.c: see hello_mark.h.
 */
#include "endpoint/hello_mark.h"

#include <stdbool.h>
#include <string.h>

#include "wire/frame.h"

/* The beginning of the CRYPTO stream, and which of its bytes are there. */
typedef struct hello_head {
    uint8_t bytes[GN_HELLO_MARK_BYTES];
    bool there[GN_HELLO_MARK_BYTES];
} hello_head;

static void
hello_take(hello_head *head, const gn_frame_crypto *frame)
{
    for (size_t i = 0; i < frame->data.len; i++) {
        if (frame->off + i >= GN_HELLO_MARK_BYTES)
            return;
        head->bytes[frame->off + i] = frame->data.ptr[i];
        head->there[frame->off + i] = true;
    }
}

gn_hello_mark
gn_hello_mark_of(gn_span payload, uint8_t most, const uint8_t key[GN_SIPHASH_KEY_BYTES])
{
    gn_reader r = gn_reader_over(payload.ptr, payload.len);
    gn_hello_mark mark = {0};
    hello_head head = {0};
    gn_frame frame;
    gn_fault fault;

    while (gn_reader_left(&r) > 0 && gn_frame_read(&r, &frame, &fault) == GN_OK)
        if (frame.type == GN_FRAME_CRYPTO)
            hello_take(&head, &frame.as.crypto);
    while (mark.len < most && mark.len < GN_HELLO_MARK_BYTES && head.there[mark.len])
        mark.len++;
    mark.hash = gn_siphash(key, head.bytes, mark.len);
    return mark;
}
