/*
 * recv_state.c: see recv_state.h.
 */
#include "stream/recv_state.h"

#include "base/assert.h"

/* Two-letter names, so that the table can be held against RFC 9000 figure 3. */
enum {
    NO,
    SK = 1 + GN_RECV_SIZE_KNOWN,
    DR = 1 + GN_RECV_DATA_RECVD,
    DD = 1 + GN_RECV_DATA_READ,
    RR = 1 + GN_RECV_RESET_RECVD,
    RD = 1 + GN_RECV_RESET_READ,
};

/* clang-format off */
static const unsigned char next[GN_RECV_STATES][GN_RECV_EVENTS] = {
    /*                      FIN ALL_DATA RESET DATA_READ RESET_READ */
    [GN_RECV_RECV]        = { SK,     NO,   RR,       NO,        NO },
    [GN_RECV_SIZE_KNOWN]  = { SK,     DR,   RR,       NO,        NO },
    [GN_RECV_DATA_RECVD]  = { DR,     DR,   DR,       DD,        NO },
    [GN_RECV_DATA_READ]   = { NO,     NO,   NO,       NO,        NO },
    [GN_RECV_RESET_RECVD] = { RR,     RR,   RR,       NO,        RD },
    [GN_RECV_RESET_READ]  = { NO,     NO,   NO,       NO,        NO },
};
/* clang-format on */

gn_err
gn_recv_state_step(gn_recv_state *state, gn_recv_event event)
{
    GN_ASSERT(*state < GN_RECV_STATES);
    GN_ASSERT(event < GN_RECV_EVENTS);

    const unsigned char to = next[*state][event];
    if (to == NO)
        return GN_ERR_STATE;
    *state = (gn_recv_state)(to - 1);
    return GN_OK;
}

bool
gn_recv_state_terminal(gn_recv_state state)
{
    return state == GN_RECV_DATA_READ || state == GN_RECV_RESET_READ;
}
