// SPDX-License-Identifier: Apache-2.0
#include "apps/abate/sweep_run.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>

#include <fcntl.h>
#include <malloc.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apps/abate/confine.h"
#include "apps/abate/read_case.h"
#include "apps/abate/tell.h"
#include "apps/abate/where.h"
#include "base/clock.h"
#include "base/descriptor.h"
#include "base/digest.h"
#include "base/whole_io.h"
#include "sweep/host/kernel_sockets.h"
#include "sweep/host/rules/rule_set.h"
#include "sweep/host/web/releases.h"
#include "talk/desk.h"

namespace abate::apps {
namespace {

std::uint64_t peak_memory_bytes() {
  rusage use{};
  ::getrusage(RUSAGE_SELF, &use);
  return static_cast<std::uint64_t>(use.ru_maxrss) * 1024;
}

// A walk holds a descriptor a level: as many as we are granted.
void raise_descriptor_limit() {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = std::min<rlim_t>(files.rlim_max, 8192);
  static_cast<void>(::setrlimit(RLIMIT_NOFILE, &files));
}

// The first Ctrl-C ends the looking: what was found until then is told. The second ends the program.
volatile std::sig_atomic_t interrupted = 0;

void interrupt(int) { interrupted = 1; }

std::string folder_of_output(const std::string& file) {
  const std::size_t slash = file.rfind('/');
  return slash == std::string::npos ? "." : slash == 0 ? "/" : file.substr(0, slash);
}

// Said before the server is looked through, not minutes after.
Result<void> check_output(const std::string& file) {
  if (file.empty() || file == "-") return {};
  const std::string folder = folder_of_output(file);
  if (::access(folder.c_str(), W_OK | X_OK) == 0) return {};
  return failure(Fault::unavailable, "{}: cannot be written: {}: {}", file, folder, ::strerrordesc_np(errno));
}

// This program's own file: it holds the words of all that it looks for.
sweep::LookOptions::OwnProgram own_program() {
  sweep::LookOptions::OwnProgram own;
  const Descriptor file{::open("/proc/self/exe", O_RDONLY | O_CLOEXEC)};
  struct stat about{};
  if (!file || ::fstat(file.get(), &about) != 0) return own;
  Md5 hash;
  std::string part(std::size_t{256} << 10, '\0');
  for (ssize_t got = 0; (got = ::read(file.get(), part.data(), part.size())) > 0;)
    hash.add(std::string_view{part}.substr(0, static_cast<std::size_t>(got)));
  return {.device = about.st_dev,
          .inode = about.st_ino,
          .size = static_cast<std::uint64_t>(about.st_size),
          .md5 = hash.hex()};
}

// With --state, and only where every area is looked at: half a sweep would take a whole one's place.
std::optional<sweep::UnchangedFiles> unchanged_files(const SweepAsk& ask, std::string_view program, SweepRun& run) {
  if (ask.state.empty() || !ask.areas.empty()) return std::nullopt;
  std::string looking;
  for (const sweep::Detector* detector : sweep::detectors()) looking += fmt::format("{}\n", detector->id);
  return std::make_optional<sweep::UnchangedFiles>(ask.state, sweep::context_of(run.opened->host, program, looking),
                                                   run.started_at, ask.fresh, run.notes);
}

// Where the sweep was whole, its list takes the former one's place; what was not read is said (law 9).
void keep_unchanged_files(sweep::UnchangedFiles& files, SweepRun& run) {
  if (const std::uint64_t count = run.result.stats.files_unchanged; count > 0)
    run.notes.add(fmt::format("{} files that are unchanged since {}", count, format_rfc3339(files.former_started())),
                  "nothing was found in them then; --fresh reads them again");
  if (run.result.ended_early) return;
  if (const Result<void> kept = files.finish(); !kept)
    run.notes.add("the list of unchanged files", fmt::format("not kept: {}", kept.error().what));
}

// What abate put away here is looked for by its content once it is asked whether the harm is gone.
Result<sweep::SoughtContents> sought_contents(const SweepAsk& ask, SweepRun& run) {
  std::vector<sweep::SoughtContent> contents;
  if (ask.speaks) {
    TRY_ASSIGN(const remedy::Where where, where_of(ask.root, ask.state));
    TRY_ASSIGN(run.also.copies.sought, remedy::put_away(where));
    for (const remedy::PutAway& one : run.also.copies.sought) contents.push_back({one.size, one.sha256});
  }
  return sweep::SoughtContents{contents};
}

// Since abate last changed something here; nothing where it did not, or where nobody asks.
Result<std::unique_ptr<remedy::SentSince>> sent_since_change(const SweepAsk& ask, const SweepRun& run) {
  if (!ask.speaks) return nullptr;
  TRY_ASSIGN(const remedy::Where where, where_of(ask.root, ask.state));
  TRY_ASSIGN(const std::vector<remedy::DoneAction> past, remedy::history(where.state_folder));
  std::optional<Instant> last;
  for (const remedy::DoneAction& one : past)
    if (one.state == remedy::DoneAction::State::done && one.at && (!last || *one.at > *last)) last = one.at;
  if (!last) return nullptr;
  return std::make_unique<remedy::SentSince>(run.opened->host, *last);
}

}  // namespace

Instant wall_clock() { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); }

