/*
 * tls_wolfssl_method.c: see tls_wolfssl_method.h.
 */
#include "tls/tls_wolfssl_method.h"

#include <string.h>

#include <wolfssl/wolfcrypt/settings.h>

#include <wolfssl/ssl.h>

#include "base/ct.h"
#include "tls/tls_gate.h"
#include "tls/tls_hello.h"
#include "tls/tls_wolfssl_context.h"
#include "tls/tls_wolfssl_queue.h"

_Static_assert((int)GN_LEVEL_INITIAL == (int)wolfssl_encryption_initial &&
                   (int)GN_LEVEL_EARLY == (int)wolfssl_encryption_early_data &&
                   (int)GN_LEVEL_HANDSHAKE == (int)wolfssl_encryption_handshake &&
                   (int)GN_LEVEL_APP == (int)wolfssl_encryption_application,
               "the library numbers levels as we do");

/* RFC 8446 4.1.2: where the random begins in a ClientHello, its header included. */
#define METHOD_RANDOM_AT 6

gn_err
gn_tls_wolfssl_method_parameters(gn_tls_wolfssl_work *work)
{
    gn_tls_event event = {.kind = GN_TLS_PARAMETERS, .level = GN_LEVEL_HANDSHAKE};

    if (work->parameters_told)
        return GN_OK;
    wolfSSL_get_peer_quic_transport_params(work->library, &event.bytes.ptr, &event.bytes.len);
    if (event.bytes.ptr == NULL)
        return GN_OK;
    work->parameters_told = true;
    return gn_tls_wolfssl_queue_push(&work->queue, &event);
}

bool
gn_tls_wolfssl_method_suite(WOLFSSL *library, gn_suite_id *out)
{
    const WOLFSSL_CIPHER *cipher = wolfSSL_get_current_cipher(library);

    return cipher != NULL &&
           gn_suite_from_tls((uint16_t)(wolfSSL_CIPHER_get_id(cipher) & 0xffff), out) == GN_OK;
}

gn_err
gn_tls_wolfssl_method_secret(gn_tls_wolfssl_work *work, gn_level level, const gn_tls_secret *secret)
{
    gn_tls_event event = {.kind = GN_TLS_SECRET, .level = level};

    event.as.secret = *secret;
    gn_err err = gn_tls_wolfssl_queue_push(&work->queue, &event);
    gn_ct_wipe(&event, sizeof event);
    return err;
}

void
gn_tls_wolfssl_method_random(gn_tls_wolfssl_session *session, gn_span message)
{
    if (session->random_known || message.len < METHOD_RANDOM_AT + GN_TLS_RANDOM_BYTES)
        return;
    memcpy(session->random, message.ptr + METHOD_RANDOM_AT, GN_TLS_RANDOM_BYTES);
    session->random_known = true;
}

/* The library has secrets of a level. Either may be null. */
static int
on_secrets(WOLFSSL *library, WOLFSSL_ENCRYPTION_LEVEL level, const uint8_t *read,
           const uint8_t *write, size_t len)
{
    gn_tls_wolfssl_session *s = wolfSSL_get_app_data(library);
    const uint8_t *both[2] = {read, write};
    gn_suite_id suite;

    if (len > GN_SUITE_HASH_MAX || !gn_tls_wolfssl_method_suite(library, &suite) ||
        gn_tls_wolfssl_method_parameters(s->work) != GN_OK)
        return 0;
    for (size_t i = 0; i < 2; i++) {
        gn_tls_secret secret = {.len = (uint8_t)len, .suite = (uint8_t)suite, .write = i == 1};
        gn_err err = GN_OK;
        if (both[i] == NULL)
            continue;
        memcpy(secret.bytes, both[i], len);
        /* RFC 9001 5.7: nobody opens 1-RTT packets before the handshake is complete.
         * [R-9001-5.7-1] [R-9001-5.7-3] */
        if (level == wolfssl_encryption_application && !secret.write)
            s->work->app_read = secret;
        /* It comes with a ticket, whatever else there is to refuse 0-RTT for. */
        else if (level == wolfssl_encryption_early_data && !secret.write)
            s->work->early_read = secret;
        else
            err = gn_tls_wolfssl_method_secret(s->work, (gn_level)level, &secret);
        s->work->early_waits |= level == wolfssl_encryption_early_data && secret.write;
        gn_ct_wipe(&secret, sizeof secret);
        if (err != GN_OK)
            return 0;
    }
    return 1;
}

/*
 * Server: 0-RTT is accepted when EncryptedExtensions says so and nobody was asked to retry; what
 * was offered and is not accepted is refused.
 */
static gn_err
method_early(gn_tls_wolfssl_session *s, gn_span message)
{
    const gn_span body =
        gn_span_of(message.ptr + GN_TLS_GATE_HEADER_BYTES, message.len - GN_TLS_GATE_HEADER_BYTES);
    gn_tls_event event = {.kind = GN_TLS_EARLY, .level = GN_LEVEL_EARLY};
    bool accepted = false;
    gn_fault fault;
    gn_span alpn;

    if (!s->gate.offered || message.ptr[0] != GN_TLS_GATE_ENCRYPTED_EXTENSIONS)
        return GN_OK;
    gn_err err = gn_tls_hello_judge_encrypted(body, &alpn, &accepted, &fault);
    event.as.accepted = accepted && !s->gate.retry && s->work->early_read.len > 0;
    if (err == GN_OK)
        err = gn_tls_wolfssl_queue_push(&s->work->queue, &event);
    if (err == GN_OK && event.as.accepted)
        err = gn_tls_wolfssl_method_secret(s->work, GN_LEVEL_EARLY, &s->work->early_read);
    gn_ct_wipe(&s->work->early_read, sizeof s->work->early_read);
    return err;
}

/* The library has made one handshake message. */
static int
on_message(WOLFSSL *library, WOLFSSL_ENCRYPTION_LEVEL level, const uint8_t *bytes, size_t len)
{
    gn_tls_wolfssl_session *s = wolfSSL_get_app_data(library);
    const gn_span message = gn_span_of(bytes, len);

    if (len < GN_TLS_GATE_HEADER_BYTES || gn_tls_wolfssl_method_parameters(s->work) != GN_OK)
        return 0;
    if (s->context->role == GN_TLS_CLIENT)
        gn_tls_wolfssl_method_random(s, message);
    else if (method_early(s, message) != GN_OK)
        return 0;
    gn_tls_gate_on_sent(&s->gate, (gn_level)level, message);
    return gn_tls_wolfssl_queue_bytes(&s->work->queue, (gn_level)level, message) == GN_OK;
}

/* Messages go out when the caller pulls them. */
static int
on_flush(WOLFSSL *library)
{
    (void)library;
    return 1;
}

static int
on_alert(WOLFSSL *library, WOLFSSL_ENCRYPTION_LEVEL level, uint8_t alert)
{
    gn_tls_wolfssl_session *s = wolfSSL_get_app_data(library);

    (void)level;
    if (s->work->alert < 0)
        s->work->alert = alert;
    return 1;
}

static const WOLFSSL_QUIC_METHOD method = {
    .set_encryption_secrets = on_secrets,
    .add_handshake_data = on_message,
    .flush_flight = on_flush,
    .send_alert = on_alert,
};

const WOLFSSL_QUIC_METHOD *
gn_tls_wolfssl_method(void)
{
    return &method;
}
