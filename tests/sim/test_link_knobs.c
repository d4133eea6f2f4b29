/*
 * test_link_knobs.c: the knobs of sim/link.h beyond rate, queue and plain chance: each bites.
 */
#include <check.h>
#include <string.h>

#include "gnomon.h"
#include "suites.h"
#include "support/track.h"

#define MANY 100000

static gn_test_track track;
static gn_sim_link_settings settings;

static void
set_up(void)
{
    gn_sim_link_settings_default(&settings);
}

static void
tear_down(void)
{
    ck_assert_uint_eq(track.pool.used, 0);
    gn_test_track_free(&track);
}

/* ---- Loss by count and by type ---- */

START_TEST(link_drop_run_loses_the_last_few_of_every_so_many)
{
    settings.loss.run = 10;
    settings.loss.every = 1000;
    gn_test_track_init(&track, &settings, 1);
    gn_test_track_stream(&track, 5000, 100, 1);
    ck_assert_uint_eq(track.fates[GN_SIM_FATE_DROPPED_LOSS], 50);
    for (uint64_t i = 0; i < track.arrived; i++)
        ck_assert_uint_lt(track.order[i] % 1000, 990);
}
END_TEST

START_TEST(link_drop_mask_goes_round)
{
    settings.loss.mask = UINT64_C(0x8000000000000005);
    gn_test_track_init(&track, &settings, 1);
    gn_test_track_stream(&track, 640, 100, 1);
    ck_assert_uint_eq(track.fates[GN_SIM_FATE_DROPPED_LOSS], 30);
    for (uint64_t i = 0; i < track.arrived; i++)
        ck_assert((settings.loss.mask >> (track.order[i] % 64) & 1) == 0);
}
END_TEST

/* Long headers of version 1 with 8-byte ids; the Length field covers the rest of the packet. */
static size_t
write_long(uint8_t *out, uint8_t type, size_t payload)
{
    const uint8_t head[] = {(uint8_t)(0xc0 | type << 4), 0, 0, 0, 1, 4, 1, 2, 3, 4, 4, 5, 6, 7, 8};
    size_t at = sizeof head;

    memcpy(out, head, sizeof head);
    if (type == GN_PACKET_INITIAL)
        out[at++] = 0; /* no token */
    out[at++] = (uint8_t)(0x40 | payload >> 8);
    out[at++] = (uint8_t)payload;
    memset(out + at, 7, payload);
    return at + payload;
}

/* Sends a datagram of an Initial, a Handshake and maybe a 1-RTT packet. */
static void
send_coalesced(bool initial, bool handshake, bool one_rtt)
{
    uint8_t bytes[600];
    size_t len = 0;

    if (initial)
        len += write_long(bytes + len, GN_PACKET_INITIAL, 100);
    if (handshake)
        len += write_long(bytes + len, GN_PACKET_HANDSHAKE, 120);
    if (one_rtt) {
        memset(bytes + len, 0x41, 80);
        len += 80;
    }

    gn_sim_packet *packet = gn_sim_packet_pool_take(&track.pool, len);

    memcpy(packet->bytes, bytes, len);
    packet->number = track.sent++;
    gn_sim_link_send(&track.link, packet);
}

START_TEST(link_loss_by_type_sees_coalesced_packets)
{
    settings.loss.type[GN_PACKET_HANDSHAKE] = (gn_sim_ratio){1, 1};
    gn_test_track_init(&track, &settings, 1);
    send_coalesced(true, false, false);
    send_coalesced(true, true, false); /* lost */
    send_coalesced(true, true, true);  /* lost */
    send_coalesced(false, true, true); /* lost */
    send_coalesced(false, false, true);
    gn_test_track_run(&track, UINT64_MAX);
    ck_assert_uint_eq(track.arrived, 2);
    ck_assert_uint_eq(track.order[0], 0);
    ck_assert_uint_eq(track.order[1], 4);
    ck_assert_uint_eq(track.fates[GN_SIM_FATE_DROPPED_LOSS], 3);
}
END_TEST

