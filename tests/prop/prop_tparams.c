/*
 * prop_tparams.c: any bytes, read as transport parameters of a client and of a server.
 *
 * Parameters that were read keep within their bounds; written, they read the
 * same, byte for byte.
 */
#include <string.h>

#include "base/writer.h"
#include "prop.h"
#include "wire/frame.h"
#include "wire/tparams.h"

#define SERVER_ONLY                                                                                \
    (GN_TPARAMS_ORIGINAL_DCID | GN_TPARAMS_RESET_TOKEN | GN_TPARAMS_PREFERRED_ADDRESS |            \
     GN_TPARAMS_RETRY_SCID)

static bool
tparams_are_sound(const gn_tparams *p, bool from_server)
{
    if (!from_server && (p->present & SERVER_ONLY) != 0)
        return false;
    if ((p->present & GN_TPARAMS_PREFERRED_ADDRESS) != 0 && p->preferred_address.cid.len == 0)
        return false;
    return p->max_udp_payload_size >= 1200 && p->ack_delay_exponent <= 20 &&
           p->max_ack_delay_ms < 16384 && p->active_connection_id_limit >= 2 &&
           p->initial_max_streams_bidi <= GN_FRAME_STREAMS_MAX &&
           p->initial_max_streams_uni <= GN_FRAME_STREAMS_MAX;
}

static bool
tparams_come_back(const gn_tparams *p, bool as_server)
{
    uint8_t bytes[1024];
    gn_writer w = gn_writer_over(bytes, sizeof bytes);
    gn_tparams back;
    gn_fault fault = {0};

    if (gn_tparams_write(&w, p, as_server) != GN_OK)
        return false;
    if (gn_tparams_read(gn_span_of(bytes, w.at), as_server, &back, &fault) != GN_OK)
        return false;
    return memcmp(p, &back, sizeof back) == 0;
}

bool
gn_prop_tparams(const uint8_t *bytes, size_t len)
{
    for (int server = 0; server < 2; server++) {
        gn_tparams p;
        gn_fault fault = {0};
        const gn_err err = gn_tparams_read(gn_span_of(bytes, len), server == 1, &p, &fault);

        if (err != GN_OK) {
            if (err != GN_ERR_FORM || fault.wire_code != GN_FAULT_TRANSPORT_PARAMETER ||
                fault.why == NULL)
                return false;
        } else if (!tparams_are_sound(&p, server == 1) || !tparams_come_back(&p, server == 1)) {
            return false;
        }
    }
    return true;
}
