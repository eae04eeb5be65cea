// SPDX-License-Identifier: Apache-2.0
// desk/verify.h — tries from outside whether the harm is gone (B6): when a customer says so, and again in probation.
//
//   ProbeRunner runner{desk, prober, {.threads = 2}};
//   runner.start();
//
// What is due stands in the store and is claimed with a lease: nothing is missed and nothing happens twice, however
// many nodes run. An address is spoken to only when an incident of the ticket names it as the culprit, and the ledger
// says that it is the ticket's service's now; of a ticket about child-abuse material nothing is. Each result is an
// entry with what was tried, what came, when, and its hash. A live harm refuses the claim, or opens the case again,
// only where policy says so (`probe = "refuse"`); no measure is ever taken from here. Thread-safe.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "desk/change.h"
#include "desk/desk.h"
#include "desk/ports/prober.h"

namespace abate::desk {

constexpr std::chrono::minutes kProbeLease{15};  // longer than the slowest ticket: kProbeTasksMax tries of a prober
constexpr std::uint32_t kProbeTriesMax = 3;      // a ticket whose probing never came to an end is left to people
constexpr std::chrono::hours kFirstProbation{1};
constexpr std::chrono::hours kNextProbation{24};
constexpr std::chrono::milliseconds kProbeSleepMax{5000};

// Within the change that claims or closes; nothing where this desk does not probe, or policy is against it.
Result<void> schedule_for_claim(Change& change);
Result<void> schedule_for_probation(Change& change);

class ProbeRunner {
 public:
  struct Limits {
    std::size_t threads = 2;
    std::chrono::milliseconds pause{1000};  // between two conversations of one thread
  };
  // `prober` may be null: nothing is tried, and nothing is scheduled.
  ProbeRunner(Desk& desk, std::shared_ptr<Prober> prober, Limits limits);
  ~ProbeRunner();
  ProbeRunner(const ProbeRunner&) = delete;
  ProbeRunner& operator=(const ProbeRunner&) = delete;
  void start();
  void stop();

  // Does one ticket that is due; false where none is.
  Result<bool> tick(const std::string& owner);

 private:
  void run(const std::string& owner);
  bool pause();  // true: to be ended
  struct Wanted {
    std::vector<ProbeTask> tasks;
    std::string why_not =
        "nothing that was reported can be tried from outside at an address that is still the service's";
  };
  Result<Wanted> wanted(const Ticket& ticket);
  Result<void> probe_ticket(const DueProbe& due);

  Desk& desk_;
  std::shared_ptr<Prober> prober_;
  Limits limits_;
  std::mutex mutex_;
  std::condition_variable stopped_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace abate::desk
