/*
 * tls_wolfssl_ticket.c: see tls_wolfssl_ticket.h.
 */
#include "tls/tls_wolfssl_ticket.h"

#include <string.h>

#include <wolfssl/wolfcrypt/settings.h>

#include <gn_wolf.h>
#include <wolfssl/internal.h>
#include <wolfssl/ssl.h>
#include <wolfssl/wolfcrypt/aes.h>
#include <wolfssl/wolfcrypt/memory.h>
#include <wolfssl/wolfcrypt/random.h>

#include "base/assert.h"
#include "base/be.h"
#include "base/bytes.h"
#include "base/ct.h"
#include "base/rng.h"
#include "tls/tls_wolfssl_context.h"
#include "tls/tls_wolfssl_method.h"
#include "tls/tls_wolfssl_queue.h"
#include "tls/tls_wolfssl_session.h"

enum {
    TICKET_NONCE_BYTES = 12,
    TICKET_TAG_BYTES = 16,
    TICKET_SEALED_TERMS = 32, /* of the terms; the rest stands beside the tag */
    TICKET_OPEN_TERMS = GN_TLS_TERMS_BYTES - TICKET_SEALED_TERMS,
    TICKET_VERSION_AT = WOLFSSL_TICKET_NAME_SZ + TICKET_OPEN_TERMS,
    TICKET_AAD_BYTES = TICKET_VERSION_AT + 4,
    TICKET_LIFE_MAX_S = 7 * 24 * 3600 /* RFC 8446 4.6.1 */
};

_Static_assert(TICKET_TAG_BYTES + TICKET_OPEN_TERMS == WOLFSSL_TICKET_MAC_SZ, "both fit");
_Static_assert((int)TICKET_SEALED_TERMS == (int)WOLFSSL_TICKET_EXTRA_PADDING_SZ, "as much as fits");

/* A sealed ticket, as the library lays it out. */
typedef struct ticket_parts {
    unsigned char *name;
    unsigned char *nonce;
    unsigned char *tag;
    unsigned char *bytes;
    int len;
} ticket_parts;

/*
 * Seals or opens in place. False: not authentic, of another version (RFC 9369 5), or the library
 * failed. [R-9369-5-2]
 */
static bool
ticket_crypt(const gn_tls_wolfssl_tickets *tickets, const ticket_parts *p, uint32_t version,
             bool seal)
{
    uint8_t aad[TICKET_AAD_BYTES];
    Aes aes;
    int failed;

    gn_bytes_copy(aad, p->name, WOLFSSL_TICKET_NAME_SZ);
    gn_bytes_copy(aad + WOLFSSL_TICKET_NAME_SZ, p->tag + TICKET_TAG_BYTES, TICKET_OPEN_TERMS);
    gn_be_write_u32(aad + TICKET_VERSION_AT, version);
    if (p->len < 0 || wc_AesInit(&aes, NULL, INVALID_DEVID) != 0)
        return false;
    failed = wc_AesGcmSetKey(&aes, tickets->key, sizeof tickets->key);
    if (failed == 0 && seal)
        failed = wc_AesGcmEncrypt(&aes, p->bytes, p->bytes, (word32)p->len, p->nonce,
                                  TICKET_NONCE_BYTES, p->tag, TICKET_TAG_BYTES, aad, sizeof aad);
    else if (failed == 0)
        failed = wc_AesGcmDecrypt(&aes, p->bytes, p->bytes, (word32)p->len, p->nonce,
                                  TICKET_NONCE_BYTES, p->tag, TICKET_TAG_BYTES, aad, sizeof aad);
    wc_AesFree(&aes);
    return failed == 0;
}

