/*
 * scenario_writer.c: see scenario_writer.h.
 */
#include "sim/scenario_writer.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/assert.h"
#include "sim/link_rules.h"
#include "sim/scenario_keys.h"

static const char *const writer_links[GN_SIM_DIRECTIONS] = {"up", "down"};

/* Which rows of a table have something to say: required ones, and those not at their default. */
static uint64_t
writer_mask(const gn_sim_keys *keys, const void *base, const void *standard)
{
    uint64_t mask = 0;

    for (size_t i = 0; i < keys->count; i++)
        if (keys->rows[i].standard == NULL ||
            !gn_sim_scenario_keys_same(&keys->rows[i], base, standard))
            mask |= UINT64_C(1) << i;
    return mask;
}

/* "{a: 1, b: 2", each field behind *between, which becomes a comma. */
static void
writer_fields(FILE *out, const gn_sim_keys *keys, uint64_t mask, const void *base,
              const char **between)
{
    for (size_t i = 0; i < keys->count; i++) {
        if ((mask >> i & 1) == 0)
            continue;
        (void)fprintf(out, "%s%s: ", *between, keys->rows[i].name);
        gn_sim_scenario_keys_write(out, &keys->rows[i], base);
        *between = ", ";
    }
}

/* "title: {a: 1, b: 2}\n", or nothing when no bit is set. */
static void
writer_section(FILE *out, const char *title, const gn_sim_keys *keys, uint64_t mask,
               const void *base)
{
    const char *between = "{";

    if (mask == 0)
        return;
    (void)fprintf(out, "%s: ", title);
    writer_fields(out, keys, mask, base, &between);
    (void)fputs("}\n", out);
}

static void
writer_top(FILE *out, const gn_sim_scenario *scenario, const gn_sim_scenario *standard)
{
    const gn_sim_keys *keys = &gn_sim_scenario_keys_top;
    const uint64_t mask = writer_mask(keys, scenario, standard);

    for (size_t i = 0; i < keys->count; i++) {
        if ((mask >> i & 1) == 0)
            continue;
        (void)fprintf(out, "%s: ", keys->rows[i].name);
        gn_sim_scenario_keys_write(out, &keys->rows[i], scenario);
        (void)fputc('\n', out);
    }
}

static void
writer_route(FILE *out, const gn_sim_route_settings *route)
{
    gn_sim_route_settings standard;
    const char *between = "{";

    gn_sim_scenario_default_route(&standard);
    (void)fputs("  ", out);
    gn_sim_scenario_keys_write_text(out, route->name);
    (void)fputs(": ", out);
    writer_fields(out, &gn_sim_scenario_keys_route,
                  writer_mask(&gn_sim_scenario_keys_route, route, &standard), route, &between);
    for (unsigned i = 0; i < GN_SIM_DIRECTIONS; i++) {
        const char *inner = "{";

        (void)fprintf(out, "%s%s: ", between, writer_links[i]);
        between = ",\n    ";
        writer_fields(out, &gn_sim_scenario_keys_link,
                      gn_sim_link_rules_complete(writer_mask(&gn_sim_scenario_keys_link,
                                                             &route->link[i], &standard.link[i])),
                      &route->link[i], &inner);
        (void)fputs(inner[0] == '{' ? "{}" : "}", out);
    }
    (void)fputs("}\n", out);
}

static void
writer_event(FILE *out, const gn_sim_happening *event)
{
    const gn_sim_keys *keys = &gn_sim_scenario_keys_event;
    const char *between = "  - {";
    gn_sim_happening standard;
    uint64_t mask;

    gn_sim_scenario_default_event(&standard);
    mask = writer_mask(keys, event, &standard);
    if (event->action == GN_SIM_DO_SUSPEND || event->action == GN_SIM_DO_CLOSE)
        mask |= UINT64_C(1) << (gn_sim_scenario_keys_find(keys, "host") - keys->rows);
    writer_fields(out, keys, mask, event, &between);
    writer_fields(out, &gn_sim_scenario_keys_route, event->route_keys, &event->change, &between);
    for (unsigned i = 0; i < GN_SIM_DIRECTIONS; i++) {
        const char *inner = "{";

        if (event->link_keys[i] == 0)
            continue;
        (void)fprintf(out, "%s%s: ", between, writer_links[i]);
        writer_fields(out, &gn_sim_scenario_keys_link, event->link_keys[i], &event->change.link[i],
                      &inner);
        (void)fputc('}', out);
    }
    (void)fputs("}\n", out);
}

