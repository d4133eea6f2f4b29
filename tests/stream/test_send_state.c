/*
 * test_send_state.c: the whole table of stream/send_state.c, walked (RFC 9000 figure 2).
 */
#include <check.h>
#include <stdlib.h>

#include "stream/send_state.h"
#include "suites.h"

/* Where each event leads, written down once more and in another way; -1: it is refused. */
static int
expected(int state, int event)
{
    if (state == GN_SEND_RESET_SENT)
        return event == GN_SEND_ON_RESET_ACKED ? GN_SEND_RESET_RECVD : -1;
    if (state == GN_SEND_DATA_RECVD || state == GN_SEND_RESET_RECVD)
        return -1;
    switch (event) {
    case GN_SEND_ON_RESET: return GN_SEND_RESET_SENT;
    case GN_SEND_ON_FIN: return GN_SEND_DATA_SENT;
    case GN_SEND_ON_DATA: return state == GN_SEND_DATA_SENT ? GN_SEND_DATA_SENT : GN_SEND_SEND;
    case GN_SEND_ON_ALL_ACKED: return state == GN_SEND_DATA_SENT ? GN_SEND_DATA_RECVD : -1;
    default: return -1;
    }
}

START_TEST(send_state_moves_as_the_figure_says_and_else_stays)
{
    for (int event = 0; event < GN_SEND_EVENTS; event++) {
        gn_send_state state = (gn_send_state)_i;
        const int to = expected(_i, event);
        const gn_err err = gn_send_state_step(&state, (gn_send_event)event);

        ck_assert_int_eq(err, to < 0 ? GN_ERR_STATE : GN_OK);
        ck_assert_int_eq((int)state, to < 0 ? _i : to);
    }
}
END_TEST

START_TEST(send_state_terminal_states_refuse_every_event)
{
    const bool terminal = gn_send_state_terminal((gn_send_state)_i);
    bool moves = false;

    for (int event = 0; event < GN_SEND_EVENTS; event++) {
        gn_send_state state = (gn_send_state)_i;
        moves = moves || gn_send_state_step(&state, (gn_send_event)event) == GN_OK;
    }
    ck_assert_int_eq(terminal, !moves);
}
END_TEST

Suite *
gn_test_send_state(void)
{
    Suite *s = suite_create("stream/send_state");
    TCase *table = tcase_create("table");

    tcase_add_loop_test(table, send_state_moves_as_the_figure_says_and_else_stays, 0,
                        GN_SEND_STATES);
    tcase_add_loop_test(table, send_state_terminal_states_refuse_every_event, 0, GN_SEND_STATES);
    suite_add_tcase(s, table);
    return s;
}
