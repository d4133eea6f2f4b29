/*
 * keys.h: the packet keys of one packet number space, and key updates (RFC 9001 5.1, 6).
 *
 * A gn_packet_keys is one direction: secret, IV, usage count, and the indices
 * of its prepared keys. A gn_keys is both directions; in the application data
 * space it also knows the key phases:
 *
 *      previous            current             next
 *   reading, till        reading            reading, made beforehand;
 *   3 PTO after the   <- rx.key          <- becomes current when a
 *   update                                  packet opens with it
 *
 * For sending there is only the current key. Generations are numbered from 0;
 * the Key Phase bit is the lowest bit of the number.
 *
 * How it is used:
 *   1. gn_keys_init, then gn_keys_install for each secret that comes; with
 *      phases gn_keys_prepare as well
 *   2. gn_keys_phase_bit into short headers; gn_protect_seal with keys.tx
 *   3. gn_protect_open (long headers) or gn_protect_open_short
 *   4. gn_keys_on_ack for each ACK frame of the application data space
 *   5. gn_keys_may_update, then gn_keys_update; at once if gn_keys_wants_update
 *   6. gn_keys_on_tick when gn_keys_deadline has come
 *   7. gn_keys_discard gives all slots back and wipes everything
 *
 * Every prepared key lies in the caller's pool of gn_suite_slot. A machine
 * takes 3 slots when both directions are installed (tx, rx, and one for both
 * masks) and up to 2 more during a key update.
 *
 * A dropped packet counts in rx.used. Where there was no room for the next key
 * beforehand, or an update is less than a probe timeout ago, it may leave `next`
 * prepared, which is derived from the rest and changes no later verdict.
 */
#ifndef GN_CRYPTO_KEYS_H
#define GN_CRYPTO_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/fault.h"
#include "base/slots.h"
#include "base/time.h"
#include "crypto/suite.h"

/* The most slots one gn_keys holds at a time. */
#define GN_KEYS_SLOTS_MAX 5

/* No packet number. */
#define GN_KEYS_NO_PN UINT64_MAX

/* One AEAD key with its IV. slot is GN_POOL_NONE when there is no key. */
typedef struct gn_packet_key {
    uint32_t slot;
    uint8_t iv[GN_SUITE_NONCE_BYTES];
} gn_packet_key;

/* The two directions, as places in the slot that holds both masks. */
enum { GN_KEYS_TX = 0, GN_KEYS_RX = 1 };

/*
 * One direction. used counts, when sending, the packets protected with the
 * current key; when receiving, the packets that failed to authenticate, all
 * keys together. It never passes limit (RFC 9001 6.6).
 */
typedef struct gn_packet_keys {
    uint64_t used;
    uint64_t limit;
    uint64_t first_pn; /* lowest number sealed or opened with the current key, or GN_KEYS_NO_PN */
    uint64_t last_pn;  /* highest such number; GN_KEYS_NO_PN while first_pn is */
    gn_packet_key key;
    uint32_t mask_slot; /* GN_POOL_NONE: no key */
    uint8_t mask_at;    /* GN_KEYS_TX or GN_KEYS_RX */
    uint8_t suite;      /* gn_suite_id */
    uint8_t reserved[2];
    uint8_t secret[GN_SUITE_HASH_MAX];
} gn_packet_keys;

/* Invariant: tx_phase is rx_phase or rx_phase + 1 (see gn_keys_check). */
typedef struct gn_keys {
    gn_packet_keys tx;
    gn_packet_keys rx;
    gn_packet_key previous;    /* reading: the generation before rx's */
    gn_packet_key next;        /* reading: the generation after rx's */
    gn_time previous_until;    /* when previous goes; GN_NEVER when there is none */
    gn_time next_at;           /* when next is made after an update; GN_NEVER: not waited for */
    uint64_t update_used;      /* packets sealed with a key before we update it; 0: see below */
    gn_time update_after;      /* we start no key update before this moment */
    uint64_t previous_last_pn; /* highest number opened with any older key, or GN_KEYS_NO_PN */
    uint32_t tx_phase;         /* generation of tx */
    uint32_t rx_phase;         /* generation of rx */
    uint32_t version;          /* the QUIC version whose labels are used */
    uint8_t tx_acked;          /* a packet sealed with tx's current key was acknowledged */
    uint8_t discarded;         /* gn_keys_discard was called */
    uint8_t reserved[2];
} gn_keys;

/* No keys yet. version must have a row in initial.h. */
void gn_keys_init(gn_keys *keys, uint32_t version);

/*
 * Another version's labels for keys installed from now on. Only while no key
 * is installed.
 */
void gn_keys_set_version(gn_keys *keys, uint32_t version);

/*
 * Derives key, IV and header protection key of one direction (GN_KEYS_TX or
 * GN_KEYS_RX) from its secret, of gn_suite_of(suite)->hash_len bytes. Both
 * directions must have the same suite. Installing again replaces the keys of
 * that direction and starts its counts anew (Initial keys after a Retry).
 * GN_ERR_FULL: no slot free, nothing changed. GN_ERR_STATE: discarded.
 */
GN_MUST_USE gn_err gn_keys_install(const gn_suite_ops *ops, gn_slots key_slots, gn_keys *keys,
                                   int direction, gn_suite_id suite, const uint8_t *secret);

/* Whether packets can be sealed, and opened. */
static inline bool
gn_keys_can_seal(const gn_keys *keys)
{
    return keys->tx.key.slot != GN_POOL_NONE;
}

