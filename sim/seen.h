/*
 * seen.h: which bytes of a stream came, where they may come in any order.
 *
 * A bit a byte, made when the first byte comes. The bytes are the owner's to free.
 */
#ifndef GN_SIM_SEEN_H
#define GN_SIM_SEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct gn_sim_seen {
    uint8_t *bits; /* NULL until something came */
    uint64_t low;  /* everything below came */
} gn_sim_seen;

/* Notes [off, off + len) of so many bytes in all. False, noting nothing more, at a byte that came
 * before or lies outside. */
bool gn_sim_seen_add(gn_sim_seen *seen, uint64_t total, uint64_t off, size_t len);

void gn_sim_seen_free(gn_sim_seen *seen);

#endif
