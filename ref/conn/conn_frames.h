/*
 * conn_frames.h: each frame of a packet to the machine that owns its subject (RFC 9000 12.4, 19).
 *
 * First the whole packet is judged, then it is applied: a packet with one
 * malformed or misplaced frame changes nothing.
 */
#ifndef GN_CONN_CONN_FRAMES_H
#define GN_CONN_CONN_FRAMES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/fault.h"
#include "base/span.h"
#include "conn/conn.h"
#include "wire/header_read.h"

/* A packet that was opened, and is no duplicate. */
typedef struct gn_conn_packet {
    gn_span payload;
    uint64_t pn;
    uint64_t used_seq; /* the sequence number of the ID it came for */
    gn_packet_kind kind;
    gn_space_id space;
    uint32_t phase; /* key generation */
    uint8_t path;
    bool stray; /* it came by another path, which cannot be answered yet: path is the active one */
    uint8_t ecn;
} gn_conn_packet;

/* What the frames together say. */
typedef struct gn_conn_judgement {
    bool eliciting; /* RFC 9000 13.2 */
    bool probing;   /* nothing but probing frames (RFC 9000 9.1) */
    bool handshake; /* something for TLS: CRYPTO or HANDSHAKE_DONE */
} gn_conn_judgement;

/* GN_ERR_FORM with *fault: no frame at all, one malformed, or one that may not be there. */
GN_MUST_USE gn_err gn_conn_frames_judge(const gn_conn *conn, gn_span payload, gn_packet_kind kind,
                                        gn_conn_judgement *out, gn_fault *fault);

/*
 * Applies frames that were judged. GN_ERR_FORM with *fault: a machine refused
 * one. GN_ERR_FULL: no room for data; the packet must not be acknowledged, and
 * what it did so far is what the same frames sent again would do once more.
 */
GN_MUST_USE gn_err gn_conn_frames_apply(gn_conn *conn, const gn_env *env,
                                        const gn_conn_packet *packet, gn_fault *fault);

/* Applies nothing but CONNECTION_CLOSE: all that counts while we are closing (RFC 9000 10.2.1). */
void gn_conn_frames_apply_close(gn_conn *conn, const gn_env *env, gn_span payload);

#endif
