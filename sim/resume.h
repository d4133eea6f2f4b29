/*
 * resume.h: a run in which the connection that matters resumes an earlier one (RFC 9001 4.5, 4.6).
 *
 * With tickets set, a first connection without workload comes before, on the
 * same network. Once it has brought a ticket the client closes it, and after a
 * while it connects again, with what it was told. In between the server may
 * begin anew, as it was or with one thing changed.
 */
#ifndef GN_SIM_RESUME_H
#define GN_SIM_RESUME_H

#include <stdbool.h>
#include <stdint.h>

#include "conn/resumption.h"
#include "gnomon.h"

/* What the server does between the connections, and what is other about it then. */
typedef enum gn_sim_restart {
    GN_SIM_RESTART_NO,
    GN_SIM_RESTART_SAME,
    GN_SIM_RESTART_KEY,      /* it cannot open its tickets */
    GN_SIM_RESTART_LIMITS,   /* half of the flow control windows */
    GN_SIM_RESTART_CONTEXT,  /* the application means something else */
    GN_SIM_RESTART_PROTOCOL, /* it chooses another one */
    GN_SIM_RESTARTS
} gn_sim_restart;

typedef struct gn_sim_resume_settings {
    uint64_t tickets;    /* that the server issues on each connection; 0: nothing of all this */
    uint64_t early_data; /* the client tries 0-RTT, and the server allows it */
    uint64_t after_us;   /* from the end of the first connection to the second */
    uint64_t restart;    /* gn_sim_restart */
    uint64_t token;      /* the second connection begins with a NEW_TOKEN of the first */
    uint64_t hold;       /* datagrams with 0-RTT that the server holds for their Initial */
} gn_sim_resume_settings;

/* What the client keeps between the connections. */
typedef struct gn_sim_resume {
    gn_sim_resume_settings settings;
    bool rehearses; /* the first connection is under way */
    bool waits;     /* it has brought its ticket */
    size_t token_len;
    uint8_t token[GN_TOKEN_MAX];
    size_t state_len;
    uint8_t state[GN_RESUMPTION_MAX];
} gn_sim_resume;

#endif
