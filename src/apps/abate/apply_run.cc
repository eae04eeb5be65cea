// SPDX-License-Identifier: Apache-2.0
#include "apps/abate/apply_run.h"

#include <algorithm>

#include "apps/abate/sweep_run.h"
#include "apps/abate/where.h"
#include "remedy/action_kind.h"
#include "remedy/executor/keep_firewall.h"
#include "wire/plan_json.h"

namespace abate::apps {

using End = remedy::Outcome::End;

std::string_view end_words(End end) {
  switch (end) {
    case End::done: return "done";
    case End::already_so: return "so already";
    case End::refused: return "left: it changed";
    case End::failed: return "failed, and taken back";
    case End::by_hand: return "for you to do";
  }
  return "";
}

Result<ApplyRun> ApplyRun::open(std::string plan_text, const std::string& state) {
  ApplyRun run;
  TRY_ASSIGN(run.plan_, wire::read_plan(plan_text));
  run.plan_text_ = std::move(plan_text);
  TRY_ASSIGN(run.where_, where_of(run.plan_.root, state));
  TRY_ASSIGN(run.tree_, sweep::DiskTree::open_root(run.where_.root));
  sweep::Notes notes;
  std::optional<sweep::Running> running;
  if (run.where_.live) running = sweep::see_running(*run.tree_, notes);
  run.host_ = sweep::open_host(*run.tree_, std::move(running), wall_clock(), {}, notes);
  run.host_->host.root = run.where_.root;
  return run;
}

Result<void> ApplyRun::begin() {
  TRY_ASSIGN(run_, remedy::Run::start(where_, plan_text_, plan_.ticket, wall_clock()));
  TRY_ASSIGN(const std::vector<remedy::DoneAction> past, remedy::history(where_.state_folder));
  for (const remedy::DoneAction& one : past) {
    changed_by_us_.insert(changed_by_us_.end(), one.changes.begin(), one.changes.end());
    if (one.state == remedy::DoneAction::State::done) done_before_.push_back(one.action);
  }
  return {};
}

remedy::Outcome ApplyRun::act(const Action& action) {
  if (action.kind == "firewall_on") remedy::forget_firewall();  // an earlier confirmation was of other rules
  const sweep::Host& host = host_->host;
  if (const Result<void> same = remedy::check_unchanged(action, host, changed_by_us_); !same)
    return {End::refused, same.error().what, {}};
  const bool done_before = std::ranges::find(done_before_, action.id) != done_before_.end();
  if (done_before && !action.expected.empty() && !remedy::check_unchanged(action, host, {}))
    return {End::already_so, "done by an earlier run", {}};
  const Result<remedy::Work> work = remedy::work_of(action, host);
  if (!work) return {work.error().fault == Fault::not_found ? End::by_hand : End::failed, work.error().what, {}};
  remedy::Outcome outcome = run_->act(action, *work, wall_clock());
  changed_by_us_.insert(changed_by_us_.end(), outcome.changes.begin(), outcome.changes.end());
  return outcome;
}

Result<void> ApplyRun::finish() { return run_->finish(wall_clock()); }

}  // namespace abate::apps
