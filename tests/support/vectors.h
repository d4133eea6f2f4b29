/*
 * vectors.h: reads the files in vectors/, whose format vectors/README.md describes.
 *
 * For tests: anything wrong with a file fails the running Check test with the
 * file's name and the line.
 */
#ifndef GN_TESTS_SUPPORT_VECTORS_H
#define GN_TESTS_SUPPORT_VECTORS_H

#include <check.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* The most keys a case has, and the most characters of all its keys and values. */
#define GN_TEST_VECTOR_KEYS 48
#define GN_TEST_VECTOR_TEXT 32768

/* One file, and the case read last. Keys and values are offsets into text. */
typedef struct gn_test_vectors {
    FILE *file;
    char name[64];
    int line;      /* the line read last */
    int case_line; /* where the case begins */
    size_t keys;
    size_t key[GN_TEST_VECTOR_KEYS];
    size_t value[GN_TEST_VECTOR_KEYS];
    size_t used;
    char text[GN_TEST_VECTOR_TEXT];
} gn_test_vectors;

/* Fails the test, naming file, line and id of the case, unless what is promised holds. */
#define gn_test_vectors_assert(v, promise)                                                         \
    ck_assert_msg(promise, "%s:%d: %s: %s", (v)->name, (v)->case_line,                             \
                  gn_test_vectors_text(v, "id"), #promise)

/* Opens vectors/<name>, or <name> in the directory that GN_VECTORS names. */
void gn_test_vectors_open(gn_test_vectors *v, const char *name);

/* Reads the next case; false, and the file closed, when there is none. */
bool gn_test_vectors_next(gn_test_vectors *v);

/* Whether the case has this key. */
bool gn_test_vectors_has(const gn_test_vectors *v, const char *key);

/* The value as it is written. Lasts until the next case. */
const char *gn_test_vectors_text(const gn_test_vectors *v, const char *key);

/* Whether the value is this text. */
bool gn_test_vectors_is(const gn_test_vectors *v, const char *key, const char *text);

/* The next word of a value, from *at on; false when there is none. Blanks part words. */
bool gn_test_vectors_word(const char **at, char *out, size_t cap);

/* The value as a number: decimal, or hexadecimal after 0x. */
uint64_t gn_test_vectors_u64(const gn_test_vectors *v, const char *key);

/* The value as bytes written in hexadecimal; how many there are, at most cap. */
size_t gn_test_vectors_bytes(const gn_test_vectors *v, const char *key, uint8_t *out, size_t cap);

#endif
