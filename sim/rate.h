/*
 * rate.h: how fast a link's serialiser is, and when it is free.
 *
 * The rate is constant, follows a list of steps (maybe over and over), or is
 * given by a trace of opportunities (opportunities.h). Times of steps and traces
 * count from the start of the run. A datagram keeps the rate at which its
 * first bit left. Nanoseconds inside; the remainder of each division is carried
 * to the next datagram, so no bit is lost.
 */
#ifndef GN_SIM_RATE_H
#define GN_SIM_RATE_H

#include <stdint.h>

#include "sim/opportunities.h"

#define GN_SIM_RATE_STEPS_MAX 24
#define GN_SIM_RATE_PATH_BYTES 248

typedef struct gn_sim_rate_step {
    uint64_t at_us;
    uint64_t bits; /* a second; 0: unlimited */
} gn_sim_rate_step;

typedef struct gn_sim_rate_plan {
    uint64_t step_count;
    gn_sim_rate_step steps[GN_SIM_RATE_STEPS_MAX]; /* ascending */
    uint64_t period_us;                            /* steps begin again; 0: never */
    char trace_path[GN_SIM_RATE_PATH_BYTES];       /* empty: no trace */
    const gn_sim_opportunities *trace;             /* of trace_path; it outlives the link */
} gn_sim_rate_plan;

typedef struct gn_sim_rate {
    uint64_t free_ns;    /* when the serialiser is free */
    uint64_t carry;      /* remainder of the last division, below the rate it came from */
    uint64_t step_bits;  /* that rate, when it came from a step */
    uint64_t next;       /* the first opportunity not begun */
    uint64_t left_bytes; /* of the one before it */
} gn_sim_rate;

/* The first moment, rounded up to microseconds, at which the next datagram may begin. */
static inline uint64_t
gn_sim_rate_free_us(const gn_sim_rate *rate)
{
    return (rate->free_ns + 999) / 1000;
}

/* Bits a second at a moment; constant: what holds where no step does. */
uint64_t gn_sim_rate_bits(const gn_sim_rate_plan *plan, uint64_t constant, uint64_t now_us);

/* A datagram of so many bytes, headers included, begins now: moves free_ns to its end. */
static inline void
gn_sim_rate_take_at(gn_sim_rate *rate, uint64_t bits, uint64_t now_us, uint64_t bytes)
{
    /* A serialiser that was free within this microsecond goes on where it stopped. */
    if (rate->free_ns + 1000 <= now_us * 1000) {
        rate->free_ns = now_us * 1000;
        rate->carry = 0;
    }
    if (bits == 0)
        return;

    const uint64_t work = bytes * 8 * UINT64_C(1000000000) + rate->carry;

    rate->free_ns += work / bits;
    rate->carry = work % bits;
}

/* The same, by steps or a trace. */
void gn_sim_rate_take(gn_sim_rate *rate, const gn_sim_rate_plan *plan, uint64_t constant,
                      uint64_t now_us, uint64_t bytes);

/* How long a datagram behind so many bytes would wait, by the rate of the moment or the trace. */
uint64_t gn_sim_rate_wait_us(const gn_sim_rate *rate, const gn_sim_rate_plan *plan,
                             uint64_t constant, uint64_t now_us, uint64_t bytes);

#endif
