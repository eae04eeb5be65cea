// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/random.h"
#include "base/text.h"
#include "base/whole_io.h"
#include "model/finding.h"
#include "remedy/executor/executor.h"
#include "remedy/executor/program.h"
#include "remedy/executor/put_back.h"
#include "remedy/executor/take_back.h"

namespace abate::remedy {
namespace {

std::unexpected<Error> cannot(const Place& place, std::string_view what) {
  return failure(Fault::unavailable, "{}: cannot be {}: {}", escape_terminal(place.name()), what,
                 ::strerrordesc_np(errno));
}

NodeState after_of(const Change& change, const NodeState& before) {
  NodeState after = before;
  switch (change.kind) {
    case ChangeKind::remove: after = NodeState{}; break;
    case ChangeKind::write:
      if (before.kind != NodeKind::file) {
        after = NodeState{};
        after.kind = NodeKind::file;
        after.mode = change.mode;
      }
      after.sha256 = sha256_hex(change.bytes);
      break;
    case ChangeKind::make_link:
      after = NodeState{};
      after.kind = NodeKind::link;
      after.target = change.bytes;
      break;
    case ChangeKind::restrict:
      after.uid = 0;
      after.gid = 0;
      after.mode = change.mode;
      break;
    case ChangeKind::make_folder:
      if (before.kind == NodeKind::folder) break;
      after = NodeState{};
      after.kind = NodeKind::folder;
      after.mode = change.mode;
      break;
    case ChangeKind::set_mode: after.mode = change.mode; break;
    case ChangeKind::run:
    case ChangeKind::end_process: break;
  }
  if (change.kind != ChangeKind::restrict && change.kind != ChangeKind::set_mode) after.flags = 0;
  return after;
}

bool is_so_already(const Change& change, const NodeState& before, const NodeState& after) {
  if (!before.same_content(after)) return false;
  if (change.kind == ChangeKind::set_mode) return before.mode == after.mode;
  return change.kind != ChangeKind::restrict ||
         (before.uid == after.uid && before.gid == after.gid && before.mode == after.mode);
}

timespec right_now() {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  return now;
}

Result<void> write_half(const Place& half, const std::string& bytes, const NodeState& after) {
  const Descriptor out{
      ::openat(half.folder(), half.name(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)};
  if (!out) return cannot(half, "written");
  if (!write_all(out.get(), bytes)) return cannot(half, "written");
  NodeState state = after;
  state.accessed = state.modified = right_now();
  TRY(give_attributes(half, state));
  if (::fsync(out.get()) != 0) return cannot(half, "written");
  return {};
}

// The change itself, after it was journalled.
Result<void> perform(const Place& place, const Place& half, const Change& change, const NodeState& before,
                     const NodeState& after) {
  if (change.kind == ChangeKind::write) TRY(write_half(half, change.bytes, after));
  if (change.kind == ChangeKind::make_link && ::symlinkat(change.bytes.c_str(), half.folder(), half.name()) != 0)
    return cannot(place, "linked");
  set_flags(place, 0);
  struct stat now{};
  if (before.kind != NodeKind::absent && (::fstatat(place.folder(), place.name(), &now, AT_SYMLINK_NOFOLLOW) != 0 ||
                                          now.st_ino != before.inode || now.st_dev != before.device))
    return failure(Fault::stale, "{}: somebody changes it right now", escape_terminal(change.path));
  if (change.kind == ChangeKind::remove) {
    const int how = before.kind == NodeKind::folder ? AT_REMOVEDIR : 0;
    if (::unlinkat(place.folder(), place.name(), how) != 0) return cannot(place, "removed");
  } else if (change.kind == ChangeKind::restrict || change.kind == ChangeKind::set_mode) {
    TRY(give_attributes(place, after));
  } else if (change.kind == ChangeKind::make_folder) {
    if (::mkdirat(place.folder(), place.name(), change.mode) != 0 ||
        ::fchmodat(place.folder(), place.name(), change.mode, 0) != 0)
      return cannot(place, "made");
  } else if (::renameat(half.folder(), half.name(), place.folder(), place.name()) != 0) {
    return cannot(place, "replaced");
  }
  place.sync();
  return {};
}

// What this kind of change may meet; anything else is not what the plan was made for.
Result<void> check_kind(const Change& change, const NodeState& before) {
  const std::string path = escape_terminal(change.path);
  switch (before.kind) {
    case NodeKind::absent:
      if (change.kind == ChangeKind::write || change.kind == ChangeKind::make_link ||
          change.kind == ChangeKind::make_folder)
        return {};
      return failure(Fault::stale, "{}: is not there any more", path);
    case NodeKind::file:
      if (change.kind != ChangeKind::make_folder) return {};
      return failure(Fault::stale, "{}: is a file", path);
    case NodeKind::link:
      // Behind a link lies another file, with an owner and a mode of its own: that one is to be named.
      if (change.kind == ChangeKind::remove || change.kind == ChangeKind::make_link) return {};
      return failure(Fault::stale, "{}: is a link", path);
    case NodeKind::folder:
      // One that is not empty stays: somebody works in it.
      if (change.kind == ChangeKind::restrict || change.kind == ChangeKind::set_mode ||
          change.kind == ChangeKind::remove)
        return {};
      return failure(Fault::stale, "{}: is a folder", path);
    case NodeKind::other: break;
  }
  return failure(Fault::refused, "{}: is no file, link or folder", path);
}

}  // namespace

Run::Run(Where where, std::string id, Descriptor lock, Journal journal, Seal seal)
    : where_{std::move(where)}, id_{std::move(id)}, lock_{std::move(lock)}, journal_{std::move(journal)}, seal_{seal} {}

Result<Run> Run::start(const Where& where, const std::string& plan_text, const std::string& ticket, Instant now) {
  TRY_ASSIGN(Descriptor lock, lock_state(where.state_folder));
  TRY_ASSIGN(const Seal seal, Seal::open(where.state_folder));
  const std::string plan_hash = sha256_hex(plan_text);
  std::string id;
  RunRows rows;
  for (const std::string& name : Journal::runs(where.state_folder)) {
    TRY_ASSIGN(RunRows of_run, read_rows(where.state_folder, name));
    if (of_run.finished || of_run.plan_hash != plan_hash) continue;
    id = name;
    rows = std::move(of_run);
  }
  const bool fresh = id.empty();
  if (fresh) id = random_id("run", now);
  TRY_ASSIGN(Journal journal, Journal::open(where.state_folder, id));
  Run run{where, id, std::move(lock), std::move(journal), seal};
  if (fresh) {
    TRY(run.journal_.keep_plan(plan_text));
    TRY(run.journal_.write(run_row(where.root, where.live, plan_hash, ticket, now)));
    return run;
  }
  run.next_change_ = rows.last_change + 1;
  for (const RunRows::OfAction& action : rows.actions) {
    if (action.end == RunRows::End::done) run.done_.push_back(action.id);
    if (action.end == RunRows::End::cut_off) run.fail(action.id, {Fault::unavailable, "it was cut off"});
  }
  return run;
}

Result<bool> Run::make_file_change(const std::string& action, const Change& change) {
  TRY_ASSIGN(const Place place, Place::open(where_.root, change.path));
  MadeChange made{.number = 0, .kind = change.kind, .path = change.path, .undo_argv = {}};
  const bool keeps_bytes = change.kind == ChangeKind::restrict;
  TRY_ASSIGN(made.before, state_at(place, keeps_bytes ? Bytes::unread : Bytes::read));
  made.after = after_of(change, made.before);
  if (is_so_already(change, made.before, made.after)) return false;
  TRY(check_kind(change, made.before));
  made.number = next_change_++;
  if (made.before.kind == NodeKind::file && !keeps_bytes) {
    const Descriptor file{::openat(place.folder(), place.name(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)};
    if (!file) return cannot(place, "read");
    TRY_ASSIGN(const std::string sealed, seal_.close_up(file.get(), journal_.sealed_path(made.number)));
    if (sealed != made.before.sha256)
      return failure(Fault::stale, "{}: somebody writes it right now", escape_terminal(change.path));
  }
  struct stat folder{};
  ::fstat(place.folder(), &folder);
  made.folder_accessed = folder.st_atim;
  made.folder_modified = folder.st_mtim;
  step();
  TRY(journal_.write(change_row(action, made, {})));
  step();
  TRY_ASSIGN(const Place half, place.sibling(half_name(id_, made.number)));
  TRY(perform(place, half, change, made.before, made.after));
  made_.push_back({change.path, made.before.sha256, made.after.sha256});
  step();
  return true;
}

Result<bool> Run::start_program(const std::string& action, const Change& change) {
  const MadeChange made{
      .number = next_change_++, .kind = change.kind, .path = change.path, .undo_argv = change.undo_argv};
  TRY(journal_.write(change_row(action, made, change.argv)));
  const ProgramEnd end = run_program(change.argv);
  if (!end.good())
    return failure(Fault::unavailable, "{}: {}", escape_terminal(join(change.argv, " ")),
                   end.started ? shorten(escape_terminal(end.output), 300) : "could not be started");
  return true;
}

// Its program is sealed first: what is deleted on the disk, or was only ever in memory, is evidence that ends with it.
Result<bool> Run::end_process(const std::string& action, const Change& change) {
  const MadeChange made{.number = next_change_++, .kind = change.kind, .path = change.path, .undo_argv = {}};
  const Descriptor program{::open(fmt::format("/proc/{}/exe", change.pid).c_str(), O_RDONLY | O_CLOEXEC)};
  if (program) TRY(seal_.close_up(program.get(), journal_.sealed_path(made.number)));
  TRY(journal_.write(change_row(action, made, {"end", std::to_string(change.pid)})));
  return end_process_tree(change.pid, change.path);
}

Result<bool> Run::make(const std::string& action, const Change& change) {
  if (change.kind != ChangeKind::run && change.kind != ChangeKind::end_process) return make_file_change(action, change);
  if (!where_.live) return failure(Fault::refused, "a mounted disk runs no programs");
  return change.kind == ChangeKind::run ? start_program(action, change) : end_process(action, change);
}

Result<void> Run::roll_back(const std::string& action) {
  TRY_ASSIGN(RunRows rows, read_rows(where_.state_folder, id_));
  const RunRows::OfAction* begun = rows.action(action);
  if (begun == nullptr) return {};
  return take_back(where_, id_, *begun, journal_, seal_);
}

Outcome Run::fail(const std::string& action, const Error& error) {
  std::string says = error.what;
  // What somebody else changed meanwhile is theirs: it stays, and the journal goes on holding what was there before.
  if (const Result<void> back = roll_back(action); !back)
    says += "; not all of it was taken back: " + back.error().what;
  static_cast<void>(journal_.write(failed_row(action, says)));
  return {error.fault == Fault::stale ? Outcome::End::refused : Outcome::End::failed, says, {}};
}

Outcome Run::act(const Action& action, const Work& work, Instant now) {
  using enum Outcome::End;
  if (std::ranges::find(done_, action.id) != done_.end()) return {already_so, "done before this run was cut off", {}};
  made_.clear();
  if (work.changes.empty()) return {work.by_hand.empty() ? already_so : by_hand, work.by_hand, {}};
  const std::string subject = shown_name(action.subject.path.empty() ? action.subject.name : action.subject.path);
  if (const Result<void> begun = journal_.write(action_row(action.id, action.kind, subject, work.undo_afterwards, now));
      !begun)
    return {failed, begun.error().what, {}};
  bool changed = false;
  for (const Change& change : work.changes) {
    const Result<bool> made = make(action.id, change);
    if (!made) return fail(action.id, made.error());
    changed |= *made;
  }
  std::vector<std::string> says;
  if (!work.by_hand.empty()) says.push_back(work.by_hand);
  if (where_.live && changed && !work.check.empty()) {
    const ProgramEnd end = run_program(work.check);
    if (!end.started) says.push_back(fmt::format("not checked: {} could not be started", work.check[0]));
    if (end.started && end.status != 0)
      return fail(action.id, {Fault::refused, fmt::format("{} refuses the new configuration: {}", work.check[0],
                                                          shorten(escape_terminal(end.output), 300))});
  }
  step();
  if (const Result<void> kept = journal_.write(end_row(action.id, changed)); !kept)
    return fail(action.id, kept.error());
  if (where_.live && changed)
    for (const std::vector<std::string>& argv : work.afterwards)
      if (!run_program(argv).good()) says.push_back(escape_terminal(join(argv, " ")) + " failed: run it yourself");
  return {changed ? done : already_so, join(says, "; "), std::move(made_)};
}

Result<void> Run::finish(Instant now) { return journal_.write(finished_row(now)); }

}  // namespace abate::remedy
