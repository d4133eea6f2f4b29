/*
 * feed.c: see feed.h.
 */
#include "support/feed.h"

#include <check.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const hosts[] = {"client", "server"};
static const char *const routes[] = {"wifi", "lte"};

static const gn_sim_about about = {
    .scenario = "story",
    .seed = 7,
    .unix_ms = 1000000,
    .host_count = 2,
    .route_count = 2,
    .host_names = hosts,
    .route_names = routes,
};

/* ACK 3-5 with a delay of 8 us; STREAM 0 from 10, "hi", fin; four bytes of PADDING. */
static const uint8_t frames[] = {0x02, 0x05, 0x01, 0x00, 0x02, 0x0f, 0x00, 0x0a,
                                 0x02, 'h',  'i',  0x00, 0x00, 0x00, 0x00};
static const uint8_t ids[2][8] = {{1, 2, 3, 4, 5, 6, 7, 8}, {0xa1, 0xa2, 0xa3, 0xa4}};
static const uint8_t secret[32] = {0x5e, 0xc2};
static const uint8_t client_random[32] = {0xc1, 0x1e};
/* initial_max_data 1 MiB, max_idle_timeout 30 s. */
static const uint8_t parameters[] = {0x04, 0x04, 0x80, 0x10, 0x00, 0x00,
                                     0x01, 0x04, 0x80, 0x00, 0x75, 0x30};

const gn_sim_about *
gn_test_feed_about(void)
{
    return &about;
}

gn_sim_datagram
gn_test_feed_datagram(uint64_t number, gn_sim_fate fate)
{
    static const uint8_t bytes[1200] = {0x40, 1, 2, 3, 4, 5, 6, 7, 8, [1199] = 9};
    gn_sim_datagram datagram = {
        .at_us = 1500,
        .number = number,
        .bytes = bytes,
        .len = sizeof bytes,
        .source = {.ip = {[12] = 10, 0, 0, 2}, .port = 50000},
        .destination = {.ip = {[12] = 192, 0, 2, 1}, .port = 4433},
        .from = 0,
        .to = 1,
        .route = 0,
        .ecn = GN_MARK_ECT0,
        .fate = (uint8_t)fate,
    };

    return datagram;
}

gn_event
gn_test_feed_packet(gn_event_kind kind)
{
    gn_event event = {
        .size = sizeof event,
        .kind = kind,
        .now = 2000,
        .connection = 1,
        .route = 1,
        .pn = 5,
        .packet = GN_EVENT_ONE_RTT,
        .space = 2,
        .ecn = GN_MARK_ECT0,
        .dcid = ids[0],
        .dcid_len = 8,
        .payload = frames,
        .payload_len = sizeof frames,
        .len = 40,
    };

    return event;
}

/* An event of connection 1 at 3 ms. */
static gn_event
feed_event(gn_event_kind kind, uint32_t detail)
{
    gn_event event = {
        .size = sizeof event, .kind = kind, .detail = detail, .now = 3000, .connection = 1};

    return event;
}

static void
feed_events(gn_sim_sink *sink)
{
    static const gn_info info = {.size = sizeof info,
                                 .rtt_latest_us = 20500,
                                 .rtt_smoothed_us = 20000,
                                 .rtt_min_us = 19999,
                                 .rtt_var_us = 10000,
                                 .window_bytes = 12000,
                                 .in_flight_bytes = 1200,
                                 .ssthresh_bytes = UINT64_MAX,
                                 .ecn_state = 2};
    gn_event told[GN_EVENT_KINDS + 1] = {
        gn_test_feed_packet(GN_EVENT_PACKET_SENT),
        gn_test_feed_packet(GN_EVENT_PACKET_RECEIVED),
    };
    gn_event *event = told + 2;

    *event = feed_event(GN_EVENT_PACKET_DROPPED, GN_DROP_AUTH);
    event->packet = GN_EVENT_ONE_RTT;
    event++->len = 30;
    *event = feed_event(GN_EVENT_PACKET_LOST, 1);
    event->space = 2;
    event->pn = 5;
    event++->len = 40;
    *event = feed_event(GN_EVENT_SECRET, 0);
    event->label = "CLIENT_TRAFFIC_SECRET_0";
    event->payload = secret;
    event->payload_len = sizeof secret;
    event->extra = client_random;
    event++->extra_len = sizeof client_random;
    *event = feed_event(GN_EVENT_KEYS_DISCARDED, 0);
    event++->packet = GN_EVENT_HANDSHAKE;
    *event = feed_event(GN_EVENT_PARAMETERS, 1);
    event->payload = parameters;
    event++->payload_len = sizeof parameters;
    *event = feed_event(GN_EVENT_METRICS, 0);
    event++->info = &info;
    *event++ = feed_event(GN_EVENT_PATH, GN_PATH_ACTIVE);
    *event = feed_event(GN_EVENT_PTO, 0);
    event->space = 2;
    event++->code = 1;
    *event = feed_event(GN_EVENT_CLOSED, GN_CLOSE_PEER_APPLICATION);
    event->code = 77;
    event->payload = (const uint8_t *)"done \"so\"";
    event++->payload_len = 9;
    for (const gn_event *each = told; each < event; each++)
        if (sink->on_event != NULL)
            sink->on_event(sink->context, 0, each->kind == GN_EVENT_PATH ? 1 : 0, each);
}

const char *
gn_test_feed_story(gn_sim_sink *sink)
{
    static const gn_sim_fate fates[] = {GN_SIM_FATE_SENT, GN_SIM_FATE_MARKED,
                                        GN_SIM_FATE_DELIVERED};

    if (sink->on_begin != NULL)
        sink->on_begin(sink->context, &about);
    for (size_t i = 0; sink->on_datagram != NULL && i < 3; i++) {
        const gn_sim_datagram datagram = gn_test_feed_datagram(0, fates[i]);

        sink->on_datagram(sink->context, &datagram);
    }
    feed_events(sink);
    for (uint32_t kind = 0; sink->on_record != NULL && kind < GN_SIM_RECORD_KINDS; kind++) {
        const gn_sim_record record = {.at_us = 4000,
                                      .kind = kind,
                                      .host = 0,
                                      .route = 0,
                                      .a = 1,
                                      .b = 2,
                                      .c = 2,
                                      .d = 4,
                                      .connection = 1};

        sink->on_record(sink->context, &record);
    }
    return sink->on_end(sink->context, 5000);
}

void
gn_test_feed_folder(char *path)
{
    strcpy(path, "/tmp/gnomon-test-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(path));
}

size_t
gn_test_feed_read(const char *folder, const char *name, char *text, size_t cap)
{
    char path[512];

    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    ck_assert_msg(file != NULL, "%s is not there", path);
    const size_t len = fread(text, 1, cap - 1, file);
    (void)fclose(file);
    text[len] = '\0';
    return len;
}

void
gn_test_feed_remove(const char *folder)
{
    DIR *dir = opendir(folder);
    char path[512];

    ck_assert_ptr_nonnull(dir);
    for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        (void)snprintf(path, sizeof path, "%s/%.255s", folder, entry->d_name);
        (void)unlink(path);
    }
    (void)closedir(dir);
    (void)rmdir(folder);
}
