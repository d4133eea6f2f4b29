/*
 * conn_delivery.h: the fate of packets, told to the owners of what they carried
 * (RFC 9000 13.3, RFC 9002).
 *
 * Lost information is never a stored frame: the owner is told, and writes
 * what is true when its turn comes.
 */
#ifndef GN_CONN_CONN_DELIVERY_H
#define GN_CONN_CONN_DELIVERY_H

#include "base/err.h"
#include "base/fault.h"
#include "conn/conn.h"
#include "wire/frame.h"

/*
 * An ACK frame came in a packet of this space, opened with key generation
 * phase. GN_ERR_FORM with *fault: it acknowledges what was never sent, or
 * breaks the rules of key updates.
 */
GN_MUST_USE gn_err gn_conn_delivery_on_ack(gn_conn *conn, const gn_env *env, gn_space_id space,
                                           const gn_frame_ack *ack, uint32_t phase,
                                           gn_fault *fault);

/* The time threshold of a space has passed (RFC 9002 6.1.2). */
void gn_conn_delivery_detect(gn_conn *conn, const gn_env *env, gn_space_id space);

/* Keys are gone: the packets leave the count, and what they carried is nobody's business. */
void gn_conn_delivery_forget(gn_conn *conn, const gn_env *env, const gn_loss_lost *gone);

/*
 * A probe timeout: what the oldest ack-eliciting packets in flight carried is offered to be
 * sent again, though they are not lost yet (RFC 9002 6.2.4).
 */
void gn_conn_delivery_repeat(gn_conn *conn, const gn_env *env, gn_space_id space, uint32_t packets);

#endif
