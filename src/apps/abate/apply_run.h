// SPDX-License-Identifier: Apache-2.0
// apps/abate/apply_run.h — a plan carried out on the server that it names: reads it, opens the server, and has the
// executor do one action after another.
//
//   TRY_ASSIGN(ApplyRun run, ApplyRun::open(plan_text, state));   // nothing is changed yet
//   TRY(run.begin());                                             // or goes on with the run that was cut off
//   for (const Action& action : run.plan().actions) remedy::Outcome end = run.act(action);
//   TRY(run.finish());
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/plan.h"
#include "remedy/executor/executor.h"
#include "sweep/host/disk_tree.h"
#include "sweep/host/look.h"

namespace abate::apps {

class ApplyRun {
 public:
  static Result<ApplyRun> open(std::string plan_text, const std::string& state);
  [[nodiscard]] const Plan& plan() const { return plan_; }
  [[nodiscard]] const remedy::Where& where() const { return where_; }

  Result<void> begin();
  // refused where the thing is not what it was when the plan was made, unless our own changes made it so.
  remedy::Outcome act(const Action& action);
  Result<void> finish();
  [[nodiscard]] const std::string& id() const { return run_->id(); }  // after begin()
  void release() { run_.reset(); }  // lets go of the state folder; nothing is done with it any more

 private:
  ApplyRun() = default;

  std::string plan_text_;
  Plan plan_;
  remedy::Where where_;
  std::unique_ptr<sweep::DiskTree> tree_;
  std::unique_ptr<sweep::OpenedHost> host_;
  std::optional<remedy::Run> run_;
  std::vector<remedy::OwnChange> changed_by_us_;
  std::vector<std::string> done_before_;  // actions of earlier runs that were not undone
};

std::string_view end_words(remedy::Outcome::End end);  // "done", "so already", "for you to do", …

}  // namespace abate::apps
