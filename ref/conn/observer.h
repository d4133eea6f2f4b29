/*
 * observer.h: telling the caller's observer what happens (gnomon.h, gn_event).
 *
 * Each function does nothing when nobody observes.
 */
#ifndef GN_CONN_OBSERVER_H
#define GN_CONN_OBSERVER_H

#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "conn/conn.h"
#include "recovery/sent.h"
#include "tls/tls.h"
#include "wire/header_read.h"

/* One packet, sent or received, its frames in clear. */
typedef struct gn_observer_packet {
    uint64_t pn;
    gn_packet_kind kind;
    uint32_t version; /* of a long header; 0: a short one */
    gn_span dcid;
    gn_span scid;
    gn_span payload;
    size_t len; /* on the wire */
    gn_route route;
    uint8_t path; /* of a received packet: the one it came by, or the active one if that is new */
    uint8_t ecn;
    uint8_t key_phase;
} gn_observer_packet;

void gn_observer_packet_sent(const gn_conn *conn, const gn_env *env, const gn_observer_packet *p);
void gn_observer_packet_received(const gn_conn *conn, const gn_env *env,
                                 const gn_observer_packet *p);

/* A datagram that belongs to no connection was sent: Retry, Version Negotiation, a reset. */
void gn_observer_stray(const gn_env *env, gn_event_packet kind, size_t len, gn_route route);

/* conn may be NULL: no connection was found. Counts the drop in the connection, too. */
void gn_observer_dropped(gn_conn *conn, const gn_env *env, gn_packet_kind kind, size_t len,
                         gn_route route, gn_drop_cause cause);

/* A packet waits for its keys (held.h). */
void gn_observer_held(const gn_conn *conn, const gn_env *env, gn_packet_kind kind, size_t len,
                      gn_route route);

/* detail: 0 by reordering, 1 by time. */
void gn_observer_lost(const gn_conn *conn, const gn_env *env, const gn_sent *record,
                      uint32_t detail);

void gn_observer_secret(const gn_conn *conn, const gn_env *env, gn_level level,
                        const gn_tls_secret *secret);
void gn_observer_keys_discarded(const gn_conn *conn, const gn_env *env, gn_packet_kind kind);

/* detail: 0 ours, 1 the peer's. */
void gn_observer_parameters(const gn_conn *conn, const gn_env *env, uint32_t detail,
                            gn_span encoded);
void gn_observer_metrics(const gn_conn *conn, const gn_env *env);
void gn_observer_path(const gn_conn *conn, const gn_env *env, uint8_t path, gn_path_change change);
void gn_observer_pto(const gn_conn *conn, const gn_env *env, gn_space_id space);
void gn_observer_closed(const gn_conn *conn, const gn_env *env);

#endif
