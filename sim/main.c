/*
 * main.c: the command gnomon-sim.
 */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sim/report.h"
#include "sim/run.h"
#include "sim/scenario.h"
#include "sim/scenario_keys.h"
#include "sim/shelf.h"
#include "sim/units.h"

static const char main_usage[] =
    "usage: gnomon-sim run FILE|NAME [options]   play a scenario and report\n"
    "       gnomon-sim list                      the scenarios that come along\n"
    "       gnomon-sim show NAME                 a scenario's file\n"
    "       gnomon-sim keys                      every field a scenario may have\n"
    "\n"
    "  --seed N      draw all chance from N instead of the scenario's seed\n"
    "  --twice       play it twice and compare the hashes of the two traces\n"
    "  --repeat K    play it with K seeds, from the first one upwards, a line each\n"
    "  --json        print one JSON object instead of the report\n"
    "  --qlog DIR    write a qlog file for each end of each connection\n"
    "  --pcap FILE   write a packet capture with the keys in it\n"
    "  --csv FILE    write the series of records\n"
    "  --trace FILE  write one line for everything that happens\n"
    "  --fake        stand-ins instead of TLS and packet protection: faster\n"
    "\n"
    "exit code: 0 all held, 1 an oracle was broken or hashes differ, 2 wrong file or option,\n"
    "           3 time stood still, 4 the goal was never reached\n";

typedef struct main_options {
    gn_sim_options run;
    uint64_t repeat;
    bool twice;
    bool json;
    const char *name; /* FILE or NAME */
} main_options;

static int
main_refuse(const char *what, const char *text)
{
    (void)fprintf(stderr, "gnomon-sim: %s%s%s\n%s", what, text != NULL ? " " : "",
                  text != NULL ? text : "", main_usage);
    return GN_SIM_BAD_INPUT;
}

/* One option; 0 when it was fine. */
static int
main_take_option(int option, main_options *options)
{
    switch (option) {
    case 's':
        if (!gn_sim_units_read_count(optarg, &options->run.seed))
            return main_refuse("--seed needs a whole number, not", optarg);
        options->run.has_seed = 1;
        return 0;
    case 'r':
        if (!gn_sim_units_read_count(optarg, &options->repeat) || options->repeat == 0)
            return main_refuse("--repeat needs a whole number from 1, not", optarg);
        return 0;
    case 't': options->twice = true; return 0;
    case 'j': options->json = true; return 0;
    case 'q': options->run.qlog_dir = optarg; return 0;
    case 'p': options->run.pcap_path = optarg; return 0;
    case 'c': options->run.csv_path = optarg; return 0;
    case 'x': options->run.trace_path = optarg; return 0;
    case 'f': options->run.fake_tls = 1; return 0;
    default: (void)fputs(main_usage, stderr); return GN_SIM_BAD_INPUT;
    }
}

static int
main_read_options(int argc, char **argv, main_options *options)
{
    static const struct option known[] = {
        {"seed", required_argument, NULL, 's'}, {"repeat", required_argument, NULL, 'r'},
        {"twice", no_argument, NULL, 't'},      {"json", no_argument, NULL, 'j'},
        {"qlog", required_argument, NULL, 'q'}, {"pcap", required_argument, NULL, 'p'},
        {"csv", required_argument, NULL, 'c'},  {"trace", required_argument, NULL, 'x'},
        {"fake", no_argument, NULL, 'f'},       {NULL, 0, NULL, 0}};
    int option;

    while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
        const int wrong = main_take_option(option, options);

        if (wrong != 0)
            return wrong;
    }
    if (argc - optind != 1)
        return main_refuse(argc == optind ? "run needs a scenario" : "run takes one scenario",
                           NULL);
    options->name = argv[optind];
    if (options->twice && options->repeat != 0)
        return main_refuse("--twice and --repeat do not go together", NULL);
    return 0;
}

/* Says what went wrong before anything ran. */
static int
main_bad_input(const gn_sim_result *result)
{
    (void)fprintf(stderr, "%s\n", result->message);
    return (int)result->verdict;
}

/* Plays it again, without files to write, and compares. */
static int
main_play_again(const char *path, const main_options *options, const gn_sim_result *first)
{
    gn_sim_options again = {.size = sizeof again,
                            .seed = options->run.seed,
                            .has_seed = options->run.has_seed,
                            .fake_tls = options->run.fake_tls};
    FILE *out = options->json ? stderr : stdout;
    gn_sim_result second;
    int code = (int)first->verdict;

    gn_sim_run(path, &again, &second);
    if (second.hash == first->hash) {
        (void)fprintf(out, "same hash twice\n");
    } else {
        (void)fprintf(out, "different hashes: %016" PRIx64 " and %016" PRIx64 "\n", first->hash,
                      second.hash);
        code = GN_SIM_FAIL;
    }
    gn_sim_result_free(&second);
    return code;
}

