/*
 * err.h: the few ways a call can end.
 *
 * A call that can fail returns one of these and nothing else. Results travel
 * through out parameters, and an out parameter is left alone unless the call
 * says GN_OK.
 */
#ifndef GN_BASE_ERR_H
#define GN_BASE_ERR_H

#if defined(__GNUC__) && !defined(__FRAMAC__)
#define GN_MUST_USE __attribute__((warn_unused_result))
#else
#define GN_MUST_USE
#endif

typedef enum gn_err {
    GN_OK = 0,
    GN_ERR_SHORT,       /* the bytes end too soon */
    GN_ERR_FULL,        /* our own space ends too soon */
    GN_ERR_RANGE,       /* a value outside what is allowed */
    GN_ERR_STATE,       /* right call, wrong moment */
    GN_ERR_FORM,        /* malformed: the peer broke a rule */
    GN_ERR_AUTH,        /* did not authenticate */
    GN_ERR_NONE,        /* there is no such thing */
    GN_ERR_UNSUPPORTED, /* understood, but not done here */
    GN_ERR_TLS,         /* the TLS library refused */
    GN_ERR_CONFIG,      /* the configuration contradicts itself */
    GN_ERRS             /* how many there are; never returned */
} gn_err;

/* The name as spelt above, "GN_ERR_SHORT"; "GN_ERR_?" for any other number. Static. */
/*@
  terminates \true; exits \false;
  assigns \nothing;
  ensures \valid_read(\result);
*/
const char *gn_err_name(gn_err err);

#endif
