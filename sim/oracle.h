/*
 * oracle.h: one thing that must hold in a run, and whether it did.
 *
 * An oracle judges from outside: by the wire, the keys and what the endpoints
 * report. It is broken once, at the first moment something is wrong, and
 * remembers when and what.
 */
#ifndef GN_SIM_ORACLE_H
#define GN_SIM_ORACLE_H

#include <stdbool.h>
#include <stdint.h>

#define GN_SIM_ORACLE_WHAT_BYTES 160

typedef struct gn_sim_oracle {
    const char *name; /* the promise, in a few words */
    const char *rfc;  /* the section it comes from; empty: the scenario's own wish */
    uint64_t checked; /* how often it had something to judge; 0: it proves nothing */
    uint64_t at_us;   /* when it was broken */
    bool broken;
    char what[GN_SIM_ORACLE_WHAT_BYTES]; /* how */
} gn_sim_oracle;

gn_sim_oracle gn_sim_oracle_of(const char *name, const char *rfc);

/* Broken: what is made as by printf. Only the first time counts. */
void gn_sim_oracle_break(gn_sim_oracle *oracle, uint64_t at_us, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
