/*
 * tls_hello.c: see tls_hello.h.
 */
#include "tls/tls_hello.h"

#include <string.h>

#include "base/bytes.h"
#include "base/reader.h"
#include "tls/tls_alert.h"

/* RFC 8446 4.2, RFC 9001 8.2: the extensions that are looked at. */
enum {
    EXTENSION_ALPN = 16,
    EXTENSION_PRE_SHARED_KEY = 41,
    EXTENSION_EARLY_DATA = 42,
    EXTENSION_SUPPORTED_VERSIONS = 43,
    EXTENSION_COOKIE = 44,
    EXTENSION_KEY_SHARE = 51,
    EXTENSION_QUIC_PARAMETERS = 0x39
};

enum { HELLO_LEGACY_VERSION = 0x0303, HELLO_VERSION = 0x0304, HELLO_RANDOM_BYTES = 32 };

/* RFC 8446 4.1.3: the random of a HelloRetryRequest. */
static const uint8_t retry_random[HELLO_RANDOM_BYTES] = {
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
    0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
};

static gn_err
refuse_decode(gn_fault *fault)
{
    return gn_tls_alert_fault(fault, GN_TLS_ALERT_DECODE_ERROR,
                              "RFC 8446 6.2: lengths in a handshake message do not fit");
}

static gn_err
refuse_illegal(gn_fault *fault, const char *why)
{
    return gn_tls_alert_fault(fault, GN_TLS_ALERT_ILLEGAL_PARAMETER, why);
}

/* Takes a vector with a length of 1 or 2 bytes in front. */
static gn_err
read_vector(gn_reader *r, size_t length_bytes, gn_span *out)
{
    uint16_t len = 0;
    uint8_t len8 = 0;

    gn_err err = length_bytes == 1 ? gn_reader_u8(r, &len8) : gn_reader_u16(r, &len);
    if (err != GN_OK)
        return err;
    return gn_reader_bytes(r, length_bytes == 1 ? len8 : len, out);
}

/* As many as honest messages have; more are rare. */
#define SEEN_FEW 32

/* 16-bit values met so far: the first few in a list, then all as bits. */
typedef struct seen_set {
    size_t count; /* of few */
    uint16_t few[SEEN_FEW];
    uint64_t bits[65536 / 64]; /* undefined until few is full */
} seen_set;

/* Whether the value is new among the bits; it no longer is. */
static bool
seen_mark(seen_set *seen, uint16_t value)
{
    uint64_t bit = UINT64_C(1) << (value % 64);
    uint64_t *word = &seen->bits[value / 64];

    if (*word & bit)
        return false;
    *word |= bit;
    return true;
}

/* Whether the value is new; it no longer is. */
static bool
seen_add(seen_set *seen, uint16_t value)
{
    if (seen->count == SEEN_FEW)
        return seen_mark(seen, value);
    for (size_t i = 0; i < seen->count; i++)
        if (seen->few[i] == value)
            return false;
    seen->few[seen->count++] = value;
    if (seen->count < SEEN_FEW)
        return true;
    memset(seen->bits, 0, sizeof seen->bits);
    for (size_t i = 0; i < SEEN_FEW; i++)
        (void)seen_mark(seen, seen->few[i]);
    return true;
}

/* A walk over a list of extensions. */
typedef struct extension_walk {
    gn_reader list;
    seen_set seen;
    uint16_t type; /* of the extension read last */
    gn_span body;
} extension_walk;

static void
walk_begin(extension_walk *walk, gn_span list)
{
    walk->list = gn_reader_over(list.ptr, list.len);
    walk->seen.count = 0;
}

/* GN_ERR_NONE: that was the last one. */
static gn_err
walk_next(extension_walk *walk, gn_fault *fault)
{
    if (gn_reader_left(&walk->list) == 0)
        return GN_ERR_NONE;
    if (gn_reader_u16(&walk->list, &walk->type) != GN_OK ||
        read_vector(&walk->list, 2, &walk->body) != GN_OK)
        return refuse_decode(fault);
    /* RFC 8446 4.2: one extension of each type. */
    if (!seen_add(&walk->seen, walk->type))
        return refuse_illegal(fault, "RFC 8446 4.2: an extension came twice");
    return GN_OK;
}

