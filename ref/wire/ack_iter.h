/*
 * ack_iter.h: walks the ranges of an ACK frame (RFC 9000 19.3.1).
 */
#ifndef GN_WIRE_ACK_ITER_H
#define GN_WIRE_ACK_ITER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ranges.h"
#include "base/reader.h"
#include "wire/frame.h"

/* Lives as long as the packet that the frame was read from. */
typedef struct gn_ack_iter {
    gn_reader pairs;  /* gaps and lengths not yet walked */
    uint64_t left;    /* ranges not yet told, the current one included */
    uint64_t largest; /* of the current range */
    uint64_t length;  /* packets of the current range, less one */
} gn_ack_iter;

/* Starts at the range that holds ack->largest. The frame must come from gn_frame_read. */
gn_ack_iter gn_ack_iter_over(const gn_frame_ack *ack);

/*
 * The next range, half open, every one below the one before with a gap of at
 * least one number between them. False when there are no more.
 */
bool gn_ack_iter_next(gn_ack_iter *it, gn_range *out);

#endif
