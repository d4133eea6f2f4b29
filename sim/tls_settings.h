/*
 * tls_settings.h: what a scenario says about TLS at one host.
 *
 * Lists are texts with the elements separated by ", ", as the reader makes
 * them. A host that is told nothing has gn_config's defaults, the simulation's
 * own certificate as a server and none as a client.
 */
#ifndef GN_SIM_TLS_SETTINGS_H
#define GN_SIM_TLS_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "gnomon.h"

enum { GN_SIM_TLS_LIST_BYTES = 64, GN_SIM_TLS_NAME_BYTES = 64 };

typedef struct gn_sim_tls_settings {
    char suites[GN_SIM_TLS_LIST_BYTES]; /* by preference; "": all */
    char groups[GN_SIM_TLS_LIST_BYTES]; /* by preference; "": the defaults */
    uint64_t key_shares;
    uint64_t certificate;   /* a place in gn_sim_certificates_words */
    uint64_t verify;        /* client: of the server */
    uint64_t verify_client; /* gn_verify_client */
    char alpn[GN_SIM_TLS_LIST_BYTES];
    char server_name[GN_SIM_TLS_NAME_BYTES]; /* client: whom it asks for */
} gn_sim_tls_settings;

/* Up to a NULL, in the order of gn_suite_id and gn_group. */
extern const char *const gn_sim_tls_settings_suites[];
extern const char *const gn_sim_tls_settings_groups[];

void gn_sim_tls_settings_default(gn_sim_tls_settings *settings);

/* Whether anything is not the default: then only the real TLS can play it. */
bool gn_sim_tls_settings_any(const gn_sim_tls_settings *settings);

/* NULL: they make sense. Else the field that does not, and *expected says what would. */
const char *gn_sim_tls_settings_broken(const gn_sim_tls_settings *settings, const char **expected);

/* Room for what the configuration points to until the endpoint is made. */
typedef struct gn_sim_tls_texts {
    char alpn[GN_SIM_TLS_LIST_BYTES];
    char ca[4096];
} gn_sim_tls_texts;

/*
 * Fills TLS's part of a configuration whose role and defaults are set. others: the authority of
 * vectors/certs is trusted besides the simulation's own.
 */
void gn_sim_tls_settings_apply(const gn_sim_tls_settings *settings, bool others,
                               gn_sim_tls_texts *texts, gn_config *config);

#endif
