// SPDX-License-Identifier: Apache-2.0
// desk/courier.h — empties the outbox: mails to the customer, orders to enforcers (DESIGN.md, step 6).
//
// At least once, with a stable key. Items are claimed with leases in the database, so several `abated` share the work
// and a dead one's is taken over. Pauses grow with jitter; after kTriesMax a person is asked. A mail server's final
// "no" marks the notice bounced at once. Thread-safe; stop() lets what is under way finish.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "desk/desk.h"
#include "desk/ports/enforcer.h"
#include "desk/ports/mailer.h"

namespace abate::desk {

constexpr std::size_t kCourierBatchMax = 16;
constexpr std::chrono::minutes kCourierLease{3};  // longer than the slowest single delivery
constexpr std::chrono::seconds kFirstPause{3};    // the contract: tried again within 5 s
constexpr std::chrono::seconds kLongestPause{3600};
constexpr std::uint32_t kTriesMax = 80;  // with these pauses about three days
constexpr std::chrono::milliseconds kCourierSleepMax{1000};

// How long to wait before try number `tries` + 1: doubling from kFirstPause, with up to a quarter of jitter on top.
std::chrono::milliseconds pause_after(std::uint32_t tries);

struct Carriers {  // who takes what the courier brings
  std::shared_ptr<Mailer> mailer;
  std::vector<std::shared_ptr<Enforcer>> enforcers;
};

struct Standing {  // of one of them, as the last try found it
  bool away = false;
  Instant since;
  std::string why;  // of the last failure
};

class Courier {
 public:
  // `ticket_json`: the ticket as enforcers are given it (the wire form lives outside this room).
  using TicketJson = std::function<std::string(const Ticket&)>;
  Courier(Desk& desk, Carriers carriers, TicketJson ticket_json);
  ~Courier();
  Courier(const Courier&) = delete;
  Courier& operator=(const Courier&) = delete;
  void start(std::size_t threads);
  void stop();
  // From the next item on; what is under way ends with the former ones.
  void use(Carriers carriers);
  // "smtp" and "enforcer:NAME" of all that were tried since the start.
  [[nodiscard]] std::map<std::string, Standing> standings() const;

  // One batch; returns how many items were tried.
  Result<std::size_t> deliver_some(const std::string& owner);

 private:
  void run(const std::string& owner);
  Result<void> deliver(const OutboxItem& item, Instant lease_end);
  Result<void> settle(const std::function<Result<void>(Transaction&)>& work, Instant lease_end);
  Result<void> carry_out(const OutboxItem& item);
  void remember(const OutboxItem& item, const Result<void>& carried, Instant now);

  Desk& desk_;
  std::atomic<std::shared_ptr<const Carriers>> carriers_;
  TicketJson ticket_json_;
  mutable std::mutex standings_mutex_;
  std::map<std::string, Standing> standings_;
  std::atomic<bool> stopping_{false};
  std::vector<std::thread> threads_;
};

}  // namespace abate::desk
