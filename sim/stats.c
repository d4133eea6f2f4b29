/*
 * stats.c: see stats.h.
 */
#include "sim/stats.h"

void
gn_sim_stats_init(gn_sim_stats *stats, uint16_t watched)
{
    *stats = (gn_sim_stats){.watched = watched, .first_progress_us = GN_SIM_STATS_NONE};
    for (unsigned i = 0; i < GN_SIM_HOSTS; i++) {
        gn_sim_host_stats *host = &stats->host[i];

        host->ready_us = GN_SIM_STATS_NONE;
        host->confirmed_us = GN_SIM_STATS_NONE;
        host->closed_us = GN_SIM_STATS_NONE;
        for (unsigned route = 0; route < GN_SIM_ROUTES_MAX; route++) {
            host->rtt_min_us[route] = GN_SIM_STATS_NONE;
            host->rtt_last_us[route] = GN_SIM_STATS_NONE;
        }
    }
}

static void
stats_tell(gn_sim_stats *stats, gn_sim_story story)
{
    if (stats->story_count < GN_SIM_STATS_STORY_MAX)
        stats->story[stats->story_count] = story;
    stats->story_count++;
}

void
gn_sim_stats_on_datagram(gn_sim_stats *stats, const gn_sim_datagram *datagram)
{
    stats->fates[datagram->fate]++;
    gn_sim_spin_watch_on_datagram(&stats->spin, datagram);
    if (datagram->fate == GN_SIM_FATE_SENT) {
        stats->datagrams++;
        stats->host[datagram->from].datagrams_sent++;
        stats->host[datagram->from].datagram_bytes_sent += datagram->len;
    } else if (gn_sim_fate_is_drop(datagram->fate)) {
        stats->dropped++;
    }
}

static void
stats_on_metrics(gn_sim_host_stats *host, uint16_t route, const gn_info *info)
{
    host->suite = info->suite;
    host->group = info->group;
    host->ce_marks = info->ce_marks;
    host->ecn_state = info->ecn_state;
    if (info->window_bytes > host->window_max_bytes)
        host->window_max_bytes = info->window_bytes;
    if (route >= GN_SIM_ROUTES_MAX || info->rtt_latest_us == 0)
        return;
    if (info->rtt_latest_us < host->rtt_min_us[route])
        host->rtt_min_us[route] = info->rtt_latest_us;
    host->rtt_last_us[route] = info->rtt_smoothed_us;
}

void
gn_sim_stats_on_event(gn_sim_stats *stats, uint16_t number, uint16_t route, const gn_event *event)
{
    gn_sim_host_stats *host = &stats->host[number];

    switch (event->kind) {
    case GN_EVENT_PACKET_SENT:
        host->packets_sent++;
        host->retries += event->packet == GN_EVENT_RETRY;
        break;
    case GN_EVENT_PACKET_RECEIVED: host->packets_received++; break;
    case GN_EVENT_PACKET_DROPPED:
        host->packets_dropped++;
        if (event->detail < GN_DROP_CAUSES)
            host->dropped_by[event->detail]++;
        break;
    case GN_EVENT_PACKET_HELD: host->held++; break;
    case GN_EVENT_PACKET_LOST:
        host->packets_lost++;
        if (event->detail < 3)
            host->lost_by[event->detail]++;
        break;
    case GN_EVENT_PTO:
        host->ptos++;
        if (event->code > host->pto_count_max)
            host->pto_count_max = event->code;
        break;
    case GN_EVENT_METRICS:
        if (event->info != NULL)
            stats_on_metrics(host, route, event->info);
        break;
    default: break;
    }
}

static void
stats_on_path(gn_sim_stats *stats, gn_sim_host_stats *host, gn_sim_story story)
{
    if (story.detail == GN_PATH_ACTIVE) {
        host->active_route = story.value;
        host->moves++;
    }
    if (story.detail == GN_PATH_VALIDATED)
        host->validated++;
    stats_tell(stats, story);
}

void
gn_sim_stats_on_change(gn_sim_stats *stats, uint64_t at_us, uint16_t number, uint16_t route,
                       const gn_effect *effect)
{
    gn_sim_host_stats *host = &stats->host[number];
    gn_sim_story story = {
        .at_us = at_us, .host = number, .value = route, .detail = (uint8_t)effect->detail};

    if (effect->kind == GN_EFFECT_PATH) {
        story.kind = GN_SIM_STORY_PATH;
        stats_on_path(stats, host, story);
        return;
    }
    if (effect->kind == GN_EFFECT_ZERO_RTT) {
        host->zero_rtt = effect->detail;
        return;
    }
    story.kind = GN_SIM_STORY_STATE;
    if (effect->kind == GN_EFFECT_CLOSED) {
        if ((effect->flags & GN_EFFECT_FORGOTTEN) != 0)
            return;
        host->closed_us = at_us;
        host->close_cause = effect->detail;
        host->close_code = effect->code;
        story.detail = (uint8_t)(100 + effect->detail);
    } else if (effect->detail == GN_STATE_READY) {
        host->ready_us = at_us;
    } else if (effect->detail == GN_STATE_CONFIRMED) {
        host->confirmed_us = at_us;
    } else if (effect->detail == GN_STATE_KEYS_UPDATED) {
        host->key_updates = effect->code;
    }
    stats_tell(stats, story);
}

void
gn_sim_stats_on_resume(gn_sim_stats *stats)
{
    for (int i = 0; i < GN_SIM_HOSTS; i++) {
        stats->host[i].ready_us = GN_SIM_STATS_NONE;
        stats->host[i].confirmed_us = GN_SIM_STATS_NONE;
        stats->host[i].closed_us = GN_SIM_STATS_NONE;
    }
}

void
gn_sim_stats_on_progress(gn_sim_stats *stats, uint64_t at_us, uint16_t host)
{
    if (host != stats->watched)
        return;
    if (stats->first_progress_us == GN_SIM_STATS_NONE) {
        stats->first_progress_us = at_us;
    } else if (at_us - stats->last_progress_us > stats->gap_us) {
        stats->gap_us = at_us - stats->last_progress_us;
        stats->gap_at_us = stats->last_progress_us;
    }
    stats->last_progress_us = at_us;
}

void
gn_sim_stats_on_happening(gn_sim_stats *stats, uint64_t at_us, uint16_t number, bool refused)
{
    stats->refused += refused ? 1 : 0;
    stats_tell(stats, (gn_sim_story){.at_us = at_us,
                                     .value = number,
                                     .kind = GN_SIM_STORY_EVENT,
                                     .detail = refused ? 1 : 0});
}
