/*
 * prop_loss.c: the loss detector does what a plain list of all packets would,
 * searched from end to end: each record leaves exactly once, for the reason
 * the RFC gives, and bytes in flight are the sum over what has not left.
 *
 * Four bytes are a step: what happens, how, to which packets, how much later.
 */
#include <stdlib.h>
#include <string.h>

#include "prop.h"
#include "recovery/loss.h"
#include "tests/support/recovery.h"

enum { PACKETS = 320, MAX_ACK_DELAY = 25000 };

typedef enum fate { UNSENT, FLYING, ACKED, LOST, GONE } fate;

typedef struct packet {
    gn_time at;
    uint32_t slots;
    uint16_t bytes;
    uint8_t flags;
    uint8_t epoch;
    bool named; /* in some ACK, though perhaps after it had left the log */
    fate fate;
} packet;

typedef struct model {
    packet sent[GN_SPACES][PACKETS]; /* by packet number */
    uint64_t next[GN_SPACES];
    uint64_t largest[GN_SPACES]; /* acknowledged; PACKETS: none */
    uint32_t slots;              /* that FLYING packets take */
    gn_slots pool;
    gn_loss loss;
    gn_rtt rtt;
    gn_time now;
} model;

static void
leave(model *m, packet *p, fate how)
{
    p->fate = how;
    m->slots -= p->slots;
}

static bool
send(model *m, gn_space_id space, uint8_t how, uint8_t size)
{
    static const uint8_t kinds[4] = {GN_SENT_ELICITING | GN_SENT_IN_FLIGHT, GN_SENT_IN_FLIGHT, 0,
                                     GN_SENT_ELICITING | GN_SENT_IN_FLIGHT};
    const uint64_t pn = m->next[space];
    const gn_item more = {.kind = GN_ITEM_STREAM, .id = pn};

    if (pn == PACKETS)
        return true;
    packet *p = &m->sent[space][pn];
    *p = (packet){.at = m->now,
                  .slots = 1,
                  .bytes = (uint16_t)(40 + size),
                  .flags = kinds[how % 4],
                  .epoch = how >> 7,
                  .fate = FLYING};

    const uint32_t at = gn_test_record(m->pool, (uint8_t)space, pn, p->at, p->bytes, p->flags);
    gn_sent_at(m->pool, at)->path_epoch = p->epoch;
    for (uint8_t i = 0; i < (how >> 2) % 8; i++)
        if (gn_sent_add(m->pool, at, &more) != GN_OK)
            abort();
    p->slots += ((uint32_t)(how >> 2) % 8 + 1) / 3;

    /* Of packets that are not in flight and follow each other, the last stays. */
    for (uint64_t i = pn; i > 0 && p->flags == 0; i--) {
        packet *before = &m->sent[space][i - 1];

        if (before->fate != FLYING)
            continue;
        if (before->flags == 0)
            leave(m, before, GONE);
        break;
    }
    m->slots += p->slots;
    m->next[space]++;
    gn_loss_on_sent(&m->loss, m->pool, at);
    return true;
}

/* Whether the list holds exactly the packets that expected says, in order; marks them. */
static bool
settle(model *m, gn_space_id space, uint32_t head, const bool *expected, fate how)
{
    uint32_t at = head;

    for (uint64_t pn = 0; pn < m->next[space]; pn++) {
        packet *p = &m->sent[space][pn];

        if (!expected[pn])
            continue;
        if (at == GN_POOL_NONE || gn_sent_at(m->pool, at)->pn != pn || p->fate != FLYING)
            return false;
        leave(m, p, how);
        at = gn_sent_at(m->pool, at)->next;
    }
    gn_sent_free_list(m->pool, head);
    return at == GN_POOL_NONE;
}

/*
 * RFC 9002 7.6.2 word by word: two lost packets far apart and nothing between
 * them arrived. The first is one of those in among. Strictly, an ACK that came
 * too late for the log counts as well: the detector may or may not see that.
 */
