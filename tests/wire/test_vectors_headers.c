/*
 * test_vectors_headers.c: packet headers against vectors/headers.txt.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "suites.h"
#include "tests/support/vectors.h"
#include "wire/header_read.h"
#include "wire/header_write.h"
#include "wire/retry.h"
#include "wire/vneg.h"

enum { DATAGRAM_MAX = 1500 };

static const char *const packets[GN_PACKET_KINDS] = {
    [GN_PACKET_INITIAL] = "initial",
    [GN_PACKET_ZERO_RTT] = "0-rtt",
    [GN_PACKET_HANDSHAKE] = "handshake",
    [GN_PACKET_RETRY] = "retry",
    [GN_PACKET_ONE_RTT] = "1-rtt",
    [GN_PACKET_VNEG] = "version-negotiation",
    [GN_PACKET_UNKNOWN_VERSION] = "unknown-version",
};

static gn_test_vectors v;
static uint8_t datagram[DATAGRAM_MAX];
static size_t packet_len;   /* of the packet alone */
static size_t datagram_len; /* and of what follows it */
static size_t local_cid_len;

/* What a packet is read as: the header and, for two kinds, what is behind it. */
typedef struct whole {
    gn_header header;
    gn_retry retry;
    gn_vneg vneg;
} whole;

static bool
next_case(bool refused)
{
    while (gn_test_vectors_next(&v)) {
        if (gn_test_vectors_is(&v, "result", "invalid") != refused)
            continue;
        packet_len = gn_test_vectors_bytes(&v, "bytes", datagram, sizeof datagram);
        datagram_len = packet_len;
        if (gn_test_vectors_has(&v, "after"))
            datagram_len += gn_test_vectors_bytes(&v, "after", datagram + packet_len,
                                                  sizeof datagram - packet_len);
        local_cid_len = (size_t)gn_test_vectors_u64(&v, "local_cid_len");
        return true;
    }
    return false;
}

/* Reads bytes as far as they can be read without keys. */
static gn_err
read_whole(const uint8_t *bytes, size_t len, whole *out)
{
    memset(out, 0x5a, sizeof *out);
    const gn_err err = gn_header_read(bytes, len, local_cid_len, &out->header);
    if (err == GN_OK && out->header.kind == GN_PACKET_RETRY)
        return gn_retry_read(out->header.rest, &out->retry);
    if (err == GN_OK && out->header.kind == GN_PACKET_VNEG)
        return gn_vneg_read(out->header.rest, &out->vneg);
    return err;
}

/* The same of the first len bytes, in memory that ends where they end. */
static gn_err
read_first(size_t len, whole *out)
{
    uint8_t *exact = malloc(len + 1);
    ck_assert_ptr_nonnull(exact);
    memcpy(exact + 1, datagram, len);
    const gn_err err = read_whole(exact + 1, len, out);

    free(exact);
    return err;
}

static void
expect_span(const char *key, gn_span found)
{
    uint8_t bytes[DATAGRAM_MAX];
    const size_t len = gn_test_vectors_bytes(&v, key, bytes, sizeof bytes);

    ck_assert_msg(len == found.len && memcmp(bytes, found.ptr, len) == 0, "%s:%d: %s", v.name,
                  v.case_line, key);
}

static void
expect_versions(const gn_vneg *vneg)
{
    const char *at = gn_test_vectors_text(&v, "versions");
    char word[32];
    size_t count = 0;

    for (; gn_test_vectors_word(&at, word, sizeof word); count++) {
        const uint32_t version = (uint32_t)strtoul(word, NULL, 16);

        gn_test_vectors_assert(&v, count < gn_vneg_count(vneg));
        gn_test_vectors_assert(&v, gn_vneg_at(vneg, count) == version);
        gn_test_vectors_assert(&v, gn_vneg_has(vneg, version));
    }
    gn_test_vectors_assert(&v, gn_vneg_count(vneg) == count);
    gn_test_vectors_assert(&v, !gn_vneg_has(vneg, 0x2b2b2b2b));
}

