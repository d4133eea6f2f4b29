/*
 * tls_address.h: IP addresses where a server's name is expected (RFC 6066 3, RFC 9110 4.3.5).
 */
#ifndef GN_TLS_TLS_ADDRESS_H
#define GN_TLS_TLS_ADDRESS_H

#include <stdbool.h>

/* Eight groups of four digits, seven colons, NUL. */
#define GN_TLS_ADDRESS_TEXT 40

/* Whether the name looks like an address: it then has no place in SNI (RFC 6066 3). */
bool gn_tls_address_is(const char *name);

/*
 * Writes the address in full: "127.0.0.1" as it is, IPv6 as "2001:0DB8:0000:...", which is how
 * the TLS library writes those of a certificate. false: it is no address.
 */
bool gn_tls_address_write(const char *name, char out[GN_TLS_ADDRESS_TEXT]);

#endif
