/*
 * test_tls_wolfssl_queue.c: what tls/tls_wolfssl_queue.h promises.
 */
#include <check.h>
#include <string.h>

#include "suites.h"
#include "tls/tls_wolfssl_queue.h"

static gn_tls_wolfssl_queue queue;

static gn_err
push_text(gn_level level, const char *text)
{
    return gn_tls_wolfssl_queue_bytes(&queue, level,
                                      gn_span_of((const uint8_t *)text, strlen(text)));
}

static void
expect_text(gn_level level, const char *text)
{
    gn_tls_event event;

    ck_assert(gn_tls_wolfssl_queue_pop(&queue, &event));
    ck_assert_int_eq(event.kind, GN_TLS_BYTES);
    ck_assert_int_eq(event.level, level);
    ck_assert_uint_eq(event.bytes.len, strlen(text));
    ck_assert_mem_eq(event.bytes.ptr, text, strlen(text));
}

START_TEST(queue_gives_events_in_their_order)
{
    const gn_tls_event secret = {.kind = GN_TLS_SECRET, .level = GN_LEVEL_HANDSHAKE};
    gn_tls_event event;

    memset(&queue, 0, sizeof queue);
    ck_assert_int_eq(push_text(GN_LEVEL_INITIAL, "one"), GN_OK);
    ck_assert_int_eq(gn_tls_wolfssl_queue_push(&queue, &secret), GN_OK);
    ck_assert_int_eq(push_text(GN_LEVEL_HANDSHAKE, "two"), GN_OK);
    expect_text(GN_LEVEL_INITIAL, "one");
    ck_assert(gn_tls_wolfssl_queue_pop(&queue, &event));
    ck_assert_int_eq(event.kind, GN_TLS_SECRET);
    expect_text(GN_LEVEL_HANDSHAKE, "two");
    ck_assert(!gn_tls_wolfssl_queue_pop(&queue, &event));
    gn_tls_wolfssl_queue_free(&queue);
}
END_TEST

START_TEST(queue_joins_bytes_of_one_level)
{
    memset(&queue, 0, sizeof queue);
    ck_assert_int_eq(push_text(GN_LEVEL_INITIAL, "one"), GN_OK);
    ck_assert_int_eq(push_text(GN_LEVEL_INITIAL, "two"), GN_OK);
    ck_assert_int_eq(push_text(GN_LEVEL_HANDSHAKE, "three"), GN_OK);
    ck_assert_uint_eq(queue.count, 2);
    expect_text(GN_LEVEL_INITIAL, "onetwo");
    expect_text(GN_LEVEL_HANDSHAKE, "three");
    gn_tls_wolfssl_queue_free(&queue);
}
END_TEST

START_TEST(queue_grows_and_keeps_what_it_holds)
{
    static char text[5000];
    gn_tls_event event;

    memset(&queue, 0, sizeof queue);
    memset(text, 'x', sizeof text - 1);
    ck_assert_int_eq(push_text(GN_LEVEL_INITIAL, "begin"), GN_OK);
    for (int i = 0; i < 10; i++)
        ck_assert_int_eq(push_text(GN_LEVEL_INITIAL, text), GN_OK);
    ck_assert(gn_tls_wolfssl_queue_pop(&queue, &event));
    ck_assert_uint_eq(event.bytes.len, 5 + 10 * (sizeof text - 1));
    ck_assert_mem_eq(event.bytes.ptr, "beginxxx", 8);
    gn_tls_wolfssl_queue_free(&queue);
    ck_assert_ptr_null(queue.bytes);
}
END_TEST

START_TEST(queue_that_is_full_says_so_and_recovers)
{
    const gn_tls_event event = {.kind = GN_TLS_SECRET};
    gn_tls_event out;

    memset(&queue, 0, sizeof queue);
    for (int i = 0; i < GN_TLS_WOLFSSL_QUEUE_MAX; i++)
        ck_assert_int_eq(gn_tls_wolfssl_queue_push(&queue, &event), GN_OK);
    ck_assert_int_eq(gn_tls_wolfssl_queue_push(&queue, &event), GN_ERR_FULL);
    ck_assert_int_eq(push_text(GN_LEVEL_APP, "one"), GN_ERR_FULL);
    gn_tls_wolfssl_queue_settle(&queue); /* nothing: there are events */
    ck_assert_int_eq(gn_tls_wolfssl_queue_push(&queue, &event), GN_ERR_FULL);
    for (int i = 0; i < GN_TLS_WOLFSSL_QUEUE_MAX; i++)
        ck_assert(gn_tls_wolfssl_queue_pop(&queue, &out));
    gn_tls_wolfssl_queue_settle(&queue);
    ck_assert_int_eq(push_text(GN_LEVEL_APP, "one"), GN_OK);
    expect_text(GN_LEVEL_APP, "one");
    gn_tls_wolfssl_queue_free(&queue);
}
END_TEST

START_TEST(queue_wipes_secrets_that_were_taken)
{
    gn_tls_event event = {.kind = GN_TLS_SECRET};
    static const gn_tls_event zero;

    memset(&queue, 0, sizeof queue);
    memset(event.as.secret.bytes, 0x77, sizeof event.as.secret.bytes);
    ck_assert_int_eq(gn_tls_wolfssl_queue_push(&queue, &event), GN_OK);
    ck_assert(gn_tls_wolfssl_queue_pop(&queue, &event));
    ck_assert_uint_eq(event.as.secret.bytes[0], 0x77);
    ck_assert_mem_eq(&queue.event[0], &zero, sizeof zero);
    gn_tls_wolfssl_queue_free(&queue);
}
END_TEST

Suite *
gn_test_tls_wolfssl_queue(void)
{
    Suite *suite = suite_create("tls/tls_wolfssl_queue");
    TCase *good = tcase_create("good");
    TCase *limits = tcase_create("limits");

    tcase_add_test(good, queue_gives_events_in_their_order);
    tcase_add_test(good, queue_joins_bytes_of_one_level);
    tcase_add_test(good, queue_wipes_secrets_that_were_taken);
    tcase_add_test(limits, queue_grows_and_keeps_what_it_holds);
    tcase_add_test(limits, queue_that_is_full_says_so_and_recovers);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, limits);
    return suite;
}