static inline bool
gn_keys_can_open(const gn_keys *keys)
{
    return keys->rx.key.slot != GN_POOL_NONE;
}

/* The Key Phase bit for short headers we send: 0 or 1. */
static inline unsigned
gn_keys_phase_bit(const gn_keys *keys)
{
    return keys->tx_phase & 1;
}

/* Lowers the limits of both directions, for tests; never raises them above the suite's. */
void gn_keys_lower_limits(gn_keys *keys, uint64_t confidentiality, uint64_t integrity);

/* Update after so many packets already; 0: at three quarters of the limit. */
static inline void
gn_keys_update_after(gn_keys *keys, uint64_t packets)
{
    keys->update_used = packets;
}

/*
 * Makes the next reading key, so that a first packet of it, or one that only
 * pretends to be, costs no more time than any other (RFC 9001 6.3, 9.5).
 * Without a free slot nothing happens, and it is made when it is needed.
 */
void gn_keys_prepare(const gn_suite_ops *ops, gn_slots key_slots, gn_keys *keys);

/*
 * Whether so many packets were protected that a key update should be started:
 * what gn_keys_update_after says, and three quarters of the limit in any case
 * (RFC 9001 6.6: before the limit is passed).
 */
bool gn_keys_wants_update(const gn_keys *keys);

/*
 * Whether RFC 9001 6.1 and 6.5 let us start a key update now: the handshake is
 * confirmed, a packet of this generation was acknowledged, the peer follows,
 * and 3 PTO have passed since the last update was confirmed.
 */
bool gn_keys_may_update(const gn_keys *keys, bool confirmed, gn_time now);

/*
 * Starts a key update (RFC 9001 6.1): what is sealed from now on carries the
 * next generation. GN_ERR_STATE: not allowed now (see gn_keys_may_update).
 */
GN_MUST_USE gn_err gn_keys_update(const gn_suite_ops *ops, gn_slots key_slots, gn_keys *keys,
                                  bool confirmed, gn_time now);

/*
 * An ACK frame for our 1-RTT packets came, in a packet opened with generation
 * carrier_phase; newest_pn is the highest number it acknowledges. GN_ERR_FORM:
 * RFC 9001 6.2, the peer acknowledges the new generation with the old one.
 */
GN_MUST_USE gn_err gn_keys_on_ack(gn_keys *keys, uint64_t newest_pn, uint32_t carrier_phase,
                                  gn_time now, gn_time pto_us, gn_fault *fault);

/*
 * GN_ERR_FORM with AEAD_LIMIT_REACHED when failed packets here and
 * failed_elsewhere (the other spaces of the connection) reach the integrity
 * limit (RFC 9001 6.6).
 */
GN_MUST_USE gn_err gn_keys_judge_failures(const gn_keys *keys, uint64_t failed_elsewhere,
                                          gn_fault *fault);

/*
 * The same when no more packets can be sealed than so many, which are for
 * closing: no key update came in time.
 */
GN_MUST_USE gn_err gn_keys_judge_used(const gn_keys *keys, uint64_t for_closing, gn_fault *fault);

/* When gn_keys_on_tick has something to do; GN_NEVER: nothing. */
gn_time gn_keys_deadline(const gn_keys *keys);

/*
 * Lets the previous generation go three probe timeouts after an update, and
 * makes the next one, a probe timeout after it where there is a slot, with the
 * slot of the previous one at the latest (RFC 9001 6.3, 6.5). Harmless at any time.
 */
void gn_keys_on_tick(const gn_suite_ops *ops, gn_slots key_slots, gn_keys *keys, gn_time now);

/* Gives all slots back and wipes secrets. Nothing can be installed afterwards. May be repeated. */
void gn_keys_discard(gn_slots key_slots, gn_keys *keys);

/* Traps when the invariant does not hold. */
void gn_keys_check(const gn_keys *keys);

/* What follows is for protect.c: which key opens a short header packet, and what it then means. */

typedef enum gn_keys_age { GN_KEYS_PREVIOUS, GN_KEYS_CURRENT, GN_KEYS_NEXT } gn_keys_age;

/*
 * RFC 9001 6.5: which generation a packet with this number and Key Phase bit
 * belongs to. The next one is made if it is not there, and kept (RFC 9001 6.3).
 * GN_ERR_FULL: no slot for it; the packet is dropped.
 */
GN_MUST_USE gn_err gn_keys_choose(const gn_suite_ops *ops, gn_slots key_slots, gn_keys *keys,
                                  uint64_t pn, unsigned phase_bit, gn_time now, gn_keys_age *out);

/* The key of that age. */
const gn_packet_key *gn_keys_at(const gn_keys *keys, gn_keys_age age);

/*
 * A packet opened with the key of this age. The first with the next key is
 * the peer's (or answers our) key update: the next key becomes the current
 * one, and our sending key follows. *phase is the packet's generation.
 * GN_ERR_FORM with KEY_UPDATE_ERROR: RFC 9001 6.2, 6.4 (order broken, or
 * updated again without waiting).
 */
GN_MUST_USE gn_err gn_keys_on_opened(const gn_suite_ops *ops, gn_slots key_slots, gn_keys *keys,
                                     gn_keys_age age, uint64_t pn, gn_time now, gn_time pto_us,
                                     uint32_t *phase, gn_fault *fault);

#endif
