/*
 * test_spin.c: what conn/spin.h promises, alone and on the wire.
 */
#include <check.h>

#include "conn/spin.h"
#include "endpoint/endpoint.h"
#include "suites.h"
#include "tests/support/pair.h"
#include "wire/header_read.h"

enum { CLIENT = GN_TEST_CLIENT, SERVER = GN_TEST_SERVER, EDGES = 256 };

static gn_rng rng;
static gn_spin spin;
static gn_test_pair pair;

static void
begin(void)
{
    const uint8_t seed[GN_RNG_SEED_BYTES] = {5};

    gn_rng_init(&rng, seed, "spin", 0);
    spin = (gn_spin){0};
}

/* An ID that spins; its sequence number. */
static uint64_t
spinning(uint64_t from)
{
    uint64_t seq = from;

    for (spin.spins = 0; spin.spins == 0; seq++)
        (void)gn_spin_next(&spin, seq, true, &rng);
    return seq - 1;
}

/* [R-9000-17.4-1] [R-9000-17.4-2] */
START_TEST(spin_that_is_not_allowed_is_zero_and_ignores_the_peer)
{
    begin();
    for (uint64_t pn = 0; pn < 100; pn++) {
        ck_assert(!gn_spin_next(&spin, pn / 10, false, &rng));
        gn_spin_on_received(&spin, pn, pn % 2 == 0, _i);
    }
    ck_assert_uint_eq(rng.drawn, 0);
}
END_TEST

/* [R-9000-17.4-3] */
START_TEST(spin_is_off_for_one_id_in_sixteen_with_either_value)
{
    enum { IDS = 16000 };
    uint32_t silent[2] = {0, 0};

    begin();
    for (uint64_t seq = 0; seq < IDS; seq++) {
        const bool value = gn_spin_next(&spin, seq, true, &rng);
        if (spin.spins) {
            ck_assert(!value);
            continue;
        }
        silent[value]++;
        gn_spin_on_received(&spin, seq, !value, true);
        ck_assert_int_eq(gn_spin_next(&spin, seq, true, &rng), value);
    }
    for (int i = 0; i < 2; i++) {
        ck_assert_uint_gt(silent[i], IDS / 32 * 8 / 10);
        ck_assert_uint_lt(silent[i], IDS / 32 * 12 / 10);
    }
}
END_TEST

/* A server repeats, a client answers with the other; only what raises the largest counts. */
START_TEST(spin_follows_the_peer_in_the_order_of_numbers)
{
    const bool server = _i;

    begin();
    const uint64_t seq = spinning(0);
    ck_assert(!gn_spin_next(&spin, seq, true, &rng));
    gn_spin_on_received(&spin, 5, true, server);
    ck_assert_int_eq(gn_spin_next(&spin, seq, true, &rng), server);
    gn_spin_on_received(&spin, 4, false, server);
    gn_spin_on_received(&spin, 5, false, server);
    ck_assert_int_eq(gn_spin_next(&spin, seq, true, &rng), server);
    gn_spin_on_received(&spin, 6, false, server);
    ck_assert_int_eq(gn_spin_next(&spin, seq, true, &rng), !server);
}
END_TEST

START_TEST(spin_begins_anew_with_another_id)
{
    begin();
    const uint64_t seq = spinning(0);
    gn_spin_on_received(&spin, 0, true, true);
    ck_assert(gn_spin_next(&spin, seq, true, &rng));
    (void)spinning(seq + 1);
    ck_assert_uint_eq(spin.value, 0);
}
END_TEST

/* The edges of the bit in 1-RTT packets to the server, where anybody on the way sees them. */
typedef struct wave {
    gn_time edge[EDGES];
    uint32_t edges;
    bool value;
} wave;

static wave seen[2];