/* RFC 7301 3.1: a list of names, none empty. *count: how many; *first: one of them. */
static gn_err
judge_alpn(gn_span body, size_t *count, gn_span *first, gn_fault *fault)
{
    gn_reader r = gn_reader_over(body.ptr, body.len);
    gn_span list;

    if (read_vector(&r, 2, &list) != GN_OK || gn_reader_left(&r) != 0 || list.len == 0)
        return refuse_decode(fault);
    gn_reader names = gn_reader_over(list.ptr, list.len);
    for (*count = 0; gn_reader_left(&names) > 0; ++*count) {
        gn_span name;
        if (read_vector(&names, 1, &name) != GN_OK || name.len == 0)
            return refuse_decode(fault);
        if (*count == 0)
            *first = name;
    }
    return GN_OK;
}

/* RFC 8446 4.2.8: a list of key shares, each of another group. */
static gn_err
judge_client_shares(gn_span body, gn_fault *fault)
{
    gn_reader r = gn_reader_over(body.ptr, body.len);
    seen_set seen;
    gn_span list;

    seen.count = 0;
    if (read_vector(&r, 2, &list) != GN_OK || gn_reader_left(&r) != 0)
        return refuse_decode(fault);
    gn_reader shares = gn_reader_over(list.ptr, list.len);
    while (gn_reader_left(&shares) > 0) {
        uint16_t group;
        gn_span share;
        if (gn_reader_u16(&shares, &group) != GN_OK || read_vector(&shares, 2, &share) != GN_OK ||
            share.len == 0)
            return refuse_decode(fault);
        if (!seen_add(&seen, group))
            return refuse_illegal(fault, "RFC 8446 4.2.8: two key shares of one group");
    }
    return GN_OK;
}

/* RFC 8446 4.2.1: *offered: the list of versions holds TLS 1.3. */
static gn_err
judge_client_versions(gn_span body, bool *offered, gn_fault *fault)
{
    gn_reader r = gn_reader_over(body.ptr, body.len);
    gn_span list;

    if (read_vector(&r, 1, &list) != GN_OK || gn_reader_left(&r) != 0 || list.len % 2 != 0)
        return refuse_decode(fault);
    for (size_t i = 0; i < list.len; i += 2) {
        if (list.ptr[i] == HELLO_VERSION / 0x100 && list.ptr[i + 1] == HELLO_VERSION % 0x100)
            *offered = true;
    }
    return GN_OK;
}

/* What the extensions of a ClientHello held. */
typedef struct client_found {
    bool alpn;
    bool parameters;
    bool version;
} client_found;

static gn_err
judge_client_extension(const extension_walk *walk, client_found *found, gn_fault *fault)
{
    size_t names;
    gn_span name;

    switch (walk->type) {
    case EXTENSION_ALPN: found->alpn = true; return judge_alpn(walk->body, &names, &name, fault);
    case EXTENSION_KEY_SHARE: return judge_client_shares(walk->body, fault);
    case EXTENSION_SUPPORTED_VERSIONS:
        return judge_client_versions(walk->body, &found->version, fault);
    case EXTENSION_QUIC_PARAMETERS: found->parameters = true; return GN_OK;
    case EXTENSION_PRE_SHARED_KEY:
        /* RFC 8446 4.2.11: its binders cover everything before it. */
        if (gn_reader_left(&walk->list) > 0)
            return refuse_illegal(fault, "RFC 8446 4.2.11: pre_shared_key is not the last");
        return GN_OK;
    default: return GN_OK;
    }
}

