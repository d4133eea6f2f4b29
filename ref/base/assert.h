/*
 * assert.h: how gnomon states what must be true.
 *
 * An assertion speaks about our own code, never about the peer: bytes from
 * the wire are judged with gn_err. Assertions stay on in every build, and
 * under Frama-C each one becomes a goal that WP has to discharge.
 */
#ifndef GN_BASE_ASSERT_H
#define GN_BASE_ASSERT_H

#ifdef __FRAMAC__
/*@ requires holds: cond != 0; terminates \true; exits \false; assigns \nothing; */
void gn_prove(int cond);
#define GN_ASSERT(cond) gn_prove((cond) ? 1 : 0)
#else
/* Says what did not hold, and where, on the standard error, and aborts. */
_Noreturn void gn_trap(const char *cond, const char *file, int line);
#define GN_ASSERT(cond) ((cond) ? (void)0 : gn_trap(#cond, __FILE__, __LINE__))
#endif

#endif
