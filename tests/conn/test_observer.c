/*
 * test_observer.c: what an observer is told, and that watching changes nothing.
 */
#include <check.h>
#include <string.h>

#include "suites.h"
#include "tests/support/forge.h"
#include "tests/support/pair.h"

enum { CLIENT = GN_TEST_CLIENT, SERVER = GN_TEST_SERVER };

static gn_test_pair pair;
static gn_test_forge forge;

static void
use_it(void)
{
    const uint64_t stream = gn_test_pair_open(&pair, CLIENT, false);

    (void)gn_test_pair_write(&pair, CLIENT, stream, 0, 30000, true);
    gn_test_pair_settle(&pair);
    ck_assert_int_eq(gn_connection_close(pair.side[CLIENT].endpoint, pair.side[CLIENT].connection,
                                         3, "x", 1, pair.now),
                     GN_OK);
    gn_test_pair_pull(&pair, CLIENT);
    gn_test_pair_settle(&pair);
}

START_TEST(observer_changes_nothing)
{
    uint64_t trace[2][2];

    for (int watched = 0; watched < 2; watched++) {
        gn_test_pair_init(&pair);
        if (!watched)
            for (int i = 0; i < 2; i++)
                pair.side[i].config.observer.on_event = NULL;
        gn_test_pair_confirm(&pair);
        use_it();
        for (int i = 0; i < 2; i++)
            trace[watched][i] = pair.side[i].trace;
        gn_test_pair_end(&pair);
    }
    ck_assert_mem_eq(trace[0], trace[1], sizeof trace[0]);
}
END_TEST

/* Both sides know the same four secrets: a key log of either opens everything. */
START_TEST(observer_is_told_every_secret)
{
    gn_test_pair_init(&pair);
    pair.side[CLIENT].config.suites = (uint8_t)(1 << _i);
    gn_test_pair_confirm(&pair);
    for (int level = 0; level < 2; level++)
        for (int whose = 0; whose < 2; whose++) {
            ck_assert(pair.side[0].has_secret[level][whose]);
            ck_assert(pair.side[1].has_secret[level][whose]);
            ck_assert_mem_eq(pair.side[0].secret[level][whose], pair.side[1].secret[level][whose],
                             GN_SUITE_HASH_MAX);
        }
    ck_assert_uint_eq(pair.side[CLIENT].events[GN_EVENT_SECRET], 4);
}
END_TEST

/* What one side sent is what the other received, packet by packet. */
START_TEST(observer_counts_agree)
{
    gn_test_pair_shake(&pair);
    gn_test_pair_expect_alive(&pair);
    for (int i = 0; i < 2; i++) {
        const gn_test_side *side = &pair.side[i];
        const gn_info info = gn_test_pair_info(&pair, i);
        ck_assert_uint_eq(side->events[GN_EVENT_PACKET_SENT], info.packets_sent);
        ck_assert_uint_eq(side->events[GN_EVENT_PACKET_RECEIVED], info.packets_received);
        ck_assert_uint_eq(side->events[GN_EVENT_PACKET_DROPPED], info.packets_dropped);
        ck_assert_uint_eq(side->events[GN_EVENT_PACKET_LOST], info.packets_lost);
        ck_assert_uint_eq(side->events[GN_EVENT_KEYS_DISCARDED], 2);
        ck_assert_uint_gt(side->events[GN_EVENT_METRICS], 0);
    }
}
END_TEST

START_TEST(observer_is_told_of_the_end_once)
{
    gn_test_pair_shake(&pair);
    use_it();
    for (int i = 0; i < 2; i++)
        ck_assert_uint_eq(pair.side[i].events[GN_EVENT_CLOSED], 1);
}
END_TEST

START_TEST(observer_is_told_of_probe_timeouts_and_paths)
{
    gn_test_pair_shake(&pair);
    const uint64_t stream = gn_test_pair_open(&pair, SERVER, true);
    gn_test_forge_take(&forge, &pair, CLIENT);
    (void)gn_test_pair_write(&pair, SERVER, stream, 0, 10, true);
    gn_test_pair_run(&pair, pair.now + 3 * GN_SECOND);
    ck_assert_uint_gt(pair.side[SERVER].events[GN_EVENT_PTO], 0);
    forge.route = 300;
    gn_test_forge_say(&forge, "01");
    gn_test_pair_run(&pair, pair.now + 3 * GN_SECOND);
    ck_assert_uint_ge(pair.side[SERVER].events[GN_EVENT_PATH], 3);
}
END_TEST

Suite *
gn_test_observer(void)
{
    Suite *suite = suite_create("conn/observer");
    TCase *good = tcase_create("good");

    tcase_add_test(good, observer_changes_nothing);
    tcase_add_loop_test(good, observer_is_told_every_secret, 0, 3);
    tcase_add_test(good, observer_counts_agree);
    tcase_add_test(good, observer_is_told_of_the_end_once);
    tcase_add_test(good, observer_is_told_of_probe_timeouts_and_paths);
    suite_add_tcase(suite, good);
    return suite;
}
