/*
 * chain.h: chunks of one stream by ascending offset, with holes where there are no bytes.
 *
 *      head -> [0, 2048) -> [2048, 4096) -> [8192, 10240) <- tail
 *                                hint -----------^
 *
 * A chain is found by its ends, and by the chunk used last, where walking to the next one most
 * often begins: bytes in order cost O(1). chunks is always the pool that the chain was filled from.
 */
#ifndef GN_STREAM_CHAIN_H
#define GN_STREAM_CHAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "stream/owned.h"

typedef struct gn_chain {
    uint32_t head; /* the first, or GN_POOL_NONE */
    uint32_t tail; /* the last */
    uint32_t hint; /* the one used last, or GN_POOL_NONE */
} gn_chain;

/*
 * chain_has: whether slot i is one of the chunks. chain_off, chain_next: where a chunk's bytes
 * begin, and which follows it. chain_ok: the ends are ends; each chunk begins at a multiple of its
 * size and is followed by the one that begins next; no two begin at once. chain_holds: whether
 * there is a chunk for off. chain_lacks: how many chunks of the numbers from .. to are not there.
 */
/*@
  predicate chain_has{L}(gn_chain *c, integer i) =
    0 <= i < GN_POOL_NONE && gn_owner[i] == &c->head;
  logic integer chain_off{L}(gn_slots s, integer i) = chunk_of(s, i)->base_off;
  logic integer chain_next{L}(gn_slots s, integer i) = chunk_of(s, i)->next;
  predicate chain_apart(gn_chain *c, gn_slots s) =
    \valid(c) && \separated(c, s.pool) && outside(\base_addr(c));
  predicate chain_ends{L}(gn_chain *c, gn_slots s) =
    c->head == GN_POOL_NONE ?
      c->tail == GN_POOL_NONE && c->hint == GN_POOL_NONE && (\forall integer i; !chain_has(c, i)) :
      chain_has(c, c->head) && chain_has(c, c->tail) && chain_next(s, c->tail) == GN_POOL_NONE &&
        (c->hint == GN_POOL_NONE || chain_has(c, c->hint));
  predicate chain_each{L}(gn_chain *c, gn_slots s) =
    \forall integer i; chain_has(c, i) ==> i < s.pool->slots &&
      chain_off(s, i) % GN_CHUNK_BYTES == 0 &&
      chain_off(s, c->head) <= chain_off(s, i) <= chain_off(s, c->tail);
  predicate chain_linked{L}(gn_chain *c, gn_slots s) =
    \forall integer i; chain_has(c, i) && i != c->tail ==>
      chain_has(c, chain_next(s, i)) && chain_off(s, i) < chain_off(s, chain_next(s, i));
  predicate chain_gaps{L}(gn_chain *c, gn_slots s) =
    \forall integer i, j; chain_has(c, i) && i != c->tail && chain_has(c, j) ==>
      chain_off(s, j) <= chain_off(s, i) || chain_off(s, chain_next(s, i)) <= chain_off(s, j);
  predicate chain_once{L}(gn_chain *c, gn_slots s) =
    \forall integer i, j; chain_has(c, i) && chain_has(c, j) && i != j ==>
      chain_off(s, i) != chain_off(s, j);
  predicate chain_holds{L}(gn_chain *c, gn_slots s, integer off) =
    \exists integer i; chain_has(c, i) && chain_off(s, i) == off;
  predicate chain_ok{L}(gn_chain *c, gn_slots s) =
    chain_ends(c, s) && chain_each(c, s) && chain_linked(c, s) && chain_gaps(c, s) &&
    chain_once(c, s);
  axiomatic chain_count {
    logic integer chain_lacks{L}(gn_chain *c, gn_slots s, integer from, integer to)
      reads gn_owner[0 .. GN_POOL_NONE - 1], { chunk_of(s, i)->base_off | integer i; \true };
    axiom lacks_none{L}: \forall gn_chain *c, gn_slots s, integer from;
      chain_lacks(c, s, from, from) == 0;
    axiom lacks_held{L}: \forall gn_chain *c, gn_slots s, integer from, to;
      from <= to && chain_holds(c, s, to * GN_CHUNK_BYTES) ==>
        chain_lacks(c, s, from, to + 1) == chain_lacks(c, s, from, to);
    axiom lacks_gone{L}: \forall gn_chain *c, gn_slots s, integer from, to;
      from <= to && !chain_holds(c, s, to * GN_CHUNK_BYTES) ==>
        chain_lacks(c, s, from, to + 1) == chain_lacks(c, s, from, to) + 1;
  }
*/

