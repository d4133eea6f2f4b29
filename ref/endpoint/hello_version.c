/*
 * hello_version.c: see hello_version.h.
 */
#include "endpoint/hello_version.h"

#include <string.h>

#include "base/limits.h"
#include "conn/negotiation.h"
#include "tls/tls.h"
#include "wire/frame.h"
#include "wire/tparams.h"

/* The beginning of the CRYPTO stream as far as one packet has it. */
typedef struct version_hello {
    uint8_t bytes[GN_DATAGRAM_MAX];
    bool there[GN_DATAGRAM_MAX];
} version_hello;

/* How many bytes there are without a gap. */
static size_t
version_gather(gn_span payload, version_hello *hello)
{
    gn_reader r = gn_reader_over(payload.ptr, payload.len);
    gn_frame frame;
    gn_fault fault;
    size_t len = 0;

    while (gn_reader_left(&r) > 0 && gn_frame_read(&r, &frame, &fault) == GN_OK) {
        const gn_frame_crypto *crypto = &frame.as.crypto;
        if (frame.type != GN_FRAME_CRYPTO || crypto->data.len == 0 ||
            crypto->off >= GN_DATAGRAM_MAX || crypto->data.len > GN_DATAGRAM_MAX - crypto->off)
            continue;
        memcpy(hello->bytes + crypto->off, crypto->data.ptr, crypto->data.len);
        memset(hello->there + crypto->off, true, crypto->data.len);
    }
    while (len < GN_DATAGRAM_MAX && hello->there[len])
        len++;
    return len;
}

uint32_t
gn_hello_version(const gn_config *config, uint32_t original, gn_span payload, bool *told)
{
    version_hello hello = {.there = {false}};
    gn_span parameters;
    gn_tparams client;
    gn_fault fault;

    *told = true;
    const size_t len = version_gather(payload, &hello);
    if (!config->tls_ops->peek(gn_span_of(hello.bytes, len), &parameters) ||
        gn_tparams_read(parameters, false, &client, &fault) != GN_OK)
        return original;
    *told = (client.present & GN_TPARAMS_VERSIONS) != 0;
    return gn_negotiation_choose(config->versions, original, &client);
}
