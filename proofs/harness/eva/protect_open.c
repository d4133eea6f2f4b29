/*
 * protect_open.c: any packet, of these lengths, opened with keys made from any secret.
 *
 * Packet and room end where their objects end, so that one byte too many is an alarm. The
 * keys are those of Initial packets, and the stand-in opens some packets and refuses others.
 */
#include "crypto/initial.h"
#include "crypto/protect.h"

#include "proofs/harness/eva/suite.h"

#define EVA_MOST 1500
#define EVA_SLOTS 6

static gn_suite_slot memory[EVA_SLOTS];
static uint8_t packet[EVA_MOST];
static uint8_t room[EVA_MOST];

static void
install(gn_slots slots, gn_keys *keys, int direction)
{
    uint8_t dcid[20];
    uint8_t client[GN_INITIAL_SECRET_BYTES];
    uint8_t server[GN_INITIAL_SECRET_BYTES];

    eva_any(dcid, sizeof dcid);
    if (gn_initial_secrets(&eva_suite, 1, dcid, sizeof dcid, client, server) != GN_OK)
        return;
    if (gn_keys_install(&eva_suite, slots, keys, direction, GN_SUITE_AES_128_GCM_SHA256,
                        direction == GN_KEYS_TX ? client : server) != GN_OK)
        return;
    //@ check reached_installed: \false;
}

static void
open_long(gn_slots slots, gn_packet_keys *rx, size_t pn_at, size_t len)
{
    gn_opened opened;
    gn_fault fault;
    const uint64_t expected = (uint64_t)Frama_C_unsigned_long_long_interval(0, 0x3fffffffffffffff);

    eva_any(packet, sizeof packet);
    /* A long header; the mask makes every byte of it. */
    packet[EVA_MOST - len] = 0xc0;
    if (gn_protect_open(&eva_suite, slots, rx, packet + (EVA_MOST - len), len, pn_at, expected,
                        room + (EVA_MOST - len), &opened, &fault) == GN_OK) {
        eva_look(opened.payload, opened.payload_len);
        //@ check reached_opened: \false;
        return;
    }
    //@ check reached_refused: \false;
}

void
eva_protect_open(void)
{
    gn_pool pool;
    const gn_slots slots = {.pool = &pool, .base = (uint8_t *)memory};
    gn_keys keys;

    gn_pool_init(&pool, EVA_SLOTS, sizeof(gn_suite_slot));
    gn_keys_init(&keys, 1);
    install(slots, &keys, GN_KEYS_TX);
    install(slots, &keys, GN_KEYS_RX);
    open_long(slots, &keys.rx, 1, 1);
    open_long(slots, &keys.rx, 1, 20);
    open_long(slots, &keys.rx, 1, 21);
    open_long(slots, &keys.rx, 48, 67);
    open_long(slots, &keys.rx, 48, 68);
    open_long(slots, &keys.rx, 18, 1200);
    open_long(slots, &keys.rx, EVA_MOST - 20, EVA_MOST);
}
