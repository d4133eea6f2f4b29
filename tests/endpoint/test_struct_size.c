/*
 * test_struct_size.c: structs of every size that a version had are taken and given, no others.
 */
#include "endpoint/struct_size.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "endpoint/endpoint.h"
#include "suites.h"
#include "tests/support/pair.h"

enum { CLIENT = GN_TEST_CLIENT, SERVER = GN_TEST_SERVER, AROUND = 16 };

static gn_test_pair pair;

/* A copy in memory of exactly its own length: the sanitizer sees every step beyond. */
static void *
exactly(const void *whole, size_t size)
{
    uint8_t *copy = malloc(size);

    ck_assert_ptr_nonnull(copy);
    memcpy(copy, whole, size);
    memcpy(copy, &size, sizeof size);
    return copy;
}

START_TEST(struct_size_only_what_a_version_had_is_known)
{
    const gn_struct_id id = (gn_struct_id)_i;
    size_t count = 0;
    size_t last = 0;

    for (size_t size = gn_struct_size_nth(id, 0); size != 0;
         size = gn_struct_size_nth(id, ++count)) {
        ck_assert_uint_gt(size, last);
        ck_assert_uint_eq(size % 8, 0);
        last = size;
    }
    ck_assert_uint_ge(count, 1);
    size_t found = 0;
    for (size_t size = 0; size < last + AROUND; size++)
        found += gn_struct_size_known(id, size) ? 1 : 0;
    ck_assert_uint_eq(found, count);
    ck_assert(!gn_struct_size_known(id, SIZE_MAX));
}
END_TEST

/* Today's struct is the newest version, for each of them. */
START_TEST(struct_size_of_today_is_the_last)
{
    static const size_t today[GN_STRUCTS] = {[GN_STRUCT_CONFIG] = sizeof(gn_config),
                                             [GN_STRUCT_CONNECT] = sizeof(gn_connect),
                                             [GN_STRUCT_DATAGRAM] = sizeof(gn_datagram),
                                             [GN_STRUCT_SEND_DATAGRAM] = sizeof(gn_send_datagram),
                                             [GN_STRUCT_MOVE] = sizeof(gn_move),
                                             [GN_STRUCT_PATH_MTU] = sizeof(gn_path_mtu)};

    for (int id = 0; id < GN_STRUCTS; id++) {
        size_t last = 0;
        for (size_t nth = 0; gn_struct_size_nth((gn_struct_id)id, nth) != 0; nth++)
            last = gn_struct_size_nth((gn_struct_id)id, nth);
        ck_assert_uint_eq(last, today[id]);
    }
}
END_TEST

/* RFC 9000 18.2: what an older caller's gn_config lacks has its default. */
START_TEST(struct_size_of_an_older_configuration_is_completed)
{
    gn_endpoint *ep = NULL;
    gn_config full;

    gn_test_pair_init(&pair);
    full = pair.side[SERVER].config;
    full.stream_fairness = 0;
    full.ack_threshold = 7;
    const size_t bytes = gn_endpoint_size(&full.limits);
    void *block = aligned_alloc(64, (bytes + 63) / 64 * 64);
    ck_assert_ptr_nonnull(block);
    for (size_t nth = 0; gn_struct_size_nth(GN_STRUCT_CONFIG, nth) != 0; nth++) {
        const size_t size = gn_struct_size_nth(GN_STRUCT_CONFIG, nth);
        gn_config *given = exactly(&full, size);
        const char *field = "untouched";
        ck_assert_int_eq(gn_config_check(given, &field), GN_OK);
        ck_assert_ptr_null(field);
        ck_assert_int_eq(gn_endpoint_init(block, bytes, given, &ep), GN_OK);
        ck_assert_uint_eq(ep->config.size, sizeof full);
        ck_assert_uint_eq(ep->config.ack_threshold, 7);
        ck_assert_uint_eq(ep->config.stream_fairness, size < sizeof full ? 1 : 0);
        gn_endpoint_wipe(ep);
        free(given);
    }
    free(block);
}
END_TEST

START_TEST(struct_size_of_no_version_is_refused_by_name)
{
    gn_endpoint *ep = NULL;
    const char *field = NULL;

    gn_test_pair_init(&pair);
    gn_config *config = &pair.side[SERVER].config;
    const size_t bytes = gn_endpoint_size(&config->limits);
    void *block = aligned_alloc(64, (bytes + 63) / 64 * 64);
    for (size_t size = 0; size < sizeof *config + AROUND; size++) {
        if (gn_struct_size_known(GN_STRUCT_CONFIG, size))
            continue;
        config->size = size;
        ck_assert_int_eq(gn_config_check(config, &field), GN_ERR_CONFIG);
        ck_assert_str_eq(field, "gn_config.size");
        ep = (gn_endpoint *)block;
        ck_assert_int_eq(gn_endpoint_init(block, bytes, config, &ep), GN_ERR_CONFIG);
        ck_assert_ptr_null(ep);
    }
    ck_assert_int_eq(gn_config_check(NULL, &field), GN_ERR_CONFIG);
    ck_assert_str_eq(field, "config");
    free(block);
}
END_TEST

