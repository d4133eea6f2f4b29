/*
 * crew.h: worker processes that do jobs, and survive what the jobs do to them.
 *
 * A job is a block of bytes that goes to a worker through a pipe; its result
 * is one that comes back. A worker that crashes, is stopped by a sanitizer or
 * takes too long is a result too: it is replaced, and what it said on standard
 * error is kept. Workers are forked when the crew is opened, so they know all
 * that the caller knew then.
 */
#ifndef GN_SIM_CREW_H
#define GN_SIM_CREW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define GN_SIM_CREW_WORKERS_MAX 64
#define GN_SIM_CREW_SAID_BYTES 1024

typedef enum gn_sim_crew_end {
    GN_SIM_CREW_DONE,
    GN_SIM_CREW_CRASHED, /* ended by a signal or with a status; no result */
    GN_SIM_CREW_HUNG     /* killed after the time limit; no result */
} gn_sim_crew_end;

/* How one job ended; said: the first that the worker wrote to standard error while at it. */
typedef struct gn_sim_crew_outcome {
    gn_sim_crew_end end;
    int status; /* CRASHED: as from waitpid */
    char said[GN_SIM_CREW_SAID_BYTES];
} gn_sim_crew_outcome;

typedef struct gn_sim_crew_order {
    void *context;
    void (*work)(void *context, const void *job, void *result); /* in a worker */
    size_t job_bytes;
    size_t result_bytes;
    unsigned workers;  /* 1 to GN_SIM_CREW_WORKERS_MAX */
    uint64_t limit_ms; /* of wall clock, for one job; 0: none */
} gn_sim_crew_order;

typedef struct gn_sim_crew_worker {
    pid_t pid; /* 0: none */
    int to;
    int from;
    int errors; /* a file that its standard error goes to */
    size_t job; /* at which it works */
    uint64_t begun_ms;
    bool busy;
} gn_sim_crew_worker;

typedef struct gn_sim_crew {
    gn_sim_crew_order order;
    gn_sim_crew_worker workers[GN_SIM_CREW_WORKERS_MAX];
} gn_sim_crew;

/* The order is copied. Traps when processes or pipes cannot be had. */
void gn_sim_crew_open(gn_sim_crew *crew, const gn_sim_crew_order *order);
void gn_sim_crew_close(gn_sim_crew *crew);

/*
 * Does count jobs, which lie one after the other, and fills result and outcome of each
 * at its place, whichever worker did it. Comes back when all are done. on_done, if
 * not NULL, is told after each how many are.
 */
void gn_sim_crew_run(gn_sim_crew *crew, const void *jobs, size_t count, void *results,
                     gn_sim_crew_outcome *outcomes, void (*on_done)(void *context, size_t done),
                     void *done_context);

/* Milliseconds of a clock that only goes forward. */
uint64_t gn_sim_crew_clock_ms(void);

/* "crashed: signal 6: ...", from the outcome, for people; empty when DONE. */
void gn_sim_crew_tell(const gn_sim_crew_outcome *outcome, char *text, size_t cap);

#endif
