/*
 * test_conn_preferred.c: a server's preferred address, offered, told and moved to (RFC 9000 9.6).
 */
#include <check.h>
#include <string.h>

#include "endpoint/endpoint.h"
#include "suites.h"
#include "tests/support/pair.h"

enum { CLIENT = GN_TEST_CLIENT, SERVER = GN_TEST_SERVER, THERE = 5, ELSEWHERE = 6 };

static gn_test_pair pair;
static gn_preferred_address told;
static uint32_t told_count;

/* A server that forbids moves, and offers one. */
static void
shake(bool offers)
{
    gn_test_pair_init(&pair);
    gn_config *server = &pair.side[SERVER].config;
    server->disable_active_migration = 1;
    server->preferred_ipv4_port = offers ? 4433 : 0;
    memcpy(server->preferred_ipv4, (const uint8_t[]){192, 0, 2, 99}, 4);
    gn_test_pair_confirm(&pair);
}

/* The same by hand up to the server's first flight, for the effect itself. */
static void
read_effect(void)
{
    gn_test_datagram *d = &pair.flight[0];
    gn_effect effect;

    told_count = 0;
    gn_test_pair_init(&pair);
    gn_config *server = &pair.side[SERVER].config;
    server->preferred_ipv4_port = 4433;
    server->preferred_ipv6_port = 4434;
    memcpy(server->preferred_ipv4, (const uint8_t[]){192, 0, 2, 99}, 4);
    memset(server->preferred_ipv6, 0x26, 16);
    gn_test_pair_start(&pair);
    gn_endpoint *client = pair.side[CLIENT].endpoint;
    while (pair.flying == 0 || d->to != CLIENT)
        ck_assert(gn_test_pair_step(&pair, 5 * GN_SECOND));
    while (pair.flying > 0 && d->to == CLIENT) {
        const gn_datagram given = {
            .size = sizeof given, .bytes = d->bytes, .len = d->len, .route = d->route};
        ck_assert_int_eq(gn_endpoint_receive(client, &given, pair.now), GN_OK);
        while (gn_endpoint_next_effect(client, &effect)) {
            if (effect.kind != GN_EFFECT_PREFERRED_ADDRESS)
                continue;
            told_count++;
            told = *effect.preferred;
            ck_assert_uint_eq(effect.connection, pair.side[CLIENT].connection);
            ck_assert_uint_eq(told.cid_len, 8);
            const gn_conn *conn = &gn_endpoint_seat(pair.side[SERVER].endpoint, 0)->conn;
            ck_assert_mem_eq(told.cid, gn_local_cids_offered(&conn->local_cids)->bytes, 8);
        }
        pair.flying--;
        memmove(&pair.flight[0], &pair.flight[1], pair.flying * sizeof pair.flight[0]);
    }
}

/* [R-9000-9.6.2-4] */
START_TEST(preferred_address_is_told_to_the_client)
{
    read_effect();
    ck_assert_uint_eq(told_count, 1);
    ck_assert_uint_eq(told.size, sizeof told);
    ck_assert_mem_eq(told.ipv4, ((const uint8_t[]){192, 0, 2, 99}), 4);
    ck_assert_uint_eq(told.ipv4_port, 4433);
    ck_assert_uint_eq(told.ipv6_port, 4434);
    ck_assert_uint_eq(told.ipv6[15], 0x26);
}
END_TEST

static gn_err
move(gn_move_reason reason)
{
    const gn_move there = {.size = sizeof there,
                           .route = THERE,
                           .host = {[12] = 192, [14] = 2, [15] = 99},
                           .reason = reason};
    const gn_err err = gn_connection_move(pair.side[CLIENT].endpoint, pair.side[CLIENT].connection,
                                          &there, pair.now);

    gn_test_pair_pull(&pair, CLIENT);
    return err;
}

