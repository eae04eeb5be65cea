// SPDX-License-Identifier: Apache-2.0
// What abate changed, compared with what is there now.
#include <algorithm>
#include <fstream>
#include <iterator>

#include <boost/json.hpp>

#include "base/hash.h"
#include "base/text.h"
#include "model/finding.h"
#include "remedy/executor/rows.h"
#include "remedy/verify.h"

namespace abate::remedy {
namespace {

namespace json = boost::json;

std::string_view kind_word(const NodeState& state) {
  switch (state.kind) {
    case NodeKind::absent: return "is gone";
    case NodeKind::file: return "is a file";
    case NodeKind::link: return "is a link";
    case NodeKind::folder: return "is a folder";
    case NodeKind::other: break;
  }
  return "is something else";
}

// "" where the change still stands, else what is there now.
Result<std::string> fallen(const std::string& root, const std::string& path, const json::object& change) {
  TRY_ASSIGN(const NodeState after, state_of_json(change.at("after").as_object()));
  const Result<Place> place = Place::open(root, path);
  if (!place) return after.kind == NodeKind::absent ? std::string{} : place.error().what;
  TRY_ASSIGN(const NodeState now, state_at(*place));
  if (!now.same_content(after)) return fmt::format("{} {}, not as abate left it", shown_name(path), kind_word(now));
  if (after.kind != NodeKind::absent && after.kind != NodeKind::link &&
      (now.mode != after.mode || now.uid != after.uid))
    return fmt::format("{} has another owner or mode", shown_name(path));
  return std::string{};
}

struct Last {  // the last change of a path, by any action that stands
  std::string path;
  std::string action;
};

void note_paths(const Rows& rows, std::vector<Last>& last) {
  for (const Rows::OfAction& action : rows.actions)
    for (const json::object& change : action.changes) {
      if (!change.contains("after")) continue;
      const Result<std::string> path = from_hex(change.at("path").as_string());
      if (!path) continue;
      std::erase_if(last, [&](const Last& one) { return one.path == *path; });
      last.push_back({*path, action.id});
    }
}

Result<Stands> look_again(const Where& where, const std::string& run, const Rows& rows, const Rows::OfAction& action,
                          const std::vector<Last>& last) {
  Stands one;
  one.action = {.run = run,
                .action = action.id,
                .kind = action.kind,
                .subject = action.subject,
                .ticket = rows.ticket,
                .state = DoneAction::State::done,
                .says = "",
                .paths = {}};
  if (const Result<Instant> at = parse_rfc3339(action.at)) one.action.at = *at;
  one.holds = true;
  std::vector<std::string> paths;
  for (const json::object& change : action.changes) {
    if (!change.contains("after")) continue;
    TRY_ASSIGN(const std::string path, from_hex(change.at("path").as_string()));
    paths.push_back(shown_name(path));
    // Another action of ours changed it later: that one answers for it.
    if (std::ranges::none_of(last, [&](const Last& l) { return l.path == path && l.action == action.id; })) continue;
    TRY_ASSIGN(const std::string fell, fallen(where.root, path, change));
    if (fell.empty()) continue;
    one.holds = false;
    one.seen = fell;
  }
  one.tried = paths.empty() ? action.kind + " of " + action.subject
                            : "compared " + join(paths, ", ") + " with what abate left (" + action.kind + ")";
  if (one.holds) one.seen = paths.empty() ? "it was done" : "as abate left it";
  return one;
}

}  // namespace

Result<std::vector<Stands>> standing(const Where& where) {
  std::vector<std::pair<std::string, Rows>> runs;
  std::vector<Last> last;
  for (const std::string& run : Journal::runs(where.state_folder)) {
    TRY_ASSIGN(Rows rows, read_rows(where.state_folder, run));
    if (rows.root != where.root) continue;
    note_paths(rows, last);
    runs.emplace_back(run, std::move(rows));
  }
  std::vector<Stands> all;
  for (const auto& [run, rows] : runs)
    for (const Rows::OfAction& action : rows.actions) {
      if (action.end != Rows::End::done) continue;
      TRY_ASSIGN(Stands one, look_again(where, run, rows, action, last));
      all.push_back(std::move(one));
    }
  return all;
}

std::map<std::string, std::vector<std::string>> answered_findings(const std::string& state_folder) {
  std::map<std::string, std::vector<std::string>> answers;
  for (const std::string& run : Journal::runs(state_folder)) {
    std::ifstream in{state_folder + "/runs/" + run + "/plan.json", std::ios::binary};
    const std::string text{std::istreambuf_iterator<char>{in}, {}};
    boost::system::error_code wrong;
    const json::value plan = json::parse(text, wrong);
    if (wrong || !plan.is_object()) continue;
    const json::value* actions = plan.get_object().if_contains("actions");
    if (actions == nullptr || !actions->is_array()) continue;
    for (const json::value& row : actions->get_array()) {
      const json::object* action = row.if_object();
      const json::value* id = action == nullptr ? nullptr : action->if_contains("id");
      const json::value* findings = action == nullptr ? nullptr : action->if_contains("findings");
      if (id == nullptr || !id->is_string() || findings == nullptr || !findings->is_array()) continue;
      for (const json::value& finding : findings->get_array())
        if (finding.is_string()) answers[std::string{id->get_string()}].emplace_back(finding.get_string());
    }
  }
  return answers;
}

}  // namespace abate::remedy
