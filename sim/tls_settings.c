/*
 * tls_settings.c: see tls_settings.h.
 */
#include "sim/tls_settings.h"

#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "sim/certificates.h"

const char *const gn_sim_tls_settings_suites[] = {"aes128", "aes256", "chacha20", NULL};
const char *const gn_sim_tls_settings_groups[] = {"x25519", "p256", "p384", "x25519mlkem768", NULL};

void
gn_sim_tls_settings_default(gn_sim_tls_settings *settings)
{
    /* Unused bytes of texts are zero, so that settings can be compared as they lie. */
    memset(settings, 0, sizeof *settings);
    settings->key_shares = 1;
    settings->verify = 1;
    (void)snprintf(settings->alpn, sizeof settings->alpn, "gnomon-sim");
    (void)snprintf(settings->server_name, sizeof settings->server_name, "server.example");
}

bool
gn_sim_tls_settings_any(const gn_sim_tls_settings *settings)
{
    gn_sim_tls_settings usual;

    gn_sim_tls_settings_default(&usual);
    return strcmp(settings->suites, usual.suites) != 0 ||
           strcmp(settings->groups, usual.groups) != 0 || strcmp(settings->alpn, usual.alpn) != 0 ||
           strcmp(settings->server_name, usual.server_name) != 0 ||
           settings->key_shares != usual.key_shares || settings->certificate != usual.certificate ||
           settings->verify != usual.verify || settings->verify_client != usual.verify_client;
}

/*
 * Reads a list of words: *set has a bit for each, order each one's place + 1, up to four. False:
 * one of them is no word, or comes twice.
 */
static bool
settings_list(const char *list, const char *const words[], uint8_t *set, uint8_t order[4])
{
    size_t count = 0;

    *set = 0;
    memset(order, 0, 4);
    while (*list != '\0') {
        const size_t len = strcspn(list, ",");
        uint8_t place = 0;

        while (words[place] != NULL &&
               (strlen(words[place]) != len || strncmp(words[place], list, len) != 0))
            place++;
        if (words[place] == NULL || (*set >> place & 1) != 0)
            return false;
        GN_ASSERT(count < 4);
        *set = (uint8_t)(*set | 1u << place);
        order[count++] = (uint8_t)(place + 1);
        list += len;
        list += strspn(list, ", ");
    }
    return true;
}

const char *
gn_sim_tls_settings_broken(const gn_sim_tls_settings *settings, const char **expected)
{
    uint8_t set = 0, order[4];

    *expected = "each once of aes128, aes256, chacha20";
    if (!settings_list(settings->suites, gn_sim_tls_settings_suites, &set, order))
        return "suites";
    *expected = "each once of x25519, p256, p384, x25519mlkem768";
    if (!settings_list(settings->groups, gn_sim_tls_settings_groups, &set, order))
        return "groups";
    size_t groups = settings->groups[0] == '\0' ? 2 : 0;
    for (size_t i = 0; i < 4 && settings->groups[0] != '\0'; i++)
        groups += order[i] != 0;
    *expected = "no more than there are groups";
    return settings->key_shares > groups ? "key_shares" : NULL;
}

static void
settings_certificate(const gn_sim_tls_settings *settings, gn_config *config)
{
    const gn_sim_certificates_kind usual = {gn_sim_certificates_server,
                                            gn_sim_certificates_server_key};
    const gn_sim_certificates_kind *kind = &gn_sim_certificates_kinds[settings->certificate];

    if (settings->certificate == 0 && config->role == GN_ROLE_SERVER)
        kind = &usual;
    if (kind->certificate == NULL)
        return;
    config->certificate_pem = kind->certificate;
    config->certificate_pem_len = strlen(kind->certificate);
    config->private_key_pem = kind->key;
    config->private_key_pem_len = strlen(kind->key);
}

void
gn_sim_tls_settings_apply(const gn_sim_tls_settings *settings, bool others, gn_sim_tls_texts *texts,
                          gn_config *config)
{
    size_t len = 0;
    uint8_t set;

    for (const char *at = settings->alpn; *at != '\0'; at++)
        if (*at != ' ')
            texts->alpn[len++] = *at;
    texts->alpn[len] = '\0';
    config->alpn = texts->alpn;
    if (settings->suites[0] != '\0') {
        const bool well =
            settings_list(settings->suites, gn_sim_tls_settings_suites, &set, config->suite_order);
        GN_ASSERT(well);
        config->suites = set;
    }
    if (settings->groups[0] != '\0') {
        const bool well =
            settings_list(settings->groups, gn_sim_tls_settings_groups, &set, config->group_order);
        GN_ASSERT(well);
        config->groups = set;
    }
    config->key_shares = (uint8_t)settings->key_shares;
    config->verify_peer = (uint8_t)settings->verify;
    config->verify_client = (uint8_t)settings->verify_client;
    settings_certificate(settings, config);
    if (config->role == GN_ROLE_SERVER && config->verify_client == GN_VERIFY_CLIENT_NONE)
        return;
    const int ca_len = snprintf(texts->ca, sizeof texts->ca, "%s%s", gn_sim_certificates_ca,
                                others ? gn_sim_certificates_others_ca : "");
    GN_ASSERT(ca_len > 0 && (size_t)ca_len < sizeof texts->ca);
    config->ca_pem = texts->ca;
    config->ca_pem_len = (size_t)ca_len;
}
