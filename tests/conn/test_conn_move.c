/*
 * test_conn_move.c: clients that move, are moved, or seem to (RFC 9000 8.2, 9).
 */
#include <check.h>
#include <string.h>

#include "suites.h"
#include "tests/support/forge.h"
#include "tests/support/pair.h"

enum { CLIENT = GN_TEST_CLIENT, SERVER = GN_TEST_SERVER, STRANGER = 999 };

static gn_test_pair pair;
static gn_test_forge forge;

static gn_err
migrate(gn_route route)
{
    const gn_err err = gn_connection_migrate(pair.side[CLIENT].endpoint,
                                             pair.side[CLIENT].connection, route, pair.now);

    gn_test_pair_pull(&pair, CLIENT);
    return err;
}

/* Lets the server send enough for its window to grow. */
static void
grow_window(void)
{
    const uint64_t stream = gn_test_pair_open(&pair, SERVER, true);
    uint64_t off = 0;

    for (int i = 0; i < 8; i++) {
        off += gn_test_pair_write(&pair, SERVER, stream, off, 40000, false);
        gn_test_pair_settle(&pair);
    }
    ck_assert_uint_eq(gn_test_pair_stream(&pair, CLIENT, stream)->bytes, off);
    ck_assert_uint_gt(gn_test_pair_info(&pair, SERVER).window_bytes, 20000);
}

/* The client says something new, and all that follows happens. */
static void
client_speaks(void)
{
    const uint64_t stream = gn_test_pair_open(&pair, CLIENT, true);

    ck_assert_uint_eq(gn_test_pair_write(&pair, CLIENT, stream, 0, 10, true), 10);
}

/* [R-9000-8.2.1-2] [R-9000-9.5-1] */
START_TEST(move_to_a_route_probes_it_and_then_uses_it)
{
    gn_frame frame;
    uint32_t at;

    gn_test_pair_shake(&pair);
    const gn_cid before = pair.side[CLIENT].sent[pair.side[CLIENT].sents - 1].dcid;
    pair.host[2] = 2;
    at = pair.side[CLIENT].sents;
    ck_assert_int_eq(migrate(2), GN_OK);
    ck_assert_uint_eq(gn_test_pair_info(&pair, CLIENT).route, 1);
    ck_assert(gn_test_pair_sent(&pair, CLIENT, GN_FRAME_PATH_CHALLENGE, &at, &frame));
    ck_assert_uint_eq(pair.side[CLIENT].sent[at].route, 2);
    ck_assert_uint_ge(pair.side[CLIENT].sent[at].len, 1200);
    ck_assert(!gn_cid_equal(&pair.side[CLIENT].sent[at].dcid, &before)); /* RFC 9000 9.5 */
    gn_test_pair_settle(&pair);
    ck_assert_uint_lt(gn_test_pair_noted(&pair, CLIENT, 2, GN_PATH_PROBING),
                      gn_test_pair_noted(&pair, CLIENT, 2, GN_PATH_VALIDATED));
    ck_assert_uint_lt(gn_test_pair_noted(&pair, CLIENT, 2, GN_PATH_VALIDATED),
                      gn_test_pair_noted(&pair, CLIENT, 2, GN_PATH_ACTIVE));
    ck_assert_uint_lt(gn_test_pair_noted(&pair, SERVER, 102, GN_PATH_ACTIVE), UINT32_MAX);
    ck_assert_uint_lt(gn_test_pair_noted(&pair, SERVER, 102, GN_PATH_VALIDATED), UINT32_MAX);
    ck_assert_uint_eq(gn_test_pair_info(&pair, CLIENT).route, 2);
    ck_assert_uint_eq(gn_test_pair_info(&pair, SERVER).route, 102);
    at = 0;
    ck_assert(gn_test_pair_sent(&pair, CLIENT, GN_FRAME_RETIRE_CONNECTION_ID, &at, &frame));
    ck_assert_uint_eq(frame.as.retire_connection_id.seq, 0);
    gn_test_pair_expect_alive(&pair);
}
END_TEST