/* No chunks. */
/*@
  requires \valid(c);
  terminates \true; exits \false;
  assigns *c;
  ensures c->head == GN_POOL_NONE && c->tail == GN_POOL_NONE && c->hint == GN_POOL_NONE;
*/
void gn_chain_init(gn_chain *c);

/* The last chunk that begins at base_off or below; GN_POOL_NONE when all begin above. Tries the
 * chunk used last, and the tail, where news is, before it walks. */
/*@
  requires owned_ok(chunks) && chain_apart(c, chunks) && chain_ok(c, chunks);
  terminates \true; exits \false;
  assigns \nothing;
  ensures none: \result == GN_POOL_NONE ==>
    \forall integer i; chain_has(c, i) ==> chain_off(chunks, i) > base_off;
  ensures some: \result != GN_POOL_NONE ==>
    chain_has(c, \result) && chain_off(chunks, \result) <= base_off;
  ensures last: \result != GN_POOL_NONE ==> \forall integer i; chain_has(c, i) ==>
    chain_off(chunks, i) <= chain_off(chunks, \result) || chain_off(chunks, i) > base_off;
*/
uint32_t gn_chain_find(const gn_chain *c, gn_slots chunks, uint64_t base_off);

/* The slot of the chunk at base_off, which is put into the chain if it is not there. */
/*@
  requires owned_ok(chunks) && chain_apart(c, chunks) && chain_ok(c, chunks);
  requires whole: base_off % GN_CHUNK_BYTES == 0;
  requires room: owned_left(chunks) > 0 || chain_holds(c, chunks, base_off);
  terminates \true; exits \false;
  assigns c->head, c->tail;
  assigns chunks.pool->free_head, chunks.pool->fresh, chunks.pool->used, chunks.pool->peak;
  assigns { gn_owner[i] | integer i; gn_owner[i] == \null };
  assigns { chunk_of(chunks, i)->base_off | integer i; gn_owner[i] == \null };
  assigns { chunk_of(chunks, i)->reserved | integer i; gn_owner[i] == \null };
  assigns { chunk_of(chunks, i)->next | integer i; gn_owner[i] == \null || chain_has(c, i) };
  ensures ok: owned_ok(chunks) && chain_ok(c, chunks);
  ensures here: chain_has(c, \result) && chain_off(chunks, \result) == base_off;
  ensures more: \forall integer i; chain_has(c, i) <==> chain_has{Pre}(c, i) || i == \result;
  ensures others: \forall integer i; i != \result ==> gn_owner[i] == \old(gn_owner[i]);
  ensures still: \forall integer i; chain_has{Pre}(c, i) ==>
    chain_off(chunks, i) == \old(chain_off(chunks, i));
  ensures found: chain_holds{Pre}(c, chunks, base_off) ==>
    owned_left(chunks) == \old(owned_left(chunks)) && chain_has{Pre}(c, \result);
  ensures taken: !chain_holds{Pre}(c, chunks, base_off) ==>
    owned_left(chunks) == \old(owned_left(chunks)) - 1 &&
    \forall integer i; i == \result ==> \old(gn_owner[i]) == \null;
*/
uint32_t gn_chain_put(gn_chain *c, gn_slots chunks, uint64_t base_off);

