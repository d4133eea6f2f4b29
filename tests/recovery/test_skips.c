/*
 * test_skips.c: what recovery/skips.h promises.
 */
#include <check.h>

#include "base/ranges.h"
#include "recovery/skips.h"
#include "suites.h"

static gn_rng rng;
static gn_skips skips;

static void
begin(uint32_t mean)
{
    const uint8_t seed[GN_RNG_SEED_BYTES] = {4};

    gn_rng_init(&rng, seed, "skips", 0);
    gn_skips_init(&skips, mean, &rng);
}

/* The next packet leaves; how many numbers were left out before it. */
static uint64_t
leave(uint64_t *next_pn)
{
    const uint64_t pn = gn_skips_pass(&skips, *next_pn);
    const uint64_t gap = pn - *next_pn;

    gn_skips_on_sent(&skips, pn, &rng);
    *next_pn = pn + 1;
    return gap;
}

static bool
told(uint64_t largest, uint64_t first_range)
{
    const gn_frame_ack ack = {.largest = largest, .first_range = first_range};

    return gn_skips_told(&skips, &ack);
}

START_TEST(skips_that_are_off_leave_nothing_out_and_draw_nothing)
{
    uint64_t next = 0;

    begin(0);
    for (int i = 0; i < 1000; i++)
        ck_assert_uint_eq(leave(&next), 0);
    ck_assert_uint_eq(rng.drawn, 0);
    ck_assert(!told(999, 999));
}
END_TEST

/* On average one in mean, none twice in a row, and not in a rhythm. */
START_TEST(skips_come_as_often_as_asked_and_never_side_by_side)
{
    static const uint32_t means[] = {1, 2, 10, 300};
    enum { PACKETS = 100000 };
    const uint32_t mean = means[_i];
    uint64_t next = 0, skipped = 0, longest = 0, run = 0;

    begin(mean);
    for (int i = 0; i < PACKETS; i++) {
        const uint64_t gap = leave(&next);
        ck_assert_uint_le(gap, 1);
        skipped += gap;
        run = gap == 1 ? 0 : run + 1;
        longest = run > longest ? run : longest;
    }
    ck_assert_uint_ge(skipped, PACKETS / mean * 9 / 10);
    ck_assert_uint_le(skipped, PACKETS / mean * 11 / 10);
    ck_assert_uint_lt(longest, 2 * (uint64_t)mean + 1);
    if (mean > 1)
        ck_assert_uint_gt(longest, mean);
}
END_TEST

/* Every one of the latest is seen, by whatever range covers it, and nothing else is. */
START_TEST(skips_are_told_from_what_was_sent)
{
    enum { PACKETS = 200 };
    bool left_out[2 * PACKETS] = {false};
    uint64_t next = 0;

    begin(10);
    for (int i = 0; i < PACKETS; i++) {
        const uint64_t before = next;
        if (leave(&next) == 1)
            left_out[before] = true;
    }
    uint32_t seen = 0;
    for (uint64_t pn = next; pn-- > 0;) {
        const bool recent = left_out[pn] && seen < GN_SKIPS_MAX;
        ck_assert_int_eq(told(pn, 0), recent);
        ck_assert_int_eq(told(pn + 1, 1), recent || (pn + 1 < next && told(pn + 1, 0)));
        seen += recent;
    }
    ck_assert_uint_eq(seen, GN_SKIPS_MAX);
    ck_assert(told(next - 1, next - 1));
}
END_TEST

/* A range further down counts as much as the first. */
START_TEST(skips_are_seen_in_any_range)
{
    uint64_t next = 0;

    begin(1);
    while (next < 21)
        (void)leave(&next);
    const uint64_t out = skips.left_out[0] - 1;
    const uint8_t below[] = {(uint8_t)(20 - out - 2), 0};
    const gn_frame_ack ack = {
        .largest = 20, .range_count = 1, .ranges = {.ptr = below, .len = sizeof below}};
    const uint8_t beside[] = {(uint8_t)(20 - out - 1), 0};
    const gn_frame_ack other = {
        .largest = 20, .range_count = 1, .ranges = {.ptr = beside, .len = sizeof beside}};
    ck_assert(gn_skips_told(&skips, &ack));
    ck_assert(!gn_skips_told(&skips, &other));
}
END_TEST

Suite *
gn_test_skips(void)
{
    Suite *suite = suite_create("recovery/skips");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");

    tcase_add_test(good, skips_that_are_off_leave_nothing_out_and_draw_nothing);
    tcase_add_loop_test(good, skips_come_as_often_as_asked_and_never_side_by_side, 0, 4);
    tcase_add_test(hostile, skips_are_told_from_what_was_sent);
    tcase_add_test(hostile, skips_are_seen_in_any_range);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, hostile);
    return suite;
}
