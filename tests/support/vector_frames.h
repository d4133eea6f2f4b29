/*
 * vector_frames.h: the frames that vectors/frames_*.txt describe.
 *
 * For tests: what does not hold fails the running Check test with the case's
 * file, line and id.
 */
#ifndef GN_TESTS_SUPPORT_VECTOR_FRAMES_H
#define GN_TESTS_SUPPORT_VECTOR_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ranges.h"
#include "tests/support/vectors.h"
#include "wire/frame.h"

/* The most ranges of an ACK, and the most bytes of one frame, that a case has. */
#define GN_TEST_VECTOR_RANGES 80
#define GN_TEST_VECTOR_BYTES 1024

/* A frame made from what a case says, not from its bytes. */
typedef struct gn_test_vector_frame {
    gn_frame frame; /* spans lie in store; the pairs of an ACK are in their shortest form */
    size_t ranges;  /* of an ACK, newest first */
    gn_range range[GN_TEST_VECTOR_RANGES];
    uint8_t store[GN_TEST_VECTOR_BYTES];
} gn_test_vector_frame;

/*
 * Makes the frame. False when the case does not say all its fields, or when a
 * connection ID is too long for one: then there is no such frame.
 */
bool gn_test_vector_frames_make(const gn_test_vectors *v, gn_test_vector_frame *out);

/* The frame that was read has every field as the case says. */
void gn_test_vector_frames_same(const gn_test_vectors *v, const gn_test_vector_frame *want,
                                const gn_frame *found);

/*
 * Writes the frame with the calls for senders, which take the fields one by
 * one; false when there is none that writes this type with these fields.
 */
bool gn_test_vector_frames_send(const gn_test_vector_frame *want, gn_writer *w);

#endif
