/*
 * test_protect.c: what crypto/protect.h promises.
 */
#include <check.h>
#include <string.h>

#include "crypto/protect.h"
#include "prop.h"
#include "suites.h"
#include "tests/support/keyring.h"
#include "tests/support/random.h"
#include "tests/support/vectors.h"

enum { PACKET_MAX = 1500 };

/* A packet of the vectors, with keys that seal and open it. */
typedef struct vector_packet {
    gn_suite_id suite;
    uint64_t pn;
    size_t pn_size;
    size_t pn_at;
    uint8_t clear[PACKET_MAX]; /* header and payload */
    size_t clear_len;
    uint8_t packet[PACKET_MAX];
    size_t packet_len;
    uint8_t sample[GN_SUITE_SAMPLE_BYTES];
    uint8_t mask[GN_SUITE_MASK_OUT_BYTES];
    size_t payload_len;
} vector_packet;

static gn_test_keyring ring;

/* Reads the case and installs its secret for both directions of side 0. */
static void
vector_load(const gn_test_vectors *v, vector_packet *p)
{
    const gn_slots slots = gn_test_keyring_slots(&ring);
    uint8_t secret[GN_SUITE_HASH_MAX] = {0};

    memset(p, 0, sizeof *p);
    ck_assert_int_eq(gn_suite_from_tls((uint16_t)gn_test_vectors_u64(v, "suite"), &p->suite),
                     GN_OK);
    gn_test_vectors_bytes(v, "secret", secret, sizeof secret);
    gn_test_vectors_bytes(v, "sample", p->sample, sizeof p->sample);
    gn_test_vectors_bytes(v, "mask", p->mask, sizeof p->mask);
    p->pn = gn_test_vectors_u64(v, "pn");
    p->pn_size = (size_t)gn_test_vectors_u64(v, "pn_size");
    size_t header_len = gn_test_vectors_bytes(v, "header", p->clear, PACKET_MAX);
    p->pn_at = header_len - p->pn_size;
    p->payload_len =
        gn_test_vectors_bytes(v, "payload", p->clear + header_len, PACKET_MAX - header_len);
    p->clear_len = header_len + p->payload_len;
    p->packet_len = gn_test_vectors_bytes(v, "packet", p->packet, PACKET_MAX);
    gn_test_keyring_empty(&ring, GN_KEYS_SLOTS_MAX);
    ck_assert_int_eq(gn_keys_install(ring.ops, slots, &ring.side[0], GN_KEYS_TX, p->suite, secret),
                     GN_OK);
    ck_assert_int_eq(gn_keys_install(ring.ops, slots, &ring.side[0], GN_KEYS_RX, p->suite, secret),
                     GN_OK);
}

/* Opens bytes as the packet of the vector would be opened. */
static gn_err
vector_open(const vector_packet *p, const uint8_t *bytes, size_t len, uint8_t *out,
            gn_opened *opened)
{
    const gn_slots slots = gn_test_keyring_slots(&ring);

    if (p->clear[0] & 0x80)
        return gn_protect_open(ring.ops, slots, &ring.side[0].rx, bytes, len, p->pn_at, p->pn, out,
                               opened, &ring.fault);
    return gn_protect_open_short(ring.ops, slots, &ring.side[0], bytes, len, p->pn_at, p->pn, 0,
                                 GN_TEST_KEYRING_PTO, out, opened, &ring.fault);
}

static vector_packet packet;
static gn_test_vectors vectors;

/* Goes to the i-th packet of the file. */
static void
vector_nth(int i)
{
    gn_test_vectors_open(&vectors, "rfc9001_a_packets.txt");
    for (int at = 0; at <= i; at++)
        ck_assert(gn_test_vectors_next(&vectors));
    vector_load(&vectors, &packet);
}

START_TEST(protect_seals_the_packets_of_the_rfc)
{
    uint8_t bytes[PACKET_MAX];

    vector_nth(_i);
    memcpy(bytes, packet.clear, packet.clear_len);
    ck_assert_int_eq(gn_protect_seal(ring.ops, gn_test_keyring_slots(&ring), &ring.side[0].tx,
                                     bytes, packet.pn_at, packet.pn_size, packet.payload_len,
                                     packet.pn),
                     GN_OK);
    ck_assert_uint_eq(packet.packet_len, packet.clear_len + GN_PROTECT_TAG_BYTES);
    ck_assert_mem_eq(bytes, packet.packet, packet.packet_len);
    ck_assert_mem_eq(bytes + packet.pn_at + 4, packet.sample, sizeof packet.sample);
    ck_assert_uint_eq(ring.side[0].tx.used, 1);
    ck_assert_uint_eq(ring.side[0].tx.first_pn, packet.pn);
}
END_TEST

