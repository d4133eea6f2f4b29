/*
 * test_tls_address.c: what tls/tls_address.h promises.
 */
#include <check.h>
#include <string.h>

#include "suites.h"
#include "tests/support/random.h"
#include "tls/tls_address.h"

START_TEST(address_is_written_in_full)
{
    static const char *const rows[][2] = {
        {"127.0.0.1", "127.0.0.1"},
        {"255.255.255.255", "255.255.255.255"},
        {"::1", "0000:0000:0000:0000:0000:0000:0000:0001"},
        {"::", "0000:0000:0000:0000:0000:0000:0000:0000"},
        {"1::", "0001:0000:0000:0000:0000:0000:0000:0000"},
        {"2001:db8::ff00:42:8329", "2001:0DB8:0000:0000:0000:FF00:0042:8329"},
        {"2001:DB8:0:0:0:FF00:42:8329", "2001:0DB8:0000:0000:0000:FF00:0042:8329"},
        {"1:2:3:4:5:6:7:8", "0001:0002:0003:0004:0005:0006:0007:0008"},
        {"1:2:3:4:5:6:7::", "0001:0002:0003:0004:0005:0006:0007:0000"},
        {"::ffff:192.0.2.33", "0000:0000:0000:0000:0000:FFFF:C000:0221"},
        {"1:2:3:4:5:6:192.0.2.33", "0001:0002:0003:0004:0005:0006:C000:0221"},
    };
    char out[GN_TLS_ADDRESS_TEXT];

    ck_assert(gn_tls_address_is(rows[_i][0]));
    ck_assert(gn_tls_address_write(rows[_i][0], out));
    ck_assert_str_eq(out, rows[_i][1]);
}
END_TEST

START_TEST(address_that_is_none_is_refused)
{
    static const char *const rows[] = {"",
                                       "1.2.3",
                                       "1.2.3.256",
                                       "1.2.3.4.",
                                       "1.2.3.4.5",
                                       ".1.2.3",
                                       "0001.2.3.4",
                                       ":",
                                       ":1",
                                       "1:",
                                       "1:2:3:4:5:6:7",
                                       "1:2:3:4:5:6:7:8:9",
                                       "1::2::3",
                                       "12345::",
                                       "g::",
                                       "::1%lo",
                                       "1:2:3:4:5:6:7:8::",
                                       ":::",
                                       "1:2:3:4:5:6:7:1.2.3.4",
                                       "::1.2.3",
                                       "::1.2.3.4:5",
                                       "server.example"};
    char out[GN_TLS_ADDRESS_TEXT];

    ck_assert(!gn_tls_address_write(rows[_i], out));
}
END_TEST

START_TEST(address_of_random_characters_never_does_harm)
{
    static const char some[] = "0123456789abcdefAF:::..";
    uint64_t state = 7;

    for (int round = 0; round < 20000; round++) {
        char name[48], out[GN_TLS_ADDRESS_TEXT + 1];
        const size_t len = gn_test_random(&state) % (sizeof name - 1);

        for (size_t i = 0; i < len; i++)
            name[i] = some[gn_test_random(&state) % (sizeof some - 1)];
        name[len] = '\0';
        out[GN_TLS_ADDRESS_TEXT] = '#';
        if (gn_tls_address_write(name, out))
            ck_assert_uint_lt(strlen(out), GN_TLS_ADDRESS_TEXT);
        ck_assert_int_eq(out[GN_TLS_ADDRESS_TEXT], '#');
    }
}
END_TEST

START_TEST(address_is_no_name)
{
    ck_assert(gn_tls_address_is("::1"));
    ck_assert(gn_tls_address_is("10.0.0.1"));
    ck_assert(!gn_tls_address_is("server.example"));
    ck_assert(!gn_tls_address_is("10.example"));
}
END_TEST

Suite *
gn_test_tls_address(void)
{
    Suite *suite = suite_create("tls/tls_address");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");

    tcase_add_loop_test(good, address_is_written_in_full, 0, 11);
    tcase_add_test(good, address_is_no_name);
    tcase_add_loop_test(hostile, address_that_is_none_is_refused, 0, 22);
    tcase_add_test(hostile, address_of_random_characters_never_does_harm);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, hostile);
    return suite;
}