static bool
has_persistent_pair(const model *m, gn_space_id space, const bool *among, bool strict,
                    gn_time period)
{
    for (uint64_t a = 0; a < m->next[space]; a++) {
        const packet *from = &m->sent[space][a];

        if (!among[a] || from->fate != LOST || (from->flags & GN_SENT_ELICITING) == 0 ||
            from->at <= m->rtt.first_sample_at)
            continue;
        for (uint64_t b = a + 1; b < m->next[space]; b++) {
            const packet *to = &m->sent[space][b];

            if (to->fate == ACKED || (strict && to->named) ||
                (to->fate == LOST && to->epoch != from->epoch))
                break;
            if (to->fate == LOST && (to->flags & GN_SENT_ELICITING) != 0 &&
                to->at - from->at > period)
                return true;
        }
    }
    return false;
}

/* Persistent congestion is not claimed without reason, nor missed where one space tells all. */
static bool
persistent_is_right(const model *m, gn_space_id space, const bool *lost, bool claimed)
{
    const gn_time period = 3 * gn_rtt_pto_us(&m->rtt, MAX_ACK_DELAY);
    bool all[PACKETS];

    memset(all, 1, sizeof all);
    if (claimed)
        return has_persistent_pair(m, space, all, false, period);
    for (int other = 0; other < GN_SPACES; other++)
        if (other != (int)space && m->largest[other] != PACKETS)
            return true;
    return !has_persistent_pair(m, space, lost, true, period);
}

static bool
detect(model *m, gn_space_id space)
{
    const gn_time lag = gn_rtt_loss_delay_us(&m->rtt);
    gn_time again = GN_NEVER;
    bool expected[PACKETS] = {false};
    gn_loss_lost lost;

    for (uint64_t pn = 0; pn < m->next[space]; pn++) {
        packet *p = &m->sent[space][pn];

        if (p->fate != FLYING || m->largest[space] == PACKETS || pn > m->largest[space])
            continue;
        if (p->flags == 0 && again != GN_NEVER)
            continue; /* behind one that stays, it stays too */
        if (p->flags == 0)
            leave(m, p, GONE);
        else if (m->largest[space] - pn >= 3 || p->at + lag <= m->now)
            expected[pn] = true;
        else
            again = gn_time_min(again, p->at + lag);
    }
    gn_loss_detect(&m->loss, m->pool, space, &m->rtt, MAX_ACK_DELAY, m->now, &lost);
    if (m->loss.space[space].loss_time != again)
        return false;
    if (!settle(m, space, lost.head, expected, LOST))
        return false;
    return persistent_is_right(m, space, expected, lost.persistent);
}

/* Acknowledges packets around pn that how picks, in up to eight ranges. */
static bool
ack(model *m, gn_space_id space, uint8_t how, uint8_t which)
{
    bool expected[PACKETS] = {false};
    bool eliciting = false;
    gn_ranges set;
    gn_loss_acked out;
    gn_fault fault;

    gn_ranges_init(&set);
    for (uint64_t i = 0; i < 8; i++) {
        const uint64_t pn = (m->next[space] + i * 3 + (which >> 4)) - 24 - (which & 15);

        if ((how >> i & 1) == 0)
            continue;
        for (uint64_t k = pn; k < pn + 1 + i % 3; k++)
            if (k < m->next[space] && gn_ranges_add(&set, k, k + 1) != GN_OK)
                abort();
    }
    if (set.count == 0)
        return true;

    const uint64_t largest = gn_ranges_end(&set) - 1;
    uint64_t newest = GN_LOSS_NONE;
    for (uint64_t pn = 0; pn < m->next[space]; pn++) {
        m->sent[space][pn].named |= gn_ranges_has(&set, pn);
        expected[pn] = m->sent[space][pn].fate == FLYING && gn_ranges_has(&set, pn);
        eliciting |= expected[pn] && (m->sent[space][pn].flags & GN_SENT_ELICITING) != 0;
        newest = expected[pn] ? pn : newest;
    }
    const gn_frame_ack frame = gn_test_ack_of(&set);
    if (gn_loss_on_ack(&m->loss, m->pool, space, &frame, m->now, &out, &fault) != GN_OK)
        return false;
    if (out.eliciting != eliciting || out.has_sample != (eliciting && newest == largest))
        return false;
    if (m->largest[space] == PACKETS || largest > m->largest[space])
        m->largest[space] = largest;
    if (out.largest_pn != newest || !settle(m, space, out.head, expected, ACKED))
        return false;
    if (out.has_sample) {
        if (out.sample_us != m->now - m->sent[space][largest].at)
            return false;
        gn_rtt_update(&m->rtt, m->now, out.sample_us, 0, MAX_ACK_DELAY, true);
    }
    return detect(m, space);
}

