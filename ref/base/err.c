/*
 * err.c: see err.h.
 */
#include "base/err.h"

const char *
gn_err_name(gn_err err)
{
    switch (err) {
    case GN_OK: return "GN_OK";
    case GN_ERR_SHORT: return "GN_ERR_SHORT";
    case GN_ERR_FULL: return "GN_ERR_FULL";
    case GN_ERR_RANGE: return "GN_ERR_RANGE";
    case GN_ERR_STATE: return "GN_ERR_STATE";
    case GN_ERR_FORM: return "GN_ERR_FORM";
    case GN_ERR_AUTH: return "GN_ERR_AUTH";
    case GN_ERR_NONE: return "GN_ERR_NONE";
    case GN_ERR_UNSUPPORTED: return "GN_ERR_UNSUPPORTED";
    case GN_ERR_TLS: return "GN_ERR_TLS";
    case GN_ERR_CONFIG: return "GN_ERR_CONFIG";
    case GN_ERRS: break;
    }
    return "GN_ERR_?";
}
