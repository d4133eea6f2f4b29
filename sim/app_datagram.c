/*
 * app_datagram.c: see app_datagram.h.
 */
#include "sim/app_datagram.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/limits.h"
#include "sim/app.h"

/* How many a sender keeps waiting. */
#define DATAGRAM_WAITING 4

/* The number at the front of each. */
#define DATAGRAM_NUMBER_BYTES 8

/* Their bytes are those of streams that nobody opens. */
#define DATAGRAM_CONTENT_BASE (UINT64_C(1) << 32)

enum { DATAGRAM_ARRIVED = 1, DATAGRAM_ACKED = 2, DATAGRAM_LOST = 4, DATAGRAM_LATE = 8 };

void
gn_sim_app_datagram_init(gn_sim_app_datagrams *d, const gn_sim_app_datagram_settings *settings)
{
    *d = (gn_sim_app_datagrams){
        .settings = *settings,
        .verdict = gn_sim_oracle_of("datagrams arrive once, told once", "RFC 9221 5")};
    for (int i = 0; i < 2 && settings->count > 0; i++) {
        d->side[i].state = calloc((size_t)settings->count, 1);
        GN_ASSERT(d->side[i].state != NULL);
    }
}

void
gn_sim_app_datagram_free(gn_sim_app_datagrams *d)
{
    for (int i = 0; i < 2; i++) {
        free(d->side[i].state);
        d->side[i].state = NULL;
    }
}

static bool
datagram_sends(const gn_sim_app_datagrams *d, unsigned host)
{
    return d->settings.count > 0 && (d->settings.from == 2 || d->settings.from == host);
}

/* The byte at this place of a datagram, behind its number. */
static uint8_t
datagram_byte(const gn_sim_content *content, uint64_t number, unsigned host, size_t at)
{
    size_t len;

    return *gn_sim_content_at(content, DATAGRAM_CONTENT_BASE + number, host, at, &len);
}

static gn_err
datagram_give(gn_sim_app_datagrams *d, const gn_sim_content *content, const gn_sim_app_seat *seat,
              size_t len)
{
    uint8_t bytes[GN_DATAGRAM_MAX];
    const uint64_t number = d->side[seat->host].given;
    const uint64_t now = seat->now_us + seat->clock_us;
    gn_send_datagram datagram;

    for (size_t i = 0; i < len; i++)
        bytes[i] =
            (uint8_t)(i < DATAGRAM_NUMBER_BYTES ? number >> 8 * i
                                                : datagram_byte(content, number, seat->host, i));
    gn_send_datagram_default(&datagram);
    datagram.bytes = bytes;
    datagram.len = len;
    datagram.id = number;
    if (d->settings.expiry_us > 0)
        datagram.expires_at = now + d->settings.expiry_us;
    return gn_connection_send_datagram(seat->endpoint, seat->connection, &datagram, now);
}

void
gn_sim_app_datagram_go_on(gn_sim_app_datagrams *d, const gn_sim_content *content,
                          const gn_sim_app_seat *seat)
{
    gn_sim_app_datagram_side *side = &d->side[seat->host];
    gn_info info;

    while (datagram_sends(d, seat->host) && side->given < d->settings.count) {
        if (gn_connection_info(seat->endpoint, seat->connection, &info) != GN_OK ||
            info.datagrams_waiting >= DATAGRAM_WAITING)
            return;
        const size_t len =
            d->settings.bytes == 0 ? (size_t)info.largest_datagram : (size_t)d->settings.bytes;
        const gn_err err = datagram_give(d, content, seat, len);
        if (err == GN_ERR_UNSUPPORTED || err == GN_ERR_RANGE)
            gn_sim_oracle_break(&d->verdict, seat->now_us, "datagram %" PRIu64 " was refused: %s",
                                side->given, gn_err_name(err));
        if (err != GN_OK)
            return;
        side->given++;
    }
}