static gn_err
judge_client_extensions(gn_span list, gn_fault *fault)
{
    client_found found = {0};
    extension_walk walk;
    gn_err err;

    walk_begin(&walk, list);
    while ((err = walk_next(&walk, fault)) == GN_OK) {
        err = judge_client_extension(&walk, &found, fault);
        if (err != GN_OK)
            return err;
    }
    if (err != GN_ERR_NONE)
        return err;
    /* RFC 9001 4.2: nothing older than TLS 1.3. [R-9001-4.2-2] */
    if (!found.version)
        return gn_tls_alert_fault(fault, GN_TLS_ALERT_PROTOCOL_VERSION,
                                  "RFC 9001 4.2: TLS 1.3 is not offered");
    /* [R-9001-8.2-2] */
    if (!found.parameters)
        return gn_tls_alert_fault(fault, GN_TLS_ALERT_MISSING_EXTENSION,
                                  "RFC 9001 8.2: no transport parameters");
    /* [R-9001-8.1-4] */
    if (!found.alpn)
        return gn_tls_alert_fault(fault, GN_TLS_ALERT_NO_APPLICATION_PROTOCOL,
                                  "RFC 9001 8.1: no application protocol offered");
    return GN_OK;
}

gn_err
gn_tls_hello_judge_client(gn_span body, gn_fault *fault)
{
    gn_reader r = gn_reader_over(body.ptr, body.len);
    gn_span session, suites, compressions, extensions;
    uint16_t version;

    if (gn_reader_u16(&r, &version) != GN_OK || gn_reader_skip(&r, HELLO_RANDOM_BYTES) != GN_OK ||
        read_vector(&r, 1, &session) != GN_OK || read_vector(&r, 2, &suites) != GN_OK ||
        read_vector(&r, 1, &compressions) != GN_OK)
        return refuse_decode(fault);
    /* RFC 9001 8.4: no middlebox compatibility. [R-9001-8.4-1] */
    if (session.len > 0)
        return gn_fault_set(fault, GN_FAULT_PROTOCOL_VIOLATION, GN_TLS_ALERT_FRAME,
                            "RFC 9001 8.4: the session id is not empty");
    /* [R-9001-5.3-2] */
    if (suites.len == 0 || suites.len % 2 != 0)
        return refuse_decode(fault);
    /* A hello of an older version may end here; it then offers no TLS 1.3. */
    extensions = gn_span_of(NULL, 0);
    if (gn_reader_left(&r) > 0 &&
        (read_vector(&r, 2, &extensions) != GN_OK || gn_reader_left(&r) > 0))
        return refuse_decode(fault);
    gn_err err = judge_client_extensions(extensions, fault);
    if (err != GN_OK)
        return err;
    /* RFC 8446 4.1.2: these two fields are frozen. */
    if (version != HELLO_LEGACY_VERSION)
        return refuse_illegal(fault, "RFC 8446 4.1.2: legacy_version is not 0x0303");
    if (compressions.len != 1 || compressions.ptr[0] != 0)
        return refuse_illegal(fault, "RFC 8446 4.1.2: compression is offered");
    return GN_OK;
}

/* An extension of a ClientHello, of which perhaps only the beginning is there. */
static bool
client_extension(gn_span hello, uint16_t wanted, gn_span *out)
{
    enum { HELLO_TYPE = 1, HELLO_HEADER_BYTES = 4, HELLO_VERSION_BYTES = 2 };
    gn_reader r = gn_reader_over(hello.ptr, hello.len);
    gn_span skipped;
    uint16_t type = 0;
    uint16_t list = 0;

    if (hello.len == 0 || hello.ptr[0] != HELLO_TYPE ||
        gn_reader_skip(&r, HELLO_HEADER_BYTES + HELLO_VERSION_BYTES + HELLO_RANDOM_BYTES) !=
            GN_OK ||
        read_vector(&r, 1, &skipped) != GN_OK || read_vector(&r, 2, &skipped) != GN_OK ||
        read_vector(&r, 1, &skipped) != GN_OK || gn_reader_u16(&r, &list) != GN_OK)
        return false;
    while (gn_reader_u16(&r, &type) == GN_OK && read_vector(&r, 2, &skipped) == GN_OK)
        if (type == wanted) {
            *out = skipped;
            return true;
        }
    return false;
}

