/*
 * test_vectors_rules.c: wire/frame_rules.h against vectors/frame_rules.txt.
 */
#include <check.h>
#include <string.h>

#include "suites.h"
#include "tests/support/vectors.h"
#include "wire/frame_rules.h"

static const char *const packets[GN_PACKET_KINDS] = {
    [GN_PACKET_INITIAL] = "initial",
    [GN_PACKET_ZERO_RTT] = "0-rtt",
    [GN_PACKET_HANDSHAKE] = "handshake",
    [GN_PACKET_RETRY] = "retry",
    [GN_PACKET_ONE_RTT] = "1-rtt",
    [GN_PACKET_VNEG] = "version-negotiation",
    [GN_PACKET_UNKNOWN_VERSION] = "unknown-version",
};

static gn_test_vectors v;

/* Goes to the next case, refusals or what types may do. */
static bool
next_case(bool refused)
{
    while (gn_test_vectors_next(&v))
        if (gn_test_vectors_is(&v, "result", "invalid") == refused)
            return true;
    return false;
}

static bool
has_word(const char *key, const char *wanted)
{
    const char *at = gn_test_vectors_text(&v, key);
    char word[32];

    while (gn_test_vectors_word(&at, word, sizeof word))
        if (strcmp(word, wanted) == 0)
            return true;
    return false;
}

static void
expect_same(const gn_frame_rule *rule)
{
    gn_test_vectors_assert(&v, rule != NULL);
    gn_test_vectors_assert(&v, rule->type == gn_test_vectors_u64(&v, "type"));
    gn_test_vectors_assert(&v, gn_test_vectors_is(&v, "frame", gn_frame_rules_name(rule->type)));
    gn_test_vectors_assert(&v,
                           gn_test_vectors_is(&v, "ack_eliciting", "yes") == rule->ack_eliciting);
    gn_test_vectors_assert(&v, gn_test_vectors_is(&v, "in_flight", "yes") == rule->in_flight);
    gn_test_vectors_assert(&v, gn_test_vectors_is(&v, "probing", "yes") == rule->probing);
}

START_TEST(vectors_rules_say_what_each_type_may_do)
{
    size_t types = 0;

    for (gn_test_vectors_open(&v, "frame_rules.txt"); next_case(false); types++) {
        const uint64_t type = gn_test_vectors_u64(&v, "type");

        expect_same(gn_frame_rules_of(type));
        for (int kind = 0; kind < GN_PACKET_KINDS; kind++)
            for (int server = 0; server < 2; server++) {
                const bool may = has_word("packets", packets[kind]) &&
                                 has_word("senders", server ? "server" : "client");
                gn_fault fault = {0};
                const gn_err err =
                    gn_frame_rules_check(type, (gn_packet_kind)kind, server != 0, &fault);

                gn_test_vectors_assert(&v, err == (may ? GN_OK : GN_ERR_FORM));
                gn_test_vectors_assert(&v, (fault.why == NULL) == may);
                gn_test_vectors_assert(&v, may || fault.wire_code == 0x0a);
            }
    }
    ck_assert_uint_eq(types, 33);
}
END_TEST

START_TEST(vectors_rules_refuse_with_their_reason)
{
    size_t cases = 0;

    for (gn_test_vectors_open(&v, "frame_rules.txt"); next_case(true); cases++) {
        const uint64_t type = gn_test_vectors_u64(&v, "type");
        const bool server = gn_test_vectors_is(&v, "sender", "server");
        int kind = 0;
        gn_fault fault = {0};

        while (!gn_test_vectors_is(&v, "packet", packets[kind]))
            ck_assert_int_lt(++kind, GN_PACKET_KINDS);
        gn_test_vectors_assert(
            &v, gn_frame_rules_check(type, (gn_packet_kind)kind, server, &fault) == GN_ERR_FORM);
        gn_test_vectors_assert(&v, fault.wire_code == gn_test_vectors_u64(&v, "code"));
        gn_test_vectors_assert(&v, gn_test_vectors_is(&v, "error", gn_fault_name(fault.wire_code)));
        gn_test_vectors_assert(&v, fault.frame_type == type);
        ck_assert_str_eq(fault.why, gn_test_vectors_text(&v, "why"));
    }
    ck_assert_uint_gt(cases, 100);
}
END_TEST

Suite *
gn_test_vectors_rules(void)
{
    Suite *suite = suite_create("wire/vectors_rules");
    TCase *vectors = tcase_create("vectors");

    tcase_add_test(vectors, vectors_rules_say_what_each_type_may_do);
    tcase_add_test(vectors, vectors_rules_refuse_with_their_reason);
    suite_add_tcase(suite, vectors);
    return suite;
}
