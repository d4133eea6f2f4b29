/*
 * hello.h: makes TLS hello messages out of their parts, right ones and wrong ones, for tests.
 */
#ifndef GN_TESTS_SUPPORT_HELLO_H
#define GN_TESTS_SUPPORT_HELLO_H

#include <stddef.h>
#include <stdint.h>

enum { GN_TEST_HELLO_EXTENSIONS = 80 };

/* One extension. body may be null when len is 0. */
typedef struct gn_test_extension {
    uint16_t type;
    const uint8_t *body;
    size_t len;
} gn_test_extension;

/* The parts of a hello; begin with one of the gn_test_hello functions that make sound ones. */
typedef struct gn_test_hello {
    uint8_t type; /* of the handshake message */
    uint16_t version;
    uint8_t random[32];
    size_t session_len;
    size_t suites_len;   /* bytes of the list; a server has 2 without a length */
    size_t compressions; /* how many */
    uint8_t compression; /* of each */
    gn_test_extension extension[GN_TEST_HELLO_EXTENSIONS];
    size_t extensions;
} gn_test_hello;

gn_test_hello gn_test_hello_client(void);
gn_test_hello gn_test_hello_server(void);
gn_test_hello gn_test_hello_retry(void);

/* EncryptedExtensions: only type and extensions count. */
gn_test_hello gn_test_hello_encrypted(void);

/* Adds an extension; replaces nothing. */
void gn_test_hello_add(gn_test_hello *hello, uint16_t type, const uint8_t *body, size_t len);

/* Takes the extension of this type out. */
void gn_test_hello_cut(gn_test_hello *hello, uint16_t type);

/* Puts another body into the extension of this type. */
void gn_test_hello_set(gn_test_hello *hello, uint16_t type, const uint8_t *body, size_t len);

/* Writes the message with its four bytes of header; how long it is. Fails when cap is small. */
size_t gn_test_hello_write(const gn_test_hello *hello, uint8_t *out, size_t cap);

#endif
