// SPDX-License-Identifier: Apache-2.0
#include <sstream>

#include "desk/attribute.h"
#include "desk/desk_fixture.h"

namespace abate::desk {
namespace {

constexpr std::string_view kHead =
    "range,from,until,service_id,service_name,customer_id,customer_name,customer_email\n";

class LedgerImport : public DeskTest {
 protected:
  Result<LedgerChange> import(const std::string& rows, bool dry_run = false) {
    std::istringstream csv{std::string{kHead} + rows};
    return import_ledger(*store_, csv, dry_run);
  }
  std::uint64_t version() {
    return *in_read(*store_, [](Transaction& store) { return store.ledger_version(); });
  }
  // The error names the line and says `what`; the former ledger stays.
  void refused(const std::string& rows, std::string_view line, std::string_view what) {
    const std::uint64_t before = version();
    const Result<LedgerChange> change = import(rows);
    ASSERT_FALSE(change) << rows;
    EXPECT_NE(change.error().what.find(line), std::string::npos) << change.error().what;
    EXPECT_NE(change.error().what.find(what), std::string::npos) << change.error().what;
    EXPECT_EQ(version(), before);
  }
};

TEST_F(LedgerImport, replaces_the_whole_and_says_what_changed) {
  const Result<LedgerChange> change = import(
      "203.0.113.10,2026-01-01T00:00:00Z,,vps-1,mail1,c-1,Ada,ada@example.net\n"
      "2001:db8::/64,2026-01-01T01:00:00+01:00,2026-06-01T00:00:00Z,vps-6,\"web, six\",c-6,F,f@example.net\n");
  ASSERT_TRUE(change) << change.error().what;
  EXPECT_EQ(change->rows, 2U);
  EXPECT_EQ(change->added, 1U);
  EXPECT_EQ(change->removed, 2U);
  const Result<bool> fresh = refresh_ledger(*desk_);
  EXPECT_TRUE(fresh && *fresh);
  EXPECT_EQ(desk_->ledger.load()->index.find(*parse_ip("2001:db8::1"), {clock_.now(), clock_.now()}).verdict,
            Verdict::matched);
}

TEST_F(LedgerImport, is_seen_by_whoever_asks_before_the_index_was_loaded_anew) {
  ASSERT_TRUE(refresh_ledger(*desk_));
  ASSERT_TRUE(import("203.0.113.10,2026-01-01T00:00:00Z,,vps-77,s,c-1,A,a@example.net\n"));
  const Result<Attribution> found = attribution_of(*desk_, *parse_ip("203.0.113.10"), {clock_.now(), clock_.now()});
  ASSERT_TRUE(found) << found.error().what;
  EXPECT_EQ(found->assignment->service.id, "vps-77");
  EXPECT_EQ(found->ledger_version, version());
}

TEST_F(LedgerImport, a_dry_run_says_the_same_and_changes_nothing) {
  const std::uint64_t before = version();
  const Result<LedgerChange> change = import("192.0.2.1,2026-01-01T00:00:00Z,,vps-1,s,c-1,A,a@example.net\n", true);
  ASSERT_TRUE(change);
  EXPECT_EQ(change->added, 1U);
  EXPECT_EQ(version(), before);
}

TEST_F(LedgerImport, every_error_names_its_line) {
  const std::string good = "192.0.2.1,2026-01-01T00:00:00Z,,vps-1,s,c-1,A,a@example.net\n";
  refused(good + "192.0.2.1/24,2026-01-01T00:00:00Z,,v,s,c,A,a@example.net\n", "line 3", "host bits");
  refused(good + "192.0.2.9,2026-01-01T00:00:00,,v,s,c,A,a@example.net\n", "line 3", "zone");
  refused(good + "192.0.2.9,2026-02-01T00:00:00Z,2026-01-01T00:00:00Z,v,s,c,A,a@example.net\n", "line 3", "until");
  refused(good + "192.0.2.9,2026-01-01T00:00:00Z,,v,s,c,A\n", "line 3", "7 fields");
  refused(good + "192.0.2.9,2026-01-01T00:00:00Z,,,s,c,A,a@example.net\n", "line 3", "service_id");
  refused(good + "\n" + good, "line 4", "overlap");
  refused(good + "192.0.2.9,2026-01-01T00:00:00Z,,v,\"never closed,c,A,a@example.net\n", "line 3", "never closed");
}

TEST_F(LedgerImport, an_address_that_would_be_a_mail_header_is_refused) {
  refused("192.0.2.9,2026-01-01T00:00:00Z,,v,s,c,A,\"a@example.net\r\nBcc: b@example.net\"\n", "line 2",
          "control characters");
}

}  // namespace
}  // namespace abate::desk
