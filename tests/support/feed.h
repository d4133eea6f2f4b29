/*
 * feed.h: a small run that never was, told to sinks; for the tests of what sinks write.
 */
#ifndef GN_TESTS_SUPPORT_FEED_H
#define GN_TESTS_SUPPORT_FEED_H

#include <stddef.h>

#include "sim/sink.h"

/* "story", seed 7; hosts client and server, routes wifi and lte; starts at Unix time 1000 s. */
const gn_sim_about *gn_test_feed_about(void);

/*
 * A datagram of 1,200 bytes from the client to the server at 1.5 ms over wifi,
 * with the number given and this fate. Its bytes are static.
 */
gn_sim_datagram gn_test_feed_datagram(uint64_t number, gn_sim_fate fate);

/* A 1-RTT packet with number 5 sent or received at 2 ms: ACK, STREAM with fin, PADDING. */
gn_event gn_test_feed_packet(gn_event_kind kind);

/* Tells the sink one of everything, from on_begin to on_end; returns what on_end returned. */
const char *gn_test_feed_story(gn_sim_sink *sink);

/* A new empty directory; path holds at least 64 bytes. */
void gn_test_feed_folder(char *path);

/* Reads a file of a folder whole and closes it with a zero byte; returns its length. */
size_t gn_test_feed_read(const char *folder, const char *name, char *text, size_t cap);

/* Removes a folder and the files in it. */
void gn_test_feed_remove(const char *folder);

#endif
