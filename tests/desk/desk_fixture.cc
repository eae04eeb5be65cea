// SPDX-License-Identifier: Apache-2.0
#include "desk/desk_fixture.h"

#include <sstream>

#include <unistd.h>

namespace abate::desk {
namespace {

constexpr std::string_view kLedger =
    "range,from,until,service_id,service_name,customer_id,customer_name,customer_email\n"
    "203.0.113.10,2026-01-01T00:00:00Z,,vps-1,mail1,c-1,Ada,ada@example.net\n"
    "203.0.113.20,2026-01-01T00:00:00Z,2026-02-01T00:00:00Z,vps-2,web1,c-2,Bob,bob@example.net\n"
    "203.0.113.20,2026-02-01T00:00:00Z,,vps-3,web2,c-1,Ada,ada@example.net\n";

std::filesystem::path fresh_folder() {
  std::string name = (std::filesystem::temp_directory_path() / "abate-desk-XXXXXX").string();
  EXPECT_NE(mkdtemp(name.data()), nullptr);
  return name;
}

}  // namespace

DeskTest::DeskTest() : folder_{fresh_folder()} {
  auto opened = store::open_store("sqlite:" + (folder_ / "desk.db").string());
  EXPECT_TRUE(opened) << opened.error().what;
  store_ = std::move(*opened);
  Provider provider;
  provider.prefixes = {*parse_prefix("198.51.100.0/24")};
  provider.enforcers = {"panel"};
  desk_ = std::make_unique<Desk>(*store_, clock_, bell_, provider);
  Policy policy;
  for (Terms& terms : policy.terms) terms.ladder = {MeasureKind::limit_port25, MeasureKind::suspend};
  desk_->policy.store(std::make_shared<const Policy>(policy));
  std::istringstream csv{std::string{kLedger}};
  EXPECT_TRUE(import_ledger(*store_, csv, false));
  EXPECT_TRUE(refresh_ledger(*desk_));
  intake_ = std::make_unique<Intake>(*store_, clock_, bell_, desk_->node);
  courier_ = std::make_unique<Courier>(
      *desk_,
      Carriers{{std::shared_ptr<void>{}, &mailer_}, {std::shared_ptr<Enforcer>{std::shared_ptr<void>{}, &enforcer_}}},
      [](const Ticket& ticket) { return "{\"id\":\"" + ticket.id + "\"}"; });
  deadlines_ = std::make_unique<DeadlineClock>(*desk_);
}

DeskTest::~DeskTest() {
  intake_.reset();
  const Result<HistoryVerdict> verdict = verify_history(*store_);
  EXPECT_TRUE(verdict && !verdict->broken);
  deadlines_.reset();
  courier_.reset();
  desk_.reset();
  store_.reset();
  std::filesystem::remove_all(folder_);
}

std::string DeskTest::report(const std::string& bytes, Instant at, const std::string& authenticated) {
  Incident incident;
  incident.category = Category::spam;
  incident.type = "messaging/spam";
  incident.source_ip = *parse_ip("203.0.113.10");
  incident.started_at = at;
  Evidence evidence;
  evidence.content_type = "text/plain";
  evidence.bytes = "Subject: <script>buy</script> http://pills.example/";
  evidence.sha256 = sha256_hex(evidence.bytes);
  incident.evidence.push_back(evidence);
  reader_.next = {};
  reader_.next.format = "arf";
  reader_.next.outcome = Outcome::read;
  reader_.next.incidents = {incident};
  reader_.next.reporter = {"fbl@example.org", std::nullopt, authenticated, true};
  NewArrival arrival;
  arrival.bytes = bytes;
  const Result<Kept> kept = intake_->accept_and_wait(std::move(arrival));
  EXPECT_TRUE(kept);
  EXPECT_TRUE(ReadLine::read_some(*desk_, reader_, &resolver_, "test"));
  return kept ? kept->report_id : "";
}

Ticket DeskTest::the_ticket() {
  const auto listed = see_tickets(*desk_, lead_, {}, {});
  EXPECT_TRUE(listed && listed->items.size() == 1);
  return listed && !listed->items.empty() ? listed->items.front() : Ticket{};
}

std::vector<Entry> DeskTest::entries() {
  const auto listed = see_entries(*desk_, lead_, the_ticket().id, Page{{}, kPageMax});
  return listed ? listed->items : std::vector<Entry>{};
}

std::size_t DeskTest::count(EntryKind kind) {
  return static_cast<std::size_t>(std::ranges::count(entries(), kind, &Entry::kind));
}

Ask DeskTest::ask(const Principal& who) {
  const Ticket ticket = the_ticket();
  ticket_id_ = ticket.id;
  return {who, ticket_id_, ticket.version};
}

void DeskTest::settle() {
  for (int round = 0; round < 20; ++round) {
    const Result<std::size_t> looked = deadlines_->tick("test");
    const Result<std::size_t> tried = courier_->deliver_some("test");
    ASSERT_TRUE(looked) << looked.error().what;
    ASSERT_TRUE(tried) << tried.error().what;
    if (*looked + *tried == 0) return;
  }
}

void DeskTest::opened() {
  report("first", clock_.now() - std::chrono::hours{1});
  const Result<Ticket> ticket = open_ticket(*desk_, ask(lead_));
  ASSERT_TRUE(ticket) << ticket.error().what;
  settle();
}

}  // namespace abate::desk