void catch_interrupts() {
  // A read that waits for the keyboard ends by it (no SA_RESTART).
  struct sigaction once{};
  once.sa_handler = interrupt;
  once.sa_flags = static_cast<int>(SA_RESETHAND);
  ::sigaction(SIGINT, &once, nullptr);
  ::sigaction(SIGTERM, &once, nullptr);
}

bool is_interrupted() { return interrupted != 0; }

Result<std::unique_ptr<SweepRun>> run_sweep(const SweepAsk& ask) {
  auto run = std::make_unique<SweepRun>();
  run->started_at = wall_clock();
  // Fixed, or glibc would keep ever larger freed blocks to itself: what one large archive took goes back.
  static_cast<void>(::mallopt(M_MMAP_THRESHOLD, 256 << 10));
  const auto begin = std::chrono::steady_clock::now();
  sweep::LookOptions options;
  for (const std::string& name : ask.areas) {
    const std::optional<Area> area = parse_area(name);
    if (!area)
      return failure(Fault::malformed, "--areas {}: unknown; logs, processes, web, accounts, malware, mail_network",
                     name);
    options.areas.insert(*area);
  }
  TRY(check_output(ask.json));
  TRY(check_output(ask.html));
  catch_interrupts();
  raise_descriptor_limit();
  std::vector<std::string> writable;
  for (const std::string& file : {ask.json, ask.html})
    if (!file.empty() && file != "-") writable.emplace_back(folder_of_output(file));
  if (!ask.state.empty()) {
    static_cast<void>(::mkdir(ask.state.c_str(), 0700));  // where it cannot be made, it is not used, and that is said
    writable.push_back(ask.state);
  }
  if (!ask.rules.empty() && ask.state.empty()) writable.emplace_back("/var/tmp");
  const bool live = ask.root == "/";
  if (ask.sends || talk::looks_like_link(ask.ticket)) {
    TRY_ASSIGN(run->talker, Talker::start());
  }
  if (ask.speaks && live) {
    TRY_ASSIGN(run->caller, OwnCaller::start());
  }
  TRY_ASSIGN(run->tree, sweep::DiskTree::open_root(ask.root));
  options.own = own_program();
  TRY_ASSIGN(sweep::SoughtContents sought, sought_contents(ask, *run));
  options.sought = &sought;
  std::optional<sweep::Running> running;
  const auto see = [&] {
    if (!live) return;
    running = sweep::see_running(*run->tree, run->notes);
    sweep::find_hidden_sockets(*run->tree, *running, run->notes);
    const auto own_pid = static_cast<std::uint32_t>(::getpid());
    std::erase_if(running->processes,
                  [&](const sweep::Process& process) { return process.pid == own_pid || process.parent == own_pid; });
    sought.look_at_programs(running->processes, run->notes);
  };
  for (const std::string& right : confine({.writable = writable, .live = live, .fast = ask.fast, .see_processes = see}))
    run->notes.add("this program's own rights",
                   fmt::format("{} is not to be had on this kernel: it was not used", right));
  Case found;
  if (!ask.ticket.empty()) {
    TRY_ASSIGN(wire::TicketCase ticket, read_case(ask.ticket, run->talker ? &*run->talker : nullptr));
    found = std::move(ticket.found);
    run->desk = std::move(ticket.desk);
  }
  run->opened = sweep::open_host(*run->tree, std::move(running), run->started_at, std::move(found), run->notes);
  run->opened->host.root = ask.root;
  if (!live) run->notes.add("running processes and open connections", "a mounted disk has none");
  if (!ask.rules.empty()) {
    const std::string work_folder = ask.state.empty() ? "/var/tmp" : ask.state;
    TRY_ASSIGN(run->rules, sweep::load_rules(ask.rules, work_folder, run->notes));
    run->opened->host.rules = run->rules.get();
    run->opened->releases = sweep::load_releases(run->opened->host, ask.rules, run->notes);
    run->opened->host.releases = run->opened->releases.get();
  }
  if (!ask.since.empty()) {
    const Result<Instant> since = parse_rfc3339(ask.since);
    if (!since) return failure(Fault::malformed, "--since: {}", since.error().what);
    run->opened->host.since = *since;
  }
  if (!ask.state.empty()) options.passed_over.push_back(ask.state);
  options.ended = [] { return is_interrupted(); };
  options.progress = progress_on_terminal(ask);
  std::optional<sweep::UnchangedFiles> unchanged = unchanged_files(ask, options.own.md5, *run);
  options.unchanged = unchanged ? &*unchanged : nullptr;
  TRY_ASSIGN(const std::unique_ptr<remedy::SentSince> sent, sent_since_change(ask, *run));
  if (sent) options.watching.push_back(sent.get());
  run->result = sweep::look(run->opened->host, sweep::detectors(), options, run->notes);
  if (unchanged) keep_unchanged_files(*unchanged, *run);
  for (const sweep::FoundContent& one : sought.found())
    run->also.copies.copies.push_back({one.path, one.pid, one.sha256});
  if (sent) run->also.sent = sent->told();
  run->also.copies.is_whole = sought.is_whole() && !run->result.ended_early;
  run->finished_at = wall_clock();
  run->wall_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return run;
}

