/*
 * test_frame_rules.c: the rules of wire/frame_rules.h against Table 3 as the RFC prints it.
 */
#include <check.h>
#include <string.h>

#include "suites.h"
#include "wire/frame_rules.h"

/* RFC 9000 12.4, Table 3; a lower case letter: only type 0x1c; RFC 9221 4. */
static const struct {
    uint64_t first;
    uint64_t last;
    const char *name;
    const char *packets;
    const char *spec;
} printed[] = {
    {0x00, 0x00, "PADDING", "IH01", "NP"},
    {0x01, 0x01, "PING", "IH01", ""},
    {0x02, 0x03, "ACK", "IH_1", "NC"},
    {0x04, 0x04, "RESET_STREAM", "__01", ""},
    {0x05, 0x05, "STOP_SENDING", "__01", ""},
    {0x06, 0x06, "CRYPTO", "IH_1", ""},
    {0x07, 0x07, "NEW_TOKEN", "___1", ""},
    {0x08, 0x0f, "STREAM", "__01", "F"},
    {0x10, 0x10, "MAX_DATA", "__01", ""},
    {0x11, 0x11, "MAX_STREAM_DATA", "__01", ""},
    {0x12, 0x13, "MAX_STREAMS", "__01", ""},
    {0x14, 0x14, "DATA_BLOCKED", "__01", ""},
    {0x15, 0x15, "STREAM_DATA_BLOCKED", "__01", ""},
    {0x16, 0x17, "STREAMS_BLOCKED", "__01", ""},
    {0x18, 0x18, "NEW_CONNECTION_ID", "__01", "P"},
    {0x19, 0x19, "RETIRE_CONNECTION_ID", "___1", ""}, /* as 12.5 has it */
    {0x1a, 0x1a, "PATH_CHALLENGE", "__01", "P"},
    {0x1b, 0x1b, "PATH_RESPONSE", "___1", "P"},
    {0x1c, 0x1c, "CONNECTION_CLOSE", "IH01", "NC"}, /* not in flight: RFC 9002 3 */
    {0x1d, 0x1d, "CONNECTION_CLOSE", "__01", "NC"},
    {0x1e, 0x1e, "HANDSHAKE_DONE", "___1", ""},
    {0x30, 0x31, "DATAGRAM", "__01", ""},
};
enum { PRINTED = sizeof printed / sizeof printed[0] };

/* [R-9221-5-1] */
START_TEST(frame_rules_are_those_of_the_table)
{
    const gn_packet_kind kinds[] = {GN_PACKET_INITIAL, GN_PACKET_HANDSHAKE, GN_PACKET_ZERO_RTT,
                                    GN_PACKET_ONE_RTT};

    for (uint64_t type = printed[_i].first; type <= printed[_i].last; type++) {
        const gn_frame_rule *rule = gn_frame_rules_of(type);

        ck_assert_ptr_nonnull(rule);
        ck_assert_uint_eq(rule->type, type);
        ck_assert_str_eq(gn_frame_rules_name(type), printed[_i].name);
        ck_assert_ptr_nonnull(strstr(gn_frame_rules_cut(type), printed[_i].name));
        ck_assert_int_eq(strncmp(gn_frame_rules_cut(type), "RFC 9", 5), 0);
        for (size_t k = 0; k < 4; k++)
            ck_assert_int_eq(gn_frame_rules_fit(rule, kinds[k]), printed[_i].packets[k] != '_');
        ck_assert_int_eq(rule->ack_eliciting, strchr(printed[_i].spec, 'N') == NULL);
        ck_assert_int_eq(rule->in_flight, strchr(printed[_i].spec, 'C') == NULL);
        ck_assert_int_eq(rule->probing, strchr(printed[_i].spec, 'P') != NULL);
        ck_assert_int_eq(rule->server_only, type == 0x07 || type == 0x1e);
    }
}
END_TEST

