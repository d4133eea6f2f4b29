/*
 * qlog.h: one qlog file for each end of each connection.
 *
 * JSON text sequences (RFC 7464) as draft-ietf-quic-qlog-main-schema has them,
 * in one of two profiles. compat: the header names both the old format,
 * qlog_version 0.3, and the newer schemas; events keep the categories
 * transport, recovery, security and connectivity, since viewers draw those.
 * quic-13: the names and members of draft-ietf-quic-qlog-quic-events-13. Times
 * are relative to the start of the run, in milliseconds with three decimals.
 */
#ifndef GN_SIM_QLOG_H
#define GN_SIM_QLOG_H

#include "sim/qlog_record.h"
#include "sim/sink.h"

/* Connection ends that get a file, all open at once; on_end says so when there were more. */
#define GN_SIM_QLOG_FILES_MAX 256

/*
 * Makes *sink write <dir>/<host>-<connection>.sqlog, and <host>-endpoint.sqlog
 * for what belongs to no connection. The directory is made when it is missing;
 * files of that name are replaced. NULL, or what went wrong (static).
 */
const char *gn_sim_qlog_open(const char *dir, gn_sim_qlog_profile profile, gn_sim_sink *sink);

#endif