static void
datagram_on_arrival(gn_sim_app_datagrams *d, const gn_sim_content *content,
                    const gn_sim_app_seat *seat, const gn_effect *effect)
{
    const unsigned from = 1u - seat->host;
    gn_sim_app_datagram_side *side = &d->side[from];
    uint64_t number = 0;

    for (size_t i = 0; i < DATAGRAM_NUMBER_BYTES && i < effect->len; i++)
        number |= (uint64_t)effect->bytes[i] << 8 * i;
    if (effect->len < DATAGRAM_NUMBER_BYTES || number >= side->given) {
        gn_sim_oracle_break(&d->verdict, seat->now_us, "a datagram that nobody sent arrived");
        return;
    }
    for (size_t i = DATAGRAM_NUMBER_BYTES; i < effect->len; i++)
        if (effect->bytes[i] != datagram_byte(content, number, from, i))
            gn_sim_oracle_break(&d->verdict, seat->now_us,
                                "byte %zu of datagram %" PRIu64 " is another", i, number);
    if ((side->state[number] & DATAGRAM_ARRIVED) != 0)
        gn_sim_oracle_break(&d->verdict, seat->now_us, "datagram %" PRIu64 " arrived twice",
                            number);
    side->state[number] |= DATAGRAM_ARRIVED;
    side->arrived++;
    d->verdict.checked++;
}

static void
datagram_on_fate(gn_sim_app_datagrams *d, const gn_sim_app_seat *seat, const gn_effect *effect)
{
    gn_sim_app_datagram_side *side = &d->side[seat->host];
    const bool late = (effect->flags & GN_EFFECT_LATE) != 0;
    const uint8_t fate = effect->kind == GN_EFFECT_DATAGRAM_LOST ? DATAGRAM_LOST
                         : late                                  ? DATAGRAM_LATE
                                                                 : DATAGRAM_ACKED;

    if (effect->code >= side->given) {
        gn_sim_oracle_break(&d->verdict, seat->now_us, "the fate of a datagram nobody sent");
        return;
    }
    uint8_t *state = &side->state[effect->code];
    const uint8_t before = *state & (DATAGRAM_ACKED | DATAGRAM_LOST | DATAGRAM_LATE);
    if (before != (late ? DATAGRAM_LOST : 0))
        gn_sim_oracle_break(&d->verdict, seat->now_us, "datagram %" PRIu64 " has two fates",
                            effect->code);
    *state |= fate;
    side->acked += fate == DATAGRAM_ACKED;
    side->late += fate == DATAGRAM_LATE;
    side->lost += fate == DATAGRAM_LOST && effect->detail == GN_DATAGRAM_LOST_IN_FLIGHT;
    side->expired += fate == DATAGRAM_LOST && effect->detail != GN_DATAGRAM_LOST_IN_FLIGHT;
    d->verdict.checked++;
}

void
gn_sim_app_datagram_on_effect(gn_sim_app_datagrams *d, const gn_sim_content *content,
                              const gn_sim_app_seat *seat, const gn_effect *effect)
{
    if (d->settings.count == 0) {
        gn_sim_oracle_break(&d->verdict, seat->now_us, "a datagram, though nobody sends any");
        return;
    }
    if (effect->kind == GN_EFFECT_DATAGRAM) {
        datagram_on_arrival(d, content, seat, effect);
        return;
    }
    datagram_on_fate(d, seat, effect);
    gn_sim_app_datagram_go_on(d, content, seat);
}

bool
gn_sim_app_datagram_done(const gn_sim_app_datagrams *d)
{
    for (unsigned i = 0; i < 2; i++) {
        const gn_sim_app_datagram_side *side = &d->side[i];
        if (datagram_sends(d, i) && side->acked + side->lost + side->expired < d->settings.count)
            return false;
    }
    return true;
}

void
gn_sim_app_datagram_on_end(gn_sim_app_datagrams *d, uint64_t end_us)
{
    for (unsigned i = 0; i < 2; i++)
        for (uint64_t n = 0; n < d->side[i].given; n++)
            if ((d->side[i].state[n] & (DATAGRAM_ACKED | DATAGRAM_LATE)) != 0 &&
                (d->side[i].state[n] & DATAGRAM_ARRIVED) == 0)
                gn_sim_oracle_break(&d->verdict, end_us,
                                    "datagram %" PRIu64 " was acknowledged and never arrived", n);
}