/* The first protocol of the client's list that is in ours: what it will be. */
static gn_span
ticket_alpn(const gn_tls_wolfssl_session *s, const char *offered, size_t len)
{
    for (size_t at = 0; at < len;) {
        size_t end = at;
        while (end < len && offered[end] != ',')
            end++;
        for (const char *ours = s->context->alpn; *ours != '\0';) {
            const size_t ours_len = strcspn(ours, ",");
            if (ours_len == end - at && memcmp(ours, offered + at, ours_len) == 0)
                return gn_span_of((const uint8_t *)ours, ours_len);
            ours += ours_len + (ours[ours_len] == ',' ? 1 : 0);
        }
        at = end + 1;
    }
    return gn_span_of(NULL, 0);
}

static uint64_t
ticket_bind(gn_tls_wolfssl_session *s)
{
    WOLFSSL *library = s->work->library;
    gn_span alpn = gn_span_of(NULL, 0);
    unsigned short len = 0;
    char *list = NULL;
    void *name = NULL;

    if (wolfSSL_ALPN_GetPeerProtocol(library, &list, &len) == WOLFSSL_SUCCESS)
        alpn = ticket_alpn(s, list, strlen(list));
    (void)wolfSSL_ALPN_FreePeerProtocol(library, &list);
    size_t name_len = wolfSSL_SNI_GetRequest(library, WOLFSSL_SNI_HOST_NAME, &name);
    if (name == NULL || name_len > GN_TLS_SERVER_NAME_MAX)
        name_len = 0;
    return gn_tls_terms_bind(&s->terms, alpn, gn_span_of(name, name_len),
                             s->context->tickets->bind);
}

static int
ticket_seal(gn_tls_wolfssl_session *s, const ticket_parts *p, int *out_len)
{
    const gn_tls_wolfssl_tickets *tickets = s->context->tickets;
    uint8_t terms[GN_TLS_TERMS_BYTES];
    ticket_parts whole = *p;

    gn_tls_terms_write(&s->terms, ticket_bind(s), terms);
    gn_bytes_copy(p->name, tickets->number, sizeof tickets->number);
    gn_be_write_u64(p->name + 8, (uint64_t)gn_wolf_time());
    memset(p->nonce, 0, WOLFSSL_TICKET_IV_SZ);
    if (wc_RNG_GenerateBlock(wolfSSL_GetRNG(s->work->library), p->nonce, TICKET_NONCE_BYTES) != 0)
        return WOLFSSL_TICKET_RET_FATAL;
    gn_bytes_copy(p->bytes + p->len, terms, TICKET_SEALED_TERMS);
    gn_bytes_copy(p->tag + TICKET_TAG_BYTES, terms + TICKET_SEALED_TERMS, TICKET_OPEN_TERMS);
    whole.len = p->len + TICKET_SEALED_TERMS;
    *out_len = whole.len;
    return ticket_crypt(tickets, &whole, s->terms.version, true) ? WOLFSSL_TICKET_RET_OK
                                                                 : WOLFSSL_TICKET_RET_FATAL;
}

/*
 * The ticket is sound: may it bring 0-RTT? The library would take it from any, so where it may not
 * the wish is taken out of the ClientHello: the session is resumed without.
 * [R-9000-7.4.1-6] [R-9001-9.2-1]
 */
static void
ticket_judge_early(gn_tls_wolfssl_session *s, const ticket_parts *p, int64_t issued_ms,
                   const uint8_t terms[GN_TLS_TERMS_BYTES])
{
    gn_tls_wolfssl_tickets *tickets = s->context->tickets;
    WOLFSSL *library = s->work->library;

    if (TLSX_Find(library->extensions, TLSX_EARLY_DATA) == NULL)
        return;
    if (tickets->early && gn_tls_terms_hold(&s->terms, ticket_bind(s), terms, tickets->strict) &&
        gn_tls_strikes_take(&tickets->strikes, gn_be_read_u64(p->nonce), issued_ms, gn_wolf_time()))
        return;
    TLSX_Remove(&library->extensions, TLSX_EARLY_DATA, library->heap);
}

