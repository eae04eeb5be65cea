// SPDX-License-Identifier: Apache-2.0
#include "base/hash.h"
#include "store/store_fixture.h"

namespace abate::store {
namespace {

using desk::Transaction;

class Reports : public OnBothEngines {
 protected:
  Report report(const std::string& id) {
    return read([&](Transaction& t) { return t.report(id); });
  }
  std::string bytes_of(const std::string& id) {
    return read([&](Transaction& t) { return t.report_bytes(id); });
  }
  std::vector<desk::Unread> claim(const std::string& owner, Instant now, std::size_t count = 10) {
    return write([&](Transaction& t) { return t.claim_unread(count, owner, now, now + std::chrono::minutes{1}); });
  }
  void save(const std::string& id, ReportStatus status, const Reading& reading = {}, bool needs_person = false) {
    write([&](Transaction& t) { return t.save_reading(id, status, reading, needs_person, "", ""); });
  }
};

TEST_P(Reports, a_report_is_kept_as_it_came) {
  const auto kept = write([&](Transaction& t) { return t.keep(arrival_of("From: a\r\n\r\nhello"), "R-1"); });
  EXPECT_TRUE(kept.fresh);
  EXPECT_EQ(kept.report_id, "R-1");
  const Report found = report("R-1");
  EXPECT_EQ(found.received_at, kNow);
  EXPECT_EQ(found.status, ReportStatus::received);
  EXPECT_EQ(found.sha256, sha256_hex("From: a\r\n\r\nhello"));
  EXPECT_EQ(found.size_bytes, 16U);
  EXPECT_EQ(found.arrivals, 1U);
  EXPECT_EQ(found.envelope_from, "fbl@example.org");
  EXPECT_EQ(found.content_type, "message/rfc822");
  EXPECT_EQ(bytes_of("R-1"), "From: a\r\n\r\nhello");
}

TEST_P(Reports, every_byte_comes_back_as_it_was_sent) {
  std::string all;
  for (int c = 0; c < 256; ++c) all.push_back(static_cast<char>(c));
  const std::string large(10U << 20U, '\0');
  const std::string samples[] = {all, std::string("a\0b", 3), "bare\rCR and bare\nLF", "\xff\xfe\x80", "", large};
  int n = 0;
  for (const std::string& sample : samples) {
    desk::Arrival arrival = arrival_of(sample);
    arrival.envelope_from = std::string("a\0\xff", 3);
    arrival.envelope_to = "\x80";
    arrival.content_type = "text/\xff";
    const std::string id = "R-" + std::to_string(++n);
    write([&](Transaction& t) { return t.keep(arrival, id); });
    EXPECT_EQ(bytes_of(id), sample) << id;
    EXPECT_EQ(report(id).envelope_from, std::string("a\0\xff", 3));
    EXPECT_EQ(report(id).envelope_to, "\x80");
    EXPECT_EQ(report(id).content_type, "text/\xff");
  }
}

TEST_P(Reports, the_same_identity_again_is_one_report_with_two_arrivals) {
  write([&](Transaction& t) { return t.keep(arrival_of("same"), "R-1"); });
  const auto again = write([&](Transaction& t) { return t.keep(arrival_of("same"), "R-2"); });
  EXPECT_FALSE(again.fresh);
  EXPECT_EQ(again.report_id, "R-1");
  EXPECT_EQ(report("R-1").arrivals, 2U);
  const auto second = desk::in_read(*store_, [&](Transaction& t) { return t.report("R-2"); });
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().fault, Fault::not_found);
}

TEST_P(Reports, the_same_identity_twice_in_one_batch_is_one_report) {
  const auto kept = write([&](Transaction& t) -> Result<std::vector<desk::Kept>> {
    TRY_ASSIGN(const desk::Kept first, t.keep(arrival_of("same"), "R-1"));
    TRY_ASSIGN(const desk::Kept second, t.keep(arrival_of("same"), "R-2"));
    return std::vector{first, second};
  });
  EXPECT_TRUE(kept[0].fresh);
  EXPECT_FALSE(kept[1].fresh);
  EXPECT_EQ(kept[1].report_id, "R-1");
}

TEST_P(Reports, a_key_that_comes_again_with_other_bytes_tells_what_was_kept) {
  write([&](Transaction& t) { return t.keep(arrival_of("first", "key:siem:1"), "R-1"); });
  const auto again = write([&](Transaction& t) { return t.keep(arrival_of("other", "key:siem:1"), "R-2"); });
  EXPECT_FALSE(again.fresh);
  EXPECT_EQ(again.sha256, sha256_hex("first"));
  EXPECT_EQ(bytes_of("R-1"), "first");
}

TEST_P(Reports, the_same_bytes_under_two_identities_are_two_reports_and_stored_once) {
  write([&](Transaction& t) { return t.keep(arrival_of("same", "one"), "R-1"); });
  write([&](Transaction& t) { return t.keep(arrival_of("same", "two"), "R-2"); });
  EXPECT_EQ(bytes_of("R-1"), "same");
  EXPECT_EQ(bytes_of("R-2"), "same");
  std::int64_t blobs = 0;
  const auto connection = database_.connect();
  ASSERT_TRUE(connection->begin(Mode::read));
  for (const char* id : {"R-1", "R-2"})
    ASSERT_TRUE(connection->run(statement("report_blob"), {text(id)}, [&](const Row&) { ++blobs; }));
  EXPECT_EQ(blobs, 2);  // each report finds it ...
  connection->rollback();
  EXPECT_TRUE(
      connection->script(GetParam() == Engine::sqlite
                             ? "CREATE TABLE t (n INTEGER CHECK (n = 1)); INSERT INTO t SELECT count(*) FROM blobs"
                             : "CREATE TABLE t (n bigint CHECK (n = 1)); INSERT INTO t SELECT count(*) FROM blobs"));
}

TEST_P(Reports, work_that_fails_leaves_nothing) {
  const auto failed = desk::in_write(*store_, [&](Transaction& t) -> Result<void> {
    TRY(t.keep(arrival_of("a"), "R-1"));
    return failure(Fault::refused, "changed my mind");
  });
  EXPECT_EQ(failed.error().fault, Fault::refused);
  EXPECT_EQ(read([&](Transaction& t) { return t.reports({}, {}); }).items.size(), 0U);
  EXPECT_EQ(read([&](Transaction& t) { return t.report_totals(); }).received, 0U);
}

TEST_P(Reports, lists_come_oldest_first_in_pages) {
  for (int i = 0; i < 7; ++i) keep_one(*store_, std::to_string(i), "R-" + std::to_string(i));
  std::vector<std::string> seen;
  desk::Page page{.after = {}, .limit = 3};
  int pages = 0;
  do {
    const auto listed = read([&](Transaction& t) { return t.reports({}, page); });
    for (const Report& each : listed.items) seen.push_back(each.id);
    page.after = listed.next;
    ++pages;
  } while (!page.after.empty());
  EXPECT_EQ(pages, 3);
  EXPECT_EQ(seen, (std::vector<std::string>{"R-0", "R-1", "R-2", "R-3", "R-4", "R-5", "R-6"}));
  const auto wrong = desk::in_read(*store_, [&](Transaction& t) { return t.reports({}, {.after = "x", .limit = 3}); });
  EXPECT_EQ(wrong.error().fault, Fault::malformed);
}

TEST_P(Reports, lists_are_filtered_by_status_person_and_token) {
  for (int i = 0; i < 6; ++i) {
    const std::string bytes = std::to_string(i);  // an Arrival borrows them
    desk::Arrival arrival = arrival_of(bytes);
    arrival.token = i % 2 == 0 ? "siem" : "";
    write([&](Transaction& t) { return t.keep(arrival, "R-" + std::to_string(i)); });
  }
  save("R-1", ReportStatus::read);
  save("R-2", ReportStatus::unreadable, {}, true);
  save("R-3", ReportStatus::read, {}, true);
  const auto ids = [&](const desk::ReportFilter& filter) {
    std::string out;
    for (const Report& each : read([&](Transaction& t) { return t.reports(filter, {}); }).items)
      out += each.id.substr(2);
    return out;
  };
  EXPECT_EQ(ids({}), "012345");
  EXPECT_EQ(ids({.status = ReportStatus::received, .needs_person = {}, .token = {}}), "045");
  EXPECT_EQ(ids({.status = ReportStatus::read, .needs_person = {}, .token = {}}), "13");
  EXPECT_EQ(ids({.status = {}, .needs_person = true, .token = {}}), "23");
  EXPECT_EQ(ids({.status = {}, .needs_person = false, .token = {}}), "0145");
  EXPECT_EQ(ids({.status = {}, .needs_person = {}, .token = "siem"}), "024");
  EXPECT_EQ(ids({.status = ReportStatus::unreadable, .needs_person = true, .token = "siem"}), "2");
  const auto totals = read([&](Transaction& t) { return t.report_totals(); });
  EXPECT_EQ(totals.received, 3U);
  EXPECT_EQ(totals.read, 2U);
  EXPECT_EQ(totals.unreadable, 1U);
  EXPECT_EQ(totals.needs_person, 2U);
}

TEST_P(Reports, an_unread_report_is_claimed_by_one_until_the_lease_ends) {
  keep_one(*store_, "first", "R-1");
  keep_one(*store_, "second", "R-2");
  const auto mine = claim("a", kNow);
  ASSERT_EQ(mine.size(), 2U);
  EXPECT_EQ(mine[0].id, "R-1");
  EXPECT_EQ(mine[0].bytes, "first");
  EXPECT_EQ(mine[0].tries, 0U);
  EXPECT_EQ(mine[0].envelope_to, "abuse@example.net");
  EXPECT_TRUE(claim("b", kNow + std::chrono::seconds{59}).empty());
  const auto taken_over = claim("b", kNow + std::chrono::minutes{1});
  ASSERT_EQ(taken_over.size(), 2U);
  EXPECT_EQ(taken_over[0].tries, 1U);
}

TEST_P(Reports, the_oldest_are_claimed_first_and_no_more_than_asked_for) {
  for (int i = 0; i < 5; ++i) keep_one(*store_, std::to_string(i), "R-" + std::to_string(i));
  const auto first = claim("a", kNow, 2);
  ASSERT_EQ(first.size(), 2U);
  EXPECT_EQ(first[0].id, "R-0");
  EXPECT_EQ(first[1].id, "R-1");
  const auto second = claim("b", kNow, 2);
  ASSERT_EQ(second.size(), 2U);
  EXPECT_EQ(second[0].id, "R-2");
}

TEST_P(Reports, a_reading_is_kept_whole) {
  keep_one(*store_, "bytes", "R-1");
  claim("a", kNow);
  Reading reading;
  reading.format = "arf";
  reading.outcome = Outcome::read;
  reading.reporter = {
      .address = "fbl@example.org", .name = "Feedback", .authenticated = "dkim:example.org", .disclosure = false};
  reading.warnings = {"Arrival-Date names no zone", std::string("not UTF-8 \xff and \0", 18)};
  reading.mail = MailFacts{.from_address = "fbl@example.org",
                           .from_name = "Feed \"back\"",
                           .recipients = {"abuse@example.net"},
                           .subject = "complaint",
                           .message_id = "1@example.org",
                           .references = {"0@example.net"},
                           .text = "a\r\nb",
                           .automatic = true,
                           .bounce = Bounce{"ada@example.com", "failed", "5.1.1", "no such user"}};
  write([&](Transaction& t) {
    return t.save_reading("R-1", ReportStatus::read, reading, true, "look", "may belong to T-2026-000001");
  });
  const Report found = report("R-1");
  EXPECT_EQ(found.status, ReportStatus::read);
  EXPECT_TRUE(found.needs_person);
  EXPECT_EQ(found.reason, "look");
  EXPECT_EQ(found.suggestion, "may belong to T-2026-000001");
  EXPECT_EQ(found.reading, reading);
}

TEST_P(Reports, who_comes_second_with_a_reading_is_told_and_changes_nothing) {
  keep_one(*store_, "bytes", "R-1");
  claim("a", kNow);
  claim("b", kNow + std::chrono::hours{1});
  save("R-1", ReportStatus::read);
  const auto late = desk::in_write(
      *store_, [&](Transaction& t) { return t.save_reading("R-1", ReportStatus::unreadable, {}, true, "", ""); });
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().fault, Fault::conflict);
  EXPECT_EQ(report("R-1").status, ReportStatus::read);
  EXPECT_TRUE(claim("c", kNow + std::chrono::hours{9}).empty());
  const auto nobody = desk::in_write(
      *store_, [&](Transaction& t) { return t.save_reading("R-9", ReportStatus::read, {}, true, "", ""); });
  EXPECT_EQ(nobody.error().fault, Fault::not_found);
}

