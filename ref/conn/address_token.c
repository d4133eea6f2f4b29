/*
 * address_token.c: see address_token.h.
 */
#include "conn/address_token.h"

#include <string.h>

bool
gn_address_token_keep(gn_address_token *t, gn_span bytes)
{
    if (bytes.len > GN_TOKEN_MAX)
        return false;
    if (bytes.len > 0)
        memcpy(t->bytes, bytes.ptr, bytes.len);
    t->len = (uint16_t)bytes.len;
    return true;
}
