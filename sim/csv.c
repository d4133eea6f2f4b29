/*
 * csv.c: see csv.h.
 */
#include "sim/csv.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/fate.h"
#include "sim/words.h"

typedef struct csv {
    FILE *out;
    gn_sim_about about;
} csv;

/* A record's cells behind "event"; an absent number is not printed. */
typedef struct csv_cells {
    uint64_t number;
    uint64_t bytes;
    uint64_t stream_end;
    const char *space;
    const char *detail;
    bool has_number;
    bool has_bytes;
    bool has_end;
    bool has_metrics;
} csv_cells;

/* The cells of a packet: sent, received or lost. */
static csv_cells
csv_packet(const gn_sim_record *record)
{
    csv_cells cells = {.number = record->a,
                       .bytes = record->b,
                       .has_number = true,
                       .has_bytes = true,
                       .space = gn_sim_words_space(record->c),
                       .detail = ""};

    if (record->kind == GN_SIM_LOST)
        cells.detail = gn_sim_words_lost(record->d);
    else if (record->d > 0) {
        cells.stream_end = record->d - 1;
        cells.has_end = true;
    }
    return cells;
}

static csv_cells
csv_judge(const gn_sim_record *record)
{
    csv_cells cells = {.number = record->a, .bytes = record->b, .space = "", .detail = ""};

    switch (record->kind) {
    case GN_SIM_SENT:
    case GN_SIM_RECEIVED:
    case GN_SIM_LOST: return csv_packet(record);
    case GN_SIM_DROPPED:
        cells.detail = gn_sim_fate_name((unsigned)record->c);
        cells.has_number = cells.has_bytes = true;
        break;
    case GN_SIM_MARKED:
    case GN_SIM_PROGRESS: cells.has_number = cells.has_bytes = true; break;
    case GN_SIM_METRICS: cells.has_metrics = true; break;
    case GN_SIM_PATH: cells.detail = gn_sim_words_path(record->b); break;
    case GN_SIM_PTO:
        cells.has_number = true;
        cells.space = gn_sim_words_space(record->c);
        break;
    case GN_SIM_STATE: cells.detail = gn_sim_words_state(record->a); break;
    default: cells.has_number = true; break;
    }
    return cells;
}

/* A comma, and the number if it is there. */
static void
csv_number(FILE *out, bool there, uint64_t value)
{
    if (there)
        (void)fprintf(out, ",%" PRIu64, value);
    else
        (void)fputc(',', out);
}

/* A comma and a cell of text; quoted when it needs to be (RFC 4180 2). */
static void
csv_text(FILE *out, const char *text)
{
    bool quote = false;

    for (const char *at = text; *at != '\0'; at++)
        quote = quote || *at == '"' || *at == ',' || *at == '\n' || *at == '\r';
    (void)fputs(quote ? ",\"" : ",", out);
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '"')
            (void)fputc('"', out);
        (void)fputc(*at, out);
    }
    if (quote)
        (void)fputc('"', out);
}

static void
csv_on_begin(void *context, const gn_sim_about *about)
{
    csv *table = context;

    table->about = *about;
    (void)fputs("at_us,host,route,connection,event,number,bytes,space,detail,stream_end,"
                "window_bytes,in_flight_bytes,rtt_smoothed_us,rtt_latest_us\n",
                table->out);
}

static void
csv_on_record(void *context, const gn_sim_record *record)
{
    csv *table = context;
    FILE *out = table->out;
    const csv_cells cells = csv_judge(record);

    (void)fprintf(out, "%" PRIu64, record->at_us);
    csv_text(out, gn_sim_words_host(&table->about, record->host));
    csv_text(out, gn_sim_words_route(&table->about, record->route));
    csv_number(out, record->connection != 0, record->connection);
    csv_text(out, gn_sim_words_record(record->kind));
    csv_number(out, cells.has_number, cells.number);
    csv_number(out, cells.has_bytes, cells.bytes);
    csv_text(out, cells.space);
    csv_text(out, cells.detail);
    csv_number(out, cells.has_end, cells.stream_end);
    csv_number(out, cells.has_metrics, record->a);
    csv_number(out, cells.has_metrics, record->b);
    csv_number(out, cells.has_metrics, record->c);
    csv_number(out, cells.has_metrics, record->d);
    (void)fputc('\n', out);
}

static const char *
csv_on_end(void *context, uint64_t at_us)
{
    csv *table = context;
    const bool bad = ferror(table->out) != 0;
    const bool unclosed = fclose(table->out) != 0;

    (void)at_us;
    free(table);
    return bad || unclosed ? "the CSV file could not be written" : NULL;
}

const char *
gn_sim_csv_open(const char *path, gn_sim_sink *sink)
{
    csv *table = calloc(1, sizeof *table);

    if (table == NULL)
        return "no memory for the CSV file";
    table->out = fopen(path, "w");
    if (table->out == NULL) {
        free(table);
        return "the CSV file cannot be opened for writing";
    }
    *sink = (gn_sim_sink){.context = table,
                          .on_begin = csv_on_begin,
                          .on_record = csv_on_record,
                          .on_end = csv_on_end,
                          .wants_packets = 1};
    return NULL;
}
