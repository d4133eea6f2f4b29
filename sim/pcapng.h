/*
 * pcapng.h: a run as a packet capture that decrypts by itself.
 *
 * The capture lies on the wire of the servers, so NAT rebinding and route
 * changes show as they do there: what a server sends is there when it is sent;
 * what is sent to one is there when it arrives, or, with a comment that says
 * so, when the network drops it. Routes are interfaces. Ethernet is left out
 * (LINKTYPE_RAW); IPv4 and UDP headers are made up, with right checksums and
 * the ECN mark in place. The servers' UDP port is written as 443, by which
 * readers know QUIC. TLS secrets stand in Decryption Secrets Blocks, each
 * before the first packet that needs it.
 */
#ifndef GN_SIM_PCAPNG_H
#define GN_SIM_PCAPNG_H

#include "sim/sink.h"

/* Makes *sink write the file at path, replacing it. NULL, or what went wrong (static). */
const char *gn_sim_pcapng_open(const char *path, gn_sim_sink *sink);

#endif
