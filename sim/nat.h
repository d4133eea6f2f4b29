/*
 * nat.h: one client behind a network address translator.
 *
 * The client's address on its side never changes. Outside it has a binding: an
 * address and port that the NAT may replace at any moment (a rebinding, RFC
 * 9000 9.3 and 9.4). An old binding is dead at once or after a grace, in which
 * what is sent to it still arrives.
 *
 * A binding with a lifetime expires when nobody has used it for so long: what
 * comes for it then arrives nowhere, and the next datagram the client sends
 * makes a new one (RFC 4787 4.3, 5).
 */
#ifndef GN_SIM_NAT_H
#define GN_SIM_NAT_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/address.h"

/* Old bindings that can be in their grace at a time; one more forgets the oldest. */
#define GN_SIM_NAT_OLD_MAX 4

/* Whose datagrams keep a binding alive. */
typedef enum gn_sim_nat_refresh { GN_SIM_NAT_OUTBOUND, GN_SIM_NAT_BOTH } gn_sim_nat_refresh;

/* What is new about a new binding. */
typedef enum gn_sim_nat_part { GN_SIM_NAT_PORT, GN_SIM_NAT_ADDRESS } gn_sim_nat_part;

typedef struct gn_sim_nat_settings {
    uint64_t grace_us;    /* how long an old binding lives after a rebinding */
    uint64_t lifetime_us; /* of a binding nobody uses; 0: for ever */
    uint64_t refresh;     /* gn_sim_nat_refresh */
    uint64_t expiry;      /* gn_sim_nat_part: what an expired binding is replaced by */
} gn_sim_nat_settings;

typedef struct gn_sim_nat_old {
    gn_sim_address outside;
    uint64_t until_us; /* dead from here on */
} gn_sim_nat_old;

typedef struct gn_sim_nat {
    gn_sim_nat_settings settings;
    gn_sim_address inside;
    gn_sim_address outside;
    uint64_t used_us; /* when the binding was last refreshed */
    gn_sim_nat_old old[GN_SIM_NAT_OLD_MAX];
    uint32_t old_at; /* where the next old one goes */
    uint32_t rebindings;
    uint32_t expiries; /* of them, for want of use */
    bool open;         /* every binding there ever was lives */
} gn_sim_nat;

void gn_sim_nat_init(gn_sim_nat *nat, const gn_sim_nat_settings *settings, gn_sim_address inside,
                     gn_sim_address outside);

/* A new port, 17 further; or a new address, the next one, and a new port. */
void gn_sim_nat_rebind(gn_sim_nat *nat, gn_sim_nat_part part, uint64_t now_us);

/* The client sends now: the address that the datagram gets outside. */
gn_sim_address gn_sim_nat_outbound(gn_sim_nat *nat, uint64_t now_us);

/* From now on no binding dies, and those that did live again. */
void gn_sim_nat_open(gn_sim_nat *nat);

/* Something comes for this outside address now: does it reach the client? */
bool gn_sim_nat_inbound(gn_sim_nat *nat, const gn_sim_address *outside, uint64_t now_us);

/* "outbound", "both"; "port", "address". */
extern const char *const gn_sim_nat_refresh_words[];
extern const char *const gn_sim_nat_part_words[];

#endif
