/*
 * scenario_keys_resume.c: one more table of scenario_keys.h: the connection before the one that
 * matters.
 */
#include "sim/resume.h"
#include "sim/scenario_keys.h"

#define HOUR_US UINT64_C(3600000000)
#define COUNT_OF(rows) (sizeof(rows) / sizeof((rows)[0]))

/* clang-format off */

#define AT(field) offsetof(gn_sim_resume_settings, field)
static const char *const restart_words[] = {
    "no", "same", "key", "limits", "context", "protocol", NULL};
static const gn_sim_key resume_rows[] = {
    {"tickets", GN_SIM_VALUE_COUNT, AT(tickets), 0, 0, 4, NULL, "0",
     "on each connection; a first one brings the ticket that the second is resumed with"},
    {"early_data", GN_SIM_VALUE_FLAG, AT(early_data), 0, 0, 1, NULL, "off",
     "the client tries 0-RTT, and the server allows it"},
    {"after", GN_SIM_VALUE_DURATION, AT(after_us), 0, 0, 24 * HOUR_US, NULL, "0",
     "from the end of the first connection to the second"},
    {"restart", GN_SIM_VALUE_WORD, AT(restart), 0, 0, 0, restart_words, "no",
     "the server begins anew in between, and what is other about it then"},
    {"hold", GN_SIM_VALUE_COUNT, AT(hold), 0, 0, 1000, NULL, "0",
     "datagrams with 0-RTT that the server holds until their Initial comes"},
    {"token", GN_SIM_VALUE_FLAG, AT(token), 0, 0, 1, NULL, "off",
     "the client shows the token that the first connection brought (RFC 9000 8.1.3)"},
};
#undef AT

const gn_sim_keys gn_sim_scenario_keys_resume =
    {"resume: an earlier connection", resume_rows, COUNT_OF(resume_rows)};

/* clang-format on */
