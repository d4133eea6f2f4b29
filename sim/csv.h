/*
 * csv.h: the records of a run as a table (RFC 4180), one line a record.
 *
 * Columns that a kind of record does not have are empty:
 *
 *     at_us,host,route,connection,event    always; connection is empty where there is none
 *     number                               packet or datagram number, count, stream, marker
 *     bytes                                size, or bytes delivered in order so far
 *     space                                initial, handshake or application
 *     detail                               in words: why, which change
 *     stream_end                           end of the stream data that a packet carries
 *     window_bytes,in_flight_bytes,rtt_smoothed_us,rtt_latest_us      of metrics
 */
#ifndef GN_SIM_CSV_H
#define GN_SIM_CSV_H

#include "sim/sink.h"

/* Makes *sink write the file at path, replacing it. NULL, or what went wrong (static). */
const char *gn_sim_csv_open(const char *path, gn_sim_sink *sink);

#endif
