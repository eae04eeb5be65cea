// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <ranges>

#include <boost/json.hpp>

#include "base/hash.h"
#include "base/text.h"
#include "remedy/executor/executor.h"
#include "remedy/executor/program.h"
#include "remedy/executor/rows.h"

namespace abate::remedy {
namespace {

namespace json = boost::json;

std::string text_of(const json::object& row, std::string_view name) {
  const json::value* value = row.if_contains(name);
  return value != nullptr && value->is_string() ? std::string{value->get_string()} : "";
}

std::uint64_t number_of(const json::object& row) {
  const json::value* value = row.if_contains("change");
  return value == nullptr ? 0 : value->to_number<std::uint64_t>();
}

Result<void> undo_program(const Where& where, const json::object& row) {
  if (text_of(row, "kind") == change_kind_name(ChangeKind::end_process))
    return {};  // it cannot be started again as it was; the plan said so
  std::vector<std::string> argv;
  for (const json::value& word : row.at("undo_argv").as_array()) argv.emplace_back(word.as_string());
  if (argv.empty() || !where.live) return {};
  const ProgramEnd end = run_program(argv);
  if (!end.good())
    return failure(Fault::unavailable, "{}: {}", join(argv, " "), shorten(escape_terminal(end.output), 300));
  return {};
}

Rows::OfAction* action_of(Rows& rows, const std::string& id) {
  const auto found = std::ranges::find(rows.actions, id, &Rows::OfAction::id);
  return found == rows.actions.end() ? nullptr : &*found;
}

DoneAction::State state_of(Rows::End end) {
  switch (end) {
    case Rows::End::done: return DoneAction::State::done;
    case Rows::End::failed: return DoneAction::State::failed;
    case Rows::End::undone: return DoneAction::State::undone;
    case Rows::End::cut_off: break;
  }
  return DoneAction::State::cut_off;
}

}  // namespace

Result<Rows> read_rows(const std::string& state_folder, const std::string& run) {
  TRY_ASSIGN(const std::vector<json::object> lines, Journal::read(state_folder, run));
  Rows rows;
  for (const json::object& line : lines) {
    const std::string row = text_of(line, "row");
    Rows::OfAction* action = action_of(rows, text_of(line, "action"));
    if (row == "run") {
      rows.plan_hash = text_of(line, "plan");
      rows.ticket = text_of(line, "ticket");
      TRY_ASSIGN(rows.root, from_hex(text_of(line, "root")));
    } else if (row == "finished") {
      rows.finished = true;
    } else if (row == "action") {
      if (action == nullptr) action = &rows.actions.emplace_back();
      action->id = text_of(line, "action");
      action->kind = text_of(line, "kind");
      action->subject = text_of(line, "subject");
      action->at = text_of(line, "at");
      action->why.clear();
      action->end = Rows::End::cut_off;
    } else if (action == nullptr) {
      return failure(Fault::malformed, "{}: the journal names an action that it did not begin", run);
    } else if (row == "change") {
      rows.last_change = std::max(rows.last_change, number_of(line));
      action->changes.push_back(line);
    } else if (row == "taken_back") {
      std::erase_if(action->changes, [&](const json::object& change) { return number_of(change) == number_of(line); });
    } else if (row == "rolled_back") {
      action->changes.clear();
    } else if (row == "done") {
      const json::value* changed = line.if_contains("changed");
      action->end = Rows::End::done;
      // It was so already: nothing was done that could be told or undone.
      if (changed != nullptr && changed->is_bool() && !changed->get_bool())
        std::erase_if(rows.actions, [&](const Rows::OfAction& one) { return &one == action; });
    } else if (row == "undone") {
      action->end = Rows::End::undone;
    } else if (row == "failed") {
      action->end = Rows::End::failed;
      action->why = text_of(line, "why");
    }
  }
  return rows;
}

Result<void> take_back(const Where& where, const std::string& run, const Rows& rows, const std::string& action,
                       const Seal& seal, Care care) {
  const auto found = std::ranges::find(rows.actions, action, &Rows::OfAction::id);
  if (found == rows.actions.end()) return {};
  TRY_ASSIGN(Journal journal, Journal::open(where.state_folder, run));
  for (const json::object& change : found->changes | std::views::reverse) {
    if (change.contains("argv")) {
      TRY(undo_program(where, change));
    } else {
      TRY(put_back(where.root, run, change, seal, journal.sealed_path(number_of(change)), care));
    }
    if (where.at_step) where.at_step();
    TRY(journal.write({{"row", "taken_back"}, {"action", action}, {"change", number_of(change)}}));
  }
  return {};
}

Result<std::vector<Undone>> undo(const Where& where, const std::string& run_or_action, Instant now) {
  TRY_ASSIGN(const Descriptor lock, lock_state(where.state_folder));
  TRY_ASSIGN(const Seal seal, Seal::open(where.state_folder));
  std::string run;
  for (const std::string& name : Journal::runs(where.state_folder)) {
    TRY_ASSIGN(Rows rows, read_rows(where.state_folder, name));
    const Rows::OfAction* action = action_of(rows, run_or_action);
    if (name == run_or_action || (action != nullptr && (action->end == Rows::End::done || !action->changes.empty())))
      run = name;
  }
  if (run.empty())
    return failure(Fault::not_found, "{}: no run or action of that name that could be undone; abate history lists them",
                   escape_terminal(run_or_action));
  TRY_ASSIGN(const Rows rows, read_rows(where.state_folder, run));
  Where there = where;
  there.root = rows.root;
  there.live = rows.root == "/";
  TRY_ASSIGN(Journal journal, Journal::open(where.state_folder, run));
  std::vector<Undone> undone;
  for (const Rows::OfAction& action : rows.actions | std::views::reverse) {
    if (run_or_action != run && action.id != run_or_action) continue;
    if (action.end == Rows::End::undone || (action.end == Rows::End::failed && action.changes.empty())) continue;
    Undone one{action.id, action.kind, action.subject, {Outcome::End::done, ""}};
    const Result<void> back = take_back(there, run, rows, action.id, seal, Care::refuse_changed);
    if (back) {
      TRY(journal.write({{"row", "undone"}, {"action", action.id}, {"at", format_rfc3339(now)}}));
    } else {
      one.outcome = {back.error().fault == Fault::stale ? Outcome::End::refused : Outcome::End::failed,
                     back.error().what};
    }
    undone.push_back(std::move(one));
  }
  if (!rows.finished) TRY(journal.write({{"row", "finished"}, {"at", format_rfc3339(now)}}));
  return undone;
}

Result<std::vector<DoneAction>> history(const std::string& state_folder) {
  std::vector<DoneAction> all;
  for (const std::string& run : Journal::runs(state_folder)) {
    TRY_ASSIGN(const Rows rows, read_rows(state_folder, run));
    for (const Rows::OfAction& action : rows.actions) {
      DoneAction one{.run = run,
                     .action = action.id,
                     .kind = action.kind,
                     .subject = action.subject,
                     .ticket = rows.ticket,
                     .state = state_of(action.end),
                     .says = action.why};
      if (const Result<Instant> at = parse_rfc3339(action.at)) one.at = *at;
      for (const json::object& change : action.changes) {
        const json::value* before = change.if_contains("before");
        if (before == nullptr || !before->is_object()) continue;
        TRY_ASSIGN(std::string path, from_hex(text_of(change, "path")));
        one.paths.emplace_back(std::move(path), text_of(before->get_object(), "sha256"));
      }
      all.push_back(std::move(one));
    }
  }
  return all;
}

}  // namespace abate::remedy
