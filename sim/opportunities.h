/*
 * opportunities.h: when a link of varying rate could carry a full packet.
 *
 * A trace in Mahimahi's format: one whole number of milliseconds a line, never
 * below the line before. Each is an opportunity to carry 1,500 bytes; an
 * opportunity that nobody uses is lost, what is left of one goes to the next
 * packet at the same moment. After the last line everything begins again, as
 * much later as the last line says.
 */
#ifndef GN_SIM_OPPORTUNITIES_H
#define GN_SIM_OPPORTUNITIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GN_SIM_OPPORTUNITY_BYTES 1500

/* A quarter of an hour at 12 Mbit/s. */
#define GN_SIM_OPPORTUNITIES_MAX (1u << 20)

/* Invariant: ms never falls, and its last is not 0. Never changed once it is read. */
typedef struct gn_sim_opportunities {
    uint32_t count;
    uint32_t period_ms; /* the last line */
    uint32_t ms[];
} gn_sim_opportunities;

/*
 * Reads the text of a trace. NULL: *line is the first wrong one (from 1) and
 * *wrong says what was expected there. The caller frees what it gets.
 */
gn_sim_opportunities *gn_sim_opportunities_parse(const char *text, size_t len, size_t *line,
                                                 const char **wrong);

/* The same from a file; *line 0: it cannot be read at all. */
gn_sim_opportunities *gn_sim_opportunities_load(const char *path, size_t *line, const char **wrong);

/* When opportunity number at comes, counted from 0 over all rounds, in microseconds. */
uint64_t gn_sim_opportunities_time(const gn_sim_opportunities *trace, uint64_t at);

/* The number of the first one that does not come before from_us. */
uint64_t gn_sim_opportunities_from(const gn_sim_opportunities *trace, uint64_t from_us);

#endif
