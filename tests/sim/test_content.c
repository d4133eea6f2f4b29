/*
 * test_content.c: what sim/content.h promises, one promise a test.
 */
#include <check.h>
#include <string.h>

#include "sim/content.h"
#include "suites.h"
#include "support/random.h"

static gn_sim_content content;
static uint8_t bytes[200000];

static void
set_up(void)
{
    gn_sim_content_init(&content, 1);
}

static void
copy(uint64_t stream, unsigned direction, uint64_t offset, size_t len)
{
    size_t done = 0;

    while (done < len) {
        size_t piece;
        const uint8_t *at = gn_sim_content_at(&content, stream, direction, offset + done, &piece);

        piece = piece < len - done ? piece : len - done;
        memcpy(bytes + done, at, piece);
        done += piece;
    }
}

START_TEST(content_checks_what_it_gives_in_any_pieces)
{
    uint64_t state = 4;
    uint64_t bad_at = 0;

    copy(8, 1, 0, sizeof bytes);
    for (int i = 0; i < 1000; i++) {
        const size_t at = gn_test_random(&state) % sizeof bytes;
        const size_t len = gn_test_random(&state) % (sizeof bytes - at);

        ck_assert(gn_sim_content_check(&content, 8, 1, at, bytes + at, len, &bad_at));
    }
}
END_TEST

START_TEST(content_finds_the_first_wrong_byte)
{
    uint64_t state = 4;

    copy(4, 0, 1000, 100000);
    for (int i = 0; i < 200; i++) {
        const size_t at = gn_test_random(&state) % 100000;
        uint64_t bad_at = 0;

        bytes[at] ^= 0x10;
        ck_assert(!gn_sim_content_check(&content, 4, 0, 1000, bytes, 100000, &bad_at));
        ck_assert_uint_eq(bad_at, 1000 + at);
        bytes[at] ^= 0x10;
    }
}
END_TEST

START_TEST(content_of_another_place_stream_or_direction_is_wrong)
{
    uint64_t bad_at = 0;

    copy(4, 0, 1000, 64);
    ck_assert(!gn_sim_content_check(&content, 4, 0, 1001, bytes, 64, &bad_at));
    ck_assert(!gn_sim_content_check(&content, 4, 0, 1000 + 2048, bytes, 64, &bad_at));
    ck_assert(!gn_sim_content_check(&content, 8, 0, 1000, bytes, 64, &bad_at));
    ck_assert(!gn_sim_content_check(&content, 4, 1, 1000, bytes, 64, &bad_at));
}
END_TEST

Suite *
gn_test_content(void)
{
    Suite *suite = suite_create("sim/content");
    TCase *good = tcase_create("good");

    tcase_add_checked_fixture(good, set_up, NULL);
    tcase_add_test(good, content_checks_what_it_gives_in_any_pieces);
    tcase_add_test(good, content_finds_the_first_wrong_byte);
    tcase_add_test(good, content_of_another_place_stream_or_direction_is_wrong);
    suite_add_tcase(suite, good);
    return suite;
}
