// SPDX-License-Identifier: Apache-2.0
// remedy/measure.h — what keeps it from happening again (R27–R32). One file in remedy/measures is one measure; CMake
// finds it.
//
//   HardenPlan hardened = harden_plan(ground, now);   // each measure as it stands: already, advised, by hand, said
//   Result<Work> work = work_of(action, host);        // as for the actions of a plan: the executor makes it so
//
// A measure looks first, and advises only what is not so already. It never locks out whoever asks. Its examples are
// small servers (sweep/kit/memory_tree.h): one that needs it at least, and one that does not; a test walks all of them,
// makes the advised changes on a disk, looks again (nothing is left to advise), and undoes them byte for byte. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/plan.h"
#include "remedy/change.h"
#include "sweep/kit/host.h"

namespace abate::remedy {

struct Ground {  // what the measures look at
  const sweep::Host& host;
  std::vector<Finding> findings;    // of the detectors that look at the inventory alone
  std::optional<Instant> entry_at;  // when the intruder came in, where a ticket's cause tells
  std::vector<std::string> renew;   // accounts that are to get a new password
};

enum class Standing : std::uint8_t {
  already,  // so already
  advised,  // abate can do it
  by_hand,  // only a person can: says how
  said,     // good to know; nothing is weak
};
std::string_view standing_name(Standing standing);

struct Advice {
  Standing standing = Standing::already;
  Action action;  // its `why` says how it stands
};

struct MeasureExample {
  std::string_view title;
  std::string_view tree;
  Standing worst = Standing::already;  // of all that it says here: advised, else by_hand, said, already
};

struct Measure;

class Advised {  // where a measure puts what it saw
 public:
  explicit Advised(const Measure& measure) : measure_{measure} {}
  void already(std::string why);
  void said(std::string why, std::string how);
  void by_hand(Subject subject, std::string why, std::string how);
  // The reference holds until the next call: set effect, risk, undo, is_default.
  Action& advise(Subject subject, std::string why);
  [[nodiscard]] std::vector<Advice> take() { return std::move(all_); }

 private:
  Action& add(Standing standing, Subject subject, std::string why);
  const Measure& measure_;
  std::vector<Advice> all_;
};

struct Measure {
  std::string_view name;         // "ssh_keys_only": the file's name, and the kind of its actions
  std::string_view requirement;  // "R28"
  std::string_view title;        // "SSH by key only"
  std::string_view explain;      // `abate explain NAME`: what it changes, why, what can go wrong, how to undo
  void (*look)(const Ground& ground, Advised& out);
  // Null where nothing can be changed by a program.
  Result<Work> (*work)(const Action& action, const sweep::Host& host) = nullptr;
  std::span<const MeasureExample> examples;
};

// All of remedy/measures, by name. Made by CMake.
std::span<const Measure* const> measures();

struct HardenPlan {
  Plan plan;                    // what is advised, and what only a person can do
  std::vector<Advice> already;  // and what is only said
  [[nodiscard]] bool is_strong() const { return plan.actions.empty(); }
};
// By requirement, in the order of R27 to R32.
HardenPlan harden_plan(const Ground& ground, Instant now);

}  // namespace abate::remedy
