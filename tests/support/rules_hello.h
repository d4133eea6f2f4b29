/*
 * rules_hello.h: TLS messages of a rule's peer, rewritten on their way; see rules.h.
 *
 * What the peer itself believes to have said stays as it was: a handshake
 * that is rewritten can be refused, and not completed.
 */
#ifndef GN_TESTS_SUPPORT_RULES_HELLO_H
#define GN_TESTS_SUPPORT_RULES_HELLO_H

#include <stdint.h>

#include "tests/support/rules.h"

/*
 * The peer's first message that has extensions of this level (a hello, or EncryptedExtensions)
 * loses the one of the type that more names, and gets the text as further extensions.
 */
void gn_rules_in_hello(gn_rules *run);  /* ClientHello, or EncryptedExtensions */
void gn_rules_in_choice(gn_rules *run); /* ServerHello */

/* The text stands before, or behind, the peer's first message of a level. */
void gn_rules_before_handshake(gn_rules *run);
void gn_rules_behind_initial(gn_rules *run);

/* The text as TLS bytes in 1-RTT CRYPTO frames, behind all that the peer said there. */
void gn_rules_in_1rtt_crypto(gn_rules *run);

/* Copies a message into run->message, with so many bytes at `at` replaced. */
gn_span gn_rules_hello_splice(gn_rules *run, gn_span message, size_t at, size_t old_len,
                              const uint8_t *bytes, size_t len);

#endif
