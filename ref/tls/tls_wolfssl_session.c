/*
 * tls_wolfssl_session.c: see tls_wolfssl_session.h.
 */
#include "tls/tls_wolfssl_session.h"

#include <string.h>

#include <wolfssl/wolfcrypt/settings.h>

#include <gn_wolf.h>
#include <wolfssl/error-ssl.h>
#include <wolfssl/ssl.h>
#include <wolfssl/wolfcrypt/memory.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/ct.h"
#include "tls/tls_address.h"
#include "tls/tls_alert.h"
#include "tls/tls_gate.h"
#include "tls/tls_wolfssl_context.h"
#include "tls/tls_wolfssl_method.h"
#include "tls/tls_wolfssl_peer.h"
#include "tls/tls_wolfssl_queue.h"
#include "tls/tls_wolfssl_ticket.h"

/* RFC 9001 8.2; the library's own name for it is private. */
#define SESSION_PARAMETERS_EXTENSION 0x39

/* The first fault counts. */
static gn_err
session_fail(gn_tls_wolfssl_session *s, const gn_fault *fault)
{
    if (!s->failed) {
        s->fault = *fault;
        s->fault_waits = true;
    }
    s->failed = true;
    return GN_ERR_TLS;
}

static gn_err
session_fail_alert(gn_tls_wolfssl_session *s, uint8_t alert, const char *why)
{
    gn_fault fault;

    (void)gn_tls_alert_fault(&fault, alert, why);
    return session_fail(s, &fault);
}

/* Says who the server must be, and asks for it by name. */
static gn_err
set_server(WOLFSSL *library, const char *name, bool verify)
{
    size_t len = name == NULL ? 0 : strlen(name);

    /* RFC 9001 4.4: a server that is verified is verified by its name. [R-9001-4.4-1] */
    if (len == 0)
        return verify ? GN_ERR_CONFIG : GN_OK;
    if (len > GN_TLS_SERVER_NAME_MAX)
        return GN_ERR_CONFIG;
    if (gn_tls_address_is(name)) {
        WOLFSSL_X509_VERIFY_PARAM *param = wolfSSL_get0_param(library);
        char full[GN_TLS_ADDRESS_TEXT];
        if (!gn_tls_address_write(name, full))
            return GN_ERR_CONFIG;
        return !verify || wolfSSL_X509_VERIFY_PARAM_set1_ip_asc(param, full) == WOLFSSL_SUCCESS
                   ? GN_OK
                   : GN_ERR_CONFIG;
    }
    if (wolfSSL_UseSNI(library, WOLFSSL_SNI_HOST_NAME, name, (unsigned short)len) !=
            WOLFSSL_SUCCESS ||
        (verify && wolfSSL_check_domain_name(library, name) != WOLFSSL_SUCCESS))
        return GN_ERR_CONFIG;
    return GN_OK;
}

static gn_err
session_fill(gn_tls_wolfssl_session *s, const gn_tls_session_config *config)
{
    const gn_tls_wolfssl_context *context = s->context;
    WOLFSSL *library = s->work->library;
    int groups[GN_TLS_GROUPS_MAX];
    char alpn[GN_TLS_ALPN_LIST_MAX + 1];

    wolfSSL_set_app_data(library, s);
    wolfSSL_set_quic_transport_version(library, SESSION_PARAMETERS_EXTENSION);
    /* What a server's tickets say, without a limit; a client says with each session whether it has
     * any. [R-9001-4.6.1-1] */
    const bool early = context->tickets != NULL && context->tickets->early;
    wolfSSL_set_quic_early_data_enabled(library, early ? 1 : 0);
    memcpy(groups, context->groups, sizeof groups);
    memcpy(alpn, context->alpn, sizeof alpn); /* the library writes into it */
    /* [R-9001-8.2-1] [R-9001-8.1-5] */
    if (config->parameters.len == 0 ||
        wolfSSL_set_quic_transport_params(library, config->parameters.ptr,
                                          config->parameters.len) != WOLFSSL_SUCCESS ||
        wolfSSL_set_groups(library, groups, context->groups_count) != WOLFSSL_SUCCESS ||
        wolfSSL_UseALPN(library, alpn, (unsigned)strlen(alpn), WOLFSSL_ALPN_FAILED_ON_MISMATCH) !=
            WOLFSSL_SUCCESS)
        return GN_ERR_CONFIG;
    s->verifies = context->ask != GN_TLS_ASK_NONE;
    if (context->role == GN_TLS_SERVER)
        return GN_OK;

    bool verify = context->verify == GN_TLS_VERIFY_PEER && config->verify == GN_TLS_VERIFY_PEER;
    s->verifies = verify;
    wolfSSL_set_verify(library, verify ? WOLFSSL_VERIFY_PEER : WOLFSSL_VERIFY_NONE, NULL);
    for (int i = 0; i < context->shares; i++)
        if (wolfSSL_UseKeyShare(library, (word16)groups[i]) != WOLFSSL_SUCCESS)
            return GN_ERR_CONFIG;
    const gn_err err = set_server(library, config->server_name, verify);
    if (err == GN_OK && config->state.len > 0)
        gn_tls_wolfssl_ticket_use(s, config->state, config->early_data);
    return err;
}