/* [R-9000-9.6.2-1] [R-9000-9.6.2-2] [R-9000-9.6.2-3] */
START_TEST(preferred_address_is_moved_to_where_other_moves_are_forbidden)
{
    gn_frame frame;
    uint32_t at = 0;

    shake(true);
    ck_assert_int_eq(move(GN_MOVE_ACTIVE), GN_ERR_STATE);
    pair.side[CLIENT].sents = 0;
    pair.side[SERVER].sents = 0;
    ck_assert_int_eq(move(GN_MOVE_PREFERRED), GN_OK);
    ck_assert_uint_eq(gn_test_pair_info(&pair, CLIENT).route, 1);
    ck_assert_uint_eq(gn_test_pair_info(&pair, SERVER).route, 101);
    ck_assert(gn_test_pair_sent(&pair, CLIENT, GN_FRAME_PATH_CHALLENGE, &at, &frame));
    ck_assert_uint_eq(pair.side[CLIENT].sent[at].route, THERE);
    gn_test_pair_settle(&pair);
    ck_assert_uint_ne(gn_test_pair_noted(&pair, CLIENT, THERE, GN_PATH_VALIDATED), UINT32_MAX);
    ck_assert_uint_eq(gn_test_pair_info(&pair, CLIENT).route, THERE);
    ck_assert_uint_eq(gn_test_pair_info(&pair, SERVER).route, 100 + THERE);
    /* The server asks there, and at the old place (9.3.3). */
    at = 0;
    do {
        ck_assert(gn_test_pair_sent(&pair, SERVER, GN_FRAME_PATH_CHALLENGE, &at, &frame));
    } while (pair.side[SERVER].sent[at++].route != 100 + THERE);
    gn_test_pair_expect_alive(&pair);
}
END_TEST

/* [R-9000-9.6.1-1] */
START_TEST(preferred_address_that_does_not_answer_is_left_alone)
{
    shake(true);
    pair.cut[THERE] = true;
    ck_assert_int_eq(move(GN_MOVE_PREFERRED), GN_OK);
    gn_test_pair_settle(&pair);
    ck_assert_uint_ne(gn_test_pair_noted(&pair, CLIENT, THERE, GN_PATH_FAILED), UINT32_MAX);
    ck_assert_uint_eq(gn_test_pair_info(&pair, CLIENT).route, 1);
    ck_assert_uint_eq(gn_test_pair_info(&pair, SERVER).route, 101);
    gn_test_pair_expect_alive(&pair);
}
END_TEST

/* Both moves are under way; whatever comes first, the preferred address it is in the end, and
 * when that is silent the other one. [R-9000-9.6.3-1] */
START_TEST(preferred_address_wins_over_another_move)
{
    static const gn_move there = {
        .size = sizeof there, .route = THERE, .reason = GN_MOVE_PREFERRED};
    static const gn_move elsewhere = {.size = sizeof elsewhere, .route = ELSEWHERE};
    const bool silent = _i == 2;

    gn_test_pair_init(&pair);
    pair.side[SERVER].config.preferred_ipv4_port = 4433;
    gn_test_pair_confirm(&pair);
    pair.cut[THERE] = silent;
    gn_endpoint *client = pair.side[CLIENT].endpoint;
    const gn_connection c = pair.side[CLIENT].connection;
    ck_assert_int_eq(gn_connection_move(client, c, _i == 1 ? &elsewhere : &there, pair.now), GN_OK);
    gn_test_pair_pull(&pair, CLIENT);
    gn_test_pair_run(&pair, pair.now + GN_MS);
    ck_assert_int_eq(gn_connection_move(client, c, _i == 1 ? &there : &elsewhere, pair.now), GN_OK);
    gn_test_pair_pull(&pair, CLIENT);
    gn_test_pair_settle(&pair);
    ck_assert_uint_eq(gn_test_pair_info(&pair, CLIENT).route, silent ? ELSEWHERE : THERE);
    ck_assert_uint_eq(gn_test_pair_info(&pair, SERVER).route, 100u + (silent ? ELSEWHERE : THERE));
    if (!silent)
        ck_assert_uint_eq(gn_test_pair_noted(&pair, CLIENT, ELSEWHERE, GN_PATH_ACTIVE), UINT32_MAX);
    gn_test_pair_expect_alive(&pair);
}
END_TEST

