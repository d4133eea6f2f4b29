/*
 * prop_ecn.c: a path that treats marks well is never failed, whatever the path
 * before it did, and one that erases them is never found capable.
 *
 * The first byte says how the first path treats marks. Then two bytes are a
 * step: packets leave, arrive or are lost, ACKs come or are lost, or the
 * sender moves to a path with another treatment.
 */
#include <string.h>

#include "prop.h"
#include "recovery/ecn.h"

enum { PACKETS = 600 };

typedef enum treatment { HONEST, CONGESTED, BLEACHED, REMARKED, TREATMENTS } treatment;

typedef struct packet {
    uint8_t path; /* how many moves came before */
    uint8_t mark;
    bool arrived;
    bool settled; /* acknowledged or lost */
} packet;

typedef struct model {
    packet sent[PACKETS];
    uint32_t count;
    uint32_t upto;   /* packets below this arrived or never will */
    uint32_t tested; /* packets of this path that were lost or marked CE */
    uint8_t path;
    treatment how;
    gn_ecn_counts counts; /* the peer's */
    gn_ecn_ledger ledger;
    gn_ecn ecn;
    bool raised; /* something arrived since the last ACK came */
} model;

static void
send(model *m)
{
    if (m->count == PACKETS)
        return;
    const gn_ecn_mark_id mark = gn_ecn_mark(&m->ecn);

    m->sent[m->count++] = (packet){.path = m->path, .mark = (uint8_t)mark};
    gn_ecn_on_sent(&m->ecn, &m->ledger, mark, true);
}

/* The next packet reaches the peer, or does not. A path is treated as it is when it arrives. */
static void
carry(model *m, bool arrives, bool marked)
{
    if (m->upto == m->count)
        return;
    packet *p = &m->sent[m->upto++];

    p->arrived = arrives;
    if (!arrives || p->mark == GN_ECN_NOT_ECT) {
        m->raised |= arrives;
        return;
    }
    m->raised = true;
    if (p->path != m->path)
        m->counts.ect0 += marked; /* the old path may do what it likes with its own */
    else if (m->how == REMARKED)
        m->counts.ect1++;
    else if (m->how == CONGESTED && marked)
        m->counts.ce++;
    else if (m->how != BLEACHED)
        m->counts.ect0++;
}

/* An ACK of all that has arrived comes back; what did not is lost. */
static bool
hear(model *m)
{
    gn_ecn_ack ack = {.raises_largest = m->raised, .counts = m->counts};
    bool any = false;
    uint32_t lost = 0;

    ack.has_counts = (m->counts.ect0 | m->counts.ect1 | m->counts.ce) != 0;
    for (uint32_t i = 0; i < m->upto; i++) {
        packet *p = &m->sent[i];

        if (p->settled)
            continue;
        p->settled = true;
        if (!p->arrived) {
            lost += p->mark != GN_ECN_NOT_ECT && p->path == m->path;
            continue;
        }
        any = true;
        if (p->mark == GN_ECN_ECT0)
            *(p->path == m->path ? &ack.ect0_here : &ack.ect0_other) += 1;
    }
    if (any) {
        const uint64_t ce_before = m->ledger.seen.ce;
        const gn_ecn_verdict v = gn_ecn_on_ack(&m->ecn, &m->ledger, &ack);

        m->tested += lost + (uint32_t)(m->ledger.seen.ce - ce_before);
        m->raised = false;
        if (v.ce > m->counts.ce - ce_before || (v.failed && v.capable))
            return false;
    } else {
        m->tested += lost;
    }
    for (; lost > 0; lost--)
        gn_ecn_on_lost(&m->ecn);
    return gn_ecn_check(&m->ecn);
}

/* A path that does no harm fails only if its ten tests were all lost or marked CE. */
static bool
is_just(const model *m)
{
    if (m->how == BLEACHED || m->how == REMARKED)
        return m->ecn.state != GN_ECN_CAPABLE;
    return m->ecn.state != GN_ECN_FAILED || m->tested >= GN_ECN_TEST_PACKETS;
}

bool
gn_prop_ecn(const uint8_t *bytes, size_t len)
{
    model m;

    memset(&m, 0, sizeof m);
    gn_ecn_ledger_init(&m.ledger);
    gn_ecn_init(&m.ecn, GN_ECN_ECT0);
    m.how = len > 0 ? (treatment)(bytes[0] % TREATMENTS) : HONEST;
    for (size_t i = 1; i + 2 <= len; i += 2) {
        switch (bytes[i] % 16) {
        case 0:
            if (bytes[i + 1] < 64 && m.path < 200) {
                m.path++;
                m.how = (treatment)(bytes[i + 1] % TREATMENTS);
                m.tested = 0;
                gn_ecn_init(&m.ecn, GN_ECN_ECT0);
            }
            break;
        case 1:
        case 2:
            if (!hear(&m))
                return false;
            break;
        case 3:
        case 4:
        case 5:
        case 6:
        case 7:
        case 8: carry(&m, bytes[i + 1] % 8 != 0, bytes[i + 1] % 3 == 0); break;
        default: send(&m); break;
        }
        if (!is_just(&m))
            return false;
    }
    return true;
}
