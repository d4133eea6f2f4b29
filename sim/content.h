/*
 * content.h: the bytes that workloads send, known to both ends without a copy.
 *
 * Every byte of every stream is given by stream, direction and offset. All
 * streams read the same table of random bytes, whose length is a prime, each
 * from a place of its own; so a byte that is lost, doubled, moved or swapped
 * shows, and checking costs no more than comparing memory.
 */
#ifndef GN_SIM_CONTENT_H
#define GN_SIM_CONTENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GN_SIM_CONTENT_BYTES 65521

typedef struct gn_sim_content {
    uint8_t table[GN_SIM_CONTENT_BYTES];
} gn_sim_content;

/* Fills the table from the run's seed. */
void gn_sim_content_init(gn_sim_content *content, uint64_t seed);

/*
 * The bytes of a stream from offset on, as many as lie in one piece; *len is
 * at least 1. direction: 0 from the client, 1 from the server.
 */
const uint8_t *gn_sim_content_at(const gn_sim_content *content, uint64_t stream, unsigned direction,
                                 uint64_t offset, size_t *len);

/* Are these the bytes of the stream at this offset? *bad_at: the first that is not. */
bool gn_sim_content_check(const gn_sim_content *content, uint64_t stream, unsigned direction,
                          uint64_t offset, const uint8_t *bytes, size_t len, uint64_t *bad_at);

#endif