/* A packet number from the future changes nothing. */
static bool
lie(model *m, gn_space_id space, uint8_t by)
{
    const gn_loss before = m->loss;
    const gn_frame_ack frame = gn_test_ack(0, m->next[space] + by + 1);
    gn_loss_acked out;
    gn_fault fault;

    return gn_loss_on_ack(&m->loss, m->pool, space, &frame, m->now, &out, &fault) == GN_ERR_FORM &&
           memcmp(&before, &m->loss, sizeof before) == 0;
}

static bool
discard(model *m, gn_space_id space)
{
    bool expected[PACKETS] = {false};
    gn_loss_lost out;

    for (uint64_t pn = 0; pn < m->next[space]; pn++) {
        packet *p = &m->sent[space][pn];

        if (p->fate == FLYING && p->flags == 0)
            leave(m, p, GONE);
        expected[pn] = p->fate == FLYING;
    }
    gn_loss_discard(&m->loss, m->pool, space, m->now, &out);
    return settle(m, space, out.head, expected, GONE);
}

static bool
run_timer(model *m, bool confirmed)
{
    const gn_loss_situation s = {.max_ack_delay_us = MAX_ACK_DELAY,
                                 .handshake_confirmed = confirmed};
    const gn_time at = gn_loss_deadline(&m->loss, &m->rtt, &s);

    if (at == GN_NEVER)
        return true;
    m->now = gn_time_max(m->now, at);
    const gn_loss_alarm alarm = gn_loss_on_timeout(&m->loss, &m->rtt, &s, m->now);
    switch (alarm.kind) {
    case GN_LOSS_NOTHING_DUE: return false;
    case GN_LOSS_DETECT:
        return detect(m, alarm.space) && m->loss.space[alarm.space].loss_time > m->now;
    case GN_LOSS_PROBE: return alarm.packets > 0 && send(m, alarm.space, 0, 1);
    }
    return false;
}

/* What is in flight is the sum over what has not left, and nothing else takes slots. */
static bool
conserved(const model *m)
{
    uint64_t bytes = 0;

    for (int space = 0; space < GN_SPACES; space++)
        for (uint64_t pn = 0; pn < m->next[space]; pn++) {
            const packet *p = &m->sent[space][pn];

            if (p->fate == FLYING && (p->flags & GN_SENT_IN_FLIGHT) != 0)
                bytes += p->bytes;
        }
    return gn_loss_check(&m->loss, m->pool) && gn_loss_in_flight_bytes(&m->loss) == bytes &&
           m->pool.pool->used == m->slots;
}

bool
gn_prop_loss(const uint8_t *bytes, size_t len)
{
    static model m;

    memset(&m, 0, sizeof m);
    m.pool = gn_test_sent_slots(GN_TEST_SENT_SLOTS);
    m.now = GN_SECOND;
    for (int i = 0; i < GN_SPACES; i++)
        m.largest[i] = PACKETS;
    gn_loss_init(&m.loss, len > 0 && bytes[0] % 2 == 0);
    gn_rtt_init(&m.rtt);

    for (size_t i = 0; i + 4 <= len; i += 4) {
        /* Mostly one space, as after the handshake. */
        const gn_space_id space = bytes[i] >= 0xe0 ? (gn_space_id)(bytes[i] % 3) : GN_SPACE_APP;
        bool ok = true;

        m.now += bytes[i + 3] < 250 ? bytes[i + 3] * UINT64_C(20) : 2 * GN_SECOND;
        switch (bytes[i] % 16) {
        case 0: ok = run_timer(&m, bytes[i + 1] % 2 == 0); break;
        case 1: ok = bytes[i + 1] != 0 || discard(&m, space); break;
        case 2: ok = lie(&m, space, bytes[i + 2]); break;
        case 3:
        case 4:
        case 5: ok = ack(&m, space, bytes[i + 1], bytes[i + 2]); break;
        default: ok = send(&m, space, bytes[i + 1], bytes[i + 2]); break;
        }
        if (!ok || !conserved(&m))
            return false;
    }
    return true;
}
