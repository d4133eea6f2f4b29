/*
 * oracle_numbers.c: see oracle_numbers.h.
 */
#include "sim/oracle_numbers.h"

#include <inttypes.h>
#include <string.h>

#include "crypto/hkdf.h"
#include "crypto/initial.h"
#include "wire/header_read.h"

/* RFC 9001 5.4.2: the sample begins where a packet number of four bytes would end. */
#define NUMBERS_SAMPLE_AT 4

void
gn_sim_oracle_numbers_init(gn_sim_oracle_numbers *oracle, const gn_suite_ops *ops,
                           const uint64_t cid_bytes[GN_SIM_HOSTS], uint32_t every)
{
    memset(oracle, 0, sizeof *oracle);
    oracle->verdict = gn_sim_oracle_of("packet numbers used once", "RFC 9000 12.3");
    oracle->ops = ops;
    oracle->every = every != 0 ? every : GN_SIM_ORACLE_NUMBERS_EVERY;
    memcpy(oracle->cid_bytes, cid_bytes, sizeof oracle->cid_bytes);
}

/* The first secret of a connection counts; the key follows when a packet shows its version. */
static void
numbers_set_secret(gn_sim_oracle_numbers *oracle, uint16_t host, uint8_t space,
                   gn_connection connection, gn_suite_id suite, const uint8_t *secret)
{
    gn_sim_oracle_mask *mask = &oracle->sender[host].mask[space];

    if (mask->known && mask->connection == connection)
        return;
    memcpy(mask->secret, secret, gn_suite_of(suite)->hash_len);
    mask->suite = (uint8_t)suite;
    mask->connection = connection;
    mask->version = 0;
    mask->known = true;
}

/* The key under which a sender hides the numbers of a space. False: not known. */
static bool
numbers_prepare(gn_sim_oracle_numbers *oracle, gn_sim_oracle_mask *mask, uint32_t version)
{
    const gn_initial_row *row = gn_initial_row_of(version);
    const gn_suite_id suite = (gn_suite_id)mask->suite;
    uint8_t key[GN_SUITE_KEY_MAX];

    if (!mask->known || row == NULL)
        return false;
    if (mask->version == version)
        return true;
    gn_hkdf_expand_label(oracle->ops, gn_suite_of(suite)->hash, mask->secret, row->mask_label, key,
                         gn_suite_of(suite)->key_len);
    oracle->ops->mask_set(suite, &mask->mask, key);
    mask->version = version;
    return true;
}

/* Whether a client's Initial begins another attempt, after Version Negotiation. */
static bool
numbers_begins_again(const gn_sim_oracle_numbers *oracle, const gn_header *header)
{
    const gn_sim_oracle_sender *client = &oracle->sender[GN_SIM_CLIENT];

    return client->mask[0].known && client->version != header->version &&
           !gn_cid_equal(&header->dcid, &oracle->initial) &&
           !gn_cid_equal(&header->dcid, &oracle->server);
}

/*
 * Whether a client's Initial is its first behind a Retry: then the keys follow from the ID that the
 * Retry chose (RFC 9001 5.2). Of several on their way it takes one, once (RFC 9000 17.2.5.2).
 */
static bool
numbers_follows_retry(const gn_sim_oracle_numbers *oracle, const gn_header *header)
{
    return oracle->retry_sent && !oracle->retried && header->token.len > 0 &&
           oracle->sender[GN_SIM_CLIENT].mask[0].known &&
           !gn_cid_equal(&header->dcid, &oracle->initial) &&
           !gn_cid_equal(&header->dcid, &oracle->server);
}

/* RFC 9001 5.2: both Initial secrets follow from the client's first choice of a connection ID. */
static void
numbers_set_initial(gn_sim_oracle_numbers *oracle, const gn_header *header, uint16_t from)
{
    gn_sim_oracle_mask *mask = &oracle->sender[from].mask[0];
    uint8_t secrets[GN_SIM_HOSTS][GN_INITIAL_SECRET_BYTES];
    const bool client = from == GN_SIM_CLIENT;
    const bool again = client && numbers_begins_again(oracle, header);
    const bool retried = client && !again && numbers_follows_retry(oracle, header);

    if (retried || again) {
        oracle->retried = retried;
        oracle->sender[GN_SIM_CLIENT].mask[0].known = false;
        oracle->sender[GN_SIM_SERVER].mask[0].known = false;
    }
    if (client && !mask->known)
        oracle->initial = header->dcid;
    if (!client)
        oracle->server = header->scid;
    oracle->sender[from].version = header->version;
    if (mask->known && mask->version == header->version)
        return;
    if (gn_initial_secrets(oracle->ops, header->version, oracle->initial.bytes, oracle->initial.len,
                           secrets[GN_SIM_CLIENT], secrets[GN_SIM_SERVER]) != GN_OK)
        return;
    mask->known = false;
    numbers_set_secret(oracle, from, 0, 0, GN_SUITE_AES_128_GCM_SHA256, secrets[from]);
}

