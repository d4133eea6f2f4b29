/*
 * first_keys.c: see first_keys.h.
 */
#include "conn/first_keys.h"

#include "base/assert.h"
#include "base/ct.h"
#include "crypto/protect.h"

bool
gn_first_keys_open(gn_first_keys *first, const gn_env *env, const gn_header *header,
                   const uint8_t *bytes, gn_span *payload)
{
    uint8_t client[GN_INITIAL_SECRET_BYTES];
    gn_opened opened;
    gn_fault fault;

    gn_keys_init(&first->keys, header->version);
    gn_err err = gn_initial_secrets(env->suite, header->version, header->dcid.bytes,
                                    header->dcid.len, client, first->tx_secret);
    if (err == GN_OK)
        err = gn_keys_install(env->suite, env->keys, &first->keys, GN_KEYS_RX,
                              GN_SUITE_AES_128_GCM_SHA256, client);
    if (err == GN_OK)
        err = gn_protect_open(env->suite, env->keys, &first->keys.rx, bytes, header->packet_len,
                              header->pn_at, 0, env->opened, &opened, &fault);
    gn_ct_wipe(client, sizeof client);
    *payload = err == GN_OK ? gn_span_of(opened.payload, opened.payload_len) : gn_span_of(NULL, 0);
    return err == GN_OK || err == GN_ERR_FORM;
}

gn_err
gn_first_keys_give(gn_first_keys *first, const gn_env *env, gn_keys *to)
{
    GN_ASSERT(first->keys.version == to->version && gn_keys_can_open(&first->keys));
    GN_ASSERT(!gn_keys_can_seal(to) && !gn_keys_can_open(to));
    *to = first->keys;
    gn_keys_init(&first->keys, to->version);
    return gn_keys_install(env->suite, env->keys, to, GN_KEYS_TX, GN_SUITE_AES_128_GCM_SHA256,
                           first->tx_secret);
}

void
gn_first_keys_drop(gn_first_keys *first, const gn_env *env)
{
    gn_keys_discard(env->keys, &first->keys);
    gn_ct_wipe(first->tx_secret, sizeof first->tx_secret);
}
