/*
 * attack.h: an attacker beside or on a route, who sees the wire and holds no keys.
 *
 * He watches one direction of one route, where it leaves the sender's network
 * (behind the client's NAT, in front of the link). When a datagram passes that
 * he waits for he acts: on the datagram itself, which takes a place on the
 * path (RFC 9000 21.1.1.2), or by sending one of his own, which does not.
 *
 * What he sends goes a way of its own, as long as the link's delay, without
 * queue or loss; with a lead it is that much faster than the way itself.
 */
#ifndef GN_SIM_ATTACK_H
#define GN_SIM_ATTACK_H

#include <stdbool.h>
#include <stdint.h>

#include "crypto/suite.h"
#include "sim/forgery.h"
#include "sim/packet_pool.h"
#include "sim/prng.h"
#include "sim/route.h"

#define GN_SIM_ATTACKERS_MAX 8

typedef enum gn_sim_attack_kind {
    GN_SIM_ATTACK_DROP,    /* the datagram goes no further */
    GN_SIM_ATTACK_DELAY,   /* it goes on later, by the link */
    GN_SIM_ATTACK_MODIFY,  /* some of its bits are changed */
    GN_SIM_ATTACK_COPY,    /* another one like it; with a delay: a replay */
    GN_SIM_ATTACK_GARBAGE, /* these six: forgery.h */
    GN_SIM_ATTACK_HEADER,
    GN_SIM_ATTACK_VNEG,
    GN_SIM_ATTACK_RETRY,
    GN_SIM_ATTACK_RESET,
    GN_SIM_ATTACK_CLOSE,
    GN_SIM_ATTACK_TOO_BIG, /* an ICMP message about a packet nobody sent (RFC 9000 14.2.1) */
    GN_SIM_ATTACK_KINDS
} gn_sim_attack_kind;

/* Which datagrams he waits for, by the packet they begin with. */
typedef enum gn_sim_attack_packets {
    GN_SIM_ATTACK_ANY,
    GN_SIM_ATTACK_INITIAL,
    GN_SIM_ATTACK_HANDSHAKE,
    GN_SIM_ATTACK_LONG,
    GN_SIM_ATTACK_SHORT
} gn_sim_attack_packets;

/* Where what he sends goes: with the datagram, or to who sent it. */
typedef enum gn_sim_attack_target { GN_SIM_ATTACK_AHEAD, GN_SIM_ATTACK_BACK } gn_sim_attack_target;

/* Whose source address it bears. */
typedef enum gn_sim_attack_source { GN_SIM_ATTACK_PEERS, GN_SIM_ATTACK_OWN } gn_sim_attack_source;

typedef struct gn_sim_attack_settings {
    char route_name[GN_SIM_NAME_BYTES];
    uint64_t route; /* its number */
    uint64_t kind;  /* gn_sim_attack_kind */
    uint64_t direction;
    uint64_t packets;   /* gn_sim_attack_packets */
    uint64_t min_bytes; /* smaller datagrams do not count */
    uint64_t at_us;     /* not before */
    uint64_t first;     /* the first datagram he acts on, from 1, of those he waits for */
    uint64_t times;     /* how often he acts */
    gn_sim_ratio share; /* of the datagrams from then on */
    uint64_t delay_us;  /* DELAY, and all that he sends himself */
    uint64_t lead_us;   /* of what he sends */
    uint64_t target;    /* gn_sim_attack_target */
    uint64_t source;    /* gn_sim_attack_source */
    uint64_t bytes;     /* GARBAGE, HEADER, RESET: how many; TOO_BIG: the MTU */
    uint64_t bits;      /* MODIFY: how many are changed */
} gn_sim_attack_settings;

typedef struct gn_sim_attack {
    gn_sim_attack_settings settings;
    const gn_suite_ops *ops;
    gn_sim_prng prng;
    gn_sim_forgery forgery;
    uint64_t seen; /* datagrams he waited for */
    uint64_t done; /* times he acted */
    uint8_t number;
} gn_sim_attack;

struct gn_sim_network;

void gn_sim_attack_settings_default(gn_sim_attack_settings *settings);

/* ops: public keys are all he has. number tells the attackers of a run apart. */
void gn_sim_attack_init(gn_sim_attack *attack, const gn_sim_attack_settings *settings,
                        const gn_suite_ops *ops, uint64_t seed, uint8_t number);

/* A datagram passes. False: it does not go on now; it was dropped, or is held. */
bool gn_sim_attack_on_pass(gn_sim_attack *attack, struct gn_sim_network *network,
                           gn_sim_packet *packet);

/* Does nothing more. */
void gn_sim_attack_stop(gn_sim_attack *attack);

/* "drop", "delay", ...: gn_sim_attack_kind; and so on. */
extern const char *const gn_sim_attack_kind_words[];
extern const char *const gn_sim_attack_packets_words[];
extern const char *const gn_sim_attack_target_words[];
extern const char *const gn_sim_attack_source_words[];

#endif
