/*
 * resume.c: see resume.h.
 */
#include "tests/support/resume.h"

#include <check.h>
#include <string.h>

enum { CLIENT = GN_TEST_CLIENT, SERVER = GN_TEST_SERVER };

void
gn_test_resume_configure(gn_test_pair *pair)
{
    gn_test_pair_init(pair);
    for (int i = 0; i < 2; i++) {
        pair->side[i].config.session_tickets = 1;
        memset(pair->side[i].config.ticket_key, 5, sizeof pair->side[i].config.ticket_key);
        gn_limits_default(&pair->side[i].config.limits, 4);
    }
    pair->side[SERVER].config.allow_early_data = 1;
}

/* What both sides were told so far is forgotten. */
void
gn_test_resume_forget(gn_test_pair *pair)
{
    for (int i = 0; i < 2; i++) {
        gn_test_side *side = &pair->side[i];
        side->states = 0;
        side->accepted = 0;
        side->closed = (gn_test_closed){0};
        side->streams = 0;
        memset(side->stream, 0, sizeof side->stream);
        side->sents = 0;
        side->zero_rtt = 0;
        side->resumptions = 0;
        side->discarded = 0;
        side->token_len = 0;
    }
}

/* A first connection, from its begin to its end. */
void
gn_test_resume_first(gn_test_pair *pair)
{
    gn_test_pair_confirm(pair);
    ck_assert_uint_eq(pair->side[CLIENT].resumptions, 1);
    ck_assert_uint_eq(pair->side[CLIENT].zero_rtt, 0);
    ck_assert_int_eq(gn_connection_close(pair->side[CLIENT].endpoint, pair->side[CLIENT].connection,
                                         0, "", 0, pair->now),
                     GN_OK);
    gn_test_pair_pull(pair, CLIENT);
    gn_test_pair_run(pair, pair->now + 3 * GN_SECOND);
    ck_assert_uint_eq(pair->side[SERVER].closed.forgotten, 1);
    gn_test_resume_forget(pair);
    pair->resumes = true;
    pair->early = true;
}

/* A server anew, long enough after its predecessor that its register knows all that may come. */
void
gn_test_resume_replace(gn_test_pair *pair)
{
    gn_test_pair_replace(pair, SERVER);
    gn_test_pair_run(pair, pair->now + 20 * GN_SECOND);
}

bool
gn_test_resume_told(gn_test_pair *pair, int side, gn_zero_rtt status)
{
    return (pair->side[side].zero_rtt >> status & 1) != 0;
}

uint32_t
gn_test_resume_count(gn_test_pair *pair, int side, uint8_t kind)
{
    uint32_t found = 0;

    for (uint32_t i = 0; i < pair->side[side].sents; i++)
        found += pair->side[side].sent[i].kind == kind;
    return found;
}

/* The second connection begins, and writes len bytes at once. */
uint64_t
gn_test_resume_begin(gn_test_pair *pair, size_t len, bool fin)
{
    gn_test_pair_connect(pair);
    ck_assert(gn_test_resume_told(pair, CLIENT, GN_ZERO_RTT_ATTEMPTED));
    const uint64_t stream = gn_test_pair_open(pair, CLIENT, false);
    ck_assert_uint_eq(gn_test_pair_write(pair, CLIENT, stream, 0, len, fin), len);
    ck_assert_uint_gt(gn_test_resume_count(pair, CLIENT, GN_EVENT_ZERO_RTT), 0);
    return stream;
}

/* It comes to rest, with the whole stream at the server and everything alive. */
void
gn_test_resume_finish(gn_test_pair *pair, uint64_t stream, size_t len, bool accepted)
{
    gn_test_pair_settle(pair);
    ck_assert(
        gn_test_resume_told(pair, CLIENT, accepted ? GN_ZERO_RTT_ACCEPTED : GN_ZERO_RTT_REJECTED));
    ck_assert(
        !gn_test_resume_told(pair, CLIENT, accepted ? GN_ZERO_RTT_REJECTED : GN_ZERO_RTT_ACCEPTED));
    ck_assert_int_eq(gn_test_resume_told(pair, SERVER, GN_ZERO_RTT_ACCEPTED), accepted);
    ck_assert_int_eq(gn_test_resume_told(pair, SERVER, GN_ZERO_RTT_REJECTED), !accepted);
    ck_assert_uint_eq(gn_test_pair_stream(pair, SERVER, stream)->bytes, len);
    ck_assert(gn_test_pair_stream(pair, SERVER, stream)->fin);
    ck_assert_uint_eq(gn_test_pair_info(pair, CLIENT).zero_rtt,
                      accepted ? GN_ZERO_RTT_ACCEPTED : GN_ZERO_RTT_REJECTED);
    gn_test_pair_expect_alive(pair);
    gn_test_pair_end(pair);
}
