/*
 * first_keys.h: the keys of a client's first packet, before there is a connection (RFC 9001 5.2).
 *
 * A server looks into an Initial packet before it decides what to do with its
 * sender. The keys it made for that are the connection's, if there is to be one.
 */
#ifndef GN_CONN_FIRST_KEYS_H
#define GN_CONN_FIRST_KEYS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/span.h"
#include "conn/conn.h"
#include "crypto/initial.h"
#include "crypto/keys.h"
#include "wire/header_read.h"

typedef struct gn_first_keys {
    gn_keys keys;                               /* for reading alone, or discarded */
    uint8_t tx_secret[GN_INITIAL_SECRET_BYTES]; /* the server's */
} gn_first_keys;

/*
 * Whether a client's first Initial packet, at bytes, is authentic as far as that goes: its keys
 * follow from its own header. *payload is then what is in it, in env->opened. Either way the keys
 * are the caller's to give or to drop; env->slot does not matter.
 */
bool gn_first_keys_open(gn_first_keys *first, const gn_env *env, const gn_header *header,
                        const uint8_t *bytes, gn_span *payload);

/*
 * A connection's Initial keys, which are none yet, become these, and those for sending beside
 * them; here there are none any more. GN_ERR_FULL: no slot for them. The version is the same.
 */
GN_MUST_USE gn_err gn_first_keys_give(gn_first_keys *first, const gn_env *env, gn_keys *to);

/* Gives back what was not given. */
void gn_first_keys_drop(gn_first_keys *first, const gn_env *env);

#endif
