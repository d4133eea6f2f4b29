/*
 * vector_frames.c: see vector_frames.h.
 */
#include "tests/support/vector_frames.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "wire/ack_iter.h"

#define AT(member) offsetof(gn_frame, as.member)

/* Which key of which types is which field. */
typedef struct field_row {
    uint64_t from; /* types */
    uint64_t to;
    const char *key;
    size_t at;
} field_row;

static const field_row numbers[] = {
    {GN_FRAME_ACK, GN_FRAME_ACK_ECN, "delay", AT(ack.delay)},
    {GN_FRAME_ACK_ECN, GN_FRAME_ACK_ECN, "ect0", AT(ack.ect0)},
    {GN_FRAME_ACK_ECN, GN_FRAME_ACK_ECN, "ect1", AT(ack.ect1)},
    {GN_FRAME_ACK_ECN, GN_FRAME_ACK_ECN, "ce", AT(ack.ce)},
    {GN_FRAME_RESET_STREAM, GN_FRAME_RESET_STREAM, "stream", AT(reset_stream.id)},
    {GN_FRAME_RESET_STREAM, GN_FRAME_RESET_STREAM, "error_code", AT(reset_stream.error_code)},
    {GN_FRAME_RESET_STREAM, GN_FRAME_RESET_STREAM, "final_size", AT(reset_stream.final_size)},
    {GN_FRAME_STOP_SENDING, GN_FRAME_STOP_SENDING, "stream", AT(stop_sending.id)},
    {GN_FRAME_STOP_SENDING, GN_FRAME_STOP_SENDING, "error_code", AT(stop_sending.error_code)},
    {GN_FRAME_CRYPTO, GN_FRAME_CRYPTO, "offset", AT(crypto.off)},
    {GN_FRAME_STREAM, GN_FRAME_STREAM_LAST, "stream", AT(stream.id)},
    {GN_FRAME_STREAM, GN_FRAME_STREAM_LAST, "offset", AT(stream.off)},
    {GN_FRAME_MAX_STREAM_DATA, GN_FRAME_MAX_STREAM_DATA, "stream", AT(credit.id)},
    {GN_FRAME_STREAM_DATA_BLOCKED, GN_FRAME_STREAM_DATA_BLOCKED, "stream", AT(credit.id)},
    {GN_FRAME_MAX_DATA, GN_FRAME_STREAMS_BLOCKED_UNI, "limit", AT(credit.limit)},
    {GN_FRAME_NEW_CONNECTION_ID, GN_FRAME_NEW_CONNECTION_ID, "seq", AT(new_connection_id.seq)},
    {GN_FRAME_NEW_CONNECTION_ID, GN_FRAME_NEW_CONNECTION_ID, "retire_prior_to",
     AT(new_connection_id.retire_prior_to)},
    {GN_FRAME_RETIRE_CONNECTION_ID, GN_FRAME_RETIRE_CONNECTION_ID, "seq",
     AT(retire_connection_id.seq)},
    {GN_FRAME_CLOSE, GN_FRAME_CLOSE_APP, "error_code", AT(close.error_code)},
    {GN_FRAME_CLOSE, GN_FRAME_CLOSE, "frame_type", AT(close.frame_type)},
};

static const field_row spans[] = {
    {GN_FRAME_CRYPTO, GN_FRAME_CRYPTO, "data", AT(crypto.data)},
    {GN_FRAME_NEW_TOKEN, GN_FRAME_NEW_TOKEN, "token", AT(new_token.token)},
    {GN_FRAME_STREAM, GN_FRAME_STREAM_LAST, "data", AT(stream.data)},
    {GN_FRAME_CLOSE, GN_FRAME_CLOSE_APP, "reason", AT(close.reason)},
    {GN_FRAME_DATAGRAM, GN_FRAME_DATAGRAM_LEN, "data", AT(datagram.data)},
};

