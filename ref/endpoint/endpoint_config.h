/*
 * endpoint_config.h: which configurations make sense.
 */
#ifndef GN_ENDPOINT_ENDPOINT_CONFIG_H
#define GN_ENDPOINT_ENDPOINT_CONFIG_H

#include <stdbool.h>

#include "base/err.h"
#include "gnomon.h"
#include "tls/tls.h"

/*
 * GN_ERR_CONFIG: a field is out of range, or something needed is missing; *field, if field is not
 * NULL, is its name. The struct is whole.
 */
GN_MUST_USE gn_err gn_endpoint_config_check(const gn_config *config, const char **field);

/*
 * A caller's struct, of whatever version, made whole and checked. Texts stay the caller's. Errors
 * as above; also when given is NULL. *out is written only on GN_OK.
 */
GN_MUST_USE gn_err gn_endpoint_config_take(const gn_config *given, gn_config *out,
                                           const char **field);

/* Whether every count is in range. */
bool gn_endpoint_config_limits_ok(const gn_limits *limits);

/* The TLS context's share of the configuration; texts are borrowed from config. No seed yet. */
void gn_endpoint_config_tls(const gn_config *config, gn_tls_config *out);

#endif
