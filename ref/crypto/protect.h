/*
 * protect.h: packet protection, sealing and opening (RFC 9001 5.3 to 5.5).
 *
 * Opening never writes the packet it is given. Its verdicts are kept apart:
 *   GN_OK          authentic; the fields of gn_opened are filled
 *   GN_ERR_SHORT   too short to hold a sample: drop
 *   GN_ERR_AUTH    not authentic: drop. It was counted in rx.used, no more (see keys.h)
 *   GN_ERR_FULL    no room to make the key it would need: drop, nothing changed
 *   GN_ERR_FORM    authentic, and the peer broke a rule: close with *fault
 */
#ifndef GN_CRYPTO_PROTECT_H
#define GN_CRYPTO_PROTECT_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/fault.h"
#include "base/slots.h"
#include "base/time.h"
#include "crypto/keys.h"
#include "crypto/suite.h"

/* What sealing adds behind the payload. */
#define GN_PROTECT_TAG_BYTES GN_SUITE_TAG_BYTES

/* RFC 9001 5.4.2: packet number and payload together are at least this long; pad before sealing. */
#define GN_PROTECT_TEXT_MIN 4

/*
 * Seals a packet in place. The header is written from packet[0] on, ending
 * with the pn_size bytes (1 to 4) of packet number at pn_at; payload_len bytes
 * follow, and behind them there is room for GN_PROTECT_TAG_BYTES. The first
 * byte's lowest two bits are pn_size - 1, its reserved bits 0, and in a long
 * header the Length field counts the tag. pn_size + payload_len is at least
 * GN_PROTECT_TEXT_MIN, and pn is above every number sealed with tx before.
 * GN_ERR_STATE: no key, or its confidentiality limit is reached; nothing was
 * changed.
 */
GN_MUST_USE gn_err gn_protect_seal(const gn_suite_ops *ops, gn_slots key_slots, gn_packet_keys *tx,
                                   uint8_t *packet, size_t pn_at, size_t pn_size,
                                   size_t payload_len, uint64_t pn);

/* A packet that was opened. */
typedef struct gn_opened {
    uint64_t pn;
    const uint8_t *payload; /* in the caller's out */
    size_t payload_len;     /* without the tag; may be 0 */
    uint32_t phase;         /* short header: the key generation; else 0 */
    uint8_t first;          /* the first byte without header protection */
    uint8_t pn_size;
    uint8_t reserved[2];
} gn_opened;

/*
 * Opens a packet with a long header (Initial, 0-RTT, Handshake), from its
 * first byte to the end that its Length field gives. expected_pn is one more
 * than the highest number received in its space. out has room for packet_len
 * bytes and does not overlap packet; it then holds the packet in clear:
 * header, payload. *opened is written only on GN_OK.
 */
GN_MUST_USE gn_err gn_protect_open(const gn_suite_ops *ops, gn_slots key_slots, gn_packet_keys *rx,
                                   const uint8_t *packet, size_t packet_len, size_t pn_at,
                                   uint64_t expected_pn, uint8_t *out, gn_opened *opened,
                                   gn_fault *fault);

/*
 * The same for a short header, where the Key Phase bit decides the key and an
 * opened packet may complete a key update (keys.h). pto_us is the connection's
 * probe timeout, by which old keys are kept.
 */
GN_MUST_USE gn_err gn_protect_open_short(const gn_suite_ops *ops, gn_slots key_slots, gn_keys *keys,
                                         const uint8_t *packet, size_t packet_len, size_t pn_at,
                                         uint64_t expected_pn, gn_time now, gn_time pto_us,
                                         uint8_t *out, gn_opened *opened, gn_fault *fault);

/* The two steps of opening, for callers that decide the key themselves. */

typedef struct gn_unmasked {
    uint64_t pn_short; /* as many low bytes of the number as the packet carries */
    uint8_t pn_size;
    uint8_t first;
    uint8_t pn_bytes[4]; /* the first pn_size are the number as it stands in the clear header */
    uint8_t reserved[2];
} gn_unmasked;

/* RFC 9001 5.4: removes header protection, beside the packet. GN_ERR_SHORT: no full sample. */
GN_MUST_USE gn_err gn_protect_unmask(const gn_suite_ops *ops, gn_slots key_slots,
                                     const gn_packet_keys *rx, const uint8_t *packet,
                                     size_t packet_len, size_t pn_at, gn_unmasked *out);

/*
 * RFC 9001 5.3: opens an unmasked packet, whose full number is pn, with one
 * AEAD key. Changes nothing but out and, on GN_OK, *opened. GN_ERR_AUTH.
 */
GN_MUST_USE gn_err gn_protect_open_with(const gn_suite_ops *ops, gn_slots key_slots,
                                        gn_suite_id suite, const gn_packet_key *key,
                                        const uint8_t *packet, size_t packet_len, size_t pn_at,
                                        const gn_unmasked *unmasked, uint64_t pn, uint8_t *out,
                                        gn_opened *opened);

#endif
