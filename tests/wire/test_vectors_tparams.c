/*
 * test_vectors_tparams.c: wire/tparams.h against vectors/tparams.txt.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "suites.h"
#include "tests/support/vectors.h"
#include "wire/tparams.h"

#define AT(member) offsetof(gn_tparams, member)

enum { BYTES_MAX = 4096 };

/* The integers: names and defaults of RFC 9000 18.2, and the field each is kept in. */
static const struct {
    const char *key;
    size_t at;
    uint64_t otherwise;
} integers[] = {
    {"max_idle_timeout", AT(max_idle_timeout_ms), 0},
    {"max_udp_payload_size", AT(max_udp_payload_size), 65527},
    {"initial_max_data", AT(initial_max_data), 0},
    {"initial_max_stream_data_bidi_local", AT(initial_max_stream_data_bidi_local), 0},
    {"initial_max_stream_data_bidi_remote", AT(initial_max_stream_data_bidi_remote), 0},
    {"initial_max_stream_data_uni", AT(initial_max_stream_data_uni), 0},
    {"initial_max_streams_bidi", AT(initial_max_streams_bidi), 0},
    {"initial_max_streams_uni", AT(initial_max_streams_uni), 0},
    {"ack_delay_exponent", AT(ack_delay_exponent), 3},
    {"max_ack_delay", AT(max_ack_delay_ms), 25},
    {"active_connection_id_limit", AT(active_connection_id_limit), 2},
    {"max_datagram_frame_size", AT(max_datagram_frame_size), 0},
};

/* The connection IDs, with the bit that says that they are there. */
static const struct {
    const char *key;
    size_t at;
    uint32_t present;
} ids[] = {
    {"original_destination_connection_id", AT(original_dcid), GN_TPARAMS_ORIGINAL_DCID},
    {"initial_source_connection_id", AT(initial_scid), GN_TPARAMS_INITIAL_SCID},
    {"retry_source_connection_id", AT(retry_scid), GN_TPARAMS_RETRY_SCID},
};

enum { INTEGERS = sizeof integers / sizeof *integers, IDS = sizeof ids / sizeof *ids };

static gn_test_vectors v;
static uint8_t bytes[BYTES_MAX];
static size_t bytes_len;
static bool from_server;

static bool
next_case(bool refused)
{
    while (gn_test_vectors_next(&v)) {
        if (gn_test_vectors_is(&v, "result", "invalid") != refused)
            continue;
        bytes_len = gn_test_vectors_bytes(&v, "bytes", bytes, sizeof bytes);
        from_server = gn_test_vectors_is(&v, "sender", "server");
        return true;
    }
    return false;
}

/* Reads the first len bytes, in memory that ends where they end. */
static gn_err
read_first(size_t len, gn_tparams *p, gn_fault *fault)
{
    uint8_t *exact = malloc(len + 1);
    ck_assert_ptr_nonnull(exact);
    memcpy(exact + 1, bytes, len);
    memset(fault, 0, sizeof *fault);
    const gn_err err = gn_tparams_read(gn_span_of(exact + 1, len), from_server, p, fault);

    free(exact);
    return err;
}

static void
make_address(gn_tparams_address *a)
{
    uint8_t cid[GN_CID_MAX];

    ck_assert_uint_eq(gn_test_vectors_bytes(&v, "preferred_ipv4", a->ipv4, 4), 4);
    ck_assert_uint_eq(gn_test_vectors_bytes(&v, "preferred_ipv6", a->ipv6, 16), 16);
    ck_assert_uint_eq(gn_test_vectors_bytes(&v, "preferred_reset_token", a->reset_token, 16), 16);
    a->ipv4_port = (uint16_t)gn_test_vectors_u64(&v, "preferred_ipv4_port");
    a->ipv6_port = (uint16_t)gn_test_vectors_u64(&v, "preferred_ipv6_port");
    a->cid = gn_cid_from(cid, gn_test_vectors_bytes(&v, "preferred_cid", cid, sizeof cid));
}

