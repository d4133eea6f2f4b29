/*
 * keys.c: see keys.h.
 */
#include "crypto/keys.h"

#include "base/assert.h"
#include "base/bytes.h"
#include "base/ct.h"
#include "base/pool.h"
#include "crypto/hkdf.h"
#include "crypto/initial.h"

/* RFC 9001 6.5: old keys are kept, and a new update waits, so many probe timeouts. */
#define KEYS_PATIENCE_PTO 3

static const gn_packet_key key_none = {.slot = GN_POOL_NONE};

static void
key_give(gn_slots key_slots, gn_packet_key *key)
{
    if (key->slot == GN_POOL_NONE)
        return;
    gn_ct_wipe(gn_slots_at(key_slots, key->slot), sizeof(gn_suite_slot));
    gn_slots_give(key_slots, key->slot);
    gn_ct_wipe(key->iv, sizeof key->iv);
    *key = key_none;
}

/*
 * Derives key and IV from the secret, into the slot that the key has, and the header protection
 * key into mask; NULL: an update, which keeps it (RFC 9001 5.4).
 */
static void
key_derive(const gn_suite_ops *ops, gn_slots key_slots, uint32_t version, gn_suite_id suite,
           const uint8_t *secret, gn_packet_key *key, gn_suite_mask *mask)
{
    const gn_initial_row *row = gn_initial_row_of(version);
    const gn_suite *numbers = gn_suite_of(suite);
    uint8_t packet_key[GN_SUITE_KEY_MAX];
    uint8_t mask_key[GN_SUITE_KEY_MAX];
    const gn_hkdf_key keys[] = {{row->key_label, packet_key, numbers->key_len},
                                {row->iv_label, key->iv, sizeof key->iv},
                                {row->mask_label, mask_key, numbers->key_len}};

    gn_hkdf_expand_labels(ops, numbers->hash, secret, keys, mask != NULL ? 3 : 2);
    ops->aead_set(suite, gn_slots_at(key_slots, key->slot), packet_key);
    gn_ct_wipe(packet_key, sizeof packet_key);
    if (mask == NULL)
        return;
    ops->mask_set(suite, mask, mask_key);
    gn_ct_wipe(mask_key, sizeof mask_key);
}

/* RFC 9001 6.1: out becomes the secret of the generation after secret's. */
static void
secret_next(const gn_suite_ops *ops, uint32_t version, gn_suite_id suite, const uint8_t *secret,
            uint8_t out[GN_SUITE_HASH_MAX])
{
    const gn_initial_row *row = gn_initial_row_of(version);
    const gn_suite *numbers = gn_suite_of(suite);

    gn_hkdf_expand_label(ops, numbers->hash, secret, row->update_label, out, numbers->hash_len);
}

static void
direction_init(gn_packet_keys *side, int direction)
{
    *side = (gn_packet_keys){.first_pn = GN_KEYS_NO_PN, .last_pn = GN_KEYS_NO_PN};
    side->key = key_none;
    side->mask_slot = GN_POOL_NONE;
    side->mask_at = (uint8_t)direction;
}

void
gn_keys_init(gn_keys *keys, uint32_t version)
{
    GN_ASSERT(gn_initial_row_of(version) != NULL);
    *keys = (gn_keys){.version = version,
                      .previous_until = GN_NEVER,
                      .next_at = GN_NEVER,
                      .previous_last_pn = GN_KEYS_NO_PN};
    direction_init(&keys->tx, GN_KEYS_TX);
    direction_init(&keys->rx, GN_KEYS_RX);
    keys->previous = key_none;
    keys->next = key_none;
}

void
gn_keys_set_version(gn_keys *keys, uint32_t version)
{
    GN_ASSERT(gn_initial_row_of(version) != NULL);
    GN_ASSERT(!gn_keys_can_seal(keys) && !gn_keys_can_open(keys));
    keys->version = version;
}

