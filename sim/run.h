/*
 * run.h: one scenario, one seed, one result; what the command and Python call.
 */
#ifndef GN_SIM_RUN_H
#define GN_SIM_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gnomon.h"

/* How a run ended; also the exit code of `gnomon-sim run`. */
typedef enum gn_sim_verdict {
    GN_SIM_PASS = 0,      /* everything finished and every oracle held */
    GN_SIM_FAIL = 1,      /* an oracle was broken or the goal was not reached */
    GN_SIM_BAD_INPUT = 2, /* the scenario file or an option is wrong; see message */
    GN_SIM_ZENO = 3,      /* too many events at one instant */
    GN_SIM_STALL = 4      /* nothing left to happen, or out of virtual time, before the goal */
} gn_sim_verdict;

/* Fields that are NULL or 0 mean: not wanted, or the scenario's own value. */
typedef struct gn_sim_options {
    size_t size;
    uint64_t seed;
    uint8_t has_seed;     /* else the scenario's */
    uint8_t records;      /* keep the series of records in the result */
    uint8_t fake_tls;     /* stand-ins instead of wolfSSL */
    uint8_t qlog_profile; /* gn_sim_qlog_profile */
    uint8_t reserved[4];
    const char *qlog_dir;  /* one .sqlog a connection end is written there */
    const char *pcap_path; /* pcapng with decryption secrets */
    const char *csv_path;
    const char *trace_path; /* one line an event */
} gn_sim_options;

typedef enum gn_sim_record_kind {
    GN_SIM_SENT,     /* a: packet number, b: bytes, c: space, d: 1 + end of stream data in it */
    GN_SIM_RECEIVED, /* likewise */
    GN_SIM_LOST,     /* a: packet number, b: bytes, c: space, d: cause */
    GN_SIM_DROPPED,  /* by a link: a: datagram number, b: bytes, c: why (gn_sim_fate) */
    GN_SIM_MARKED,   /* CE set by a link: a: datagram number, b: bytes */
    GN_SIM_METRICS,  /* a: cwnd bytes, b: in flight bytes, c: smoothed RTT us, d: latest RTT us */
    GN_SIM_PATH,     /* a: route, b: gn_path_change */
    GN_SIM_PTO,      /* a: count, c: space */
    GN_SIM_STATE,    /* a: gn_state_change, or 100 + gn_close_cause */
    GN_SIM_PROGRESS, /* a: stream, b: bytes delivered in order so far */
    GN_SIM_MARKER,   /* a: number of the scenario's event that took place */
    GN_SIM_RECORD_KINDS
} gn_sim_record_kind;

/* One sample of the run, in native byte order. */
typedef struct gn_sim_record {
    size_t size; /* of this and of each other one: how far the next is */
    uint64_t at_us;
    uint32_t kind;  /* gn_sim_record_kind */
    uint16_t host;  /* 0 client, 1 server, ... */
    uint16_t route; /* the scenario's route, by its position in the file */
    uint64_t a;
    uint64_t b;
    uint64_t c;
    uint64_t d;
    uint64_t connection;
} gn_sim_record;

typedef struct gn_sim_result {
    size_t size;
    uint32_t verdict; /* gn_sim_verdict */
    uint32_t reserved;
    uint64_t seed;
    uint64_t hash;      /* of the whole trace */
    uint64_t end_us;    /* virtual time at the end */
    uint64_t datagrams; /* put on links */
    uint64_t events;
    uint64_t bytes_goal;
    uint64_t bytes_delivered;
    uint64_t handshake_us;
    uint64_t finished_us; /* when the workload was complete */
    uint64_t packets_sent;
    uint64_t packets_lost;      /* declared lost by the endpoints */
    uint64_t datagrams_dropped; /* by links, all causes */
    uint64_t datagrams_marked;
    uint64_t ptos;
    const gn_sim_record *records; /* owned by the result */
    size_t record_count;
    const char *report;  /* text for people; owned by the result */
    const char *summary; /* the same as one JSON object */
    const char *message; /* empty, or what went wrong */
} gn_sim_result;

/*
 * Runs the scenario in the file at path. Never fails silently: the verdict and
 * message say how it went. The result is the caller's until gn_sim_result_free.
 */
GN_API void gn_sim_run(const char *path, const gn_sim_options *options, gn_sim_result *result);

GN_API void gn_sim_result_free(gn_sim_result *result);

/* sizeof each public struct in the order options, record, result; for checks at load. */
GN_API size_t gn_sim_layout(uint32_t which);

#endif
