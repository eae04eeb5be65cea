// SPDX-License-Identifier: Apache-2.0
#include "desk/desk_fixture.h"

namespace abate::desk {
namespace {

using std::chrono::hours;

class Case : public DeskTest {};

TEST_F(Case, a_report_becomes_a_ticket_in_review_that_the_customer_does_not_see) {
  const std::string id = report("first", clock_.now());
  const Ticket ticket = the_ticket();
  EXPECT_EQ(ticket.state, TicketState::in_review);
  EXPECT_EQ(ticket.service.id, "vps-1");
  EXPECT_EQ(see_ticket(*desk_, ada_, ticket.id).error().fault, Fault::not_found);
  const auto incidents = see_report_incidents(*desk_, lead_, id);
  ASSERT_TRUE(incidents && incidents->size() == 1);
  EXPECT_EQ(incidents->front().attribution.verdict, Verdict::matched);
  EXPECT_EQ(incidents->front().attribution.assignment->service.id, "vps-1");
}

TEST_F(Case, opening_starts_the_clocks_and_sends_the_notice) {
  opened();
  const Ticket ticket = the_ticket();
  EXPECT_EQ(ticket.state, TicketState::open);
  EXPECT_EQ(ticket.fix_by, clock_.now() + hours{24});
  EXPECT_EQ(ticket.notice, NoticeStanding::delivered);
  ASSERT_EQ(mailer_.sent.size(), 1U);
  EXPECT_EQ(mailer_.sent[0].recipient, "ada@example.net");
  const std::string& mail = mailer_.sent[0].message;
  for (const std::string_view part : {"T-2026-000001", "203.0.113.10", "11:00 UTC", "Find and remove the cause",
                                      "/tickets/T-2026-000001", "Auto-Submitted: auto-generated", "Reply-To: <reply+"})
    EXPECT_NE(mail.find(part), std::string::npos) << part;
  EXPECT_EQ(mail.find("<script>"), mail.rfind("<script>")) << "only the plain part may hold it";
  EXPECT_EQ(mail.find("http://pills.example"), std::string::npos) << "evidence is shown defanged";
}

TEST_F(Case, the_same_service_and_category_join_one_ticket) {
  opened();
  report("second", clock_.now());
  EXPECT_EQ(the_ticket().incident_count, 2U);
  EXPECT_EQ(count(EntryKind::incident_added), 1U);
}

TEST_F(Case, a_customer_replies_and_the_fix_clock_goes_on) {
  opened();
  const std::optional<Instant> fix_by = the_ticket().fix_by;
  ASSERT_TRUE(reply(*desk_, ask(ada_), "I am looking at it"));
  EXPECT_EQ(the_ticket().fix_by, fix_by);
  EXPECT_TRUE(the_ticket().answered_at);
  EXPECT_EQ(reply(*desk_, ask(bob_), "not mine").error().fault, Fault::not_found);
  EXPECT_EQ(close_ticket(*desk_, ask(ada_), "done").error().fault, Fault::refused);
}

TEST_F(Case, an_old_version_is_refused_and_changes_nothing) {
  opened();
  Ask old = ask(lead_);
  ASSERT_TRUE(add_note(*desk_, old, "first"));
  EXPECT_EQ(add_note(*desk_, old, "second").error().fault, Fault::stale);
  EXPECT_EQ(count(EntryKind::note), 1U);
}

TEST_F(Case, a_claim_that_is_refused_gives_back_the_time_that_was_left) {
  opened();
  clock_.advance(hours{20});
  ASSERT_TRUE(claim(*desk_, ask(ada_), "It was a guessed password; changed."));
  clock_.advance(hours{50});
  settle();
  EXPECT_EQ(count(EntryKind::overdue), 0U);
  ASSERT_TRUE(refuse_claim(*desk_, ask(lead_), "Mail still goes out."));
  EXPECT_EQ(the_ticket().fix_by, clock_.now() + hours{4});
}

TEST_F(Case, harm_within_probation_reopens_and_old_harm_told_late_does_not) {
  opened();
  ASSERT_TRUE(claim(*desk_, ask(ada_), "fixed"));
  ASSERT_TRUE(accept_claim(*desk_, ask(lead_), "checked"));
  report("late news", clock_.now() - hours{2});
  EXPECT_EQ(the_ticket().state, TicketState::closed);
  clock_.advance(hours{30});
  report("again", clock_.now());
  EXPECT_EQ(the_ticket().state, TicketState::open);
  EXPECT_EQ(count(EntryKind::reopened), 1U);
}

TEST_F(Case, policy_opens_by_itself_only_for_an_authenticated_reporter) {
  Policy policy = *desk_->policy.load();
  for (Terms& terms : policy.terms) terms.open = OpenMode::automatic;
  desk_->policy.store(std::make_shared<const Policy>(policy));
  report("forged", clock_.now());
  EXPECT_EQ(the_ticket().state, TicketState::in_review);
  report("signed", clock_.now(), "api:example.org");
  EXPECT_EQ(the_ticket().state, TicketState::open);
}

TEST_F(Case, policy_may_ask_for_a_record_before_it_opens_by_itself) {
  Policy policy = *desk_->policy.load();
  for (Terms& terms : policy.terms) {
    terms.open = OpenMode::automatic;
    terms.record_right = 1;
    terms.record_wrong_percent = 50;
  }
  desk_->policy.store(std::make_shared<const Policy>(policy));
  report("first", clock_.now(), "api:example.org");
  EXPECT_EQ(the_ticket().state, TicketState::in_review) << "nobody knows this reporter yet";
  ASSERT_TRUE(open_ticket(*desk_, ask(lead_)));
  ASSERT_TRUE(close_ticket(*desk_, ask(lead_), "done"));
  clock_.advance(hours{24 * 30});
  report("second", clock_.now(), "api:example.org");
  const auto listed = see_tickets(*desk_, lead_, {}, {});
  ASSERT_EQ(listed->items.size(), 2U);
  EXPECT_EQ(listed->items[0].state, TicketState::open) << "one report was right, none was wrong";
}

TEST_F(Case, a_report_that_hurt_a_customer_ends_opening_by_itself) {
  Policy policy = *desk_->policy.load();
  for (Terms& terms : policy.terms) terms.open = OpenMode::automatic;
  desk_->policy.store(std::make_shared<const Policy>(policy));
  report("first", clock_.now(), "api:example.org");
  EXPECT_EQ(the_ticket().state, TicketState::open);
  ASSERT_TRUE(close_ticket(*desk_, ask(lead_), "the report was forged", true));
  clock_.advance(hours{24 * 30});
  report("second", clock_.now(), "api:example.org");
  const auto listed = see_tickets(*desk_, lead_, {}, {});
  ASSERT_EQ(listed->items.size(), 2U);
  EXPECT_EQ(listed->items[0].state, TicketState::in_review) << "a person looks first, from now on";
}

TEST_F(Case, less_than_the_threshold_is_noise_and_opens_nothing_by_itself) {
  Policy policy = *desk_->policy.load();
  for (Terms& terms : policy.terms) {
    terms.open = OpenMode::automatic;
    terms.noise_incidents = 3;
    terms.noise_reporters = 2;
    terms.noise_window = hours{24};
  }
  desk_->policy.store(std::make_shared<const Policy>(policy));
  report("1", clock_.now(), "dkim:example.org");
  report("2", clock_.now(), "dkim:example.org");
  report("3", clock_.now(), "dkim:example.org");
  EXPECT_EQ(the_ticket().state, TicketState::in_review) << "three incidents, but of one reporter";
  clock_.advance(hours{25});
  report("4", clock_.now(), "dkim:example.com");
  EXPECT_EQ(the_ticket().state, TicketState::in_review) << "two reporters, but the others are long ago";
  report("5", clock_.now());
  report("6", clock_.now(), "dkim:example.com");
  EXPECT_EQ(the_ticket().state, TicketState::open) << "three within a day, of one and of somebody unknown";
}

TEST_F(Case, what_policy_ignores_is_dismissed_with_its_reason_and_kept) {
  Policy policy = *desk_->policy.load();
  for (Terms& terms : policy.terms) terms.ignore_reporters = {"example.org"};
  desk_->policy.store(std::make_shared<const Policy>(policy));
  const Result<Report> ignored = see_report(*desk_, lead_, report("by fbl@example.org", clock_.now()));
  ASSERT_TRUE(ignored);
  EXPECT_EQ(ignored->status, ReportStatus::dismissed);
  EXPECT_FALSE(ignored->needs_person);
  EXPECT_EQ(ignored->reason, "1 of 1 incidents: policy ignores reports of this reporter or about this address");
  EXPECT_TRUE(see_tickets(*desk_, lead_, {}, {})->items.empty());
  for (Terms& terms : policy.terms) {
    terms.ignore_reporters.clear();
    terms.ignore_addresses = {*parse_prefix("203.0.113.10/32")};
  }
  desk_->policy.store(std::make_shared<const Policy>(policy));
  EXPECT_EQ(see_report(*desk_, lead_, report("about our scanner", clock_.now()))->status, ReportStatus::dismissed);
}

TEST_F(Case, incidents_split_off_and_merge_back) {
  opened();
  const std::string second = report("second", clock_.now());
  const std::string first_id = the_ticket().id;
  ASSERT_TRUE(split_ticket(*desk_, ask(lead_), {second + ".1"}, "another matter"));
  auto listed = see_tickets(*desk_, lead_, {}, {});
  ASSERT_EQ(listed->items.size(), 2U);
  const Ticket born = listed->items[0].id == first_id ? listed->items[1] : listed->items[0];
  EXPECT_EQ(born.state, TicketState::in_review);
  EXPECT_EQ(born.incident_count, 1U);
  const Result<Ticket> merged = merge_ticket(*desk_, {lead_, born.id, born.version}, first_id, "the same after all");
  ASSERT_TRUE(merged) << merged.error().what;
  EXPECT_EQ(merged->merged_into, first_id);
  EXPECT_EQ(see_ticket(*desk_, lead_, first_id)->incident_count, 2U);
}

TEST_F(Case, the_same_bytes_are_one_report_with_two_arrivals) {
  const std::string first = report("same", clock_.now());
  const std::string second = report("same", clock_.now());
  EXPECT_EQ(first, second);
  EXPECT_EQ(see_report(*desk_, lead_, first)->arrivals, 2U);
  EXPECT_EQ(the_ticket().incident_count, 1U);
  EXPECT_NE(report("same ", clock_.now()), first);
}

TEST_F(Case, what_nobody_holds_waits_for_a_person_who_files_it) {
  report("first", clock_.now());
  reader_.next.incidents[0].source_ip = *parse_ip("198.51.100.7");
  NewArrival arrival;
  arrival.bytes = "unassigned";
  const Result<Kept> kept = intake_->accept_and_wait(std::move(arrival));
  ASSERT_TRUE(ReadLine::read_some(*desk_, reader_, &resolver_, "test"));
  const Result<Report> waiting = see_report(*desk_, lead_, kept->report_id);
  EXPECT_TRUE(waiting->needs_person);
  EXPECT_NE(waiting->reason.find("nobody held"), std::string::npos);
  const Result<Ticket> filed = file_report(*desk_, lead_, kept->report_id, "vps-3", Category::spam);
  ASSERT_TRUE(filed) << filed.error().what;
  EXPECT_EQ(filed->service.id, "vps-3");
  EXPECT_FALSE(see_report(*desk_, lead_, kept->report_id)->needs_person);
}

TEST_F(Case, ownership_that_changes_within_the_doubt_is_ambiguous_and_acts_by_nobody) {
  report("first", clock_.now());
  reader_.next.incidents[0].source_ip = *parse_ip("203.0.113.20");
  reader_.next.incidents[0].started_at.reset();
  reader_.next.incidents[0].started_unzoned = *parse_rfc3339("2026-02-01T03:00:00Z");
  NewArrival arrival;
  arrival.bytes = "ambiguous";
  const Result<Kept> kept = intake_->accept_and_wait(std::move(arrival));
  ASSERT_TRUE(ReadLine::read_some(*desk_, reader_, &resolver_, "test"));
  const auto incidents = see_report_incidents(*desk_, lead_, kept->report_id);
  ASSERT_EQ(incidents->size(), 1U);
  EXPECT_EQ(incidents->front().attribution.verdict, Verdict::ambiguous);
  EXPECT_EQ(incidents->front().attribution.candidates.size(), 2U);
  EXPECT_EQ(incidents->front().ticket_id, "");
}

}  // namespace
}  // namespace abate::desk
