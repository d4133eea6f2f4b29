/*
 * prop_protect.c: what must hold when any bytes are opened as a packet.
 *
 * The first byte chooses the suite, the header and where the packet number
 * is; the rest is the packet. Nobody has sealed it, so it never opens, the
 * verdict is one of those that mean "drop", and nothing is written but the
 * output and the count of failures.
 */
#include <string.h>

#include "crypto/keys.h"
#include "crypto/protect.h"
#include "crypto/suite_wolfcrypt.h"
#include "prop.h"
#include "wire/version.h"

enum { SLOTS = 5, PACKET_MAX = 1500 };

typedef struct opener {
    gn_pool pool;
    gn_keys keys;
    _Alignas(16) uint8_t memory[SLOTS * GN_SUITE_SLOT_BYTES];
} opener;

static bool
opener_make(opener *o, gn_suite_id suite)
{
    const gn_slots slots = {.pool = &o->pool, .base = o->memory};
    uint8_t secret[GN_SUITE_HASH_MAX];

    memset(o, 0, sizeof *o);
    memset(secret, 0x5a, sizeof secret);
    gn_pool_init(&o->pool, SLOTS, GN_SUITE_SLOT_BYTES);
    gn_keys_init(&o->keys, GN_VERSION_1);
    return gn_keys_install(gn_suite_wolfcrypt(), slots, &o->keys, GN_KEYS_RX, suite, secret) ==
           GN_OK;
}

bool
gn_prop_protect(const uint8_t *bytes, size_t len)
{
    static opener o;
    static uint8_t packet[PACKET_MAX];
    static uint8_t out[PACKET_MAX];
    const gn_slots slots = {.pool = &o.pool, .base = o.memory};
    gn_opened opened = {.pn = 1};
    gn_fault fault = {.wire_code = 99};
    gn_err err;

    if (len < 2 || len > PACKET_MAX)
        return true;
    const size_t packet_len = len - 1;
    const size_t pn_at = 1 + bytes[0] / 8;
    memcpy(packet, bytes + 1, packet_len);
    if (pn_at > packet_len || !opener_make(&o, (gn_suite_id)(bytes[0] % GN_SUITES)))
        return pn_at > packet_len;
    if (packet[0] & 0x80)
        err = gn_protect_open(gn_suite_wolfcrypt(), slots, &o.keys.rx, packet, packet_len, pn_at,
                              bytes[0], out, &opened, &fault);
    else
        err = gn_protect_open_short(gn_suite_wolfcrypt(), slots, &o.keys, packet, packet_len, pn_at,
                                    bytes[0], 5, 5, out, &opened, &fault);
    gn_keys_check(&o.keys);
    const uint64_t failures = err == GN_ERR_AUTH ? 1 : 0;
    return (err == GN_ERR_AUTH || (err == GN_ERR_SHORT && packet_len < pn_at + 20)) &&
           o.keys.rx.used == failures && o.keys.rx_phase == 0 && opened.pn == 1 &&
           fault.wire_code == 99 && memcmp(packet, bytes + 1, packet_len) == 0;
}
