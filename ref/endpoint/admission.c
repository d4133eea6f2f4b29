/*
 * admission.c: see admission.h.
 */
#include "endpoint/admission.h"

#include <string.h>

#include "endpoint/hello_mark.h"
#include "wire/frame.h"

void
gn_admission_init(gn_admission *a, const gn_config *config)
{
    gn_rng keys;

    memset(a, 0, sizeof *a);
    gn_token_init(&a->tokens, config->suite_ops, config->seed);
    gn_rng_init(&keys, config->seed, "hello marks", 0);
    gn_rng_fill(&keys, a->hello_key, sizeof a->hello_key);
}

/* The first bytes of a token, which are drawn by chance, and never 0. */
static uint64_t
admission_name(gn_span token)
{
    return gn_be_read_u64(token.ptr) | 1;
}

static bool
admission_used(const gn_admission *a, uint64_t name)
{
    for (uint32_t i = 0; i < GN_ADMISSION_USED_MAX; i++)
        if (a->used[i] == name)
            return true;
    return false;
}

/* [R-9000-8.1.4-5] */
static void
admission_use(gn_admission *a, uint64_t name)
{
    a->used[a->used_at] = name;
    a->used_at = (a->used_at + 1) % GN_ADMISSION_USED_MAX;
}

/* Why a Retry's token does not count, though it is ours; NULL: it does. */
static const char *
admission_retry_fault(const gn_admission *a, const gn_config *config, const gn_token *token,
                      const gn_datagram *datagram, uint64_t name, gn_time now)
{
    if (token->issued > now || now - token->issued > config->retry_token_life_us)
        return "RFC 9000 8.1.3: the token of the Retry has expired";
    if (token->route != datagram->route)
        return "RFC 9000 8.1.3: the token of the Retry comes from elsewhere";
    if (admission_used(a, name))
        return "RFC 9000 8.1.4: the token of the Retry was used before";
    return NULL;
}

/* Whether the ClientHello is the one that the Retry answered. */
static bool
admission_same_hello(const gn_admission *a, const gn_token *token, gn_span payload)
{
    const gn_hello_mark mark = gn_hello_mark_of(payload, token->hello_len, a->hello_key);

    return mark.len == token->hello_len && mark.hash == token->hello;
}

static void
admission_judge_retry(gn_admission *a, const gn_config *config, const gn_datagram *datagram,
                      uint64_t name, gn_span payload, gn_time now, gn_admission_result *out)
{
    const char *why = admission_retry_fault(a, config, &out->token, datagram, name, now);

    out->verdict = GN_ADMISSION_REFUSE;
    if (why != NULL) {
        (void)gn_fault_set(&out->fault, GN_FAULT_INVALID_TOKEN, 0, why);
        return;
    }
    if (config->retry_hello != GN_RETRY_HELLO_ANY &&
        !admission_same_hello(a, &out->token, payload)) {
        (void)gn_fault_set(&out->fault, GN_FAULT_PROTOCOL_VIOLATION, GN_FRAME_CRYPTO,
                           "RFC 9000 17.2.5.3: another ClientHello after the Retry");
        if (config->retry_hello == GN_RETRY_HELLO_DROP)
            out->verdict = GN_ADMISSION_DROP;
        return;
    }
    admission_use(a, name);
    out->verdict = GN_ADMISSION_ADMIT;
    out->proved = true;
    out->retried = true;
}

/* [R-9000-8.1.3-7] [R-9000-8.1.4-3] */
gn_admission_result
gn_admission_judge(gn_admission *a, const gn_config *config, const gn_datagram *datagram,
                   const gn_header *first, gn_span payload, gn_time now)
{
    gn_admission_result result = {.verdict = GN_ADMISSION_ADMIT};
    const gn_err err =
        gn_token_open(&a->tokens, config->suite_ops, first->token, datagram->host, &result.token);

    /* RFC 9369 5: one of another version is no token. [R-9369-5-2] */
    if (err == GN_OK && result.token.version_2 == (first->version == GN_VERSION_2)) {
        const uint64_t name = admission_name(first->token);
        /* [R-9000-8.1.1-1] */
        if (result.token.kind == GN_TOKEN_RETRY) {
            admission_judge_retry(a, config, datagram, name, payload, now, &result);
            return result;
        }
        if (result.token.issued <= now && now - result.token.issued <= config->new_token_life_us &&
            !admission_used(a, name)) {
            admission_use(a, name);
            result.proved = true;
            return result;
        }
    }
    /* RFC 9000 8.1.3: a token that is worth nothing is no token. [R-9000-8.1.4-4] */
    if (a->half_open >= config->retry_above)
        result.verdict = GN_ADMISSION_RETRY;
    return result;
}

void
gn_admission_seal_retry(gn_admission *a, const gn_config *config, const gn_datagram *datagram,
                        const gn_header *first, gn_span payload, gn_time now,
                        uint8_t token[GN_TOKEN_BYTES])
{
    const gn_hello_mark mark = gn_hello_mark_of(payload, GN_HELLO_MARK_BYTES, a->hello_key);
    const gn_token text = {.issued = now,
                           .route = datagram->route,
                           .original = first->dcid,
                           .kind = GN_TOKEN_RETRY,
                           .version_2 = first->version == GN_VERSION_2,
                           .hello_len = mark.len,
                           .hello = mark.hash};

    gn_token_seal(&a->tokens, config->suite_ops, &text, datagram->host, token);
}