static void
make_versions(gn_tparams *p)
{
    char word[32];

    p->present |= GN_TPARAMS_VERSIONS;
    p->chosen_version = (uint32_t)gn_test_vectors_u64(&v, "chosen_version");
    if (!gn_test_vectors_has(&v, "available_versions"))
        return;
    for (const char *at = gn_test_vectors_text(&v, "available_versions");
         gn_test_vectors_word(&at, word, sizeof word); p->version_count++)
        p->versions[p->version_count] = (uint32_t)strtoul(word, NULL, 16);
}

/* The parameters that the case says, with defaults for the others. There is no padding in them. */
static gn_tparams
made(void)
{
    gn_tparams p = {0};
    uint8_t cid[GN_CID_MAX];

    for (size_t i = 0; i < INTEGERS; i++) {
        const uint64_t number = gn_test_vectors_has(&v, integers[i].key)
                                    ? gn_test_vectors_u64(&v, integers[i].key)
                                    : integers[i].otherwise;
        memcpy((uint8_t *)&p + integers[i].at, &number, sizeof number);
    }
    for (size_t i = 0; i < IDS; i++)
        if (gn_test_vectors_has(&v, ids[i].key)) {
            const gn_cid id =
                gn_cid_from(cid, gn_test_vectors_bytes(&v, ids[i].key, cid, sizeof cid));
            memcpy((uint8_t *)&p + ids[i].at, &id, sizeof id);
            p.present |= ids[i].present;
        }
    if (gn_test_vectors_has(&v, "stateless_reset_token")) {
        ck_assert_uint_eq(gn_test_vectors_bytes(&v, "stateless_reset_token", p.reset_token, 16),
                          16);
        p.present |= GN_TPARAMS_RESET_TOKEN;
    }
    if (gn_test_vectors_has(&v, "preferred_ipv4")) {
        make_address(&p.preferred_address);
        p.present |= GN_TPARAMS_PREFERRED_ADDRESS;
    }
    if (gn_test_vectors_has(&v, "disable_active_migration"))
        p.disable_active_migration = gn_test_vectors_is(&v, "disable_active_migration", "yes");
    if (gn_test_vectors_has(&v, "grease_quic_bit"))
        p.grease_quic_bit = gn_test_vectors_is(&v, "grease_quic_bit", "yes");
    if (gn_test_vectors_has(&v, "chosen_version"))
        make_versions(&p);
    return p;
}

START_TEST(vectors_tparams_good_ones_are_read_as_said)
{
    size_t cases = 0;

    for (gn_test_vectors_open(&v, "tparams.txt"); next_case(false); cases++) {
        const gn_tparams want = made();
        gn_fault fault;
        gn_tparams p;

        memset(&p, 0x5a, sizeof p);
        gn_test_vectors_assert(&v, read_first(bytes_len, &p, &fault) == GN_OK);
        gn_test_vectors_assert(&v, fault.why == NULL);
        gn_test_vectors_assert(&v, memcmp(&p, &want, sizeof p) == 0);
    }
    ck_assert_uint_gt(cases, 150);
}
END_TEST

START_TEST(vectors_tparams_good_ones_are_written_in_the_shortest_form)
{
    for (gn_test_vectors_open(&v, "tparams.txt"); next_case(false);) {
        const gn_tparams want = made();
        uint8_t out[BYTES_MAX];
        gn_writer w = gn_writer_over(out, sizeof out);

        gn_test_vectors_assert(&v, gn_tparams_write(&w, &want, from_server) == GN_OK);
        if (gn_test_vectors_is(&v, "result", "valid")) {
            gn_test_vectors_assert(&v, w.at == bytes_len);
            gn_test_vectors_assert(&v, memcmp(out, bytes, bytes_len) == 0);
        }
        gn_test_vectors_assert(&v, w.at <= bytes_len);
        for (size_t room = 0; room < w.at; room++) {
            gn_writer little = gn_writer_over(out, room);

            gn_test_vectors_assert(&v,
                                   gn_tparams_write(&little, &want, from_server) == GN_ERR_FULL);
            gn_test_vectors_assert(&v, little.at == 0);
        }
    }
}
END_TEST

