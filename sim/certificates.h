/*
 * certificates.h: the certificate that simulated servers show, and who signed it.
 *
 * Ed25519 throughout: its signatures have one length and need no chance, so
 * every handshake is the same to the byte. The name is server.example, the
 * dates are 2020 to 2120. The key is published here and protects nothing.
 */
#ifndef GN_SIM_CERTIFICATES_H
#define GN_SIM_CERTIFICATES_H

/* PEM texts. */
extern const char gn_sim_certificates_ca[];
extern const char gn_sim_certificates_server[];
extern const char gn_sim_certificates_server_key[];

/*
 * What else a host may show, from vectors/certs: signed by another authority, for the same name,
 * most of them, and each with something about it. ECDSA and RSA draw chance; it is the seed's.
 */
typedef struct gn_sim_certificates_kind {
    const char *certificate; /* PEM; NULL: none */
    const char *key;
} gn_sim_certificates_kind;

extern const char *const gn_sim_certificates_words[]; /* "usual", "none", "p256", ...; to a NULL */
extern const gn_sim_certificates_kind gn_sim_certificates_kinds[]; /* in the same order */
extern const char gn_sim_certificates_others_ca[];                 /* who signed them; PEM */

#endif
