/*
 * suite.c: see suite.h.
 */
#include "crypto/suite.h"

#include "base/assert.h"

/*
 * RFC 9001 6.6: both limits as given there, for packets of any size. That of
 * ChaCha20-Poly1305 for confidentiality is above the number of packets there
 * can be.
 */
/* clang-format off */
static const gn_suite suites[GN_SUITES] = {
    [GN_SUITE_AES_128_GCM_SHA256] = {
        .name = "TLS_AES_128_GCM_SHA256", .tls_code = 0x1301,
        .key_len = 16, .hash_len = 32, .hash = GN_SUITE_SHA256,
        .confidentiality_limit = UINT64_C(1) << 23, .integrity_limit = UINT64_C(1) << 52 },
    [GN_SUITE_AES_256_GCM_SHA384] = {
        .name = "TLS_AES_256_GCM_SHA384", .tls_code = 0x1302,
        .key_len = 32, .hash_len = 48, .hash = GN_SUITE_SHA384,
        .confidentiality_limit = UINT64_C(1) << 23, .integrity_limit = UINT64_C(1) << 52 },
    [GN_SUITE_CHACHA20_POLY1305_SHA256] = {
        .name = "TLS_CHACHA20_POLY1305_SHA256", .tls_code = 0x1303,
        .key_len = 32, .hash_len = 32, .hash = GN_SUITE_SHA256,
        .confidentiality_limit = UINT64_C(1) << 62, .integrity_limit = UINT64_C(1) << 36 },
};
/* clang-format on */

const gn_suite *
gn_suite_of(gn_suite_id id)
{
    GN_ASSERT(id < GN_SUITES);
    return &suites[id];
}

/* [R-9001-5.3-1] */
gn_err
gn_suite_from_tls(uint16_t code, gn_suite_id *out)
{
    for (size_t i = 0; i < GN_SUITES; i++) {
        if (suites[i].tls_code == code) {
            *out = (gn_suite_id)i;
            return GN_OK;
        }
    }
    return GN_ERR_NONE;
}

size_t
gn_suite_hash_len(gn_suite_hash hash)
{
    return hash == GN_SUITE_SHA384 ? 48 : 32;
}
