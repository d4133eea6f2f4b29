/*
 * test_conn_move_stray.c: packets by a route that cannot be answered yet (RFC 9000 9.5).
 */
#include <check.h>

#include "suites.h"
#include "tests/support/forge.h"
#include "tests/support/pair.h"

enum { CLIENT = GN_TEST_CLIENT, SERVER = GN_TEST_SERVER };

static gn_test_pair pair;
static gn_test_forge forge;

typedef void visitor(const gn_frame *frame);

/* Shows every frame that the server sent. */
static void
visit(visitor *visited)
{
    const uint32_t count = pair.side[SERVER].sents;

    for (uint32_t i = 0; i < count; i++) {
        const gn_test_pair_packet *packet = &pair.side[SERVER].sent[i];
        gn_reader r = gn_reader_over(packet->payload, packet->payload_len);
        gn_frame frame;
        gn_fault fault;

        while (gn_reader_left(&r) > 0 && gn_frame_read(&r, &frame, &fault) == GN_OK)
            visited(&frame);
    }
}

static gn_cid announced[3]; /* by sequence number */
static uint32_t responses;

static void
note(const gn_frame *frame)
{
    const gn_frame_new_connection_id *new = &frame->as.new_connection_id;

    if (frame->type == GN_FRAME_NEW_CONNECTION_ID && new->seq < 3)
        announced[new->seq] = new->cid;
    responses += frame->type == GN_FRAME_PATH_RESPONSE;
}

static void
answer(const gn_frame *frame)
{
    gn_frame response = *frame;

    if (frame->type != GN_FRAME_PATH_CHALLENGE)
        return;
    response.type = GN_FRAME_PATH_RESPONSE;
    gn_test_forge_frame(&forge, &response);
}

static uint32_t
sent_by(gn_route route)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < pair.side[SERVER].sents; i++)
        count += pair.side[SERVER].sent[i].route == route;
    return count;
}

/* Who comes by a new route for a new ID, when there is none of theirs left to answer with, is not
 * answered there; but what the packet says counts, as it may bring the ID that was missing. */
/* [R-9000-9.5-2] */
START_TEST(move_that_cannot_be_answered_is_read)
{
    gn_test_pair_init(&pair);
    pair.side[SERVER].config.active_connection_id_limit = 2;
    gn_test_pair_confirm(&pair);
    visit(note);
    gn_test_forge_take(&forge, &pair, CLIENT);
    forge.route = 500;
    forge.dcid = announced[1];
    gn_test_forge_say(&forge, "01");
    gn_test_pair_run(&pair, pair.now + 5 * GN_MS);
    ck_assert_uint_gt(sent_by(500), 0);
    visit(answer);
    gn_test_forge_send(&forge);
    /* So long that the path before is forgotten, and with it one of two IDs. */
    gn_test_pair_run(&pair, pair.now + 3000 * GN_MS);
    ck_assert_uint_eq(gn_test_pair_info(&pair, SERVER).paths, 1);

    forge.route = 501;
    forge.dcid = announced[2];
    gn_test_forge_say(&forge, "1a 0102030405060708"
                              "18 02 00 08 0102030405060708 000102030405060708090a0b0c0d0e0f");
    gn_test_pair_run(&pair, pair.now + 5 * GN_MS);
    ck_assert_uint_eq(sent_by(501), 0);
    /* The challenge that came there is not answered elsewhere either. */
    visit(note);
    ck_assert_uint_eq(responses, 0);
    gn_test_forge_say(&forge, "01");
    gn_test_pair_run(&pair, pair.now + 5 * GN_MS);
    ck_assert_uint_gt(sent_by(501), 0);
    ck_assert_uint_eq(pair.side[SERVER].closed.times, 0);
}
END_TEST

Suite *
gn_test_conn_move_stray(void)
{
    Suite *suite = suite_create("conn/conn_move_stray");
    TCase *limits = tcase_create("limits");

    tcase_add_test(limits, move_that_cannot_be_answered_is_read);
    suite_add_tcase(suite, limits);
    return suite;
}
