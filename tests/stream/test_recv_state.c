/*
 * test_recv_state.c: the whole table of stream/recv_state.c, walked (RFC 9000 figure 3).
 */
#include <check.h>
#include <stdlib.h>

#include "stream/recv_state.h"
#include "suites.h"

/* Where each event leads, written down once more and in another way; -1: it is refused. */
static int
expected(int state, int event)
{
    const bool open = state == GN_RECV_RECV || state == GN_RECV_SIZE_KNOWN;

    if (state == GN_RECV_DATA_READ || state == GN_RECV_RESET_READ)
        return -1;
    switch (event) {
    case GN_RECV_ON_FIN: return state == GN_RECV_RECV ? GN_RECV_SIZE_KNOWN : state;
    case GN_RECV_ON_ALL_DATA:
        if (state == GN_RECV_RECV)
            return -1;
        return state == GN_RECV_SIZE_KNOWN ? GN_RECV_DATA_RECVD : state;
    case GN_RECV_ON_RESET: return open ? GN_RECV_RESET_RECVD : state;
    case GN_RECV_ON_DATA_READ: return state == GN_RECV_DATA_RECVD ? GN_RECV_DATA_READ : -1;
    default: return state == GN_RECV_RESET_RECVD ? GN_RECV_RESET_READ : -1;
    }
}

START_TEST(recv_state_moves_as_the_figure_says_and_else_stays)
{
    for (int event = 0; event < GN_RECV_EVENTS; event++) {
        gn_recv_state state = (gn_recv_state)_i;
        const int to = expected(_i, event);
        const gn_err err = gn_recv_state_step(&state, (gn_recv_event)event);

        ck_assert_int_eq(err, to < 0 ? GN_ERR_STATE : GN_OK);
        ck_assert_int_eq((int)state, to < 0 ? _i : to);
    }
}
END_TEST

START_TEST(recv_state_terminal_states_refuse_every_event)
{
    const bool terminal = gn_recv_state_terminal((gn_recv_state)_i);
    bool accepts = false;

    for (int event = 0; event < GN_RECV_EVENTS; event++) {
        gn_recv_state state = (gn_recv_state)_i;
        accepts = accepts || gn_recv_state_step(&state, (gn_recv_event)event) == GN_OK;
    }
    ck_assert_int_eq(terminal, !accepts);
}
END_TEST

Suite *
gn_test_recv_state(void)
{
    Suite *s = suite_create("stream/recv_state");
    TCase *table = tcase_create("table");

    tcase_add_loop_test(table, recv_state_moves_as_the_figure_says_and_else_stays, 0,
                        GN_RECV_STATES);
    tcase_add_loop_test(table, recv_state_terminal_states_refuse_every_event, 0, GN_RECV_STATES);
    suite_add_tcase(s, table);
    return s;
}
