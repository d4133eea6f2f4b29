/*
 * prop_acks.c: no packet is accepted twice, every ACK tells only what arrived
 * and names the largest, and it leaves in time, whatever arrives in which order.
 *
 * Three bytes are a step: what happens, to which number, and how much later.
 */
#include <string.h>

#include "prop.h"
#include "recovery/acks.h"

enum { NUMBERS = 512, DELAY = 25000, THRESHOLD = 2 };

typedef struct model {
    bool noted[NUMBERS];
    uint64_t base;      /* the number that the first flag stands for */
    uint64_t told;      /* below it an ACK is known to have arrived */
    uint64_t last_told; /* the largest number in the ACK sent last */
    gn_time owed_by;    /* the latest moment for the next ACK */
    uint32_t owed;      /* ack-eliciting packets since the last */
    bool any_told;
} model;

/* Whether every range told arrived whole, newest last, and all that must be told is. */
static bool
report_is_true(const model *m, const gn_acks *acks, const gn_acks_report *r)
{
    const gn_ranges *set = r->received;

    if (r->max_ranges < 1 || r->max_ranges > set->count || r->largest != acks->largest)
        return false;
    const gn_range *first = &set->at[set->count - r->max_ranges];
    for (uint64_t i = 0; i < NUMBERS; i++) {
        const uint64_t pn = m->base + i;
        const bool told = gn_ranges_has(set, pn) && pn >= first->from;

        if (told && !m->noted[i])
            return false;
        if (m->noted[i] && !told && pn >= acks->floor && pn >= m->told)
            return false;
    }
    return true;
}

static bool
arrive(model *m, gn_acks *acks, uint64_t i, uint8_t how, gn_time now)
{
    const uint64_t pn = m->base + i;
    const bool eliciting = (how & 0x10) != 0;
    const bool seen = gn_acks_seen(acks, pn);

    if (m->noted[i] && !seen)
        return false;
    if (seen)
        return m->noted[i] || pn < acks->floor;
    gn_acks_note(acks, pn, eliciting, (gn_ecn_mark_id)(how >> 6), now, DELAY, THRESHOLD);
    m->noted[i] = true;
    if (pn < m->told)
        m->told = pn;
    if (eliciting) {
        m->owed++;
        m->owed_by = gn_time_min(m->owed_by, m->owed >= THRESHOLD ? now : now + DELAY);
    }
    return gn_acks_seen(acks, pn);
}

static bool
send_ack(model *m, gn_acks *acks, gn_time now)
{
    gn_acks_report r;

    if (!gn_acks_fill(acks, now, &r))
        return acks->largest == GN_ACKS_NONE;
    if (!report_is_true(m, acks, &r) || r.delay_us != now - acks->largest_at)
        return false;
    gn_acks_on_sent(acks, now);
    m->last_told = r.largest;
    m->any_told = true;
    m->owed = 0;
    m->owed_by = GN_NEVER;
    return true;
}

/* An ACK is owed exactly when something ack-eliciting arrived, and never later than it may be. */
static bool
timing_is_right(const model *m, const gn_acks *acks, gn_time now)
{
    if (gn_acks_has_news(acks) != (m->owed > 0))
        return false;
    if (m->owed == 0)
        return gn_acks_deadline(acks) == GN_NEVER && !gn_acks_wants(acks, now);
    return gn_acks_deadline(acks) <= m->owed_by &&
           gn_acks_wants(acks, now) == (gn_acks_deadline(acks) <= now);
}

bool
gn_prop_acks(const uint8_t *bytes, size_t len)
{
    gn_time now = 1000;
    uint64_t window = 0;
    model m;
    gn_acks acks;

    memset(&m, 0, sizeof m);
    m.owed_by = GN_NEVER;
    m.base = len > 0 ? (uint64_t)bytes[0] << 40 : 0;
    gn_acks_init(&acks);
    for (size_t i = 1; i + 3 <= len; i += 3) {
        bool ok = true;

        now += bytes[i + 2] * UINT64_C(50);
        switch (bytes[i] % 8) {
        case 0: ok = send_ack(&m, &acks, now); break;
        case 1:
            if (m.any_told) {
                gn_acks_on_acked(&acks, m.last_told);
                m.told = m.last_told + 1 > m.told ? m.last_told + 1 : m.told;
            }
            break;
        case 2: window = (window + 16) % (NUMBERS - 64); break;
        default: ok = arrive(&m, &acks, window + bytes[i + 1] % 64, bytes[i], now); break;
        }
        if (!ok || !gn_acks_check(&acks) || !timing_is_right(&m, &acks, now))
            return false;
    }
    return true;
}
