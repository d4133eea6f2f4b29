/*
 * test_rules.c: the judge of rules sees what is not as required; see tests/support/rules.h.
 */
#include <check.h>
#include <string.h>

#include "suites.h"
#include "tests/support/rules.h"
#include "tests/support/rules_words.h"

#define IN_1RTT(text) gn_rules_in_1rtt, text, NULL

static gn_rules run;

static void
wants_the_impossible(gn_rules *r)
{
    gn_rules_take(r);
    gn_rules_want(r, true, "this is seen");
    gn_rules_want(r, false, "this is not");
    gn_rules_want(r, false, "nor this");
}

static void
marks_and_does_nothing(gn_rules *r)
{
    gn_rules_confirm(r);
    gn_rules_mark(r);
}

/* clang-format off */
static const gn_rule wrong[] = {
    {"X-01", "a PING closes", BOTH, CLOSE, 7, IN_1RTT("01")},
    {"X-02", "another code", BOTH, CLOSE, 10, IN_1RTT("21")},
    {"X-03", "the peer's own close", BOTH, CLOSE, 7, IN_1RTT("1c 07 00 00")},
    {"X-04", "a PING is dropped", BOTH, DROP, 0, IN_1RTT("01")},
    {"X-05", "an answer is nothing", BOTH, DROP, 0, IN_1RTT("1a 0102030405060708")},
    {"X-06", "unknown frames are dropped", BOTH, DROP, 0, IN_1RTT("21")},
    {"X-07", "unknown frames are taken", BOTH, LIVE, 0, IN_1RTT("21")},
    {"X-08", "an ACK is acknowledged", BOTH, ACK, 0, IN_1RTT("02 00 00 00 00")},
    {"X-09", "an ACK is acknowledged while it closes", BOTH, ACK, 0, IN_1RTT("21")},
    {"X-10", "a handshake lives without end", BOTH, LIVE, 0, gn_rules_in_handshake, "1e", NULL},
    {"X-11", "no parameters are needed", BOTH, LIVE, 0, gn_rules_in_parameters, "", "0f"},
    {"X-12", "what is wanted is seen", BOTH, WANTS, 0, wants_the_impossible, NULL, NULL},
    {"X-14", "its own close is the peer's", BOTH, HEAR, 7, IN_1RTT("21")},
    {"X-15", "the peer's close with another code", BOTH, HEAR, 7, IN_1RTT("1c 08 00 00")},
    {"X-16", "the peer's close is not heard", BOTH, HEAR, 7, IN_1RTT("01")},
    {"X-13", "another code in the handshake", BOTH, CLOSE, 7, gn_rules_in_initial, "1e", NULL},
};

static const gn_rule right[] = {
    {"Y-01", "nothing happens", BOTH, DROP, 0, marks_and_does_nothing, NULL, NULL},
    {"Y-02", "nothing happens", BOTH, LIVE, 0, gn_rules_confirm, NULL, NULL},
    {"Y-03", "nothing is changed", BOTH, LIVE, 0, gn_rules_in_parameters, "", NULL},
    {"Y-05", "the peer's close", BOTH, HEAR, 7, IN_1RTT("1c 07 00 00")},
    {"Y-04", "a PING", BOTH, ACK, 0, IN_1RTT("01")},
};
/* clang-format on */

START_TEST(rules_judge_sees_what_is_wrong)
{
    const gn_rule *row = &wrong[_i / 2];

    const bool kept = gn_rules_play(&run, row, _i % 2);
    ck_assert_msg(!kept, "%s", run.verdict);
    ck_assert_ptr_nonnull(strstr(run.verdict, row->id));
    ck_assert_ptr_nonnull(strstr(run.verdict, row->section));
    ck_assert_ptr_nonnull(strstr(run.verdict, _i % 2 == 0 ? "client" : "server"));
}
END_TEST

START_TEST(rules_judge_lets_pass_what_is_right)
{
    const bool kept = gn_rules_play(&run, &right[_i / 2], _i % 2);
    ck_assert_msg(kept, "%s", run.verdict);
}
END_TEST

START_TEST(rules_verdict_names_the_first_want_and_the_code)
{
    (void)gn_rules_play(&run, &wrong[11], GN_TEST_CLIENT);
    ck_assert_ptr_nonnull(strstr(run.verdict, "and that this is not"));
    (void)gn_rules_play(&run, &wrong[1], GN_TEST_CLIENT);
    ck_assert_ptr_nonnull(strstr(run.verdict, "wanted close 0xa, saw closed"));
    ck_assert_ptr_nonnull(strstr(run.verdict, "code 0x7, told: RFC 9000 12.4"));
}
END_TEST

/* A peer whose forger sends nothing more is not taken for alive. */
START_TEST(rules_connection_that_carries_nothing_is_dead)
{
    static const gn_rule row = {"Z-01",           "a hole in the stream", BOTH, LIVE, 0,
                                gn_rules_in_1rtt, "04 4015 00 00",        NULL};
    static const gn_rule client = {"Z-02", "a hole in the stream", BOTH,          LIVE,
                                   0,      gn_rules_in_1rtt,       "04 14 00 00", NULL};

    /* The stream by which it is looked for life was reset. */
    ck_assert(!gn_rules_play(&run, _i == 0 ? &row : &client, _i));
}
END_TEST

Suite *
gn_test_rules(void)
{
    Suite *suite = suite_create("conn/rules");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");

    tcase_add_loop_test(good, rules_judge_lets_pass_what_is_right, 0,
                        2 * sizeof right / sizeof right[0]);
    tcase_add_test(good, rules_verdict_names_the_first_want_and_the_code);
    tcase_add_loop_test(hostile, rules_judge_sees_what_is_wrong, 0,
                        2 * sizeof wrong / sizeof wrong[0]);
    tcase_add_loop_test(hostile, rules_connection_that_carries_nothing_is_dead, 0, 2);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, hostile);
    return suite;
}
