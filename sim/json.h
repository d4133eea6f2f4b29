/*
 * json.h: writes JSON (RFC 8259), one value after the other, to a stream.
 *
 * Every verb takes the member's name, or NULL inside an array and for the
 * outermost value. Commas are put where they belong; what is opened is closed
 * with gn_sim_json_end. Write errors stay with the stream (ferror).
 *
 *     gn_sim_json json = gn_sim_json_over(stdout);
 *     gn_sim_json_object(&json, NULL);
 *     gn_sim_json_uint(&json, "seed", 7);
 *     gn_sim_json_end(&json);                        {"seed":7}
 */
#ifndef GN_SIM_JSON_H
#define GN_SIM_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Objects and arrays inside one another; one more traps. */
#define GN_SIM_JSON_DEPTH_MAX 32

typedef struct gn_sim_json {
    FILE *out;        /* borrowed */
    uint32_t depth;   /* objects and arrays open */
    uint32_t arrays;  /* bit n: level n is an array */
    uint32_t started; /* bit n: level n holds a value already */
} gn_sim_json;

gn_sim_json gn_sim_json_over(FILE *out);

void gn_sim_json_object(gn_sim_json *json, const char *key);
void gn_sim_json_array(gn_sim_json *json, const char *key);
/* Closes what was opened last. */
void gn_sim_json_end(gn_sim_json *json);

/* A string ending in NUL; NULL is written as null. */
void gn_sim_json_string(gn_sim_json *json, const char *key, const char *text);
/* len bytes that should be UTF-8; a byte that is not becomes U+FFFD. */
void gn_sim_json_text(gn_sim_json *json, const char *key, const uint8_t *bytes, size_t len);
/* Bytes in lower-case hexadecimal, as a string. */
void gn_sim_json_hex(gn_sim_json *json, const char *key, const uint8_t *bytes, size_t len);
/* A number; above 2^53 - 1 a string of digits, since readers hold doubles (RFC 7493 2.2). */
void gn_sim_json_uint(gn_sim_json *json, const char *key, uint64_t value);
/* Microseconds as milliseconds with three decimals, made from integers: 12345 is 12.345. */
void gn_sim_json_ms(gn_sim_json *json, const char *key, uint64_t us);
void gn_sim_json_bool(gn_sim_json *json, const char *key, bool value);

#endif