enum { NUMBERS = sizeof numbers / sizeof *numbers, SPANS = sizeof spans / sizeof *spans };

static bool
row_is_about(const field_row *row, uint64_t type)
{
    return row->from <= type && type <= row->to;
}

static bool
is_ack(uint64_t type)
{
    return type == GN_FRAME_ACK || type == GN_FRAME_ACK_ECN;
}

static bool
is_stream(uint64_t type)
{
    return GN_FRAME_STREAM <= type && type <= GN_FRAME_STREAM_LAST;
}

static bool
is_path(uint64_t type)
{
    return type == GN_FRAME_PATH_CHALLENGE || type == GN_FRAME_PATH_RESPONSE;
}

/* Whether the case says every field that a frame of this type has. */
static bool
frame_is_said(const gn_test_vectors *v, uint64_t type)
{
    for (size_t i = 0; i < NUMBERS; i++)
        if (row_is_about(&numbers[i], type) && !gn_test_vectors_has(v, numbers[i].key))
            return false;
    for (size_t i = 0; i < SPANS; i++)
        if (row_is_about(&spans[i], type) && !gn_test_vectors_has(v, spans[i].key))
            return false;
    if (is_ack(type))
        return gn_test_vectors_has(v, "ranges");
    if (is_stream(type))
        return gn_test_vectors_has(v, "fin");
    if (is_path(type))
        return gn_test_vectors_has(v, "challenge");
    if (type == GN_FRAME_NEW_CONNECTION_ID)
        return gn_test_vectors_has(v, "cid") && gn_test_vectors_has(v, "reset_token");
    return type != GN_FRAME_PADDING || gn_test_vectors_has(v, "count");
}

/* The ranges as written, "9-7 5-5", and the pairs that tell them (RFC 9000 19.3.1). */
static void
make_ranges(const gn_test_vectors *v, gn_test_vector_frame *out)
{
    gn_frame_ack *ack = &out->frame.as.ack;
    gn_writer w = gn_writer_over(out->store, sizeof out->store);
    const char *at = gn_test_vectors_text(v, "ranges");
    char word[64];

    for (out->ranges = 0; gn_test_vectors_word(&at, word, sizeof word); out->ranges++) {
        gn_range *range = &out->range[out->ranges];
        unsigned long long largest = 0, smallest = 0;

        ck_assert_uint_lt(out->ranges, GN_TEST_VECTOR_RANGES);
        ck_assert_int_eq(sscanf(word, "%llu-%llu", &largest, &smallest), 2);
        *range = (gn_range){.from = smallest, .to = largest + 1};
        if (out->ranges > 0) {
            ck_assert_int_eq(gn_varint_write(&w, range[-1].from - range->to - 1), GN_OK);
            ck_assert_int_eq(gn_varint_write(&w, largest - smallest), GN_OK);
        }
    }
    ack->largest = out->range[0].to - 1;
    ack->first_range = ack->largest - out->range[0].from;
    ack->range_count = out->ranges - 1;
    ack->ranges = gn_span_of(out->store, w.at);
    ack->has_ecn = out->frame.type == GN_FRAME_ACK_ECN;
}

/* The fields that are neither a number nor a span. False when there is no such frame. */
static bool
make_others(const gn_test_vectors *v, gn_test_vector_frame *out)
{
    gn_frame *f = &out->frame;
    uint8_t cid[GN_TEST_VECTOR_BYTES];

    if (f->type == GN_FRAME_PADDING)
        f->as.padding.count = (size_t)gn_test_vectors_u64(v, "count");
    if (is_ack(f->type))
        make_ranges(v, out);
    if (is_stream(f->type))
        f->as.stream.fin = gn_test_vectors_is(v, "fin", "yes");
    if (is_path(f->type))
        ck_assert_uint_eq(gn_test_vectors_bytes(v, "challenge", f->as.path.data, 8), 8);
    if (f->type != GN_FRAME_NEW_CONNECTION_ID)
        return true;

    const size_t len = gn_test_vectors_bytes(v, "cid", cid, sizeof cid);
    if (len > GN_CID_MAX)
        return false;
    f->as.new_connection_id.cid = gn_cid_from(cid, len);
    ck_assert_uint_eq(
        gn_test_vectors_bytes(v, "reset_token", f->as.new_connection_id.reset_token, 16), 16);
    return true;
}

