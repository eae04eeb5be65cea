// SPDX-License-Identifier: Apache-2.0
#include "base/hash.h"
#include "store/store_fixture.h"

namespace abate::store {
namespace {

using desk::Transaction;

class Incidents : public OnBothEngines {
 protected:
  void add(const desk::KeptIncident& incident) {
    write([&](Transaction& t) { return t.add_incident(incident); });
  }
  std::vector<desk::KeptIncident> of_report(const std::string& id) {
    return read([&](Transaction& t) { return t.incidents_of_report(id); });
  }
  std::int64_t blobs() {
    std::int64_t count = -1;
    const auto connection = database_.connect();
    EXPECT_TRUE(connection->script("CREATE VIEW statements AS SELECT count(*) AS n FROM blobs"));
    EXPECT_TRUE(connection->script("INSERT INTO settings SELECT 'blobs', n FROM statements"));
    EXPECT_TRUE(connection->begin(Mode::read));
    EXPECT_TRUE(
        connection->run(statement("setting"), {text("blobs")}, [&](const Row& row) { count = row.integer(0); }));
    connection->rollback();
    return count;
  }
};

Evidence excerpt(const std::string& bytes) { return {"text/plain", "log", bytes, sha256_hex(bytes), {}}; }

TEST_P(Incidents, an_incident_comes_back_whole) {
  desk::KeptIncident kept = sample_incident("R-1.1", "R-1", "");
  kept.incident.destination_ip = *parse_ip("2001:db8::5");
  kept.incident.destination_port = 65535;
  kept.incident.url = "http://example.test/a?b=\"c\"";
  kept.incident.domain = "example.test";
  kept.incident.ended_at = kNow + std::chrono::microseconds{1};
  kept.incident.started_unzoned = kNow;
  kept.incident.confidence = 0.123456789;
  kept.incident.count = 4'000'000'000U;
  kept.incident.reasons = {std::string("not \xff UTF-8")};
  kept.incident.evidence = {excerpt(std::string("a\0\xff\r", 4))};
  kept.attribution.verdict = Verdict::ambiguous;
  kept.attribution.candidates = {*kept.attribution.assignment};
  kept.attribution.candidates[0].until = kNow;
  kept.attribution.assignment.reset();
  add(kept);
  const auto found = of_report("R-1");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].incident, kept.incident);
  EXPECT_EQ(found[0].attribution.verdict, Verdict::ambiguous);
  EXPECT_FALSE(found[0].attribution.assignment);
  EXPECT_EQ(found[0].attribution.candidates, kept.attribution.candidates);
  EXPECT_EQ(found[0].attribution.span, kept.attribution.span);
  EXPECT_EQ(found[0].attribution.ledger_version, 3U);
  EXPECT_EQ(found[0].seen_at, kNow);
}

TEST_P(Incidents, the_same_evidence_is_stored_once) {
  for (int i = 1; i <= 3; ++i) {
    desk::KeptIncident kept = sample_incident("R-1." + std::to_string(i), "R-1", "");
    kept.incident.evidence = {excerpt("the same line"), excerpt("the same line")};
    add(kept);
  }
  EXPECT_EQ(of_report("R-1")[2].incident.evidence[1].bytes, "the same line");
  EXPECT_EQ(blobs(), 1);
}

TEST_P(Incidents, evidence_that_stands_in_the_report_is_not_stored_again) {
  keep_one(*store_, "header\r\n\r\nthe spam itself", "R-1");
  desk::KeptIncident kept = sample_incident("R-1.1", "R-1", "");
  Evidence evidence = excerpt("the spam itself");
  evidence.range = ByteRange{10, 15};
  kept.incident.evidence = {evidence};
  add(kept);
  const auto found = of_report("R-1");
  EXPECT_EQ(found[0].incident.evidence[0], evidence);
  EXPECT_EQ(blobs(), 1);  // the report's own
}

TEST_P(Incidents, a_range_outside_of_its_report_reads_as_what_there_is) {
  keep_one(*store_, "0123456789", "R-1");
  desk::KeptIncident kept = sample_incident("R-1.1", "R-1", "");
  for (const ByteRange range : {ByteRange{8, 100}, ByteRange{11, 5}, ByteRange{SIZE_MAX / 2, SIZE_MAX / 2}}) {
    Evidence evidence = excerpt("");
    evidence.range = range;
    kept.incident.evidence.push_back(evidence);
  }
  add(kept);
  const auto found = of_report("R-1");
  EXPECT_EQ(found[0].incident.evidence[0].bytes, "89");
  EXPECT_EQ(found[0].incident.evidence[1].bytes, "");
  EXPECT_EQ(found[0].incident.evidence[2].bytes, "");
}

