/*
 * prop_frame.c: any bytes, read as frames one after the other.
 *
 * A frame that was read takes at least a byte and stays inside; written, it is
 * as long as told and no longer than it was; read again, it is the same.
 */
#include <string.h>

#include "base/reader.h"
#include "base/writer.h"
#include "prop.h"
#include "wire/frame.h"

static bool
same_close(const gn_frame_close *a, const gn_frame_close *b)
{
    return a->error_code == b->error_code && a->frame_type == b->frame_type &&
           gn_span_equal(a->reason, b->reason);
}

static bool
same_ack(const gn_frame_ack *a, const gn_frame_ack *b)
{
    return a->largest == b->largest && a->delay == b->delay && a->range_count == b->range_count &&
           a->first_range == b->first_range && gn_span_equal(a->ranges, b->ranges) &&
           a->has_ecn == b->has_ecn && a->ect0 == b->ect0 && a->ect1 == b->ect1 && a->ce == b->ce;
}

static bool
same_new_connection_id(const gn_frame_new_connection_id *a, const gn_frame_new_connection_id *b)
{
    return a->seq == b->seq && a->retire_prior_to == b->retire_prior_to &&
           gn_cid_equal(&a->cid, &b->cid) && a->cid.len >= 1 && a->retire_prior_to <= a->seq &&
           memcmp(a->reset_token, b->reset_token, GN_RESET_TOKEN_BYTES) == 0;
}

static bool
same_stream(const gn_frame_stream *a, const gn_frame_stream *b)
{
    return a->id == b->id && a->off == b->off && a->fin == b->fin &&
           gn_span_equal(a->data, b->data) && a->off + a->data.len <= GN_VARINT_MAX;
}

static bool
same_frame(const gn_frame *a, const gn_frame *b)
{
    if (a->type != b->type)
        return false;
    if (GN_FRAME_STREAM <= a->type && a->type <= GN_FRAME_STREAM_LAST)
        return same_stream(&a->as.stream, &b->as.stream);
    if (GN_FRAME_MAX_DATA <= a->type && a->type <= GN_FRAME_STREAMS_BLOCKED_UNI)
        return a->as.credit.id == b->as.credit.id && a->as.credit.limit == b->as.credit.limit;
    switch (a->type) {
    case GN_FRAME_PADDING: return a->as.padding.count == b->as.padding.count;
    case GN_FRAME_ACK:
    case GN_FRAME_ACK_ECN: return same_ack(&a->as.ack, &b->as.ack);
    case GN_FRAME_RESET_STREAM:
        return a->as.reset_stream.id == b->as.reset_stream.id &&
               a->as.reset_stream.error_code == b->as.reset_stream.error_code &&
               a->as.reset_stream.final_size == b->as.reset_stream.final_size;
    case GN_FRAME_STOP_SENDING:
        return a->as.stop_sending.id == b->as.stop_sending.id &&
               a->as.stop_sending.error_code == b->as.stop_sending.error_code;
    case GN_FRAME_CRYPTO:
        return a->as.crypto.off == b->as.crypto.off &&
               gn_span_equal(a->as.crypto.data, b->as.crypto.data);
    case GN_FRAME_NEW_TOKEN:
        return a->as.new_token.token.len > 0 &&
               gn_span_equal(a->as.new_token.token, b->as.new_token.token);
    case GN_FRAME_NEW_CONNECTION_ID:
        return same_new_connection_id(&a->as.new_connection_id, &b->as.new_connection_id);
    case GN_FRAME_RETIRE_CONNECTION_ID:
        return a->as.retire_connection_id.seq == b->as.retire_connection_id.seq;
    case GN_FRAME_PATH_CHALLENGE:
    case GN_FRAME_PATH_RESPONSE:
        return memcmp(a->as.path.data, b->as.path.data, GN_FRAME_CHALLENGE_BYTES) == 0;
    case GN_FRAME_CLOSE:
    case GN_FRAME_CLOSE_APP: return same_close(&a->as.close, &b->as.close);
    case GN_FRAME_DATAGRAM:
    case GN_FRAME_DATAGRAM_LEN: return gn_span_equal(a->as.datagram.data, b->as.datagram.data);
    default: return a->type == GN_FRAME_PING || a->type == GN_FRAME_HANDSHAKE_DONE;
    }
}

/* Writes the frame that took taken bytes, and reads it again. */
static bool
frame_comes_back(const gn_frame *frame, size_t taken)
{
    uint8_t again[4096];
    gn_writer w = gn_writer_over(again, taken);
    gn_frame back = {0};
    gn_fault fault = {0};

    if (gn_frame_size(frame) > taken || gn_frame_write(&w, frame) != GN_OK ||
        w.at != gn_frame_size(frame))
        return false;
    gn_reader r = gn_reader_over(again, w.at);
    return gn_frame_read(&r, &back, &fault) == GN_OK && r.at == w.at && same_frame(frame, &back);
}

bool
gn_prop_frame(const uint8_t *bytes, size_t len)
{
    gn_reader r = gn_reader_over(bytes, len > 4096 ? 4096 : len);

    while (gn_reader_left(&r) > 0) {
        const size_t start = r.at;
        gn_frame frame = {0};
        gn_fault fault = {0};
        const gn_err err = gn_frame_read(&r, &frame, &fault);

        if (err != GN_OK)
            return err == GN_ERR_FORM && r.at == start && fault.why != NULL &&
                   (fault.wire_code == GN_FAULT_FRAME_ENCODING ||
                    fault.wire_code == GN_FAULT_PROTOCOL_VIOLATION);
        if (r.at <= start || r.at > r.len || !frame_comes_back(&frame, r.at - start))
            return false;
    }
    return true;
}