START_TEST(protect_opens_the_packets_of_the_rfc)
{
    uint8_t out[PACKET_MAX];
    gn_opened opened;

    vector_nth(_i);
    ck_assert_int_eq(vector_open(&packet, packet.packet, packet.packet_len, out, &opened), GN_OK);
    ck_assert_uint_eq(opened.pn, packet.pn);
    ck_assert_uint_eq(opened.pn_size, packet.pn_size);
    ck_assert_uint_eq(opened.first, packet.clear[0]);
    ck_assert_uint_eq(opened.payload_len, packet.payload_len);
    ck_assert_ptr_eq(opened.payload, out + packet.pn_at + packet.pn_size);
    ck_assert_mem_eq(out, packet.clear, packet.clear_len);
}
END_TEST

START_TEST(protect_unmasks_as_the_rfc_does)
{
    gn_unmasked unmasked;

    vector_nth(_i);
    ck_assert_int_eq(gn_protect_unmask(ring.ops, gn_test_keyring_slots(&ring), &ring.side[0].rx,
                                       packet.packet, packet.packet_len, packet.pn_at, &unmasked),
                     GN_OK);
    ck_assert_uint_eq(unmasked.first, packet.clear[0]);
    ck_assert_uint_eq(unmasked.pn_size, packet.pn_size);
    for (size_t i = 0; i < packet.pn_size; i++)
        ck_assert_uint_eq(unmasked.pn_bytes[i],
                          packet.packet[packet.pn_at + i] ^ packet.mask[1 + i]);
    ck_assert_uint_eq(unmasked.pn_short, packet.pn % (UINT64_C(1) << (8 * packet.pn_size)));
}
END_TEST

/* [R-9001-5.5-1] */
START_TEST(protect_refuses_a_change_of_any_byte)
{
    uint8_t bytes[PACKET_MAX], out[PACKET_MAX];
    gn_opened opened = {.pn = 77};

    vector_nth(_i);
    memcpy(bytes, packet.packet, packet.packet_len);
    for (size_t i = 0; i < packet.packet_len; i++) {
        bytes[i] ^= (uint8_t)(1u << i % 8);
        ck_assert_int_eq(vector_open(&packet, bytes, packet.packet_len, out, &opened), GN_ERR_AUTH);
        bytes[i] ^= (uint8_t)(1u << i % 8);
    }
    ck_assert_uint_eq(opened.pn, 77);
    ck_assert_uint_eq(ring.side[0].rx.used, packet.packet_len);
    ck_assert_int_eq(vector_open(&packet, bytes, packet.packet_len, out, &opened), GN_OK);
}
END_TEST

/* [R-9000-10.3-3] [R-9001-5.4.2-1] */
START_TEST(protect_refuses_a_packet_cut_anywhere)
{
    uint8_t out[PACKET_MAX];
    gn_opened opened;

    vector_nth(_i);
    for (size_t len = packet.pn_at + 1; len < packet.packet_len; len++) {
        gn_err err = vector_open(&packet, packet.packet, len, out, &opened);
        ck_assert_int_eq(err, len < packet.pn_at + 20 ? GN_ERR_SHORT : GN_ERR_AUTH);
    }
}
END_TEST

START_TEST(protect_never_writes_the_packet_it_opens)
{
    uint8_t bytes[PACKET_MAX], out[PACKET_MAX];
    gn_opened opened;

    vector_nth(_i);
    memcpy(bytes, packet.packet, packet.packet_len);
    ck_assert_int_eq(vector_open(&packet, bytes, packet.packet_len, out, &opened), GN_OK);
    ck_assert_mem_eq(bytes, packet.packet, packet.packet_len);
    bytes[packet.packet_len - 1] ^= 1;
    ck_assert_int_eq(vector_open(&packet, bytes, packet.packet_len, out, &opened), GN_ERR_AUTH);
    bytes[packet.packet_len - 1] ^= 1;
    ck_assert_mem_eq(bytes, packet.packet, packet.packet_len);
}
END_TEST

/* RFC 9000 17.2, 17.3.1: judged only once the packet is authentic. */
/* [R-9000-17.2-5] [R-9000-17.3.1-3] */
START_TEST(protect_reserved_bits_are_a_fault_once_authentic)
{
    static const struct {
        uint8_t first;
        const char *why;
    } rows[] = {
        {0xc4, "RFC 9000 17.2: reserved bits are set"},
        {0xc8, "RFC 9000 17.2: reserved bits are set"},
        {0x48, "RFC 9000 17.3.1: reserved bits are set"},
        {0x50, "RFC 9000 17.3.1: reserved bits are set"},
    };
    const gn_slots slots = gn_test_keyring_slots(&ring);
    uint8_t bytes[64] = {rows[_i].first, 2};
    uint8_t out[64];
    gn_opened opened = {.pn = 77};
    gn_err err;

    vector_nth(0);
    ck_assert_int_eq(gn_protect_seal(ring.ops, slots, &ring.side[0].tx, bytes, 1, 1, 20, 2), GN_OK);
    if (bytes[0] & 0x80)
        err = gn_protect_open(ring.ops, slots, &ring.side[0].rx, bytes, 38, 1, 2, out, &opened,
                              &ring.fault);
    else
        err = gn_protect_open_short(ring.ops, slots, &ring.side[0], bytes, 38, 1, 2, 0, 1, out,
                                    &opened, &ring.fault);
    ck_assert_int_eq(err, GN_ERR_FORM);
    ck_assert_uint_eq(ring.fault.wire_code, GN_FAULT_PROTOCOL_VIOLATION);
    ck_assert_str_eq(ring.fault.why, rows[_i].why);
    ck_assert_uint_eq(opened.pn, 77);
    ck_assert_uint_eq(ring.side[0].rx.used, 0);
}
END_TEST

