/*
 * retry_tag.c: see retry_tag.h.
 */
#include "crypto/retry_tag.h"

#include <string.h>

#include "base/ct.h"
#include "crypto/initial.h"

gn_err
gn_retry_tag(const gn_suite_ops *ops, uint32_t version, const gn_cid *original, gn_span packet,
             uint8_t tag[GN_SUITE_TAG_BYTES])
{
    const gn_initial_row *row = gn_initial_row_of(version);
    uint8_t pseudo[1 + GN_CID_MAX + GN_RETRY_TAG_PACKET_MAX];
    const size_t before = 1 + (size_t)original->len;
    gn_suite_slot slot;

    if (row == NULL)
        return GN_ERR_UNSUPPORTED;
    if (packet.len > GN_RETRY_TAG_PACKET_MAX)
        return GN_ERR_RANGE;
    /* RFC 9001 figure 8: the pseudo-packet is what is authenticated; nothing is encrypted. */
    pseudo[0] = original->len;
    memcpy(pseudo + 1, original->bytes, original->len);
    if (packet.len > 0)
        memcpy(pseudo + before, packet.ptr, packet.len);
    ops->aead_set(GN_SUITE_AES_128_GCM_SHA256, &slot, row->retry_key);
    ops->seal(GN_SUITE_AES_128_GCM_SHA256, &slot, row->retry_nonce, pseudo, before + packet.len,
              tag, 0);
    return GN_OK;
}

bool
gn_retry_tag_holds(const gn_suite_ops *ops, uint32_t version, const gn_cid *original,
                   gn_span packet)
{
    uint8_t tag[GN_SUITE_TAG_BYTES];

    if (packet.len < sizeof tag)
        return false;
    const gn_span covered = gn_span_of(packet.ptr, packet.len - sizeof tag);
    return gn_retry_tag(ops, version, original, covered, tag) == GN_OK &&
           gn_ct_equal(tag, packet.ptr + covered.len, sizeof tag);
}
