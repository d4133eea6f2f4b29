/*
 * main.c: runs the Check suites, all of them or those named: gnomon-test [floor/noun ...].
 *
 * --list names them. Check's own variables work: CK_FORK=no (or yes: then the
 * random cases fork as well), CK_RUN_CASE, CK_VERBOSITY. The last line is
 * "N passed, N failed"; the exit status is 0 when nothing failed, 1 when
 * something did and 2 when a suite is not known.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "suites.h"

typedef struct suite_entry {
    const char *name;
    Suite *(*make)(void);
} suite_entry;

static const suite_entry suites[] = {
#include "suites.inc"
};

static const size_t suite_count = sizeof(suites) / sizeof(suites[0]);

/*
 * AddressSanitizer asks for this, in the builds that have it. Looking for leaks
 * at the end of each test, a process of its own, would take four times as long
 * as the tests; the scenarios, which use all of it, are searched for leaks.
 * The sanitizers' library must see it, though all else is hidden.
 */
__attribute__((visibility("default"))) const char *__asan_default_options(void);

const char *
__asan_default_options(void)
{
    return "detect_leaks=0";
}

static bool
name_wanted(const char *name, int count, char *const *names)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(names[i], name) == 0) {
            return true;
        }
    }
    return count == 0;
}

static bool
name_known(const char *name)
{
    for (size_t i = 0; i < suite_count; i++) {
        if (strcmp(suites[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

/*
 * The random cases are many and cheap: they run in this process, the others in
 * one each. A crash among them ends the program, with the sanitizers' report.
 */
static void
run(SRunner *runner)
{
    static const char *const cases[] = {"good", "hostile", "limits", "table", "vectors", "random"};
    const char *wanted = getenv("CK_RUN_CASE");

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        if (getenv("CK_FORK") == NULL && strcmp(cases[i], "random") == 0)
            srunner_set_fork_status(runner, CK_NOFORK);
        if (wanted == NULL || strcmp(wanted, cases[i]) == 0)
            srunner_run(runner, NULL, cases[i], CK_SILENT);
    }
    srunner_print(runner, CK_ENV);
}

int
main(int argc, char **argv)
{
    int names = argc - 1;
    char *const *name = argv + 1;

    if (names == 1 && strcmp(name[0], "--list") == 0) {
        for (size_t i = 0; i < suite_count; i++) {
            puts(suites[i].name);
        }
        return EXIT_SUCCESS;
    }
    for (int i = 0; i < names; i++) {
        if (!name_known(name[i])) {
            fprintf(stderr, "no suite is called %s\n", name[i]);
            return 2;
        }
    }
    /* Check's own limit, 4 seconds, is short for a sanitized test on a busy machine. */
    (void)setenv("CK_DEFAULT_TIMEOUT", "120", 0);
    SRunner *runner = srunner_create(NULL);

    for (size_t i = 0; i < suite_count; i++) {
        if (name_wanted(suites[i].name, names, name)) {
            srunner_add_suite(runner, suites[i].make());
        }
    }
    run(runner);
    int failed = srunner_ntests_failed(runner);
    int run = srunner_ntests_run(runner);

    srunner_free(runner);
    printf("%d passed, %d failed\n", run - failed, failed);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
