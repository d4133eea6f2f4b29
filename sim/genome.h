/*
 * genome.h: what a run of an exploration is drawn from.
 *
 * A run is drawn from genes, each a seed for one decision and for nothing
 * else. A fresh run, "17", has 17 in all of them. A mutant, "17~3", is run 17
 * with a few genes drawn anew, which ones and what following from the 3;
 * "17~3~1" is a mutant of that one. So the name alone gives the run back, whatever led to it.
 */
#ifndef GN_SIM_GENOME_H
#define GN_SIM_GENOME_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/prng.h"

/* Mutants of mutants of ...: no deeper. */
#define GN_SIM_GENOME_DEPTH 8

/* Genes that a mutation draws anew: 1 to this many. */
#define GN_SIM_GENOME_CHANGES 4

#define GN_SIM_GENOME_TEXT 128

typedef enum gn_sim_gene {
    GN_SIM_GENE_FAULTS, /* which fields of links and routes may be odd in this run */
    GN_SIM_GENE_ROUTES, /* how many */
    GN_SIM_GENE_LINKS,  /* their strengths */
    GN_SIM_GENE_CLIENT,
    GN_SIM_GENE_SERVER,
    GN_SIM_GENE_WORKLOAD,
    GN_SIM_GENE_TIME,    /* when the network heals; whether round trips take weeks */
    GN_SIM_GENE_ACTIONS, /* which kinds of events there may be */
    GN_SIM_GENE_EVENTS,  /* which there are, and when */
    GN_SIM_GENE_CHANGES, /* what an event changes */
    GN_SIM_GENE_IDLE,    /* idle timeouts, and who follows whom */
    GN_SIM_GENE_CHANCE,  /* the scenario's own seed */
    GN_SIM_GENES
} gn_sim_gene;

typedef struct gn_sim_genome {
    uint64_t seed;
    uint32_t depth; /* mutations so far */
    uint32_t mutation[GN_SIM_GENOME_DEPTH];
} gn_sim_genome;

/* The stream of chance of one gene. */
gn_sim_prng gn_sim_genome_prng(const gn_sim_genome *genome, gn_sim_gene gene);

/* One mutation more; false: it is deep enough. */
bool gn_sim_genome_mutate(const gn_sim_genome *genome, uint32_t mutation, gn_sim_genome *out);

/* "17~3~1" with a closing zero. */
void gn_sim_genome_print(const gn_sim_genome *genome, char text[GN_SIM_GENOME_TEXT]);

/* False: no name of a run. */
bool gn_sim_genome_read(const char *text, gn_sim_genome *out);

#endif