/* The fields that every kind has, and those of long headers. */
static void
expect_header(const gn_header *h)
{
    gn_test_vectors_assert(&v, gn_test_vectors_is(&v, "packet", packets[h->kind]));
    gn_test_vectors_assert(&v, h->first == datagram[0]);
    gn_test_vectors_assert(&v, h->packet_len == gn_test_vectors_u64(&v, "packet_len"));
    expect_span("dcid", h->dcid_bytes);
    if (h->kind != GN_PACKET_ONE_RTT) {
        gn_test_vectors_assert(&v, h->version == gn_test_vectors_u64(&v, "version"));
        expect_span("scid", h->scid_bytes);
    }
    if (h->kind != GN_PACKET_VNEG && h->kind != GN_PACKET_UNKNOWN_VERSION)
        expect_span("dcid", gn_cid_span(&h->dcid));
    if (h->kind <= GN_PACKET_RETRY)
        expect_span("scid", gn_cid_span(&h->scid));
}

START_TEST(vectors_headers_good_ones_are_read_as_said)
{
    bool seen[GN_PACKET_KINDS] = {false};

    for (gn_test_vectors_open(&v, "headers.txt"); next_case(false);) {
        whole w;

        gn_test_vectors_assert(&v, read_whole(datagram, datagram_len, &w) == GN_OK);
        expect_header(&w.header);
        seen[w.header.kind] = true;
        switch (w.header.kind) {
        case GN_PACKET_RETRY:
            expect_span("retry_token", w.retry.token);
            expect_span("retry_tag", w.retry.tag);
            break;
        case GN_PACKET_VNEG: expect_versions(&w.vneg); break;
        case GN_PACKET_UNKNOWN_VERSION:
            gn_test_vectors_assert(&v,
                                   w.header.rest.ptr == datagram + gn_test_vectors_u64(&v, "cut"));
            gn_test_vectors_assert(&v, w.header.rest.ptr + w.header.rest.len ==
                                           datagram + datagram_len);
            break;
        default:
            gn_test_vectors_assert(&v, w.header.pn_at == gn_test_vectors_u64(&v, "pn_at"));
            if (w.header.kind == GN_PACKET_INITIAL)
                expect_span("token", w.header.token);
            break;
        }
    }
    for (int kind = 0; kind < GN_PACKET_KINDS; kind++)
        ck_assert_msg(seen[kind], "no packet is %s", packets[kind]);
}
END_TEST

START_TEST(vectors_headers_bad_ones_are_refused)
{
    size_t cases = 0;

    for (gn_test_vectors_open(&v, "headers.txt"); next_case(true); cases++) {
        const bool is_short = gn_test_vectors_is(&v, "error", "short");
        whole w;

        gn_test_vectors_assert(&v, is_short || gn_test_vectors_is(&v, "error", "malformed"));
        gn_test_vectors_assert(&v, read_first(datagram_len, &w) ==
                                       (is_short ? GN_ERR_SHORT : GN_ERR_FORM));
    }
    ck_assert_uint_gt(cases, 40);
}
END_TEST

START_TEST(vectors_headers_cut_anywhere_are_refused)
{
    for (gn_test_vectors_open(&v, "headers.txt"); next_case(false);) {
        const size_t cut = (size_t)gn_test_vectors_u64(&v, "cut");
        const size_t formed = (size_t)gn_test_vectors_u64(&v, "formed");
        const bool list = gn_test_vectors_is(&v, "packet", "version-negotiation");

        for (size_t len = 0; len < packet_len; len++) {
            whole w;
            const gn_err err = read_first(len, &w);
            const gn_err wanted = len < cut                         ? GN_ERR_SHORT
                                  : len < formed                    ? GN_ERR_FORM
                                  : list && (len - formed) % 4 != 0 ? GN_ERR_FORM
                                                                    : GN_OK;

            ck_assert_msg(err == wanted, "%s:%d: %s in %zu bytes", v.name, v.case_line,
                          gn_err_name(err), len);
            gn_test_vectors_assert(&v, err != GN_OK || w.header.packet_len == len);
        }
    }
}
END_TEST

