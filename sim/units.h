/*
 * units.h: quantities as people write them: 20ms, 5Mbit/s, 12kB, 64KiB, 0.05%.
 *
 * Reading is exact: a number may have a fraction as long as the result is a
 * whole number of the smallest unit (1.5ms is 1500 us; 0.3us is refused). A
 * blank may stand between number and unit. Nothing is computed in floating
 * point. A reader leaves *out alone unless it returns true.
 */
#ifndef GN_SIM_UNITS_H
#define GN_SIM_UNITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/prng.h"

/* us, ms, s, min, h; the result in microseconds. A bare 0 is allowed. */
bool gn_sim_units_read_duration(const char *text, uint64_t *out);

/* bit/s, kbit/s, Mbit/s, Gbit/s; the result in bits a second. "unlimited" is 0. */
bool gn_sim_units_read_rate(const char *text, uint64_t *out);

/* B, kB, MB, GB (of 1000), KiB, MiB, GiB (of 1024); the result in bytes. A bare 0 is allowed. */
bool gn_sim_units_read_bytes(const char *text, uint64_t *out);

/* 1%, 0.05%, 1/3, 0, none; at most 100%. */
bool gn_sim_units_read_ratio(const char *text, gn_sim_ratio *out);

/* A whole number, decimal or after 0x hexadecimal. */
bool gn_sim_units_read_count(const char *text, uint64_t *out);

/* on, yes, true, off, no, false. */
bool gn_sim_units_read_flag(const char *text, bool *out);

#define GN_SIM_UNITS_TEXT 48

/* Each writes the quantity and a closing zero, so that reading gives the same quantity back. */
void gn_sim_units_print_duration(uint64_t us, char text[GN_SIM_UNITS_TEXT]);
void gn_sim_units_print_rate(uint64_t bits_per_s, char text[GN_SIM_UNITS_TEXT]);
void gn_sim_units_print_bytes(uint64_t bytes, char text[GN_SIM_UNITS_TEXT]);
void gn_sim_units_print_ratio(gn_sim_ratio ratio, char text[GN_SIM_UNITS_TEXT]);

/* For people: milliseconds or seconds with three decimals at most, rounded down. */
void gn_sim_units_show_duration(uint64_t us, char text[GN_SIM_UNITS_TEXT]);

#endif