START_TEST(move_again_and_again_never_lacks_ids)
{
    gn_test_pair_shake(&pair);
    for (gn_route i = 0; i < 12; i++) {
        const gn_route route = 2 + i % 13;
        ck_assert_int_eq(migrate(route), GN_OK);
        gn_test_pair_settle(&pair);
        ck_assert_uint_eq(gn_test_pair_info(&pair, CLIENT).route, route);
        ck_assert_uint_eq(gn_test_pair_info(&pair, SERVER).route, 100 + route);
    }
    gn_test_pair_expect_alive(&pair);
}
END_TEST

START_TEST(move_back_works)
{
    gn_test_pair_shake(&pair);
    ck_assert_int_eq(migrate(2), GN_OK);
    gn_test_pair_run(&pair, pair.now + 60 * GN_MS);
    ck_assert_uint_eq(gn_test_pair_info(&pair, CLIENT).route, 2);
    ck_assert_int_eq(migrate(1), GN_OK);
    gn_test_pair_settle(&pair);
    ck_assert_uint_eq(gn_test_pair_info(&pair, CLIENT).route, 1);
    gn_test_pair_expect_alive(&pair);
}
END_TEST

/* RFC 9000 9.4: what was learnt of the old network says nothing about the new one. */
/* [R-9000-9.4-1] [R-9000-9.4-2] */
START_TEST(move_to_another_host_starts_the_window_anew)
{
    gn_test_pair_shake(&pair);
    const uint64_t initial = gn_test_pair_info(&pair, SERVER).window_bytes;
    grow_window();
    pair.host[2] = _i == 0 ? 2 : 1;
    const uint64_t grown = gn_test_pair_info(&pair, SERVER).window_bytes;
    ck_assert_uint_gt(grown, initial);
    ck_assert_int_eq(migrate(2), GN_OK);
    gn_test_pair_settle(&pair);
    ck_assert_uint_eq(gn_test_pair_info(&pair, SERVER).route, 102);
    if (_i == 0)
        ck_assert_uint_lt(gn_test_pair_info(&pair, SERVER).window_bytes, grown);
    gn_test_pair_expect_alive(&pair);
}
END_TEST

/* A NAT gives the client another port, or another address. */
/* [R-9000-9-4] [R-9000-9.3-1] [R-9000-9.3-2] [R-9000-9.4-2] */
START_TEST(move_by_a_nat_is_followed)
{
    gn_test_pair_shake(&pair);
    const uint64_t initial = gn_test_pair_info(&pair, SERVER).window_bytes;
    grow_window();
    const gn_info before = gn_test_pair_info(&pair, SERVER);
    pair.outside[1] = 150;
    pair.host[1] = _i == 0 ? 1 : 9;
    client_speaks();
    gn_test_pair_settle(&pair);
    const gn_info after = gn_test_pair_info(&pair, SERVER);
    ck_assert_uint_eq(after.route, 150);
    if (_i == 0)
        ck_assert_uint_eq(after.window_bytes, before.window_bytes);
    else
        ck_assert_uint_eq(after.window_bytes, initial);
    ck_assert_uint_lt(gn_test_pair_noted(&pair, SERVER, 150, GN_PATH_VALIDATED), UINT32_MAX);
    ck_assert_uint_eq(pair.side[CLIENT].notes, 0); /* the client cannot know */
    gn_test_pair_expect_alive(&pair);
}
END_TEST