/* A sender tells its own secrets before it uses them; what its peer tells may be of an old end. */
static void
numbers_on_secret(gn_sim_oracle_numbers *oracle, uint16_t host, const gn_event *event)
{
    /* Header protection keeps its key through key updates (RFC 9001 5.4). */
    static const struct {
        const char *label;
        uint16_t host;
        uint8_t space;
    } rows[] = {{"CLIENT_HANDSHAKE_TRAFFIC_SECRET", GN_SIM_CLIENT, 1},
                {"SERVER_HANDSHAKE_TRAFFIC_SECRET", GN_SIM_SERVER, 1},
                {"CLIENT_EARLY_TRAFFIC_SECRET", GN_SIM_CLIENT, GN_SIM_MASK_EARLY},
                {"CLIENT_TRAFFIC_SECRET_0", GN_SIM_CLIENT, 2},
                {"SERVER_TRAFFIC_SECRET_0", GN_SIM_SERVER, 2}};

    if (event->label == NULL || event->suite >= GN_SUITES)
        return;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].host == host && strcmp(event->label, rows[i].label) == 0)
            numbers_set_secret(oracle, host, rows[i].space, event->connection,
                               (gn_suite_id)event->suite, event->payload);
}

static void
numbers_on_sent(gn_sim_oracle_numbers *oracle, gn_sim_oracle_sender *sender, const gn_event *event)
{
    const uint8_t space = event->space;

    if (event->packet == GN_EVENT_RETRY || event->packet == GN_EVENT_VNEG || space >= GN_SIM_SPACES)
        return;
    const bool unnumbered = event->packet == GN_EVENT_STATELESS_RESET;
    /* Another connection begins with numbers and keys of its own. */
    if (!unnumbered && event->connection != sender->connection) {
        sender->connection = event->connection;
        memset(sender->next_pn, 0, sizeof sender->next_pn);
    }
    oracle->verdict.checked++;
    if (unnumbered)
        ; /* it only takes its place among those on the way */
    else if (event->pn < sender->next_pn[space])
        gn_sim_oracle_break(&oracle->verdict, event->now,
                            "packet %" PRIu64 " of space %u after packet %" PRIu64, event->pn,
                            space, sender->next_pn[space] - 1);
    else
        sender->next_pn[space] = event->pn + 1;
    if (sender->pending_count == GN_SIM_ORACLE_NUMBERS_PENDING) {
        gn_sim_oracle_break(&oracle->verdict, event->now,
                            "packets are announced that never come to the wire");
        return;
    }

    const uint32_t at =
        (sender->pending_at + sender->pending_count) % GN_SIM_ORACLE_NUMBERS_PENDING;

    sender->pending[at] =
        (gn_sim_oracle_packet){.pn = event->pn, .space = space, .unnumbered = unnumbered};
    sender->pending_count++;
}

void
gn_sim_oracle_numbers_on_event(gn_sim_oracle_numbers *oracle, uint16_t host, const gn_event *event)
{
    if (event->kind == GN_EVENT_PACKET_SENT)
        numbers_on_sent(oracle, &oracle->sender[host], event);
    else if (event->kind == GN_EVENT_SECRET)
        numbers_on_secret(oracle, host, event);
}

void
gn_sim_oracle_numbers_on_restart(gn_sim_oracle_numbers *oracle, uint16_t host)
{
    oracle->sender[host].connection = 0;
    for (int i = 0; i < GN_SIM_MASKS; i++)
        oracle->sender[host].mask[i].known = false;
}

void
gn_sim_oracle_numbers_on_resume(gn_sim_oracle_numbers *oracle)
{
    oracle->retry_sent = false;
    oracle->retried = false;
    for (uint16_t i = 0; i < GN_SIM_HOSTS; i++)
        gn_sim_oracle_numbers_on_restart(oracle, i);
}

static bool
numbers_space_of(gn_packet_kind kind, uint8_t *space)
{
    switch (kind) {
    /* A client's probe for versions, which nobody can read. */
    case GN_PACKET_UNKNOWN_VERSION:
    case GN_PACKET_INITIAL: *space = 0; return true;
    case GN_PACKET_HANDSHAKE: *space = 1; return true;
    case GN_PACKET_ZERO_RTT:
    case GN_PACKET_ONE_RTT: *space = 2; return true;
    default: return false;
    }
}

