/*
 * bounded.h: what the harnesses for bounded model checking share.
 *
 * A harness is a function `bounded_NAME` that calls the library with values that are anything: the
 * solver looks for values, of all there are, that break an assertion of the code or of the harness
 * or make C undefined. A place marked REACHED must be found reachable, so that what is assumed on
 * the way to it does not contradict itself.
 */
#ifndef GN_PROOFS_BOUNDED_H
#define GN_PROOFS_BOUNDED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/assert.h"

bool nondet_bool(void);
uint8_t nondet_u8(void);
uint16_t nondet_u16(void);
uint32_t nondet_u32(void);
uint64_t nondet_u64(void);

/* Goes on with those values only for which it holds. */
#define ASSUME(cond) __CPROVER_assume(cond)
/* What must hold for all values that come here. */
#define CHECK(cond) __CPROVER_assert(cond, #cond)
/* Some values must come here; what a planted fault does to that is not asked. */
#ifdef PLANTED
#define REACHED(name) (void)0
#else
#define REACHED(name) __CPROVER_assert(false, "reached " name)
#endif

/* The library's own assertions. */
_Noreturn void
gn_trap(const char *cond, const char *file, int line)
{
    (void)cond;
    (void)file;
    (void)line;
    __CPROVER_assert(false, "an assertion of the library holds");
    ASSUME(false);
}

/* A number below n. */
static inline uint32_t
any_below(uint32_t n)
{
    const uint32_t v = nondet_u32();

    ASSUME(v < n);
    return v;
}

#endif
