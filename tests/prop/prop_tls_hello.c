/*
 * prop_tls_hello.c: what must hold when any bytes are looked at as a ClientHello that may have
 * come in part.
 *
 * The parameters that are found lie in the bytes. What is found in a beginning is found in
 * all of it, at the same place. A ClientHello that would pass has them.
 */
#include "prop.h"
#include "tls/tls_hello.h"

enum { HEADER_BYTES = 4, CLIENT_HELLO = 1, CUTS = 256 };

/* As by gn_tls_hello_peek; false as well if what is found lies elsewhere. */
static bool
peek(const uint8_t *bytes, size_t len, gn_span *found, bool *outside)
{
    if (!gn_tls_hello_peek(gn_span_of(bytes, len), found))
        return false;
    if (found->ptr < bytes || found->ptr > bytes + len ||
        found->len > (size_t)(bytes + len - found->ptr))
        *outside = true;
    return true;
}

bool
gn_prop_tls_hello(const uint8_t *bytes, size_t len)
{
    bool outside = false;
    gn_fault fault;
    gn_span whole;
    gn_span part;
    const bool found = peek(bytes, len, &whole, &outside);

    for (size_t cut = 0; cut < len; cut += 1 + len / CUTS)
        if (peek(bytes, cut, &part, &outside) &&
            (!found || part.ptr != whole.ptr || part.len != whole.len))
            return false;
    if (outside)
        return false;
    return found || len < HEADER_BYTES || bytes[0] != CLIENT_HELLO ||
           gn_tls_hello_judge_client(gn_span_of(bytes + HEADER_BYTES, len - HEADER_BYTES),
                                     &fault) != GN_OK;
}
