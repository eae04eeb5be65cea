// SPDX-License-Identifier: Apache-2.0
// The JSON forms of tickets, entries, reports and attributions, held against docs/schemas.
#include <gtest/gtest.h>

#include "support/schema.h"
#include "wire/attribution_json.h"
#include "wire/case_json.h"
#include "wire/entry_json.h"
#include "wire/incident_json.h"
#include "wire/report_json.h"
#include "wire/ticket_json.h"

namespace abate::wire {
namespace {

using test::Schema;
namespace json = boost::json;

const Instant kNow = from_micros(1'767'323'045'000'000);  // 2026-01-02T03:04:05Z
const Terms kTerms;

Ticket sample() {
  Ticket ticket;
  ticket.id = "T-2026-000001";
  ticket.version = 3;
  ticket.state = TicketState::open;
  ticket.service = {"vps-1", "a\xff name"};
  ticket.customer = {"c-7", "Ada", "ada@example.com"};
  ticket.addresses = {*parse_ip("203.0.113.10"), *parse_ip("2001:db8::10")};
  ticket.created_at = kNow;
  ticket.opened_at = kNow;
  ticket.respond_by = kNow - std::chrono::hours{1};
  ticket.reply_token = "secret-token";
  ticket.measures = {{1, MeasureKind::limit_port25, MeasureState::in_force, "spam", "user:a@example.net", false, kNow},
                     {2, MeasureKind::suspend, MeasureState::proposed, "overdue", "system", false, kNow}};
  return ticket;
}

json::object form_of(const Ticket& ticket, View view, std::string url = {}) {
  return ticket_json({.ticket = ticket,
                      .terms = kTerms,
                      .incidents = {},
                      .incidents_next = {},
                      .now = kNow,
                      .view = view,
                      .desk_url = std::move(url),
                      .desk_token = "one"});
}

TEST(TicketForm, both_views_hold_the_schema_and_neither_holds_the_reply_token) {
  for (const View view : {View::team, View::customer}) {
    const json::object form = form_of(sample(), view);
    EXPECT_EQ(Schema("ticket").breach(form), "");
    EXPECT_EQ(json::serialize(form).find("secret-token"), std::string::npos);
    EXPECT_EQ(form.at("overdue"), true);
  }
}

TEST(TicketForm, an_empty_ticket_in_review_holds_the_schema_too) {
  Ticket ticket;
  ticket.id = "T-2026-000002";
  ticket.version = 1;
  ticket.created_at = kNow;
  EXPECT_EQ(Schema("ticket").breach(form_of(ticket, View::team)), "");
  EXPECT_TRUE(form_of(ticket, View::team).at("fix_by").is_null());
}

TEST(TicketForm, a_customer_is_not_shown_proposals_nor_who_decided) {
  const json::object form = form_of(sample(), View::customer);
  ASSERT_EQ(form.at("measures").as_array().size(), 1U);
  EXPECT_EQ(form.at("measures").as_array()[0].at("measure"), "limit_port25");
  EXPECT_FALSE(form.at("measures").as_array()[0].as_object().contains("by"));
  EXPECT_EQ(form_of(sample(), View::team).at("measures").as_array().size(), 2U);
}

TEST(TicketForm, the_way_back_is_there_only_when_it_is_given) {
  EXPECT_FALSE(form_of(sample(), View::customer).contains("desk"));
  const json::object form = form_of(sample(), View::customer, "https://abuse.example.net");
  EXPECT_EQ(form.at("desk"), json::value({{"url", "https://abuse.example.net"}, {"token", "one"}}));
  EXPECT_EQ(Schema("ticket").breach(form), "");
}

TEST(TicketForm, a_saved_one_without_a_token_is_read_and_leads_nowhere) {
  const auto read = [](json::value token) {
    json::object form = form_of(sample(), View::customer, "https://abuse.example.net");
    form["desk"].as_object()["token"] = std::move(token);
    return read_ticket(json::serialize(form)).value();
  };
  EXPECT_EQ(read("one").desk.url, "https://abuse.example.net");
  EXPECT_EQ(read("one").desk.token, "one");
  EXPECT_EQ(read(nullptr).desk.url, "");
  EXPECT_EQ(read(nullptr).found.ticket, "T-2026-000001");
}

TEST(EntryForm, everything_the_hash_is_made_of_is_there) {
  Entry entry{"T-2026-000001",
              1,
              kNow,
              "user:a@example.net",
              EntryKind::incident_added,
              R"({"count":1,"report":"R-1","reporter":"fbl@example.org"})",
              std::string{kFirstPrev},
              ""};
  entry.hash = entry_hash(entry);
  const json::object team = entry_json(entry, View::team);
  EXPECT_EQ(Schema("entry").breach(team), "");
  EXPECT_EQ(json::serialize(team.at("body")), entry.body);
  EXPECT_EQ(team.at("at"), "2026-01-02T03:04:05.000000Z");
  const json::object customer = entry_json(entry, View::customer);
  EXPECT_EQ(Schema("entry").breach(customer), "");
  EXPECT_EQ(customer.at("redacted"), true);
  EXPECT_EQ(json::serialize(customer).find("fbl@example.org"), std::string::npos);
  entry.body = R"({"text":"hello"})";
  EXPECT_FALSE(entry_json(entry, View::customer).contains("redacted"));
}

TEST(ReportForm, before_and_after_reading) {
  Report report;
  report.id = "R-1";
  report.received_at = kNow;
  report.content_type = "message/rfc822";
  report.sha256 = std::string(64, 'a');
  EXPECT_EQ(Schema("report").breach(report_json(report)), "");
  EXPECT_TRUE(report_json(report).at("reporter").is_null());
  report.status = ReportStatus::read;
  report.reading.format = "arf";
  report.reading.reporter.authenticated = "dkim:example.org";
  EXPECT_EQ(Schema("report").breach(report_json(report)), "");
  EXPECT_EQ(report_json(report).at("reporter").at("authenticated"), "dkim:example.org");
}

TEST(AttributionForm, whoever_only_reports_is_not_told_the_customer) {
  const std::optional<Assignment> assignment = Assignment{
      *parse_range("203.0.113.0/24"), kNow, std::nullopt, {"vps-1", "mail1"}, {"c-7", "Ada", "ada@example.com"}};
  const std::vector<Assignment> none;
  for (const bool with_customer : {true, false}) {
    const json::object form = attribution_json({.verdict = Verdict::matched,
                                                .assignment = assignment,
                                                .candidates = none,
                                                .span = {kNow, kNow},
                                                .ledger_version = 7,
                                                .with_customer = with_customer});
    EXPECT_EQ(Schema("attribution").breach(form), "");
    EXPECT_EQ(form.at("assignment").as_object().contains("customer_email"), with_customer);
    EXPECT_EQ(form.at("assignment").at("range"), "203.0.113.0/24");
  }
}

}  // namespace
}  // namespace abate::wire
