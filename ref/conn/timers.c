/*
 * timers.c: see timers.h.
 */
#include "conn/timers.h"

void
gn_timers_init(gn_timers *t)
{
    /*@
      loop invariant 0 <= i <= GN_TIMERS;
      loop invariant \forall integer k; 0 <= k < i ==> t->at[k] == GN_NEVER;
      loop assigns i, t->at[0 .. GN_TIMERS - 1];
      loop variant GN_TIMERS - i;
    */
    for (int i = 0; i < GN_TIMERS; i++)
        t->at[i] = GN_NEVER;
}

gn_time
gn_timers_next(const gn_timers *t)
{
    gn_time first = t->at[0];
    /*@
      loop invariant 1 <= i <= GN_TIMERS;
      loop invariant \forall integer k; 0 <= k < i ==> first <= t->at[k];
      loop invariant \exists integer k; 0 <= k < i && first == t->at[k];
      loop assigns i, first;
      loop variant GN_TIMERS - i;
    */
    for (int i = 1; i < GN_TIMERS; i++)
        if (t->at[i] < first)
            first = t->at[i];
    return first;
}