TEST_P(Reports, a_report_can_be_dismissed_and_is_counted_so) {
  keep_one(*store_, "bytes", "R-1");
  save("R-1", ReportStatus::unreadable, {}, true);
  write([&](Transaction& t) { return t.set_report_status("R-1", ReportStatus::dismissed, false, "an advertisement"); });
  EXPECT_EQ(report("R-1").status, ReportStatus::dismissed);
  EXPECT_EQ(report("R-1").reason, "an advertisement");
  const auto totals = read([&](Transaction& t) { return t.report_totals(); });
  EXPECT_EQ(totals.dismissed, 1U);
  EXPECT_EQ(totals.unreadable, 0U);
  EXPECT_EQ(totals.needs_person, 0U);
  const auto nobody = desk::in_write(
      *store_, [&](Transaction& t) { return t.set_report_status("R-9", ReportStatus::read, false, ""); });
  EXPECT_EQ(nobody.error().fault, Fault::not_found);
}

TEST_P(Reports, a_name_that_no_database_could_hold_is_not_found) {
  for (const std::string& id :
       {std::string("R-\xff"), std::string("R-\0", 3), std::string("'; DROP TABLE reports; --")}) {
    const auto found = desk::in_read(*store_, [&](Transaction& t) { return t.report(id); });
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().fault, Fault::not_found);
  }
}

ON_BOTH_ENGINES(Reports);

}  // namespace
}  // namespace abate::store