START_TEST(struct_size_of_an_older_connect_is_completed)
{
    gn_connect full;

    gn_test_pair_init(&pair);
    gn_limits_default(&pair.side[CLIENT].config.limits, 4);
    gn_test_pair_confirm(&pair);
    gn_endpoint *ep = pair.side[CLIENT].endpoint;
    gn_connect_default(&full);
    full.server_name = "server.example";
    full.route = 3;
    for (size_t nth = 0; gn_struct_size_nth(GN_STRUCT_CONNECT, nth) != 0; nth++) {
        gn_connection made = 0;
        gn_connect *given = exactly(&full, gn_struct_size_nth(GN_STRUCT_CONNECT, nth));
        ck_assert_int_eq(gn_endpoint_connect(ep, given, pair.now, &made), GN_OK);
        ck_assert_uint_ne(made, 0);
        gn_test_pair_pull(&pair, CLIENT);
        free(given);
    }
    for (size_t size = 0; size < sizeof full + AROUND; size++) {
        gn_connection made = 9;
        if (gn_struct_size_known(GN_STRUCT_CONNECT, size))
            continue;
        full.size = size;
        ck_assert_int_eq(gn_endpoint_connect(ep, &full, pair.now, &made), GN_ERR_CONFIG);
        ck_assert_uint_eq(made, 0);
    }
}
END_TEST

/* Whatever room a caller has for it, a struct is written that far and not further. */
START_TEST(struct_size_of_what_is_given_is_obeyed)
{
    gn_test_pair_init(&pair);
    gn_test_pair_start(&pair);
    gn_endpoint *ep = pair.side[CLIENT].endpoint;
    const gn_connection c = pair.side[CLIENT].connection;
    gn_info info = gn_test_pair_info(&pair, CLIENT);
    gn_config config;

    gn_config_default(&config, GN_ROLE_CLIENT);
    for (size_t size = 0; size <= sizeof info + AROUND; size++) {
        uint8_t *room = malloc(size + 1);
        memset(room, 0xa5, size + 1);
        ck_assert_int_eq(gn_connection_read_info(ep, c, (gn_info *)(void *)room, size), GN_OK);
        const size_t written = size < sizeof info ? size : sizeof info;
        if (size >= sizeof size) {
            ck_assert_mem_eq(room, &written, sizeof written);
            ck_assert_mem_eq(room + sizeof size, (uint8_t *)&info + sizeof size,
                             written - sizeof size);
        }
        for (size_t i = size < sizeof size ? 0 : written; i < size + 1; i++)
            ck_assert_uint_eq(room[i], 0xa5);
        free(room);
    }
    for (size_t size = 0; size <= sizeof config; size += 8) {
        uint8_t *room = malloc(size + 1);
        room[size] = 0xa5;
        gn_config_fill((gn_config *)(void *)room, size, GN_ROLE_CLIENT);
        ck_assert_uint_eq(room[size], 0xa5);
        if (size > 8)
            ck_assert_mem_eq(room + 8, (uint8_t *)&config + 8, size - 8);
        free(room);
    }
}
END_TEST

START_TEST(struct_size_of_an_effect_is_obeyed)
{
    gn_test_pair_init(&pair);
    gn_test_pair_start(&pair);
    gn_endpoint *ep = pair.side[CLIENT].endpoint;

    for (size_t size = sizeof size; size <= sizeof(gn_effect); size += 8) {
        gn_effect *room = malloc(size);
        gn_connection made = 0;
        gn_connect connect;
        gn_connect_default(&connect);
        connect.server_name = "server.example";
        /* There is room for one connection more; it is wiped with the endpoint. */
        if (gn_endpoint_connect(ep, &connect, pair.now, &made) != GN_OK) {
            ck_assert(!gn_endpoint_pull(ep, room, size));
            free(room);
            continue;
        }
        ck_assert(gn_endpoint_has_effects(ep));
        ck_assert(!gn_endpoint_pull(ep, room, sizeof size - 1));
        ck_assert(gn_endpoint_pull(ep, room, size));
        ck_assert_uint_eq(room->size, size);
        if (size >= 16)
            ck_assert_uint_eq(room->kind, GN_EFFECT_SEND);
        while (gn_endpoint_pull(ep, room, size))
            continue;
        ck_assert(!gn_endpoint_has_effects(ep));
        free(room);
    }
}
END_TEST

Suite *
gn_test_struct_size(void)
{
    Suite *suite = suite_create("endpoint/struct_size");
    TCase *table = tcase_create("table");
    TCase *limits = tcase_create("limits");

    tcase_add_loop_test(table, struct_size_only_what_a_version_had_is_known, 0, GN_STRUCTS);
    tcase_add_test(table, struct_size_of_today_is_the_last);
    tcase_add_test(limits, struct_size_of_an_older_configuration_is_completed);
    tcase_add_test(limits, struct_size_of_no_version_is_refused_by_name);
    tcase_add_test(limits, struct_size_of_an_older_connect_is_completed);
    tcase_add_test(limits, struct_size_of_what_is_given_is_obeyed);
    tcase_add_test(limits, struct_size_of_an_effect_is_obeyed);
    suite_add_tcase(suite, table);
    suite_add_tcase(suite, limits);
    return suite;
}
