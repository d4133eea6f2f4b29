/*
 * rules_words.h: the short words of the tables of rules; for test files only, see rules.h.
 */
#ifndef GN_TESTS_SUPPORT_RULES_WORDS_H
#define GN_TESTS_SUPPORT_RULES_WORDS_H

#include "base/fault.h"
#include "tests/support/rules.h"

enum { CLIENT = GN_RULES_CLIENT, SERVER = GN_RULES_SERVER, BOTH = GN_RULES_BOTH };

enum {
    CLOSE = GN_RULES_CLOSE,
    DROP = GN_RULES_DROP,
    ACK = GN_RULES_ACK,
    LIVE = GN_RULES_LIVE,
    HEAR = GN_RULES_HEAR,
    WANTS = GN_RULES_WANTS
};

enum {
    ENCODING = GN_FAULT_FRAME_ENCODING,
    PARAMETER = GN_FAULT_TRANSPORT_PARAMETER,
    LIMIT = GN_FAULT_CONNECTION_ID_LIMIT,
    VIOLATION = GN_FAULT_PROTOCOL_VIOLATION,
    BUFFER = GN_FAULT_CRYPTO_BUFFER,
    KEY_UPDATE = GN_FAULT_KEY_UPDATE,
    AEAD_LIMIT = GN_FAULT_AEAD_LIMIT
};

#endif
