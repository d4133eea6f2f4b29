/*
 * scenario_trace.c: see scenario_trace.h.
 */
#include "sim/scenario_trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TRACE_PATH_BYTES 512
#define TRACE_SAYS_BYTES 256

/* The value of the field in the mapping, for its line; the mapping when it is not there. */
static const yaml_node_t *
trace_node(gn_sim_scenario_reader *reader, const yaml_node_t *mapping)
{
    const size_t count = gn_sim_scenario_reader_mapping(reader, mapping);

    for (size_t i = 0; i < count; i++) {
        const gn_sim_scenario_field field = gn_sim_scenario_reader_field(reader, mapping, i);

        if (strcmp(field.name, "rate_trace") == 0)
            return field.value;
    }
    return mapping;
}

static void
trace_path(const gn_sim_scenario_reader *reader, const char *path, char full[TRACE_PATH_BYTES])
{
    const char *slash = strrchr(reader->file, '/');
    const int before = slash != NULL && path[0] != '/' ? (int)(slash - reader->file) + 1 : 0;

    (void)snprintf(full, TRACE_PATH_BYTES, "%.*s%s", before, reader->file, path);
}

/* Where it is, as long as there is room for that; else it stays as it is written. */
static void
trace_settle_path(const gn_sim_scenario_reader *reader, char path[GN_SIM_RATE_PATH_BYTES])
{
    char here[TRACE_PATH_BYTES];
    char full[TRACE_PATH_BYTES];
    char whole[2 * TRACE_PATH_BYTES];

    trace_path(reader, path, full);
    if (full[0] == '/' || getcwd(here, sizeof here) == NULL)
        (void)snprintf(whole, sizeof whole, "%s", full);
    else
        (void)snprintf(whole, sizeof whole, "%s/%s", here, full);
    if (strlen(whole) < GN_SIM_RATE_PATH_BYTES)
        memcpy(path, whole, strlen(whole) + 1);
}

static void
trace_load(gn_sim_scenario_trace *row, gn_sim_scenario_reader *reader, const yaml_node_t *mapping)
{
    char full[TRACE_PATH_BYTES];
    char says[TRACE_SAYS_BYTES];
    const char *wrong = NULL;
    size_t line = 0;

    trace_path(reader, row->path, full);
    row->opportunities = gn_sim_opportunities_load(full, &line, &wrong);
    if (row->opportunities != NULL)
        return;
    if (line == 0)
        (void)snprintf(says, sizeof says, "%s", wrong);
    else
        (void)snprintf(says, sizeof says, "%s in line %zu", wrong, line);

    const size_t before = gn_sim_scenario_reader_enter(reader, "rate_trace");

    gn_sim_scenario_reader_refuse(reader, trace_node(reader, mapping), says, full);
    gn_sim_scenario_reader_leave(reader, before);
}

void
gn_sim_scenario_trace_resolve(gn_sim_scenario_traces *traces, gn_sim_scenario_reader *reader,
                              const yaml_node_t *mapping, gn_sim_rate_plan *plan)
{
    uint64_t at = 0;

    if (plan->trace_path[0] == '\0')
        return;
    trace_settle_path(reader, plan->trace_path);
    while (at < traces->count && strcmp(traces->rows[at].path, plan->trace_path) != 0)
        at++;
    if (at == GN_SIM_TRACES_MAX) {
        gn_sim_scenario_reader_refuse(reader, mapping, "has more than 16 different traces", NULL);
        return;
    }
    if (at == traces->count) {
        gn_sim_scenario_trace *row = &traces->rows[traces->count++];

        (void)snprintf(row->path, sizeof row->path, "%s", plan->trace_path);
        trace_load(row, reader, mapping);
    }
    plan->trace = traces->rows[at].opportunities;
}

void
gn_sim_scenario_trace_find(const gn_sim_scenario_traces *traces, gn_sim_rate_plan *plan)
{
    for (uint64_t i = 0; i < traces->count; i++)
        if (plan->trace_path[0] != '\0' && strcmp(traces->rows[i].path, plan->trace_path) == 0)
            plan->trace = traces->rows[i].opportunities;
}

void
gn_sim_scenario_trace_free(gn_sim_scenario_traces *traces)
{
    for (uint64_t i = 0; i < traces->count; i++)
        free(traces->rows[i].opportunities);
    *traces = (gn_sim_scenario_traces){0};
}
