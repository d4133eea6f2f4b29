/*
 * frame_credit.c: see frame.h and frame_parts.h.
 */
#include "wire/frame.h"
#include "wire/frame_parts.h"

/* RFC 9000 19.10, 19.13: these two are about one stream. */
/*@
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result <==> credit_has_id(type);
*/
static bool
credit_has_id(uint64_t type)
{
    return type == GN_FRAME_MAX_STREAM_DATA || type == GN_FRAME_STREAM_DATA_BLOCKED;
}

/* What a limit may be at most: a count of streams, or bytes. [R-9000-19.11-1] [R-9000-19.14-1] */
/*@
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result == credit_most(type);
*/
static uint64_t
credit_most(uint64_t type)
{
    switch (type) {
    case GN_FRAME_MAX_STREAMS_BIDI:
    case GN_FRAME_MAX_STREAMS_UNI:
    case GN_FRAME_STREAMS_BLOCKED_BIDI:
    case GN_FRAME_STREAMS_BLOCKED_UNI: return GN_FRAME_STREAMS_MAX;
    default: return GN_VARINT_MAX;
    }
}

gn_err
gn_frame_credit_read(gn_reader *in, uint64_t type, gn_frame *out, gn_fault *fault)
{
    gn_frame_credit credit = {0};

    if (credit_has_id(type) && gn_varint_read(in, &credit.id) != GN_OK)
        return GN_ERR_SHORT;
    if (gn_varint_read(in, &credit.limit) != GN_OK)
        return GN_ERR_SHORT;
    /* [R-9000-4.6-1] */
    if (credit.limit > credit_most(type)) {
        const bool is_max = type == GN_FRAME_MAX_STREAMS_BIDI || type == GN_FRAME_MAX_STREAMS_UNI;
        return gn_fault_set(fault, GN_FAULT_FRAME_ENCODING, type,
                            is_max ? "RFC 9000 19.11: MAX_STREAMS above 2^60"
                                   : "RFC 9000 19.14: STREAMS_BLOCKED above 2^60");
    }
    out->as.credit = credit;
    return GN_OK;
}

gn_err
gn_frame_credit_put(gn_writer *w, const gn_frame *f)
{
    const gn_frame_credit *credit = &f->as.credit;
    const bool has_id = credit_has_id(f->type);

    if (credit->limit > credit_most(f->type) || credit->id > GN_VARINT_MAX ||
        (!has_id && credit->id != 0))
        return GN_ERR_RANGE;
    if (gn_writer_u8(w, (uint8_t)f->type) != GN_OK)
        return GN_ERR_FULL;
    if (has_id && gn_varint_write(w, credit->id) != GN_OK)
        return GN_ERR_FULL;
    return gn_varint_write(w, credit->limit);
}

size_t
gn_frame_credit_size(const gn_frame *f)
{
    const gn_frame_credit *credit = &f->as.credit;

    return 1 + (credit_has_id(f->type) ? gn_varint_size(credit->id) : 0) +
           gn_varint_size(credit->limit);
}