/* RFC 9001 5.4.1: what stands on the wire against the low bytes of what was announced. */
static void
numbers_compare(gn_sim_oracle_numbers *oracle, const gn_sim_oracle_mask *mask, uint64_t at_us,
                const uint8_t *packet, const gn_header *header, uint64_t announced)
{
    uint8_t bits[GN_SUITE_MASK_OUT_BYTES];
    uint64_t shown = 0;

    if (header->packet_len < header->pn_at + NUMBERS_SAMPLE_AT + GN_SUITE_SAMPLE_BYTES)
        return;
    oracle->ops->mask((gn_suite_id)mask->suite, &mask->mask,
                      packet + header->pn_at + NUMBERS_SAMPLE_AT, bits);

    const uint8_t protected_bits = header->kind == GN_PACKET_ONE_RTT ? 0x1f : 0x0f;
    const uint8_t first = (uint8_t)(packet[0] ^ (bits[0] & protected_bits));
    const size_t size = (size_t)(first & GN_HEADER_PN_SIZE) + 1;

    for (size_t i = 0; i < size; i++)
        shown = shown << 8 | (uint8_t)(packet[header->pn_at + i] ^ bits[1 + i]);
    if (shown != (announced & ((UINT64_C(1) << (8 * size)) - 1)))
        gn_sim_oracle_break(&oracle->verdict, at_us,
                            "the wire shows packet number %" PRIu64 " where %" PRIu64
                            " was announced",
                            shown, announced);
}

static void
numbers_on_packet(gn_sim_oracle_numbers *oracle, gn_sim_oracle_sender *sender, bool look,
                  uint64_t at_us, const uint8_t *packet, const gn_header *header)
{
    uint8_t space = 0;

    if (!numbers_space_of(header->kind, &space))
        return;
    if (sender->pending_count == 0) {
        gn_sim_oracle_break(&oracle->verdict, at_us,
                            "a packet is on the wire that nobody announced");
        return;
    }

    const gn_sim_oracle_packet announced = sender->pending[sender->pending_at];

    sender->pending_at = (sender->pending_at + 1) % GN_SIM_ORACLE_NUMBERS_PENDING;
    sender->pending_count--;
    if (announced.space != space)
        gn_sim_oracle_break(&oracle->verdict, at_us,
                            "a packet of space %u is on the wire where one of %u was announced",
                            space, announced.space);
    gn_sim_oracle_mask *mask =
        &sender->mask[header->kind == GN_PACKET_ZERO_RTT ? GN_SIM_MASK_EARLY : space];
    if (header->kind == GN_PACKET_HANDSHAKE)
        sender->version = header->version;
    const uint32_t version = header->kind != GN_PACKET_ONE_RTT ? header->version
                             : sender->version != 0            ? sender->version
                                                               : GN_VERSION_1;
    if (announced.space == space && look && !announced.unnumbered &&
        header->kind != GN_PACKET_UNKNOWN_VERSION && numbers_prepare(oracle, mask, version))
        numbers_compare(oracle, mask, at_us, packet, header, announced.pn);
}

void
gn_sim_oracle_numbers_on_datagram(gn_sim_oracle_numbers *oracle, const gn_sim_datagram *datagram)
{
    gn_sim_oracle_sender *sender = &oracle->sender[datagram->from];
    const size_t cid_len = (size_t)oracle->cid_bytes[datagram->to];
    size_t at = 0;

    if (datagram->fate != GN_SIM_FATE_SENT)
        return;

    const uint64_t number = sender->datagrams++;
    const bool look = number < GN_SIM_ORACLE_NUMBERS_FIRST || number % oracle->every == 0;

    /* A short header runs to the end: with nothing to look at, it need not be read. */
    if (!look && datagram->len > 0 && (datagram->bytes[0] & GN_HEADER_LONG) == 0 &&
        sender->pending_count > 0) {
        sender->pending_at = (sender->pending_at + 1) % GN_SIM_ORACLE_NUMBERS_PENDING;
        sender->pending_count--;
        return;
    }
    while (at < datagram->len) {
        gn_header header;

        if (gn_header_read_greased(datagram->bytes + at, datagram->len - at, cid_len, true,
                                   &header) != GN_OK)
            return;
        if (header.kind == GN_PACKET_INITIAL)
            numbers_set_initial(oracle, &header, datagram->from);
        if (header.kind == GN_PACKET_RETRY && datagram->from == GN_SIM_SERVER)
            oracle->retry_sent = true;
        numbers_on_packet(oracle, sender, look, datagram->at_us, datagram->bytes + at, &header);
        at += header.packet_len;
    }
}