TEST_P(Incidents, evidence_under_a_false_hash_changes_nobody_elses) {
  desk::KeptIncident liar = sample_incident("R-1.1", "R-1", "");
  liar.incident.evidence = {Evidence{"text/plain", "", "false", sha256_hex("true"), {}}};
  add(liar);
  desk::KeptIncident honest = sample_incident("R-2.1", "R-2", "");
  honest.incident.evidence = {excerpt("true")};
  add(honest);
  EXPECT_EQ(of_report("R-2")[0].incident.evidence[0].bytes, "true");
  EXPECT_EQ(of_report("R-1")[0].incident.evidence[0].sha256, sha256_hex("false"));
}

TEST_P(Incidents, those_of_a_ticket_come_newest_first_and_in_pages) {
  for (int i = 1; i <= 5; ++i) add(sample_incident("R-1." + std::to_string(i), "R-1", i == 3 ? "T-2" : "T-1"));
  const auto first = read([&](Transaction& t) { return t.incidents_of_ticket("T-1", {.after = {}, .limit = 3}); });
  ASSERT_EQ(first.items.size(), 3U);
  EXPECT_EQ(first.items[0].id, "R-1.5");
  const auto second =
      read([&](Transaction& t) { return t.incidents_of_ticket("T-1", {.after = first.next, .limit = 3}); });
  ASSERT_EQ(second.items.size(), 1U);
  EXPECT_EQ(second.items[0].id, "R-1.1");
  EXPECT_TRUE(second.next.empty());
}

TEST_P(Incidents, they_move_to_another_ticket_by_name_or_all) {
  for (int i = 1; i <= 4; ++i) add(sample_incident("R-" + std::to_string(i) + ".1", "R-" + std::to_string(i), "T-1"));
  write([&](Transaction& t) { return t.move_incidents({"R-1.1", "R-2.1"}, "T-2"); });
  EXPECT_EQ(read([&](Transaction& t) { return t.report_ids_of_ticket("T-2"); }),
            (std::vector<std::string>{"R-1", "R-2"}));
  write([&](Transaction& t) { return t.move_all_incidents("T-1", "T-3"); });
  EXPECT_TRUE(read([&](Transaction& t) { return t.report_ids_of_ticket("T-1"); }).empty());
  EXPECT_EQ(read([&](Transaction& t) { return t.report_ids_of_ticket("T-3"); }),
            (std::vector<std::string>{"R-3", "R-4"}));
  const auto none =
      desk::in_write(*store_, [&](Transaction& t) { return t.move_incidents({"R-3.1", "R-9.9"}, "T-4"); });
  EXPECT_EQ(none.error().fault, Fault::not_found);
  EXPECT_TRUE(read([&](Transaction& t) { return t.report_ids_of_ticket("T-4"); }).empty());
}

TEST_P(Incidents, a_reporter_has_a_record) {
  Reading reading;
  reading.reporter.authenticated = "dkim:example.org";
  for (int i = 1; i <= 4; ++i) {
    const std::string id = "R-" + std::to_string(i);
    keep_one(*store_, id, id);
    write([&](Transaction& t) { return t.save_reading(id, ReportStatus::read, reading, false, "", ""); });
  }
  Ticket opened = sample_ticket("T-1");
  opened.state = TicketState::open;
  opened.opened_at = kNow;
  Ticket dismissed = sample_ticket("T-2");
  dismissed.state = TicketState::dismissed;
  write([&](Transaction& t) -> Result<void> {
    TRY(t.insert_ticket(opened, {}));
    TRY(t.insert_ticket(dismissed, {}));
    TRY(t.add_incident(sample_incident("R-1.1", "R-1", "T-1")));
    TRY(t.add_incident(sample_incident("R-1.2", "R-1", "T-1")));
    TRY(t.add_incident(sample_incident("R-2.1", "R-2", "T-2")));
    return t.set_report_status("R-3", ReportStatus::dismissed, false, "");
  });
  auto record = read([&](Transaction& t) { return t.reporter_record("dkim:example.org"); });
  EXPECT_EQ(record.reports, 4U);
  EXPECT_EQ(record.opened, 1U);
  EXPECT_EQ(record.dismissed, 2U);
  EXPECT_EQ(record.harmful, 0U);
  write([&](Transaction& t) { return t.mark_harmful("R-1"); });
  record = read([&](Transaction& t) { return t.reporter_record("dkim:example.org"); });
  EXPECT_EQ(record.harmful, 1U);
  EXPECT_EQ(record.opened, 0U) << "an opened ticket that hurt the customer speaks not for its reporter";
  EXPECT_EQ(read([&](Transaction& t) { return t.reporter_record("none"); }).reports, 0U);
}

ON_BOTH_ENGINES(Incidents);

}  // namespace
}  // namespace abate::store