gn_err
gn_keys_install(const gn_suite_ops *ops, gn_slots key_slots, gn_keys *keys, int direction,
                gn_suite_id suite, const uint8_t *secret)
{
    GN_ASSERT(direction == GN_KEYS_TX || direction == GN_KEYS_RX);
    gn_packet_keys *side = direction == GN_KEYS_TX ? &keys->tx : &keys->rx;
    const gn_packet_keys *other = direction == GN_KEYS_TX ? &keys->rx : &keys->tx;
    const gn_suite *numbers = gn_suite_of(suite);
    uint32_t mask_slot = side->mask_slot != GN_POOL_NONE ? side->mask_slot : other->mask_slot;
    uint32_t slots_wanted = 0;

    if (keys->discarded)
        return GN_ERR_STATE;
    GN_ASSERT(keys->tx_phase == 0 && keys->rx_phase == 0);
    GN_ASSERT(other->key.slot == GN_POOL_NONE || other->suite == suite ||
              side->key.slot != GN_POOL_NONE);
    if (side->key.slot == GN_POOL_NONE)
        slots_wanted++;
    if (mask_slot == GN_POOL_NONE)
        slots_wanted++;
    if (gn_slots_left(key_slots) < slots_wanted)
        return GN_ERR_FULL;
    if (side->key.slot == GN_POOL_NONE)
        side->key.slot = gn_slots_take(key_slots);
    if (mask_slot == GN_POOL_NONE)
        mask_slot = gn_slots_take(key_slots);
    side->mask_slot = mask_slot;

    gn_suite_mask *masks = gn_slots_at(key_slots, side->mask_slot);
    key_derive(ops, key_slots, keys->version, suite, secret, &side->key, &masks[direction]);
    gn_bytes_fill(side->secret, 0, sizeof side->secret);
    gn_bytes_copy(side->secret, secret, numbers->hash_len);
    side->suite = (uint8_t)suite;
    /* RFC 9001 6.6: what failed counts for as long as the connection lasts. */
    if (direction == GN_KEYS_TX)
        side->used = 0;
    side->limit =
        direction == GN_KEYS_TX ? numbers->confidentiality_limit : numbers->integrity_limit;
    side->first_pn = GN_KEYS_NO_PN;
    side->last_pn = GN_KEYS_NO_PN;
    return GN_OK;
}

void
gn_keys_lower_limits(gn_keys *keys, uint64_t confidentiality, uint64_t integrity)
{
    if (confidentiality < keys->tx.limit)
        keys->tx.limit = confidentiality;
    if (integrity < keys->rx.limit)
        keys->rx.limit = integrity;
}

/* [R-9001-6.6-3] */
bool
gn_keys_wants_update(const gn_keys *keys)
{
    const uint64_t at_most = keys->tx.limit - keys->tx.limit / 4;
    const uint64_t told = keys->update_used;

    return gn_keys_can_seal(keys) &&
           keys->tx.used >= (told != 0 && told < at_most ? told : at_most);
}

bool
gn_keys_may_update(const gn_keys *keys, bool confirmed, gn_time now)
{
    /* RFC 9001 6.1: confirmed, and this generation acknowledged, hence answered by the peer.
     * [R-9001-6.1-1] [R-9001-6.1-2] */
    if (!confirmed || !keys->tx_acked || keys->tx_phase != keys->rx_phase)
        return false;
    /* RFC 9001 6.5: the peer may keep its old keys that long, and cannot read newer ones. */
    return gn_keys_can_seal(keys) && gn_keys_can_open(keys) && now >= keys->update_after;
}

