/*
 * test_vectors_frames.c: wire/frame.h against vectors/frames_*.txt.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "suites.h"
#include "tests/support/vector_frames.h"
#include "tests/support/vectors.h"
#include "wire/frame.h"
#include "wire/frame_rules.h"

/* Those that senders have calls of their own for come first, those without a good frame last. */
static const char *const files[] = {"frames_ack.txt",  "frames_data.txt", "frames_credit.txt",
                                    "frames_misc.txt", "frames_path.txt", "frames_type.txt"};

enum { SENT_FILES = 2, GOOD_FILES = 5, FILES = 6 };

static gn_test_vectors v;
static gn_test_vector_frame want;
static uint8_t packet[GN_TEST_VECTOR_BYTES];
static size_t frame_len;  /* of the frame alone */
static size_t packet_len; /* and of what follows it */

/* Goes to the next case, refused ones or others. */
static bool
next_case(bool refused)
{
    while (gn_test_vectors_next(&v)) {
        if (gn_test_vectors_is(&v, "result", "invalid") != refused)
            continue;
        frame_len = gn_test_vectors_bytes(&v, "bytes", packet, sizeof packet);
        packet_len = frame_len;
        if (gn_test_vectors_has(&v, "after"))
            packet_len +=
                gn_test_vectors_bytes(&v, "after", packet + frame_len, sizeof packet - frame_len);
        return true;
    }
    return false;
}

/* Reads the first len bytes, in memory that ends where they end. */
static gn_err
read_first(size_t len, size_t *taken, gn_frame *f, gn_fault *fault)
{
    uint8_t *exact = malloc(len + 1);
    ck_assert_ptr_nonnull(exact);
    memcpy(exact + 1, packet, len);
    gn_reader r = gn_reader_over(exact + 1, len);

    memset(f, 0x5a, sizeof *f);
    memset(fault, 0, sizeof *fault);
    const gn_err err = gn_frame_read(&r, f, fault);
    *taken = r.at;
    free(exact);
    return err;
}

START_TEST(vectors_frames_good_ones_are_read_as_said)
{
    size_t cases = 0;

    for (gn_test_vectors_open(&v, files[_i]); next_case(false); cases++) {
        gn_reader r = gn_reader_over(packet, packet_len);
        gn_fault fault = {0};
        gn_frame f;

        gn_test_vectors_assert(&v, gn_test_vector_frames_make(&v, &want));
        memset(&f, 0x5a, sizeof f);
        gn_test_vectors_assert(&v, gn_frame_read(&r, &f, &fault) == GN_OK);
        gn_test_vectors_assert(&v, r.at == frame_len);
        gn_test_vectors_assert(&v, fault.why == NULL);
        gn_test_vector_frames_same(&v, &want, &f);
        gn_test_vectors_assert(&v,
                               gn_test_vectors_is(&v, "frame", gn_frame_rules_name(f.type)));
    }
    ck_assert_uint_gt(cases, 40);
}
END_TEST

/* The frame, written: shorter than the case only where the case is not the shortest form. */
static void
expect_written(const gn_frame *f, bool pairs_as_read)
{
    const bool shortest = gn_test_vectors_is(&v, "result", "valid");
    uint8_t out[GN_TEST_VECTOR_BYTES];
    gn_writer w = gn_writer_over(out, sizeof out);

    gn_test_vectors_assert(&v, gn_frame_write(&w, f) == GN_OK);
    gn_test_vectors_assert(&v, w.at == gn_frame_size(f));
    if (shortest) {
        gn_test_vectors_assert(&v, w.at == frame_len);
        gn_test_vectors_assert(&v, memcmp(out, packet, frame_len) == 0);
    } else {
        gn_test_vectors_assert(&v, pairs_as_read || w.at < frame_len);
    }
    for (size_t room = 0; room < w.at; room++) {
        gn_writer little = gn_writer_over(out, room);

        gn_test_vectors_assert(&v, gn_frame_write(&little, f) == GN_ERR_FULL);
        gn_test_vectors_assert(&v, little.at == 0);
    }
}

START_TEST(vectors_frames_good_ones_are_written_in_the_shortest_form)
{
    for (gn_test_vectors_open(&v, files[_i]); next_case(false);) {
        gn_reader r = gn_reader_over(packet, packet_len);
        gn_fault fault = {0};
        gn_frame f;

        gn_test_vectors_assert(&v, gn_test_vector_frames_make(&v, &want));
        expect_written(&want.frame, false);
        gn_test_vectors_assert(&v, gn_frame_read(&r, &f, &fault) == GN_OK);
        /* The pairs of an ACK that was read are copied in whatever form they came. */
        expect_written(&f, f.type == GN_FRAME_ACK || f.type == GN_FRAME_ACK_ECN);
    }
}
END_TEST

START_TEST(vectors_frames_senders_write_the_same)
{
    size_t sent = 0;

    for (gn_test_vectors_open(&v, files[_i]); next_case(false);) {
        uint8_t out[GN_TEST_VECTOR_BYTES];
        gn_writer w = gn_writer_over(out, sizeof out);

        gn_test_vectors_assert(&v, gn_test_vector_frames_make(&v, &want));
        if (!gn_test_vector_frames_send(&want, &w))
            continue;
        sent++;
        if (gn_test_vectors_is(&v, "result", "valid")) {
            gn_test_vectors_assert(&v, w.at == frame_len);
            gn_test_vectors_assert(&v, memcmp(out, packet, frame_len) == 0);
        } else {
            gn_test_vectors_assert(&v, w.at < frame_len);
        }
    }
    ck_assert_uint_gt(sent, 50);
}
END_TEST