gn_err
gn_tls_wolfssl_session_new(void *context, const gn_tls_session_config *config, void **session)
{
    gn_tls_wolfssl_context *shared = context;
    gn_tls_wolfssl_session *s = wolfSSL_Malloc(sizeof *s);
    gn_tls_wolfssl_work *work = wolfSSL_Malloc(sizeof *work);
    gn_err err = GN_ERR_FULL;

    if (s == NULL || work == NULL) {
        wolfSSL_Free(s);
        wolfSSL_Free(work);
        return GN_ERR_FULL;
    }
    memset(s, 0, sizeof *s);
    memset(work, 0, sizeof *work);
    s->context = shared;
    s->work = work;
    s->terms = config->terms;
    s->tickets_left = shared->tickets_wanted;
    work->alert = -1;
    if (shared->tickets != NULL)
        gn_tls_strikes_begin(&shared->tickets->strikes, config->unix_ms);
    gn_tls_gate_init(&s->gate, shared->role);
    gn_tls_wolfssl_context_feed(config->seed, config->unix_ms);
    work->library = wolfSSL_new(shared->library);
    gn_wolf_clear_seed();
    if (work->library != NULL)
        err = session_fill(s, config);
    if (err != GN_OK) {
        gn_tls_wolfssl_session_free(s);
        return err;
    }
    *session = s;
    return GN_OK;
}

/* The peer's Finished is verified: what is left to check, and to tell. */
static gn_err
session_complete(gn_tls_wolfssl_session *s)
{
    gn_tls_wolfssl_work *work = s->work;
    gn_tls_event event = {.kind = GN_TLS_COMPLETE, .level = GN_LEVEL_APP};
    unsigned short alpn_len = 0;
    char *alpn = NULL;
    void *name = NULL;

    if (gn_tls_wolfssl_method_parameters(work) != GN_OK)
        return session_fail_alert(s, GN_TLS_ALERT_INTERNAL_ERROR, NULL);
    if (!work->parameters_told)
        return session_fail_alert(s, GN_TLS_ALERT_MISSING_EXTENSION,
                                  "RFC 9001 8.2: no transport parameters");
    /* [R-9001-8.1-2] */
    if (wolfSSL_ALPN_GetProtocol(work->library, &alpn, &alpn_len) != WOLFSSL_SUCCESS ||
        alpn_len == 0)
        return session_fail_alert(s, GN_TLS_ALERT_NO_APPLICATION_PROTOCOL,
                                  "RFC 9001 8.1: no application protocol");
    event.as.complete.alpn = gn_span_of((const uint8_t *)alpn, alpn_len);
    if (s->context->role == GN_TLS_SERVER) {
        size_t len = wolfSSL_SNI_GetRequest(work->library, WOLFSSL_SNI_HOST_NAME, &name);
        event.as.complete.server_name = gn_span_of(name, name == NULL ? 0 : len);
    }
    if (s->context->keep_certificate &&
        gn_tls_wolfssl_peer_take(&s->peer, work->library, s->verifies) != GN_OK)
        return session_fail_alert(s, GN_TLS_ALERT_INTERNAL_ERROR, NULL);
    event.as.complete.resumed = wolfSSL_session_reused(work->library) == 1;
    /* [R-9001-5.7-2] */
    if (!gn_tls_wolfssl_method_suite(work->library, &event.as.complete.suite) ||
        !gn_tls_wolfssl_context_group(s->gate.group, &event.as.complete.group) ||
        work->app_read.len == 0 || gn_tls_wolfssl_queue_push(&work->queue, &event) != GN_OK ||
        gn_tls_wolfssl_method_secret(work, GN_LEVEL_APP, &work->app_read) != GN_OK)
        return session_fail_alert(s, GN_TLS_ALERT_INTERNAL_ERROR, NULL);
    gn_ct_wipe(&work->app_read, sizeof work->app_read);
    s->complete = true;
    return GN_OK;
}

