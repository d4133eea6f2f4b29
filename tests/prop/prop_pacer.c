/*
 * prop_pacer.c: over any stretch of time no more leaves than rate * time plus
 * one burst, however window and round trip change; and a sender that always
 * has something to send gets that rate.
 *
 * Three bytes are a step: how much later, what changes or is sent, to what.
 */
#include "prop.h"
#include "recovery/pacer.h"

enum { DATAGRAM = 1200 };

typedef struct model {
    gn_pacer pacer;
    gn_rtt rtt;
    uint64_t window;
    gn_time now;
    uint64_t earned; /* rate * time since the start, in fixed point */
    uint64_t spent;  /* sent since the start, in fixed point */
    uint64_t ahead;  /* the most by which earned was ever ahead of spent */
} model;

static const uint64_t burst = (uint64_t)DATAGRAM * GN_PACER_BURST_DATAGRAMS * GN_PACER_BYTE;

static uint64_t
rate(const model *m)
{
    return gn_pacer_rate(m->window, &m->rtt);
}

/* RFC 9002 7.7: the rate is 5/4 of the window in a round trip, rounded down by less than one. */
static bool
rate_is_right(const model *m)
{
    const uint64_t whole = 5 * m->window * GN_PACER_BYTE;
    const uint64_t unit = 4 * m->rtt.smoothed_us;

    return rate(m) * unit <= whole && (rate(m) + 1) * unit > whole;
}

/*
 * Sends while the pacer lets us, at most four times. Over a stretch from s to
 * t, spent(t) - spent(s) <= earned(t) - earned(s) + burst; the largest
 * earned(s) - spent(s) so far, ahead, is all that has to be kept.
 */
static bool
send(model *m, uint8_t size)
{
    for (int i = 0; i < 4; i++) {
        const gn_time at = gn_pacer_next(&m->pacer, m->window, &m->rtt, m->now);
        const uint64_t bytes = 1 + (uint64_t)(size * 5 + i) % DATAGRAM;

        if (at < m->now)
            return false;
        if (at > m->now) {
            /* Just so late that a datagram's worth has come in: not sooner, not later. */
            gn_pacer early = m->pacer;
            gn_pacer due = m->pacer;

            return gn_pacer_next(&early, m->window, &m->rtt, at - 1) == at &&
                   gn_pacer_next(&due, m->window, &m->rtt, at) == at;
        }
        gn_pacer_on_sent(&m->pacer, bytes);
        m->spent += bytes * GN_PACER_BYTE;
        if (m->spent + m->ahead > m->earned + burst)
            return false;
    }
    return true;
}

/*
 * A hundred datagrams in a row take the time that their bytes need, less those
 * in the bucket, and up to a microsecond more for each wait.
 */
static bool
keeps_the_rate(const model *m)
{
    gn_pacer pacer = m->pacer;
    gn_time now = m->now;
    const uint64_t held = pacer.tokens;

    for (int i = 0; i < 100; i++) {
        now = gn_pacer_next(&pacer, m->window, &m->rtt, now);
        if (gn_pacer_next(&pacer, m->window, &m->rtt, now) != now)
            return false;
        gn_pacer_on_sent(&pacer, DATAGRAM);
    }
    const uint64_t need = UINT64_C(100) * DATAGRAM * GN_PACER_BYTE;
    const uint64_t earned = (now - m->now) * rate(m) + held;
    return earned >= need && now - m->now <= need / rate(m) + 100;
}

bool
gn_prop_pacer(const uint8_t *bytes, size_t len)
{
    model m = {.window = 12000, .now = GN_SECOND};

    gn_pacer_init(&m.pacer, DATAGRAM, m.now);
    gn_rtt_init(&m.rtt);
    for (size_t i = 0; i + 3 <= len; i += 3) {
        const gn_time dt = (gn_time)bytes[i] << (bytes[i + 1] >> 6) * 2;
        bool ok = true;

        /* The rate that held until now is known only if the pacer is asked now. */
        m.now += dt;
        m.earned += dt * rate(&m);
        if (gn_pacer_next(&m.pacer, m.window, &m.rtt, m.now) < m.now)
            return false;
        if (m.earned > m.spent + m.ahead)
            m.ahead = m.earned - m.spent;
        switch (bytes[i + 1] % 8) {
        case 0:
            m.window = 2400 + (uint64_t)bytes[i + 2] * 997;
            ok = rate_is_right(&m);
            break;
        case 1:
            m.rtt.smoothed_us = 100 + (uint64_t)bytes[i + 2] * 1009;
            ok = rate_is_right(&m);
            break;
        case 2: ok = keeps_the_rate(&m); break;
        default: ok = send(&m, bytes[i + 2]); break;
        }
        if (!ok)
            return false;
    }
    return true;
}
