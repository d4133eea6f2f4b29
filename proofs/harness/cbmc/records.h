/*
 * records.h: three slots for records of packets, in which anything is. Three objects rather than an
 * array, so that the solver sees at once which is which.
 */
#ifndef GN_PROOFS_BOUNDED_RECORDS_H
#define GN_PROOFS_BOUNDED_RECORDS_H

#include "proofs/harness/cbmc/bounded.h"

#include "recovery/sent.h"

enum { SLOTS = 3 };

typedef union {
    gn_sent record;
    gn_sent_more more;
} slot;

bool bounded_taken[SLOTS];
uint32_t bounded_slots = SLOTS;
static slot first_slot;
static slot second_slot;
static slot third_slot;

void *
bounded_slot(uint32_t at)
{
    return at == 0 ? &first_slot : at == 1 ? &second_slot : &third_slot;
}

static inline void
any_records(void)
{
    __CPROVER_havoc_object(&first_slot);
    __CPROVER_havoc_object(&second_slot);
    __CPROVER_havoc_object(&third_slot);
}

#endif