/*
 * The alert for a failure that the library raised none for: what RFC 8446 6.2
 * has for a message of this type that is no good.
 */
static uint8_t
alert_for(int error, uint8_t type)
{
    if (error == MEMORY_E)
        return GN_TLS_ALERT_INTERNAL_ERROR;
    if (error == BUFFER_E || error == BUFFER_ERROR)
        return GN_TLS_ALERT_DECODE_ERROR;
    switch (type) {
    case GN_TLS_GATE_CLIENT_HELLO: return GN_TLS_ALERT_HANDSHAKE_FAILURE;
    case GN_TLS_GATE_SERVER_HELLO:
    case GN_TLS_GATE_ENCRYPTED_EXTENSIONS: return GN_TLS_ALERT_ILLEGAL_PARAMETER;
    case GN_TLS_GATE_CERTIFICATE: return GN_TLS_ALERT_BAD_CERTIFICATE;
    case GN_TLS_GATE_CERTIFICATE_VERIFY:
    case GN_TLS_GATE_FINISHED: return GN_TLS_ALERT_DECRYPT_ERROR;
    default: return GN_TLS_ALERT_INTERNAL_ERROR;
    }
}

/* Lets the library work on a message of this type; 0: on none. */
static gn_err
session_drive(gn_tls_wolfssl_session *s, uint8_t type)
{
    gn_tls_wolfssl_work *work = s->work;

    int result = wolfSSL_quic_do_handshake(work->library);
    if (result == WOLFSSL_SUCCESS)
        return session_complete(s);
    int error = wolfSSL_get_error(work->library, result);
    if (work->alert < 0 && error == WOLFSSL_ERROR_WANT_READ &&
        gn_tls_wolfssl_method_parameters(work) == GN_OK)
        return GN_OK;
    /* RFC 9001 4.8: the alert is the error code. [R-9001-4.8-1] */
    uint8_t alert = work->alert < 0 ? alert_for(error, type) : (uint8_t)work->alert;
    return session_fail_alert(s, alert, NULL);
}

gn_err
gn_tls_wolfssl_session_start(void *session, int64_t unix_ms)
{
    gn_tls_wolfssl_session *s = session;

    if (s->failed)
        return GN_ERR_TLS;
    if (s->started || s->context->role != GN_TLS_CLIENT)
        return GN_ERR_STATE;
    s->started = true;
    gn_wolf_set_time(unix_ms);
    return session_drive(s, 0);
}

/*
 * Client: what became of 0-RTT stands in EncryptedExtensions, and a HelloRetryRequest has refused
 * it before (RFC 8446 4.2.10).
 */
static gn_err
session_early(gn_tls_wolfssl_session *s, uint8_t type)
{
    gn_tls_event event = {.kind = GN_TLS_EARLY, .level = GN_LEVEL_EARLY};
    const bool refused = type == GN_TLS_GATE_SERVER_HELLO && s->gate.retry;

    if (!s->work->early_waits || (!refused && type != GN_TLS_GATE_ENCRYPTED_EXTENSIONS))
        return GN_OK;
    s->work->early_waits = false;
    event.as.accepted = s->gate.early != 0;
    /* Or the library would go on to write early data into a session that is resumed without. */
    if (!event.as.accepted)
        (void)wolfSSL_set_max_early_data(s->work->library, 0);
    return gn_tls_wolfssl_queue_push(&s->work->queue, &event);
}

/* A session ticket; later ones than we want have no effect. */
static gn_err
session_ticket(gn_tls_wolfssl_session *s, gn_span message)
{
    if (s->work == NULL || gn_tls_wolfssl_ticket_receive(s, message) != GN_ERR_TLS)
        return GN_OK;
    return session_fail_alert(s, GN_TLS_ALERT_DECODE_ERROR, "RFC 8446 4.6.1: a malformed ticket");
}

/* One whole message that passed the gate. */
static gn_err
session_message(gn_tls_wolfssl_session *s, gn_level level, gn_span message)
{
    if (s->context->role == GN_TLS_SERVER)
        gn_tls_wolfssl_method_random(s, message);
    if (s->complete)
        return session_ticket(s, message);
    if (session_early(s, message.ptr[0]) != GN_OK)
        return session_fail_alert(s, GN_TLS_ALERT_INTERNAL_ERROR, NULL);
    if (wolfSSL_provide_quic_data(s->work->library, (WOLFSSL_ENCRYPTION_LEVEL)level, message.ptr,
                                  message.len) != WOLFSSL_SUCCESS)
        return session_fail_alert(s, GN_TLS_ALERT_INTERNAL_ERROR, NULL);
    const gn_err err = session_drive(s, message.ptr[0]);
    if (err == GN_OK && message.ptr[0] == GN_TLS_GATE_CERTIFICATE && s->verifies &&
        !gn_tls_wolfssl_peer_may_sign(s->work->library))
        return session_fail_alert(s, GN_TLS_ALERT_BAD_CERTIFICATE,
                                  "RFC 8446 4.4.2.2: the certificate's key must not sign");
    return err;
}

