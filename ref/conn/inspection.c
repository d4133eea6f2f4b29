/*
 * inspection.c: see inspection.h.
 */
#include "conn/inspection.h"

#include <string.h>

#include "base/assert.h"
#include "wire/header_read.h"

/* RFC 9000 17.3.1: not covered by header protection. */
enum { INSPECTION_SPIN = 0x20 };

void
gn_inspection_begin(gn_inspection *i)
{
    if (i != NULL)
        i->datagrams++;
}

void
gn_inspection_stage(gn_inspection *i, gn_span clear)
{
    if (i == NULL)
        return;
    if (i->count == 0) {
        i->first = 0;
        i->used = 0;
    }
    i->staged = 0;
    if (clear.len > GN_INSPECTION_BYTES - i->used)
        return;
    i->staged = (uint32_t)clear.len;
    if (clear.len > 0)
        memcpy(i->bytes + i->used, clear.ptr, clear.len);
}

void
gn_inspection_push(gn_inspection *i, gn_inspected what, gn_span wire)
{
    if (i == NULL)
        return;
    const uint32_t staged = i->staged;

    i->staged = 0;
    if (i->first + i->count == GN_INSPECTION_PACKETS || staged == 0 ||
        wire.len > GN_INSPECTION_BYTES - i->used - staged)
        return;
    what.datagram_id = i->datagrams;
    what.clear_at = i->used;
    what.clear_len = staged;
    what.wire_at = i->used + staged;
    what.wire_len = (uint32_t)wire.len;
    memcpy(i->bytes + what.wire_at, wire.ptr, wire.len);
    i->used = what.wire_at + what.wire_len;
    i->at[i->first + i->count++] = what;
}

bool
gn_inspection_pop(gn_inspection *i, gn_effect *out)
{
    gn_header header;

    if (i == NULL || i->count == 0)
        return false;
    const gn_inspected *p = &i->at[i->first++];
    i->count--;
    const uint8_t *wire = i->bytes + p->wire_at;
    const gn_err err = gn_header_read(wire, p->wire_len, p->dcid_len, &header);
    GN_ASSERT(err == GN_OK);
    const bool is_long = p->kind != GN_EVENT_ONE_RTT;
    const bool is_initial = p->kind == GN_EVENT_INITIAL;
    i->told = (gn_packet){.size = sizeof i->told,
                          .outbound = p->outbound,
                          .kind = p->kind,
                          .spin = !is_long && (wire[0] & INSPECTION_SPIN) != 0,
                          .key_phase = p->key_phase,
                          .pn_bytes = p->pn_bytes,
                          .version = is_long ? header.version : 0,
                          .pn = p->pn,
                          .datagram_id = p->datagram_id,
                          .datagram_len = p->datagram_len,
                          .datagram_off = p->datagram_off,
                          .dcid = header.dcid_bytes.ptr,
                          .dcid_len = header.dcid_bytes.len,
                          .scid = is_long ? header.scid_bytes.ptr : NULL,
                          .scid_len = is_long ? header.scid_bytes.len : 0,
                          .token = is_initial ? header.token.ptr : NULL,
                          .token_len = is_initial ? header.token.len : 0,
                          .payload = i->bytes + p->clear_at,
                          .payload_len = p->clear_len};
    *out = (gn_effect){.size = sizeof *out,
                       .kind = GN_EFFECT_PACKET,
                       .ecn = p->ecn,
                       .connection = p->connection,
                       .route = p->route,
                       .bytes = wire,
                       .len = p->wire_len,
                       .packet = &i->told};
    return true;
}
