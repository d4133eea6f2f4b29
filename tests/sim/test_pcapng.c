/*
 * test_pcapng.c: what sim/pcapng.h promises, one promise a test.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "base/be.h"
#include "sim/pcapng.h"
#include "suites.h"
#include "support/feed.h"

static char file[16384];
static size_t file_len;
static char folder[64];
static char path[128];

static void
set_up(void)
{
    gn_test_feed_folder(folder);
    (void)snprintf(path, sizeof path, "%s/run.pcapng", folder);
}

static void
tear_down(void)
{
    gn_test_feed_remove(folder);
}

/* The four bytes at `at`, least significant first. */
static uint32_t
word_at(size_t at)
{
    const uint8_t *bytes = (const uint8_t *)file + at;

    ck_assert_uint_le(at + 4, file_len);
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
           (uint32_t)bytes[3] << 24;
}

/* Where the number-th block of this type begins; 0 when there are not so many. */
static size_t
block_at(uint32_t type, size_t number)
{
    size_t at = 0;

    while (at < file_len) {
        const uint32_t len = word_at(at + 4);

        ck_assert_uint_ge(len, 12);
        ck_assert_uint_eq(len % 4, 0);
        ck_assert_uint_eq(word_at(at + len - 4), len);
        if (word_at(at) == type && number-- == 0)
            return at;
        at += len;
    }
    ck_assert_uint_eq(at, file_len);
    return 0;
}

static void
tell(void (*say)(gn_sim_sink *sink))
{
    gn_sim_sink sink;

    ck_assert_ptr_null(gn_sim_pcapng_open(path, &sink));
    say(&sink);
    file_len = gn_test_feed_read(folder, "run.pcapng", file, sizeof file);
}

static void
say_story(gn_sim_sink *sink)
{
    ck_assert_ptr_null(gn_test_feed_story(sink));
}

START_TEST(pcapng_blocks_are_whole_and_in_order)
{
    tell(say_story);
    ck_assert_uint_eq(word_at(0), 0x0a0d0d0a);
    ck_assert_uint_eq(word_at(8), 0x1a2b3c4d);
    ck_assert_uint_gt(block_at(1, 1), 0); /* two routes, two interfaces */
    ck_assert_uint_eq(block_at(1, 2), 0);
    ck_assert_uint_gt(block_at(6, 0), block_at(1, 1));
    ck_assert_uint_eq(block_at(6, 1), 0); /* SENT is not on the server's wire */
    ck_assert_uint_gt(block_at(10, 0), 0);
}
END_TEST

START_TEST(pcapng_a_packet_has_its_time_and_its_interface)
{
    tell(say_story);

    const size_t at = block_at(6, 0);
    const uint64_t time = (uint64_t)word_at(at + 12) << 32 | word_at(at + 16);

    ck_assert_uint_eq(word_at(at + 8), 0);
    ck_assert_uint_eq(time, 1000001500); /* Unix time 1000 s and 1.5 ms */
    ck_assert_uint_eq(word_at(at + 20), 1228);
    ck_assert_uint_eq(word_at(at + 24), 1228);
}
END_TEST

/* RFC 1071: with its checksum in place, everything adds up to all ones. */
static uint32_t
sum_of(const uint8_t *bytes, size_t len, uint32_t sum)
{
    for (size_t i = 0; i < len; i++)
        sum += i % 2 == 0 ? (uint32_t)bytes[i] * 256 : bytes[i];
    while (sum > 0xffff)
        sum = sum / 65536 + sum % 65536;
    return sum;
}

static void
say_lengths(gn_sim_sink *sink)
{
    sink->on_begin(sink->context, gn_test_feed_about());
    for (size_t cut = 0; cut < 5; cut++) {
        gn_sim_datagram datagram = gn_test_feed_datagram(cut, GN_SIM_FATE_DELIVERED);

        datagram.len -= cut;
        datagram.bytes += cut;
        sink->on_datagram(sink->context, &datagram);
    }
    ck_assert_ptr_null(sink->on_end(sink->context, 0));
}

