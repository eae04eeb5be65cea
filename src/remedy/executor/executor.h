// SPDX-License-Identifier: Apache-2.0
// remedy/executor/executor.h — the only code in `abate` that changes the machine.
//
//   TRY_ASSIGN(Run run, Run::start(where, plan_text, ticket, now));  // continues one that a crash cut off
//   for (const Action& action : chosen) Outcome end = run.act(action, work_of(action));
//   TRY(run.finish(now));
//   TRY_ASSIGN(auto undone, undo(where, "run-…" or "a…", now));
//
// Every change is journalled with what was there before, and synced, before it is made; what it replaces is sealed
// first. An action is done whole or taken back: a failing change, a failing checker or a crash in the middle rolls back
// what the action did so far. Undo puts back bytes, owner, mode, times, attributes, flags and hard links, in reverse
// order, and refuses where somebody changed the thing since. On a mounted disk nothing is started and no process ended.
// One at a time for a state folder. Not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "model/plan.h"
#include "remedy/change.h"
#include "remedy/executor/journal.h"
#include "remedy/executor/seal.h"

namespace abate::remedy {

struct Where {
  std::string root = "/";
  std::string state_folder;
  bool live = false;
  std::function<void()> at_step;  // tests only: called around each step that lasts, to end the program there
};

struct Outcome {
  enum class End : std::uint8_t { done, already_so, refused, failed, by_hand } end = End::failed;
  std::string says;
  std::vector<OwnChange> changes;  // that stand
};

class Run {
 public:
  // A run of the same plan that was not finished is continued: its half-done action is taken back first.
  static Result<Run> start(const Where& where, const std::string& plan_text, const std::string& ticket, Instant now);
  [[nodiscard]] const std::string& id() const { return id_; }
  // already_so where this run did it before it was cut off.
  Outcome act(const Action& action, const Work& work, Instant now);
  Result<void> finish(Instant now);

 private:
  Run(Where where, std::string id, Descriptor lock, Journal journal, Seal seal);
  Result<bool> make(const std::string& action, const Change& change);
  Result<bool> make_file_change(const std::string& action, const Change& change);
  Result<bool> start_program(const std::string& action, const Change& change);
  Result<bool> end_process(const std::string& action, const Change& change);
  Outcome fail(const std::string& action, const Error& error);
  Result<void> roll_back(const std::string& action);
  void step() const {
    if (where_.at_step) where_.at_step();
  }

  Where where_;
  std::string id_;
  Descriptor lock_;
  Journal journal_;
  Seal seal_;
  std::uint64_t next_change_ = 1;
  std::vector<std::string> done_;  // before it was cut off
  std::vector<OwnChange> made_;    // by the action at hand
};

struct Undone {
  std::string action;
  std::string kind;  // quarantine_file, …
  std::string path;
  Outcome outcome;
};
// Of a run, or of the last run that did the action. not_found: nothing of that name was done, or all is undone.
Result<std::vector<Undone>> undo(const Where& where, const std::string& run_or_action, Instant now);

struct DoneAction {  // for `abate history`, and the reply
  std::string run;
  std::string action;
  std::string kind;
  std::string subject;  // path or name, as shown
  std::optional<Instant> at;
  std::string ticket;
  enum class State : std::uint8_t { done, failed, undone, cut_off } state = State::done;
  std::string says;
  std::vector<OwnChange> changes;  // in their order
};
Result<std::vector<DoneAction>> history(const std::string& state_folder);

}  // namespace abate::remedy