bool
gn_test_vector_frames_make(const gn_test_vectors *v, gn_test_vector_frame *out)
{
    const uint64_t type = gn_test_vectors_u64(v, "type");

    memset(out, 0, sizeof *out);
    out->frame.type = type;
    if (!frame_is_said(v, type))
        return false;
    for (size_t i = 0; i < NUMBERS; i++)
        if (row_is_about(&numbers[i], type)) {
            const uint64_t number = gn_test_vectors_u64(v, numbers[i].key);
            memcpy((uint8_t *)&out->frame + numbers[i].at, &number, sizeof number);
        }
    for (size_t i = 0; i < SPANS; i++)
        if (row_is_about(&spans[i], type)) {
            const gn_span span = gn_span_of(
                out->store, gn_test_vectors_bytes(v, spans[i].key, out->store, sizeof out->store));
            memcpy((uint8_t *)&out->frame + spans[i].at, &span, sizeof span);
        }
    return make_others(v, out);
}

static void
same_ack(const gn_test_vectors *v, const gn_test_vector_frame *want, const gn_frame_ack *ack)
{
    gn_ack_iter it = gn_ack_iter_over(ack);
    gn_range range;
    size_t at = 0;

    for (; gn_ack_iter_next(&it, &range); at++) {
        gn_test_vectors_assert(v, at < want->ranges);
        gn_test_vectors_assert(v, range.from == want->range[at].from);
        gn_test_vectors_assert(v, range.to == want->range[at].to);
    }
    gn_test_vectors_assert(v, at == want->ranges);
    gn_test_vectors_assert(v, ack->largest == want->frame.as.ack.largest);
    gn_test_vectors_assert(v, ack->first_range == want->frame.as.ack.first_range);
    gn_test_vectors_assert(v, ack->range_count == want->frame.as.ack.range_count);
    gn_test_vectors_assert(v, ack->has_ecn == want->frame.as.ack.has_ecn);
    if (!ack->has_ecn)
        gn_test_vectors_assert(v, ack->ect0 == 0 && ack->ect1 == 0 && ack->ce == 0);
}

static void
same_others(const gn_test_vectors *v, const gn_test_vector_frame *want, const gn_frame *f)
{
    const gn_frame_new_connection_id *id = &f->as.new_connection_id;

    if (f->type == GN_FRAME_PADDING)
        gn_test_vectors_assert(v, f->as.padding.count == want->frame.as.padding.count);
    if (is_ack(f->type))
        same_ack(v, want, &f->as.ack);
    if (is_stream(f->type))
        gn_test_vectors_assert(v, f->as.stream.fin == want->frame.as.stream.fin);
    if (is_path(f->type))
        gn_test_vectors_assert(v, memcmp(f->as.path.data, want->frame.as.path.data, 8) == 0);
    if (GN_FRAME_MAX_DATA <= f->type && f->type <= GN_FRAME_STREAMS_BLOCKED_UNI)
        gn_test_vectors_assert(v, f->as.credit.id == want->frame.as.credit.id);
    if (f->type == GN_FRAME_CLOSE_APP)
        gn_test_vectors_assert(v, f->as.close.frame_type == 0);
    if (f->type == GN_FRAME_NEW_CONNECTION_ID) {
        gn_test_vectors_assert(v, gn_cid_equal(&id->cid, &want->frame.as.new_connection_id.cid));
        gn_test_vectors_assert(
            v, memcmp(id->reset_token, want->frame.as.new_connection_id.reset_token, 16) == 0);
    }
}