/* It comes to the server's other address, and from an address of its own that is new: for the
 * server it moved, is asked, and gets three times what it sent until it answers.
 * [R-9000-9.6.3-2] */
START_TEST(preferred_address_from_elsewhere_is_a_move)
{
    shake(true);
    pair.host[THERE] = 77;
    ck_assert_int_eq(move(GN_MOVE_PREFERRED), GN_OK);
    const gn_conn *server = &gn_endpoint_seat(pair.side[SERVER].endpoint, 0)->conn;
    while (server->paths.at[server->paths.active].route != 100 + THERE)
        ck_assert(gn_test_pair_step(&pair, pair.now + GN_SECOND));
    const gn_path *path = &server->paths.at[server->paths.active];
    ck_assert_int_eq(path->proved, 0);
    ck_assert_int_eq(path->state, GN_PATH_TESTING);
    ck_assert_uint_lt(gn_path_budget(path), 3 * path->in_bytes + 1);
    gn_test_pair_settle(&pair);
    ck_assert_int_eq(server->paths.at[server->paths.active].proved, 1);
    gn_test_pair_expect_alive(&pair);
}
END_TEST

START_TEST(preferred_address_that_was_not_offered_cannot_be_moved_to)
{
    gn_move there = {.size = sizeof there, .route = THERE, .reason = GN_MOVE_KINDS};

    shake(false);
    ck_assert_int_eq(move(GN_MOVE_PREFERRED), GN_ERR_STATE);
    gn_endpoint *client = pair.side[CLIENT].endpoint;
    const gn_connection c = pair.side[CLIENT].connection;
    ck_assert_int_eq(gn_connection_move(client, c, &there, pair.now), GN_ERR_CONFIG);
    there.reason = GN_MOVE_PREFERRED;
    there.size--;
    ck_assert_int_eq(gn_connection_move(client, c, &there, pair.now), GN_ERR_CONFIG);
    ck_assert_int_eq(gn_connection_move(client, c, NULL, pair.now), GN_ERR_CONFIG);
    gn_test_pair_expect_alive(&pair);
}
END_TEST

/* Its ID has sequence number 1, so a second one of that number must be the same. */
START_TEST(preferred_address_takes_the_second_id)
{
    shake(true);
    const gn_conn *client = &gn_endpoint_seat(pair.side[CLIENT].endpoint, 0)->conn;
    const gn_conn *server = &gn_endpoint_seat(pair.side[SERVER].endpoint, 0)->conn;
    const gn_cid *offered = &client->peer.preferred_address.cid;
    bool found = false;

    for (int i = 0; i < GN_PEER_CIDS_MAX; i++)
        if (client->peer_cids.at[i].seq == 1 && gn_cid_equal(&client->peer_cids.at[i].cid, offered))
            found = true;
    ck_assert(found);
    uint64_t seq = 9;
    ck_assert_int_eq(gn_local_cids_find(&server->local_cids, offered, &seq), GN_OK);
    ck_assert_uint_eq(seq, 1);
}
END_TEST

Suite *
gn_test_conn_preferred(void)
{
    Suite *suite = suite_create("conn/conn_preferred");
    TCase *good = tcase_create("good");

    tcase_add_test(good, preferred_address_is_told_to_the_client);
    tcase_add_test(good, preferred_address_is_moved_to_where_other_moves_are_forbidden);
    tcase_add_test(good, preferred_address_that_does_not_answer_is_left_alone);
    tcase_add_loop_test(good, preferred_address_wins_over_another_move, 0, 3);
    tcase_add_test(good, preferred_address_from_elsewhere_is_a_move);
    tcase_add_test(good, preferred_address_that_was_not_offered_cannot_be_moved_to);
    tcase_add_test(good, preferred_address_takes_the_second_id);
    suite_add_tcase(suite, good);
    return suite;
}
