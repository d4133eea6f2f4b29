/*
 * heap.c: see heap.h. Four children a node: half the depth, one cache line and a half a step.
 */
#include "sim/heap.h"

#include <stdlib.h>

#include "base/assert.h"

static bool
heap_before(const gn_sim_entry *a, const gn_sim_entry *b)
{
    return a->at_us < b->at_us || (a->at_us == b->at_us && a->order < b->order);
}

void
gn_sim_heap_init(gn_sim_heap *heap)
{
    *heap = (gn_sim_heap){0};
}

void
gn_sim_heap_free(gn_sim_heap *heap)
{
    free(heap->entries);
    *heap = (gn_sim_heap){0};
}

static void
heap_grow(gn_sim_heap *heap)
{
    const size_t cap = heap->cap == 0 ? 64 : heap->cap * 2;
    gn_sim_entry *entries = realloc(heap->entries, cap * sizeof *entries);

    GN_ASSERT(entries != NULL);
    heap->entries = entries;
    heap->cap = cap;
}

void
gn_sim_heap_push(gn_sim_heap *heap, uint64_t at_us, gn_sim_class class, void *what)
{
    const gn_sim_entry entry = {
        .at_us = at_us, .order = (uint64_t) class << 56 | heap->sequence, .what = what};
    size_t at = heap->count;

    if (heap->count == heap->cap)
        heap_grow(heap);
    heap->sequence++;
    heap->count++;
    while (at > 0 && heap_before(&entry, &heap->entries[(at - 1) / 4])) {
        heap->entries[at] = heap->entries[(at - 1) / 4];
        at = (at - 1) / 4;
    }
    heap->entries[at] = entry;
}

/* The child of at that goes first; children are first .. end - 1. */
static size_t
heap_first_child(const gn_sim_heap *heap, size_t first)
{
    const size_t end = first + 4 < heap->count ? first + 4 : heap->count;
    size_t best = first;

    for (size_t i = first + 1; i < end; i++)
        if (heap_before(&heap->entries[i], &heap->entries[best]))
            best = i;
    return best;
}

bool
gn_sim_heap_pop(gn_sim_heap *heap, gn_sim_entry *out)
{
    size_t at = 0;

    if (heap->count == 0)
        return false;
    *out = heap->entries[0];
    heap->count--;
    if (heap->count == 0)
        return true;

    const gn_sim_entry last = heap->entries[heap->count];

    while (at * 4 + 1 < heap->count) {
        const size_t child = heap_first_child(heap, at * 4 + 1);

        if (!heap_before(&heap->entries[child], &last))
            break;
        heap->entries[at] = heap->entries[child];
        at = child;
    }
    heap->entries[at] = last;
    return true;
}
