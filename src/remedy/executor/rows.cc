// SPDX-License-Identifier: Apache-2.0
#include "remedy/executor/rows.h"

#include <algorithm>

#include <boost/json.hpp>

#include "base/hash.h"
#include "base/json_fields.h"
#include "base/text.h"
#include "remedy/executor/journal.h"

namespace abate::remedy {
namespace {

namespace json = boost::json;

using Argv = std::vector<std::string>;

json::array words_json(const Argv& argv) {
  json::array out;
  for (const std::string& word : argv) out.emplace_back(make_valid_utf8(word));
  return out;
}

Argv words_of(const json::array& form) {
  Argv argv;
  for (const json::value& word : form)
    if (word.is_string()) argv.emplace_back(word.get_string());
  return argv;
}

Result<MadeChange> read_change(const json::object& row) {
  MadeChange change;
  change.number = number_of(row, "change");
  const std::optional<ChangeKind> kind = parse_change_kind(text_of(row, "kind"));
  if (!kind || change.number == 0) return failure(Fault::malformed, "a change of no known kind");
  change.kind = *kind;
  TRY_ASSIGN(change.path, from_hex(text_of(row, "path")));
  change.undo_argv = words_of(list_of(row, "undo_argv"));
  if (!change.is_of_files()) return change;
  TRY_ASSIGN(change.before, state_of_json(object_of(row, "before")));
  TRY_ASSIGN(change.after, state_of_json(object_of(row, "after")));
  TRY_ASSIGN(change.folder_accessed, time_of_json(list_of(row, "folder_accessed")));
  TRY_ASSIGN(change.folder_modified, time_of_json(list_of(row, "folder_modified")));
  return change;
}

Result<void> read_action(RunRows& rows, const json::object& row) {
  const std::string id = text_of(row, "action");
  RunRows::OfAction* action = rows.action(id);
  if (action == nullptr) action = &rows.actions.emplace_back();
  action->id = id;
  action->kind = text_of(row, "kind");
  action->subject = text_of(row, "subject");
  action->why.clear();
  action->end = RunRows::End::cut_off;
  action->undo_afterwards.clear();
  if (const Result<Instant> at = parse_rfc3339(text_of(row, "at"))) action->at = *at;
  for (const json::value& argv : list_of(row, "undo_afterwards"))
    if (argv.is_array()) action->undo_afterwards.push_back(words_of(argv.get_array()));
  return {};
}

Result<void> read_row(RunRows& rows, const json::object& row) {
  const std::string name = text_of(row, "row");
  if (name == "run") {
    rows.plan_hash = text_of(row, "plan");
    rows.live = flag_of(row, "live");
    rows.ticket = text_of(row, "ticket");
    TRY_ASSIGN(rows.root, from_hex(text_of(row, "root")));
    return {};
  }
  if (name == "finished") {
    rows.finished = true;
    return {};
  }
  if (name == "action") return read_action(rows, row);
  RunRows::OfAction* action = rows.action(text_of(row, "action"));
  if (action == nullptr) return failure(Fault::malformed, "it names an action that it did not begin");
  if (name == "change") {
    TRY_ASSIGN(MadeChange change, read_change(row));
    rows.last_change = std::max(rows.last_change, change.number);
    action->changes.push_back(std::move(change));
  } else if (name == "taken_back") {
    std::erase_if(action->changes, [&](const MadeChange& one) { return one.number == number_of(row, "change"); });
  } else if (name == "done") {
    action->end = RunRows::End::done;
    // It was so already: nothing was done that could be told or undone.
    if (!flag_of(row, "changed")) rows.actions.erase(rows.actions.begin() + (action - rows.actions.data()));
  } else if (name == "undone") {
    action->end = RunRows::End::undone;
  } else if (name == "failed") {
    action->end = RunRows::End::failed;
    action->why = text_of(row, "why");
  } else {
    return failure(Fault::malformed, "a line of no known kind");
  }
  return {};
}

}  // namespace

RunRows::OfAction* RunRows::action(const std::string& id) {
  const auto found = std::ranges::find(actions, id, &OfAction::id);
  return found == actions.end() ? nullptr : &*found;
}

Result<RunRows> read_rows(const std::string& state_folder, const std::string& run) {
  TRY_ASSIGN(const std::vector<json::object> lines, Journal::read(state_folder, run));
  RunRows rows;
  for (std::size_t n = 0; n < lines.size(); ++n)
    if (const Result<void> read = read_row(rows, lines[n]); !read)
      return failure(Fault::malformed,
                     "the journal of {}, line {}: {}. Nothing is changed by it; another version of abate may have "
                     "written it",
                     run, n + 1, read.error().what);
  return rows;
}

json::object run_row(const std::string& root, bool live, const std::string& plan_hash, const std::string& ticket,
                     Instant now) {
  return {{"row", "run"},
          {"root", to_hex(root)},
          {"live", live},
          {"plan", plan_hash},
          {"ticket", make_valid_utf8(ticket)},
          {"at", format_rfc3339(now)}};
}

json::object action_row(const std::string& id, const std::string& kind, const std::string& subject,
                        const std::vector<Argv>& undo_afterwards, Instant now) {
  json::array afterwards;
  for (const Argv& argv : undo_afterwards) afterwards.emplace_back(words_json(argv));
  return {{"row", "action"},
          {"action", id},
          {"kind", kind},
          {"subject", subject},
          {"undo_afterwards", std::move(afterwards)},
          {"at", format_rfc3339(now)}};
}

json::object change_row(const std::string& action, const MadeChange& change, const Argv& argv) {
  json::object row{{"row", "change"},
                   {"change", change.number},
                   {"action", action},
                   {"kind", change_kind_name(change.kind)},
                   {"path", to_hex(change.path)}};
  if (!change.is_of_files()) {
    row["argv"] = words_json(argv);
    row["undo_argv"] = words_json(change.undo_argv);
    return row;
  }
  row["before"] = state_json(change.before);
  row["after"] = state_json(change.after);
  row["folder_accessed"] = time_json(change.folder_accessed);
  row["folder_modified"] = time_json(change.folder_modified);
  return row;
}

json::object end_row(const std::string& action, bool changed) {
  return {{"row", "done"}, {"action", action}, {"changed", changed}};
}

json::object failed_row(const std::string& action, const std::string& why) {
  return {{"row", "failed"}, {"action", action}, {"why", make_valid_utf8(why)}};
}

json::object taken_back_row(const std::string& action, std::uint64_t change) {
  return {{"row", "taken_back"}, {"action", action}, {"change", change}};
}

json::object undone_row(const std::string& action, Instant now) {
  return {{"row", "undone"}, {"action", action}, {"at", format_rfc3339(now)}};
}

json::object finished_row(Instant now) { return {{"row", "finished"}, {"at", format_rfc3339(now)}}; }

}  // namespace abate::remedy