static gn_test_fate
watch(gn_test_pair *unused, gn_test_datagram *d)
{
    wave *w = &seen[d->to];

    (void)unused;
    if ((d->bytes[0] & GN_HEADER_LONG) != 0)
        return GN_TEST_PASS;
    if (((d->bytes[0] & GN_HEADER_SPIN) != 0) != w->value && w->edges < EDGES) {
        w->value = !w->value;
        w->edge[w->edges++] = d->at;
    }
    return GN_TEST_PASS;
}

/* A client that always has something to say, for so long. */
static void
talk(gn_time for_us)
{
    const gn_time until = pair.now + for_us;
    const uint64_t stream = gn_test_pair_open(&pair, CLIENT, true);
    uint64_t off = 0;

    while (pair.now < until) {
        off += gn_test_pair_write(&pair, CLIENT, stream, off, 50, false);
        gn_test_pair_run(&pair, pair.now + GN_MS);
    }
}

static bool
spins(int side)
{
    gn_endpoint *ep = pair.side[side].endpoint;
    const gn_conn *conn =
        &gn_endpoint_seat(ep, gn_endpoint_slot(ep, pair.side[side].connection))->conn;

    return conn->paths.at[conn->paths.active].spin.spins != 0;
}

static void
watched(int seed, bool client, bool server)
{
    seen[0] = seen[1] = (wave){0};
    gn_test_pair_init(&pair);
    pair.side[CLIENT].config.spin_bit = client;
    pair.side[SERVER].config.spin_bit = server;
    pair.side[CLIENT].config.seed[0] = (uint8_t)seed;
    pair.side[SERVER].config.seed[0] = (uint8_t)(seed + 100);
    pair.hook = watch;
    gn_test_pair_shake(&pair);
    talk(GN_SECOND);
}

/* Half a wave is one round trip: the time that the endpoints themselves measure. */
START_TEST(spin_on_the_wire_is_a_square_wave_of_the_round_trip)
{
    watched(_i, true, true);
    if (!spins(CLIENT) || !spins(SERVER)) {
        ck_assert_uint_le(seen[SERVER].edges + seen[CLIENT].edges, 4);
        return;
    }
    const uint64_t rtt = gn_test_pair_info(&pair, CLIENT).rtt_smoothed_us;
    for (int to = 0; to < 2; to++) {
        const wave *w = &seen[to];
        ck_assert_uint_ge(w->edges, GN_SECOND / rtt * 8 / 10);
        for (uint32_t i = 4; i < w->edges; i++) {
            ck_assert_uint_ge(w->edge[i] - w->edge[i - 1], rtt * 9 / 10);
            ck_assert_uint_le(w->edge[i] - w->edge[i - 1], rtt * 15 / 10);
        }
    }
}
END_TEST

/* One side alone makes no wave, and nobody's knob is on by itself. */
START_TEST(spin_needs_both_sides)
{
    watched(0, _i == 1, _i == 2);
    ck_assert_uint_le(seen[SERVER].edges, 1);
    ck_assert_uint_le(seen[CLIENT].edges, 1);
    if (_i == 0)
        ck_assert_uint_eq(seen[SERVER].edges + seen[CLIENT].edges, 0);
}
END_TEST

Suite *
gn_test_spin(void)
{
    Suite *suite = suite_create("conn/spin");
    TCase *good = tcase_create("good");
    TCase *wire = tcase_create("table");

    tcase_add_loop_test(good, spin_that_is_not_allowed_is_zero_and_ignores_the_peer, 0, 2);
    tcase_add_test(good, spin_is_off_for_one_id_in_sixteen_with_either_value);
    tcase_add_loop_test(good, spin_follows_the_peer_in_the_order_of_numbers, 0, 2);
    tcase_add_test(good, spin_begins_anew_with_another_id);
    tcase_add_loop_test(wire, spin_on_the_wire_is_a_square_wave_of_the_round_trip, 0, 12);
    tcase_add_loop_test(wire, spin_needs_both_sides, 0, 3);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, wire);
    return suite;
}
