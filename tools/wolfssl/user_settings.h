/*
 * user_settings.h: what our wolfSSL is made of: TLS 1.3 through the QUIC API.
 *
 * wolfSSL reads this file under this name when WOLFSSL_USER_SETTINGS is
 * defined. The library and every user of its headers must see the same text,
 * so it is installed beside them; -DGN_WOLF_NO_ASM leaves the assembly out.
 */
#ifndef GN_WOLF_USER_SETTINGS_H
#define GN_WOLF_USER_SETTINGS_H

/* --- the world: everything comes from the caller (gn_wolf.h) --- */
#ifndef __ASSEMBLER__
#include <time.h>

#include "gn_wolf.h"
#endif
#define HAVE_HASHDRBG /* one generator an object, seeded once, when it is made */
#define CUSTOM_RAND_GENERATE_SEED gn_wolf_draw_seed
#define WC_RESEED_INTERVAL 0xffffffffU /* nobody could be asked for a second seed */
#define XTIME(out) ((time_t)(gn_wolf_time() / 1000))
#define XTIME_MS(out) gn_wolf_time()
#define HAVE_GMTIME_R /* no static struct tm */
#define NO_FILESYSTEM /* certificates and keys arrive as bytes */
#define NO_WRITEV
#define WOLFSSL_USER_IO /* no sockets: QUIC carries the messages */
#define WOLFSSL_NO_SOCK

/* --- protocol: TLS 1.3 over QUIC and nothing older --- */
#define WOLFSSL_TLS13
#define WOLFSSL_NO_TLS12
#define NO_OLD_TLS
#define WOLFSSL_QUIC
#define OPENSSL_EXTRA /* the QUIC API hands out EVP ciphers and digests */
#define HAVE_EX_DATA
#define HAVE_TLS_EXTENSIONS
#define HAVE_SUPPORTED_CURVES
#define HAVE_SNI
#define HAVE_ALPN
#define WOLFSSL_ALWAYS_KEEP_SNI /* otherwise a server never sees the name asked for */
#define HAVE_SESSION_TICKET
#define WOLFSSL_NO_DEF_TICKET_ENC_CB /* tickets are sealed by us or not issued */
#define WOLFSSL_EARLY_DATA
#define HAVE_EXTENDED_MASTER
#define MICRO_SESSION_CACHE /* switched off at run time; NO_SESSION_CACHE does not link */
#define NO_ERROR_QUEUE      /* no list of errors that grows */
#define KEEP_PEER_CERT
#define HAVE_SECRET_CALLBACK /* for the client random; nothing that writes keys to a file */
#define WOLFSSL_IP_ALT_NAME

/* --- algorithms --- */
#define HAVE_HKDF
#define HAVE_AESGCM
#define GCM_TABLE_4BIT
#define WOLFSSL_AES_DIRECT  /* wc_AesEncryptDirect makes header masks */
#define WOLFSSL_AES_COUNTER /* EVP asks for it beside WOLFSSL_QUIC */
#define HAVE_AES_ECB
#define HAVE_CHACHA
#define HAVE_POLY1305
#define WOLFSSL_SHA224
#define WOLFSSL_SHA384
#define WOLFSSL_SHA512
#define WOLFSSL_SHA3
#define WOLFSSL_SHAKE128
#define WOLFSSL_SHAKE256
#define WOLFSSL_EXPERIMENTAL_SETTINGS /* what ML-KEM is filed under */
#define WOLFSSL_HAVE_KYBER
#define WOLFSSL_WC_KYBER
#define WOLFSSL_KYBER768
#define WOLFSSL_ML_KEM /* as FIPS 203 has it; for X25519MLKEM768 alone (patch 04) */
#define HAVE_ECC
#define HAVE_ECC384
#define ECC_SHAMIR
#define ECC_MIN_KEY_SZ 224
#define HAVE_CURVE25519
#define HAVE_ED25519
#define WC_RSA_PSS
#define WOLFSSL_PSS_LONG_SALT
#define WOLFSSL_BASE64_ENCODE
#define WOLFSSL_ASN_TEMPLATE
#define NO_DH
#define NO_DSA
#define NO_DES3
#define NO_DES3_TLS_SUITES
#define NO_RC4
#define NO_MD4
#define NO_PSK /* external keys only; resumption does not need it */
#define NO_PKCS12
#define NO_PWDBASED
#define NO_OLD_RNGNAME
#define NO_OLD_WC_NAMES
#define NO_OLD_SSL_NAMES
#define NO_OLD_SHA_NAMES
#define NO_OLD_MD5_NAME

/* --- side channels --- */
#define TFM_TIMING_RESISTANT
#define ECC_TIMING_RESISTANT
#define WC_RSA_BLINDING

/* --- arithmetic and assembly ---
 *
 * The single-precision code is kept without assembly too: both then draw the
 * same random numbers, and a handshake has the same bytes on every machine.
 */
#define WOLFSSL_USE_ALIGN
#define WOLFSSL_SP_MATH_ALL
#define WOLFSSL_HAVE_SP_ECC
#define WOLFSSL_HAVE_SP_RSA
#define WOLFSSL_SP_384
#define WOLFSSL_SP_4096
#define WOLFSSL_SP_LARGE_CODE
#if defined(__x86_64__) && !defined(GN_WOLF_NO_ASM)
#define WOLFSSL_X86_64_BUILD
#define USE_INTEL_SPEEDUP
#define WOLFSSL_AESNI
#define WOLFSSL_SP_X86_64
#define WOLFSSL_SP_ASM
#define WOLFSSL_SP_X86_64_ASM
#endif
#define HAVE___UINT128_T 1
#define HAVE_THREAD_LS
#define WOLFSSL_HAVE_ATOMIC_H

#endif
