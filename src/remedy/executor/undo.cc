// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <ranges>

#include "base/text.h"
#include "remedy/executor/executor.h"
#include "remedy/executor/program.h"
#include "remedy/executor/take_back.h"

namespace abate::remedy {
namespace {

using Argv = std::vector<std::string>;

DoneAction::State state_of(RunRows::End end) {
  switch (end) {
    case RunRows::End::done: return DoneAction::State::done;
    case RunRows::End::failed: return DoneAction::State::failed;
    case RunRows::End::undone: return DoneAction::State::undone;
    case RunRows::End::cut_off: break;
  }
  return DoneAction::State::cut_off;
}

bool can_be_undone(const RunRows::OfAction& action) {
  if (action.end == RunRows::End::undone) return false;
  return action.end == RunRows::End::done || !action.changes.empty();
}

Result<Outcome> undo_action(const Where& where, const std::string& run, const RunRows::OfAction& action,
                            Journal& journal, const Seal& seal, Instant now) {
  if (const Result<void> back = take_back(where, run, action, journal, seal); !back)
    return Outcome{
        back.error().fault == Fault::stale ? Outcome::End::refused : Outcome::End::failed, back.error().what, {}};
  TRY(journal.write(undone_row(action.id, now)));
  Outcome outcome{Outcome::End::done, "", {}};
  if (where.live)
    for (const Argv& argv : action.undo_afterwards)
      if (!run_program(argv).good()) outcome.says = escape_terminal(join(argv, " ")) + " failed: run it yourself";
  return outcome;
}

}  // namespace

Result<std::vector<Undone>> undo(const Where& where, const std::string& run_or_action, Instant now) {
  TRY_ASSIGN(const Descriptor lock, lock_state(where.state_folder));
  TRY_ASSIGN(const Seal seal, Seal::open(where.state_folder));
  std::string run;
  RunRows rows;
  for (const std::string& name : Journal::runs(where.state_folder)) {
    TRY_ASSIGN(RunRows of_run, read_rows(where.state_folder, name));
    const RunRows::OfAction* action = of_run.action(run_or_action);
    if (name != run_or_action && (action == nullptr || !can_be_undone(*action))) continue;
    run = name;
    rows = std::move(of_run);
  }
  if (run.empty())
    return failure(Fault::not_found, "{}: no run or action of that name that could be undone; abate history lists them",
                   escape_terminal(run_or_action));
  Where there = where;
  there.root = rows.root;
  there.live = rows.live;
  TRY_ASSIGN(Journal journal, Journal::open(where.state_folder, run));
  std::vector<Undone> undone;
  for (const RunRows::OfAction& action : rows.actions | std::views::reverse) {
    if ((run_or_action != run && action.id != run_or_action) || !can_be_undone(action)) continue;
    TRY_ASSIGN(const Outcome outcome, undo_action(there, run, action, journal, seal, now));
    undone.push_back({action.id, action.kind, action.subject, outcome});
  }
  if (!rows.finished) TRY(journal.write(finished_row(now)));
  return undone;
}

Result<std::vector<DoneAction>> history(const std::string& state_folder) {
  std::vector<DoneAction> all;
  for (const std::string& run : Journal::runs(state_folder)) {
    TRY_ASSIGN(const RunRows rows, read_rows(state_folder, run));
    for (const RunRows::OfAction& action : rows.actions) {
      DoneAction one{.run = run,
                     .action = action.id,
                     .kind = action.kind,
                     .subject = action.subject,
                     .at = action.at,
                     .ticket = rows.ticket,
                     .state = state_of(action.end),
                     .says = action.why,
                     .changes = {}};
      for (const MadeChange& change : action.changes)
        if (change.is_of_files()) one.changes.push_back({change.path, change.before.sha256, change.after.sha256});
      all.push_back(std::move(one));
    }
  }
  return all;
}

}  // namespace abate::remedy
