/*
 * bytes.h: what the harnesses of Eva let in.
 *
 * Eva keeps an interval for each number and no relation between two, so that
 * it cannot know of "at" and "len" that both together stay inside the bytes:
 * where the first is anything up to the length, so is the second. Behind the
 * bytes of a packet there lie as many again. An access that is unbounded, or
 * bounded by the wrong thing, still leaves them; that none is even one byte
 * past the end is what WP proves.
 */
#ifndef EVA_BYTES_H
#define EVA_BYTES_H

#include "__fc_builtin.h"

#define EVA_MOST 1500

static unsigned char eva_bytes[2 * EVA_MOST];
static volatile unsigned char eva_seen;

/* Anything at all, anew. */
static void
eva_any_bytes(void)
{
    Frama_C_make_unknown((char *)eva_bytes, sizeof eva_bytes);
}

#endif