bool
gn_tls_hello_peek(gn_span hello, gn_span *parameters)
{
    return client_extension(hello, EXTENSION_QUIC_PARAMETERS, parameters);
}

bool
gn_tls_hello_offers_early(gn_span hello)
{
    gn_span nothing;

    return client_extension(hello, EXTENSION_EARLY_DATA, &nothing);
}

bool
gn_tls_hello_is_retry(gn_span body)
{
    return body.len >= 2 + HELLO_RANDOM_BYTES &&
           gn_bytes_equal(body.ptr + 2, retry_random, HELLO_RANDOM_BYTES);
}

/* What the extensions of a ServerHello held. */
typedef struct server_found {
    bool version;
    bool share;
    bool cookie;
} server_found;

static gn_err
judge_server_extensions(gn_span list, server_found *found, gn_fault *fault)
{
    extension_walk walk;
    gn_err err;

    walk_begin(&walk, list);
    while ((err = walk_next(&walk, fault)) == GN_OK) {
        const gn_span body = walk.body;
        if (walk.type == EXTENSION_SUPPORTED_VERSIONS)
            found->version = body.len == 2 && body.ptr[0] == HELLO_VERSION / 0x100 &&
                             body.ptr[1] == HELLO_VERSION % 0x100;
        else if (walk.type == EXTENSION_KEY_SHARE)
            found->share = true;
        else if (walk.type == EXTENSION_COOKIE)
            found->cookie = true;
    }
    return err == GN_ERR_NONE ? GN_OK : err;
}

gn_err
gn_tls_hello_judge_server(gn_span body, bool *retry, gn_fault *fault)
{
    gn_reader r = gn_reader_over(body.ptr, body.len);
    gn_span session, extensions = gn_span_of(NULL, 0);
    uint16_t version, suite;
    uint8_t compression;
    server_found found = {0};

    if (gn_reader_u16(&r, &version) != GN_OK || gn_reader_skip(&r, HELLO_RANDOM_BYTES) != GN_OK ||
        read_vector(&r, 1, &session) != GN_OK || gn_reader_u16(&r, &suite) != GN_OK ||
        gn_reader_u8(&r, &compression) != GN_OK)
        return refuse_decode(fault);
    if (gn_reader_left(&r) > 0 &&
        (read_vector(&r, 2, &extensions) != GN_OK || gn_reader_left(&r) > 0))
        return refuse_decode(fault);
    gn_err err = judge_server_extensions(extensions, &found, fault);
    if (err != GN_OK)
        return err;
    /* RFC 9001 4.2: whatever older version this is, it ends here. [R-9001-4.2-2] */
    if (version != HELLO_LEGACY_VERSION || !found.version)
        return gn_tls_alert_fault(fault, GN_TLS_ALERT_PROTOCOL_VERSION,
                                  "RFC 9001 4.2: the server did not choose TLS 1.3");
    /* RFC 8446 4.1.3: it repeats our session id, which was empty. */
    if (session.len > 0)
        return refuse_illegal(fault, "RFC 8446 4.1.3: a session id we did not send");
    if (compression != 0)
        return refuse_illegal(fault, "RFC 8446 4.1.3: compression was chosen");
    bool is_retry = gn_tls_hello_is_retry(body);
    if (is_retry && !found.share && !found.cookie)
        return refuse_illegal(fault, "RFC 8446 4.1.4: a HelloRetryRequest that changes nothing");
    /* We never offer a pre-shared key without a key exchange. */
    if (!is_retry && !found.share)
        return gn_tls_alert_fault(fault, GN_TLS_ALERT_MISSING_EXTENSION,
                                  "RFC 8446 9.2: no key share");
    *retry = is_retry;
    return GN_OK;
}

