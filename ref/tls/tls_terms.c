/*
 * tls_terms.c: see tls_terms.h.
 */
#include "tls/tls_terms.h"

#include "base/assert.h"
#include "base/be.h"
#include "base/bytes.h"

enum {
    TERMS_TEXT_MAX = 255,
    TERMS_BOUND_AT = 4 * GN_TLS_TERMS_LIMITS,
    TERMS_DIGEST_AT = TERMS_BOUND_AT + 8
};

_Static_assert((int)TERMS_DIGEST_AT + 8 == (int)GN_TLS_TERMS_BYTES, "48 bytes hold the terms");

uint64_t
gn_tls_terms_bind(const gn_tls_terms *terms, gn_span alpn, gn_span server_name,
                  const uint8_t key[GN_SIPHASH_KEY_BYTES])
{
    uint8_t text[8 + 1 + 2 * TERMS_TEXT_MAX];

    GN_ASSERT(alpn.len <= TERMS_TEXT_MAX && server_name.len <= TERMS_TEXT_MAX);
    gn_be_write_u64(text, terms->application);
    /* The length keeps the two texts apart. */
    text[8] = (uint8_t)alpn.len;
    gn_bytes_copy(text + 9, alpn.ptr, alpn.len);
    gn_bytes_copy(text + 9 + alpn.len, server_name.ptr, server_name.len);
    return gn_siphash(key, text, 9 + alpn.len + server_name.len);
}

/* The limits as one number. Nobody has a use for two sets that meet: tickets are sealed. */
static uint64_t
terms_digest(const gn_tls_terms *terms)
{
    static const uint8_t key[GN_SIPHASH_KEY_BYTES] = {0};
    uint8_t text[8 * GN_TLS_TERMS_LIMITS];

    for (int i = 0; i < GN_TLS_TERMS_LIMITS; i++)
        gn_be_write_u64(text + 8 * i, terms->limit[i]);
    return gn_siphash(key, text, sizeof text);
}

void
gn_tls_terms_write(const gn_tls_terms *terms, uint64_t bound, uint8_t out[GN_TLS_TERMS_BYTES])
{
    for (int i = 0; i < GN_TLS_TERMS_LIMITS; i++)
        gn_be_write_u32(out + 4 * i,
                        terms->limit[i] < UINT32_MAX ? (uint32_t)terms->limit[i] : UINT32_MAX);
    gn_be_write_u64(out + TERMS_BOUND_AT, bound);
    gn_be_write_u64(out + TERMS_DIGEST_AT, terms_digest(terms));
}

bool
gn_tls_terms_hold(const gn_tls_terms *now, uint64_t bound, const uint8_t then[GN_TLS_TERMS_BYTES],
                  bool strict)
{
    if (gn_be_read_u64(then + TERMS_BOUND_AT) != bound)
        return false;
    if (gn_be_read_u64(then + TERMS_DIGEST_AT) == terms_digest(now))
        return true;
    /* RFC 9000 7.4.1: no limit may be less than what the client goes by. [R-9000-7.4.1-4] */
    for (int i = 0; i < GN_TLS_TERMS_LIMITS; i++) {
        const uint32_t limit = gn_be_read_u32(then + 4 * i);
        if (strict || limit == UINT32_MAX || now->limit[i] < limit)
            return false;
    }
    return true;
}