/* RFC 9000 9.3.2: a server that goes back to the old address is heard there. */
START_TEST(move_taken_back_by_the_server_is_heard_by_the_client)
{
    gn_test_pair_shake(&pair);
    ck_assert_int_eq(migrate(2), GN_OK);
    gn_test_pair_settle(&pair);
    gn_test_pair_run(&pair, pair.now + 5 * GN_SECOND);
    ck_assert_uint_eq(gn_test_pair_info(&pair, CLIENT).paths, 1);
    gn_test_forge_take(&forge, &pair, SERVER);
    forge.route = 1;
    const uint32_t before = pair.side[CLIENT].sents;
    gn_test_forge_say(&forge, "01");
    gn_test_pair_run(&pair, pair.now + 100 * GN_MS);
    ck_assert_uint_eq(pair.side[CLIENT].dropped[GN_DROP_PATH], 0);
    ck_assert_uint_gt(pair.side[CLIENT].sents, before);
    for (uint32_t i = before; i < pair.side[CLIENT].sents; i++)
        ck_assert_uint_eq(pair.side[CLIENT].sent[i].route, 2);
    ck_assert_uint_eq(gn_test_pair_info(&pair, CLIENT).route, 2);
    /* And it is forgotten again, as often as it is met. */
    gn_test_pair_run(&pair, pair.now + 5 * GN_SECOND);
    ck_assert_uint_eq(gn_test_pair_info(&pair, CLIENT).paths, 1);
    /* Where it never was it hears nothing. */
    forge.route = 3;
    gn_test_forge_say(&forge, "01");
    ck_assert_uint_eq(pair.side[CLIENT].dropped[GN_DROP_PATH], 1);
}
END_TEST

START_TEST(move_to_a_dead_route_fails_and_changes_nothing)
{
    gn_test_pair_shake(&pair);
    pair.cut[2] = true;
    ck_assert_int_eq(migrate(2), GN_OK);
    gn_test_pair_settle(&pair);
    ck_assert_uint_lt(gn_test_pair_noted(&pair, CLIENT, 2, GN_PATH_FAILED), UINT32_MAX);
    ck_assert_uint_eq(gn_test_pair_noted(&pair, CLIENT, 2, GN_PATH_ACTIVE), UINT32_MAX);
    ck_assert_uint_eq(gn_test_pair_info(&pair, CLIENT).route, 1);
    gn_test_pair_expect_alive(&pair);
}
END_TEST

/* RFC 9000 9.3.2, 9.3.3: an attacker's copy moves us for a while, and not for good. */
/* [R-9000-9.3-2] [R-9000-9.3.2-1] [R-9000-9.3.3-1] */
START_TEST(move_that_nobody_proves_is_taken_back)
{
    gn_frame frame;

    gn_test_pair_shake(&pair);
    client_speaks();
    ck_assert_uint_eq(pair.flying, 1);
    pair.flying = 0; /* the copy arrives, the packet itself does not */
    uint32_t at = pair.side[SERVER].sents;
    gn_test_pair_give(&pair, SERVER, pair.flight[0].bytes, pair.flight[0].len, STRANGER, 66);
    ck_assert_uint_eq(gn_test_pair_info(&pair, SERVER).route, STRANGER);
    bool asked_old = false;
    bool asked_new = false;
    for (; gn_test_pair_sent(&pair, SERVER, GN_FRAME_PATH_CHALLENGE, &at, &frame); at++) {
        asked_old |= pair.side[SERVER].sent[at].route == 101;
        asked_new |= pair.side[SERVER].sent[at].route == STRANGER;
    }
    ck_assert(asked_old && asked_new);
    pair.side[CLIENT].mute = true; /* else its next packet would bring us back at once */
    gn_test_pair_run(&pair, pair.now + GN_SECOND);
    pair.side[CLIENT].mute = false;
    gn_test_pair_settle(&pair);
    ck_assert_uint_lt(gn_test_pair_noted(&pair, SERVER, STRANGER, GN_PATH_FAILED), UINT32_MAX);
    ck_assert_uint_eq(gn_test_pair_info(&pair, SERVER).route, 101);
    gn_test_pair_expect_alive(&pair);
}
END_TEST