/* RFC 9001 5.4.2: every size of packet number leaves a whole sample. */
START_TEST(protect_smallest_packets_open)
{
    const gn_slots slots = gn_test_keyring_slots(&ring);
    const size_t pn_size = (size_t)_i;
    const size_t payload_len = GN_PROTECT_TEXT_MIN - pn_size;
    uint8_t bytes[64] = {(uint8_t)(0x40 | (pn_size - 1))};
    uint8_t out[64];
    gn_opened opened;

    vector_nth(0);
    bytes[pn_size] = 9;
    memset(bytes + 1 + pn_size, 0x01, payload_len);
    ck_assert_int_eq(
        gn_protect_seal(ring.ops, slots, &ring.side[0].tx, bytes, 1, pn_size, payload_len, 9),
        GN_OK);
    ck_assert_int_eq(gn_protect_open_short(ring.ops, slots, &ring.side[0], bytes,
                                           1 + GN_PROTECT_TEXT_MIN + GN_PROTECT_TAG_BYTES, 1, 0, 0,
                                           1, out, &opened, &ring.fault),
                     GN_OK);
    ck_assert_uint_eq(opened.pn, 9);
    ck_assert_uint_eq(opened.payload_len, payload_len);
}
END_TEST

START_TEST(protect_without_keys_seals_nothing)
{
    uint8_t bytes[64] = {0x40, 1, 2, 3, 4};

    gn_test_keyring_empty(&ring, 3);
    ck_assert_int_eq(gn_protect_seal(ring.ops, gn_test_keyring_slots(&ring), &ring.side[0].tx,
                                     bytes, 1, 1, 4, 1),
                     GN_ERR_STATE);
    ck_assert_uint_eq(bytes[0], 0x40);
}
END_TEST

/* [R-9000-12.3-2] */
START_TEST(protect_of_a_used_number_traps)
{
    gn_test_keyring_init(&ring, GN_SUITE_AES_128_GCM_SHA256);
    gn_test_keyring_seal(&ring, 0);
    ring.next_pn[0] = 0;
    gn_test_keyring_seal(&ring, 0);
}
END_TEST

START_TEST(protect_holds_for_random_bytes)
{
    for (uint64_t seed = 0; seed < 300; seed++) {
        uint64_t state = seed;
        uint8_t bytes[300];
        const size_t len = (size_t)(gn_test_random(&state) % sizeof bytes);

        gn_test_random_fill(&state, bytes, sizeof bytes);
        ck_assert_msg(gn_prop_protect(bytes, len), "seed %u", (unsigned)seed);
    }
}
END_TEST

Suite *
gn_test_protect(void)
{
    Suite *suite = suite_create("crypto/protect");
    TCase *facts = tcase_create("vectors");
    TCase *hostile = tcase_create("hostile");
    TCase *limits = tcase_create("limits");
    TCase *random = tcase_create("random");

    tcase_add_loop_test(facts, protect_seals_the_packets_of_the_rfc, 0, 3);
    tcase_add_loop_test(facts, protect_opens_the_packets_of_the_rfc, 0, 3);
    tcase_add_loop_test(facts, protect_unmasks_as_the_rfc_does, 0, 3);
    tcase_add_loop_test(facts, protect_never_writes_the_packet_it_opens, 0, 3);
    tcase_add_loop_test(facts, protect_refuses_a_change_of_any_byte, 0, 3);
    tcase_add_loop_test(facts, protect_refuses_a_packet_cut_anywhere, 0, 3);
    tcase_add_loop_test(hostile, protect_reserved_bits_are_a_fault_once_authentic, 0, 4);
    tcase_add_loop_test(limits, protect_smallest_packets_open, 1, 5);
    tcase_add_test(limits, protect_without_keys_seals_nothing);
    tcase_add_test_raise_signal(limits, protect_of_a_used_number_traps, 6);
    tcase_add_test(random, protect_holds_for_random_bytes);
    suite_add_tcase(suite, facts);
    suite_add_tcase(suite, hostile);
    suite_add_tcase(suite, limits);
    suite_add_tcase(suite, random);
    return suite;
}