/* Moves our sending to the next generation. The old key is of no more use. */
static void
tx_advance(const gn_suite_ops *ops, gn_slots key_slots, gn_keys *keys)
{
    gn_packet_keys *tx = &keys->tx;
    uint8_t secret[GN_SUITE_HASH_MAX] = {0};

    secret_next(ops, keys->version, (gn_suite_id)tx->suite, tx->secret, secret);
    gn_bytes_copy(tx->secret, secret, sizeof secret);
    gn_ct_wipe(secret, sizeof secret);
    key_derive(ops, key_slots, keys->version, (gn_suite_id)tx->suite, tx->secret, &tx->key, NULL);
    tx->used = 0;
    tx->first_pn = GN_KEYS_NO_PN;
    tx->last_pn = GN_KEYS_NO_PN;
    /* [R-9001-6.4-1] */
    keys->tx_phase++;
    keys->tx_acked = 0;
}

gn_err
gn_keys_update(const gn_suite_ops *ops, gn_slots key_slots, gn_keys *keys, bool confirmed,
               gn_time now)
{
    if (!gn_keys_may_update(keys, confirmed, now))
        return GN_ERR_STATE;
    tx_advance(ops, key_slots, keys);
    gn_keys_check(keys);
    return GN_OK;
}

gn_err
gn_keys_on_ack(gn_keys *keys, uint64_t newest_pn, uint32_t carrier_phase, gn_time now,
               gn_time pto_us, gn_fault *fault)
{
    if (keys->tx.first_pn == GN_KEYS_NO_PN || newest_pn < keys->tx.first_pn)
        return GN_OK;
    /* RFC 9001 6.2: whoever has read the new generation also writes it. */
    if (carrier_phase < keys->tx_phase)
        return gn_fault_set(fault, GN_FAULT_KEY_UPDATE, 0,
                            "RFC 9001 6.2: new keys acknowledged under old ones");
    if (!keys->tx_acked) {
        keys->tx_acked = 1;
        if (keys->tx_phase > 0)
            keys->update_after = gn_time_after(now, KEYS_PATIENCE_PTO * pto_us);
    }
    return GN_OK;
}

gn_err
gn_keys_judge_failures(const gn_keys *keys, uint64_t failed_elsewhere, gn_fault *fault)
{
    /* [R-9001-6.6-6] */
    if (gn_keys_can_open(keys) &&
        (failed_elsewhere >= keys->rx.limit || keys->rx.used >= keys->rx.limit - failed_elsewhere))
        return gn_fault_set(fault, GN_FAULT_AEAD_LIMIT, 0, "RFC 9001 6.6: integrity limit reached");
    return GN_OK;
}

gn_err
gn_keys_judge_used(const gn_keys *keys, uint64_t for_closing, gn_fault *fault)
{
    /* [R-9001-6.6-4] */
    if (gn_keys_can_seal(keys) && keys->tx.limit - keys->tx.used <= for_closing)
        return gn_fault_set(fault, GN_FAULT_AEAD_LIMIT, 0,
                            "RFC 9001 6.6: the confidentiality limit is reached");
    return GN_OK;
}

gn_time
gn_keys_deadline(const gn_keys *keys)
{
    return gn_time_min(keys->previous_until, keys->next_at);
}

/* Makes the next reading key, if there is none yet. */
static gn_err
next_make(const gn_suite_ops *ops, gn_slots key_slots, gn_keys *keys)
{
    const gn_suite_id suite = (gn_suite_id)keys->rx.suite;
    uint8_t secret[GN_SUITE_HASH_MAX];

    if (keys->next.slot != GN_POOL_NONE)
        return GN_OK;
    uint32_t slot = gn_slots_take(key_slots);
    if (slot == GN_POOL_NONE)
        return GN_ERR_FULL;
    keys->next.slot = slot;
    secret_next(ops, keys->version, suite, keys->rx.secret, secret);
    key_derive(ops, key_slots, keys->version, suite, secret, &keys->next, NULL);
    gn_ct_wipe(secret, sizeof secret);
    return GN_OK;
}