/* RFC 9000 9.3.1: bytes to an address nobody has proved, at most three times what it sent. */
/* [R-9000-8-1] [R-9000-9.3-3] */
START_TEST(move_does_not_make_us_a_weapon)
{
    uint64_t sent = 0;

    gn_test_pair_shake(&pair);
    const uint64_t stream = gn_test_pair_open(&pair, SERVER, true);
    gn_test_forge_take(&forge, &pair, CLIENT);
    forge.route = STRANGER;
    forge.host = 66;
    gn_test_forge_hex(&forge, "01");
    forge.pad_to = _i == 0 ? 60 : 1200;
    const uint64_t earned = 3 * forge.pad_to;
    const uint32_t before = pair.side[SERVER].sents;
    gn_test_forge_send(&forge);
    (void)gn_test_pair_write(&pair, SERVER, stream, 0, 100000, false);
    gn_test_pair_run(&pair, pair.now + 200 * GN_MS);
    for (uint32_t i = before; i < pair.side[SERVER].sents; i++)
        if (pair.side[SERVER].sent[i].route == STRANGER)
            sent += pair.side[SERVER].sent[i].len;
    ck_assert_uint_gt(sent, 0);
    ck_assert_uint_le(sent, earned);
}
END_TEST

/* RFC 9000 9.1: who only probes is answered there, and stays where it is. */
/* [R-9000-8.2.1-4] [R-9000-8.2.2-3] [R-9000-8.2.2-5] [R-9000-8.2.2-6] */
START_TEST(move_is_not_what_probing_means)
{
    gn_frame frame;

    gn_test_pair_shake(&pair);
    gn_test_forge_take(&forge, &pair, CLIENT);
    forge.route = STRANGER;
    forge.pad_to = _i == 0 ? 60 : 1200;
    uint32_t at = pair.side[SERVER].sents;
    gn_test_forge_say(&forge, "1a 0102030405060708");
    ck_assert_uint_eq(gn_test_pair_info(&pair, SERVER).route, 101);
    ck_assert(gn_test_pair_sent(&pair, SERVER, GN_FRAME_PATH_RESPONSE, &at, &frame));
    ck_assert_uint_eq(pair.side[SERVER].sent[at].route, STRANGER);
    if (_i == 0) /* RFC 9000 8.2.2: not padded beyond what may be sent */
        ck_assert_uint_le(pair.side[SERVER].sent[at].len, 180);
    else
        ck_assert_uint_ge(pair.side[SERVER].sent[at].len, 1200);
}
END_TEST

/* RFC 9000 9.3: a packet that was only late does not move anything. */
/* [R-9000-9.3-1] */
START_TEST(move_needs_the_highest_packet_number)
{
    uint8_t late[GN_DATAGRAM_MAX];

    gn_test_pair_shake(&pair);
    gn_test_forge_take(&forge, &pair, CLIENT);
    gn_test_forge_hex(&forge, "01");
    const size_t len = gn_test_forge_seal(&forge, late);
    gn_test_forge_say(&forge, "01");
    gn_test_pair_give(&pair, SERVER, late, len, STRANGER, 1);
    ck_assert_uint_eq(gn_test_pair_info(&pair, SERVER).route, 101);
    forge.route = STRANGER;
    gn_test_forge_say(&forge, "01");
    ck_assert_uint_eq(gn_test_pair_info(&pair, SERVER).route, STRANGER);
}
END_TEST

/* RFC 9000 8.2.3: the answer may come by any path. */
/* [R-9000-8.2.2-4] */
START_TEST(move_is_proved_by_an_answer_from_anywhere)
{
    gn_frame frame;

    gn_test_pair_shake(&pair);
    gn_test_forge_take(&forge, &pair, CLIENT);
    forge.route = STRANGER;
    forge.pad_to = 1200;
    uint32_t at = pair.side[SERVER].sents;
    gn_test_forge_say(&forge, "01");
    do
        ck_assert(gn_test_pair_sent(&pair, SERVER, GN_FRAME_PATH_CHALLENGE, &at, &frame));
    while (pair.side[SERVER].sent[at++].route != STRANGER);
    frame.type = GN_FRAME_PATH_RESPONSE;
    forge.route = 101;
    frame.as.path.data[0] ^= 1; /* a wrong one proves nothing */
    gn_test_forge_frame(&forge, &frame);
    gn_test_forge_send(&forge);
    ck_assert_uint_eq(gn_test_pair_noted(&pair, SERVER, STRANGER, GN_PATH_VALIDATED), UINT32_MAX);
    frame.as.path.data[0] ^= 1;
    gn_test_forge_frame(&forge, &frame);
    gn_test_forge_send(&forge);
    ck_assert_uint_ne(gn_test_pair_noted(&pair, SERVER, STRANGER, GN_PATH_VALIDATED), UINT32_MAX);
}
END_TEST

