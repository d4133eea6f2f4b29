/*
 * initial.c: see initial.h.
 */
#include "crypto/initial.h"

#include "base/assert.h"
#include "base/ct.h"
#include "base/limits.h"
#include "crypto/hkdf.h"
#include "wire/version.h"

/* clang-format off */
static const gn_initial_row rows[] = {
    { .version = GN_VERSION_1,
      .salt = { 0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17,
                0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a },
      .key_label = "quic key", .iv_label = "quic iv",
      .mask_label = "quic hp", .update_label = "quic ku",
      .retry_key = { 0xbe, 0x0c, 0x69, 0x0b, 0x9f, 0x66, 0x57, 0x5a,
                     0x1d, 0x76, 0x6b, 0x54, 0xe3, 0x68, 0xc8, 0x4e },
      .retry_nonce = { 0x46, 0x15, 0x99, 0xd3, 0x5d, 0x63, 0x2b, 0xf2, 0x23, 0x98, 0x25, 0xbb } },
    { .version = GN_VERSION_2,
      .salt = { 0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93,
                0x81, 0xbe, 0x6e, 0x26, 0x9d, 0xcb, 0xf9, 0xbd, 0x2e, 0xd9 },
      .key_label = "quicv2 key", .iv_label = "quicv2 iv",
      .mask_label = "quicv2 hp", .update_label = "quicv2 ku",
      .retry_key = { 0x8f, 0xb4, 0xb0, 0x1b, 0x56, 0xac, 0x48, 0xe2,
                     0x60, 0xfb, 0xcb, 0xce, 0xad, 0x7c, 0xcc, 0x92 },
      .retry_nonce = { 0xd8, 0x69, 0x69, 0xbc, 0x2d, 0x7c, 0x6d, 0x99, 0x90, 0xef, 0xb0, 0x4a } },
};
/* clang-format on */

const gn_initial_row *
gn_initial_row_of(uint32_t version)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].version == version)
            return &rows[i];
    }
    return NULL;
}

/* [R-9001-5.2-1] */
gn_err
gn_initial_secrets(const gn_suite_ops *ops, uint32_t version, const uint8_t *dcid, size_t dcid_len,
                   uint8_t *client, uint8_t *server)
{
    const gn_initial_row *row = gn_initial_row_of(version);
    uint8_t common[GN_INITIAL_SECRET_BYTES];
    const gn_hkdf_key secrets[] = {{"client in", client, GN_INITIAL_SECRET_BYTES},
                                   {"server in", server, GN_INITIAL_SECRET_BYTES}};

    GN_ASSERT(dcid_len <= GN_CID_MAX);
    if (row == NULL)
        return GN_ERR_UNSUPPORTED;
    ops->hkdf_extract(GN_SUITE_SHA256, row->salt, sizeof row->salt, dcid, dcid_len, common);
    gn_hkdf_expand_labels(ops, GN_SUITE_SHA256, common, secrets, 2);
    gn_ct_wipe(common, sizeof common);
    return GN_OK;
}
