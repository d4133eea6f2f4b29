/*
 * test_hello_mark.c: what endpoint/hello_mark.h promises.
 */
#include <check.h>
#include <string.h>

#include "endpoint/hello_mark.h"
#include "suites.h"
#include "tests/support/random.h"
#include "wire/frame.h"

static const uint8_t key[GN_SIPHASH_KEY_BYTES] = {3};
static uint8_t hello[300];
static uint8_t payload[1200];
static gn_writer w;

static void
begin(void)
{
    for (size_t i = 0; i < sizeof hello; i++)
        hello[i] = (uint8_t)(7 * i + 1);
    w = gn_writer_over(payload, sizeof payload);
}

static void
piece(size_t off, size_t len)
{
    const gn_frame frame = {.type = GN_FRAME_CRYPTO,
                            .as.crypto = {.off = off, .data = gn_span_of(hello + off, len)}};

    ck_assert_int_eq(gn_frame_write(&w, &frame), GN_OK);
}

static gn_hello_mark
mark(uint8_t most)
{
    return gn_hello_mark_of(gn_span_of(payload, w.at), most, key);
}

START_TEST(hello_mark_is_the_same_however_the_bytes_are_cut)
{
    begin();
    piece(0, 250);
    const gn_hello_mark whole = mark(GN_HELLO_MARK_BYTES);
    begin();
    piece(100, 150);
    piece(0, 40);
    piece(30, 70);
    const gn_hello_mark parts = mark(GN_HELLO_MARK_BYTES);
    ck_assert_uint_eq(whole.len, GN_HELLO_MARK_BYTES);
    ck_assert_uint_eq(parts.len, whole.len);
    ck_assert_uint_eq(parts.hash, whole.hash);
}
END_TEST

START_TEST(hello_mark_ends_at_the_first_gap)
{
    begin();
    piece(0, 60);
    const gn_hello_mark head = mark(GN_HELLO_MARK_BYTES);
    piece(61, 100);
    const gn_hello_mark gap = mark(GN_HELLO_MARK_BYTES);
    ck_assert_uint_eq(head.len, 60);
    ck_assert_uint_eq(gap.len, 60);
    ck_assert_uint_eq(gap.hash, head.hash);
    piece(60, 1);
    ck_assert_uint_eq(mark(GN_HELLO_MARK_BYTES).len, GN_HELLO_MARK_BYTES);
    ck_assert_uint_eq(mark(60).hash, head.hash);
}
END_TEST

START_TEST(hello_mark_follows_every_byte)
{
    begin();
    piece(0, 200);
    const gn_hello_mark before = mark(GN_HELLO_MARK_BYTES);
    begin();
    hello[_i] ^= 1;
    piece(0, 200);
    ck_assert_uint_ne(mark(GN_HELLO_MARK_BYTES).hash, before.hash);
}
END_TEST

START_TEST(hello_mark_of_any_bytes_has_its_bound)
{
    uint64_t state = (uint64_t)_i;
    const size_t len = (size_t)_i % sizeof payload;

    gn_test_random_fill(&state, payload, sizeof payload);
    const gn_hello_mark some = gn_hello_mark_of(gn_span_of(payload, len), 77, key);
    ck_assert_uint_le(some.len, 77);
    ck_assert_uint_eq(gn_hello_mark_of(gn_span_of(NULL, 0), 77, key).len, 0);
}
END_TEST

Suite *
gn_test_hello_mark(void)
{
    Suite *suite = suite_create("endpoint/hello_mark");
    TCase *good = tcase_create("good");
    TCase *random = tcase_create("random");

    tcase_add_test(good, hello_mark_is_the_same_however_the_bytes_are_cut);
    tcase_add_test(good, hello_mark_ends_at_the_first_gap);
    tcase_add_loop_test(good, hello_mark_follows_every_byte, 0, GN_HELLO_MARK_BYTES);
    tcase_add_loop_test(random, hello_mark_of_any_bytes_has_its_bound, 0, 300);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, random);
    return suite;
}
