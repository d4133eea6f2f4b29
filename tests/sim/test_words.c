/*
 * test_words.c: what sim/words.h promises, one promise a test.
 */
#include <check.h>
#include <string.h>

#include "sim/words.h"
#include "suites.h"
#include "support/feed.h"

/* Each table with the number of its words. */
static const struct {
    const char *(*word)(uint32_t);
    uint32_t count;
} small[] = {
    {gn_sim_words_record, GN_SIM_RECORD_KINDS},
    {gn_sim_words_event, GN_EVENT_KINDS},
    {gn_sim_words_packet, GN_EVENT_STATELESS_RESET + 1},
    {gn_sim_words_mark, GN_MARK_CE + 1},
};
static const struct {
    const char *(*word)(uint64_t);
    uint64_t count;
} large[] = {
    {gn_sim_words_space, 3},
    {gn_sim_words_path, GN_PATH_CHANGES},
    {gn_sim_words_close, GN_CLOSE_CAUSES},
    {gn_sim_words_drop, GN_DROP_CAUSES},
    {gn_sim_words_state, GN_STATE_KEYS_UPDATED + 1},
    {gn_sim_words_lost, 3},
};
enum { SMALL = sizeof small / sizeof small[0], LARGE = sizeof large / sizeof large[0] };

START_TEST(words_every_number_has_its_own)
{
    for (uint32_t i = 0; i < small[_i].count; i++) {
        ck_assert_str_ne(small[_i].word(i), "?");
        for (uint32_t j = 0; j < i; j++)
            ck_assert_str_ne(small[_i].word(i), small[_i].word(j));
    }
    ck_assert_str_eq(small[_i].word(small[_i].count), "?");
    ck_assert_str_eq(small[_i].word(UINT32_MAX), "?");
}
END_TEST

START_TEST(words_every_long_number_has_its_own)
{
    for (uint64_t i = 0; i < large[_i].count; i++) {
        ck_assert_str_ne(large[_i].word(i), "?");
        for (uint64_t j = 0; j < i; j++)
            ck_assert_str_ne(large[_i].word(i), large[_i].word(j));
    }
    ck_assert_str_eq(large[_i].word(large[_i].count), "?");
    ck_assert_str_eq(large[_i].word(UINT64_MAX), "?");
}
END_TEST

START_TEST(words_a_state_from_100_on_is_how_it_closed)
{
    ck_assert_str_eq(gn_sim_words_state(100 + GN_CLOSE_IDLE), "idle");
    ck_assert_str_eq(gn_sim_words_state(100 + GN_CLOSE_CAUSES), "?");
}
END_TEST

START_TEST(words_hosts_and_routes_have_the_scenarios_names)
{
    const gn_sim_about *about = gn_test_feed_about();

    ck_assert_str_eq(gn_sim_words_host(about, 1), "server");
    ck_assert_str_eq(gn_sim_words_host(about, 2), "?");
    ck_assert_str_eq(gn_sim_words_route(about, 1), "lte");
    ck_assert_str_eq(gn_sim_words_route(about, 0xffff), "-");
    ck_assert(gn_sim_words_is_server(about, 1));
    ck_assert(!gn_sim_words_is_server(about, 0));
    ck_assert(!gn_sim_words_is_server(about, 9));
}
END_TEST

Suite *
gn_test_words(void)
{
    Suite *suite = suite_create("sim/words");
    TCase *good = tcase_create("table");

    tcase_add_loop_test(good, words_every_number_has_its_own, 0, SMALL);
    tcase_add_loop_test(good, words_every_long_number_has_its_own, 0, LARGE);
    tcase_add_test(good, words_a_state_from_100_on_is_how_it_closed);
    tcase_add_test(good, words_hosts_and_routes_have_the_scenarios_names);
    suite_add_tcase(suite, good);
    return suite;
}
