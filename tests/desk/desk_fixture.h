// SPDX-License-Identifier: Apache-2.0
// tests/desk/desk_fixture.h — a desk on a real SQLite store in a temporary folder, with the time held still and the
// outside world (reader, mail server, panel) played by small fakes that can fail.
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/hash.h"
#include "desk/accept.h"
#include "desk/clock.h"
#include "desk/courier.h"
#include "desk/customer.h"
#include "desk/history.h"
#include "desk/ledger.h"
#include "desk/look.h"
#include "desk/read_line.h"
#include "desk/team.h"
#include "store/open_store.h"

namespace abate::desk {

struct FakeReader final : Reader {
  Reading next;
  Reading proof;                       // of every report
  std::vector<Witnesses> witnesses{};  // what it was asked to judge by
  std::vector<Reading> read(std::span<const ToRead> reports) override {
    if (reports.empty() || reports[0].witnesses == nullptr) return std::vector<Reading>(reports.size(), next);
    for (const ToRead& report : reports) witnesses.push_back(*report.witnesses);
    return std::vector<Reading>(reports.size(), proof);
  }
};

struct FakeResolver final : Resolver {
  std::vector<DnsText> zone;
  std::vector<std::string> asked;
  std::vector<DnsText> texts(std::span<const std::string> names) override {
    asked.insert(asked.end(), names.begin(), names.end());
    return zone;
  }
};

struct FakeMailer final : Mailer {
  struct Sent {
    std::string sender, recipient, message;
  };
  std::vector<Sent> sent;
  std::optional<Error> answer;
  Result<void> send(const std::string& sender, const std::string& recipient, const std::string& message) override {
    if (answer) return std::unexpected(*answer);
    sent.push_back({sender, recipient, message});
    return {};
  }
};

struct FakeEnforcer final : Enforcer {
  std::vector<Order> orders;
  std::optional<Error> answer;
  [[nodiscard]] std::string_view name() const override { return "panel"; }
  Result<void> carry_out(const Order& order) override {
    if (answer) return std::unexpected(*answer);
    orders.push_back(order);
    return {};
  }
};

// Takes no writes while it is full.
class FullStore final : public Store {
 public:
  explicit FullStore(Store& real) : real_{real} {}
  Result<void> write(const std::function<Result<void>(Transaction&)>& work) override {
    if (full) return failure(Fault::unavailable, "the disk is full");
    return real_.write(work);
  }
  Result<void> read(const std::function<Result<void>(Transaction&)>& work) override { return real_.read(work); }
  Result<void> check() override { return real_.check(); }
  std::atomic<bool> full{false};

 private:
  Store& real_;
};

class DeskTest : public ::testing::Test {
 protected:
  DeskTest();
  ~DeskTest() override;

  // One more report of spam from 203.0.113.10, read and placed. Returns the report's id.
  std::string report(const std::string& bytes, Instant at, const std::string& authenticated = "none");
  // The newest state of the only ticket.
  Ticket the_ticket();
  std::vector<Entry> entries();
  std::size_t count(EntryKind kind);
  Ask ask(const Principal& who);  // with the version as it is
  void settle();                  // clock and courier until nothing is due
  void opened();                  // one report, opened, the notice delivered

  std::filesystem::path folder_;
  ManualClock clock_{*parse_rfc3339("2026-03-01T12:00:00Z")};
  Bell bell_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Desk> desk_;
  std::unique_ptr<Intake> intake_;
  FakeReader reader_;
  FakeResolver resolver_;
  FakeMailer mailer_;
  FakeEnforcer enforcer_;
  std::unique_ptr<Courier> courier_;
  std::unique_ptr<DeadlineClock> deadlines_;
  std::string ticket_id_;  // storage for Ask's reference
  const Principal lead_ = Principal::person("lead@example.net", Role::lead);
  const Principal ada_ = Principal::person("ada@example.net", Role::customer, "c-1");
  const Principal bob_ = Principal::person("bob@example.net", Role::customer, "c-2");
};

}  // namespace abate::desk