START_TEST(frame_rules_know_no_other_type)
{
    for (uint64_t type = 0; type < 0x10000; type++)
        ck_assert_int_eq(gn_frame_rules_of(type) != NULL,
                         type <= 0x1e || type == 0x30 || type == 0x31);
    ck_assert_ptr_null(gn_frame_rules_of(UINT64_C(0x3fffffffffffffff)));
    ck_assert_ptr_null(gn_frame_rules_of(UINT64_C(0x100000001)));
}
END_TEST

/* [R-9000-12.4-3] */
START_TEST(frame_rules_check_follows_the_rows)
{
    const gn_frame_rule *rule = gn_frame_rules_of((uint64_t)_i);

    for (unsigned kind = 0; kind < GN_PACKET_KINDS; kind++) {
        for (int server = 0; server < 2; server++) {
            gn_fault fault = {0};
            const gn_err err =
                gn_frame_rules_check((uint64_t)_i, (gn_packet_kind)kind, server == 1, &fault);
            const bool here = rule != NULL && gn_frame_rules_fit(rule, (gn_packet_kind)kind);

            if (here && (server == 1 || !rule->server_only)) {
                ck_assert_int_eq(err, GN_OK);
                ck_assert_ptr_null(fault.why);
                continue;
            }
            ck_assert_int_eq(err, GN_ERR_FORM);
            ck_assert_uint_eq(fault.frame_type, (uint64_t)_i);
            ck_assert_uint_eq(fault.wire_code,
                              rule == NULL ? GN_FAULT_FRAME_ENCODING : GN_FAULT_PROTOCOL_VIOLATION);
        }
    }
}
END_TEST

/* [R-9000-19.7-4] [R-9000-19.20-2] */
START_TEST(frame_rules_say_why)
{
    static const struct {
        uint64_t type;
        gn_packet_kind kind;
        const char *why;
    } rows[] = {
        {0x08, GN_PACKET_INITIAL, "RFC 9000 17.2.2: a frame that Initial packets may not hold"},
        {0x30, GN_PACKET_HANDSHAKE, "RFC 9000 17.2.4: a frame that Handshake packets may not hold"},
        {0x02, GN_PACKET_ZERO_RTT, "RFC 9000 12.5: a frame that 0-RTT packets may not hold"},
        {0x19, GN_PACKET_ZERO_RTT, "RFC 9000 12.5: a frame that 0-RTT packets may not hold"},
        {0x01, GN_PACKET_RETRY, "RFC 9000 12.4: a frame in a Retry packet"},
        {0x01, GN_PACKET_VNEG, "RFC 9000 12.4: a frame in a Version Negotiation packet"},
        {0x1d, GN_PACKET_INITIAL, "RFC 9000 17.2.2: a frame that Initial packets may not hold"},
        {0x07, GN_PACKET_ONE_RTT, "RFC 9000 19.7: NEW_TOKEN from a client"},
        {0x1e, GN_PACKET_ONE_RTT, "RFC 9000 19.20: HANDSHAKE_DONE from a client"},
        {0x21, GN_PACKET_ONE_RTT, "RFC 9000 12.4: a frame of unknown type"},
    };
    gn_fault fault = {0};

    ck_assert_int_eq(gn_frame_rules_check(rows[_i].type, rows[_i].kind, false, &fault),
                     GN_ERR_FORM);
    ck_assert_str_eq(fault.why, rows[_i].why);
}
END_TEST

Suite *
gn_test_frame_rules(void)
{
    Suite *s = suite_create("wire/frame_rules");
    TCase *table = tcase_create("table");
    TCase *hostile = tcase_create("hostile");

    tcase_add_loop_test(table, frame_rules_are_those_of_the_table, 0, PRINTED);
    tcase_add_test(table, frame_rules_know_no_other_type);
    tcase_add_loop_test(table, frame_rules_check_follows_the_rows, 0, 0x40);
    tcase_add_loop_test(hostile, frame_rules_say_why, 0, 10);
    suite_add_tcase(s, table);
    suite_add_tcase(s, hostile);
    return s;
}