void
gn_keys_prepare(const gn_suite_ops *ops, gn_slots key_slots, gn_keys *keys)
{
    if (!gn_keys_can_open(keys))
        return;
    const gn_err err = next_make(ops, key_slots, keys);
    GN_ASSERT(err == GN_OK || err == GN_ERR_FULL);
}

void
gn_keys_on_tick(const gn_suite_ops *ops, gn_slots key_slots, gn_keys *keys, gn_time now)
{
    const bool over = now >= keys->previous_until;

    if (over) {
        keys->previous_until = GN_NEVER;
        key_give(key_slots, &keys->previous);
    }
    if (!over && now < keys->next_at)
        return;
    keys->next_at = GN_NEVER;
    gn_keys_prepare(ops, key_slots, keys);
}

void
gn_keys_discard(gn_slots key_slots, gn_keys *keys)
{
    gn_packet_key mask = {.slot = keys->tx.mask_slot};

    if (mask.slot == GN_POOL_NONE)
        mask.slot = keys->rx.mask_slot;
    key_give(key_slots, &mask);
    key_give(key_slots, &keys->tx.key);
    key_give(key_slots, &keys->rx.key);
    key_give(key_slots, &keys->previous);
    key_give(key_slots, &keys->next);
    keys->tx.mask_slot = GN_POOL_NONE;
    keys->rx.mask_slot = GN_POOL_NONE;
    gn_ct_wipe(keys->tx.secret, sizeof keys->tx.secret);
    gn_ct_wipe(keys->rx.secret, sizeof keys->rx.secret);
    keys->previous_until = GN_NEVER;
    keys->next_at = GN_NEVER;
    keys->discarded = 1;
}

void
gn_keys_check(const gn_keys *keys)
{
    GN_ASSERT(keys->tx_phase == keys->rx_phase || keys->tx_phase == keys->rx_phase + 1);
    GN_ASSERT((keys->previous_until == GN_NEVER) == (keys->previous.slot == GN_POOL_NONE));
    GN_ASSERT((keys->tx.first_pn == GN_KEYS_NO_PN) == (keys->tx.last_pn == GN_KEYS_NO_PN));
    GN_ASSERT((keys->rx.first_pn == GN_KEYS_NO_PN) == (keys->rx.last_pn == GN_KEYS_NO_PN));
    GN_ASSERT(keys->tx.used <= keys->tx.limit && keys->rx.used <= keys->rx.limit);
    GN_ASSERT(keys->tx.mask_slot == GN_POOL_NONE || keys->rx.mask_slot == GN_POOL_NONE ||
              keys->tx.mask_slot == keys->rx.mask_slot);
}

gn_err
gn_keys_choose(const gn_suite_ops *ops, gn_slots key_slots, gn_keys *keys, uint64_t pn,
               unsigned phase_bit, gn_time now, gn_keys_age *out)
{
    if (phase_bit == (keys->rx_phase & 1)) {
        *out = GN_KEYS_CURRENT;
        return GN_OK;
    }
    /* RFC 9001 6.5: below all of the current generation it is the previous one's. */
    if (now < keys->previous_until && keys->previous.slot != GN_POOL_NONE &&
        pn < keys->rx.first_pn) {
        *out = GN_KEYS_PREVIOUS;
        return GN_OK;
    }
    /* [R-9001-6.3-2] */
    gn_err err = next_make(ops, key_slots, keys);
    if (err == GN_OK)
        *out = GN_KEYS_NEXT;
    return err;
}

const gn_packet_key *
gn_keys_at(const gn_keys *keys, gn_keys_age age)
{
    if (age == GN_KEYS_CURRENT)
        return &keys->rx.key;
    return age == GN_KEYS_PREVIOUS ? &keys->previous : &keys->next;
}

