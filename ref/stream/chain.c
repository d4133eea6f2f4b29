/*
 * chain.c: see chain.h.
 */
#include "stream/chain.h"

#include "base/assert.h"
#include "base/limits.h"

void
gn_chain_init(gn_chain *c)
{
    c->head = GN_POOL_NONE;
    c->tail = GN_POOL_NONE;
    c->hint = GN_POOL_NONE;
}

uint32_t
gn_chain_find(const gn_chain *c, gn_slots chunks, uint64_t base_off)
{
    if (c->hint != GN_POOL_NONE && gn_owned_chunk(chunks, c->hint)->base_off == base_off)
        return c->hint;
    if (c->head == GN_POOL_NONE || gn_owned_chunk(chunks, c->head)->base_off > base_off)
        return GN_POOL_NONE;
    if (gn_owned_chunk(chunks, c->tail)->base_off <= base_off)
        return c->tail;

    uint32_t at = c->head;
    if (c->hint != GN_POOL_NONE && gn_owned_chunk(chunks, c->hint)->base_off <= base_off)
        at = c->hint;
    /*@
      loop invariant in: chain_has(c, at) && chain_off(chunks, at) <= base_off;
      loop assigns at;
      loop variant base_off - chain_off(chunks, at);
    */
    for (;;) {
        const uint32_t next = gn_owned_chunk(chunks, at)->next;

        if (next == GN_POOL_NONE || gn_owned_chunk(chunks, next)->base_off > base_off)
            return at;
        at = next;
    }
}

uint64_t
gn_chain_missing(const gn_chain *c, gn_slots chunks, uint64_t first, uint64_t last)
{
    uint64_t missing = 0;

    /*@
      loop invariant first <= number <= last + 1;
      loop invariant missing == chain_lacks(c, chunks, first, number);
      loop invariant missing <= number - first;
      loop invariant more: \forall integer m, n; first <= m <= n <= number ==>
        0 <= chain_lacks(c, chunks, first, m) <= chain_lacks(c, chunks, first, n);
      loop assigns number, missing;
      loop variant last - number;
    */
    for (uint64_t number = first; number <= last; number++) {
        const uint64_t base_off = number * GN_CHUNK_BYTES;
        const uint32_t at = gn_chain_find(c, chunks, base_off);

        /*@ assert here: at != GN_POOL_NONE && chain_off(chunks, at) == base_off <==>
              chain_holds(c, chunks, number * GN_CHUNK_BYTES); */
        if (at == GN_POOL_NONE || gn_owned_chunk(chunks, at)->base_off != base_off)
            missing++;
        /*@ assert next: missing == chain_lacks(c, chunks, first, number + 1); */
    }
    return missing;
}

/*
 * Puts a chunk that is ready, and not yet linked to, behind another one, or first when that is
 * GN_POOL_NONE.
 */