static gn_cid
cid_of(const char *key)
{
    uint8_t bytes[GN_CID_MAX];

    return gn_cid_from(bytes, gn_test_vectors_bytes(&v, key, bytes, sizeof bytes));
}

/* The bytes of the packet that the writer should have written, in every smaller room none. */
static void
expect_long(gn_packet_kind kind)
{
    const uint32_t version = (uint32_t)gn_test_vectors_u64(&v, "version");
    const gn_cid dcid = cid_of("dcid"), scid = cid_of("scid");
    const size_t pn_at = (size_t)gn_test_vectors_u64(&v, "pn_at");
    const uint64_t pn = gn_test_vectors_u64(&v, "pn");
    const size_t pn_size = (size_t)gn_test_vectors_u64(&v, "pn_size");
    uint8_t token[DATAGRAM_MAX], out[DATAGRAM_MAX] = {0};
    size_t token_len = 0, length_at = 0;
    gn_writer w = gn_writer_over(out, sizeof out);

    if (kind == GN_PACKET_INITIAL)
        token_len = gn_test_vectors_bytes(&v, "token", token, sizeof token);
    gn_test_vectors_assert(&v, gn_header_write_long(&w, kind, version, &dcid, &scid,
                                                    gn_span_of(token, token_len), pn, pn_size,
                                                    &length_at) == GN_OK);
    gn_test_vectors_assert(
        &v, w.at == gn_header_write_long_size(kind, &dcid, &scid, token_len, pn_size));
    gn_test_vectors_assert(&v, w.at == length_at + GN_HEADER_LENGTH_BYTES + pn_size);
    gn_header_write_length(&w, length_at, packet_len - pn_at);
    /* Ours is a Length of two bytes; a case may have another, or a token length of another. */
    gn_test_vectors_assert(&v, memcmp(out, datagram, 7 + (size_t)dcid.len + scid.len) == 0);
    gn_test_vectors_assert(&v, memcmp(out + w.at - pn_size, datagram + pn_at, pn_size) == 0);
    if (w.at == pn_at + pn_size)
        gn_test_vectors_assert(&v, memcmp(out, datagram, w.at) == 0);
    for (size_t room = 0; room < w.at; room++) {
        gn_writer little = gn_writer_over(out, room);

        gn_test_vectors_assert(&v, gn_header_write_long(&little, kind, version, &dcid, &scid,
                                                        gn_span_of(token, token_len), pn, pn_size,
                                                        &length_at) == GN_ERR_FULL);
        gn_test_vectors_assert(&v, little.at == 0);
    }
}

static void
expect_short(void)
{
    const gn_cid dcid = cid_of("dcid");
    const size_t pn_size = (size_t)gn_test_vectors_u64(&v, "pn_size");
    const uint64_t pn = gn_test_vectors_u64(&v, "pn");
    const bool spin = gn_test_vectors_is(&v, "spin", "yes");
    const bool phase = gn_test_vectors_is(&v, "key_phase", "yes");
    uint8_t out[DATAGRAM_MAX];
    gn_writer w = gn_writer_over(out, sizeof out);

    gn_test_vectors_assert(&v, gn_header_write_short(&w, &dcid, spin, phase, pn, pn_size) == GN_OK);
    gn_test_vectors_assert(&v, w.at == 1 + (size_t)dcid.len + pn_size);
    gn_test_vectors_assert(&v, memcmp(out, datagram, w.at) == 0);
    for (size_t room = 0; room < w.at; room++) {
        gn_writer little = gn_writer_over(out, room);

        gn_test_vectors_assert(
            &v, gn_header_write_short(&little, &dcid, spin, phase, pn, pn_size) == GN_ERR_FULL);
        gn_test_vectors_assert(&v, little.at == 0);
    }
}

