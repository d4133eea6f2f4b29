/*
 * exchange.c: a client and a server through gnomon.h alone; every datagram is printed in hex.
 *
 *     exchange FOLDER SEED    certificates' folder; the last byte of both seeds
 *
 * What test_acceptance.py does with the same inputs must give the same lines.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gnomon.h"

enum { TURNS = 30, TURN_US = 10000, TALK_TURN = 12, TALK_BYTES = 3000, ROUTE = 7, QUEUE = 64 };

typedef struct end {
    gn_endpoint *endpoint;
    char letter;
} end;

static size_t
read_file(const char *folder, const char *name, char *text, size_t cap)
{
    char path[512];

    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        exit(2);
    const size_t len = fread(text, 1, cap, file);
    fclose(file);
    return len;
}

static end
make(gn_role role, const char *folder, uint8_t seed)
{
    static char texts[3][8192];
    gn_config config;
    end made = {.letter = role == GN_ROLE_CLIENT ? 'c' : 's'};

    gn_config_default(&config, role);
    config.alpn = "test";
    config.unix_ms = 1700000000000;
    config.seed[31] = seed;
    gn_limits_default(&config.limits, 4);
    if (role == GN_ROLE_CLIENT) {
        config.ca_pem = texts[0];
        config.ca_pem_len = read_file(folder, "ca.pem", texts[0], sizeof texts[0]);
    } else {
        config.certificate_pem = texts[1];
        config.certificate_pem_len = read_file(folder, "server.pem", texts[1], sizeof texts[1]);
        config.private_key_pem = texts[2];
        config.private_key_pem_len = read_file(folder, "server.key", texts[2], sizeof texts[2]);
    }
    const size_t size = gn_endpoint_size(&config.limits);
    if (gn_endpoint_init(aligned_alloc(16, size), size, &config, &made.endpoint) != GN_OK)
        exit(3);
    return made;
}

/* Pulls all effects of one end, then gives the other end its datagrams. */
static void
pass(end *from, end *to, gn_time now)
{
    static uint8_t bytes[QUEUE][1500];
    gn_datagram queue[QUEUE];
    gn_effect effect;
    size_t count = 0;

    while (gn_endpoint_next_effect(from->endpoint, &effect)) {
        if (effect.kind != GN_EFFECT_SEND)
            continue;
        if (count == QUEUE)
            exit(4);
        printf("%c %lu ", from->letter, (unsigned long)effect.route);
        for (size_t i = 0; i < effect.len; i++)
            printf("%02x", effect.bytes[i]);
        printf("\n");
        memcpy(bytes[count], effect.bytes, effect.len);
        queue[count] = (gn_datagram){.size = sizeof(gn_datagram),
                                     .bytes = bytes[count],
                                     .len = effect.len,
                                     .route = effect.route,
                                     .ecn = (uint8_t)effect.ecn};
        count++;
    }
    for (size_t i = 0; i < count; i++)
        if (gn_endpoint_receive(to->endpoint, &queue[i], now) != GN_OK)
            exit(5);
}

/* A stream of TALK_BYTES bytes; its number is printed when it was opened. */
static void
talk(end *client, gn_connection connection, gn_time now)
{
    static const uint8_t bytes[TALK_BYTES] = {1, 2, 3};
    uint64_t stream = 0;
    size_t taken = 0;

    if (gn_connection_open_stream(client->endpoint, connection, false, now, &stream) != GN_OK ||
        gn_connection_send_stream(client->endpoint, connection, stream, bytes, sizeof bytes, true,
                                  now, &taken) != GN_OK)
        exit(6);
    printf("stream %lu took %zu\n", (unsigned long)stream, taken);
}

int
main(int argc, char **argv)
{
    if (argc != 3)
        return 1;
    const uint8_t seed = (uint8_t)atoi(argv[2]);
    end client = make(GN_ROLE_CLIENT, argv[1], seed);
    end server = make(GN_ROLE_SERVER, argv[1], seed);
    gn_connection connection = 0;
    gn_connect connect;

    gn_connect_default(&connect);
    connect.server_name = "server.example";
    connect.route = ROUTE;
    if (gn_endpoint_connect(client.endpoint, &connect, 0, &connection) != GN_OK)
        return 7;
    for (int turn = 0; turn < TURNS; turn++) {
        const gn_time now = (gn_time)turn * TURN_US;
        if (gn_endpoint_timeout(client.endpoint, now) != GN_OK ||
            gn_endpoint_timeout(server.endpoint, now) != GN_OK)
            return 8;
        if (turn == TALK_TURN)
            talk(&client, connection, now);
        pass(&client, &server, now);
        pass(&server, &client, now);
    }
    gn_endpoint_wipe(client.endpoint);
    gn_endpoint_wipe(server.endpoint);
    return 0;
}
