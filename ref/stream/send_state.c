/*
 * send_state.c: see send_state.h.
 */
#include "stream/send_state.h"

#include "base/assert.h"

/* Two-letter names, so that the table can be held against RFC 9000 figure 2. */
enum {
    NO,
    SD = 1 + GN_SEND_SEND,
    DS = 1 + GN_SEND_DATA_SENT,
    DR = 1 + GN_SEND_DATA_RECVD,
    RS = 1 + GN_SEND_RESET_SENT,
    RR = 1 + GN_SEND_RESET_RECVD,
};

/* clang-format off */
static const unsigned char next[GN_SEND_STATES][GN_SEND_EVENTS] = {
    /*                      DATA FIN RESET ALL_ACKED RESET_ACKED */
    [GN_SEND_READY]       = { SD, DS,   RS,       NO,         NO },
    [GN_SEND_SEND]        = { SD, DS,   RS,       NO,         NO },
    [GN_SEND_DATA_SENT]   = { DS, DS,   RS,       DR,         NO },
    [GN_SEND_DATA_RECVD]  = { NO, NO,   NO,       NO,         NO },
    [GN_SEND_RESET_SENT]  = { NO, NO,   NO,       NO,         RR },
    [GN_SEND_RESET_RECVD] = { NO, NO,   NO,       NO,         NO },
};
/* clang-format on */

gn_err
gn_send_state_step(gn_send_state *state, gn_send_event event)
{
    GN_ASSERT(*state < GN_SEND_STATES);
    GN_ASSERT(event < GN_SEND_EVENTS);

    const unsigned char to = next[*state][event];
    if (to == NO)
        return GN_ERR_STATE;
    *state = (gn_send_state)(to - 1);
    return GN_OK;
}

bool
gn_send_state_terminal(gn_send_state state)
{
    return state == GN_SEND_DATA_RECVD || state == GN_SEND_RESET_RECVD;
}
