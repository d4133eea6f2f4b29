/*
 * bench_handshake.c: full handshakes, by two endpoints or by the TLS library alone.
 *
 * usage: bench_handshake gnomon|bare COUNT
 *
 * bare plays the same two TLS handshakes, with the same certificate, suite,
 * group and checks, through the library's QUIC interface: messages go from one
 * side's memory to the other's. gnomon adds everything around it: packets,
 * their protection, acknowledgements, timers, until both ends have confirmed.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <wolfssl/wolfcrypt/settings.h>

#include <gn_wolf.h>
#include <wolfssl/ssl.h>

#include "base/assert.h"
#include "base/time.h"
#include "sim/certificates.h"
#include "tools/bench_pair.h"

enum { BARE_RUN_BYTES = 8192, BARE_LEVELS = 4, BARE_PARAMETERS_BYTES = 70 };

#define BARE_UNIX_MS INT64_C(1767225600000)
#define BARE_PARAMETERS_EXTENSION 0x39

typedef struct bare_side {
    WOLFSSL *library;
    uint8_t out[BARE_LEVELS][BARE_RUN_BYTES]; /* what it said and nobody was given */
    size_t len[BARE_LEVELS];
    size_t secrets;
    bool complete;
} bare_side;

static int
on_secrets(WOLFSSL *library, WOLFSSL_ENCRYPTION_LEVEL level, const uint8_t *read,
           const uint8_t *write, size_t len)
{
    bare_side *side = wolfSSL_get_app_data(library);

    (void)level;
    side->secrets += (read != NULL ? len : 0) + (write != NULL ? len : 0);
    return 1;
}

static int
on_message(WOLFSSL *library, WOLFSSL_ENCRYPTION_LEVEL level, const uint8_t *bytes, size_t len)
{
    bare_side *side = wolfSSL_get_app_data(library);

    GN_ASSERT(side->len[level] + len <= BARE_RUN_BYTES);
    memcpy(side->out[level] + side->len[level], bytes, len);
    side->len[level] += len;
    return 1;
}

static int
on_flush(WOLFSSL *library)
{
    (void)library;
    return 1;
}

static int
on_alert(WOLFSSL *library, WOLFSSL_ENCRYPTION_LEVEL level, uint8_t alert)
{
    (void)library;
    (void)level;
    (void)alert;
    return 0;
}

static const WOLFSSL_QUIC_METHOD bare_method = {.set_encryption_secrets = on_secrets,
                                                .add_handshake_data = on_message,
                                                .flush_flight = on_flush,
                                                .send_alert = on_alert};

static void
bare_expect(int result)
{
    GN_ASSERT(result == WOLFSSL_SUCCESS);
}

static void
bare_seed(uint8_t first)
{
    uint8_t seed[GN_WOLF_SEED_BYTES];

    for (size_t i = 0; i < sizeof seed; i++)
        seed[i] = (uint8_t)(first + i);
    GN_ASSERT(gn_wolf_set_seed(seed, sizeof seed) == 0);
}

static WOLFSSL_CTX *
bare_context(bool client)
{
    bare_seed(client ? 1 : 2);

    WOLFSSL_CTX *context =
        wolfSSL_CTX_new(client ? wolfTLSv1_3_client_method() : wolfTLSv1_3_server_method());

    GN_ASSERT(context != NULL);
    wolfSSL_CTX_set_session_cache_mode(context, WOLFSSL_SESS_CACHE_OFF);
    bare_expect(wolfSSL_CTX_set_quic_method(context, &bare_method));
    GN_ASSERT(wolfSSL_CTX_only_dhe_psk(context) == 0);
    bare_expect(wolfSSL_CTX_set_cipher_list(
        context, "TLS13-AES128-GCM-SHA256:TLS13-AES256-GCM-SHA384:TLS13-CHACHA20-POLY1305-SHA256"));
    if (client) {
        bare_expect(wolfSSL_CTX_load_verify_buffer(context, (const uint8_t *)gn_sim_certificates_ca,
                                                   (long)strlen(gn_sim_certificates_ca),
                                                   WOLFSSL_FILETYPE_PEM));
        return context;
    }
    GN_ASSERT(wolfSSL_CTX_no_ticket_TLSv13(context) == 0);
    bare_expect(wolfSSL_CTX_use_certificate_chain_buffer(
        context, (const uint8_t *)gn_sim_certificates_server,
        (long)strlen(gn_sim_certificates_server)));
    bare_expect(wolfSSL_CTX_use_PrivateKey_buffer(
        context, (const uint8_t *)gn_sim_certificates_server_key,
        (long)strlen(gn_sim_certificates_server_key), WOLFSSL_FILETYPE_PEM));
    return context;
}

