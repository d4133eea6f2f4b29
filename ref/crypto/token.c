/*
 * token.c: see token.h.
 */
#include "crypto/token.h"

#include <string.h>

#include "base/assert.h"
#include "base/ct.h"
#include "base/reader.h"
#include "base/writer.h"

_Static_assert(GN_TOKEN_TEXT_BYTES == 47 && GN_TOKEN_BYTES == 75, "as the header says");

/* Tokens are always sealed with this suite. */
#define TOKEN_SUITE GN_SUITE_AES_128_GCM_SHA256

void
gn_token_init(gn_token_maker *maker, const gn_suite_ops *ops, const uint8_t seed[GN_RNG_SEED_BYTES])
{
    uint8_t key[GN_SUITE_KEY_MAX];
    gn_rng keys;

    gn_rng_init(&keys, seed, "token key", 0);
    gn_rng_fill(&keys, key, sizeof key);
    ops->aead_set(TOKEN_SUITE, &maker->key, key);
    gn_rng_init(&maker->nonces, seed, "token nonces", 0);
    gn_ct_wipe(key, sizeof key);
    gn_ct_wipe(&keys, sizeof keys);
}

/* There is always room: the text has a fixed length. */
static void
token_write(const gn_token *token, uint8_t text[GN_TOKEN_TEXT_BYTES])
{
    gn_writer w = gn_writer_over(text, GN_TOKEN_TEXT_BYTES);
    /* Kind and version share a byte. */
    gn_err err = gn_writer_u8(&w, (uint8_t)(token->kind + token->version_2 * GN_TOKEN_KINDS));

    GN_ASSERT(token->kind < GN_TOKEN_KINDS && token->version_2 <= 1);
    if (err == GN_OK)
        err = gn_writer_u64(&w, token->route);
    if (err == GN_OK)
        err = gn_writer_u64(&w, token->issued);
    if (err == GN_OK)
        err = gn_writer_u64(&w, token->hello);
    if (err == GN_OK)
        err = gn_writer_u8(&w, token->hello_len);
    if (err == GN_OK)
        err = gn_writer_u8(&w, token->original.len);
    if (err == GN_OK)
        err = gn_writer_bytes(&w, token->original.bytes, GN_CID_MAX);
    GN_ASSERT(err == GN_OK && gn_writer_left(&w) == 0);
}

/* What authenticated is ours, but may be of another build: it is read as if it were anybody's. */
static gn_err
token_read(const uint8_t text[GN_TOKEN_TEXT_BYTES], gn_token *out)
{
    gn_reader r = gn_reader_over(text, GN_TOKEN_TEXT_BYTES);
    gn_token token = {0};
    gn_span id = {0};
    uint8_t len = 0;
    uint8_t kind = 0;
    gn_err err = gn_reader_u8(&r, &kind);

    if (err == GN_OK)
        err = gn_reader_u64(&r, &token.route);
    if (err == GN_OK)
        err = gn_reader_u64(&r, &token.issued);
    if (err == GN_OK)
        err = gn_reader_u64(&r, &token.hello);
    if (err == GN_OK)
        err = gn_reader_u8(&r, &token.hello_len);
    if (err == GN_OK)
        err = gn_reader_u8(&r, &len);
    if (err == GN_OK)
        err = gn_reader_bytes(&r, GN_CID_MAX, &id);
    if (err != GN_OK || kind >= 2 * GN_TOKEN_KINDS || len > GN_CID_MAX)
        return GN_ERR_AUTH;
    token.kind = (uint8_t)(kind % GN_TOKEN_KINDS);
    token.version_2 = kind / GN_TOKEN_KINDS;
    token.original = gn_cid_from(id.ptr, len);
    *out = token;
    return GN_OK;
}

void
gn_token_seal(gn_token_maker *maker, const gn_suite_ops *ops, const gn_token *token,
              const uint8_t host[GN_TOKEN_HOST_BYTES], uint8_t out[GN_TOKEN_BYTES])
{
    /* [R-9000-8.1.3-3] [R-9000-8.1.3-4] [R-9000-8.1.4-1] */
    gn_rng_fill(&maker->nonces, out, GN_SUITE_NONCE_BYTES);
    token_write(token, out + GN_SUITE_NONCE_BYTES);
    ops->seal(TOKEN_SUITE, &maker->key, out, host, GN_TOKEN_HOST_BYTES, out + GN_SUITE_NONCE_BYTES,
              GN_TOKEN_TEXT_BYTES);
}

gn_err
gn_token_open(const gn_token_maker *maker, const gn_suite_ops *ops, gn_span bytes,
              const uint8_t host[GN_TOKEN_HOST_BYTES], gn_token *out)
{
    uint8_t text[GN_TOKEN_TEXT_BYTES];

    if (bytes.len != GN_TOKEN_BYTES)
        return GN_ERR_AUTH;
    /* [R-9000-8.1.4-2] */
    const gn_err err =
        ops->open(TOKEN_SUITE, &maker->key, bytes.ptr, host, GN_TOKEN_HOST_BYTES,
                  bytes.ptr + GN_SUITE_NONCE_BYTES, GN_TOKEN_BYTES - GN_SUITE_NONCE_BYTES, text);
    return err == GN_OK ? token_read(text, out) : GN_ERR_AUTH;
}
