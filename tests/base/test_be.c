/*
 * test_be.c: what base/be.h promises.
 */
#include <check.h>

#include "base/be.h"
#include "suites.h"
#include "tests/support/random.h"

static const uint8_t bytes[8] = {0xf1, 0x02, 0x83, 0x04, 0x95, 0x06, 0xa7, 0x08};

START_TEST(be_read_puts_the_first_byte_on_top)
{
    ck_assert_uint_eq(gn_be_read_u16(bytes), 0xf102);
    ck_assert_uint_eq(gn_be_read_u32(bytes), 0xf1028304);
    ck_assert_uint_eq(gn_be_read_u64(bytes), UINT64_C(0xf10283049506a708));
}
END_TEST

START_TEST(be_write_puts_the_top_byte_first_and_touches_no_more)
{
    uint8_t out[9] = {0};

    out[2] = out[4] = out[8] = 0x55;
    gn_be_write_u16(out, 0xf102);
    ck_assert_mem_eq(out, bytes, 2);
    ck_assert_uint_eq(out[2], 0x55);
    gn_be_write_u32(out, 0xf1028304);
    ck_assert_mem_eq(out, bytes, 4);
    ck_assert_uint_eq(out[4], 0x55);
    gn_be_write_u64(out, UINT64_C(0xf10283049506a708));
    ck_assert_mem_eq(out, bytes, 8);
    ck_assert_uint_eq(out[8], 0x55);
}
END_TEST

START_TEST(be_reads_back_what_it_wrote)
{
    uint64_t state = (uint64_t)_i;
    const uint64_t value = gn_test_random(&state);
    uint8_t out[8];

    gn_be_write_u64(out, value);
    ck_assert_uint_eq(gn_be_read_u64(out), value);
    gn_be_write_u32(out, (uint32_t)value);
    ck_assert_uint_eq(gn_be_read_u32(out), (uint32_t)value);
    gn_be_write_u16(out, (uint16_t)value);
    ck_assert_uint_eq(gn_be_read_u16(out), (uint16_t)value);
}
END_TEST

Suite *
gn_test_be(void)
{
    Suite *s = suite_create("base/be");
    TCase *good = tcase_create("good");
    TCase *random = tcase_create("random");

    tcase_add_test(good, be_read_puts_the_first_byte_on_top);
    tcase_add_test(good, be_write_puts_the_top_byte_first_and_touches_no_more);
    tcase_add_loop_test(random, be_reads_back_what_it_wrote, 0, 100);
    suite_add_tcase(s, good);
    suite_add_tcase(s, random);
    return s;
}
