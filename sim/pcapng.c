/*
 * pcapng.c: see pcapng.h.
 *
 * Blocks are those of draft-ietf-opsawg-pcapng, in little-endian order; each is
 * built in one buffer and written whole.
 */
#include "sim/pcapng.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/be.h"
#include "base/siphash.h"
#include "sim/fate.h"
#include "sim/words.h"

enum {
    PCAPNG_SECTION = 0x0a0d0d0a,
    PCAPNG_INTERFACE = 1,
    PCAPNG_PACKET = 6,
    PCAPNG_SECRETS = 10,
    PCAPNG_BYTE_ORDER = 0x1a2b3c4d,
    PCAPNG_LINKTYPE_RAW = 101,
    PCAPNG_TLS_KEY_LOG = 0x544c534b,
    PCAPNG_COMMENT = 1,  /* option of any block */
    PCAPNG_USERAPPL = 4, /* option of a section */
    PCAPNG_IF_NAME = 2,  /* options of an interface */
    PCAPNG_IF_TSRESOL = 9,
    PCAPNG_SERVER_PORT = 443,
    PCAPNG_IP_BYTES = 20,
    PCAPNG_UDP_BYTES = 8,
    PCAPNG_BLOCK_MAX = 66 * 1024, /* the largest UDP datagram, its headers and a comment */
    PCAPNG_SEEN_MAX = 64          /* secrets remembered, so that each is written once */
};

typedef struct pcapng {
    FILE *out;
    gn_sim_about about;
    size_t used; /* bytes of the block under way */
    uint64_t seen[PCAPNG_SEEN_MAX];
    uint64_t seen_count;
    uint16_t ip_id; /* the identification field, counted up */
    uint8_t block[PCAPNG_BLOCK_MAX];
} pcapng;

static void
pcapng_bytes(pcapng *file, const void *bytes, size_t len)
{
    GN_ASSERT(len <= sizeof file->block - file->used);
    if (len > 0)
        memcpy(file->block + file->used, bytes, len);
    file->used += len;
}

static void
pcapng_u16(pcapng *file, uint16_t value)
{
    const uint8_t bytes[2] = {(uint8_t)value, (uint8_t)(value >> 8)};

    pcapng_bytes(file, bytes, sizeof bytes);
}

static void
pcapng_u32(pcapng *file, uint32_t value)
{
    pcapng_u16(file, (uint16_t)value);
    pcapng_u16(file, (uint16_t)(value >> 16));
}

/* Everything in a block starts at a multiple of four bytes. */
static void
pcapng_pad(pcapng *file)
{
    static const uint8_t zeros[4];

    pcapng_bytes(file, zeros, (4 - file->used % 4) % 4);
}

static void
pcapng_option(pcapng *file, uint16_t code, const void *bytes, size_t len)
{
    pcapng_u16(file, code);
    pcapng_u16(file, (uint16_t)len);
    pcapng_bytes(file, bytes, len);
    pcapng_pad(file);
}

static void
pcapng_begin(pcapng *file, uint32_t type)
{
    file->used = 0;
    pcapng_u32(file, type);
    pcapng_u32(file, 0); /* the length, written by pcapng_end */
}

static void
pcapng_end(pcapng *file)
{
    const size_t total = file->used + 4;
    const uint8_t len[4] = {(uint8_t)total, (uint8_t)(total >> 8), (uint8_t)(total >> 16),
                            (uint8_t)(total >> 24)};

    GN_ASSERT(file->used % 4 == 0);
    memcpy(file->block + 4, len, sizeof len);
    pcapng_bytes(file, len, sizeof len);
    (void)fwrite(file->block, 1, file->used, file->out);
}

