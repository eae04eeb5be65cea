// SPDX-License-Identifier: Apache-2.0
// What abate changed, compared with what is there now.
#include <algorithm>
#include <map>
#include <string_view>

#include <sys/stat.h>

#include "base/text.h"
#include "model/finding.h"
#include "remedy/executor/place.h"
#include "remedy/executor/rows.h"
#include "remedy/executor/seal.h"
#include "remedy/verify.h"

namespace abate::remedy {
namespace {

std::string_view says_kind(const NodeState& state) {
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
Result<std::string> fallen(const std::string& root, const MadeChange& change) {
  const NodeState& after = change.after;
  const Result<Place> place = Place::open(root, change.path);
  if (!place) return after.kind == NodeKind::absent ? std::string{} : place.error().what;
  TRY_ASSIGN(const NodeState now, state_at(*place, change.bytes()));
  if (!now.same_content(after))
    return fmt::format("{} {}, not as abate left it", shown_name(change.path), says_kind(now));
  const bool has_mode = after.kind == NodeKind::file || after.kind == NodeKind::folder;
  if (has_mode && (now.mode != after.mode || now.uid != after.uid))
    return fmt::format("{} has another owner or mode", shown_name(change.path));
  return std::string{};
}

struct NamedRun {
  std::string name;
  RunRows rows;
};

// Of several changes to one path the last answers for it.
using LastChanges = std::map<std::string_view, const MadeChange*>;

LastChanges last_changes(const std::vector<NamedRun>& runs) {
  LastChanges last;
  for (const NamedRun& run : runs)
    for (const RunRows::OfAction& action : run.rows.actions)
      for (const MadeChange& change : action.changes)
        if (change.is_of_files()) last[change.path] = &change;
  return last;
}

Result<Stands> look_again(const std::string& root, const LastChanges& last, const NamedRun& run,
                          const RunRows::OfAction& action) {
  Stands one;
  one.action = {.run = run.name,
                .action = action.id,
                .kind = action.kind,
                .subject = action.subject,
                .at = action.at,
                .ticket = run.rows.ticket,
                .state = DoneAction::State::done,
                .says = "",
                .changes = {}};
  one.holds = true;
  one.seen = "as abate left it";
  std::vector<std::string> shown;
  for (const MadeChange& change : action.changes) {
    if (!change.is_of_files()) continue;
    one.paths.push_back(change.path);
    shown.push_back(shown_name(change.path));
    if (last.at(change.path) != &change) continue;
    TRY_ASSIGN(const std::string fell, fallen(root, change));
    if (fell.empty()) continue;
    one.holds = false;
    one.seen = fell;
  }
  one.tried = fmt::format("compared {} with what abate left ({})", join(shown, ", "), action.kind);
  return one;
}

Result<std::vector<NamedRun>> runs_here(const Where& where) {
  std::vector<NamedRun> runs;
  for (const std::string& name : Journal::runs(where.state_folder)) {
    TRY_ASSIGN(RunRows rows, read_rows(where.state_folder, name));
    if (rows.root == where.root) runs.push_back({name, std::move(rows)});
  }
  return runs;
}

// What these took away did harm wherever it lies. A configuration that was edited may have a good copy, and what the
// owner published is theirs to keep.
constexpr std::string_view kTakesHarm[] = {"quarantine_file", "disable_script", "restore_package_file"};

}  // namespace

Result<std::vector<PutAway>> put_away(const Where& where) {
  TRY_ASSIGN(const std::vector<NamedRun> runs, runs_here(where));
  std::vector<PutAway> all;
  for (const NamedRun& run : runs)
    for (const RunRows::OfAction& action : run.rows.actions) {
      if (action.end != RunRows::End::done || std::ranges::find(kTakesHarm, action.kind) == std::end(kTakesHarm))
        continue;
      for (const MadeChange& change : action.changes) {
        const std::string& sha256 = change.before.sha256;
        const bool replaces = change.kind == ChangeKind::remove || change.kind == ChangeKind::write;
        if (!replaces || change.before.kind != NodeKind::file || sha256.empty() || sha256 == change.after.sha256 ||
            std::ranges::find(all, sha256, &PutAway::sha256) != all.end())
          continue;
        struct stat about{};
        if (::stat(Journal::sealed_path(where.state_folder, run.name, change.number).c_str(), &about) != 0) continue;
        all.push_back({change.path, Seal::clear_size(static_cast<std::uint64_t>(about.st_size)), sha256});
      }
    }
  return all;
}

Result<std::vector<Stands>> standing(const Where& where) {
  TRY_ASSIGN(const std::vector<NamedRun> runs, runs_here(where));
  const LastChanges last = last_changes(runs);
  std::vector<Stands> all;
  for (const NamedRun& run : runs)
    for (const RunRows::OfAction& action : run.rows.actions) {
      if (action.end != RunRows::End::done) continue;
      TRY_ASSIGN(Stands one, look_again(where.root, last, run, action));
      all.push_back(std::move(one));
    }
  return all;
}

}  // namespace abate::remedy