/*@
  requires owned_ok(chunks) && chain_apart(c, chunks) && chain_ok(c, chunks);
  requires new: at < chunks.pool->slots && gn_owner[at] == \null;
  requires whole: chain_off(chunks, at) % GN_CHUNK_BYTES == 0;
  requires first: before == GN_POOL_NONE ==> chain_next(chunks, at) == c->head &&
    \forall integer i; chain_has(c, i) ==> chain_off(chunks, i) > chain_off(chunks, at);
  requires behind: before != GN_POOL_NONE ==> chain_has(c, before) &&
    chain_next(chunks, at) == chain_next(chunks, before) &&
    chain_off(chunks, before) < chain_off(chunks, at) &&
    \forall integer i; chain_has(c, i) ==>
      chain_off(chunks, i) <= chain_off(chunks, before) ||
      chain_off(chunks, i) > chain_off(chunks, at);
  terminates \true; exits \false;
  assigns c->head, c->tail, gn_owner[at];
  assigns { chunk_of(chunks, i)->next | integer i; i == before && chain_has(c, i) };
  ensures ok: chain_ok(c, chunks);
  ensures owner: gn_owner[at] == &c->head;
*/
static void
chain_link(gn_chain *c, gn_slots chunks, uint32_t before, uint32_t at)
{
    //@ ghost gn_owner[at] = &c->head;
    if (before == GN_POOL_NONE)
        c->head = at;
    else
        gn_owned_chunk(chunks, before)->next = at;
    if (gn_owned_chunk(chunks, at)->next == GN_POOL_NONE)
        c->tail = at;
    /*@ assert kept: \forall integer i; 0 <= i < GN_POOL_NONE && i != before ==>
          chain_next(chunks, i) == \at(chain_next(chunks, i), Pre); */
    /*@ assert more: \forall integer i; chain_has(c, i) <==> chain_has{Pre}(c, i) || i == at; */
    /*@ assert tail: \at(c->head, Pre) == GN_POOL_NONE || c->tail == \at(c->tail, Pre) ||
          (c->tail == at && before == \at(c->tail, Pre)); */
    /*@ assert head: c->head == \at(c->head, Pre) || (c->head == at && before == GN_POOL_NONE); */
    //@ assert ends: chain_ends(c, chunks);
    /*@ assert each_new: chain_off(chunks, c->head) <= chain_off(chunks, at) <=
          chain_off(chunks, c->tail); */
    /*@ assert each_old: \forall integer i; chain_has{Pre}(c, i) ==>
          chain_off(chunks, c->head) <= chain_off(chunks, i) <= chain_off(chunks, c->tail); */
    //@ assert each: chain_each(c, chunks);
    //@ assert linked: chain_linked(c, chunks);
    //@ assert once: chain_once(c, chunks);
    /*@ assert gap_before: \forall integer j; before != GN_POOL_NONE && chain_has(c, j) ==>
          chain_off(chunks, j) <= chain_off(chunks, before) ||
          chain_off(chunks, at) <= chain_off(chunks, j); */
    /*@ assert gap_behind: \forall integer j; at != c->tail && chain_has(c, j) ==>
          chain_off(chunks, j) <= chain_off(chunks, at) ||
          chain_off(chunks, chain_next(chunks, at)) <= chain_off(chunks, j); */
    /*@ assert gap_here: \forall integer i; chain_has(c, i) && i != c->tail && i != before &&
          i != at ==> chain_off(chunks, at) <= chain_off(chunks, i) ||
          chain_off(chunks, chain_next(chunks, i)) <= chain_off(chunks, at); */
    /*@ assert rest: \forall integer i; chain_has{Pre}(c, i) && i != c->tail && i != before ==>
          i != \at(c->tail, Pre); */
    /*@ assert gap_rest: \forall integer i, j; chain_has(c, i) && i != c->tail && i != before &&
          i != at && chain_has(c, j) && j != at ==> chain_off(chunks, j) <= chain_off(chunks, i) ||
          chain_off(chunks, chain_next(chunks, i)) <= chain_off(chunks, j); */
    //@ assert gaps: chain_gaps(c, chunks);
}

