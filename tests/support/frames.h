/*
 * frames.h: bytes written in hexadecimal, and what every frame codec promises.
 *
 * For tests: what does not hold fails the running Check test.
 */
#ifndef GN_TESTS_SUPPORT_FRAMES_H
#define GN_TESTS_SUPPORT_FRAMES_H

#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "wire/frame.h"

/* The most bytes a sample has. */
#define GN_TEST_FRAMES_MAX 512

/* Bytes of one sample. */
typedef struct gn_test_sample {
    size_t len;
    uint8_t at[GN_TEST_FRAMES_MAX];
} gn_test_sample;

/* Hexadecimal digits in pairs; blanks between pairs are skipped. */
gn_test_sample gn_test_hex(const char *text);

/* The same as a span. */
gn_span gn_test_sample_span(const gn_test_sample *bytes);

/* The one frame that the bytes are; they outlive it. */
gn_frame gn_test_frames_read(const gn_test_sample *bytes);

/*
 * The three promises about a frame in its shortest form: cut below needs bytes
 * (0: anywhere) it is refused and nothing moves; written again it is the same
 * bytes, and does not fit in fewer; the size told is the size written.
 */
void gn_test_frames_keep_promises(const char *text, size_t needs);

/* Reading ends in this fault, and nothing moves. */
void gn_test_frames_refuse(const char *text, uint64_t wire_code, const char *why);

/* Writing is GN_ERR_RANGE, and nothing moves. */
void gn_test_frames_do_not_write(const gn_frame *f);

#endif
