/*
 * script.c: see script.h.
 */
#include "sim/script.h"

#include <stddef.h>

#include "base/assert.h"

bool
gn_sim_script_names(const gn_sim_script_list *list, uint64_t number)
{
    for (uint64_t i = 0; i < list->count; i++)
        if (list->number[i] == number)
            return true;
    return false;
}

static gn_sim_script_list *
script_list(gn_sim_script_settings *script, gn_sim_script_fate fate)
{
    switch (fate) {
    case GN_SIM_SCRIPT_DROP: return &script->drop;
    case GN_SIM_SCRIPT_DUPLICATE: return &script->duplicate;
    case GN_SIM_SCRIPT_DELAY: return &script->delay;
    default: return NULL;
    }
}

bool
gn_sim_script_set(gn_sim_script_settings *script, uint64_t number, gn_sim_script_fate fate)
{
    gn_sim_script_list *list = script_list(script, fate);

    if (list == NULL || gn_sim_script_names(list, number))
        return true;
    if (list->count == GN_SIM_SCRIPT_MAX)
        return false;
    list->number[list->count++] = number;
    return true;
}

const char *
gn_sim_script_word(gn_sim_script_fate fate)
{
    static const char *const words[GN_SIM_SCRIPT_FATES] = {"deliver", "drop", "duplicate", "delay"};

    GN_ASSERT(fate < GN_SIM_SCRIPT_FATES);
    return words[fate];
}
