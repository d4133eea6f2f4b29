/*
 * pair.c: see pair.h.
 */
#include "tests/support/pair.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/pair_log.h"
#include "tests/support/tls_pair.h"

enum { PAIR_STEPS = 200000, PAIR_QUIET = 4 };

static void
pair_config(gn_config *config, gn_role role)
{
    gn_config_default(config, role);
    config->alpn = "hq";
    config->unix_ms = GN_TEST_TLS_UNIX_MS;
    memset(config->seed, role == GN_ROLE_CLIENT ? 1 : 2, sizeof config->seed);
    gn_limits_default(&config->limits, 2);
    config->limits.chunks = 512;
    config->limits.sent = 1024;
}

void
gn_test_pair_init(gn_test_pair *pair)
{
    memset(pair, 0, sizeof *pair);
    for (int i = 0; i < 2; i++) {
        pair_config(&pair->side[i].config, i == GN_TEST_CLIENT ? GN_ROLE_CLIENT : GN_ROLE_SERVER);
        pair->side[i].delay_us = 10 * GN_MS;
        pair->side[i].config.observer = (gn_observer){.size = sizeof(gn_observer),
                                                      .on_event = gn_test_pair_log_event,
                                                      .context = &pair->side[i]};
    }
    for (uint8_t i = 0; i < GN_TEST_ROUTES; i++) {
        pair->outside[i] = 100u + i;
        pair->host[i] = 1;
    }
    gn_config *client = &pair->side[GN_TEST_CLIENT].config;
    gn_config *server = &pair->side[GN_TEST_SERVER].config;
    const gn_span ca = gn_test_tls_pem("ca", "pem");
    const gn_span certificate = gn_test_tls_pem("server", "pem");
    const gn_span key = gn_test_tls_pem("server", "key");
    client->ca_pem = (const char *)ca.ptr;
    client->ca_pem_len = ca.len;
    server->certificate_pem = (const char *)certificate.ptr;
    server->certificate_pem_len = certificate.len;
    server->private_key_pem = (const char *)key.ptr;
    server->private_key_pem_len = key.len;
}

void
gn_test_pair_connect(gn_test_pair *pair)
{
    gn_test_side *client = &pair->side[GN_TEST_CLIENT];
    gn_connect connect;

    gn_connect_default(&connect);
    connect.server_name = "server.example";
    connect.route = 1;
    connect.token = client->token;
    connect.token_len = client->token_len;
    if (pair->resumes) {
        connect.resumption_state = client->state;
        connect.resumption_state_len = client->state_len;
        connect.attempt_early_data = pair->early;
    }
    ck_assert_int_eq(
        gn_endpoint_connect(client->endpoint, &connect, pair->now, &client->connection), GN_OK);
    gn_test_pair_pull(pair, GN_TEST_CLIENT);
}

static void
pair_make(gn_test_side *side)
{
    side->block_bytes = gn_endpoint_size(&side->config.limits);
    ck_assert_uint_gt(side->block_bytes, 0);
    side->block = aligned_alloc(64, (side->block_bytes + 63) / 64 * 64);
    ck_assert_ptr_nonnull(side->block);
    ck_assert_int_eq(
        gn_endpoint_init(side->block, side->block_bytes, &side->config, &side->endpoint), GN_OK);
}

void
gn_test_pair_start(gn_test_pair *pair)
{
    for (int i = 0; i < 2; i++)
        pair_make(&pair->side[i]);
    gn_test_pair_connect(pair);
}

void
gn_test_pair_replace(gn_test_pair *pair, int which)
{
    gn_test_side *side = &pair->side[which];

    gn_endpoint_wipe(side->endpoint);
    free(side->block);
    side->config.started_unix_ms = side->config.unix_ms + (int64_t)(pair->now / GN_MS);
    pair_make(side);
}

void
gn_test_pair_confirm(gn_test_pair *pair)
{
    gn_test_pair_start(pair);
    gn_test_pair_settle(pair);
    for (int i = 0; i < 2; i++) {
        ck_assert_msg(pair->side[i].closed.times == 0, "side %d closed: %s", i,
                      pair->side[i].closed.reason);
        ck_assert_uint_eq(gn_test_pair_info(pair, i).confirmed, 1);
    }
}

void
gn_test_pair_shake(gn_test_pair *pair)
{
    gn_test_pair_init(pair);
    gn_test_pair_confirm(pair);
}

