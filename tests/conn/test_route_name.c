/*
 * test_route_name.c: what conn/route_name.h promises.
 */
#include <check.h>
#include <string.h>

#include "conn/route_name.h"
#include "suites.h"

static const gn_route_name_key key = {.bytes = {1, 2, 3}};

START_TEST(route_name_is_the_same_for_the_same_route_only)
{
    const gn_cid name = gn_route_name_of(&key, 77);
    const gn_cid again = gn_route_name_of(&key, 77);

    ck_assert(gn_cid_equal(&name, &again));
    for (int bit = 0; bit < 64; bit++) {
        const gn_cid other = gn_route_name_of(&key, 77 ^ UINT64_C(1) << bit);
        ck_assert(!gn_cid_equal(&name, &other));
    }
}
END_TEST

/* RFC 9000 5.1: nobody who chooses an ID of 20 bytes can choose a name. */
START_TEST(route_name_begins_with_what_only_the_endpoint_knows)
{
    const gn_cid name = gn_route_name_of(&key, 77);
    const gn_route_name_key others = {.bytes = {1, 2, 4}};
    const gn_cid other = gn_route_name_of(&others, 77);

    ck_assert_uint_eq(name.len, GN_CID_MAX);
    ck_assert_mem_eq(name.bytes, key.bytes, sizeof key.bytes);
    ck_assert(!gn_cid_equal(&name, &other));
}
END_TEST

Suite *
gn_test_route_name(void)
{
    Suite *suite = suite_create("conn/route_name");
    TCase *good = tcase_create("good");

    tcase_add_test(good, route_name_is_the_same_for_the_same_route_only);
    tcase_add_test(good, route_name_begins_with_what_only_the_endpoint_knows);
    suite_add_tcase(suite, good);
    return suite;
}
