// SPDX-License-Identifier: Apache-2.0
// desk/clock.h — keeps the tickets' clocks: reminders, overdue, the ladder (R8, R10, R11).
//
// Sleeps until the next due time only, at most kClockSleepMax, so that a jump of the system's clock, a restart or
// another node's death are noticed. What is due is written on the ticket and claimed with a lease: nothing is missed
// and nothing happens twice, however many nodes run. Thread-safe.
#pragma once

#include <atomic>
#include <thread>

#include "desk/desk.h"

namespace abate::desk {

constexpr std::size_t kDueBatchMax = 64;
constexpr std::chrono::seconds kDueLease{60};
constexpr std::chrono::milliseconds kClockSleepMax{5000};

class DeadlineClock {
 public:
  explicit DeadlineClock(Desk& desk) : desk_{desk} {}
  ~DeadlineClock();
  DeadlineClock(const DeadlineClock&) = delete;
  DeadlineClock& operator=(const DeadlineClock&) = delete;
  void start();
  void stop();

  // Does what is due now; returns how many tickets were looked at.
  Result<std::size_t> tick(const std::string& owner);

 private:
  void run();
  std::chrono::milliseconds until_next();

  Desk& desk_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace abate::desk