void
gn_test_vector_frames_same(const gn_test_vectors *v, const gn_test_vector_frame *want,
                           const gn_frame *found)
{
    gn_test_vectors_assert(v, found->type == want->frame.type);
    for (size_t i = 0; i < NUMBERS; i++)
        if (row_is_about(&numbers[i], found->type)) {
            uint64_t a = 0, b = 0;

            memcpy(&a, (const uint8_t *)&want->frame + numbers[i].at, sizeof a);
            memcpy(&b, (const uint8_t *)found + numbers[i].at, sizeof b);
            ck_assert_msg(a == b, "%s:%d: %s is %llu", v->name, v->case_line, numbers[i].key,
                          (unsigned long long)b);
        }
    for (size_t i = 0; i < SPANS; i++)
        if (row_is_about(&spans[i], found->type)) {
            gn_span a, b;

            memcpy(&a, (const uint8_t *)&want->frame + spans[i].at, sizeof a);
            memcpy(&b, (const uint8_t *)found + spans[i].at, sizeof b);
            gn_test_vectors_assert(v, a.len == b.len);
            gn_test_vectors_assert(v, a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
        }
    same_others(v, want, found);
}

static bool
send_ack(const gn_test_vector_frame *want, gn_writer *w)
{
    const gn_frame_ack *ack = &want->frame.as.ack;
    const gn_frame_ecn ecn = {.ect0 = ack->ect0, .ect1 = ack->ect1, .ce = ack->ce};
    gn_ranges set;

    if (want->ranges > GN_RANGES_MAX)
        return false;
    gn_ranges_init(&set);
    for (size_t i = want->ranges; i-- > 0;)
        ck_assert_int_eq(gn_ranges_add(&set, want->range[i].from, want->range[i].to), GN_OK);
    ck_assert_int_eq(
        gn_frame_ack_write(w, &set, ack->delay, ack->has_ecn ? &ecn : NULL, GN_RANGES_MAX), GN_OK);
    return true;
}

bool
gn_test_vector_frames_send(const gn_test_vector_frame *want, gn_writer *w)
{
    const uint64_t type = want->frame.type;
    const size_t start = w->at;
    gn_span data = {0};
    size_t overhead = 0;

    if (is_ack(type))
        return send_ack(want, w);
    if (is_stream(type)) {
        const gn_frame_stream *s = &want->frame.as.stream;
        const bool has_len = (type & GN_FRAME_STREAM_BIT_LEN) != 0;

        if ((s->off != 0) != ((type & GN_FRAME_STREAM_BIT_OFF) != 0))
            return false;
        data = s->data;
        overhead = gn_frame_stream_overhead(s->id, s->off, data.len, has_len);
        ck_assert_int_eq(gn_frame_stream_write_header(w, s->id, s->off, data.len, has_len, s->fin),
                         GN_OK);
    } else if (type == GN_FRAME_CRYPTO) {
        data = want->frame.as.crypto.data;
        overhead = gn_frame_crypto_overhead(want->frame.as.crypto.off, data.len);
        ck_assert_int_eq(gn_frame_crypto_write_header(w, want->frame.as.crypto.off, data.len),
                         GN_OK);
    } else if (type == GN_FRAME_DATAGRAM || type == GN_FRAME_DATAGRAM_LEN) {
        data = want->frame.as.datagram.data;
        overhead = gn_frame_datagram_overhead(data.len, type == GN_FRAME_DATAGRAM_LEN);
        ck_assert_int_eq(gn_frame_datagram_write_header(w, data.len, type == GN_FRAME_DATAGRAM_LEN),
                         GN_OK);
    } else {
        return false;
    }
    ck_assert_uint_eq(w->at - start, overhead);
    ck_assert_int_eq(gn_writer_bytes(w, data.ptr, data.len), GN_OK);
    return true;
}