static void
bare_begin(bare_side *side, WOLFSSL_CTX *context, bool client, uint8_t seed)
{
    static const uint8_t parameters[BARE_PARAMETERS_BYTES];
    int groups[] = {WOLFSSL_ECC_X25519, WOLFSSL_ECC_SECP256R1};
    char alpn[] = "bench";

    side->complete = false;
    memset(side->len, 0, sizeof side->len);
    bare_seed(seed);
    side->library = wolfSSL_new(context);
    gn_wolf_clear_seed();
    GN_ASSERT(side->library != NULL);
    wolfSSL_set_app_data(side->library, side);
    wolfSSL_set_quic_transport_version(side->library, BARE_PARAMETERS_EXTENSION);
    wolfSSL_set_quic_early_data_enabled(side->library, 0);
    bare_expect(wolfSSL_set_quic_transport_params(side->library, parameters, sizeof parameters));
    bare_expect(wolfSSL_set_groups(side->library, groups, 2));
    bare_expect(
        wolfSSL_UseALPN(side->library, alpn, sizeof alpn - 1, WOLFSSL_ALPN_FAILED_ON_MISMATCH));
    if (!client)
        return;
    wolfSSL_set_verify(side->library, WOLFSSL_VERIFY_PEER, NULL);
    bare_expect(wolfSSL_UseKeyShare(side->library, WOLFSSL_ECC_X25519));
    bare_expect(wolfSSL_UseSNI(side->library, WOLFSSL_SNI_HOST_NAME, "server.example", 14));
    bare_expect(wolfSSL_check_domain_name(side->library, "server.example"));
}

static void
bare_drive(bare_side *side)
{
    const int result = wolfSSL_quic_do_handshake(side->library);

    side->complete = result == WOLFSSL_SUCCESS;
    GN_ASSERT(side->complete ||
              wolfSSL_get_error(side->library, result) == WOLFSSL_ERROR_WANT_READ);
}

static void
bare_carry(bare_side *from, bare_side *to)
{
    for (int level = 0; level < BARE_LEVELS; level++) {
        const size_t len = from->len[level];

        if (len == 0)
            continue;
        from->len[level] = 0;
        bare_expect(wolfSSL_provide_quic_data(to->library, (WOLFSSL_ENCRYPTION_LEVEL)level,
                                              from->out[level], len));
        bare_drive(to);
    }
}

static void
bare_play(uint32_t count)
{
    static bare_side client, server;

    gn_wolf_set_time(BARE_UNIX_MS);
    bare_seed(0);
    bare_expect(wolfSSL_Init());
    WOLFSSL_CTX *contexts[2] = {bare_context(false), bare_context(true)};

    for (uint32_t i = 0; i < count; i++) {
        bare_begin(&client, contexts[1], true, (uint8_t)(2 * i));
        bare_begin(&server, contexts[0], false, (uint8_t)(2 * i + 1));
        bare_drive(&client);
        while (!client.complete || !server.complete) {
            bare_carry(&client, &server);
            bare_carry(&server, &client);
        }
        GN_ASSERT(client.secrets == server.secrets);
        wolfSSL_free(client.library);
        wolfSSL_free(server.library);
    }
    wolfSSL_CTX_free(contexts[0]);
    wolfSSL_CTX_free(contexts[1]);
    wolfSSL_Cleanup();
}

static void
gnomon_play(uint32_t count)
{
    gn_endpoint *client = bench_pair_endpoint(GN_ROLE_CLIENT, count);
    gn_endpoint *server = bench_pair_endpoint(GN_ROLE_SERVER, count);
    uint32_t confirmed = 0;
    gn_time now = 0;

    for (uint32_t i = 0; i < count; i++) {
        bench_pair_connect(client, now);
        now = bench_pair_play(client, server, now, now + GN_MS, &confirmed);
    }
    /* Wiping the blocks at the end is no part of a handshake, and left out. */
    GN_ASSERT(confirmed == 2 * count);
    free(client);
    free(server);
}

int
main(int argc, char **argv)
{
    const uint32_t count = argc == 3 ? (uint32_t)strtoul(argv[2], NULL, 10) : 0;

    if (count == 0 || (strcmp(argv[1], "gnomon") != 0 && strcmp(argv[1], "bare") != 0)) {
        (void)fprintf(stderr, "usage: bench_handshake gnomon|bare COUNT\n");
        return 2;
    }
    if (argv[1][0] == 'g')
        gnomon_play(count);
    else
        bare_play(count);
    return 0;
}