START_TEST(link_loss_by_type_is_as_often_as_it_says)
{
    settings.loss.type[GN_PACKET_ONE_RTT] = (gn_sim_ratio){1, 10};
    settings.loss.type[GN_PACKET_INITIAL] = (gn_sim_ratio){3, 10};
    gn_test_track_init(&track, &settings, 1);
    for (int i = 0; i < 10000; i++)
        send_coalesced(false, true, i % 2 == 0);
    gn_test_track_run(&track, UINT64_MAX);
    ck_assert_uint_gt(track.fates[GN_SIM_FATE_DROPPED_LOSS], 430);
    ck_assert_uint_lt(track.fates[GN_SIM_FATE_DROPPED_LOSS], 570);
}
END_TEST

/* ---- Policer ---- */

START_TEST(link_policer_lets_the_rate_and_one_bucket_through)
{
    settings.police = (gn_sim_policer_settings){.rate_bits = 10000000, .burst_bytes = 64000};
    gn_test_track_init(&track, &settings, 1);
    gn_test_track_stream(&track, 20000, 1222, 500); /* 20 Mbit/s for ten seconds */
    ck_assert_uint_ge(track.arrived, 10000 + 50);
    ck_assert_uint_le(track.arrived, 10000 + 53);
    ck_assert_uint_eq(track.fates[GN_SIM_FATE_DROPPED_POLICER], 20000 - track.arrived);
    ck_assert_uint_eq(gn_test_track_wait(&track, 0, 0, 100), 0);
}
END_TEST

START_TEST(link_policer_never_touches_who_conforms)
{
    settings.police = (gn_sim_policer_settings){.rate_bits = 10000000, .burst_bytes = 1500};
    gn_test_track_init(&track, &settings, 1);
    gn_test_track_stream(&track, 20000, 1222, 1000);
    ck_assert_uint_eq(track.arrived, 20000);
    /* Weeks later, as rate and time no longer fit into 64 bits, the bucket is full, no more. */
    gn_test_track_run(&track, 19999000 + UINT64_C(1844674407371));
    for (int i = 0; i < 3; i++)
        gn_test_track_send(&track, 1222, 0);
    gn_test_track_run(&track, UINT64_MAX);
    ck_assert_uint_eq(track.arrived, 20001);
}
END_TEST

/* Half empty, then filled for 40 of the 51 ms it takes from empty to full: 51 packets, no more. */
START_TEST(link_policer_has_one_bucket)
{
    settings.police = (gn_sim_policer_settings){.rate_bits = 10000000, .burst_bytes = 64000};
    gn_test_track_init(&track, &settings, 1);
    for (int i = 0; i < 25; i++)
        gn_test_track_send(&track, 1222, 0);
    gn_test_track_run(&track, 40000);
    for (int i = 0; i < 100; i++)
        gn_test_track_send(&track, 1222, 0);
    gn_test_track_run(&track, UINT64_MAX);
    ck_assert_uint_eq(track.arrived, 25 + 51);
}
END_TEST

/* ---- Marks, copies, damage ---- */

START_TEST(link_mark_sets_ce_on_ect_as_often_as_it_says)
{
    settings.mark = (gn_sim_ratio){1, 20};
    gn_test_track_init(&track, &settings, 1);
    for (uint64_t i = 0; i < 40000; i++)
        gn_test_track_send(&track, 100, (uint8_t)(i % 2 == 0 ? GN_MARK_ECT0 : GN_MARK_NOT_ECT));
    gn_test_track_run(&track, UINT64_MAX);
    ck_assert_uint_eq(gn_test_track_count(&track, 0, GN_MARK_CE), track.fates[GN_SIM_FATE_MARKED]);
    ck_assert_uint_gt(track.fates[GN_SIM_FATE_MARKED], 880);
    ck_assert_uint_lt(track.fates[GN_SIM_FATE_MARKED], 1120);
    ck_assert_uint_eq(gn_test_track_count(&track, 0, GN_MARK_NOT_ECT), 20000);
}
END_TEST