/* Many ports, and acknowledgements of everything that was sent to them. */
START_TEST(move_from_many_ports_is_survived)
{
    gn_test_pair_shake(&pair);
    gn_test_forge_take(&forge, &pair, CLIENT);
    for (gn_route i = 0; i < 40; i++) {
        forge.route = 500 + i % 23;
        forge.pad_to = i % 3 == 0 ? 1200 : 0;
        gn_test_forge_say(&forge, i % 4 == 3 ? "1a 0102030405060708" : "01");
        gn_test_pair_run(&pair, pair.now + 7 * GN_MS);
        if (i % 5 == 4)
            gn_test_forge_ack(&forge);
    }
    ck_assert_uint_eq(pair.side[SERVER].closed.times, 0);
    ck_assert_uint_le(gn_test_pair_info(&pair, SERVER).paths, 4);
}
END_TEST

static gn_test_fate
by_another_port(gn_test_pair *p, gn_test_datagram *d)
{
    if (d->to == SERVER && d->nth > 0 && p->now < 500 * GN_MS)
        d->route = 150;
    return GN_TEST_PASS;
}

/* RFC 9000 9: the handshake stays on its path. */
/* [R-9000-9-1] */
START_TEST(move_before_confirmation_is_ignored)
{
    gn_test_pair_init(&pair);
    pair.hook = by_another_port;
    gn_test_pair_start(&pair);
    gn_test_pair_run(&pair, 400 * GN_MS);
    ck_assert_int_eq(migrate(2), GN_ERR_STATE);
    ck_assert_uint_gt(pair.side[SERVER].dropped[GN_DROP_PATH], 0);
    ck_assert_uint_eq(pair.side[SERVER].states & 1u << GN_STATE_CONFIRMED, 0);
    gn_test_pair_settle(&pair);
    ck_assert_uint_eq(gn_test_pair_info(&pair, SERVER).route, 101);
    gn_test_pair_expect_alive(&pair);
}
END_TEST

/* [R-9000-9-2] [R-9000-18.2-2] */
START_TEST(move_is_refused_where_it_may_not_be)
{
    gn_test_pair_init(&pair);
    pair.side[SERVER].config.disable_active_migration = _i == 1;
    gn_test_pair_confirm(&pair);
    ck_assert_int_eq(gn_connection_migrate(pair.side[SERVER].endpoint, pair.side[SERVER].connection,
                                           102, pair.now),
                     GN_ERR_STATE);
    gn_test_pair_pull(&pair, SERVER);
    ck_assert_int_eq(migrate(1), GN_ERR_STATE); /* we are there */
    ck_assert_int_eq(migrate(2), _i == 1 ? GN_ERR_STATE : GN_OK);
    gn_test_pair_settle(&pair);
    gn_test_pair_expect_alive(&pair);
}
END_TEST

/* [R-9000-9-3] */
START_TEST(move_is_not_followed_by_a_server_that_does_not_want_to)
{
    gn_test_pair_init(&pair);
    pair.side[SERVER].config.allow_peer_migration = 0;
    gn_test_pair_confirm(&pair);
    pair.outside[1] = 150;
    client_speaks();
    gn_test_pair_run(&pair, pair.now + 100 * GN_MS);
    ck_assert_uint_gt(pair.side[SERVER].dropped[GN_DROP_PATH], 0);
    ck_assert_uint_eq(gn_test_pair_info(&pair, SERVER).route, 101);
    pair.outside[1] = 101;
    gn_test_pair_settle(&pair);
    gn_test_pair_expect_alive(&pair);
}
END_TEST

