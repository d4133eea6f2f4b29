/*
 * tparams_read.c: any bytes as either side's transport parameters.
 */
#include "wire/tparams.h"

#include "proofs/harness/eva/bytes.h"

void
eva_tparams_read(void)
{
    gn_tparams parameters;
    gn_fault fault;
    const bool from_server = Frama_C_interval(0, 1) == 1;

    eva_any_bytes();
    if (gn_tparams_read(gn_span_of(eva_bytes, EVA_MOST), from_server, &parameters, &fault) ==
        GN_OK) {
        //@ check reached_ok: \false;
        return;
    }
    //@ check reached_refused: \false;
}