START_TEST(vectors_headers_are_written_to_the_same_bytes)
{
    size_t cases = 0;

    for (gn_test_vectors_open(&v, "headers.txt"); next_case(false);) {
        whole w;

        if (!gn_test_vectors_has(&v, "pn"))
            continue;
        gn_test_vectors_assert(&v, read_whole(datagram, datagram_len, &w) == GN_OK);
        if (w.header.kind == GN_PACKET_ONE_RTT)
            expect_short();
        else
            expect_long(w.header.kind);
        cases++;
    }
    ck_assert_uint_gt(cases, 40);
}
END_TEST

static void
expect_retry(void)
{
    const uint32_t version = (uint32_t)gn_test_vectors_u64(&v, "version");
    const gn_cid dcid = cid_of("dcid"), scid = cid_of("scid");
    uint8_t token[DATAGRAM_MAX], out[DATAGRAM_MAX];
    const size_t token_len = gn_test_vectors_bytes(&v, "retry_token", token, sizeof token);
    gn_writer w = gn_writer_over(out, sizeof out);

    gn_test_vectors_assert(&v, gn_retry_write(&w, datagram[0], version, &dcid, &scid,
                                              gn_span_of(token, token_len)) == GN_OK);
    gn_test_vectors_assert(&v, w.at + GN_RETRY_TAG_BYTES == packet_len);
    gn_test_vectors_assert(&v, memcmp(out, datagram, w.at) == 0);
}

static void
expect_vneg(const whole *read)
{
    uint32_t versions[8];
    uint8_t out[DATAGRAM_MAX];
    const size_t count = gn_vneg_count(&read->vneg);
    gn_writer w = gn_writer_over(out, sizeof out);

    for (size_t i = 0; i < count; i++)
        versions[i] = gn_vneg_at(&read->vneg, i);
    gn_test_vectors_assert(&v, gn_vneg_write(&w, datagram[0], read->header.dcid_bytes,
                                             read->header.scid_bytes, versions, count) == GN_OK);
    gn_test_vectors_assert(&v, w.at == packet_len);
    /* The bit that is the fixed one elsewhere is always set by us (RFC 9000 17.2.1). */
    gn_test_vectors_assert(&v, out[0] == (datagram[0] | GN_HEADER_FIXED));
    gn_test_vectors_assert(&v, memcmp(out + 1, datagram + 1, packet_len - 1) == 0);
}

START_TEST(vectors_headers_retry_and_version_negotiation_are_written_the_same)
{
    size_t cases = 0;

    for (gn_test_vectors_open(&v, "headers.txt"); next_case(false);) {
        whole w;

        gn_test_vectors_assert(&v, read_whole(datagram, datagram_len, &w) == GN_OK);
        if (w.header.kind == GN_PACKET_RETRY)
            expect_retry();
        else if (w.header.kind == GN_PACKET_VNEG)
            expect_vneg(&w);
        else
            continue;
        cases++;
    }
    ck_assert_uint_gt(cases, 10);
}
END_TEST

Suite *
gn_test_vectors_headers(void)
{
    Suite *suite = suite_create("wire/vectors_headers");
    TCase *vectors = tcase_create("vectors");

    tcase_set_timeout(vectors, 60);
    tcase_add_test(vectors, vectors_headers_good_ones_are_read_as_said);
    tcase_add_test(vectors, vectors_headers_bad_ones_are_refused);
    tcase_add_test(vectors, vectors_headers_cut_anywhere_are_refused);
    tcase_add_test(vectors, vectors_headers_are_written_to_the_same_bytes);
    tcase_add_test(vectors, vectors_headers_retry_and_version_negotiation_are_written_the_same);
    suite_add_tcase(suite, vectors);
    return suite;
}
