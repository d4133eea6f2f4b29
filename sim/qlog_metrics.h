/*
 * qlog_metrics.h: what recovery measures, as qlog records: only what changed.
 */
#ifndef GN_SIM_QLOG_METRICS_H
#define GN_SIM_QLOG_METRICS_H

#include <stdbool.h>
#include <stdint.h>

#include "gnomon.h"
#include "sim/qlog_record.h"

/* What was said last; all zero at the start. */
typedef struct gn_sim_qlog_metrics {
    gn_info info;
    bool any; /* something was said */
    uint8_t reserved[7];
} gn_sim_qlog_metrics;

/*
 * Writes the metrics, and, when those changed too, the states of congestion
 * control and of ECN. ssthresh is left out as long as there is none.
 */
void gn_sim_qlog_metrics_write(gn_sim_qlog_metrics *said, const gn_sim_qlog_out *out,
                               uint64_t at_us, const gn_info *now);

#endif
