/*
 * space_id.h: the three packet number spaces (RFC 9000 12.3).
 */
#ifndef GN_RECOVERY_SPACE_ID_H
#define GN_RECOVERY_SPACE_ID_H

typedef enum gn_space_id {
    GN_SPACE_INITIAL,
    GN_SPACE_HANDSHAKE,
    GN_SPACE_APP, /* 0-RTT and 1-RTT */
    GN_SPACES
} gn_space_id;

#endif
