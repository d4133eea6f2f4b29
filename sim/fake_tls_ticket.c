/*
 * fake_tls_ticket.c: see fake_tls_ticket.h.
 */
#include "sim/fake_tls_ticket.h"

#include <string.h>

#include "base/be.h"
#include "sim/fake_suite.h"

/* id, issued, early, terms, secret, seal. */
enum {
    TICKET_ISSUED_AT = 8,
    TICKET_EARLY_AT = 16,
    TICKET_TERMS_AT = 17,
    TICKET_SECRET_AT = TICKET_TERMS_AT + GN_TLS_TERMS_BYTES,
    TICKET_SEAL_AT = TICKET_SECRET_AT + GN_SIM_FAKE_TICKET_SECRET
};

_Static_assert((int)TICKET_SEAL_AT + 8 == (int)GN_SIM_FAKE_TICKET_BYTES, "the seal ends it");

void
gn_sim_fake_tickets_init(gn_sim_fake_tickets *tickets, const gn_tls_config *config)
{
    static const uint8_t none[GN_TLS_TICKET_KEY_BYTES] = {0};
    const bool given = memcmp(config->ticket_key, none, sizeof none) != 0;

    memset(tickets, 0, sizeof *tickets);
    gn_sim_fake_suite_derive(given ? config->ticket_key : config->seed, "tickets", tickets->key,
                             sizeof tickets->key);
    tickets->life_ms = (int64_t)config->ticket_life_s * 1000;
    tickets->each = config->tickets;
    tickets->early = config->early_data != 0;
    tickets->strict = config->early_strict;
    gn_tls_strikes_init(&tickets->strikes);
    gn_tls_strikes_begin(&tickets->strikes, config->started_ms);
}

void
gn_sim_fake_ticket_issue(gn_sim_fake_tickets *tickets, const gn_tls_terms *terms, gn_span alpn,
                         gn_span name, int64_t now_ms, uint8_t out[GN_SIM_FAKE_TICKET_BYTES])
{
    uint8_t number[8 + 8];

    /* Numbers that look like chance, as those of real tickets. */
    gn_be_write_u64(number, tickets->issued++);
    gn_be_write_u64(number + 8, (uint64_t)now_ms);
    gn_be_write_u64(out, gn_siphash(tickets->key, number, sizeof number));
    gn_be_write_u64(out + TICKET_ISSUED_AT, (uint64_t)now_ms);
    out[TICKET_EARLY_AT] = tickets->early;
    gn_tls_terms_write(terms, gn_tls_terms_bind(terms, alpn, name, tickets->key),
                       out + TICKET_TERMS_AT);
    for (size_t i = 0; i < GN_SIM_FAKE_TICKET_SECRET / 8; i++)
        gn_be_write_u64(out + TICKET_SECRET_AT + 8 * i, gn_siphash(tickets->key, out, 9 + i));
    gn_be_write_u64(out + TICKET_SEAL_AT,
                    gn_siphash(tickets->key, out, TICKET_SEAL_AT) ^ terms->version);
}

bool
gn_sim_fake_ticket_read(gn_span bytes, gn_sim_fake_ticket *out)
{
    if (bytes.len != GN_SIM_FAKE_TICKET_BYTES)
        return false;
    out->id = gn_be_read_u64(bytes.ptr);
    out->issued_ms = (int64_t)gn_be_read_u64(bytes.ptr + TICKET_ISSUED_AT);
    out->early = bytes.ptr[TICKET_EARLY_AT] != 0;
    memcpy(out->terms, bytes.ptr + TICKET_TERMS_AT, sizeof out->terms);
    memcpy(out->secret, bytes.ptr + TICKET_SECRET_AT, sizeof out->secret);
    return true;
}

bool
gn_sim_fake_ticket_open(const gn_sim_fake_tickets *tickets, const gn_tls_terms *terms,
                        gn_span bytes, int64_t now_ms, gn_sim_fake_ticket *out)
{
    return gn_sim_fake_ticket_read(bytes, out) &&
           gn_be_read_u64(bytes.ptr + TICKET_SEAL_AT) ==
               (gn_siphash(tickets->key, bytes.ptr, TICKET_SEAL_AT) ^ terms->first_version) &&
           now_ms >= out->issued_ms && now_ms - out->issued_ms <= tickets->life_ms;
}

bool
gn_sim_fake_ticket_accepts(gn_sim_fake_tickets *tickets, const gn_sim_fake_ticket *ticket,
                           const gn_tls_terms *terms, gn_span alpn, gn_span name, int64_t now_ms)
{
    const uint64_t bound = gn_tls_terms_bind(terms, alpn, name, tickets->key);

    return tickets->early && gn_tls_terms_hold(terms, bound, ticket->terms, tickets->strict) &&
           gn_tls_strikes_take(&tickets->strikes, ticket->id, ticket->issued_ms, now_ms);
}
