/*
 * test_fake_tls_ticket.c: the stand-in's tickets decide as the real ones do.
 */
#include <check.h>
#include <string.h>

#include "sim/fake_tls_ticket.h"
#include "suites.h"

static gn_sim_fake_tickets tickets;
static const gn_tls_terms terms = {
    .limit = {100, 10, 10, 10, 1, 1, 2, 0}, .version = 7, .first_version = 7};
static uint8_t bytes[GN_SIM_FAKE_TICKET_BYTES];

static gn_span
text(const char *string)
{
    return gn_span_of((const uint8_t *)string, strlen(string));
}

static void
begin(void)
{
    const gn_tls_config config = {
        .tickets = 1, .early_data = 1, .ticket_life_s = 60, .started_ms = 1000};

    gn_sim_fake_tickets_init(&tickets, &config);
    gn_sim_fake_ticket_issue(&tickets, &terms, text("h3"), text("a"), 5000, bytes);
}

static bool
opens(int64_t now_ms, gn_sim_fake_ticket *out)
{
    return gn_sim_fake_ticket_open(&tickets, &terms, gn_span_of(bytes, sizeof bytes), now_ms, out);
}

START_TEST(fake_ticket_is_good_in_its_time)
{
    gn_sim_fake_ticket ticket;

    ck_assert(!opens(4999, &ticket));
    ck_assert(opens(5000, &ticket) && opens(65000, &ticket));
    ck_assert(!opens(65001, &ticket));
    ck_assert(ticket.early);
}
END_TEST

/* [R-9369-5-2] */
START_TEST(fake_ticket_of_another_version_is_no_ticket)
{
    gn_sim_fake_ticket ticket;
    gn_tls_terms other = terms;

    other.first_version = 1;
    ck_assert(
        !gn_sim_fake_ticket_open(&tickets, &other, gn_span_of(bytes, sizeof bytes), 5000, &ticket));
    ck_assert(opens(5000, &ticket));
}
END_TEST

START_TEST(fake_ticket_that_was_changed_is_no_ticket)
{
    gn_sim_fake_ticket ticket;

    for (size_t at = 0; at < sizeof bytes; at++) {
        bytes[at] ^= 4;
        ck_assert(!opens(5000, &ticket));
        bytes[at] ^= 4;
    }
    ck_assert(!gn_sim_fake_ticket_read(gn_span_of(bytes, sizeof bytes - 1), &ticket));
    ck_assert(opens(5000, &ticket));
}
END_TEST

START_TEST(fake_ticket_brings_early_data_once_and_for_its_terms)
{
    gn_tls_terms lower = terms;
    gn_sim_fake_ticket ticket;

    ck_assert(opens(5000, &ticket));
    lower.limit[3]--;
    ck_assert(!gn_sim_fake_ticket_accepts(&tickets, &ticket, &lower, text("h3"), text("a"), 5000));
    ck_assert(!gn_sim_fake_ticket_accepts(&tickets, &ticket, &terms, text("h2"), text("a"), 5000));
    ck_assert(!gn_sim_fake_ticket_accepts(&tickets, &ticket, &terms, text("h3"), text("b"), 5000));
    ck_assert(gn_sim_fake_ticket_accepts(&tickets, &ticket, &terms, text("h3"), text("a"), 5000));
    ck_assert(!gn_sim_fake_ticket_accepts(&tickets, &ticket, &terms, text("h3"), text("a"), 5000));
}
END_TEST

START_TEST(fake_tickets_are_all_different)
{
    uint8_t other[GN_SIM_FAKE_TICKET_BYTES];

    gn_sim_fake_ticket_issue(&tickets, &terms, text("h3"), text("a"), 5000, other);
    ck_assert_mem_ne(bytes, other, 8);
    ck_assert_mem_ne(bytes + sizeof bytes - 40, other + sizeof other - 40, 32);
}
END_TEST

Suite *
gn_test_fake_tls_ticket(void)
{
    Suite *suite = suite_create("sim/fake_tls_ticket");
    TCase *good = tcase_create("good");

    tcase_add_checked_fixture(good, begin, NULL);
    tcase_add_test(good, fake_ticket_is_good_in_its_time);
    tcase_add_test(good, fake_ticket_that_was_changed_is_no_ticket);
    tcase_add_test(good, fake_ticket_of_another_version_is_no_ticket);
    tcase_add_test(good, fake_ticket_brings_early_data_once_and_for_its_terms);
    tcase_add_test(good, fake_tickets_are_all_different);
    suite_add_tcase(suite, good);
    return suite;
}
