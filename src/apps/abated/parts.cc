// SPDX-License-Identifier: Apache-2.0
#include "apps/abated/parts.h"

#include <thread>

#include "base/log.h"
#include "desk/accept.h"
#include "desk/clock.h"
#include "desk/courier.h"
#include "desk/ledger.h"
#include "desk/read_line.h"
#include "worker/workers.h"

namespace abate::apps {
namespace {

constexpr std::chrono::milliseconds kLedgerSleepMax{2000};  // the contract: an import is seen within 5 s

// Looks for a new version of the ledger that some import has brought.
class LedgerWatch {
 public:
  explicit LedgerWatch(desk::Desk& desk) : desk_{desk}, thread_{[this] { run(); }} {}
  ~LedgerWatch() { thread_.join(); }
  LedgerWatch(const LedgerWatch&) = delete;
  LedgerWatch& operator=(const LedgerWatch&) = delete;

 private:
  void run() {
    for (std::uint64_t seen = 0; !desk_.bell.closed(); desk_.bell.wait(desk::Bell::Topic::ledger, seen, kLedgerSleepMax))
      if (const Result<bool> fresh = desk::refresh_ledger(desk_); !fresh)
        log_error("ledger", {{"why", fresh.error().what}});
  }

  desk::Desk& desk_;
  std::thread thread_;
};

class Running final : public Parts {
 public:
  explicit Running(Setup setup)
      : setup_{std::move(setup)}, desk_{*setup_.store, clock_, bell_, provider_of(setup_.config)} {
    desk_.node = node_of(setup_.config);
  }
  ~Running() override {
    bell_.close();
  }
  desk::Desk& desk() override { return desk_; }

  Result<void> start() {
    TRY_ASSIGN(const Policy policy, policy_of(setup_.config));
    desk_.policy.store(std::make_shared<const Policy>(policy));
    TRY(setup_.store->write([&](desk::Transaction& store) { return store.release_leases(desk_.node + "/"); }));
    TRY(desk::refresh_ledger(desk_));
    TRY_ASSIGN(reader_, worker::start_workers({.count = setup_.config.reading_workers,
                                               .memory_max_bytes = setup_.config.reading_memory_max_bytes,
                                               .time_max = setup_.config.reading_time_max,
                                               .command = {}}));
    intake_.emplace(*setup_.store, clock_, bell_, desk_.node);
    ledger_watch_.emplace(desk_);
    read_line_.emplace(desk_, *reader_, setup_.config.reading_workers);
    deadline_clock_.emplace(desk_);
    deadline_clock_->start();
    return {};
  }

 private:
  Setup setup_;
  SystemClock clock_;
  desk::Bell bell_;
  desk::Desk desk_;
  std::unique_ptr<desk::Reader> reader_;
  std::optional<desk::Intake> intake_;
  std::optional<LedgerWatch> ledger_watch_;
  std::optional<desk::ReadLine> read_line_;
  std::optional<desk::DeadlineClock> deadline_clock_;
};

}  // namespace

Result<std::unique_ptr<Parts>> start_parts(Setup setup) {
  auto running = std::make_unique<Running>(std::move(setup));
  TRY(running->start());
  return running;
}

}  // namespace abate::apps
