/*
 * frames.c: see frames.h.
 */
#include "tests/support/frames.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/reader.h"
#include "base/writer.h"

gn_test_sample
gn_test_hex(const char *text)
{
    gn_test_sample out = {0};

    for (const char *p = text; *p != '\0'; p++) {
        if (*p == ' ')
            continue;
        const char pair[3] = {p[0], p[1], '\0'};
        char *end = NULL;
        const unsigned long value = strtoul(pair, &end, 16);

        ck_assert_msg(end == pair + 2 && out.len < GN_TEST_FRAMES_MAX, "bad sample: %s", text);
        out.at[out.len++] = (uint8_t)value;
        p++;
    }
    return out;
}

gn_span
gn_test_sample_span(const gn_test_sample *bytes)
{
    return gn_span_of(bytes->at, bytes->len);
}

gn_frame
gn_test_frames_read(const gn_test_sample *bytes)
{
    gn_reader r = gn_reader_over(bytes->at, bytes->len);
    gn_frame frame = {0};
    gn_fault fault = {0};

    const gn_err err = gn_frame_read(&r, &frame, &fault);
    ck_assert_msg(err == GN_OK, "%s", fault.why);
    ck_assert_uint_eq(r.at, bytes->len);
    return frame;
}

/* Reads from exactly len bytes of their own, so that sanitizers see a step too far. */
static gn_err
frames_read_cut(const uint8_t *bytes, size_t len, gn_fault *fault)
{
    uint8_t *own = malloc(len > 0 ? len : 1);
    gn_frame frame;
    gn_frame before;

    ck_assert_ptr_nonnull(own);
    memcpy(own, bytes, len);
    memset(&frame, 0x5a, sizeof frame);
    memcpy(&before, &frame, sizeof frame);
    gn_reader r = gn_reader_over(own, len);
    const gn_err err = gn_frame_read(&r, &frame, fault);
    if (err != GN_OK) {
        ck_assert_uint_eq(r.at, 0);
        ck_assert_mem_eq(&frame, &before, sizeof frame);
    }
    free(own);
    return err;
}

void
gn_test_frames_keep_promises(const char *text, size_t needs)
{
    const gn_test_sample bytes = gn_test_hex(text);
    const gn_frame frame = gn_test_frames_read(&bytes);
    uint8_t again[GN_TEST_FRAMES_MAX];

    for (size_t cut = 0; cut < (needs == 0 ? bytes.len : needs); cut++) {
        gn_fault fault = {0};

        ck_assert_int_eq(frames_read_cut(bytes.at, cut, &fault), GN_ERR_FORM);
        ck_assert_uint_eq(fault.wire_code, GN_FAULT_FRAME_ENCODING);
        ck_assert_uint_eq(fault.frame_type, cut == 0 ? 0 : frame.type);
        ck_assert_ptr_nonnull(strstr(fault.why, "cut short"));
    }
    ck_assert_uint_eq(gn_frame_size(&frame), bytes.len);
    for (size_t cap = 0; cap < bytes.len; cap++) {
        gn_writer w = gn_writer_over(again, cap);

        ck_assert_int_eq(gn_frame_write(&w, &frame), GN_ERR_FULL);
        ck_assert_uint_eq(w.at, 0);
    }
    gn_writer w = gn_writer_over(again, bytes.len);
    ck_assert_int_eq(gn_frame_write(&w, &frame), GN_OK);
    ck_assert_uint_eq(w.at, bytes.len);
    ck_assert_mem_eq(again, bytes.at, bytes.len);
}

void
gn_test_frames_refuse(const char *text, uint64_t wire_code, const char *why)
{
    const gn_test_sample bytes = gn_test_hex(text);
    gn_fault fault = {0};

    ck_assert_int_eq(frames_read_cut(bytes.at, bytes.len, &fault), GN_ERR_FORM);
    ck_assert_str_eq(fault.why, why);
    ck_assert_uint_eq(fault.wire_code, wire_code);
}

void
gn_test_frames_do_not_write(const gn_frame *f)
{
    uint8_t space[GN_TEST_FRAMES_MAX];
    gn_writer w = gn_writer_over(space, sizeof space);

    ck_assert_int_eq(gn_frame_write(&w, f), GN_ERR_RANGE);
    ck_assert_uint_eq(w.at, 0);
}
