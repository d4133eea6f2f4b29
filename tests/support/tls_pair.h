/*
 * tls_pair.h: two TLS sessions that talk to each other, for tests.
 *
 * CRYPTO bytes go from one side to the other in order and whole, or in pieces;
 * on their way a test may change them. What each side said is kept.
 */
#ifndef GN_TESTS_SUPPORT_TLS_PAIR_H
#define GN_TESTS_SUPPORT_TLS_PAIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tls/tls.h"

/* 2026-11-22 00:00 UTC, in milliseconds. */
#define GN_TEST_TLS_UNIX_MS INT64_C(1795305600000)

enum { GN_TEST_TLS_CLIENT, GN_TEST_TLS_SERVER };
enum { GN_TEST_TLS_READ, GN_TEST_TLS_WRITE };

/* Changes bytes on their way; they may become fewer or more, up to cap. */
typedef void (*gn_test_tls_change)(int from, gn_level level, uint8_t *bytes, size_t *len,
                                   size_t cap);

/* What the pair is made of; begin with gn_test_tls_usual. */
typedef struct gn_test_tls_options {
    gn_tls_config config[2];    /* certificates are filled in from the names below */
    const char *certificate[2]; /* file names without ending, in vectors/certs; or null */
    const char *ca[2];
    const char *server_name;
    gn_tls_verify verify; /* of the client's session */
    size_t piece;         /* bytes given at a time; 0: all */
    gn_test_tls_change change;
    uint8_t seed;
    int64_t unix_ms;
    gn_span state;      /* the client's, to resume */
    bool early_data;    /* the client's wish */
    gn_tls_terms terms; /* the server's */
} gn_test_tls_options;

/* What one side said, and its session. */
typedef struct gn_test_tls_side {
    void *context;
    void *session;
    gn_tls_secret secret[GN_LEVELS][2];
    uint8_t parameters[64];
    size_t parameters_len;
    char alpn[32];
    char server_name[64];
    gn_suite_id suite;
    gn_tls_group group;
    bool complete;
    bool failed;
    gn_fault fault;
    bool resumed;
    bool early_told; /* an EARLY event came */
    bool accepted;
    uint8_t state[GN_TLS_STATE_MAX]; /* the latest that was told */
    size_t state_len;
    uint32_t tickets;
    char order[64]; /* a letter for each event (see tls_pair.c) */
    uint8_t out[32768];
    size_t out_len;
    struct {
        gn_level level;
        size_t at;
        size_t len;
    } run[32];
    size_t runs;
    size_t runs_given;
} gn_test_tls_side;

typedef struct gn_test_tls_pair {
    gn_test_tls_side side[2];
    size_t piece;
    gn_test_tls_change change;
    int64_t unix_ms;
} gn_test_tls_pair;

/* A sound pair: server.pem for server.example, alpn "h3,hq-interop", all suites. */
gn_test_tls_options gn_test_tls_usual(void);

/* Makes contexts and sessions. The first error of four calls; what was made is then ended. */
gn_err gn_test_tls_pair_make(gn_test_tls_pair *pair, const gn_test_tls_options *options);

/* Other sessions of the same contexts; what the sides said before is forgotten. */
gn_err gn_test_tls_pair_again(gn_test_tls_pair *pair, const gn_test_tls_options *options);

/* Starts the client and carries bytes until nobody has any. True: both complete. */
bool gn_test_tls_pair_run(gn_test_tls_pair *pair);

/* Takes a session's events, as run does. */
void gn_test_tls_pair_take(gn_test_tls_pair *pair, int from);

/* Gives bytes to one side, as run does. */
gn_err gn_test_tls_pair_give(gn_test_tls_pair *pair, int to, gn_level level, const uint8_t *bytes,
                             size_t len);

void gn_test_tls_pair_end(gn_test_tls_pair *pair);

/* make, expected to succeed, and run. */
bool gn_test_tls_pair_talk(gn_test_tls_pair *pair, const gn_test_tls_options *options);

/* A file of vectors/certs, as a span of static memory; fails the test when it is not there. */
gn_span gn_test_tls_pem(const char *name, const char *ending);

#endif