START_TEST(pcapng_headers_are_right_to_the_checksum)
{
    tell(say_lengths);
    for (size_t i = 0; i < 5; i++) {
        const uint8_t *ip = (const uint8_t *)file + block_at(6, i) + 28;
        const uint8_t *udp = ip + 20;
        const size_t udp_len = 8 + 1200 - i;

        ck_assert_uint_eq(ip[0], 0x45);
        ck_assert_uint_eq(ip[1], GN_MARK_ECT0);
        ck_assert_uint_eq(gn_be_read_u16(ip + 2), 20 + udp_len);
        ck_assert_uint_eq(ip[9], 17);
        ck_assert_uint_eq(sum_of(ip, 20, 0), 0xffff);
        ck_assert_mem_eq(ip + 12, "\x0a\x00\x00\x02\xc0\x00\x02\x01", 8);
        ck_assert_uint_eq(gn_be_read_u16(udp), 50000);
        ck_assert_uint_eq(gn_be_read_u16(udp + 2), 443); /* readers know QUIC by this port */
        ck_assert_uint_eq(gn_be_read_u16(udp + 4), udp_len);
        ck_assert_uint_eq(sum_of(udp, udp_len, sum_of(ip + 12, 8, 17 + (uint32_t)udp_len)), 0xffff);
    }
}
END_TEST

static void
say_all_fates(gn_sim_sink *sink)
{
    sink->on_begin(sink->context, gn_test_feed_about());
    for (unsigned fate = 0; fate < GN_SIM_FATES; fate++) {
        gn_sim_datagram datagram = gn_test_feed_datagram(fate, (gn_sim_fate)fate);

        sink->on_datagram(sink->context, &datagram);
        datagram.from = 1;
        datagram.to = 0;
        sink->on_datagram(sink->context, &datagram);
    }
    ck_assert_ptr_null(sink->on_end(sink->context, 0));
}

START_TEST(pcapng_lies_on_the_servers_wire)
{
    size_t comments = 0;

    tell(say_all_fates);
    /* Sent by the server; arrived there; dropped on the way there for ten reasons. */
    ck_assert_uint_gt(block_at(6, 11), 0);
    ck_assert_uint_eq(block_at(6, 12), 0);
    for (size_t at = 0; at + 14 < file_len; at++)
        comments += memcmp(file + at, "never arrived:", 14) == 0;
    ck_assert_uint_eq(comments, 10);
}
END_TEST

START_TEST(pcapng_a_secret_is_written_once_as_a_key_log)
{
    char line[256];
    int len = snprintf(line, sizeof line, "CLIENT_TRAFFIC_SECRET_0 c11e%060d 5ec2%060d\n", 0, 0);

    tell(say_story);
    const size_t at = block_at(10, 0);
    ck_assert_uint_eq(word_at(at + 8), 0x544c534b);
    ck_assert_uint_eq(word_at(at + 12), (unsigned)len);
    ck_assert_mem_eq(file + at + 16, line, (size_t)len);
    ck_assert_uint_eq(block_at(10, 1), 0);
}
END_TEST

static void
say_a_secret_twice(gn_sim_sink *sink)
{
    static const uint8_t secret[48] = {1};
    gn_event event = {.kind = GN_EVENT_SECRET,
                      .label = "SERVER_TRAFFIC_SECRET_0",
                      .payload = secret,
                      .payload_len = 48,
                      .extra = secret,
                      .extra_len = 32};

    sink->on_begin(sink->context, gn_test_feed_about());
    sink->on_event(sink->context, 1, 0, &event);
    sink->on_event(sink->context, 0, 0, &event);
    event.label = "CLIENT_TRAFFIC_SECRET_0";
    sink->on_event(sink->context, 0, 0, &event);
    ck_assert_ptr_null(sink->on_end(sink->context, 0));
}

START_TEST(pcapng_a_secret_told_by_both_ends_is_written_once)
{
    tell(say_a_secret_twice);
    ck_assert_uint_gt(block_at(10, 1), 0);
    ck_assert_uint_eq(block_at(10, 2), 0);
}
END_TEST

START_TEST(pcapng_what_cannot_be_written_is_said)
{
    gn_sim_sink sink;

    ck_assert_ptr_nonnull(gn_sim_pcapng_open("/dev/null/run.pcapng", &sink));
    ck_assert_ptr_null(gn_sim_pcapng_open("/dev/full", &sink));
    ck_assert_ptr_nonnull(gn_test_feed_story(&sink));
}
END_TEST

Suite *
gn_test_pcapng(void)
{
    Suite *suite = suite_create("sim/pcapng");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");

    tcase_add_checked_fixture(good, set_up, tear_down);
    tcase_add_test(good, pcapng_blocks_are_whole_and_in_order);
    tcase_add_test(good, pcapng_a_packet_has_its_time_and_its_interface);
    tcase_add_test(good, pcapng_headers_are_right_to_the_checksum);
    tcase_add_test(good, pcapng_lies_on_the_servers_wire);
    tcase_add_test(good, pcapng_a_secret_is_written_once_as_a_key_log);
    tcase_add_test(good, pcapng_a_secret_told_by_both_ends_is_written_once);
    tcase_add_test(hostile, pcapng_what_cannot_be_written_is_said);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, hostile);
    return suite;
}