/* Takes a slot for the chunk at base_off, which goes behind another one. */
/*@
  requires owned_ok(chunks) && chain_apart(c, chunks) && chain_ok(c, chunks);
  requires whole: base_off % GN_CHUNK_BYTES == 0;
  requires room: owned_left(chunks) > 0;
  requires first: before == GN_POOL_NONE ==>
    \forall integer i; chain_has(c, i) ==> chain_off(chunks, i) > base_off;
  requires behind: before != GN_POOL_NONE ==>
    chain_has(c, before) && chain_off(chunks, before) < base_off &&
    \forall integer i; chain_has(c, i) ==>
      chain_off(chunks, i) <= chain_off(chunks, before) || chain_off(chunks, i) > base_off;
  terminates \true; exits \false;
  assigns c->head, c->tail;
  assigns chunks.pool->free_head, chunks.pool->fresh, chunks.pool->used, chunks.pool->peak;
  assigns { gn_owner[i] | integer i; gn_owner[i] == \null };
  assigns { chunk_of(chunks, i)->base_off | integer i; gn_owner[i] == \null };
  assigns { chunk_of(chunks, i)->reserved | integer i; gn_owner[i] == \null };
  assigns { chunk_of(chunks, i)->next | integer i; gn_owner[i] == \null || chain_has(c, i) };
  ensures ok: owned_ok(chunks) && chain_ok(c, chunks);
  ensures here: chain_has(c, \result) && chain_off(chunks, \result) == base_off;
  ensures new: \forall integer i; i == \result ==> \old(gn_owner[i]) == \null;
  ensures others: \forall integer i; i != \result ==> gn_owner[i] == \old(gn_owner[i]);
  ensures still: \forall integer i; chain_has{Pre}(c, i) ==>
    chain_off(chunks, i) == \old(chain_off(chunks, i));
  ensures taken: owned_left(chunks) == \old(owned_left(chunks)) - 1;
*/
static uint32_t
chain_add(gn_chain *c, gn_slots chunks, uint32_t before, uint64_t base_off)
{
    const uint32_t next = before == GN_POOL_NONE ? c->head : gn_owned_chunk(chunks, before)->next;
    const uint32_t at = gn_owned_take(chunks);
    GN_ASSERT(at != GN_POOL_NONE);

    gn_chunk *chunk = gn_owned_chunk(chunks, at);
    chunk->base_off = base_off;
    chunk->next = next;
    chunk->reserved = 0;
    /*@ assert kept: \forall integer i; chain_has(c, i) ==>
          chain_off(chunks, i) == \at(chain_off(chunks, i), Pre) &&
          chain_next(chunks, i) == \at(chain_next(chunks, i), Pre); */
    /*@ assert same: c->head == \at(c->head, Pre) && c->tail == \at(c->tail, Pre) &&
          c->hint == \at(c->hint, Pre); */
    //@ assert has: \forall integer i; chain_has(c, i) <==> chain_has{Pre}(c, i);
    //@ assert ends: chain_ends(c, chunks);
    //@ assert each: chain_each(c, chunks);
    //@ assert linked: chain_linked(c, chunks);
    /*@ assert ahead: \forall integer i; chain_has(c, i) && i != c->tail ==>
          chain_off(chunks, chain_next(chunks, i)) ==
            \at(chain_off(chunks, chain_next(chunks, i)), Pre); */
    /*@ assert old: \forall integer i, j; chain_has(c, i) && i != c->tail && chain_has(c, j) ==>
          \at(chain_off(chunks, j), Pre) <= \at(chain_off(chunks, i), Pre) ||
          \at(chain_off(chunks, chain_next(chunks, i)), Pre) <= \at(chain_off(chunks, j), Pre); */
    /*@ assert mixed: \forall integer i, j; chain_has(c, i) && i != c->tail && chain_has(c, j) ==>
          chain_off(chunks, j) <= chain_off(chunks, i) ||
          \at(chain_off(chunks, chain_next(chunks, i)), Pre) <= chain_off(chunks, j); */
    /*@ assert now: \forall integer i, j; chain_has(c, i) && i != c->tail && chain_has(c, j) ==>
          chain_off(chunks, j) <= chain_off(chunks, i) ||
          chain_off(chunks, chain_next(chunks, i)) <= chain_off(chunks, j); */
    //@ assert gaps: chain_gaps(c, chunks);
    //@ assert once: chain_once(c, chunks);
    chain_link(c, chunks, before, at);
    return at;
}

uint32_t
gn_chain_put(gn_chain *c, gn_slots chunks, uint64_t base_off)
{
    const uint32_t before = gn_chain_find(c, chunks, base_off);

    if (before != GN_POOL_NONE && gn_owned_chunk(chunks, before)->base_off == base_off)
        return before;
    return chain_add(c, chunks, before, base_off);
}

void
gn_chain_point(gn_chain *c, gn_slots chunks, uint32_t at)
{
    GN_ASSERT(at < chunks.pool->slots);
    c->hint = at;
    //@ assert ends: chain_ends(c, chunks);
    //@ assert each: chain_each(c, chunks);
    //@ assert linked: chain_linked(c, chunks);
    //@ assert gaps: chain_gaps(c, chunks);
}

