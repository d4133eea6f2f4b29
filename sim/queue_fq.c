/*
 * queue_fq.c: see queue_fq.h.
 */
#include "sim/queue_fq.h"

#include <stddef.h>

#include "base/assert.h"
#include "sim/queue.h"

void
gn_sim_queue_fq_start(gn_sim_queue *queue)
{
    const gn_sim_queue_settings *settings = &queue->settings;

    for (unsigned i = 0; i < GN_SIM_FQ_FLOWS_MAX; i++)
        gn_sim_codel_init(&queue->as.fq.flows[i].codel, settings->codel_target_us,
                          settings->codel_interval_us);
}

static uint64_t
fq_mix(uint64_t hash, const gn_sim_address *address)
{
    for (unsigned i = 0; i < sizeof address->ip; i++)
        hash = (hash ^ address->ip[i]) * UINT64_C(0x100000001b3);
    return (hash ^ address->port) * UINT64_C(0x9e3779b97f4a7c15);
}

static uint8_t
fq_flow_of(const gn_sim_queue *queue, const gn_sim_packet *packet)
{
    const uint64_t hash = fq_mix(fq_mix(queue->salt, &packet->source), &packet->destination);

    return (uint8_t)((hash >> 32) % queue->settings.fq.flows);
}

static void
fq_append(gn_sim_queue_fq *fq, uint8_t at, gn_sim_fq_place place)
{
    gn_sim_fq_turns *turns = &fq->places[place];

    fq->flows[at].place = (uint8_t)place;
    if (turns->count == 0)
        turns->head = at;
    else
        fq->flows[turns->tail].next = at;
    turns->tail = at;
    turns->count++;
}

static uint8_t
fq_remove_first(gn_sim_queue_fq *fq, gn_sim_fq_place place)
{
    gn_sim_fq_turns *turns = &fq->places[place];
    const uint8_t at = turns->head;

    GN_ASSERT(turns->count > 0);
    turns->head = fq->flows[at].next;
    turns->count--;
    fq->flows[at].place = GN_SIM_FQ_IDLE;
    return at;
}

/* RFC 8290 4.1: a flow that wakes up is a new one. */
void
gn_sim_queue_fq_put(gn_sim_queue *queue, gn_sim_packet *packet)
{
    gn_sim_queue_fq *fq = &queue->as.fq;
    const uint8_t at = fq_flow_of(queue, packet);

    gn_sim_packet_list_push(&fq->flows[at].list, packet);
    if (fq->flows[at].place != GN_SIM_FQ_IDLE)
        return;
    fq->flows[at].credit_bytes = (int64_t)queue->settings.fq.quantum_bytes;
    fq_append(fq, at, GN_SIM_FQ_NEW);
}

/* The flow's next packet as its CoDel has it, or NULL. */
static gn_sim_packet *
fq_pop_flow(gn_sim_queue *queue, const gn_sim_queue_door *door, gn_sim_fq_flow *flow)
{
    gn_sim_packet *packet;

    while ((packet = gn_sim_queue_pull(queue, &flow->list)) != NULL) {
        if (!gn_sim_codel_judge(&flow->codel, door->now_us, door->now_us - packet->queued_at_us,
                                flow->list.bytes, GN_SIM_FULL_PACKET_BYTES) ||
            gn_sim_queue_signal(queue, door, packet))
            break;
        door->drop(door->link, packet, GN_SIM_FATE_DROPPED_AQM);
    }
    return packet;
}

/* RFC 8290 4.2: new flows first; who has used its quantum waits its turn among the old ones. */
gn_sim_packet *
gn_sim_queue_fq_pop(gn_sim_queue *queue, const gn_sim_queue_door *door)
{
    gn_sim_queue_fq *fq = &queue->as.fq;

    while (fq->places[GN_SIM_FQ_NEW].count + fq->places[GN_SIM_FQ_OLD].count > 0) {
        const gn_sim_fq_place place =
            fq->places[GN_SIM_FQ_NEW].count > 0 ? GN_SIM_FQ_NEW : GN_SIM_FQ_OLD;
        gn_sim_fq_flow *flow = &fq->flows[fq->places[place].head];

        if (flow->credit_bytes <= 0) {
            flow->credit_bytes += (int64_t)queue->settings.fq.quantum_bytes;
            fq_append(fq, fq_remove_first(fq, place), GN_SIM_FQ_OLD);
            continue;
        }

        gn_sim_packet *packet = fq_pop_flow(queue, door, flow);

        if (packet != NULL) {
            flow->credit_bytes -= (int64_t)packet->len + GN_SIM_OVERHEAD_BYTES;
            return packet;
        }

        const uint8_t at = fq_remove_first(fq, place);

        /* An empty new flow passes through the old ones, lest it come back new at once. */
        if (place == GN_SIM_FQ_NEW)
            fq_append(fq, at, GN_SIM_FQ_OLD);
    }
    return NULL;
}

gn_sim_packet *
gn_sim_queue_fq_take(gn_sim_queue *queue)
{
    gn_sim_fq_flow *fattest = &queue->as.fq.flows[0];

    for (unsigned i = 1; i < GN_SIM_FQ_FLOWS_MAX; i++)
        if (queue->as.fq.flows[i].list.bytes > fattest->list.bytes)
            fattest = &queue->as.fq.flows[i];
    return gn_sim_queue_pull(queue, &fattest->list);
}
