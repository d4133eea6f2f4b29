/*
 * test_hello_version.c: what endpoint/hello_version.h promises.
 */
#include <check.h>

#include "endpoint/endpoint_config.h"
#include "endpoint/hello_version.h"
#include "sim/fake_tls.h"
#include "suites.h"
#include "wire/frame.h"
#include "wire/version.h"

/* A stand-in's hello: empty fields, and version_information for versions 2 and 1, chosen 1. */
static const uint8_t hello[] = {1, 0, 22, 0, 0,    0,    0,    0,    0, 0, 14, 0x11, 12,
                                0, 0, 0,  1, 0x6b, 0x33, 0x43, 0xcf, 0, 0, 0,  1};

static uint8_t payload[256];

static gn_span
frames(size_t first, size_t len)
{
    gn_writer w = gn_writer_over(payload, sizeof payload);
    const gn_frame tail = {.type = GN_FRAME_CRYPTO,
                           .as.crypto = {.off = first, .data = {hello + first, len - first}}};
    const gn_frame head = {.type = GN_FRAME_CRYPTO, .as.crypto = {.data = {hello, first}}};

    ck_assert_int_eq(gn_frame_write(&w, &tail), GN_OK);
    if (first > 0)
        ck_assert_int_eq(gn_frame_write(&w, &head), GN_OK);
    return gn_span_of(payload, w.at);
}

START_TEST(hello_version_is_found_in_any_order_of_frames_and_not_in_part)
{
    gn_config config;
    bool told = false;

    gn_config_default(&config, GN_ROLE_SERVER);
    config.tls_ops = gn_sim_fake_tls();
    ck_assert_uint_eq(gn_hello_version(&config, GN_VERSION_1, frames(0, sizeof hello), &told),
                      GN_VERSION_1);
    ck_assert(told);
    config.versions[0] = GN_VERSION_2;
    config.versions[1] = GN_VERSION_1;
    ck_assert_uint_eq(gn_hello_version(&config, GN_VERSION_1, frames(0, sizeof hello), &told),
                      GN_VERSION_2);
    ck_assert_uint_eq(gn_hello_version(&config, GN_VERSION_1, frames(7, sizeof hello), &told),
                      GN_VERSION_2);
    told = false;
    for (size_t cut = 1; cut < sizeof hello; cut++)
        ck_assert_uint_eq(gn_hello_version(&config, GN_VERSION_1, frames(0, cut), &told),
                          GN_VERSION_1);
    ck_assert_uint_eq(gn_hello_version(&config, GN_VERSION_1, gn_span_of(NULL, 0), &told),
                      GN_VERSION_1);
    /* Who cannot know yet tells. */
    ck_assert(told);
}
END_TEST

Suite *
gn_test_hello_version(void)
{
    Suite *suite = suite_create("endpoint/hello_version");
    TCase *good = tcase_create("good");

    tcase_add_test(good, hello_version_is_found_in_any_order_of_frames_and_not_in_part);
    suite_add_tcase(suite, good);
    return suite;
}