/* [R-9000-9.5-1] */
START_TEST(move_without_a_spare_id_is_full)
{
    gn_test_pair_init(&pair);
    pair.side[CLIENT].config.active_connection_id_limit = 2;
    gn_test_pair_confirm(&pair);
    pair.cut[2] = true;
    ck_assert_int_eq(migrate(2), GN_OK);
    ck_assert_int_eq(migrate(3), GN_ERR_FULL);
    ck_assert_int_eq(migrate(2), GN_OK); /* asking again needs nothing new */
    gn_test_pair_settle(&pair);
    gn_test_pair_expect_alive(&pair);
}
END_TEST

/* Moving in the middle of a transfer, both ways, loses nothing. */
START_TEST(move_during_a_transfer_loses_nothing)
{
    gn_test_pair_shake(&pair);
    const uint64_t up = gn_test_pair_open(&pair, CLIENT, true);
    const uint64_t down = gn_test_pair_open(&pair, SERVER, true);
    ck_assert_uint_eq(gn_test_pair_write(&pair, CLIENT, up, 0, 200000, true), 200000);
    ck_assert_uint_eq(gn_test_pair_write(&pair, SERVER, down, 0, 200000, true), 200000);
    gn_test_pair_run(&pair, pair.now + 35 * GN_MS);
    ck_assert_int_eq(migrate(2), GN_OK);
    pair.cut[1] = _i == 1; /* the old way is gone at once */
    gn_test_pair_settle(&pair);
    ck_assert_uint_eq(gn_test_pair_stream(&pair, SERVER, up)->bytes, 200000);
    ck_assert_uint_eq(gn_test_pair_stream(&pair, CLIENT, down)->bytes, 200000);
    ck_assert_uint_eq(gn_test_pair_info(&pair, CLIENT).route, 2);
    gn_test_pair_expect_alive(&pair);
}
END_TEST

Suite *
gn_test_conn_move(void)
{
    Suite *suite = suite_create("conn/conn_move");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");
    TCase *limits = tcase_create("limits");

    tcase_add_test(good, move_to_a_route_probes_it_and_then_uses_it);
    tcase_add_test(good, move_again_and_again_never_lacks_ids);
    tcase_add_test(good, move_back_works);
    tcase_add_loop_test(good, move_to_another_host_starts_the_window_anew, 0, 2);
    tcase_add_loop_test(good, move_by_a_nat_is_followed, 0, 2);
    tcase_add_loop_test(good, move_during_a_transfer_loses_nothing, 0, 2);
    tcase_add_test(good, move_is_proved_by_an_answer_from_anywhere);
    tcase_add_test(hostile, move_taken_back_by_the_server_is_heard_by_the_client);
    tcase_add_test(hostile, move_to_a_dead_route_fails_and_changes_nothing);
    tcase_add_test(hostile, move_that_nobody_proves_is_taken_back);
    tcase_add_loop_test(hostile, move_does_not_make_us_a_weapon, 0, 2);
    tcase_add_loop_test(hostile, move_is_not_what_probing_means, 0, 2);
    tcase_add_test(hostile, move_needs_the_highest_packet_number);
    tcase_add_test(hostile, move_from_many_ports_is_survived);
    tcase_add_test(limits, move_before_confirmation_is_ignored);
    tcase_add_loop_test(limits, move_is_refused_where_it_may_not_be, 0, 2);
    tcase_add_test(limits, move_is_not_followed_by_a_server_that_does_not_want_to);
    tcase_add_test(limits, move_without_a_spare_id_is_full);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, hostile);
    suite_add_tcase(suite, limits);
    return suite;
}