static void
expect_refused(size_t len, const char *why)
{
    gn_fault fault;
    gn_tparams p, untouched;

    memset(&p, 0x5a, sizeof p);
    memset(&untouched, 0x5a, sizeof untouched);
    gn_test_vectors_assert(&v, read_first(len, &p, &fault) == GN_ERR_FORM);
    gn_test_vectors_assert(&v, fault.wire_code == 0x08);
    gn_test_vectors_assert(&v, fault.frame_type == 0);
    gn_test_vectors_assert(&v, memcmp(&p, &untouched, sizeof p) == 0);
    ck_assert_str_eq(fault.why, why);
}

START_TEST(vectors_tparams_cut_anywhere_are_refused)
{
    for (gn_test_vectors_open(&v, "tparams.txt"); next_case(false);) {
        size_t cut = bytes_len;

        if (gn_test_vectors_has(&v, "cut"))
            cut = (size_t)gn_test_vectors_u64(&v, "cut");
        for (size_t len = 1; len < cut; len++)
            expect_refused(len, "RFC 9000 18: a transport parameter is cut short");
    }
}
END_TEST

/* [R-9287-3-1] [R-9368-4-1] [R-9368-4-2] [R-9368-4-3] */
START_TEST(vectors_tparams_bad_ones_are_refused_with_their_reason)
{
    size_t cases = 0;

    for (gn_test_vectors_open(&v, "tparams.txt"); next_case(true); cases++) {
        gn_test_vectors_assert(&v, gn_test_vectors_u64(&v, "code") == 0x08);
        gn_test_vectors_assert(&v, gn_test_vectors_is(&v, "error", gn_fault_name(0x08)));
        expect_refused(bytes_len, gn_test_vectors_text(&v, "why"));
    }
    ck_assert_uint_gt(cases, 90);
}
END_TEST

START_TEST(vectors_tparams_out_of_range_are_not_written)
{
    size_t refused = 0;

    for (gn_test_vectors_open(&v, "tparams.txt"); next_case(true);) {
        uint8_t out[BYTES_MAX];
        gn_writer w = gn_writer_over(out, sizeof out);
        gn_tparams p;

        if (strncmp(gn_test_vectors_text(&v, "flags"), "Range", 5) != 0)
            continue;
        p = made();
        if (p.present != 0 || gn_test_vectors_has(&v, "cut"))
            continue;
        bool said = false;
        for (size_t i = 0; i < INTEGERS; i++)
            said = said || gn_test_vectors_has(&v, integers[i].key);
        if (!said)
            continue;
        gn_test_vectors_assert(&v, gn_tparams_write(&w, &p, from_server) == GN_ERR_RANGE);
        gn_test_vectors_assert(&v, w.at == 0);
        refused++;
    }
    ck_assert_uint_ge(refused, 12);
}
END_TEST

Suite *
gn_test_vectors_tparams(void)
{
    Suite *suite = suite_create("wire/vectors_tparams");
    TCase *vectors = tcase_create("vectors");

    tcase_set_timeout(vectors, 60);
    tcase_add_test(vectors, vectors_tparams_good_ones_are_read_as_said);
    tcase_add_test(vectors, vectors_tparams_good_ones_are_written_in_the_shortest_form);
    tcase_add_test(vectors, vectors_tparams_cut_anywhere_are_refused);
    tcase_add_test(vectors, vectors_tparams_bad_ones_are_refused_with_their_reason);
    tcase_add_test(vectors, vectors_tparams_out_of_range_are_not_written);
    suite_add_tcase(suite, vectors);
    return suite;
}