START_TEST(link_copies_are_evenly_many)
{
    settings.duplicate = (gn_sim_ratio){1, 10};
    settings.duplicate_copies = 5;
    settings.delay_us = 100;
    gn_test_track_init(&track, &settings, 1);
    gn_test_track_stream(&track, 20000, 100, 1000);
    uint64_t copies = 0;
    uint64_t by[8] = {0};
    for (uint64_t i = 0; i < track.arrived; i++) {
        if (i > 0 && track.order[i] != track.order[i - 1]) {
            by[copies]++;
            copies = 0;
        }
        copies += (track.flags[i] & GN_SIM_PACKET_DUPLICATE) != 0 ? 1 : 0;
    }
    for (int i = 1; i <= 5; i++) {
        ck_assert_uint_gt(by[i], 330);
        ck_assert_uint_lt(by[i], 470);
    }
    ck_assert_uint_eq(by[6], 0);
}
END_TEST

/* The next arrival's packet, to be looked at and given back. */
static gn_sim_packet *
next_packet(void)
{
    gn_sim_entry entry;

    track.world.limit_us = UINT64_MAX;
    ck_assert_int_eq(gn_sim_world_next(&track.world, &entry), GN_SIM_STEP_GO);
    return entry.what;
}

START_TEST(link_corruption_stays_within_and_runs_as_far_as_it_says)
{
    settings.corrupt = (gn_sim_ratio){1, 1};
    settings.corrupt_within = 20;
    settings.corrupt_run = 7;
    gn_test_track_init(&track, &settings, 1);
    for (int i = 0; i < 300; i++) {
        gn_sim_packet *packet;
        uint32_t first = UINT32_MAX;
        uint32_t wrong = 0;

        gn_test_track_send(&track, i % 2 == 0 ? 500 : 22, 0);
        packet = next_packet();
        for (uint32_t at = 0; at < packet->len; at++)
            if (packet->bytes[at] != (uint8_t)(i % 251)) {
                first = first == UINT32_MAX ? at : first;
                ck_assert_uint_eq(at, first + wrong); /* without a gap */
                wrong++;
            }
        ck_assert_uint_lt(first, 20);
        ck_assert_uint_eq(wrong, packet->len - first < 7 ? packet->len - first : 7);
        gn_sim_packet_pool_give(&track.pool, packet);
    }
}
END_TEST

START_TEST(link_truncation_cuts_anywhere_as_often_as_it_says)
{
    uint64_t cut = 0;
    uint64_t sum = 0;

    settings.truncate = (gn_sim_ratio){1, 4};
    gn_test_track_init(&track, &settings, 1);
    for (int i = 0; i < 8000; i++) {
        gn_sim_packet *packet;

        gn_test_track_send(&track, 1000, 0);
        packet = next_packet();
        ck_assert_uint_ge(packet->len, 1);
        if (packet->len < 1000) {
            ck_assert_uint_eq(packet->flags, GN_SIM_PACKET_CORRUPTED);
            cut++;
            sum += packet->len;
        }
        gn_sim_packet_pool_give(&track.pool, packet);
    }
    ck_assert_uint_eq(track.fates[GN_SIM_FATE_TRUNCATED], cut);
    ck_assert_uint_gt(cut, 1850);
    ck_assert_uint_lt(cut, 2150);
    ck_assert_uint_gt(sum / cut, 480);
    ck_assert_uint_lt(sum / cut, 520);
}
END_TEST

/* ---- Reordering ---- */