void
gn_test_pair_end(gn_test_pair *pair)
{
    for (int i = 0; i < 2; i++) {
        gn_endpoint_wipe(pair->side[i].endpoint);
        free(pair->side[i].block);
        pair->side[i].block = NULL;
    }
}

/* The client's route that the server knows by this number, or GN_TEST_ROUTES. */
static uint32_t
pair_inside(const gn_test_pair *pair, gn_route outside)
{
    uint32_t route = 0;

    while (route < GN_TEST_ROUTES && pair->outside[route] != outside)
        route++;
    return route;
}

/* Puts what a side sends on its way. */
static void
pair_launch(gn_test_pair *pair, int from, const gn_effect *effect)
{
    gn_test_side *side = &pair->side[from];
    const uint32_t inside =
        from == GN_TEST_CLIENT ? (uint32_t)effect->route : pair_inside(pair, effect->route);
    const uint64_t nth = side->datagrams++;

    ck_assert_uint_le(effect->len, GN_DATAGRAM_MAX);
    side->bytes += effect->len;
    if (effect->len > side->largest)
        side->largest = effect->len;
    if (side->mute || inside >= GN_TEST_ROUTES || pair->cut[inside])
        return;
    ck_assert_uint_lt(pair->flying + 1, GN_TEST_FLIGHT);
    gn_test_datagram *d = &pair->flight[pair->flying];
    *d = (gn_test_datagram){.at = gn_time_after(pair->now, side->delay_us),
                            .nth = nth,
                            .route = from == GN_TEST_CLIENT ? pair->outside[inside] : inside,
                            .len = effect->len,
                            .to = 1 - from,
                            .ecn = (uint8_t)effect->ecn};
    d->host[15] = from == GN_TEST_CLIENT ? pair->host[inside] : 200;
    memcpy(d->bytes, effect->bytes, effect->len);
    const gn_test_fate fate = pair->hook == NULL ? GN_TEST_PASS : pair->hook(pair, d);
    if (fate == GN_TEST_DROP)
        return;
    pair->flying++;
    if (fate == GN_TEST_TWICE)
        pair->flight[pair->flying++] = *d;
}

void
gn_test_pair_pull(gn_test_pair *pair, int from)
{
    gn_test_side *side = &pair->side[from];
    gn_effect effect;

    for (int count = 0; gn_endpoint_next_effect(side->endpoint, &effect); count++) {
        if (count == 10000)
            ck_abort_msg("the effects have no end");
        gn_test_pair_log_effect(side, &effect, pair->now);
        if (effect.kind == GN_EFFECT_SEND)
            pair_launch(pair, from, &effect);
    }
    gn_endpoint_check(side->endpoint);
}

static void
pair_receive(gn_test_pair *pair, int to, const gn_datagram *datagram)
{
    gn_test_side *side = &pair->side[to];

    side->received++;
    side->received_bytes += datagram->len;
    ck_assert_int_eq(gn_endpoint_receive(side->endpoint, datagram, pair->now), GN_OK);
    gn_test_pair_pull(pair, to);
}

void
gn_test_pair_give(gn_test_pair *pair, int to, const uint8_t *bytes, size_t len, gn_route route,
                  uint8_t host)
{
    gn_datagram datagram = {.size = sizeof datagram, .bytes = bytes, .len = len, .route = route};

    datagram.host[15] = host;
    pair_receive(pair, to, &datagram);
}

/* The datagram that arrives first, of equal ones the one sent first; GN_TEST_FLIGHT: none. */
static uint32_t
pair_first(const gn_test_pair *pair)
{
    uint32_t first = GN_TEST_FLIGHT;

    for (uint32_t i = 0; i < pair->flying; i++)
        if (first == GN_TEST_FLIGHT || pair->flight[i].at < pair->flight[first].at)
            first = i;
    return first;
}

static void
pair_arrive(gn_test_pair *pair, uint32_t at)
{
    static gn_test_datagram d;
    gn_datagram datagram = {.size = sizeof datagram};

    d = pair->flight[at];
    pair->flying--;
    memmove(&pair->flight[at], &pair->flight[at + 1], (pair->flying - at) * sizeof pair->flight[0]);
    if (pair->side[d.to].deaf)
        return;
    datagram.bytes = d.bytes;
    datagram.len = d.len;
    datagram.route = d.route;
    datagram.ecn = d.ecn;
    memcpy(datagram.host, d.host, sizeof d.host);
    pair_receive(pair, d.to, &datagram);
}

