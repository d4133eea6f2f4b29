/*
 * test_negotiation.c: what conn/negotiation.h promises, of every pair of lists (RFC 9368 4).
 */
#include <check.h>
#include <string.h>

#include "conn/negotiation.h"
#include "suites.h"
#include "wire/version.h"

enum { V1 = GN_VERSION_1, V2 = GN_VERSION_2 };

/* A peer's version_information: chosen, and up to two that are available. */
static gn_tparams
says(uint32_t chosen, uint32_t first, uint32_t second)
{
    gn_tparams p;

    gn_tparams_init(&p);
    p.present = GN_TPARAMS_VERSIONS;
    p.chosen_version = chosen;
    p.versions[0] = first;
    p.versions[1] = second;
    p.version_count = (uint8_t)((first != 0) + (second != 0));
    return p;
}

START_TEST(negotiation_server_takes_what_it_likes_best_of_what_is_offered)
{
    static const struct {
        uint32_t ours[GN_VERSIONS_MAX];
        uint32_t original;
        uint32_t chosen;
        uint32_t offered[2];
        uint32_t want;
    } rows[] = {
        {{V2, V1}, V1, V1, {V1, V2}, V2}, {{V1, V2}, V1, V1, {V2, V1}, V1},
        {{V2, V1}, V1, V1, {V1, 0}, V1},  {{V1}, V1, V1, {V2, V1}, V1},
        {{V1, V2}, V2, V2, {V1, V2}, V1}, {{V2, V1}, V1, V2, {V1, V2}, V1},
    };
    const gn_tparams client = says(rows[_i].chosen, rows[_i].offered[0], rows[_i].offered[1]);

    ck_assert_uint_eq(gn_negotiation_choose(rows[_i].ours, rows[_i].original, &client),
                      rows[_i].want);
}
END_TEST

START_TEST(negotiation_client_that_says_nothing_keeps_its_version)
{
    const uint32_t ours[GN_VERSIONS_MAX] = {V2, V1};
    gn_tparams silent;

    gn_tparams_init(&silent);
    ck_assert_uint_eq(gn_negotiation_choose(ours, V1, &silent), V1);
}
END_TEST

/* What a peer said, and what is wrong with it. */
static const struct {
    gn_negotiation n;
    uint32_t ours[GN_VERSIONS_MAX];
    bool is_server;
    uint32_t said[3]; /* chosen 0: nothing */
    const char *why;
} judged[] = {
    {{.now = V1, .original = V1}, {V1}, false, {0}, NULL},
    {{.now = V2, .original = V1}, {V2, V1}, false, {V2, V1, V2}, NULL},
    {{.now = V1, .original = V1, .reacted = 1}, {V2, V1}, false, {V1, V1, 0}, NULL},
    {{.now = V2, .original = V2, .reacted = 1}, {V2, V1}, false, {V2, V1, 0}, NULL},
    {{.now = V1, .original = V1}, {V2, V1}, true, {V1, V1, V2}, NULL},
    {{.now = V2, .original = V1}, {V2, V1}, true, {V1, V1, V2}, NULL},
    {{.now = V2, .original = V1}, {V2, V1}, true, {0}, NULL},
    {{.now = V1, .original = V1, .reacted = 1}, {V2, V1}, false, {0}, NULL},
    {{.now = V2, .original = V2, .reacted = 1},
     {V1, V2},
     false,
     {0},
     "RFC 9368 4: version_information is missing after a negotiation"},
    {{.now = V2, .original = V1},
     {V2, V1},
     false,
     {0},
     "RFC 9368 4: version_information is missing after a negotiation"},
    {{.now = V1, .original = V1},
     {V1},
     false,
     {V2, V2, 0},
     "RFC 9368 4: the server chose a version that was not on offer"},
    {{.now = V2, .original = V1},
     {V2, V1},
     false,
     {V1, V1, V2},
     "RFC 9368 4: the server chose another version than its packets have"},
    {{.now = V1, .original = V1},
     {V2, V1},
     false,
     {V2, V1, V2},
     "RFC 9368 4: the server chose another version than its packets have"},
    {{.now = V1, .original = V1, .reacted = 1},
     {V2, V1},
     false,
     {V1, V1, V2},
     "RFC 9368 4: a downgrade: the server speaks a version that we like better"},
    {{.now = V1, .original = V1, .reacted = 1},
     {V1},
     false,
     {V1, 0, 0},
     "RFC 9368 4: a downgrade: the server speaks a version that we like better"},
    {{.now = V1, .original = V1},
     {V1, V2},
     true,
     {V2, V1, V2},
     "RFC 9368 4: the client chose another version than its packets have"},
};

/* [R-9368-4-4] [R-9368-4-5] [R-9368-4-6] [R-9368-4-7] [R-9368-4-8] [R-9368-4-9]
 * [R-9368-8-1] */
START_TEST(negotiation_judges_the_peer)
{
    gn_tparams peer = says(judged[_i].said[0], judged[_i].said[1], judged[_i].said[2]);
    gn_fault fault = {0};

    if (judged[_i].said[0] == 0)
        gn_tparams_init(&peer);
    const gn_err err =
        gn_negotiation_judge(&judged[_i].n, judged[_i].ours, judged[_i].is_server, &peer, &fault);
    ck_assert_int_eq(err, judged[_i].why == NULL ? GN_OK : GN_ERR_FORM);
    if (judged[_i].why != NULL) {
        ck_assert_str_eq(fault.why, judged[_i].why);
        ck_assert_uint_eq(fault.wire_code, 0x11);
    }
}
END_TEST

/* [R-9368-3-2] */
START_TEST(negotiation_tells_what_we_speak_and_one_that_nobody_does)
{
    const gn_negotiation n = {.now = V1, .original = V1};
    const uint32_t one[GN_VERSIONS_MAX] = {V1};
    const uint32_t two[GN_VERSIONS_MAX] = {V2, V1};
    const uint8_t seed[GN_RNG_SEED_BYTES] = {7};
    gn_tparams p;
    gn_rng rng;

    gn_rng_init(&rng, seed, "test", 0);
    gn_tparams_init(&p);
    gn_negotiation_tell(&n, one, &rng, &p);
    ck_assert_uint_eq(p.present, 0);
    gn_negotiation_tell(&n, two, &rng, &p);
    ck_assert_uint_eq(p.present, GN_TPARAMS_VERSIONS);
    ck_assert_uint_eq(p.chosen_version, V1);
    ck_assert_uint_eq(p.version_count, 3);
    ck_assert_uint_eq(p.versions[0], V2);
    ck_assert_uint_eq(p.versions[1], V1);
    ck_assert(gn_version_is_reserved(p.versions[2]));
    gn_tparams_init(&p);
    gn_negotiation_tell(&n, two, NULL, &p);
    ck_assert_uint_eq(p.version_count, 2);
}
END_TEST

Suite *
gn_test_negotiation(void)
{
    Suite *suite = suite_create("conn/negotiation");
    TCase *table = tcase_create("table");

    tcase_add_loop_test(table, negotiation_server_takes_what_it_likes_best_of_what_is_offered, 0,
                        6);
    tcase_add_test(table, negotiation_client_that_says_nothing_keeps_its_version);
    tcase_add_loop_test(table, negotiation_judges_the_peer, 0, 16);
    tcase_add_test(table, negotiation_tells_what_we_speak_and_one_that_nobody_does);
    suite_add_tcase(suite, table);
    return suite;
}
