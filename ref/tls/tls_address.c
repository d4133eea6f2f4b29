/*
 * tls_address.c: see tls_address.h.
 */
#include "tls/tls_address.h"

#include <stdint.h>
#include <string.h>

enum { ADDRESS_GROUPS = 8, ADDRESS_OCTETS = 4 };

bool
gn_tls_address_is(const char *name)
{
    return strchr(name, ':') != NULL || name[strspn(name, "0123456789.")] == '\0';
}

/* The value of a digit, or 16. */
static unsigned
digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0');
    if (c >= 'a' && c <= 'f')
        return (unsigned)(c - 'a') + 10;
    return c >= 'A' && c <= 'F' ? (unsigned)(c - 'A') + 10 : 16;
}

/* Takes a number of 1 to most digits of this base. false: there is none. */
static bool
take_number(const char **at, unsigned base, size_t most, unsigned *out)
{
    size_t count = 0;

    for (*out = 0; digit_value(**at) < base; ++*at) {
        if (++count > most)
            return false;
        *out = *out * base + digit_value(**at);
    }
    return count > 0;
}

/* Four numbers to 255 with points between them, and nothing behind. */
static bool
take_four(const char *at, uint16_t pair[2])
{
    for (size_t i = 0; i < ADDRESS_OCTETS; i++) {
        unsigned octet;

        if (!take_number(&at, 10, 3, &octet) || octet > UINT8_MAX)
            return false;
        pair[i / 2] = (uint16_t)((unsigned)pair[i / 2] << 8 | octet);
        if (*at++ != (i + 1 < ADDRESS_OCTETS ? '.' : '\0'))
            return false;
    }
    return true;
}

/* RFC 4291 2.2: groups, "::" once for as many of zero as are missing, the last two as IPv4. */
static bool
take_groups(const char *at, uint16_t out[ADDRESS_GROUPS])
{
    uint16_t group[ADDRESS_GROUPS + 1] = {0};
    size_t count = 0, gap = ADDRESS_GROUPS + 1;

    if (at[0] == ':') {
        if (at[1] != ':')
            return false;
        at++;
    }
    while (*at != '\0') {
        unsigned value;

        if (*at == ':') {
            if (gap <= ADDRESS_GROUPS)
                return false;
            gap = count;
            at++;
            continue;
        }
        if (count <= ADDRESS_GROUPS - 2 && take_four(at, &group[count])) {
            count += 2;
            break;
        }
        group[count] = 0;
        if (count == ADDRESS_GROUPS || !take_number(&at, 16, 4, &value))
            return false;
        group[count++] = (uint16_t)value;
        if (*at == '\0')
            break;
        if (*at != ':' || at[1] == '\0')
            return false;
        at++;
    }
    if (gap > ADDRESS_GROUPS ? count != ADDRESS_GROUPS : count >= ADDRESS_GROUPS)
        return false;
    for (size_t i = 0; i < ADDRESS_GROUPS; i++)
        out[i] = 0;
    for (size_t i = 0; i < count; i++)
        out[i < gap ? i : i + ADDRESS_GROUPS - count] = group[i];
    return true;
}

bool
gn_tls_address_write(const char *name, char out[GN_TLS_ADDRESS_TEXT])
{
    static const char digits[] = "0123456789ABCDEF";
    uint16_t group[ADDRESS_GROUPS] = {0};

    if (strchr(name, ':') == NULL) {
        if (!take_four(name, group))
            return false;
        memcpy(out, name, strlen(name) + 1);
        return true;
    }
    if (!take_groups(name, group))
        return false;
    for (size_t i = 0; i < ADDRESS_GROUPS; i++) {
        for (size_t k = 0; k < 4; k++)
            out[5 * i + k] = digits[group[i] >> (12 - 4 * k) & 15];
        out[5 * i + 4] = i + 1 < ADDRESS_GROUPS ? ':' : '\0';
    }
    return true;
}
