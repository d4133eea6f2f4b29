/*
 * opportunities.c: see opportunities.h.
 */
#include "sim/opportunities.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/assert.h"

#define OPPORTUNITIES_FILE_BYTES_MAX (UINT32_C(1) << 24)
#define OPPORTUNITIES_US_PER_MS UINT64_C(1000)

/* The number that the text begins with; false: none, or one that no clock shows. */
static bool
opportunities_number(const char *text, size_t len, uint32_t *out)
{
    uint64_t value = 0;

    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        value = value * 10 + (uint64_t)(text[i] - '0');
        if (value > UINT32_MAX)
            return false;
    }
    *out = (uint32_t)value;
    return len > 0;
}

static const char *
opportunities_add(gn_sim_opportunities *trace, const char *text, size_t len)
{
    uint32_t ms = 0;

    if (!opportunities_number(text, len, &ms))
        return "a whole number of milliseconds";
    if (trace->count > 0 && ms < trace->ms[trace->count - 1])
        return "a moment not before the one above";
    if (trace->count == GN_SIM_OPPORTUNITIES_MAX)
        return "at most 1048576 lines";
    trace->ms[trace->count++] = ms;
    trace->period_ms = ms;
    return NULL;
}

/* All lines; NULL: all were good. */
static const char *
opportunities_lines(gn_sim_opportunities *trace, const char *text, size_t len, size_t *line)
{
    const char *wrong = NULL;

    for (size_t at = 0; at < len && wrong == NULL;) {
        size_t end = at;

        while (end < len && text[end] != '\n')
            end++;
        wrong = opportunities_add(trace, text + at,
                                  end > at && text[end - 1] == '\r' ? end - at - 1 : end - at);
        (*line)++;
        at = end + 1;
    }
    if (wrong != NULL)
        return wrong;
    *line = *line > 0 ? *line : 1;
    return trace->period_ms == 0 ? "a last line above 0" : NULL;
}

gn_sim_opportunities *
gn_sim_opportunities_parse(const char *text, size_t len, size_t *line, const char **wrong)
{
    size_t lines = 1;

    for (size_t i = 0; i < len; i++)
        lines += text[i] == '\n' ? 1 : 0;
    if (lines > GN_SIM_OPPORTUNITIES_MAX)
        lines = GN_SIM_OPPORTUNITIES_MAX;

    gn_sim_opportunities *trace = malloc(sizeof *trace + lines * sizeof trace->ms[0]);

    GN_ASSERT(trace != NULL);
    trace->count = 0;
    trace->period_ms = 0;
    *line = 0;
    *wrong = opportunities_lines(trace, text, len, line);
    if (*wrong == NULL)
        return trace;
    free(trace);
    return NULL;
}

gn_sim_opportunities *
gn_sim_opportunities_load(const char *path, size_t *line, const char **wrong)
{
    FILE *file = fopen(path, "rb");
    gn_sim_opportunities *trace = NULL;

    *line = 0;
    *wrong = "a file that can be read";
    if (file == NULL)
        return NULL;

    char *text = malloc(OPPORTUNITIES_FILE_BYTES_MAX);

    GN_ASSERT(text != NULL);

    const size_t len = fread(text, 1, OPPORTUNITIES_FILE_BYTES_MAX, file);

    if (ferror(file) == 0 && len < OPPORTUNITIES_FILE_BYTES_MAX)
        trace = gn_sim_opportunities_parse(text, len, line, wrong);
    free(text);
    (void)fclose(file);
    return trace;
}

uint64_t
gn_sim_opportunities_time(const gn_sim_opportunities *trace, uint64_t at)
{
    const uint64_t round = at / trace->count;

    return (round * trace->period_ms + trace->ms[at % trace->count]) * OPPORTUNITIES_US_PER_MS;
}

uint64_t
gn_sim_opportunities_from(const gn_sim_opportunities *trace, uint64_t from_us)
{
    const uint64_t from_ms = (from_us + OPPORTUNITIES_US_PER_MS - 1) / OPPORTUNITIES_US_PER_MS;
    /* The last line of a round and a first line of 0 come together: look from the round before. */
    const uint64_t round = from_ms > 0 ? (from_ms - 1) / trace->period_ms : 0;
    const uint64_t within = from_ms - round * trace->period_ms;
    uint64_t low = 0;
    uint64_t high = trace->count;

    while (low < high) {
        const uint64_t middle = (low + high) / 2;

        if (trace->ms[middle] < within)
            low = middle + 1;
        else
            high = middle;
    }
    return round * trace->count + low;
}
