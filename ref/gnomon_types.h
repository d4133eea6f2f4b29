/*
 * gnomon_types.h: what every part of the public interface is about; see gnomon.h.
 */
#ifndef GN_GNOMON_TYPES_H
#define GN_GNOMON_TYPES_H

#include <stdint.h>

#define GN_API __attribute__((visibility("default")))

/* A connection of one endpoint, from 1 upwards, never used twice. 0 is none. */
typedef uint64_t gn_connection;

/* A way to the peer, numbered by the caller: one pair of local and remote address and port. */
typedef uint64_t gn_route;

/* The ECN field of the IP header (RFC 3168), in its wire values. */
typedef enum gn_mark {
    GN_MARK_NOT_ECT = 0,
    GN_MARK_ECT1 = 1,
    GN_MARK_ECT0 = 2,
    GN_MARK_CE = 3
} gn_mark;

#endif
