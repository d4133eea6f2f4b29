/*
 * qlog_metrics.c: see qlog_metrics.h.
 */
#include "sim/qlog_metrics.h"

#include "recovery/ecn.h"
#include "sim/json.h"

static void
metrics_phase(const gn_sim_qlog_out *out, uint64_t at_us, const gn_sim_qlog_metrics *said,
              const gn_info *now)
{
    static const char *const phases[] = {"slow_start", "congestion_avoidance", "recovery"};

    if (now->cc_phase > 2 || (said->any && said->info.cc_phase == now->cc_phase))
        return;

    gn_sim_json json = gn_sim_qlog_record_open(out, at_us, GN_SIM_QLOG_CONGESTION_STATE, NULL);
    if (said->any)
        gn_sim_json_string(&json, "old", phases[said->info.cc_phase % 3]);
    gn_sim_json_string(&json, "new", phases[now->cc_phase]);
    gn_sim_qlog_record_close(&json);
}

static void
metrics_ecn(const gn_sim_qlog_out *out, uint64_t at_us, const gn_sim_qlog_metrics *said,
            const gn_info *now)
{
    static const char *const states[GN_ECN_STATES] = {
        [GN_ECN_TESTING] = "testing",
        [GN_ECN_UNKNOWN] = "unknown",
        [GN_ECN_CAPABLE] = "capable",
        [GN_ECN_FAILED] = "failed",
    };

    if (now->ecn_state >= GN_ECN_STATES || (said->any && said->info.ecn_state == now->ecn_state))
        return;

    gn_sim_json json = gn_sim_qlog_record_open(out, at_us, GN_SIM_QLOG_ECN_STATE, NULL);
    if (said->any)
        gn_sim_json_string(&json, "old", states[said->info.ecn_state % GN_ECN_STATES]);
    gn_sim_json_string(&json, "new", states[now->ecn_state]);
    gn_sim_qlog_record_close(&json);
}

void
gn_sim_qlog_metrics_write(gn_sim_qlog_metrics *said, const gn_sim_qlog_out *out, uint64_t at_us,
                          const gn_info *now)
{
    const gn_info *old = &said->info;
    const bool first = !said->any;

    metrics_phase(out, at_us, said, now);
    metrics_ecn(out, at_us, said, now);
    if (!first && now->rtt_min_us == old->rtt_min_us && now->rtt_var_us == old->rtt_var_us &&
        now->rtt_smoothed_us == old->rtt_smoothed_us && now->rtt_latest_us == old->rtt_latest_us &&
        now->pto_count == old->pto_count && now->window_bytes == old->window_bytes &&
        now->in_flight_bytes == old->in_flight_bytes &&
        now->ssthresh_bytes == old->ssthresh_bytes) {
        said->info = *now;
        return;
    }

    gn_sim_json json = gn_sim_qlog_record_open(out, at_us, GN_SIM_QLOG_METRICS, NULL);
    if (first || now->rtt_min_us != old->rtt_min_us)
        gn_sim_json_ms(&json, "min_rtt", now->rtt_min_us);
    if (first || now->rtt_smoothed_us != old->rtt_smoothed_us)
        gn_sim_json_ms(&json, "smoothed_rtt", now->rtt_smoothed_us);
    if (first || now->rtt_latest_us != old->rtt_latest_us)
        gn_sim_json_ms(&json, "latest_rtt", now->rtt_latest_us);
    if (first || now->rtt_var_us != old->rtt_var_us)
        gn_sim_json_ms(&json, "rtt_variance", now->rtt_var_us);
    if (first || now->pto_count != old->pto_count)
        gn_sim_json_uint(&json, "pto_count", now->pto_count);
    if (first || now->window_bytes != old->window_bytes)
        gn_sim_json_uint(&json, "congestion_window", now->window_bytes);
    if (first || now->in_flight_bytes != old->in_flight_bytes)
        gn_sim_json_uint(&json, "bytes_in_flight", now->in_flight_bytes);
    if (now->ssthresh_bytes != UINT64_MAX && (first || now->ssthresh_bytes != old->ssthresh_bytes))
        gn_sim_json_uint(&json, "ssthresh", now->ssthresh_bytes);
    gn_sim_qlog_record_close(&json);
    said->info = *now;
    said->any = true;
}