/* Gives a chunk back that was taken out of the chain. */
/*@
  requires owned_ok(chunks) && chain_apart(c, chunks) && chain_ok(c, chunks);
  requires out: at < chunks.pool->slots && gn_owner[at] == \null;
  terminates \true; exits \false;
  assigns chunks.pool->free_head, chunks.pool->used;
  assigns *chunk_of(chunks, at), *ranges_of(chunks, at);
  ensures ok: owned_ok(chunks) && chain_ok(c, chunks);
  ensures still: \forall integer i; chain_has(c, i) ==>
    chain_off(chunks, i) == \old(chain_off(chunks, i));
  ensures given: owned_left(chunks) == \old(owned_left(chunks)) + 1;
*/
static void
chain_give(const gn_chain *c, gn_slots chunks, uint32_t at)
{
    GN_ASSERT(c->head != at && c->tail != at);
    gn_owned_give(chunks, at);
    /*@ assert same: c->head == \at(c->head, Pre) && c->tail == \at(c->tail, Pre) &&
          c->hint == \at(c->hint, Pre); */
    /*@ assert ahead: \forall integer i; chain_has(c, i) && i != c->tail ==>
          chain_off(chunks, chain_next(chunks, i)) ==
            \at(chain_off(chunks, chain_next(chunks, i)), Pre); */
    //@ assert ends: chain_ends(c, chunks);
    //@ assert each: chain_each(c, chunks);
    //@ assert linked: chain_linked(c, chunks);
    /*@ assert old: \forall integer i, j; chain_has(c, i) && i != c->tail && chain_has(c, j) ==>
          \at(chain_off(chunks, j), Pre) <= \at(chain_off(chunks, i), Pre) ||
          \at(chain_off(chunks, chain_next(chunks, i)), Pre) <= \at(chain_off(chunks, j), Pre); */
    /*@ assert mixed: \forall integer i, j; chain_has(c, i) && i != c->tail && chain_has(c, j) ==>
          chain_off(chunks, j) <= chain_off(chunks, i) ||
          \at(chain_off(chunks, chain_next(chunks, i)), Pre) <= chain_off(chunks, j); */
    /*@ assert now: \forall integer i, j; chain_has(c, i) && i != c->tail && chain_has(c, j) ==>
          chain_off(chunks, j) <= chain_off(chunks, i) ||
          chain_off(chunks, chain_next(chunks, i)) <= chain_off(chunks, j); */
    //@ assert gaps: chain_gaps(c, chunks);
    //@ assert once: chain_once(c, chunks);
}

/* Gives the first chunk back. */
/*@
  requires owned_ok(chunks) && chain_apart(c, chunks) && chain_ok(c, chunks);
  requires some: c->head != GN_POOL_NONE;
  terminates \true; exits \false;
  assigns *c, gn_owner[c->head], chunks.pool->free_head, chunks.pool->used;
  assigns *chunk_of(chunks, c->head), *ranges_of(chunks, c->head);
  ensures ok: owned_ok(chunks) && chain_ok(c, chunks);
  ensures gone: gn_owner[\old(c->head)] == \null;
  ensures later: c->head != GN_POOL_NONE ==>
    chain_off(chunks, c->head) > \old(chain_off(chunks, c->head));
  ensures still: \forall integer i; chain_has(c, i) ==>
    chain_off(chunks, i) == \old(chain_off(chunks, i));
  ensures given: owned_left(chunks) == \old(owned_left(chunks)) + 1;
*/
static void
chain_drop_head(gn_chain *c, gn_slots chunks)
{
    const uint32_t at = c->head;

    if (c->hint == at)
        c->hint = GN_POOL_NONE;
    c->head = gn_owned_chunk(chunks, at)->next;
    if (c->head == GN_POOL_NONE)
        c->tail = GN_POOL_NONE;
    //@ ghost gn_owner[at] = 0;
    /*@ assert nexts: \forall integer i; 0 <= i < GN_POOL_NONE ==>
          chain_next(chunks, i) == \at(chain_next(chunks, i), Pre); */
    //@ assert has: \forall integer i; chain_has(c, i) <==> chain_has{Pre}(c, i) && i != at;
    //@ assert last: c->head == GN_POOL_NONE ==> at == \at(c->tail, Pre);
    /*@ assert none: c->head == GN_POOL_NONE ==> \forall integer i; chain_has{Pre}(c, i) ==>
          chain_off(chunks, i) == chain_off(chunks, at); */
    /*@ assert later: \forall integer i; chain_has(c, i) ==> chain_off(chunks, i) >
          chain_off(chunks, at); */
    //@ assert ends: chain_ends(c, chunks);
    //@ assert each: chain_each(c, chunks);
    //@ assert linked: chain_linked(c, chunks);
    //@ assert gaps: chain_gaps(c, chunks);
    //@ assert once: chain_once(c, chunks);
    chain_give(c, chunks, at);
}

