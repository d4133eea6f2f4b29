/*
 * tls_wolfssl_context.c: see tls_wolfssl_context.h.
 */
#include "tls/tls_wolfssl_context.h"

#include <limits.h>
#include <string.h>

#include <wolfssl/wolfcrypt/settings.h>

#include <gn_wolf.h>
#include <wolfssl/ssl.h>
#include <wolfssl/wolfcrypt/memory.h>

#include "base/assert.h"
#include "base/ct.h"
#include "tls/tls_wolfssl_method.h"

_Static_assert(GN_TLS_SEED_BYTES >= GN_WOLF_SEED_BYTES, "one seed makes one generator");

/* The library's names, in the order of gn_suite_id. */
static const char *const suite_names[GN_SUITES] = {
    [GN_SUITE_AES_128_GCM_SHA256] = "TLS13-AES128-GCM-SHA256",
    [GN_SUITE_AES_256_GCM_SHA384] = "TLS13-AES256-GCM-SHA384",
    [GN_SUITE_CHACHA20_POLY1305_SHA256] = "TLS13-CHACHA20-POLY1305-SHA256",
};

static const int group_numbers[GN_TLS_GROUPS] = {
    [GN_TLS_X25519] = WOLFSSL_ECC_X25519,
    [GN_TLS_SECP256R1] = WOLFSSL_ECC_SECP256R1,
    [GN_TLS_SECP384R1] = WOLFSSL_ECC_SECP384R1,
    [GN_TLS_X25519MLKEM768] = WOLFSSL_X25519MLKEM768,
};

bool
gn_tls_wolfssl_context_group(uint16_t number, gn_tls_group *out)
{
    for (int i = 0; i < GN_TLS_GROUPS; i++)
        if (group_numbers[i] == number) {
            *out = (gn_tls_group)i;
            return true;
        }
    return false;
}

/*
 * The library refuses a seed in which four bytes repeat the four before, as a
 * source that has stopped. In an honest seed that is chance, one in 2^28.
 */
void
gn_tls_wolfssl_context_feed(const uint8_t *seed, int64_t unix_ms)
{
    uint8_t copy[GN_WOLF_SEED_BYTES];

    memcpy(copy, seed, sizeof copy);
    for (size_t i = 4; i < sizeof copy; i += 4) {
        if (memcmp(copy + i, copy + i - 4, 4) == 0)
            copy[i] ^= 1;
    }
    int failed = gn_wolf_set_seed(copy, sizeof copy);
    GN_ASSERT(failed == 0);
    gn_wolf_set_time(unix_ms);
    gn_ct_wipe(copy, sizeof copy);
}

static gn_err
set_suites(gn_tls_wolfssl_context *context, const gn_tls_config *config)
{
    char list[128];
    size_t at = 0;
    size_t count = config->suites_count;

    if (count > GN_SUITES)
        return GN_ERR_CONFIG;
    for (size_t i = 0; i < (count == 0 ? GN_SUITES : count); i++) {
        size_t id = count == 0 ? i : config->suites[i];
        if (id >= GN_SUITES)
            return GN_ERR_CONFIG;
        size_t len = strlen(suite_names[id]);
        GN_ASSERT(at + len + 1 <= sizeof list);
        memcpy(list + at, suite_names[id], len);
        at += len;
        list[at++] = ':';
        context->suites |= (uint8_t)(1u << id);
    }
    list[at - 1] = '\0';
    return wolfSSL_CTX_set_cipher_list(context->library, list) == WOLFSSL_SUCCESS ? GN_OK
                                                                                  : GN_ERR_CONFIG;
}

static gn_err
set_groups(gn_tls_wolfssl_context *context, const gn_tls_config *config)
{
    static const uint8_t usual[] = {GN_TLS_X25519, GN_TLS_SECP256R1};
    const uint8_t *groups = config->groups;
    size_t count = config->groups_count;

    if (count > GN_TLS_GROUPS_MAX)
        return GN_ERR_CONFIG;
    if (count == 0) {
        groups = usual;
        count = sizeof usual;
    }
    if (config->shares > count)
        return GN_ERR_CONFIG;
    context->shares = config->shares == 0 ? 1 : config->shares;
    for (size_t i = 0; i < count; i++) {
        if (groups[i] >= GN_TLS_GROUPS)
            return GN_ERR_CONFIG;
        context->groups[i] = group_numbers[groups[i]];
    }
    context->groups_count = (int)count;
    return GN_OK;
}

/* RFC 7301 3.1: names are not empty; ours have no commas. [R-9001-8.1-1] */
static gn_err
set_alpn(gn_tls_wolfssl_context *context, const char *alpn)
{
    size_t len = alpn == NULL ? 0 : strlen(alpn);

    if (len == 0 || len > GN_TLS_ALPN_LIST_MAX || alpn[0] == ',' || alpn[len - 1] == ',' ||
        strstr(alpn, ",,") != NULL)
        return GN_ERR_CONFIG;
    memcpy(context->alpn, alpn, len + 1);
    return GN_OK;
}

