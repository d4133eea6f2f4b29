/*
 * hkdf.c: see hkdf.h.
 */
#include "crypto/hkdf.h"

#include <string.h>

#include "base/assert.h"

/*
 * RFC 8446 7.1, HkdfLabel: the length wanted (2 bytes), the label with its
 * length in front (1 byte), the context likewise, which here is empty.
 */
void
gn_hkdf_expand_label(const gn_suite_ops *ops, gn_suite_hash hash, const uint8_t *secret,
                     const char *label, uint8_t *out, size_t out_len)
{
    static const char prefix[] = "tls13 ";
    const size_t prefix_len = sizeof prefix - 1;
    const size_t label_len = strlen(label);
    uint8_t info[4 + sizeof prefix - 1 + GN_HKDF_LABEL_MAX];

    GN_ASSERT(label_len <= GN_HKDF_LABEL_MAX);
    GN_ASSERT(out_len >= 1 && out_len <= 255);
    info[0] = 0;
    info[1] = (uint8_t)out_len;
    info[2] = (uint8_t)(prefix_len + label_len);
    memcpy(info + 3, prefix, prefix_len);
    memcpy(info + 3 + prefix_len, label, label_len);
    info[3 + prefix_len + label_len] = 0;
    ops->hkdf_expand(hash, secret, info, 4 + prefix_len + label_len, out, out_len);
}
