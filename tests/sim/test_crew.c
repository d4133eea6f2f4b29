/*
 * test_crew.c: what sim/crew.h promises: jobs are done, whatever some of them do.
 */
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/assert.h"
#include "sim/crew.h"
#include "suites.h"

#define JOBS 200

enum { DO_SQUARE, DO_TRAP, DO_EXIT, DO_HANG, DO_SAY };

typedef struct job {
    uint64_t what;
    uint64_t number;
} job;

static gn_sim_crew crew;
static job jobs[JOBS];
static uint64_t results[JOBS];
static gn_sim_crew_outcome outcomes[JOBS];
static size_t told;

static void
work(void *context, const void *one, void *result)
{
    const job *at = one;
    const uint64_t *factor = context;
    const uint64_t square = at->number * at->number * *factor;

    switch (at->what) {
    case DO_TRAP: GN_ASSERT(at->number == UINT64_MAX); break;
    case DO_EXIT: _exit(3);
    case DO_HANG:
        for (;;)
            (void)nanosleep(&(struct timespec){.tv_sec = 10}, NULL);
    case DO_SAY: (void)fprintf(stderr, "a word from %u\n", (unsigned)at->number); _exit(1);
    default: memcpy(result, &square, sizeof square); break;
    }
}

static void
open_crew(unsigned workers)
{
    static uint64_t factor = 3;
    const gn_sim_crew_order order = {.context = &factor,
                                     .work = work,
                                     .job_bytes = sizeof(job),
                                     .result_bytes = sizeof(uint64_t),
                                     .workers = workers,
                                     .limit_ms = 1500};

    for (size_t i = 0; i < JOBS; i++)
        jobs[i] = (job){.what = DO_SQUARE, .number = i};
    gn_sim_crew_open(&crew, &order);
}

static void
on_done(void *context, size_t done)
{
    (void)context;
    ck_assert_uint_gt(done, told);
    told = done;
}

static void
check_all_but(size_t odd)
{
    for (size_t i = 0; i < JOBS; i++)
        if (i != odd) {
            ck_assert_int_eq(outcomes[i].end, GN_SIM_CREW_DONE);
            ck_assert_uint_eq(results[i], 3 * i * i);
        }
}

START_TEST(crew_results_stand_where_their_jobs_stood)
{
    open_crew((unsigned)_i);
    gn_sim_crew_run(&crew, jobs, JOBS, results, outcomes, on_done, NULL);
    gn_sim_crew_close(&crew);
    check_all_but(JOBS);
    ck_assert_uint_eq(told, JOBS);
}
END_TEST

START_TEST(crew_goes_on_after_a_trap_and_says_what_it_was)
{
    char text[256];

    open_crew(2);
    jobs[17].what = DO_TRAP;
    gn_sim_crew_run(&crew, jobs, JOBS, results, outcomes, NULL, NULL);
    check_all_but(17);
    ck_assert_int_eq(outcomes[17].end, GN_SIM_CREW_CRASHED);
    gn_sim_crew_tell(&outcomes[17], text, sizeof text);
    ck_assert_msg(strstr(text, "crashed: signal 6: ") == text, "%s", text);
    ck_assert_msg(strstr(text, "test_crew.c:") != NULL, "%s", text);
    ck_assert_msg(strstr(text, "at->number == ") != NULL, "%s", text);
    /* The crew is whole again. */
    jobs[17].what = DO_SQUARE;
    gn_sim_crew_run(&crew, jobs, JOBS, results, outcomes, NULL, NULL);
    check_all_but(JOBS);
    gn_sim_crew_close(&crew);
}
END_TEST

START_TEST(crew_worker_that_leaves_is_a_crash_with_its_status)
{
    char text[256];

    open_crew(1);
    jobs[0].what = DO_EXIT;
    jobs[1].what = DO_SAY;
    gn_sim_crew_run(&crew, jobs, 2, results, outcomes, NULL, NULL);
    gn_sim_crew_close(&crew);
    gn_sim_crew_tell(&outcomes[0], text, sizeof text);
    ck_assert_str_eq(text, "crashed: status 3: ");
    gn_sim_crew_tell(&outcomes[1], text, sizeof text);
    ck_assert_str_eq(text, "crashed: status 1: a word from 1");
}
END_TEST

START_TEST(crew_job_that_hangs_is_killed_and_the_others_are_done)
{
    char text[256];

    open_crew(2);
    jobs[5].what = DO_HANG;
    gn_sim_crew_run(&crew, jobs, JOBS, results, outcomes, NULL, NULL);
    gn_sim_crew_close(&crew);
    check_all_but(5);
    ck_assert_int_eq(outcomes[5].end, GN_SIM_CREW_HUNG);
    gn_sim_crew_tell(&outcomes[5], text, sizeof text);
    ck_assert_str_eq(text, "hung");
}
END_TEST

START_TEST(crew_addresses_are_no_part_of_what_is_told)
{
    gn_sim_crew_outcome outcome = {.end = GN_SIM_CREW_CRASHED, .status = 1 << 8};
    char text[256];

    (void)snprintf(outcome.said, sizeof outcome.said, "%s",
                   "==7==ERROR: Sanitizer: heap-use-after-free on address 0x6020 at pc 1\n#0");
    gn_sim_crew_tell(&outcome, text, sizeof text);
    ck_assert_str_eq(text, "crashed: status 1: ERROR: Sanitizer: heap-use-after-free on address ");
}
END_TEST

Suite *
gn_test_crew(void)
{
    Suite *suite = suite_create("sim/crew");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");

    tcase_add_loop_test(good, crew_results_stand_where_their_jobs_stood, 1, 5);
    tcase_add_test(hostile, crew_goes_on_after_a_trap_and_says_what_it_was);
    tcase_add_test(hostile, crew_worker_that_leaves_is_a_crash_with_its_status);
    tcase_add_test(hostile, crew_job_that_hangs_is_killed_and_the_others_are_done);
    tcase_add_test(hostile, crew_addresses_are_no_part_of_what_is_told);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, hostile);
    return suite;
}
