/*
 * test_conn_check.c: the check that traps when a connection is broken, and the digest of its state.
 */
#include <check.h>
#include <signal.h>

#include "endpoint/endpoint.h"
#include "suites.h"
#include "tests/support/forge.h"
#include "tests/support/pair.h"

enum { CLIENT = GN_TEST_CLIENT, SERVER = GN_TEST_SERVER, BREAKS = 6 };

static gn_test_pair pair;
static gn_test_forge forge;

START_TEST(check_traps_when_something_is_broken)
{
    gn_test_pair_shake(&pair);
    gn_endpoint *ep = pair.side[SERVER].endpoint;
    gn_conn *conn = &gn_endpoint_seat(ep, 0)->conn;

    gn_endpoint_check(ep);
    switch (_i) {
    case 0: gn_paths_active(&conn->paths)->cc.in_flight_bytes += 1; break;
    case 1: conn->paths.active = GN_PATHS_MAX; break;
    case 2: conn->local_cids.count++; break;
    case 3: gn_paths_active(&conn->paths)->peer_cid = GN_PEER_CID_NONE; break;
    case 4: conn->handshake.complete = 0; break;
    default: conn->events.count = GN_EVENTS_MAX + 1; break;
    }
    gn_endpoint_check(ep);
}
END_TEST

START_TEST(check_digest_follows_the_state)
{
    gn_test_pair_shake(&pair);
    gn_test_forge_take(&forge, &pair, CLIENT);
    const uint64_t before = gn_test_pair_digest(&pair, SERVER);
    ck_assert_uint_ne(before, 0);
    ck_assert_uint_eq(gn_test_pair_digest(&pair, SERVER), before);
    gn_test_forge_say(&forge, "01");
    const uint64_t after = gn_test_pair_digest(&pair, SERVER);
    ck_assert_uint_ne(after, before);
    gn_test_forge_say(&forge, "10 9fffffff");
    ck_assert_uint_ne(gn_test_pair_digest(&pair, SERVER), after);
}
END_TEST

Suite *
gn_test_conn_check(void)
{
    Suite *suite = suite_create("conn/conn_check");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");

    tcase_add_test(good, check_digest_follows_the_state);
    tcase_add_loop_test_raise_signal(hostile, check_traps_when_something_is_broken, SIGABRT, 0,
                                     BREAKS);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, hostile);
    return suite;
}
