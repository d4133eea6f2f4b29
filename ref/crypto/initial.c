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
      .mask_label = "quic hp", .update_label = "quic ku" },
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

    GN_ASSERT(dcid_len <= GN_CID_MAX);
    if (row == NULL)
        return GN_ERR_UNSUPPORTED;
    ops->hkdf_extract(GN_SUITE_SHA256, row->salt, sizeof row->salt, dcid, dcid_len, common);
    gn_hkdf_expand_label(ops, GN_SUITE_SHA256, common, "client in", client,
                         GN_INITIAL_SECRET_BYTES);
    gn_hkdf_expand_label(ops, GN_SUITE_SHA256, common, "server in", server,
                         GN_INITIAL_SECRET_BYTES);
    gn_ct_wipe(common, sizeof common);
    return GN_OK;
}
