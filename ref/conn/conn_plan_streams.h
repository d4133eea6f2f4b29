/*
 * conn_plan_streams.h: the rows of the plan that are about streams (RFC 9000 2, 4, 19).
 */
#ifndef GN_CONN_CONN_PLAN_STREAMS_H
#define GN_CONN_CONN_PLAN_STREAMS_H

#include "conn/conn_plan.h"

/* MAX_DATA and MAX_STREAMS. */
bool gn_conn_plan_streams_wants_credit(const gn_conn *conn, const gn_env *env,
                                       const gn_plan_packet *p);
void gn_conn_plan_streams_fill_credit(gn_conn *conn, const gn_env *env, const gn_plan_packet *p,
                                      gn_builder *b);

/* DATA_BLOCKED and STREAMS_BLOCKED. */
/* Would the peer be allowed more streams if slots were free? */
bool gn_conn_plan_streams_lacks_slots(const gn_conn *conn, const gn_env *env);

bool gn_conn_plan_streams_wants_blocked(const gn_conn *conn, const gn_env *env,
                                        const gn_plan_packet *p);
void gn_conn_plan_streams_fill_blocked(gn_conn *conn, const gn_env *env, const gn_plan_packet *p,
                                       gn_builder *b);

/* STREAM, and what the streams themselves have to say. */
/* How much stream data waits that may wait: new bytes, after the handshake, which neither
 * flow control nor what must be sent anyhow concerns. */
gn_coalesce_amount gn_conn_plan_streams_amount(const gn_conn *conn, const gn_env *env);

bool gn_conn_plan_streams_wants(const gn_conn *conn, const gn_env *env, const gn_plan_packet *p);
void gn_conn_plan_streams_fill(gn_conn *conn, const gn_env *env, const gn_plan_packet *p,
                               gn_builder *b);

#endif
