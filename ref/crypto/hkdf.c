/*
 * hkdf.c: see hkdf.h.
 */
#include "crypto/hkdf.h"

#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"

/* What every label begins with, "tls13 ". */
#define HKDF_PREFIX_BYTES 6

/*
 * RFC 8446 7.1, HkdfLabel: the length wanted (2 bytes), the label with its
 * length in front (1 byte), the context likewise, which here is empty.
 * Answers how many bytes that were.
 */
/*@
  requires label_len <= GN_HKDF_LABEL_MAX && 1 <= out_len <= 255;
  requires \valid(info + (0 .. 4 + HKDF_PREFIX_BYTES + label_len - 1));
  requires \valid_read(label + (0 .. label_len - 1));
  requires \separated(info + (0 .. 4 + HKDF_PREFIX_BYTES + label_len - 1),
                      label + (0 .. label_len - 1));
  requires ascii: \forall integer i; 0 <= i < label_len ==> label[i] >= 0;
  terminates \true; exits \false;
  assigns info[0 .. 4 + HKDF_PREFIX_BYTES + label_len - 1];
  ensures size: \result == 4 + HKDF_PREFIX_BYTES + label_len;
  ensures lengths: info[0] == 0 && info[1] == out_len &&
    info[2] == HKDF_PREFIX_BYTES + label_len && info[3 + HKDF_PREFIX_BYTES + label_len] == 0;
  ensures prefix: info[3] == 't' && info[4] == 'l' && info[5] == 's' &&
    info[6] == '1' && info[7] == '3' && info[8] == ' ';
  ensures label: \forall integer i; 0 <= i < label_len ==>
    info[3 + HKDF_PREFIX_BYTES + i] == label[i];
*/
static size_t
hkdf_label(uint8_t *info, const char *label, size_t label_len, size_t out_len)
{
    static const uint8_t prefix[HKDF_PREFIX_BYTES] = {'t', 'l', 's', '1', '3', ' '};
    uint8_t *const tail = info + 3 + HKDF_PREFIX_BYTES;

    info[0] = 0;
    info[1] = (uint8_t)out_len;
    info[2] = (uint8_t)(HKDF_PREFIX_BYTES + label_len);
    gn_bytes_copy(info + 3, prefix, HKDF_PREFIX_BYTES);
    /*@
      loop invariant in: 0 <= i <= label_len;
      loop invariant label: \forall integer k; 0 <= k < i ==> tail[k] == label[k];
      loop assigns i, tail[0 .. label_len - 1];
      loop variant label_len - i;
    */
    for (size_t i = 0; i < label_len; i++)
        tail[i] = (uint8_t)label[i];
    tail[label_len] = 0;
    return 4 + HKDF_PREFIX_BYTES + label_len;
}

void
gn_hkdf_expand_labels(const gn_suite_ops *ops, gn_suite_hash hash, const uint8_t *secret,
                      const gn_hkdf_key *keys, size_t count)
{
    uint8_t info[GN_HKDF_KEYS_MAX][4 + HKDF_PREFIX_BYTES + GN_HKDF_LABEL_MAX];
    gn_suite_expansion each[GN_HKDF_KEYS_MAX];

    GN_ASSERT(count <= GN_HKDF_KEYS_MAX);
    for (size_t i = 0; i < count; i++) {
        const size_t label_len = strlen(keys[i].label);
        GN_ASSERT(label_len <= GN_HKDF_LABEL_MAX);
        GN_ASSERT(keys[i].out_len >= 1 && keys[i].out_len <= 255);
        each[i] = (gn_suite_expansion){
            .info = info[i],
            .info_len = hkdf_label(info[i], keys[i].label, label_len, keys[i].out_len),
            .out = keys[i].out,
            .out_len = keys[i].out_len};
    }
    ops->hkdf_expand(hash, secret, each, count);
}

void
gn_hkdf_expand_label(const gn_suite_ops *ops, gn_suite_hash hash, const uint8_t *secret,
                     const char *label, uint8_t *out, size_t out_len)
{
    const gn_hkdf_key key = {.label = label, .out = out, .out_len = out_len};

    gn_hkdf_expand_labels(ops, hash, secret, &key, 1);
}
