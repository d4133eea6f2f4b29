/*
 * genome.c: see genome.h.
 */
#include "sim/genome.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"

/* The gene's seed after all mutations: the last one that touched it counts. */
static uint64_t
genome_seed(const gn_sim_genome *genome, gn_sim_gene gene)
{
    uint64_t seed = genome->seed;
    uint64_t line = genome->seed;

    for (uint32_t i = 0; i < genome->depth; i++) {
        gn_sim_prng prng = gn_sim_prng_for(line, "mutation", genome->mutation[i]);
        const uint64_t changes = 1 + gn_sim_prng_below(&prng, GN_SIM_GENOME_CHANGES);

        line = gn_sim_prng_next(&prng);
        for (uint64_t j = 0; j < changes; j++)
            if (gn_sim_prng_below(&prng, GN_SIM_GENES) == (uint64_t)gene)
                seed = line;
    }
    return seed;
}

gn_sim_prng
gn_sim_genome_prng(const gn_sim_genome *genome, gn_sim_gene gene)
{
    GN_ASSERT(gene < GN_SIM_GENES && genome->depth <= GN_SIM_GENOME_DEPTH);
    return gn_sim_prng_for(genome_seed(genome, gene), "gene", gene);
}

bool
gn_sim_genome_mutate(const gn_sim_genome *genome, uint32_t mutation, gn_sim_genome *out)
{
    if (genome->depth == GN_SIM_GENOME_DEPTH)
        return false;
    *out = *genome;
    out->mutation[out->depth++] = mutation;
    return true;
}

void
gn_sim_genome_print(const gn_sim_genome *genome, char text[GN_SIM_GENOME_TEXT])
{
    int at = snprintf(text, GN_SIM_GENOME_TEXT, "%" PRIu64, genome->seed);

    for (uint32_t i = 0; i < genome->depth; i++)
        at +=
            snprintf(text + at, GN_SIM_GENOME_TEXT - (size_t)at, "~%" PRIu32, genome->mutation[i]);
}

/* Digits and nothing else before the next "~" or the end. */
static bool
genome_number(const char **text, uint64_t max, uint64_t *out)
{
    char *end = NULL;

    if (**text < '0' || **text > '9')
        return false;
    errno = 0;
    *out = strtoull(*text, &end, 10);
    if (errno != 0 || *out > max)
        return false;
    *text = end;
    return true;
}

bool
gn_sim_genome_read(const char *text, gn_sim_genome *out)
{
    gn_sim_genome genome = {.depth = 0};
    uint64_t mutation = 0;

    if (!genome_number(&text, UINT64_MAX, &genome.seed))
        return false;
    while (*text == '~') {
        text++;
        if (genome.depth == GN_SIM_GENOME_DEPTH || !genome_number(&text, UINT32_MAX, &mutation))
            return false;
        genome.mutation[genome.depth++] = (uint32_t)mutation;
    }
    if (*text != '\0')
        return false;
    *out = genome;
    return true;
}