static void
pcapng_on_begin(void *context, const gn_sim_about *about)
{
    static const uint8_t microseconds = 6; /* if_tsresol: 10^-6 */
    pcapng *file = context;
    char comment[256];

    file->about = *about;
    pcapng_begin(file, PCAPNG_SECTION);
    pcapng_u32(file, PCAPNG_BYTE_ORDER);
    pcapng_u16(file, 1); /* version 1.0 */
    pcapng_u16(file, 0);
    pcapng_u32(file, UINT32_MAX); /* the length of the section: not told */
    pcapng_u32(file, UINT32_MAX);
    (void)snprintf(comment, sizeof comment, "scenario %s, seed %" PRIu64, about->scenario,
                   about->seed);
    pcapng_option(file, PCAPNG_COMMENT, comment, strlen(comment));
    pcapng_option(file, PCAPNG_USERAPPL, "gnomon-sim", 10);
    pcapng_option(file, 0, "", 0);
    pcapng_end(file);
    for (uint32_t route = 0; route < about->route_count; route++) {
        const char *name = gn_sim_words_route(about, route);

        pcapng_begin(file, PCAPNG_INTERFACE);
        pcapng_u16(file, PCAPNG_LINKTYPE_RAW);
        pcapng_u16(file, 0);
        pcapng_u32(file, 0); /* packets are never cut */
        pcapng_option(file, PCAPNG_IF_NAME, name, strlen(name));
        pcapng_option(file, PCAPNG_IF_TSRESOL, &microseconds, 1);
        pcapng_option(file, 0, "", 0);
        pcapng_end(file);
    }
}

/* Adds bytes as 16-bit numbers in network order; an odd last one counts as the upper half. */
static uint32_t
pcapng_sum(uint32_t sum, const uint8_t *bytes, size_t len)
{
    size_t at = 0;

    for (; at + 2 <= len; at += 2)
        sum += gn_be_read_u16(bytes + at);
    return at < len ? sum + (uint32_t)bytes[at] * 256 : sum;
}

/* The Internet checksum (RFC 1071) of a sum. */
static uint16_t
pcapng_fold(uint32_t sum)
{
    while (sum > UINT16_MAX)
        sum = sum / 65536 + sum % 65536;
    return (uint16_t)(UINT16_MAX - sum);
}

/* The IPv4 header (RFC 791) and the UDP header (RFC 768) of a datagram. */
static void
pcapng_headers(pcapng *file, const gn_sim_datagram *datagram, uint16_t source_port,
               uint16_t destination_port, uint8_t headers[PCAPNG_IP_BYTES + PCAPNG_UDP_BYTES])
{
    uint8_t *ip = headers;
    uint8_t *udp = headers + PCAPNG_IP_BYTES;
    const uint16_t udp_len = (uint16_t)(PCAPNG_UDP_BYTES + datagram->len);

    memset(headers, 0, PCAPNG_IP_BYTES + PCAPNG_UDP_BYTES);
    ip[0] = 0x45; /* version 4, five words */
    ip[1] = datagram->ecn;
    gn_be_write_u16(ip + 2, (uint16_t)(PCAPNG_IP_BYTES + udp_len));
    gn_be_write_u16(ip + 4, file->ip_id++);
    ip[6] = 0x40; /* RFC 9000 14: not to be fragmented */
    ip[8] = 64;   /* hops left */
    ip[9] = 17;   /* UDP */
    memcpy(ip + 12, datagram->source.ip + 12, 4);
    memcpy(ip + 16, datagram->destination.ip + 12, 4);
    gn_be_write_u16(ip + 10, pcapng_fold(pcapng_sum(0, ip, PCAPNG_IP_BYTES)));
    gn_be_write_u16(udp, source_port);
    gn_be_write_u16(udp + 2, destination_port);
    gn_be_write_u16(udp + 4, udp_len);

    /* RFC 768: over the addresses, the protocol, the length and all of the datagram. */
    uint32_t sum = pcapng_sum(17u + udp_len, ip + 12, 8);
    sum = pcapng_sum(sum, udp, PCAPNG_UDP_BYTES);
    sum = pcapng_sum(sum, datagram->bytes, datagram->len);
    const uint16_t checksum = pcapng_fold(sum);
    gn_be_write_u16(udp + 6, checksum == 0 ? UINT16_MAX : checksum);
}

static void
pcapng_packet(pcapng *file, const gn_sim_datagram *datagram, const char *comment)
{
    const uint64_t at_us = (uint64_t)file->about.unix_ms * 1000 + datagram->at_us;
    const bool from_server = gn_sim_words_is_server(&file->about, datagram->from);
    const bool to_server = gn_sim_words_is_server(&file->about, datagram->to);
    const uint32_t len = (uint32_t)(PCAPNG_IP_BYTES + PCAPNG_UDP_BYTES + datagram->len);
    uint8_t headers[PCAPNG_IP_BYTES + PCAPNG_UDP_BYTES];

    GN_ASSERT(datagram->len <= UINT16_MAX - sizeof headers);
    pcapng_headers(file, datagram, from_server ? PCAPNG_SERVER_PORT : datagram->source.port,
                   to_server ? PCAPNG_SERVER_PORT : datagram->destination.port, headers);
    pcapng_begin(file, PCAPNG_PACKET);
    pcapng_u32(file, datagram->route < file->about.route_count ? datagram->route : 0);
    pcapng_u32(file, (uint32_t)(at_us >> 32));
    pcapng_u32(file, (uint32_t)at_us);
    pcapng_u32(file, len);
    pcapng_u32(file, len);
    pcapng_bytes(file, headers, sizeof headers);
    pcapng_bytes(file, datagram->bytes, datagram->len);
    pcapng_pad(file);
    if (comment != NULL) {
        pcapng_option(file, PCAPNG_COMMENT, comment, strlen(comment));
        pcapng_option(file, 0, "", 0);
    }
    pcapng_end(file);
}