static int
ticket_open(gn_tls_wolfssl_session *s, const ticket_parts *p, int *out_len)
{
    gn_tls_wolfssl_tickets *tickets = s->context->tickets;
    const int64_t issued_ms = (int64_t)(gn_be_read_u64(p->name + 8) & INT64_MAX);
    uint8_t terms[GN_TLS_TERMS_BYTES];

    if (memcmp(p->name, tickets->number, sizeof tickets->number) != 0 ||
        p->len <= TICKET_SEALED_TERMS || !ticket_crypt(tickets, p, s->terms.first_version, false))
        return WOLFSSL_TICKET_RET_REJECT;
    if (gn_wolf_time() < issued_ms || gn_wolf_time() - issued_ms > tickets->life_ms)
        return WOLFSSL_TICKET_RET_REJECT;
    *out_len = p->len - TICKET_SEALED_TERMS;
    gn_bytes_copy(terms, p->bytes + *out_len, TICKET_SEALED_TERMS);
    gn_bytes_copy(terms + TICKET_SEALED_TERMS, p->tag + TICKET_TAG_BYTES, TICKET_OPEN_TERMS);
    ticket_judge_early(s, p, issued_ms, terms);
    return WOLFSSL_TICKET_RET_OK;
}

/* The library wants a ticket sealed, or opened. */
static int
on_ticket(WOLFSSL *library, unsigned char name[WOLFSSL_TICKET_NAME_SZ],
          unsigned char nonce[WOLFSSL_TICKET_IV_SZ], unsigned char tag[WOLFSSL_TICKET_MAC_SZ],
          int seal, unsigned char *bytes, int len, int *out_len, void *context)
{
    gn_tls_wolfssl_session *s = wolfSSL_get_app_data(library);
    const ticket_parts parts = {name, nonce, tag, bytes, len};

    (void)context;
    return seal ? ticket_seal(s, &parts, out_len) : ticket_open(s, &parts, out_len);
}

/* The key given, or one that follows from the context's seed; and what follows from the key. */
static void
ticket_keys(gn_tls_wolfssl_tickets *tickets, const gn_tls_config *config)
{
    static const uint8_t none[GN_TLS_TICKET_KEY_BYTES] = {0};
    uint8_t seed[GN_RNG_SEED_BYTES];
    gn_rng rng;

    gn_bytes_copy(tickets->key, config->ticket_key, sizeof tickets->key);
    if (gn_ct_equal(tickets->key, none, sizeof none)) {
        gn_bytes_copy(seed, config->seed, sizeof seed);
        gn_rng_init(&rng, seed, "tickets", 0);
        gn_rng_fill(&rng, tickets->key, sizeof tickets->key);
    }
    gn_bytes_copy(seed, tickets->key, sizeof seed);
    /* A server that asks for certificates takes no ticket of a time when it did not. */
    gn_rng_init(&rng, seed, "ticket key", config->ask);
    gn_rng_fill(&rng, tickets->number, sizeof tickets->number);
    gn_rng_fill(&rng, tickets->bind, sizeof tickets->bind);
    gn_ct_wipe(&rng, sizeof rng);
    gn_ct_wipe(seed, sizeof seed);
}

gn_err
gn_tls_wolfssl_ticket_init(WOLFSSL_CTX *library, const gn_tls_config *config,
                           gn_tls_wolfssl_tickets **out)
{
    if (config->ticket_life_s == 0 || config->ticket_life_s > TICKET_LIFE_MAX_S ||
        config->tickets > GN_TLS_TICKETS_MAX)
        return GN_ERR_CONFIG;
    gn_tls_wolfssl_tickets *made = wolfSSL_Malloc(sizeof *made);
    if (made == NULL)
        return GN_ERR_FULL;
    *out = made;
    memset(made, 0, sizeof *made);
    made->life_ms = (int64_t)config->ticket_life_s * 1000;
    made->early = config->early_data != 0;
    made->strict = config->early_strict;
    gn_tls_strikes_init(&made->strikes);
    gn_tls_strikes_begin(&made->strikes, config->started_ms);
    ticket_keys(made, config);
    /* The hint is what clients are told, the timeout what the library goes by. */
    return wolfSSL_CTX_set_TicketEncCb(library, on_ticket) == WOLFSSL_SUCCESS &&
                   wolfSSL_CTX_set_num_tickets(library, config->tickets) == WOLFSSL_SUCCESS &&
                   wolfSSL_CTX_set_TicketHint(library, (int)config->ticket_life_s) ==
                       WOLFSSL_SUCCESS &&
                   wolfSSL_CTX_set_timeout(library, config->ticket_life_s) > 0
               ? GN_OK
               : GN_ERR_CONFIG;
}

