/*
 * tls_wolfssl_context.h: what the sessions of one endpoint share. For tls_wolfssl alone.
 */
#ifndef GN_TLS_TLS_WOLFSSL_CONTEXT_H
#define GN_TLS_TLS_WOLFSSL_CONTEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "tls/tls.h"
#include "tls/tls_wolfssl_ticket.h"

struct WOLFSSL_CTX;

typedef struct gn_tls_wolfssl_context {
    struct WOLFSSL_CTX *library;
    gn_tls_role role;
    gn_tls_verify verify;
    gn_tls_ask ask;
    bool keep_certificate;
    int groups[GN_TLS_GROUPS_MAX]; /* as the library numbers them, by preference */
    int groups_count;
    int shares;                      /* key shares that a client offers: of the first groups */
    uint8_t suites;                  /* bit n: gn_suite_id n may be used */
    uint8_t tickets_wanted;          /* client: that a session takes */
    gn_tls_wolfssl_tickets *tickets; /* server: null when it issues none */
    char alpn[GN_TLS_ALPN_LIST_MAX + 1];
} gn_tls_wolfssl_context;

/* See gn_tls_ops. */
GN_MUST_USE gn_err gn_tls_wolfssl_context_new(const gn_tls_config *config, void **context);
void gn_tls_wolfssl_context_free(void *context);

/* The group of this number in TLS (RFC 8446 4.2.7); false: none of ours. */
GN_MUST_USE bool gn_tls_wolfssl_context_group(uint16_t number, gn_tls_group *out);

/*
 * Hands this thread's seed and time to the library, for calls that make a
 * generator. To be followed by gn_wolf_clear_seed. seed has GN_TLS_SEED_BYTES.
 */
void gn_tls_wolfssl_context_feed(const uint8_t *seed, int64_t unix_ms);

#endif
