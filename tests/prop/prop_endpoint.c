/*
 * prop_endpoint.c: whatever a client and a server are given, in whatever order, neither traps and
 * both keep what gn_endpoint_check says.
 *
 * The bytes are a program: each byte chooses an input and the next ones say
 * which datagram, how it is changed, or how much time goes by.
 */
#include <stdlib.h>
#include <string.h>

#include "base/reader.h"
#include "prop.h"
#include "tests/support/pair.h"
#include "tests/support/tls_pair.h"

enum { ENDPOINT_KEPT = 16, ENDPOINT_STEPS = 400, ENDPOINT_EFFECTS = 4000 };

/* A datagram that one side sent. */
typedef struct kept {
    size_t len;
    int from;
    uint8_t bytes[GN_DATAGRAM_MAX];
} kept;

typedef struct play {
    gn_endpoint *ep[2];
    void *block[2];
    gn_connection connection[2];
    gn_time now;
    uint32_t sent;  /* datagrams kept so far, the newest ENDPOINT_KEPT of them still there */
    uint32_t given; /* of those, the ones delivered in order */
    kept kept[ENDPOINT_KEPT];
} play;

static void
endpoint_config(gn_config *config, gn_role role)
{
    const gn_span ca = gn_test_tls_pem("ca", "pem");
    const gn_span certificate = gn_test_tls_pem("server", "pem");
    const gn_span key = gn_test_tls_pem("server", "key");

    gn_config_default(config, role);
    config->alpn = "hq";
    config->unix_ms = GN_TEST_TLS_UNIX_MS;
    config->ca_pem = (const char *)ca.ptr;
    config->ca_pem_len = ca.len;
    config->certificate_pem = (const char *)certificate.ptr;
    config->certificate_pem_len = certificate.len;
    config->private_key_pem = (const char *)key.ptr;
    config->private_key_pem_len = key.len;
    config->initial_max_data = 20000;
    config->limits.chunks = 64;
    config->limits.sent = 128;
    config->limits.streams = 8;
}

static bool
endpoint_make(play *p)
{
    gn_connect connect;

    memset(p, 0, sizeof *p);
    for (int i = 0; i < 2; i++) {
        gn_config config;
        endpoint_config(&config, i == 0 ? GN_ROLE_CLIENT : GN_ROLE_SERVER);
        const size_t size = gn_endpoint_size(&config.limits);
        p->block[i] = aligned_alloc(64, (size + 63) / 64 * 64);
        if (p->block[i] == NULL || gn_endpoint_init(p->block[i], size, &config, &p->ep[i]) != GN_OK)
            return false;
    }
    gn_connect_default(&connect);
    connect.server_name = "server.example";
    connect.route = 1;
    return gn_endpoint_connect(p->ep[0], &connect, 0, &p->connection[0]) == GN_OK;
}

/* Takes all effects, keeps datagrams, and looks at the invariants. False: there is no end. */
static bool
endpoint_pull(play *p, int side)
{
    gn_effect effect;
    int count = 0;

    while (gn_endpoint_next_effect(p->ep[side], &effect)) {
        if (++count > ENDPOINT_EFFECTS || effect.len > GN_DATAGRAM_MAX + 1024)
            return false;
        if (effect.kind == GN_EFFECT_STATE && effect.detail == GN_STATE_ACCEPTED)
            p->connection[side] = effect.connection;
        if (effect.kind != GN_EFFECT_SEND)
            continue;
        kept *k = &p->kept[p->sent++ % ENDPOINT_KEPT];
        k->len = effect.len;
        k->from = side;
        memcpy(k->bytes, effect.bytes, effect.len);
    }
    gn_endpoint_check(p->ep[side]);
    return true;
}

static bool
endpoint_deliver(play *p, int to, const uint8_t *bytes, size_t len, gn_route route)
{
    gn_datagram datagram = {
        .size = sizeof datagram, .bytes = bytes, .len = len, .route = route, .ecn = len % 4};

    return gn_endpoint_receive(p->ep[to], &datagram, p->now) == GN_OK && endpoint_pull(p, to);
}

