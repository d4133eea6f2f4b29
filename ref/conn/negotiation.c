/*
 * negotiation.c: see negotiation.h.
 */
#include "conn/negotiation.h"

#include "base/assert.h"
#include "wire/version.h"

bool
gn_negotiation_speaks(const uint32_t ours[GN_VERSIONS_MAX], uint32_t version)
{
    for (size_t i = 0; i < GN_VERSIONS_MAX && ours[i] != 0; i++)
        if (ours[i] == version)
            return true;
    return false;
}

size_t
gn_negotiation_count(const uint32_t ours[GN_VERSIONS_MAX])
{
    size_t count = 0;

    while (count < GN_VERSIONS_MAX && ours[count] != 0)
        count++;
    return count;
}

uint32_t
gn_negotiation_reserved(gn_rng *rng)
{
    return ((uint32_t)gn_rng_u64(rng) & UINT32_C(0xf0f0f0f0)) | UINT32_C(0x0a0a0a0a);
}

uint32_t
gn_negotiation_pick(const uint32_t ours[GN_VERSIONS_MAX], const gn_vneg *theirs)
{
    for (size_t i = 0; i < GN_VERSIONS_MAX && ours[i] != 0; i++)
        if (gn_vneg_has(theirs, ours[i]))
            return ours[i];
    return 0;
}

static bool
negotiation_lists(const gn_tparams *p, uint32_t version)
{
    for (size_t i = 0; i < p->version_count; i++)
        if (p->versions[i] == version)
            return true;
    return false;
}

uint32_t
gn_negotiation_choose(const uint32_t ours[GN_VERSIONS_MAX], uint32_t original,
                      const gn_tparams *client)
{
    /* RFC 9368 4: what contradicts itself is judged later; nothing follows from it. */
    if ((client->present & GN_TPARAMS_VERSIONS) == 0 || client->chosen_version != original)
        return original;
    for (size_t i = 0; i < GN_VERSIONS_MAX && ours[i] != 0; i++)
        if (negotiation_lists(client, ours[i]))
            return ours[i];
    return original;
}

void
gn_negotiation_tell(const gn_negotiation *n, const uint32_t ours[GN_VERSIONS_MAX], gn_rng *rng,
                    gn_tparams *out)
{
    const size_t count = gn_negotiation_count(ours);

    if (count < 2 && !n->reacted && !n->told && n->probe == 0)
        return;
    out->present |= GN_TPARAMS_VERSIONS;
    out->chosen_version = n->now;
    /* [R-9368-3-2] */
    for (size_t i = 0; i < count; i++)
        out->versions[out->version_count++] = ours[i];
    if (rng != NULL)
        out->versions[out->version_count++] = gn_negotiation_reserved(rng);
}

static gn_err
negotiation_fault(gn_fault *fault, const char *why)
{
    return gn_fault_set(fault, GN_FAULT_VERSION_NEGOTIATION, 0, why);
}

/* RFC 9368 4: would we have taken the same version, had we known what the server speaks? */
static bool
negotiation_same_again(const gn_negotiation *n, const uint32_t ours[GN_VERSIONS_MAX],
                       const gn_tparams *server)
{
    for (size_t i = 0; i < GN_VERSIONS_MAX && ours[i] != 0; i++)
        if (ours[i] == n->now || negotiation_lists(server, ours[i]))
            return ours[i] == n->now || ours[i] == n->original;
    return false;
}

/* What a client finds wrong with the server's; NULL: nothing. */
static const char *
negotiation_wrong_server(const gn_negotiation *n, const uint32_t ours[GN_VERSIONS_MAX],
                         const gn_tparams *server)
{
    if ((server->present & GN_TPARAMS_VERSIONS) == 0) {
        /* RFC 9368 8: a server that speaks version 1 alone need not know the parameter.
         * [R-9368-8-1] */
        if (n->reacted && n->now == GN_VERSION_1 && n->now == n->original)
            return NULL;
        /* [R-9368-4-6] */
        return n->reacted || n->now != n->original
                   ? "RFC 9368 4: version_information is missing after a negotiation"
                   : NULL;
    }
    /* [R-9368-4-5] */
    if (!gn_negotiation_speaks(ours, server->chosen_version))
        return "RFC 9368 4: the server chose a version that was not on offer";
    /* [R-9368-4-9] */
    if (server->chosen_version != n->now)
        return "RFC 9368 4: the server chose another version than its packets have";
    /* [R-9368-4-7] [R-9368-4-8] */
    if (n->reacted && (server->version_count == 0 || !negotiation_same_again(n, ours, server)))
        return "RFC 9368 4: a downgrade: the server speaks a version that we like better";
    return NULL;
}

gn_err
gn_negotiation_judge(const gn_negotiation *n, const uint32_t ours[GN_VERSIONS_MAX], bool is_server,
                     const gn_tparams *peer, gn_fault *fault)
{
    const char *wrong = NULL;

    if (!is_server)
        wrong = negotiation_wrong_server(n, ours, peer);
    else if ((peer->present & GN_TPARAMS_VERSIONS) != 0 && peer->chosen_version != n->original)
        /* [R-9368-4-4] */
        wrong = "RFC 9368 4: the client chose another version than its packets have";
    return wrong == NULL ? GN_OK : negotiation_fault(fault, wrong);
}
