/*
 * conn_plan.h: which frames go into a packet, and in which order (RFC 9000 13).
 *
 * One row a kind of frame: in which spaces it may stand, who wants it, who
 * writes it. The order of the rows is the order in the packet: what keeps the
 * connection alive comes before what merely uses it.
 */
#ifndef GN_CONN_CONN_PLAN_H
#define GN_CONN_CONN_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "conn/builder.h"
#include "conn/conn.h"

/* What may be sent on a path now, as a set of kinds of frames. */
enum {
    GN_ALLOW_ACKS = 1,    /* what is not in flight: the window and the pacer have no say */
    GN_ALLOW_PROBING = 2, /* what tests a path (RFC 9000 9.1), and on another path nothing else */
    GN_ALLOW_REST = 4,
    GN_ALLOW_ALL = GN_ALLOW_ACKS | GN_ALLOW_PROBING | GN_ALLOW_REST
};

typedef struct gn_plan_packet {
    gn_space_id space;
    uint8_t path;
    uint8_t allowance; /* GN_ALLOW_* */
    bool early;        /* a 0-RTT packet, which may not hold everything */
    bool patient;      /* stream data alone is not worth it now (coalesce.h) */
} gn_plan_packet;

/* Whether any row that is ack-eliciting wants to be in such a packet. */
bool gn_conn_plan_wants(const gn_conn *conn, const gn_env *env, const gn_plan_packet *packet);

/* Writes all rows that want to be in it, as far as there is room. */
void gn_conn_plan_fill(gn_conn *conn, const gn_env *env, const gn_plan_packet *packet,
                       gn_builder *b);

#endif