static void
pcapng_on_datagram(void *context, const gn_sim_datagram *datagram)
{
    pcapng *file = context;
    char comment[64];

    if (!gn_sim_words_is_server(&file->about, datagram->to)) {
        if (datagram->fate == GN_SIM_FATE_SENT)
            pcapng_packet(file, datagram, NULL);
        return;
    }
    if (datagram->fate == GN_SIM_FATE_DELIVERED) {
        pcapng_packet(file, datagram, NULL);
    } else if (gn_sim_fate_is_drop(datagram->fate)) {
        (void)snprintf(comment, sizeof comment, "never arrived: dropped by the network (%s)",
                       gn_sim_fate_name(datagram->fate));
        pcapng_packet(file, datagram, comment);
    }
}

/* Whether this line of the key log was written already: both ends tell each secret. */
static bool
pcapng_secret_seen(pcapng *file, const uint8_t *line, size_t len)
{
    static const uint8_t key[GN_SIPHASH_KEY_BYTES];
    const uint64_t hash = gn_siphash(key, line, len);
    const uint64_t count = file->seen_count < PCAPNG_SEEN_MAX ? file->seen_count : PCAPNG_SEEN_MAX;

    for (uint64_t i = 0; i < count; i++)
        if (file->seen[i] == hash)
            return true;
    file->seen[file->seen_count % PCAPNG_SEEN_MAX] = hash;
    file->seen_count += 1;
    return false;
}

static size_t
pcapng_hex(char *out, const uint8_t *bytes, size_t len)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < len; i++) {
        out[2 * i] = digits[bytes[i] / 16];
        out[2 * i + 1] = digits[bytes[i] % 16];
    }
    return 2 * len;
}

static void
pcapng_on_event(void *context, uint16_t host, uint16_t route, const gn_event *event)
{
    pcapng *file = context;
    char line[512];
    size_t len;

    (void)host;
    (void)route;
    if (event->kind != GN_EVENT_SECRET || event->label == NULL)
        return;
    len = strlen(event->label);
    if (len + 2 * event->extra_len + 2 * event->payload_len + 3 > sizeof line)
        return;

    /* NSS key log: label, client random, secret. */
    memcpy(line, event->label, len);
    line[len++] = ' ';
    len += pcapng_hex(line + len, event->extra, event->extra_len);
    line[len++] = ' ';
    len += pcapng_hex(line + len, event->payload, event->payload_len);
    line[len++] = '\n';
    if (pcapng_secret_seen(file, (const uint8_t *)line, len))
        return;
    pcapng_begin(file, PCAPNG_SECRETS);
    pcapng_u32(file, PCAPNG_TLS_KEY_LOG);
    pcapng_u32(file, (uint32_t)len);
    pcapng_bytes(file, line, len);
    pcapng_pad(file);
    pcapng_end(file);
}

static const char *
pcapng_on_end(void *context, uint64_t at_us)
{
    pcapng *file = context;
    const bool bad = ferror(file->out) != 0;
    const bool unclosed = fclose(file->out) != 0;

    (void)at_us;
    free(file);
    return bad || unclosed ? "the capture could not be written" : NULL;
}

const char *
gn_sim_pcapng_open(const char *path, gn_sim_sink *sink)
{
    pcapng *file = calloc(1, sizeof *file);

    if (file == NULL)
        return "no memory for the capture";
    file->out = fopen(path, "wb");
    if (file->out == NULL) {
        free(file);
        return "the capture cannot be opened for writing";
    }
    *sink = (gn_sim_sink){.context = file,
                          .on_begin = pcapng_on_begin,
                          .on_datagram = pcapng_on_datagram,
                          .on_event = pcapng_on_event,
                          .on_end = pcapng_on_end};
    return NULL;
}
