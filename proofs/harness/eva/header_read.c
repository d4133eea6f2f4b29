/*
 * header_read.c: any bytes, of these lengths, as a packet's header.
 */
#include "wire/header_read.h"

#include "proofs/harness/eva/bytes.h"

static void
read_header(size_t len)
{
    gn_header header;
    const size_t cid_len = (size_t)Frama_C_interval(0, GN_CID_MAX);

    eva_any_bytes();
    if (gn_header_read(eva_bytes, len, cid_len, &header) == GN_OK) {
        eva_seen = eva_bytes[header.packet_len - 1];
        //@ check reached_ok: \false;
        return;
    }
    //@ check reached_refused: \false;
}

void
eva_header_read(void)
{
    read_header(0);
    read_header(1);
    read_header(20);
    read_header(EVA_MOST);
}
