/*
 * conn_effects.h: what the application is told, and what it may ask.
 */
#ifndef GN_CONN_CONN_EFFECTS_H
#define GN_CONN_CONN_EFFECTS_H

#include <stdbool.h>

#include "conn/conn.h"

/*
 * The next thing the application should know, or false. Bytes point into
 * chunks that were just given back: they stay as they are until the next call
 * that takes chunks.
 */
bool gn_conn_effects_next(gn_conn *conn, const gn_env *env, gn_effect *out);

/* Whether something came up while sending that the application should know. */
bool gn_conn_effects_any(const gn_conn *conn);

/* Fills everything but size. */
void gn_conn_effects_info(const gn_conn *conn, gn_info *out);

#endif
