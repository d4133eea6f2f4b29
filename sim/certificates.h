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

#endif
