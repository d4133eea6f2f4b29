/*
 * test_varint.c: what wire/varint.h promises.
 */
#include <check.h>
#include <signal.h>
#include <string.h>

#include "prop.h"
#include "suites.h"
#include "tests/support/random.h"
#include "tests/support/vectors.h"
#include "wire/varint.h"

typedef struct sample {
    uint8_t bytes[8];
    size_t len;
    uint64_t value;
    bool shortest;
} sample;

static sample samples[64];
static size_t count;

static void
load(void)
{
    static gn_test_vectors v;

    count = 0;
    gn_test_vectors_open(&v, "rfc9000_a1_varint.txt");
    while (gn_test_vectors_next(&v)) {
        sample *s = &samples[count++];
        ck_assert_uint_le(count, 64);
        s->len = gn_test_vectors_bytes(&v, "bytes", s->bytes, sizeof s->bytes);
        s->value = gn_test_vectors_u64(&v, "value");
        s->shortest = strcmp(gn_test_vectors_text(&v, "shortest"), "yes") == 0;
    }
    ck_assert_uint_eq(count, 16);
}

START_TEST(varint_reads_the_samples)
{
    for (size_t i = 0; i < count; i++) {
        gn_reader r = gn_reader_over(samples[i].bytes, samples[i].len);
        uint64_t value = 0;

        ck_assert_int_eq(gn_varint_read(&r, &value), GN_OK);
        ck_assert_uint_eq(value, samples[i].value);
        ck_assert_uint_eq(r.at, samples[i].len);

        r = gn_reader_over(samples[i].bytes, samples[i].len);
        value = 0;
        ck_assert_int_eq(gn_varint_read_any(&r, &value), GN_OK);
        ck_assert_uint_eq(value, samples[i].value);
        ck_assert_uint_eq(r.at, samples[i].len);
    }
}
END_TEST

START_TEST(varint_writes_the_shortest_samples)
{
    for (size_t i = 0; i < count; i++) {
        uint8_t out[9];
        gn_writer w = gn_writer_over(out, sizeof out);

        memset(out, 0x77, sizeof out);
        ck_assert_int_eq(gn_varint_write(&w, samples[i].value), GN_OK);
        ck_assert_uint_eq(w.at, gn_varint_size(samples[i].value));
        ck_assert_uint_eq(out[w.at], 0x77);
        if (samples[i].shortest)
            ck_assert_uint_eq(w.at, samples[i].len);
        else
            ck_assert_uint_lt(w.at, samples[i].len);
        if (samples[i].shortest)
            ck_assert_mem_eq(out, samples[i].bytes, samples[i].len);
    }
}
END_TEST

START_TEST(varint_writes_every_sample_in_its_size)
{
    for (size_t i = 0; i < count; i++) {
        uint8_t out[9];
        gn_writer w = gn_writer_over(out, sizeof out);

        memset(out, 0x77, sizeof out);
        ck_assert_int_eq(gn_varint_write_sized(&w, samples[i].value, samples[i].len), GN_OK);
        ck_assert_uint_eq(w.at, samples[i].len);
        ck_assert_mem_eq(out, samples[i].bytes, samples[i].len);
        ck_assert_uint_eq(out[w.at], 0x77);
    }
}
END_TEST

START_TEST(varint_cut_anywhere_is_short_and_moves_nothing)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t cut = 0; cut < samples[i].len; cut++) {
            gn_reader r = gn_reader_over(samples[i].bytes, cut);
            uint64_t value = 7;

            ck_assert_int_eq(gn_varint_read(&r, &value), GN_ERR_SHORT);
            ck_assert_uint_eq(r.at, 0);
            ck_assert_uint_eq(value, 7);
        }
    }
}
END_TEST

START_TEST(varint_without_room_is_full_and_changes_nothing)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t room = 0; room < gn_varint_size(samples[i].value); room++) {
            uint8_t out[8];
            gn_writer w = gn_writer_over(out, room);

            memset(out, 0x77, sizeof out);
            ck_assert_int_eq(gn_varint_write(&w, samples[i].value), GN_ERR_FULL);
            ck_assert_uint_eq(w.at, 0);
            for (size_t j = 0; j < sizeof out; j++)
                ck_assert_uint_eq(out[j], 0x77);
        }
    }
}
END_TEST