/* One element of a list whose elements are all rows of one table. */
static void
writer_element(FILE *out, const gn_sim_keys *keys, const void *base, const void *standard)
{
    const char *between = "  - {";

    writer_fields(out, keys, writer_mask(keys, base, standard), base, &between);
    (void)fputs("}\n", out);
}

static void
writer_others(FILE *out, const gn_sim_scenario *scenario)
{
    gn_sim_attack_settings attack;
    gn_sim_cross_settings cross;

    gn_sim_attack_settings_default(&attack);
    gn_sim_cross_settings_default(&cross);
    if (scenario->attack_count > 0)
        (void)fputs("attackers:\n", out);
    for (uint64_t i = 0; i < scenario->attack_count; i++)
        writer_element(out, &gn_sim_scenario_keys_attack, &scenario->attacks[i], &attack);
    if (scenario->cross_count > 0)
        (void)fputs("cross:\n", out);
    for (uint64_t i = 0; i < scenario->cross_count; i++)
        writer_element(out, &gn_sim_scenario_keys_cross, &scenario->crosses[i], &cross);
}

void
gn_sim_scenario_write(FILE *out, const gn_sim_scenario *scenario)
{
    static const char *const hosts[GN_SIM_HOSTS] = {"client", "server"};
    static const char *const hosts_tls[GN_SIM_HOSTS] = {"client_tls", "server_tls"};
    gn_sim_scenario *standard = malloc(sizeof *standard);

    GN_ASSERT(standard != NULL);
    gn_sim_scenario_default(standard);
    writer_top(out, scenario, standard);
    for (unsigned i = 0; i < GN_SIM_HOSTS; i++)
        writer_section(
            out, hosts[i], &gn_sim_scenario_keys_host,
            writer_mask(&gn_sim_scenario_keys_host, &scenario->host[i], &standard->host[i]),
            &scenario->host[i]);
    for (unsigned i = 0; i < GN_SIM_HOSTS; i++)
        writer_section(out, hosts_tls[i], &gn_sim_scenario_keys_tls,
                       writer_mask(&gn_sim_scenario_keys_tls, &scenario->tls[i], &standard->tls[i]),
                       &scenario->tls[i]);
    (void)fputs("routes:\n", out);
    for (uint64_t i = 0; i < scenario->route_count; i++)
        writer_route(out, &scenario->routes[i]);
    if (scenario->event_count > 0)
        (void)fputs("events:\n", out);
    for (uint64_t i = 0; i < scenario->event_count; i++)
        writer_event(out, &scenario->events[i]);
    writer_others(out, scenario);
    writer_section(
        out, "workload", &gn_sim_scenario_keys_workload,
        writer_mask(&gn_sim_scenario_keys_workload, &scenario->workload, &standard->workload),
        &scenario->workload);
    writer_section(out, "expect", &gn_sim_scenario_keys_expect, scenario->expect.keys,
                   &scenario->expect);
    writer_section(out, "script", &gn_sim_scenario_keys_script,
                   writer_mask(&gn_sim_scenario_keys_script, &scenario->script, &standard->script),
                   &scenario->script);
    writer_section(out, "resume", &gn_sim_scenario_keys_resume,
                   writer_mask(&gn_sim_scenario_keys_resume, &scenario->resume, &standard->resume),
                   &scenario->resume);
    free(standard);
}

char *
gn_sim_scenario_write_text(const gn_sim_scenario *scenario)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);

    GN_ASSERT(out != NULL);
    gn_sim_scenario_write(out, scenario);
    (void)fclose(out);
    return text;
}

bool
gn_sim_scenario_save(const char *path, const gn_sim_scenario *scenario, const char *comment)
{
    FILE *out = fopen(path, "w");
    bool good;

    if (out == NULL)
        return false;
    if (comment != NULL)
        (void)fprintf(out, "# %s\n", comment);
    gn_sim_scenario_write(out, scenario);
    good = ferror(out) == 0;
    return fclose(out) == 0 && good;
}
