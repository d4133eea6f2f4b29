/*
 * level.h: the encryption levels of the handshake (RFC 9001 4, table 1).
 */
#ifndef GN_CRYPTO_LEVEL_H
#define GN_CRYPTO_LEVEL_H

/* In the order in which TLS reaches them. CRYPTO frames exist at all of them but EARLY. */
typedef enum gn_level {
    GN_LEVEL_INITIAL,
    GN_LEVEL_EARLY, /* 0-RTT packets */
    GN_LEVEL_HANDSHAKE,
    GN_LEVEL_APP, /* 1-RTT packets */
    GN_LEVELS
} gn_level;

#endif
