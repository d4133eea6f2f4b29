/*
 * time.h: moments and durations, in microseconds.
 *
 * A moment counts from an origin that the caller chose and never steps back.
 * GN_NEVER is later than any moment, so a deadline that is off needs no flag.
 */
#ifndef GN_BASE_TIME_H
#define GN_BASE_TIME_H

#include <stdint.h>

/* A moment or a duration, microseconds. */
typedef uint64_t gn_time;

#define GN_NEVER UINT64_MAX
#define GN_MS UINT64_C(1000)
#define GN_SECOND UINT64_C(1000000)

/* The moment us microseconds after t; GN_NEVER where that would not fit. */
/*@
  terminates \true; exits \false;
  assigns \nothing;
  ensures sum: t + us <= GN_NEVER ==> \result == t + us;
  ensures stays: t + us > GN_NEVER ==> \result == GN_NEVER;
*/
static inline gn_time
gn_time_after(gn_time t, gn_time us)
{
    return us > GN_NEVER - t ? GN_NEVER : t + us;
}

/* How long ago then was; 0 when it is still to come. */
/*@
  terminates \true; exits \false;
  assigns \nothing;
  ensures past: then <= now ==> \result == now - then;
  ensures future: then > now ==> \result == 0;
*/
static inline gn_time
gn_time_since(gn_time now, gn_time then)
{
    return then > now ? 0 : now - then;
}

/* The earlier of the two. */
/*@
  terminates \true; exits \false;
  assigns \nothing;
  ensures least: \result <= a && \result <= b;
  ensures one: \result == a || \result == b;
*/
static inline gn_time
gn_time_min(gn_time a, gn_time b)
{
    return a < b ? a : b;
}

/* The later of the two. */
/*@
  terminates \true; exits \false;
  assigns \nothing;
  ensures most: \result >= a && \result >= b;
  ensures one: \result == a || \result == b;
*/
static inline gn_time
gn_time_max(gn_time a, gn_time b)
{
    return a > b ? a : b;
}

#endif
