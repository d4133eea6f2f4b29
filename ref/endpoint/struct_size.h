/*
 * struct_size.h: which sizes a caller's structs may have (gnomon.h, "Structs").
 *
 * A struct grows only at its end, so an earlier version of it is a prefix of
 * ours. Each size that a version since GN_ABI had is in a table here; a caller
 * with any other was built with a header that we have never seen.
 */
#ifndef GN_ENDPOINT_STRUCT_SIZE_H
#define GN_ENDPOINT_STRUCT_SIZE_H

#include <stdbool.h>
#include <stddef.h>

/* Structs that callers give us. */
typedef enum gn_struct_id {
    GN_STRUCT_CONFIG,
    GN_STRUCT_CONNECT,
    GN_STRUCT_DATAGRAM,
    GN_STRUCT_SEND_DATAGRAM,
    GN_STRUCT_MOVE,
    GN_STRUCT_PATH_MTU,
    GN_STRUCTS
} gn_struct_id;

/* The nth size that the struct has had, the smallest first; 0 behind the last one, today's. */
size_t gn_struct_size_nth(gn_struct_id id, size_t nth);

/* Whether any version's struct was that long. */
bool gn_struct_size_known(gn_struct_id id, size_t size);

/*
 * Writes as much of our struct as the caller's size takes, no more, and how much that was into
 * its first field. out NULL, or no room for that field: nothing.
 */
void gn_struct_size_give(void *out, size_t size, const void *ours, size_t our_size);

#endif