/* The datagrams that were not delivered yet, in their order. */
static bool
endpoint_flush(play *p, uint32_t most)
{
    if (p->sent - p->given > ENDPOINT_KEPT)
        p->given = p->sent - ENDPOINT_KEPT;
    for (; p->given != p->sent && most > 0; most--) {
        const kept k = p->kept[p->given++ % ENDPOINT_KEPT];
        if (!endpoint_deliver(p, 1 - k.from, k.bytes, k.len, 1))
            return false;
        if (p->sent - p->given > ENDPOINT_KEPT)
            p->given = p->sent - ENDPOINT_KEPT;
    }
    return true;
}

/* A datagram of before, changed at one place, cut, or by another route. */
static bool
endpoint_replay(play *p, uint8_t a, uint8_t b, uint8_t c)
{
    if (p->sent == 0)
        return true;
    kept k = p->kept[a % (p->sent < ENDPOINT_KEPT ? p->sent : ENDPOINT_KEPT)];
    const size_t at = (size_t)b * 5 % (k.len + 1);

    if (c % 4 == 0)
        k.len = at;
    else if (c % 4 == 1 && at < k.len)
        k.bytes[at] ^= (uint8_t)(c | 1);
    return endpoint_deliver(p, c % 16 == 3 ? k.from : 1 - k.from, k.bytes, k.len,
                            c % 8 == 2 ? b : 1);
}

static bool
endpoint_call(play *p, int side, uint8_t what, uint8_t b)
{
    static const uint8_t data[600];
    gn_endpoint *ep = p->ep[side];
    const gn_connection c = b == 255 ? 12345 : p->connection[side];
    const uint64_t stream = b % 16;
    uint64_t opened = 0;
    size_t taken = 0;
    gn_err err = GN_OK;

    switch (what % 8) {
    case 0: err = gn_connection_open_stream(ep, c, b & 1, p->now, &opened); break;
    case 1:
        err = gn_connection_send_stream(ep, c, stream, data, (size_t)b * 2, b & 1, p->now, &taken);
        break;
    case 2: err = gn_connection_reset_stream(ep, c, stream, b, p->now); break;
    case 3: err = gn_connection_stop_stream(ep, c, stream, b, p->now); break;
    case 4: err = gn_connection_migrate(ep, c, b % 8, p->now); break;
    case 5: err = gn_connection_key_update(ep, c, p->now); break;
    case 6: err = gn_endpoint_timeout(ep, p->now); break;
    default:
        if (b % 16 == 0)
            err = gn_connection_close(ep, c, b, (const char *)data, b % 100, p->now);
        break;
    }
    return (int)err < GN_ERRS && endpoint_pull(p, side);
}

/* To the next deadline, or a little on. */
static bool
endpoint_wait(play *p, uint8_t a)
{
    const int side = a & 1;
    const gn_time deadline = gn_endpoint_deadline(p->ep[side]);

    if ((a & 2) != 0 && deadline != GN_NEVER && deadline > p->now)
        p->now = deadline;
    else
        p->now += (uint64_t)a * 100;
    return gn_endpoint_timeout(p->ep[side], p->now) == GN_OK && endpoint_pull(p, side);
}

static bool
endpoint_step(play *p, gn_reader *r)
{
    uint8_t b[4] = {0};

    for (int i = 0; i < 4 && gn_reader_left(r) > 0; i++)
        if (gn_reader_u8(r, &b[i]) != GN_OK)
            return false;
    switch (b[0] % 5) {
    case 0: return endpoint_flush(p, b[1] % 8 + 1);
    case 1: return endpoint_replay(p, b[1], b[2], b[3]);
    case 2: return endpoint_call(p, b[1] & 1, b[2], b[3]);
    case 3: return endpoint_wait(p, b[1]);
    default: return endpoint_deliver(p, b[1] & 1, b, 4, b[1] % 4);
    }
}

bool
gn_prop_endpoint(const uint8_t *bytes, size_t len)
{
    static play p;
    gn_reader r = gn_reader_over(bytes, len);
    bool good = endpoint_make(&p) && endpoint_pull(&p, 0);

    /* Half of the programs begin with a connection that stands. */
    for (int i = 0; good && len > 0 && (bytes[0] & 0x80) != 0 && i < 10; i++)
        good = endpoint_flush(&p, 4);
    for (int steps = 0; good && gn_reader_left(&r) > 0 && steps < ENDPOINT_STEPS; steps++)
        good = endpoint_step(&p, &r);
    for (int i = 0; i < 2; i++) {
        if (p.ep[i] != NULL)
            gn_endpoint_wipe(p.ep[i]);
        free(p.block[i]);
    }
    return good;
}
