/*
 * fake_tls.h: a handshake in three messages that proves nothing to anybody.
 *
 * A stand-in for TLS 1.3 with its order of events and its levels, its
 * transport parameters and ALPN, and none of its cryptography:
 *
 *   client                                     server
 *   Initial    HELLO random, ALPN, name, parameters  -->
 *                 <--  REPLY random              Initial
 *                 <--  PROOF ALPN, parameters    Handshake
 *   Handshake  DONE                          -->
 *
 * Secrets follow from both randoms; PROOF and DONE carry a word that follows
 * from the secrets, so that ends that disagree find out. Use it with
 * fake_suite.h; it is never built into the library.
 */
#ifndef GN_SIM_FAKE_TLS_H
#define GN_SIM_FAKE_TLS_H

#include "tls/tls.h"

/* The table; static. */
const gn_tls_ops *gn_sim_fake_tls(void);

#endif