START_TEST(link_reorder_lets_exactly_so_many_pass)
{
    uint64_t late = 0;

    settings.delay_us = 10000;
    settings.reorder =
        (gn_sim_reorder_settings){.share = {1, 50}, .by = 3, .for_us = GN_SIM_REORDER_FOR_US};
    gn_test_track_init(&track, &settings, 1);
    gn_test_track_stream(&track, 20000, 100, 100);
    ck_assert_uint_eq(track.arrived, 20000);
    for (uint64_t i = 0; i < track.arrived; i++) {
        uint64_t passed = 0;

        for (uint64_t j = i > 40 ? i - 40 : 0; j < i; j++)
            passed += track.order[j] > track.order[i] ? 1 : 0;
        late += passed > 0 ? 1 : 0;
        ck_assert(passed == 0 || passed >= 3 || track.sent - track.order[i] < 5);
        ck_assert_uint_le(passed, 6); /* one held may be let go right behind another */
    }
    ck_assert_uint_gt(late, 330);
    ck_assert_uint_lt(late, 470);
    ck_assert_uint_ge(track.fates[GN_SIM_FATE_REORDERED], late);
}
END_TEST

/* Nobody comes to overtake the last ones: they arrive when their time is up. */
START_TEST(link_reorder_ends_by_itself)
{
    settings.delay_us = 10000;
    settings.reorder = (gn_sim_reorder_settings){.share = {1, 1}, .by = 3, .for_us = 70000};
    gn_test_track_init(&track, &settings, 1);
    gn_test_track_stream(&track, 20, 100, 1000); /* 16 are held, which is all there is room for */
    ck_assert_uint_eq(track.arrived, 20);
    ck_assert_uint_eq(track.fates[GN_SIM_FATE_REORDERED], 16 + 1);
    ck_assert_uint_eq(gn_test_track_wait(&track, 0, 19000, 100), 80000);
}
END_TEST

START_TEST(link_reorder_by_time_alone_makes_them_late_by_it)
{
    uint64_t late = 0;

    settings.delay_us = 10000;
    settings.reorder = (gn_sim_reorder_settings){.share = {1, 50}, .by = 0, .for_us = 80000};
    gn_test_track_init(&track, &settings, 1);
    gn_test_track_stream(&track, 20000, 100, 100);
    for (uint64_t i = 0; i < track.arrived; i++) {
        ck_assert(track.took_us[i] == 10000 || track.took_us[i] == 90000);
        late += track.took_us[i] == 90000 ? 1 : 0;
    }
    ck_assert_uint_gt(late, 330);
    ck_assert_uint_lt(late, 470);
}
END_TEST

/* ---- Jitter of a shared air ---- */

/* On average spread, and 12 * 7.5 spreads more once in 256. */
START_TEST(link_jitter_wifi_is_small_with_long_pauses)
{
    uint64_t small = 0;
    uint64_t sum = 0;
    uint64_t pauses = 0;
    uint64_t pause_sum = 0;

    settings.jitter_us = 1000;
    settings.jitter_shape = GN_SIM_JITTER_WIFI;
    gn_test_track_init(&track, &settings, 1);
    gn_test_track_stream(&track, MANY, 100, 1000000);
    for (uint64_t i = 0; i < track.arrived; i++) {
        if (track.took_us[i] > 20000) {
            pauses++;
            pause_sum += track.took_us[i];
        } else {
            small++;
            sum += track.took_us[i];
        }
    }
    ck_assert_uint_gt(sum / small, 960);
    ck_assert_uint_lt(sum / small, 1040);
    ck_assert_uint_gt(pauses, MANY / 256 * 85 / 100);
    ck_assert_uint_lt(pauses, MANY / 256 * 115 / 100);
    ck_assert_uint_gt(pause_sum / pauses, 86000);
    ck_assert_uint_lt(pause_sum / pauses, 96000);
}
END_TEST

