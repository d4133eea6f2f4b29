/*
 * conn_api.h: what the application asks of a connection (gnomon.h, inputs).
 */
#ifndef GN_CONN_CONN_API_H
#define GN_CONN_CONN_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "conn/conn.h"

/* Each as the public call of the same name; moving is gn_conn_move_to. */
GN_MUST_USE gn_err gn_conn_api_open_stream(gn_conn *conn, const gn_env *env, bool unidirectional,
                                           uint64_t *stream);
GN_MUST_USE gn_err gn_conn_api_send_stream(gn_conn *conn, const gn_env *env, uint64_t stream,
                                           gn_span bytes, bool fin, size_t *taken);
GN_MUST_USE gn_err gn_conn_api_set_priority(gn_conn *conn, const gn_env *env, uint64_t stream,
                                            int32_t priority);
GN_MUST_USE gn_err gn_conn_api_reset_stream(gn_conn *conn, const gn_env *env, uint64_t stream,
                                            uint64_t code);
GN_MUST_USE gn_err gn_conn_api_stop_stream(gn_conn *conn, const gn_env *env, uint64_t stream,
                                           uint64_t code);
GN_MUST_USE gn_err gn_conn_api_send_datagram(gn_conn *conn, const gn_env *env,
                                             const gn_send_datagram *datagram);
GN_MUST_USE gn_err gn_conn_api_close(gn_conn *conn, const gn_env *env, uint64_t code,
                                     const char *reason, size_t reason_len);
GN_MUST_USE gn_err gn_conn_api_key_update(gn_conn *conn, const gn_env *env);

#endif
