/*
 * test_tls_wolfssl_peer.c: the certificate that the peer showed.
 */
#include <check.h>
#include <string.h>

#include <wolfssl/wolfcrypt/settings.h>

#include <wolfssl/wolfcrypt/asn_public.h>

#include "suites.h"
#include "tests/support/tls_pair.h"
#include "tls/tls_wolfssl.h"
#include "tls/tls_wolfssl_peer.h"

enum { CLIENT = GN_TEST_TLS_CLIENT, SERVER = GN_TEST_TLS_SERVER };

static gn_test_tls_pair pair;

/* The first certificate of a file of vectors/certs is what this side was shown. */
static void
expect_shown(int side, const char *name, bool wanted)
{
    const gn_span pem = gn_test_tls_pem(name, "pem");
    uint8_t der[2048];
    gn_span shown;
    bool verified = !wanted;
    int len = wc_CertPemToDer(pem.ptr, (int)pem.len, der, sizeof der, CERT_TYPE);

    ck_assert_int_gt(len, 0);
    ck_assert(gn_tls_wolfssl()->certificate(pair.side[side].session, &shown, &verified));
    ck_assert_uint_eq(shown.len, (size_t)len);
    ck_assert_mem_eq(shown.ptr, der, shown.len);
    ck_assert(verified == wanted);
}

static bool
shown_any(int side)
{
    gn_span der;
    bool verified;

    return gn_tls_wolfssl()->certificate(pair.side[side].session, &der, &verified);
}

START_TEST(peer_certificate_is_told_when_it_is_kept)
{
    static const char *const names[] = {"server", "rsa", "p384", "chain"};
    gn_test_tls_options options = gn_test_tls_usual();
    const bool verifies = _i % 2 == 0;

    options.config[CLIENT].keep_certificate = true;
    options.config[CLIENT].verify = verifies ? GN_TLS_VERIFY_PEER : GN_TLS_VERIFY_NONE;
    options.certificate[SERVER] = names[_i];
    ck_assert_int_eq(gn_test_tls_pair_make(&pair, &options), GN_OK);
    ck_assert(!shown_any(CLIENT)); /* too early */
    ck_assert(gn_test_tls_pair_run(&pair));
    expect_shown(CLIENT, names[_i], verifies);
    ck_assert(!shown_any(SERVER));
    /* It outlives what only the handshake needs, and is counted. */
    gn_tls_wolfssl()->settle(pair.side[CLIENT].session);
    expect_shown(CLIENT, names[_i], verifies);
    ck_assert_uint_gt(gn_tls_wolfssl()->memory(pair.side[CLIENT].session), 300);
    gn_test_tls_pair_end(&pair);
}
END_TEST

START_TEST(peer_certificate_of_a_client_is_told)
{
    gn_test_tls_options options = gn_test_tls_usual();

    options.config[SERVER].ask = _i == 0 ? GN_TLS_ASK_OPTIONAL : GN_TLS_ASK_REQUIRED;
    options.config[SERVER].keep_certificate = true;
    options.ca[SERVER] = "ca";
    options.certificate[CLIENT] = "client";
    ck_assert(gn_test_tls_pair_talk(&pair, &options));
    expect_shown(SERVER, "client", true);
    gn_test_tls_pair_end(&pair);
}
END_TEST

START_TEST(peer_certificate_is_not_kept_unless_asked_and_shown)
{
    gn_test_tls_options options = gn_test_tls_usual();

    options.config[SERVER].ask = GN_TLS_ASK_OPTIONAL;
    options.config[SERVER].keep_certificate = true;
    options.ca[SERVER] = "ca";
    ck_assert(gn_test_tls_pair_talk(&pair, &options));
    ck_assert(!shown_any(CLIENT)); /* shown, not kept */
    ck_assert(!shown_any(SERVER)); /* the client had none */
    gn_test_tls_pair_end(&pair);
}
END_TEST

Suite *
gn_test_tls_wolfssl_peer(void)
{
    Suite *suite = suite_create("tls/tls_wolfssl_peer");
    TCase *good = tcase_create("good");

    tcase_add_loop_test(good, peer_certificate_is_told_when_it_is_kept, 0, 4);
    tcase_add_loop_test(good, peer_certificate_of_a_client_is_told, 0, 2);
    tcase_add_test(good, peer_certificate_is_not_kept_unless_asked_and_shown);
    suite_add_tcase(suite, good);
    return suite;
}