static int
main_play(const char *path, const main_options *options)
{
    gn_sim_result result;
    int code;

    gn_sim_run(path, &options->run, &result);
    code = (int)result.verdict;
    if (result.verdict == GN_SIM_BAD_INPUT) {
        (void)main_bad_input(&result);
    } else {
        (void)fputs(options->json ? result.summary : result.report, stdout);
        if (options->json)
            (void)fputc('\n', stdout);
        if (options->twice)
            code = main_play_again(path, options, &result);
    }
    gn_sim_result_free(&result);
    return code;
}

static void
main_print_line(const gn_sim_result *result)
{
    char finished[GN_SIM_UNITS_TEXT];

    gn_sim_units_show_duration(result->finished_us, finished);
    (void)printf("seed %-12" PRIu64 " %-6s %12s  %8" PRIu64 " datagrams  lost %-6" PRIu64
                 " probe timeouts %-4" PRIu64 " %016" PRIx64 "%s%s\n",
                 result->seed, gn_sim_report_verdict((gn_sim_verdict)result->verdict), finished,
                 result->datagrams, result->packets_lost, result->ptos, result->hash,
                 result->message[0] != '\0' ? "  " : "", result->message);
}

/* Seeds one after the other; the first bad verdict is the exit code. */
static int
main_play_many(const char *path, main_options *options)
{
    int code = GN_SIM_PASS;

    for (uint64_t i = 0; i < options->repeat; i++) {
        gn_sim_result result;

        gn_sim_run(path, &options->run, &result);
        if (result.verdict == GN_SIM_BAD_INPUT) {
            code = main_bad_input(&result);
            gn_sim_result_free(&result);
            return code;
        }
        if (options->json)
            (void)puts(result.summary);
        else
            main_print_line(&result);
        if (code == GN_SIM_PASS)
            code = (int)result.verdict;
        options->run.seed = result.seed + 1;
        options->run.has_seed = 1;
        gn_sim_result_free(&result);
    }
    return code;
}

static int
main_run(int argc, char **argv)
{
    main_options options = {.run = {.size = sizeof options.run}};
    char path[GN_SIM_SHELF_PATH_BYTES];
    const int wrong = main_read_options(argc, argv, &options);

    if (wrong != 0)
        return wrong;
    if (!gn_sim_shelf_find(options.name, path)) {
        (void)fprintf(stderr, "gnomon-sim: there is no scenario %s; see gnomon-sim list\n",
                      options.name);
        return GN_SIM_BAD_INPUT;
    }
    return options.repeat != 0 ? main_play_many(path, &options) : main_play(path, &options);
}

static void
main_list_one(const char *name, const char *path)
{
    static gn_sim_scenario scenario;
    char message[GN_SIM_MESSAGE_BYTES];

    if (!gn_sim_scenario_load(path, &scenario, message)) {
        (void)printf("%-24s (%s)\n", name, message);
        return;
    }
    (void)printf("%-24s %s\n", name, scenario.why);
    gn_sim_scenario_free(&scenario);
}

static int
main_list(void)
{
    if (gn_sim_shelf_each(main_list_one) == 0) {
        (void)fprintf(stderr, "gnomon-sim: no scenarios found; set GNOMON_SCENARIOS\n");
        return GN_SIM_BAD_INPUT;
    }
    return 0;
}

static int
main_show(const char *name)
{
    char path[GN_SIM_SHELF_PATH_BYTES];
    char piece[4096];
    size_t len;
    FILE *file = gn_sim_shelf_find(name, path) ? fopen(path, "rb") : NULL;

    if (file == NULL) {
        (void)fprintf(stderr, "gnomon-sim: there is no scenario %s\n", name);
        return GN_SIM_BAD_INPUT;
    }
    while ((len = fread(piece, 1, sizeof piece, file)) > 0)
        (void)fwrite(piece, 1, len, stdout);
    (void)fclose(file);
    return 0;
}

int
main(int argc, char **argv)
{
    const char *verb = argc > 1 ? argv[1] : "";

    if (strcmp(verb, "run") == 0)
        return main_run(argc - 1, argv + 1);
    if (strcmp(verb, "list") == 0 && argc == 2)
        return main_list();
    if (strcmp(verb, "show") == 0 && argc == 3)
        return main_show(argv[2]);
    if (strcmp(verb, "keys") == 0 && argc == 2) {
        gn_sim_scenario_keys_print(stdout);
        return 0;
    }
    if (strcmp(verb, "--help") == 0 || strcmp(verb, "help") == 0) {
        (void)fputs(main_usage, stdout);
        return 0;
    }
    return main_refuse("what is to be done?", NULL);
}