uint16_t
gn_tls_hello_group(gn_span body)
{
    gn_reader r = gn_reader_over(body.ptr, body.len);
    gn_span session, extensions;
    extension_walk walk;
    gn_fault fault;

    if (gn_reader_skip(&r, 2 + HELLO_RANDOM_BYTES) != GN_OK ||
        read_vector(&r, 1, &session) != GN_OK || gn_reader_skip(&r, 3) != GN_OK ||
        read_vector(&r, 2, &extensions) != GN_OK)
        return 0;
    walk_begin(&walk, extensions);
    while (walk_next(&walk, &fault) == GN_OK)
        if (walk.type == EXTENSION_KEY_SHARE && walk.body.len >= 2)
            return (uint16_t)(walk.body.ptr[0] * 0x100 + walk.body.ptr[1]);
    return 0;
}

gn_err
gn_tls_hello_judge_encrypted(gn_span body, gn_span *alpn, bool *early, gn_fault *fault)
{
    gn_reader r = gn_reader_over(body.ptr, body.len);
    gn_span list, name = {0};
    extension_walk walk;
    size_t names = 0;
    bool parameters = false, accepted = false;
    gn_err err;

    if (read_vector(&r, 2, &list) != GN_OK || gn_reader_left(&r) > 0)
        return refuse_decode(fault);
    walk_begin(&walk, list);
    while ((err = walk_next(&walk, fault)) == GN_OK) {
        if (walk.type == EXTENSION_QUIC_PARAMETERS)
            parameters = true;
        else if (walk.type == EXTENSION_EARLY_DATA)
            accepted = true;
        else if (walk.type == EXTENSION_ALPN &&
                 (err = judge_alpn(walk.body, &names, &name, fault)) != GN_OK)
            return err;
    }
    if (err != GN_ERR_NONE)
        return err;
    /* [R-9001-8.2-2] */
    if (!parameters)
        return gn_tls_alert_fault(fault, GN_TLS_ALERT_MISSING_EXTENSION,
                                  "RFC 9001 8.2: no transport parameters");
    /* [R-9001-8.1-3] */
    if (names == 0)
        return gn_tls_alert_fault(fault, GN_TLS_ALERT_NO_APPLICATION_PROTOCOL,
                                  "RFC 9001 8.1: no application protocol chosen");
    /* RFC 7301 3.1: the answer is one name. */
    if (names > 1)
        return refuse_illegal(fault, "RFC 7301 3.1: more than one protocol chosen");
    *alpn = name;
    *early = accepted;
    return GN_OK;
}

gn_err
gn_tls_hello_judge_ticket(gn_span body, gn_fault *fault)
{
    gn_reader r = gn_reader_over(body.ptr, body.len);
    gn_span nonce, ticket, extensions;
    extension_walk walk;
    gn_err err;

    if (gn_reader_skip(&r, 8) != GN_OK || read_vector(&r, 1, &nonce) != GN_OK ||
        read_vector(&r, 2, &ticket) != GN_OK || ticket.len == 0 ||
        read_vector(&r, 2, &extensions) != GN_OK || gn_reader_left(&r) > 0)
        return refuse_decode(fault);
    walk_begin(&walk, extensions);
    while ((err = walk_next(&walk, fault)) == GN_OK) {
        if (walk.type != EXTENSION_EARLY_DATA)
            continue;
        gn_reader limit = gn_reader_over(walk.body.ptr, walk.body.len);
        uint32_t bytes;
        if (gn_reader_u32(&limit, &bytes) != GN_OK || gn_reader_left(&limit) > 0)
            return refuse_decode(fault);
        /* RFC 9001 4.6.1 [R-9001-4.6.1-2] */
        if (bytes != UINT32_MAX)
            return gn_fault_set(fault, GN_FAULT_PROTOCOL_VIOLATION, GN_TLS_ALERT_FRAME,
                                "RFC 9001 4.6.1: a ticket limits early data");
    }
    return err == GN_ERR_NONE ? GN_OK : err;
}
