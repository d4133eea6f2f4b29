/*
 * fake_suite.h: packet protection that protects nothing, quickly.
 *
 * A stand-in for campaigns of simulations: texts are hardly hidden, lengths are
 * those of the real thing, and a tag over key, nonce, associated data and text
 * shows every change but for chance. Nothing here is secret from anybody.
 */
#ifndef GN_SIM_FAKE_SUITE_H
#define GN_SIM_FAKE_SUITE_H

#include "crypto/suite.h"

/* The table; static. */
const gn_suite_ops *gn_sim_fake_suite(void);

/* len bytes that follow from a secret of 32 bytes and a label; for the stand-in of TLS. */
void gn_sim_fake_suite_derive(const uint8_t secret[32], const char *label, uint8_t *out,
                              size_t len);

#endif
