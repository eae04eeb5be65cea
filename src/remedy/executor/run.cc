// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include <boost/json.hpp>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/random.h"
#include "base/text.h"
#include "model/finding.h"
#include "remedy/executor/executor.h"
#include "remedy/executor/program.h"
#include "remedy/executor/put_back.h"
#include "remedy/executor/rows.h"

namespace abate::remedy {
namespace {

namespace json = boost::json;

std::string hex(std::string_view bytes) {
  return to_hex({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

std::unexpected<Error> cannot(const Place& place, std::string_view what) {
  return failure(Fault::unavailable, "{}: cannot be {}: {}", escape_terminal(place.name()), what,
                 ::strerrordesc_np(errno));
}

NodeState after_of(const Change& change, const NodeState& before) {
  NodeState after = before;
  switch (change.kind) {
    case ChangeKind::remove:
    case ChangeKind::move: after = NodeState{}; break;
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
    case ChangeKind::run:
    case ChangeKind::end_process: break;
  }
  if (change.kind != ChangeKind::restrict) after.flags = 0;
  return after;
}

bool is_so_already(const Change& change, const NodeState& before, const NodeState& after) {
  if (!before.same_content(after)) return false;
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
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t written = ::write(out.get(), bytes.data() + done, bytes.size() - done);
    if (written <= 0) return cannot(half, "written");
    done += static_cast<std::size_t>(written);
  }
  NodeState state = after;
  state.accessed = state.modified = right_now();
  TRY(give_attributes(half, state));
  if (::fsync(out.get()) != 0) return cannot(half, "written");
  return {};
}

// The change itself, after it was journalled.
Result<void> perform(const std::string& root, const Place& place, const Place& half, const Change& change,
                     const NodeState& before, const NodeState& after) {
  if (change.kind == ChangeKind::write) TRY(write_half(half, change.bytes, after));
  if (change.kind == ChangeKind::make_link && ::symlinkat(change.bytes.c_str(), half.folder(), half.name()) != 0)
    return cannot(place, "linked");
  set_flags(place, 0);
  struct stat now{};
  if (before.kind != NodeKind::absent && (::fstatat(place.folder(), place.name(), &now, AT_SYMLINK_NOFOLLOW) != 0 ||
                                          now.st_ino != before.inode || now.st_dev != before.device))
    return failure(Fault::stale, "{}: somebody changes it right now", escape_terminal(change.path));
  switch (change.kind) {
    case ChangeKind::remove:
      if (::unlinkat(place.folder(), place.name(), before.kind == NodeKind::folder ? AT_REMOVEDIR : 0) != 0)
        return cannot(place, "removed");
      break;
    case ChangeKind::write:
    case ChangeKind::make_link:
      if (::renameat(half.folder(), half.name(), place.folder(), place.name()) != 0) return cannot(place, "replaced");
      break;
    case ChangeKind::restrict: TRY(give_attributes(place, after)); break;
    case ChangeKind::move: {
      TRY_ASSIGN(const Place there, Place::open(root, change.bytes));
      if (::renameat2(place.folder(), place.name(), there.folder(), there.name(), RENAME_NOREPLACE) != 0)
        return cannot(place, "moved");
      there.sync();
      break;
    }
    case ChangeKind::run:
    case ChangeKind::end_process: break;
  }
  place.sync();
  return {};
}

std::string ticket_of(const std::string& plan_text) {
  boost::system::error_code wrong;
  const json::value plan = json::parse(plan_text, wrong);
  const json::object* form = wrong ? nullptr : plan.if_object();
  const json::value* ticket = form == nullptr ? nullptr : form->if_contains("ticket");
  return ticket != nullptr && ticket->is_string() ? std::string{ticket->get_string()} : "";
}

}  // namespace

Run::Run(Where where, std::string id, Descriptor lock, Journal journal, Seal seal)
    : where_{std::move(where)}, id_{std::move(id)}, lock_{std::move(lock)}, journal_{std::move(journal)}, seal_{seal} {}

Result<Run> Run::start(const Where& where, const std::string& plan_text, Instant now) {
  TRY_ASSIGN(Descriptor lock, lock_state(where.state_folder));
  TRY_ASSIGN(const Seal seal, Seal::open(where.state_folder));
  const std::string plan_hash = sha256_hex(plan_text);
  std::string id;
  Rows rows;
  for (const std::string& name : Journal::runs(where.state_folder)) {
    TRY_ASSIGN(Rows of_run, read_rows(where.state_folder, name));
    if (of_run.finished || of_run.plan_hash != plan_hash) continue;
    id = name;
    rows = std::move(of_run);
  }
  const bool fresh = id.empty();
  if (fresh) id = random_id("run", now);
  TRY_ASSIGN(Journal journal, Journal::open(where.state_folder, id));
  Run run{where, id, std::move(lock), std::move(journal), seal};
  if (fresh) {
    std::ofstream{where.state_folder + "/runs/" + id + "/plan.json", std::ios::binary} << plan_text;
    TRY(run.journal_.write({{"row", "run"},
                            {"root", hex(where.root)},
                            {"plan", plan_hash},
                            {"ticket", ticket_of(plan_text)},
                            {"at", format_rfc3339(now)}}));
    return run;
  }
  run.next_change_ = rows.last_change + 1;
  for (const Rows::OfAction& action : rows.actions) {
    if (action.end == Rows::End::done) run.done_.push_back(action.id);
    if (action.end == Rows::End::cut_off) TRY(run.roll_back(action.id));
  }
  return run;
}

bool Run::is_done(const std::string& action) const { return std::ranges::find(done_, action) != done_.end(); }

Result<bool> Run::make_file_change(const std::string& action, const Change& change) {
  TRY_ASSIGN(const Place place, Place::open(where_.root, change.path));
  TRY_ASSIGN(const NodeState before, state_at(place));
  const NodeState after = after_of(change, before);
  if (is_so_already(change, before, after)) return false;
  if (before.kind == NodeKind::other)
    return failure(Fault::refused, "{}: is no file, link or folder", escape_terminal(change.path));
  if (before.kind == NodeKind::absent && change.kind != ChangeKind::write && change.kind != ChangeKind::make_link)
    return failure(Fault::stale, "{}: is not there any more", escape_terminal(change.path));
  if (before.kind == NodeKind::folder && change.kind != ChangeKind::restrict && change.kind != ChangeKind::remove)
    return failure(Fault::stale, "{}: is a folder now", escape_terminal(change.path));
  const std::uint64_t number = next_change_++;
  if (before.kind == NodeKind::file) {
    const Descriptor file{::openat(place.folder(), place.name(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)};
    if (!file) return cannot(place, "read");
    TRY_ASSIGN(const std::string sealed, seal_.close_up(file.get(), journal_.sealed_path(number)));
    if (sealed != before.sha256)
      return failure(Fault::stale, "{}: somebody writes it right now", escape_terminal(change.path));
  }
  struct stat folder{};
  ::fstat(place.folder(), &folder);
  step();
  json::object row{
      {"row", "change"},
      {"change", number},
      {"action", action},
      {"kind", change_kind_name(change.kind)},
      {"path", hex(change.path)},
      {"before", state_json(before)},
      {"after", state_json(after)},
      {"folder", {folder.st_atim.tv_sec, folder.st_atim.tv_nsec, folder.st_mtim.tv_sec, folder.st_mtim.tv_nsec}}};
  if (change.kind == ChangeKind::move) row["to"] = hex(change.bytes);
  TRY(journal_.write(row));
  step();
  TRY_ASSIGN(const Place half, place.sibling(half_name(id_, number)));
  TRY(perform(where_.root, place, half, change, before, after));
  step();
  return true;
}

Result<bool> Run::start_program(const std::string& action, const Change& change) {
  if (!where_.live) return failure(Fault::refused, "a mounted disk runs no programs");
  json::array argv;
  json::array undo_argv;
  for (const std::string& word : change.argv) argv.emplace_back(word);
  for (const std::string& word : change.undo_argv) undo_argv.emplace_back(word);
  TRY(journal_.write({{"row", "change"},
                      {"change", next_change_++},
                      {"action", action},
                      {"kind", change_kind_name(change.kind)},
                      {"path", hex(change.path)},
                      {"pid", change.pid},
                      {"argv", std::move(argv)},
                      {"undo_argv", std::move(undo_argv)}}));
  if (change.kind == ChangeKind::end_process) return end_process_tree(change.pid, change.path);
  const ProgramEnd end = run_program(change.argv);
  if (!end.good())
    return failure(Fault::unavailable, "{}: {}", escape_terminal(join(change.argv, " ")),
                   end.started ? shorten(escape_terminal(end.output), 300) : "could not be started");
  return true;
}

Result<bool> Run::make(const std::string& action, const Change& change) {
  if (change.kind == ChangeKind::run || change.kind == ChangeKind::end_process) return start_program(action, change);
  return make_file_change(action, change);
}

Result<void> Run::roll_back(const std::string& action) {
  TRY_ASSIGN(const Rows rows, read_rows(where_.state_folder, id_));
  TRY(take_back(where_, id_, rows, action, seal_, Care::overwrite));
  return journal_.write({{"row", "rolled_back"}, {"action", action}});
}

Outcome Run::act(const Action& action, const Work& work, Instant now) {
  using enum Outcome::End;
  if (is_done(action.id)) return {already_so, "done before this run was cut off"};
  if (work.changes.empty()) return {work.by_hand.empty() ? already_so : by_hand, work.by_hand};
  const std::string subject = shown_name(action.subject.path.empty() ? action.subject.name : action.subject.path);
  const auto fail = [&](const Error& error) {
    const Result<void> back = roll_back(action.id);
    std::string says = error.what;
    if (!back) says += "; and taking it back failed: " + back.error().what;
    static_cast<void>(journal_.write({{"row", "failed"}, {"action", action.id}, {"why", make_valid_utf8(says)}}));
    return Outcome{error.fault == Fault::stale ? refused : failed, says};
  };
  if (Result<void> begun = journal_.write({{"row", "action"},
                                           {"action", action.id},
                                           {"kind", action.kind},
                                           {"subject", subject},
                                           {"at", format_rfc3339(now)}});
      !begun)
    return {failed, begun.error().what};
  bool changed = false;
  for (const Change& change : work.changes) {
    const Result<bool> made = make(action.id, change);
    if (!made) return fail(made.error());
    changed |= *made;
  }
  if (where_.live && changed && !work.check.empty() && has_program(work.check[0]))
    if (const ProgramEnd end = run_program(work.check); !end.good())
      return fail({Fault::refused, fmt::format("{} refuses the new configuration: {}", work.check[0],
                                               shorten(escape_terminal(end.output), 300))});
  step();
  if (Result<void> kept = journal_.write({{"row", "done"}, {"action", action.id}, {"changed", changed}}); !kept)
    return fail(kept.error());
  std::string says = work.by_hand;
  if (where_.live && changed)
    for (const std::vector<std::string>& argv : work.afterwards)
      if (!run_program(argv).good()) says += (says.empty() ? "" : "; ") + join(argv, " ") + " failed: run it yourself";
  return {changed ? done : already_so, says};
}

Result<void> Run::finish(Instant now) {
  TRY(journal_.write({{"row", "finished"}, {"at", format_rfc3339(now)}}));
  return {};
}

}  // namespace abate::remedy