gn_err
gn_tls_wolfssl_session_receive(void *session, gn_level level, const uint8_t *bytes, size_t len,
                               int64_t unix_ms)
{
    gn_tls_wolfssl_session *s = session;
    gn_reader in = gn_reader_over(bytes, len);
    gn_span message;
    gn_fault fault;

    if (s->failed)
        return GN_ERR_TLS;
    GN_ASSERT(s->started || s->context->role == GN_TLS_SERVER);
    gn_wolf_set_time(unix_ms);
    if (s->work != NULL)
        gn_tls_wolfssl_queue_settle(&s->work->queue);
    for (;;) {
        gn_err err =
            gn_tls_gate_push(&s->gate, level, &in, s->message, s->message_cap, &message, &fault);
        if (err == GN_ERR_SHORT)
            return GN_OK;
        if (err == GN_ERR_FULL) {
            err = gn_tls_wolfssl_queue_grow(&s->message, &s->message_cap,
                                            gn_tls_gate_needs(&s->gate, &in));
            if (err != GN_OK)
                return session_fail_alert(s, GN_TLS_ALERT_INTERNAL_ERROR, NULL);
            continue;
        }
        if (err != GN_OK)
            return session_fail(s, &fault);
        err = session_message(s, level, message);
        if (err != GN_OK)
            return err;
    }
}

static void
session_end_work(gn_tls_wolfssl_session *s)
{
    if (s->work == NULL)
        return;
    gn_tls_wolfssl_queue_free(&s->work->queue);
    if (s->work->library != NULL)
        wolfSSL_free(s->work->library);
    gn_ct_wipe(s->work, sizeof *s->work);
    wolfSSL_Free(s->work);
    s->work = NULL;
}

bool
gn_tls_wolfssl_session_next(void *session, gn_tls_event *out)
{
    gn_tls_wolfssl_session *s = session;

    if (s->work != NULL && gn_tls_wolfssl_queue_pop(&s->work->queue, out))
        return true;
    if (s->settles && s->tickets_left == 0)
        session_end_work(s);
    if (!s->fault_waits)
        return false;
    s->fault_waits = false;
    *out = (gn_tls_event){.kind = GN_TLS_FAULT};
    out->as.fault = s->fault;
    return true;
}

bool
gn_tls_wolfssl_session_client_random(const void *session, uint8_t out[GN_TLS_RANDOM_BYTES])
{
    const gn_tls_wolfssl_session *s = session;

    if (!s->random_known)
        return false;
    memcpy(out, s->random, GN_TLS_RANDOM_BYTES);
    return true;
}

bool
gn_tls_wolfssl_session_certificate(const void *session, gn_span *der, bool *verified)
{
    const gn_tls_wolfssl_session *s = session;

    if (s->peer.len == 0)
        return false;
    *der = gn_span_of(s->peer.der, s->peer.len);
    *verified = s->peer.verified;
    return true;
}

void
gn_tls_wolfssl_session_settle(void *session)
{
    gn_tls_wolfssl_session *s = session;

    if (!s->complete)
        return;
    s->settles = true;
    if (s->tickets_left == 0)
        session_end_work(s);
    if (!gn_tls_gate_is_waiting(&s->gate)) {
        wolfSSL_Free(s->message);
        s->message = NULL;
        s->message_cap = 0;
    }
}

size_t
gn_tls_wolfssl_session_memory(const void *session)
{
    const gn_tls_wolfssl_session *s = session;
    size_t total = sizeof *s + s->message_cap + s->peer.len;

    if (s->work != NULL)
        total += sizeof *s->work + s->work->queue.cap + (size_t)wolfSSL_GetObjectSize();
    return total;
}

void
gn_tls_wolfssl_session_free(void *session)
{
    gn_tls_wolfssl_session *s = session;

    if (s == NULL)
        return;
    session_end_work(s);
    gn_tls_wolfssl_peer_free(&s->peer);
    wolfSSL_Free(s->message);
    gn_ct_wipe(s, sizeof *s);
    wolfSSL_Free(s);
}
