/*
 * crew.c: see crew.h.
 */
#include "sim/crew.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/assert.h"

/* How often time limits are looked at. */
#define CREW_TICK_MS 100

uint64_t
gn_sim_crew_clock_ms(void)
{
    struct timespec now;

    GN_ASSERT(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* False: the other end is gone. */
static bool
crew_read(int from, void *to, size_t len)
{
    uint8_t *at = to;

    while (len > 0) {
        const ssize_t got = read(from, at, len);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        at += got;
        len -= (size_t)got;
    }
    return true;
}

static bool
crew_write(int to, const void *from, size_t len)
{
    const uint8_t *at = from;

    while (len > 0) {
        const ssize_t put = write(to, at, len);

        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return false;
        at += put;
        len -= (size_t)put;
    }
    return true;
}

/* What a worker does all its life: a job, a result, until the pipe is closed. */
static void
crew_live(const gn_sim_crew_order *order, int from, int to)
{
    void *job = malloc(order->job_bytes);
    void *result = malloc(order->result_bytes);

    GN_ASSERT(job != NULL && result != NULL);
    while (crew_read(from, job, order->job_bytes)) {
        memset(result, 0, order->result_bytes);
        order->work(order->context, job, result);
        if (!crew_write(to, result, order->result_bytes))
            break;
    }
    free(job);
    free(result);
}

/* A worker has the ends of all other workers' pipes too, and lets go of them. */
static void
crew_be_worker(gn_sim_crew *crew, const int to[2], const int from[2], int errors)
{
    for (unsigned i = 0; i < crew->order.workers; i++)
        if (crew->workers[i].pid != 0) {
            (void)close(crew->workers[i].to);
            (void)close(crew->workers[i].from);
            (void)close(crew->workers[i].errors);
        }
    (void)close(to[1]);
    (void)close(from[0]);
    (void)signal(SIGPIPE, SIG_DFL);
    (void)dup2(errors, STDERR_FILENO);
    crew_live(&crew->order, to[0], from[1]);
    _exit(0);
}

static void
crew_hire(gn_sim_crew *crew, unsigned at)
{
    FILE *file = tmpfile();
    const int errors = file != NULL ? dup(fileno(file)) : -1;
    int to[2];
    int from[2];

    GN_ASSERT(errors >= 0 && pipe(to) == 0 && pipe(from) == 0);
    (void)fclose(file);
    (void)fflush(NULL);

    const pid_t pid = fork();

    GN_ASSERT(pid >= 0);
    if (pid == 0)
        crew_be_worker(crew, to, from, errors);
    (void)close(to[0]);
    (void)close(from[1]);
    crew->workers[at] =
        (gn_sim_crew_worker){.pid = pid, .to = to[1], .from = from[0], .errors = errors};
}

/* Waits for it to end, and returns its status. */
static int
crew_dismiss(gn_sim_crew_worker *worker)
{
    int status = 0;

    (void)close(worker->to);
    (void)close(worker->from);
    (void)close(worker->errors);
    while (waitpid(worker->pid, &status, 0) < 0 && errno == EINTR) {
    }
    worker->pid = 0;
    return status;
}

void
gn_sim_crew_open(gn_sim_crew *crew, const gn_sim_crew_order *order)
{
    GN_ASSERT(order->workers >= 1 && order->workers <= GN_SIM_CREW_WORKERS_MAX);
    memset(crew, 0, sizeof *crew);
    crew->order = *order;
    /* A worker that died is seen when its pipe is read. */
    (void)signal(SIGPIPE, SIG_IGN);
    for (unsigned i = 0; i < order->workers; i++)
        crew_hire(crew, i);
}

void
gn_sim_crew_close(gn_sim_crew *crew)
{
    for (unsigned i = 0; i < crew->order.workers; i++)
        (void)crew_dismiss(&crew->workers[i]);
}

/* A batch of jobs, as far as it has come. */
typedef struct crew_batch {
    const uint8_t *jobs;
    uint8_t *results;
    gn_sim_crew_outcome *outcomes;
    size_t count;
    size_t next;
    size_t done;
} crew_batch;

static void
crew_assign(gn_sim_crew *crew, gn_sim_crew_worker *worker, crew_batch *batch)
{
    worker->job = batch->next++;
    worker->begun_ms = gn_sim_crew_clock_ms();
    worker->busy = true;
    (void)ftruncate(worker->errors, 0);
    (void)lseek(worker->errors, 0, SEEK_SET);
    /* A worker that is no longer there shows when the result is read. */
    (void)crew_write(worker->to, batch->jobs + worker->job * crew->order.job_bytes,
                     crew->order.job_bytes);
}

static void
crew_lose(gn_sim_crew *crew, unsigned at, crew_batch *batch, gn_sim_crew_end end)
{
    gn_sim_crew_worker *worker = &crew->workers[at];
    gn_sim_crew_outcome *outcome = &batch->outcomes[worker->job];
    ssize_t len;

    if (end == GN_SIM_CREW_HUNG)
        (void)kill(worker->pid, SIGKILL);
    outcome->end = end;
    len = pread(worker->errors, outcome->said, sizeof outcome->said - 1, 0);
    outcome->said[len > 0 ? len : 0] = '\0';
    outcome->status = crew_dismiss(worker);
    crew_hire(crew, at);
}

static void
crew_collect(gn_sim_crew *crew, unsigned at, crew_batch *batch)
{
    gn_sim_crew_worker *worker = &crew->workers[at];
    uint8_t *result = batch->results + worker->job * crew->order.result_bytes;

    if (crew_read(worker->from, result, crew->order.result_bytes))
        worker->busy = false;
    else
        crew_lose(crew, at, batch, GN_SIM_CREW_CRASHED);
}

/* Hands out what there is to do, and waits until something comes back or time is up for one. */
static void
crew_turn(gn_sim_crew *crew, crew_batch *batch)
{
    struct pollfd ends[GN_SIM_CREW_WORKERS_MAX];
    const unsigned workers = crew->order.workers;

    for (unsigned i = 0; i < workers; i++) {
        if (!crew->workers[i].busy && batch->next < batch->count)
            crew_assign(crew, &crew->workers[i], batch);
        ends[i] = (struct pollfd){.fd = crew->workers[i].busy ? crew->workers[i].from : -1,
                                  .events = POLLIN};
    }
    (void)poll(ends, workers, CREW_TICK_MS);
    for (unsigned i = 0; i < workers; i++) {
        gn_sim_crew_worker *worker = &crew->workers[i];

        if (!worker->busy)
            continue;
        if ((ends[i].revents & (POLLIN | POLLHUP)) != 0) {
            crew_collect(crew, i, batch);
            batch->done++;
        } else if (crew->order.limit_ms != 0 &&
                   gn_sim_crew_clock_ms() - worker->begun_ms > crew->order.limit_ms) {
            crew_lose(crew, i, batch, GN_SIM_CREW_HUNG);
            batch->done++;
        }
    }
}

void
gn_sim_crew_run(gn_sim_crew *crew, const void *jobs, size_t count, void *results,
                gn_sim_crew_outcome *outcomes, void (*on_done)(void *context, size_t done),
                void *done_context)
{
    crew_batch batch = {.jobs = jobs, .results = results, .outcomes = outcomes, .count = count};

    memset(results, 0, count * crew->order.result_bytes);
    memset(outcomes, 0, count * sizeof *outcomes);
    while (batch.done < count) {
        const size_t before = batch.done;

        crew_turn(crew, &batch);
        if (on_done != NULL && batch.done != before)
            on_done(done_context, batch.done);
    }
}

/*
 * The line of a sanitizer's or an assertion's report that says what it is, up to
 * the first address, which is another one each time.
 */
static const char *
crew_line(const gn_sim_crew_outcome *outcome, size_t *len)
{
    const char *line = strstr(outcome->said, "ERROR: ");

    if (line == NULL)
        line = strstr(outcome->said, "runtime error: ");
    if (line == NULL)
        line = outcome->said;
    *len = strcspn(line, "\n");
    for (size_t i = 0; i + 1 < *len; i++)
        if (line[i] == '0' && line[i + 1] == 'x')
            *len = i;
    return line;
}

void
gn_sim_crew_tell(const gn_sim_crew_outcome *outcome, char *text, size_t cap)
{
    size_t len;
    const char *line = crew_line(outcome, &len);

    if (outcome->end == GN_SIM_CREW_DONE)
        text[0] = '\0';
    else if (outcome->end == GN_SIM_CREW_HUNG)
        (void)snprintf(text, cap, "hung");
    else if (WIFSIGNALED(outcome->status))
        (void)snprintf(text, cap, "crashed: signal %d: %.*s", WTERMSIG(outcome->status), (int)len,
                       line);
    else
        (void)snprintf(text, cap, "crashed: status %d: %.*s", WEXITSTATUS(outcome->status),
                       (int)len, line);
}