/* Loads what we show and whom we trust. Dates of authorities are judged now. */
static gn_err
set_certificates(WOLFSSL_CTX *library, const gn_tls_config *config)
{
    const gn_span *certificate = &config->certificate_pem;
    const gn_span *key = &config->key_pem;
    const gn_span *ca = &config->ca_pem;

    if (certificate->len > INT_MAX || key->len > INT_MAX || ca->len > INT_MAX)
        return GN_ERR_CONFIG;
    if ((certificate->len > 0) != (key->len > 0) ||
        (config->role == GN_TLS_SERVER && key->len == 0))
        return GN_ERR_CONFIG;
    if (key->len > 0 &&
        (wolfSSL_CTX_use_certificate_chain_buffer(library, certificate->ptr,
                                                  (long)certificate->len) != WOLFSSL_SUCCESS ||
         wolfSSL_CTX_use_PrivateKey_buffer(library, key->ptr, (long)key->len,
                                           WOLFSSL_FILETYPE_PEM) != WOLFSSL_SUCCESS ||
         wolfSSL_CTX_check_private_key(library) != WOLFSSL_SUCCESS))
        return GN_ERR_CONFIG;
    if (ca->len > 0 && wolfSSL_CTX_load_verify_buffer(library, ca->ptr, (long)ca->len,
                                                      WOLFSSL_FILETYPE_PEM) != WOLFSSL_SUCCESS)
        return GN_ERR_CONFIG;
    return GN_OK;
}

/* Whether the peer's certificate is asked for, and what follows when it is missing or bad.
 * [R-9000-7-1] */
static gn_err
set_verify(WOLFSSL_CTX *library, const gn_tls_config *config)
{
    static const int modes[GN_TLS_ASKS] = {
        [GN_TLS_ASK_NONE] = WOLFSSL_VERIFY_NONE,
        [GN_TLS_ASK_OPTIONAL] = WOLFSSL_VERIFY_PEER,
        [GN_TLS_ASK_REQUIRED] = WOLFSSL_VERIFY_PEER | WOLFSSL_VERIFY_FAIL_IF_NO_PEER_CERT,
    };
    gn_tls_ask ask = config->ask;

    if (config->role == GN_TLS_CLIENT)
        ask = config->verify == GN_TLS_VERIFY_PEER ? GN_TLS_ASK_REQUIRED : GN_TLS_ASK_NONE;
    if (ask >= GN_TLS_ASKS || (ask != GN_TLS_ASK_NONE && config->ca_pem.len == 0))
        return GN_ERR_CONFIG;
    wolfSSL_CTX_set_verify(library, modes[ask], NULL);
    return GN_OK;
}

/* Whether there is resumption: tickets are issued, or taken. */
static gn_err
set_tickets(gn_tls_wolfssl_context *context, const gn_tls_config *config)
{
    if (config->role == GN_TLS_CLIENT) {
        context->tickets_wanted =
            config->tickets < GN_TLS_TICKETS_MAX ? config->tickets : GN_TLS_TICKETS_MAX;
        return GN_OK;
    }
    if (config->tickets > 0)
        return gn_tls_wolfssl_ticket_init(context->library, config, &context->tickets);
    if (config->early_data != 0)
        return GN_ERR_CONFIG;
    return wolfSSL_CTX_no_ticket_TLSv13(context->library) == 0 ? GN_OK : GN_ERR_CONFIG;
}

static gn_err
context_fill(gn_tls_wolfssl_context *context, const gn_tls_config *config)
{
    context->role = config->role;
    context->verify = config->verify;
    context->ask = config->ask;
    context->keep_certificate = config->keep_certificate;
    /* [R-9001-4.2-1] */
    WOLFSSL_METHOD *method =
        config->role == GN_TLS_CLIENT ? wolfTLSv1_3_client_method() : wolfTLSv1_3_server_method();
    context->library = method == NULL ? NULL : wolfSSL_CTX_new(method);
    if (context->library == NULL)
        return GN_ERR_FULL;
    wolfSSL_CTX_set_session_cache_mode(context->library, WOLFSSL_SESS_CACHE_OFF);
    if (wolfSSL_CTX_set_quic_method(context->library, gn_tls_wolfssl_method()) != WOLFSSL_SUCCESS)
        return GN_ERR_CONFIG;
    /* 0 is success here. Resumption always comes with a key exchange. */
    if (wolfSSL_CTX_only_dhe_psk(context->library) != 0)
        return GN_ERR_CONFIG;
    gn_err err = set_tickets(context, config);
    if (err == GN_OK)
        err = set_alpn(context, config->alpn);
    if (err == GN_OK)
        err = set_groups(context, config);
    if (err == GN_OK)
        err = set_suites(context, config);
    if (err == GN_OK)
        err = set_certificates(context->library, config);
    if (err == GN_OK)
        err = set_verify(context->library, config);
    return err;
}

gn_err
gn_tls_wolfssl_context_new(const gn_tls_config *config, void **context)
{
    gn_tls_wolfssl_context *made = wolfSSL_Malloc(sizeof *made);

    if (made == NULL)
        return GN_ERR_FULL;
    memset(made, 0, sizeof *made);
    gn_tls_wolfssl_context_feed(config->seed, config->unix_ms);
    /* The library counts how often it was begun, and ends with the last end. */
    if (wolfSSL_Init() != WOLFSSL_SUCCESS) {
        gn_wolf_clear_seed();
        wolfSSL_Free(made);
        return GN_ERR_FULL;
    }
    gn_err err = context_fill(made, config);
    gn_wolf_clear_seed();
    if (err != GN_OK) {
        gn_tls_wolfssl_context_free(made);
        return err;
    }
    *context = made;
    return GN_OK;
}

void
gn_tls_wolfssl_context_free(void *context)
{
    gn_tls_wolfssl_context *old = context;

    if (old == NULL)
        return;
    if (old->library != NULL)
        wolfSSL_CTX_free(old->library);
    gn_tls_wolfssl_ticket_free(old->tickets);
    wolfSSL_Free(old);
    wolfSSL_Cleanup();
}
