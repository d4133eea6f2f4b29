/*
 * suspend.h: a link that pauses, and loses nothing.
 *
 * On the side that transmits, the queue waits until the pause is over; on the
 * side that receives, what arrives is held and let go all at once. A pause is
 * an event of the scenario, or comes at regular intervals: the last for_us of
 * every period, counted from the start of the run. A pause as long as its period
 * makes a receiver that hears everything in clumps.
 */
#ifndef GN_SIM_SUSPEND_H
#define GN_SIM_SUSPEND_H

#include <stdint.h>

typedef enum gn_sim_suspend_side {
    GN_SIM_SUSPEND_RECEIVE,
    GN_SIM_SUSPEND_TRANSMIT
} gn_sim_suspend_side;

typedef struct gn_sim_suspend_settings {
    uint64_t every_us; /* 0: never */
    uint64_t for_us;   /* at most every_us */
    uint64_t side;     /* gn_sim_suspend_side */
} gn_sim_suspend_settings;

/* The end of the pause that a moment lies in; the moment itself when it lies in none. */
uint64_t gn_sim_suspend_until(const gn_sim_suspend_settings *settings, uint64_t at_us);

#endif