START_TEST(varint_too_large_is_refused_and_changes_nothing)
{
    static const uint64_t values[] = {GN_VARINT_MAX + 1, UINT64_C(1) << 63, UINT64_MAX};
    uint8_t out[8] = {0};
    gn_writer w = gn_writer_over(out, sizeof out);

    ck_assert_int_eq(gn_varint_write(&w, values[_i]), GN_ERR_RANGE);
    ck_assert_uint_eq(w.at, 0);
    ck_assert_uint_eq(out[0], 0);
}
END_TEST

static const struct {
    size_t size;
    uint64_t most;
} fits[] = {{1, 0x3f}, {2, 0x3fff}, {4, 0x3fffffff}, {8, GN_VARINT_MAX}};

START_TEST(varint_sized_holds_its_most_and_no_more)
{
    uint8_t out[8];
    gn_writer w = gn_writer_over(out, sizeof out);

    ck_assert_int_eq(gn_varint_write_sized(&w, fits[_i].most + 1, fits[_i].size), GN_ERR_RANGE);
    ck_assert_uint_eq(w.at, 0);
    ck_assert_int_eq(gn_varint_write_sized(&w, fits[_i].most, fits[_i].size), GN_OK);
    ck_assert_uint_eq(w.at, fits[_i].size);

    gn_writer tight = gn_writer_over(out, fits[_i].size - 1);
    ck_assert_int_eq(gn_varint_write_sized(&tight, 0, fits[_i].size), GN_ERR_FULL);
    ck_assert_uint_eq(tight.at, 0);
}
END_TEST

START_TEST(varint_length_can_be_patched_later)
{
    uint8_t out[8] = {0};
    gn_writer w = gn_writer_over(out, sizeof out);
    ck_assert_int_eq(gn_varint_write_sized(&w, 0, 2), GN_OK);
    ck_assert_int_eq(gn_writer_fill(&w, 0xaa, 5), GN_OK);

    gn_writer again = gn_writer_over(out, 2);
    ck_assert_int_eq(gn_varint_write_sized(&again, 5, 2), GN_OK);
    ck_assert_mem_eq(out, ((uint8_t[]){0x40, 0x05, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0}), 8);
}
END_TEST

START_TEST(varint_size_of_too_much_traps)
{
    (void)gn_varint_size(GN_VARINT_MAX + 1);
}
END_TEST

START_TEST(varint_of_three_bytes_traps)
{
    uint8_t out[8];
    gn_writer w = gn_writer_over(out, sizeof out);

    ck_assert_int_eq(gn_varint_write_sized(&w, 0, 3), GN_ERR_RANGE);
}
END_TEST

START_TEST(varint_holds_its_property)
{
    uint64_t state = (uint64_t)_i;
    uint8_t bytes[64];

    gn_test_random_fill(&state, bytes, sizeof bytes);
    ck_assert(gn_prop_varint(bytes, sizeof bytes));
}
END_TEST

Suite *
gn_test_varint(void)
{
    Suite *s = suite_create("wire/varint");
    TCase *vectors = tcase_create("vectors");
    TCase *good = tcase_create("good");
    TCase *limits = tcase_create("limits");
    TCase *random = tcase_create("random");

    tcase_add_checked_fixture(vectors, load, NULL);
    tcase_add_test(vectors, varint_reads_the_samples);
    tcase_add_test(vectors, varint_writes_the_shortest_samples);
    tcase_add_test(vectors, varint_writes_every_sample_in_its_size);
    tcase_add_test(vectors, varint_cut_anywhere_is_short_and_moves_nothing);
    tcase_add_test(vectors, varint_without_room_is_full_and_changes_nothing);
    tcase_add_test(good, varint_length_can_be_patched_later);
    tcase_add_loop_test(limits, varint_too_large_is_refused_and_changes_nothing, 0, 3);
    tcase_add_loop_test(limits, varint_sized_holds_its_most_and_no_more, 0, 4);
    tcase_add_test_raise_signal(limits, varint_size_of_too_much_traps, SIGABRT);
    tcase_add_test_raise_signal(limits, varint_of_three_bytes_traps, SIGABRT);
    tcase_add_loop_test(random, varint_holds_its_property, 0, 200);
    suite_add_tcase(s, vectors);
    suite_add_tcase(s, good);
    suite_add_tcase(s, limits);
    suite_add_tcase(s, random);
    return s;
}