bool
gn_test_pair_step(gn_test_pair *pair, gn_time until)
{
    const uint32_t first = pair_first(pair);
    const gn_time arrival = first == GN_TEST_FLIGHT ? GN_NEVER : pair->flight[first].at;
    gn_time deadline[2];

    for (int i = 0; i < 2; i++)
        deadline[i] = gn_endpoint_deadline(pair->side[i].endpoint);
    const int due = deadline[1] < deadline[0];
    const gn_time next = gn_time_min(arrival, deadline[due]);
    if (next > until) {
        pair->now = until > pair->now ? until : pair->now;
        return false;
    }
    pair->now = next > pair->now ? next : pair->now;
    if (arrival <= deadline[due]) {
        pair_arrive(pair, first);
        return true;
    }
    ck_assert_int_eq(gn_endpoint_timeout(pair->side[due].endpoint, pair->now), GN_OK);
    gn_test_pair_pull(pair, due);
    return true;
}

void
gn_test_pair_run(gn_test_pair *pair, gn_time until)
{
    int steps = 0;

    while (gn_test_pair_step(pair, until))
        ck_assert_int_lt(++steps, PAIR_STEPS);
}

void
gn_test_pair_settle(gn_test_pair *pair)
{
    for (int steps = 0; steps < PAIR_STEPS; steps++) {
        gn_time next = GN_NEVER;
        for (int i = 0; i < 2; i++)
            next = gn_time_min(next, gn_endpoint_deadline(pair->side[i].endpoint));
        if (pair->flying == 0 && next > gn_time_after(pair->now, PAIR_QUIET * GN_SECOND))
            return;
        (void)gn_test_pair_step(pair, GN_NEVER - 1);
    }
    ck_abort_msg("the pair does not come to rest");
}

uint64_t
gn_test_pair_open(gn_test_pair *pair, int which, bool unidirectional)
{
    gn_test_side *side = &pair->side[which];
    uint64_t stream = UINT64_MAX;

    ck_assert_int_eq(gn_connection_open_stream(side->endpoint, side->connection, unidirectional,
                                               pair->now, &stream),
                     GN_OK);
    gn_test_pair_pull(pair, which);
    return stream;
}

uint8_t
gn_test_pair_byte(uint64_t stream, uint64_t off)
{
    return (uint8_t)(stream * 31 + off * 7 + off / 251);
}

size_t
gn_test_pair_write(gn_test_pair *pair, int which, uint64_t stream, uint64_t off, size_t len,
                   bool fin)
{
    static uint8_t bytes[1 << 20];
    gn_test_side *side = &pair->side[which];
    size_t taken = SIZE_MAX;

    ck_assert_uint_le(len, sizeof bytes);
    for (size_t i = 0; i < len; i++)
        bytes[i] = gn_test_pair_byte(stream, off + i);
    ck_assert_int_eq(gn_connection_send_stream(side->endpoint, side->connection, stream, bytes, len,
                                               fin, pair->now, &taken),
                     GN_OK);
    gn_test_pair_pull(pair, which);
    return taken;
}

gn_err
gn_test_pair_message(gn_test_pair *pair, int which, uint64_t id, size_t len, int32_t priority,
                     gn_time expires_at)
{
    static uint8_t bytes[2 * GN_DATAGRAM_MAX];
    gn_test_side *side = &pair->side[which];
    gn_send_datagram datagram;

    ck_assert_uint_le(len, sizeof bytes);
    for (size_t i = 0; i < len; i++)
        bytes[i] = (uint8_t)(i < 8 ? id >> 8 * (7 - i) : gn_test_pair_byte(id, i));
    gn_send_datagram_default(&datagram);
    datagram.bytes = bytes;
    datagram.len = len;
    datagram.id = id;
    datagram.priority = priority;
    datagram.expires_at = expires_at;
    const gn_err err =
        gn_connection_send_datagram(side->endpoint, side->connection, &datagram, pair->now);
    gn_test_pair_pull(pair, which);
    return err;
}

gn_info
gn_test_pair_info(gn_test_pair *pair, int which)
{
    gn_info info = {0};

    ck_assert_int_eq(
        gn_connection_info(pair->side[which].endpoint, pair->side[which].connection, &info), GN_OK);
    return info;
}

uint64_t
gn_test_pair_digest(gn_test_pair *pair, int which)
{
    return gn_connection_digest(pair->side[which].endpoint, pair->side[which].connection);
}
