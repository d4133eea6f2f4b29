/*
 * suite_wolfcrypt.h: the cipher suites done by wolfCrypt.
 */
#ifndef GN_CRYPTO_SUITE_WOLFCRYPT_H
#define GN_CRYPTO_SUITE_WOLFCRYPT_H

#include "crypto/suite.h"

/* The table; static. Needs no initialisation of the library and may be used from any thread. */
const gn_suite_ops *gn_suite_wolfcrypt(void);

#endif