/* What a frame that ends too soon is refused with. */
static void
expect_cut(size_t len)
{
    char why[128];
    gn_fault fault;
    gn_frame f;
    size_t taken = 0;

    gn_test_vectors_assert(&v, read_first(len, &taken, &f, &fault) == GN_ERR_FORM);
    gn_test_vectors_assert(&v, taken == 0);
    gn_test_vectors_assert(&v, fault.wire_code == 0x07);
    gn_test_vectors_assert(&v, fault.frame_type == (len == 0 ? 0 : want.frame.type));
    if (len == 0)
        snprintf(why, sizeof why, "RFC 9000 12.4: the frame type is cut short");
    else
        snprintf(why, sizeof why, "%s: the %s frame is cut short",
                 gn_test_vectors_text(&v, "section"), gn_test_vectors_text(&v, "frame"));
    ck_assert_str_eq(fault.why, why);
}

START_TEST(vectors_frames_cut_anywhere_are_refused_and_move_nothing)
{
    for (gn_test_vectors_open(&v, files[_i]); next_case(false);) {
        size_t cut = frame_len;

        if (gn_test_vectors_has(&v, "cut"))
            cut = (size_t)gn_test_vectors_u64(&v, "cut");
        gn_test_vectors_assert(&v, gn_test_vector_frames_make(&v, &want));
        for (size_t len = 0; len < cut; len++)
            expect_cut(len);
        for (size_t len = cut; len < frame_len; len++) {
            gn_fault fault;
            gn_frame f;
            size_t taken = 0;

            gn_test_vectors_assert(&v, read_first(len, &taken, &f, &fault) == GN_OK);
            gn_test_vectors_assert(&v, taken == len && f.type == want.frame.type);
        }
    }
}
END_TEST

START_TEST(vectors_frames_bad_ones_are_refused_with_their_reason)
{
    for (gn_test_vectors_open(&v, files[_i]); next_case(true);) {
        gn_fault fault;
        gn_frame f;
        size_t taken = 0;

        gn_test_vectors_assert(&v, read_first(packet_len, &taken, &f, &fault) == GN_ERR_FORM);
        gn_test_vectors_assert(&v, taken == 0);
        gn_test_vectors_assert(&v, fault.wire_code == gn_test_vectors_u64(&v, "code"));
        gn_test_vectors_assert(&v, gn_test_vectors_is(&v, "error", gn_fault_name(fault.wire_code)));
        gn_test_vectors_assert(&v, fault.frame_type == gn_test_vectors_u64(&v, "type"));
        ck_assert_str_eq(fault.why, gn_test_vectors_text(&v, "why"));
    }
}
END_TEST

START_TEST(vectors_frames_out_of_range_are_not_written)
{
    size_t refused = 0;

    for (int at = 0; at < GOOD_FILES; at++)
        for (gn_test_vectors_open(&v, files[at]); next_case(true);) {
            uint8_t out[GN_TEST_VECTOR_BYTES];
            gn_writer w = gn_writer_over(out, sizeof out);

            if (!gn_test_vector_frames_make(&v, &want))
                continue;
            gn_test_vectors_assert(&v, gn_frame_write(&w, &want.frame) == GN_ERR_RANGE);
            gn_test_vectors_assert(&v, w.at == 0);
            refused++;
        }
    ck_assert_uint_ge(refused, 20);
}
END_TEST

START_TEST(vectors_frames_have_every_type)
{
    bool seen[0x40] = {false};

    for (int at = 0; at < GOOD_FILES; at++)
        for (gn_test_vectors_open(&v, files[at]); next_case(false);)
            seen[gn_test_vectors_u64(&v, "type") % sizeof seen] = true;
    for (uint64_t type = 0; type < sizeof seen; type++)
        ck_assert_msg(seen[type] == (gn_frame_rules_of(type) != NULL), "type %llu",
                      (unsigned long long)type);
}
END_TEST

Suite *
gn_test_vectors_frames(void)
{
    Suite *suite = suite_create("wire/vectors_frames");
    TCase *vectors = tcase_create("vectors");

    tcase_set_timeout(vectors, 60);
    tcase_add_loop_test(vectors, vectors_frames_good_ones_are_read_as_said, 0, GOOD_FILES);
    tcase_add_loop_test(vectors, vectors_frames_good_ones_are_written_in_the_shortest_form, 0,
                        GOOD_FILES);
    tcase_add_loop_test(vectors, vectors_frames_senders_write_the_same, 0, SENT_FILES);
    tcase_add_loop_test(vectors, vectors_frames_cut_anywhere_are_refused_and_move_nothing, 0,
                        GOOD_FILES);
    tcase_add_loop_test(vectors, vectors_frames_bad_ones_are_refused_with_their_reason, 0, FILES);
    tcase_add_test(vectors, vectors_frames_out_of_range_are_not_written);
    tcase_add_test(vectors, vectors_frames_have_every_type);
    suite_add_tcase(suite, vectors);
    return suite;
}