wire::SweepForm form_of(const SweepRun& run) {
  const sweep::Host& host = run.opened->host;
  wire::SweepForm form;
  form.root = host.root;
  form.live = host.live;
  form.os = host.os_name;
  form.machine_id = host.machine_id;
  form.started_at = run.started_at;
  form.finished_at = run.finished_at;
  form.findings = run.result.findings;
  for (const sweep::NotExamined& note : run.notes.all()) form.not_examined.emplace_back(note.what, note.why);
  form.files = run.result.stats.files;
  form.bytes = run.result.stats.bytes;
  form.log_lines = run.result.stats.log_lines;
  form.wall_seconds = run.wall_seconds;
  form.peak_memory_bytes = peak_memory_bytes();
  return form;
}

bool saw_enough(const SweepRun& run) {
  const sweep::Host& host = run.opened->host;
  // An empty folder, a disk without accounts, or a user who may read next to nothing: silence would mean "clean".
  const bool seen = !run.result.ended_early && run.result.stats.files > 100 && sweep::exists(*host.tree, "/etc/passwd");
  const bool readable = !host.live || ::geteuid() == 0;
  return seen && readable;
}

int status_of(const SweepRun& run) {
  const auto counts = [](const Finding& finding) {
    return finding.severity == Severity::malicious || finding.severity == Severity::weak;
  };
  if (std::ranges::any_of(run.result.findings, counts)) return kFound;
  return saw_enough(run) ? kNothingFound : kNotEnoughSeen;
}

Result<void> write_out(const std::string& file, std::string_view text) {
  if (file == "-") {
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
    return {};
  }
  const std::string half = file + ".part";
  const int out = ::open(half.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  bool whole = out >= 0 && write_all(out, text);
  whole = out >= 0 && ::close(out) == 0 && whole && std::rename(half.c_str(), file.c_str()) == 0;
  if (!whole) return failure(Fault::unavailable, "{}: cannot be written: {}", file, ::strerrordesc_np(errno));
  return {};
}

}  // namespace abate::apps
