/*
 * qlog.c: see qlog.h.
 */
#include "sim/qlog.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "sim/network.h"
#include "sim/qlog_events.h"
#include "sim/words.h"

enum { QLOG_PATH_MAX = 4096 };

/*
 * One end of a connection and its file; a file that is NULL could not be opened. A server that
 * begins anew numbers its connections anew, too: those before are past.
 */
typedef struct qlog_end {
    gn_sim_qlog_out out;
    uint64_t connection;
    uint32_t host;
    bool began; /* a server's: it has announced its parameters */
    bool past;
    gn_sim_qlog_events said;
} qlog_end;

typedef struct qlog {
    gn_sim_about about;
    size_t count;
    size_t latest; /* the end that was asked for last: mostly asked for again */
    const char *trouble;
    gn_sim_qlog_profile profile;
    uint32_t reserved;
    char dir[QLOG_PATH_MAX];
    qlog_end ends[GN_SIM_QLOG_FILES_MAX];
} qlog;

/* before: ends of the same name that are past. */
static FILE *
qlog_create(const qlog *log, uint32_t host, uint64_t connection, uint32_t before)
{
    char path[QLOG_PATH_MAX + 64];
    const char *name = gn_sim_words_host(&log->about, host);
    int len;

    if (connection == 0)
        len = snprintf(path, sizeof path, "%s/%s-endpoint.sqlog", log->dir, name);
    else if (before == 0)
        len = snprintf(path, sizeof path, "%s/%s-%" PRIu64 ".sqlog", log->dir, name, connection);
    else
        len = snprintf(path, sizeof path, "%s/%s-%" PRIu64 "-%" PRIu32 ".sqlog", log->dir, name,
                       connection, before + 1);
    return len > 0 && (size_t)len < sizeof path ? fopen(path, "w") : NULL;
}

/* The end with this name, or NULL. */
static qlog_end *
qlog_find(qlog *log, uint32_t host, uint64_t connection)
{
    for (size_t i = 0; i < log->count; i++) {
        const size_t at = (log->latest + i) % log->count;
        qlog_end *end = &log->ends[at];

        if (end->connection == connection && end->host == host && !end->past) {
            log->latest = at;
            return end;
        }
    }
    return NULL;
}

static uint32_t
qlog_past(const qlog *log, uint32_t host, uint64_t connection)
{
    uint32_t past = 0;

    for (size_t i = 0; i < log->count; i++)
        past +=
            log->ends[i].past && log->ends[i].connection == connection && log->ends[i].host == host;
    return past;
}

/* A server's parameters are announced once: the second time another connection begins. */
static qlog_end *
qlog_continued(qlog_end *end, uint32_t host, const gn_event *event)
{
    if (end == NULL || event == NULL || host != GN_SIM_SERVER ||
        event->kind != GN_EVENT_PARAMETERS || event->detail != 0)
        return end;
    end->past = end->began;
    end->began = true;
    return end->past ? NULL : end;
}

/* The end with this name, its file begun when it is new; NULL when it has none. */
static qlog_end *
qlog_end_of(qlog *log, uint32_t host, uint64_t connection, const gn_event *event)
{
    qlog_end *end = qlog_continued(qlog_find(log, host, connection), host, event);

    if (end != NULL)
        return end->out.file != NULL ? end : NULL;
    if (log->count == GN_SIM_QLOG_FILES_MAX) {
        log->trouble = "more connections than qlog files; the later ones have none";
        return NULL;
    }
    end = &log->ends[log->count++];
    end->connection = connection;
    end->host = host;
    end->out = (gn_sim_qlog_out){.profile = log->profile};
    end->began = event != NULL && event->kind == GN_EVENT_PARAMETERS && event->detail == 0;
    end->out.file = qlog_create(log, host, connection, qlog_past(log, host, connection));
    if (end->out.file == NULL) {
        log->trouble = "a qlog file cannot be opened for writing";
        return NULL;
    }
    gn_sim_qlog_events_begin(&end->out, &log->about, host, event);
    return end;
}

static void
qlog_on_begin(void *context, const gn_sim_about *about)
{
    qlog *log = context;

    log->about = *about;
}

static void
qlog_on_event(void *context, uint16_t host, uint16_t route, const gn_event *event)
{
    qlog *log = context;
    qlog_end *end = qlog_end_of(log, host, event->connection, event);

    if (end != NULL)
        gn_sim_qlog_events_event(&end->said, &end->out, &log->about, route, event);
}

static void
qlog_on_record(void *context, const gn_sim_record *record)
{
    qlog *log = context;

    if (record->kind == GN_SIM_MARKER) {
        for (size_t i = 0; i < log->count; i++)
            if (log->ends[i].out.file != NULL)
                gn_sim_qlog_events_record(&log->ends[i].said, &log->ends[i].out, record);
    } else if (record->kind == GN_SIM_STATE && record->connection != 0) {
        qlog_end *end = qlog_end_of(log, record->host, record->connection, NULL);

        if (end != NULL)
            gn_sim_qlog_events_record(&end->said, &end->out, record);
    }
}

static const char *
qlog_on_end(void *context, uint64_t at_us)
{
    qlog *log = context;
    const char *trouble = log->trouble;

    (void)at_us;
    for (size_t i = 0; i < log->count; i++) {
        FILE *out = log->ends[i].out.file;

        if (out == NULL)
            continue;
        if (ferror(out) != 0)
            trouble = "a qlog file could not be written";
        if (fclose(out) != 0)
            trouble = "a qlog file could not be written";
    }
    free(log);
    return trouble;
}

const char *
gn_sim_qlog_open(const char *dir, gn_sim_qlog_profile profile, gn_sim_sink *sink)
{
    const size_t len = strlen(dir);

    if (len >= QLOG_PATH_MAX)
        return "the name of the qlog directory is too long";
    if (mkdir(dir, 0777) != 0 && errno != EEXIST)
        return "the qlog directory cannot be made";

    qlog *log = calloc(1, sizeof *log);
    if (log == NULL)
        return "no memory for the qlog files";
    memcpy(log->dir, dir, len + 1);
    log->profile = profile;
    *sink = (gn_sim_sink){.context = log,
                          .on_begin = qlog_on_begin,
                          .on_event = qlog_on_event,
                          .on_record = qlog_on_record,
                          .on_end = qlog_on_end};
    return NULL;
}