void
gn_chain_drop_below(gn_chain *c, gn_slots chunks, uint64_t off)
{
    //@ ghost uint64_t taken = GN_POOL_NONE - (chunks.pool->slots - chunks.pool->used);
    /*@
      loop invariant taken: taken == GN_POOL_NONE - owned_left(chunks);
      loop invariant ok: owned_ok(chunks) && chain_ok(c, chunks);
      loop invariant left: \forall integer i; chain_has(c, i) ==> chain_has{Pre}(c, i);
      loop invariant others: \forall integer i; !chain_has{Pre}(c, i) ==>
        gn_owner[i] == \at(gn_owner[i], Pre);
      loop invariant still: \forall integer i; chain_has(c, i) ==>
        chain_off(chunks, i) == \at(chain_off(chunks, i), Pre);
      loop invariant bytes: \forall integer i, k; chain_has(c, i) && 0 <= k < GN_CHUNK_BYTES ==>
        chunk_of(chunks, i)->bytes[k] == \at(chunk_of(chunks, i)->bytes[k], Pre);
      loop invariant high: \forall integer i; chain_has{Pre}(c, i) &&
        \at(chain_off(chunks, i), Pre) + GN_CHUNK_BYTES > off ==> chain_has(c, i);
      loop invariant more: owned_left(chunks) >= \at(owned_left(chunks), Pre);
      loop assigns taken, *c, chunks.pool->free_head, chunks.pool->used;
      loop assigns { gn_owner[i] | integer i; chain_has{Pre}(c, i) };
      loop assigns { *chunk_of(chunks, i) | integer i; chain_has{Pre}(c, i) };
      loop assigns { *ranges_of(chunks, i) | integer i; chain_has{Pre}(c, i) };
      loop variant taken;
    */
    while (c->head != GN_POOL_NONE &&
           gn_owned_chunk(chunks, c->head)->base_off + GN_CHUNK_BYTES <= off) {
        //@ assert head: chain_has(c, c->head) && chain_has{Pre}(c, c->head);
        //@ assert low: chain_off(chunks, c->head) + GN_CHUNK_BYTES <= off;
        chain_drop_head(c, chunks);
        //@ assert less: owned_left(chunks) == \at(owned_left(chunks), LoopCurrent) + 1;
        //@ ghost taken = taken - 1;
    }
}

void
gn_chain_drop_all(gn_chain *c, gn_slots chunks)
{
    //@ ghost uint64_t taken = GN_POOL_NONE - (chunks.pool->slots - chunks.pool->used);
    /*@
      loop invariant taken: taken == GN_POOL_NONE - owned_left(chunks);
      loop invariant ok: owned_ok(chunks) && chain_ok(c, chunks);
      loop invariant left: \forall integer i; chain_has(c, i) ==> chain_has{Pre}(c, i);
      loop invariant others: \forall integer i; !chain_has{Pre}(c, i) ==>
        gn_owner[i] == \at(gn_owner[i], Pre);
      loop invariant more: owned_left(chunks) >= \at(owned_left(chunks), Pre);
      loop assigns taken, *c, chunks.pool->free_head, chunks.pool->used;
      loop assigns { gn_owner[i] | integer i; chain_has{Pre}(c, i) };
      loop assigns { *chunk_of(chunks, i) | integer i; chain_has{Pre}(c, i) };
      loop assigns { *ranges_of(chunks, i) | integer i; chain_has{Pre}(c, i) };
      loop variant taken;
    */
    while (c->head != GN_POOL_NONE) {
        //@ assert head: chain_has(c, c->head) && chain_has{Pre}(c, c->head);
        chain_drop_head(c, chunks);
        //@ assert less: owned_left(chunks) == \at(owned_left(chunks), LoopCurrent) + 1;
        //@ ghost taken = taken - 1;
    }
}

bool
gn_chain_check(const gn_chain *c, gn_slots chunks)
{
    bool hint = c->hint == GN_POOL_NONE;
    uint32_t last = GN_POOL_NONE;

    /*@
      loop invariant at: at == GN_POOL_NONE || chain_has(c, at);
      loop invariant first: last == GN_POOL_NONE ==> at == c->head;
      loop invariant behind: last != GN_POOL_NONE ==>
        chain_has(c, last) && chain_next(chunks, last) == at;
      loop invariant hint: hint != 0 || (c->hint != GN_POOL_NONE &&
        (last == GN_POOL_NONE || chain_off(chunks, last) < chain_off(chunks, c->hint)));
      loop assigns at, last, hint;
      loop variant at == GN_POOL_NONE ? -1 : UINT64_MAX - chain_off(chunks, at);
    */
    for (uint32_t at = c->head; at != GN_POOL_NONE; at = gn_owned_chunk(chunks, at)->next) {
        const uint64_t base_off = gn_owned_chunk(chunks, at)->base_off;

        if (base_off % GN_CHUNK_BYTES != 0)
            return false;
        if (last != GN_POOL_NONE && gn_owned_chunk(chunks, last)->base_off >= base_off)
            return false;
        if (at == c->hint)
            hint = true;
        last = at;
    }
    return hint && last == c->tail;
}