void
gn_tls_wolfssl_ticket_free(gn_tls_wolfssl_tickets *tickets)
{
    if (tickets == NULL)
        return;
    gn_ct_wipe(tickets, sizeof *tickets);
    wolfSSL_Free(tickets);
}

void
gn_tls_wolfssl_ticket_use(gn_tls_wolfssl_session *s, gn_span state, bool early)
{
    const unsigned char *at = state.ptr + 1;

    /* The library fails the handshake when the session's suite is not among those it may use. */
    if (state.len < 2 || state.len > GN_TLS_STATE_MAX || state.ptr[0] >= GN_SUITES ||
        (s->context->suites >> state.ptr[0] & 1) == 0)
        return;
    WOLFSSL_SESSION *old = wolfSSL_d2i_SSL_SESSION(NULL, &at, (long)state.len - 1);
    if (old == NULL)
        return;
    /* An expired session is refused here, and the handshake is a full one. */
    if (wolfSSL_set_session(s->work->library, old) == WOLFSSL_SUCCESS && early &&
        wolfSSL_SESSION_get_max_early_data(old) > 0)
        wolfSSL_set_quic_early_data_enabled(s->work->library, 1);
    wolfSSL_SESSION_free(old);
}

/* Writes what resumes this session: the suite's number, then the library's encoding. */
static size_t
ticket_state(gn_tls_wolfssl_session *s, uint8_t out[GN_TLS_STATE_MAX])
{
    WOLFSSL_SESSION *session = wolfSSL_get1_session(s->work->library);
    unsigned char *at = out + 1;
    gn_suite_id suite = GN_SUITES;
    size_t len = 0;

    if (session == NULL)
        return 0;
    const int needs = wolfSSL_i2d_SSL_SESSION(session, NULL);
    if (needs > 0 && needs < GN_TLS_STATE_MAX &&
        gn_tls_wolfssl_method_suite(s->work->library, &suite) &&
        wolfSSL_i2d_SSL_SESSION(session, &at) == needs) {
        out[0] = (uint8_t)suite;
        len = (size_t)needs + 1;
    }
    wolfSSL_SESSION_free(session);
    return len;
}

gn_err
gn_tls_wolfssl_ticket_receive(gn_tls_wolfssl_session *s, gn_span message)
{
    gn_tls_event event = {.kind = GN_TLS_TICKET, .level = GN_LEVEL_APP};
    uint8_t state[GN_TLS_STATE_MAX];

    if (s->tickets_left == 0)
        return GN_OK;
    s->tickets_left--;
    if (wolfSSL_provide_quic_data(s->work->library, wolfssl_encryption_application, message.ptr,
                                  message.len) != WOLFSSL_SUCCESS ||
        wolfSSL_process_quic_post_handshake(s->work->library) != WOLFSSL_SUCCESS)
        return GN_ERR_TLS;
    event.bytes = gn_span_of(state, ticket_state(s, state));
    const gn_err err =
        event.bytes.len == 0 ? GN_OK : gn_tls_wolfssl_queue_copy(&s->work->queue, &event);
    gn_ct_wipe(state, sizeof state);
    return err;
}