/* Now the chunk in slot at is the one used last. */
/*@
  requires owned_ok(chunks) && chain_apart(c, chunks) && chain_ok(c, chunks);
  requires in: chain_has(c, at);
  terminates \true; exits \false;
  assigns c->hint;
  ensures chain_ok(c, chunks) && c->hint == at;
*/
void gn_chain_point(gn_chain *c, gn_slots chunks, uint32_t at);

/* How many of the chunks from number first to number last, which begin at their number times
 * GN_CHUNK_BYTES, are not there. */
/*@
  requires owned_ok(chunks) && chain_apart(c, chunks) && chain_ok(c, chunks);
  requires first <= last && last <= UINT64_MAX / GN_CHUNK_BYTES - 1;
  terminates \true; exits \false;
  assigns \nothing;
  ensures count: \result == chain_lacks(c, chunks, first, last + 1);
  ensures few: \result <= last + 1 - first;
  ensures more: \forall integer m, n; first <= m <= n <= last + 1 ==>
    0 <= chain_lacks(c, chunks, first, m) <= chain_lacks(c, chunks, first, n);
*/
uint64_t gn_chain_missing(const gn_chain *c, gn_slots chunks, uint64_t first, uint64_t last);

/* Gives the chunks back that end at off or below. */
/*@
  requires owned_ok(chunks) && chain_apart(c, chunks) && chain_ok(c, chunks);
  requires end: \forall integer i; chain_has(c, i) ==>
    chain_off(chunks, i) + GN_CHUNK_BYTES <= UINT64_MAX;
  terminates \true; exits \false;
  assigns *c, chunks.pool->free_head, chunks.pool->used;
  assigns { gn_owner[i] | integer i; chain_has(c, i) };
  assigns { *chunk_of(chunks, i) | integer i; chain_has(c, i) };
  assigns { *ranges_of(chunks, i) | integer i; chain_has(c, i) };
  ensures ok: owned_ok(chunks) && chain_ok(c, chunks);
  ensures left: \forall integer i; chain_has(c, i) <==>
    chain_has{Pre}(c, i) && \old(chain_off(chunks, i)) + GN_CHUNK_BYTES > off;
  ensures still: \forall integer i; chain_has(c, i) ==>
    chain_off(chunks, i) == \old(chain_off(chunks, i));
  ensures bytes: \forall integer i, k; chain_has(c, i) && 0 <= k < GN_CHUNK_BYTES ==>
    chunk_of(chunks, i)->bytes[k] == \old(chunk_of(chunks, i)->bytes[k]);
  ensures others: \forall integer i; !chain_has{Pre}(c, i) ==>
    gn_owner[i] == \old(gn_owner[i]);
  ensures more: owned_left(chunks) >= \old(owned_left(chunks));
*/
void gn_chain_drop_below(gn_chain *c, gn_slots chunks, uint64_t off);

/* Gives all chunks back. */
/*@
  requires owned_ok(chunks) && chain_apart(c, chunks) && chain_ok(c, chunks);
  terminates \true; exits \false;
  assigns *c, chunks.pool->free_head, chunks.pool->used;
  assigns { gn_owner[i] | integer i; chain_has(c, i) };
  assigns { *chunk_of(chunks, i) | integer i; chain_has(c, i) };
  assigns { *ranges_of(chunks, i) | integer i; chain_has(c, i) };
  ensures ok: owned_ok(chunks) && chain_ok(c, chunks) && c->head == GN_POOL_NONE;
  ensures others: \forall integer i; !chain_has{Pre}(c, i) ==>
    gn_owner[i] == \old(gn_owner[i]);
  ensures more: owned_left(chunks) >= \old(owned_left(chunks));
*/
void gn_chain_drop_all(gn_chain *c, gn_slots chunks);

/* The invariant. Walks the chain: for tests and the simulator. */
/*@
  requires owned_ok(chunks) && chain_apart(c, chunks) && chain_ok(c, chunks);
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result != 0;
*/
bool gn_chain_check(const gn_chain *c, gn_slots chunks);

#endif
