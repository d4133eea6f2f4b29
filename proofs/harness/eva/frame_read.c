/*
 * frame_read.c: any bytes as a packet's frames of every type.
 */
#include "wire/frame.h"

#include "proofs/harness/eva/bytes.h"

void
eva_frame_read(void)
{
    gn_reader in = gn_reader_over(eva_bytes, EVA_MOST);
    gn_frame frame;
    gn_fault fault;

    eva_any_bytes();
    in.at = (size_t)Frama_C_interval(0, EVA_MOST);
    if (gn_frame_read(&in, &frame, &fault) == GN_OK) {
        //@ check in: in.at <= in.len;
        //@ check reached_ok: \false;
        return;
    }
    //@ check reached_refused: \false;
}
