/*
 * oracle_limit.c: see oracle_limit.h.
 */
#include "sim/oracle_limit.h"

#include <inttypes.h>
#include <string.h>

#include "base/reader.h"
#include "sim/network.h"
#include "wire/frame.h"
#include "wire/header_read.h"

/* RFC 9000 8.1. */
#define LIMIT_TIMES 3

void
gn_sim_oracle_limit_init(gn_sim_oracle_limit *oracle)
{
    memset(oracle, 0, sizeof *oracle);
    oracle->verdict = gn_sim_oracle_of("three times at most before validation", "RFC 9000 8.1");
    for (uint32_t i = 0; i < GN_SIM_ORACLE_LIMIT_CHALLENGES; i++)
        oracle->challenges[i].account = GN_SIM_ORACLE_LIMIT_ADDRESSES;
}

static gn_sim_oracle_account *
limit_find(gn_sim_oracle_limit *oracle, const gn_sim_address *address)
{
    if (oracle->latest < oracle->count &&
        gn_sim_address_equal(&oracle->accounts[oracle->latest].address, address))
        return &oracle->accounts[oracle->latest];
    for (uint32_t i = 0; i < oracle->count; i++)
        if (gn_sim_address_equal(&oracle->accounts[i].address, address)) {
            oracle->latest = i;
            return &oracle->accounts[i];
        }
    return NULL;
}

static void
limit_on_arrival(gn_sim_oracle_limit *oracle, const gn_sim_datagram *datagram)
{
    gn_sim_oracle_account *account = limit_find(oracle, &datagram->source);

    if (account == NULL) {
        if (oracle->count == GN_SIM_ORACLE_LIMIT_ADDRESSES) {
            gn_sim_oracle_break(&oracle->verdict, datagram->at_us, "more addresses than watched");
            return;
        }
        account = &oracle->accounts[oracle->count++];
        account->address = datagram->source;
        account->retried = oracle->gave_tokens;
        oracle->unvalidated++;
    }
    account->received_bytes += datagram->len;

    gn_header header;

    if (account->retried && !account->validated &&
        gn_header_read(datagram->bytes, datagram->len, 0, &header) == GN_OK &&
        header.kind == GN_PACKET_INITIAL)
        account->token = header.token.len > 0;
}

static void
limit_on_sent(gn_sim_oracle_limit *oracle, const gn_sim_datagram *datagram)
{
    gn_sim_oracle_account *account = limit_find(oracle, &datagram->destination);
    char text[GN_SIM_ADDRESS_TEXT];

    if (account == NULL) {
        gn_sim_oracle_break(&oracle->verdict, datagram->at_us, "sent to an address never heard");
        return;
    }
    if (account->validated)
        return;
    account->sent_bytes += datagram->len;
    oracle->verdict.checked++;
    if (account->sent_bytes <= LIMIT_TIMES * account->received_bytes)
        return;
    gn_sim_address_print(&account->address, text);
    gn_sim_oracle_break(&oracle->verdict, datagram->at_us,
                        "%" PRIu64 " bytes to %s for %" PRIu64 " received", account->sent_bytes,
                        text, account->received_bytes);
}

void
gn_sim_oracle_limit_on_datagram(gn_sim_oracle_limit *oracle, const gn_sim_datagram *datagram)
{
    if (datagram->fate == GN_SIM_FATE_DELIVERED && datagram->to == GN_SIM_SERVER)
        limit_on_arrival(oracle, datagram);
    else if (datagram->fate == GN_SIM_FATE_SENT && datagram->from == GN_SIM_SERVER)
        limit_on_sent(oracle, datagram);
}

static void
limit_validate(gn_sim_oracle_limit *oracle, uint32_t account)
{
    if (oracle->accounts[account].validated)
        return;
    oracle->accounts[account].validated = true;
    oracle->unvalidated--;
}

static void
limit_on_response(gn_sim_oracle_limit *oracle, const uint8_t data[GN_FRAME_CHALLENGE_BYTES])
{
    for (uint32_t i = 0; i < GN_SIM_ORACLE_LIMIT_CHALLENGES; i++) {
        const gn_sim_oracle_challenge *challenge = &oracle->challenges[i];

        if (challenge->account < oracle->count &&
            memcmp(challenge->data, data, sizeof challenge->data) == 0)
            limit_validate(oracle, challenge->account);
    }
}

static void
limit_on_challenge(gn_sim_oracle_limit *oracle, uint32_t account, const uint8_t *data)
{
    gn_sim_oracle_challenge *challenge = &oracle->challenges[oracle->challenge_at];

    oracle->challenge_at = (oracle->challenge_at + 1) % GN_SIM_ORACLE_LIMIT_CHALLENGES;
    memcpy(challenge->data, data, sizeof challenge->data);
    challenge->account = account;
}

/* Reads the frames in clear for the two that validate a path. */
static void
limit_on_frames(gn_sim_oracle_limit *oracle, uint32_t account, const gn_event *event)
{
    gn_reader reader = gn_reader_over(event->payload, event->payload_len);
    gn_frame frame;
    gn_fault fault;

    while (gn_reader_left(&reader) > 0) {
        if (gn_frame_read(&reader, &frame, &fault) != GN_OK)
            return;
        if (frame.type == GN_FRAME_PATH_RESPONSE && event->kind == GN_EVENT_PACKET_RECEIVED)
            limit_on_response(oracle, frame.as.path.data);
        if (frame.type == GN_FRAME_PATH_CHALLENGE && event->kind == GN_EVENT_PACKET_SENT)
            limit_on_challenge(oracle, account, frame.as.path.data);
    }
}

void
gn_sim_oracle_limit_on_event(gn_sim_oracle_limit *oracle, uint16_t host, const gn_event *event)
{
    const bool received = event->kind == GN_EVENT_PACKET_RECEIVED;

    if (host != GN_SIM_SERVER || (!received && event->kind != GN_EVENT_PACKET_SENT))
        return;
    if (oracle->unvalidated == 0 || event->route == 0 || event->route > oracle->count)
        return;

    const uint32_t account = (uint32_t)(event->route - 1);

    /* RFC 9000 8.1.2: only who got our Retry has its token. */
    if (event->packet == GN_EVENT_RETRY)
        oracle->accounts[account].retried = true;
    if (received && event->packet == GN_EVENT_INITIAL && oracle->accounts[account].token)
        limit_validate(oracle, account);
    /* RFC 9000 8.1: only who got our Initial packets can make a Handshake packet. */
    if (received && event->packet == GN_EVENT_HANDSHAKE)
        limit_validate(oracle, account);
    if (event->packet == GN_EVENT_ONE_RTT)
        limit_on_frames(oracle, account, event);
}