/* Those behind one that pauses come together with it. */
START_TEST(link_jitter_wifi_piles_up_what_is_behind)
{
    uint64_t longest = 0;
    uint64_t here = 1;

    settings.jitter_us = 1000;
    settings.jitter_shape = GN_SIM_JITTER_WIFI;
    gn_test_track_init(&track, &settings, 1);
    gn_test_track_stream(&track, 20000, 100, 1000);
    for (uint64_t i = 1; i < track.arrived; i++) {
        ck_assert_uint_eq(track.order[i], i);
        here = track.at_us[i] == track.at_us[i - 1] ? here + 1 : 1;
        longest = here > longest ? here : longest;
    }
    ck_assert_uint_gt(longest, 60);
}
END_TEST

/* ---- Streams of chance ---- */

static void
stream_with(uint64_t out[2000])
{
    gn_test_track_init(&track, &settings, 7);
    for (uint64_t i = 0; i < 2000; i++) {
        gn_test_track_run(&track, i * 20);
        gn_test_track_send(&track, 100, GN_MARK_ECT0);
    }
    gn_test_track_run(&track, UINT64_MAX);
    memset(out, 0, 2000 * sizeof out[0]);
    for (uint64_t i = 0; i < track.arrived; i++)
        if ((track.flags[i] & GN_SIM_PACKET_DUPLICATE) == 0)
            out[track.order[i]] = track.took_us[i] + 1; /* 0: it did not arrive */
    gn_test_track_free(&track);
}

/* Whatever else is switched on, the same datagrams are lost and take the same jitter. */
START_TEST(link_no_knob_shifts_the_chance_of_another)
{
    static uint64_t alone[2000];
    static uint64_t with[2000];

    settings.loss.independent = (gn_sim_ratio){1, 50};
    settings.jitter_us = 100;
    settings.jitter_order = GN_SIM_JITTER_FREE;
    stream_with(alone);
    settings.mark = (gn_sim_ratio){1, 3};
    settings.duplicate = (gn_sim_ratio){1, 3};
    settings.duplicate_copies = 4;
    settings.corrupt = (gn_sim_ratio){1, 3};
    settings.corrupt_run = 9;
    settings.truncate = (gn_sim_ratio){1, 3};
    settings.aqm = GN_SIM_AQM_PIE;
    settings.loss.type[GN_PACKET_VNEG] = (gn_sim_ratio){1, 3};
    stream_with(with);
    ck_assert_mem_eq(alone, with, sizeof alone);
    gn_test_track_init(&track, &settings, 1);
}
END_TEST

Suite *
gn_test_link_knobs(void)
{
    Suite *suite = suite_create("sim/link_knobs");
    TCase *good = tcase_create("good");
    TCase *random = tcase_create("random");

    tcase_add_checked_fixture(good, set_up, tear_down);
    tcase_add_checked_fixture(random, set_up, tear_down);
    tcase_add_test(good, link_drop_run_loses_the_last_few_of_every_so_many);
    tcase_add_test(good, link_drop_mask_goes_round);
    tcase_add_test(good, link_loss_by_type_sees_coalesced_packets);
    tcase_add_test(random, link_loss_by_type_is_as_often_as_it_says);
    tcase_add_test(good, link_policer_lets_the_rate_and_one_bucket_through);
    tcase_add_test(good, link_policer_never_touches_who_conforms);
    tcase_add_test(good, link_policer_has_one_bucket);
    tcase_add_test(random, link_mark_sets_ce_on_ect_as_often_as_it_says);
    tcase_add_test(random, link_copies_are_evenly_many);
    tcase_add_test(random, link_corruption_stays_within_and_runs_as_far_as_it_says);
    tcase_add_test(random, link_truncation_cuts_anywhere_as_often_as_it_says);
    tcase_add_test(random, link_reorder_lets_exactly_so_many_pass);
    tcase_add_test(good, link_reorder_ends_by_itself);
    tcase_add_test(random, link_reorder_by_time_alone_makes_them_late_by_it);
    tcase_add_test(random, link_jitter_wifi_is_small_with_long_pauses);
    tcase_add_test(random, link_jitter_wifi_piles_up_what_is_behind);
    tcase_add_test(random, link_no_knob_shifts_the_chance_of_another);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, random);
    return suite;
}