/* The next reading key becomes the current one, and that the previous one. */
static void
rx_advance(const gn_suite_ops *ops, gn_slots key_slots, gn_keys *keys, uint64_t pn, gn_time now,
           gn_time pto_us)
{
    gn_packet_keys *rx = &keys->rx;
    uint8_t secret[GN_SUITE_HASH_MAX] = {0};

    if (rx->last_pn != GN_KEYS_NO_PN)
        keys->previous_last_pn = rx->last_pn;
    key_give(key_slots, &keys->previous);
    /* [R-9001-6.1-3] */
    keys->previous = rx->key;
    keys->previous_until = gn_time_after(now, KEYS_PATIENCE_PTO * pto_us);
    /* RFC 9001 6.3: for a probe timeout two generations are enough. */
    keys->next_at = gn_time_after(now, pto_us);
    rx->key = keys->next;
    keys->next = key_none;
    secret_next(ops, keys->version, (gn_suite_id)rx->suite, rx->secret, secret);
    gn_bytes_copy(rx->secret, secret, sizeof secret);
    gn_ct_wipe(secret, sizeof secret);
    rx->first_pn = pn;
    rx->last_pn = pn;
    keys->rx_phase++;
}

/* A packet opened with the next key: a key update of the peer, or its answer to ours. */
static gn_err
opened_next(const gn_suite_ops *ops, gn_slots key_slots, gn_keys *keys, uint64_t pn, gn_time now,
            gn_time pto_us, gn_fault *fault)
{
    bool peer_began = keys->tx_phase == keys->rx_phase;

    if (keys->rx.last_pn != GN_KEYS_NO_PN && pn < keys->rx.last_pn)
        return gn_fault_set(fault, GN_FAULT_KEY_UPDATE, 0,
                            "RFC 9001 6.4: newer keys on a lower packet number");
    /* RFC 9001 6.2: we sent nothing under this generation, so nothing told the peer to go on.
     * [R-9001-6.2-3] */
    if (peer_began && keys->tx_phase > 0 && keys->tx.first_pn == GN_KEYS_NO_PN)
        return gn_fault_set(fault, GN_FAULT_KEY_UPDATE, 0,
                            "RFC 9001 6.2: keys updated twice without an acknowledgement");
    rx_advance(ops, key_slots, keys, pn, now, pto_us);
    /* [R-9001-6.2-1] [R-9001-6.2-2] */
    if (peer_began)
        tx_advance(ops, key_slots, keys);
    gn_keys_check(keys);
    return GN_OK;
}

gn_err
gn_keys_on_opened(const gn_suite_ops *ops, gn_slots key_slots, gn_keys *keys, gn_keys_age age,
                  uint64_t pn, gn_time now, gn_time pto_us, uint32_t *phase, gn_fault *fault)
{
    gn_packet_keys *rx = &keys->rx;

    if (age == GN_KEYS_NEXT) {
        gn_err err = opened_next(ops, key_slots, keys, pn, now, pto_us, fault);
        if (err == GN_OK)
            *phase = keys->rx_phase;
        return err;
    }
    if (age == GN_KEYS_PREVIOUS) {
        /* [R-9001-6.4-2] */
        if (pn > rx->first_pn)
            return gn_fault_set(fault, GN_FAULT_KEY_UPDATE, 0,
                                "RFC 9001 6.4: older keys on a higher packet number");
        if (keys->previous_last_pn == GN_KEYS_NO_PN || pn > keys->previous_last_pn)
            keys->previous_last_pn = pn;
        *phase = keys->rx_phase - 1;
        return GN_OK;
    }
    if (keys->previous_last_pn != GN_KEYS_NO_PN && pn < keys->previous_last_pn)
        return gn_fault_set(fault, GN_FAULT_KEY_UPDATE, 0,
                            "RFC 9001 6.4: newer keys on a lower packet number");
    if (rx->first_pn == GN_KEYS_NO_PN || pn < rx->first_pn)
        rx->first_pn = pn;
    if (rx->last_pn == GN_KEYS_NO_PN || pn > rx->last_pn)
        rx->last_pn = pn;
    *phase = keys->rx_phase;
    return GN_OK;
}
