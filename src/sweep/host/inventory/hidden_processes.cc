// SPDX-License-Identifier: Apache-2.0
// Processes that /proc does not list and that are there all the same. What hides them changes how folders are listed;
// two other ways to them stay: the lists of the control groups, and asking for each number by itself (a look at
// /proc/N stands for kill(N, 0), which we may not call).
//
// Processes come and go while this looks. A suspect is believed when /proc, listed anew kRounds times, still leaves it
// out while it is still there, started at the same moment.
#include <algorithm>
#include <charconv>
#include <chrono>
#include <set>

#include "base/text.h"
#include "sweep/host/inventory/inventory.h"

namespace abate::sweep {
namespace {

constexpr auto kProbeTime = std::chrono::milliseconds{800};  // Ctrl-C ends a sweep within a second
constexpr std::uint32_t kPidMax = 4'194'304;  // PID_MAX_LIMIT of the kernel
constexpr std::size_t kGroupsMax = 20'000;
constexpr int kGroupDepthMax = 24;
constexpr std::size_t kSuspectsMax = 1000;
constexpr int kRounds = 3;

std::uint32_t number(std::string_view text) {
  std::uint32_t value = 0;
  text = trim(text);
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::set<std::uint32_t> listed(const Tree& tree) {
  std::set<std::uint32_t> pids;
  if (const Result<std::vector<Name>> names = tree.list("/proc"))
    for (const Name& name : *names)
      if (const std::uint32_t pid = number(name.name); pid != 0) pids.insert(pid);
  return pids;
}

// "" where it is not there, or is a thread of another.
std::string started(const Tree& tree, std::uint32_t pid) {
  const std::string status = read_or_nothing(tree, fmt::format("/proc/{}/status", pid), 16 * 1024);
  const std::size_t group = status.find("\nTgid:");
  if (group == std::string::npos || number(std::string_view{status}.substr(group + 6, 16)) != pid) return {};
  const std::string stat = read_or_nothing(tree, fmt::format("/proc/{}/stat", pid), 4096);
  const std::size_t name = stat.rfind(')');
  if (name == std::string::npos) return {};
  const std::vector<std::string_view> words = split(std::string_view{stat}.substr(name), ' ');
  return words.size() > 20 ? std::string{words[20]} : std::string{};
}

struct Suspect {
  std::uint32_t pid = 0;
  std::string started;  // "": only its control group knows it
  std::string group;    // its cgroup.procs
};

bool is_in_group(const Tree& tree, const Suspect& suspect) {
  const std::string text = read_or_nothing(tree, suspect.group);
  const std::vector<std::string_view> lines = split(text, '\n');
  return std::ranges::any_of(lines, [&](std::string_view line) { return number(line) == suspect.pid; });
}

class Groups {
 public:
  Groups(const Tree& tree, const std::set<std::uint32_t>& known) : tree_{tree}, known_{known} {}

  void look(const std::string& folder, int depth) {
    if (++seen_ > kGroupsMax || depth > kGroupDepthMax) return;
    const std::string file = folder + "/cgroup.procs";
    for (const std::string_view line : lines_of(tree_, file))
      if (const std::uint32_t pid = number(line);
          pid != 0 && !known_.contains(pid) && suspects_.size() < kSuspectsMax)  // 0: of another pid namespace
        suspects_.push_back({.pid = pid, .group = file});
    if (const Result<std::vector<Name>> names = tree_.list(folder))
      for (const Name& name : *names)
        if (name.kind == NodeKind::folder) look(join_path(folder, name.name), depth + 1);
  }
  std::vector<Suspect> take() { return std::move(suspects_); }

 private:
  const Tree& tree_;
  const std::set<std::uint32_t>& known_;
  std::vector<Suspect> suspects_;
  std::size_t seen_ = 0;
};

// Numbers up to the last one given out, or the highest in use: beyond it nothing was ever started. The newest first.
void probe(const Tree& tree, const std::set<std::uint32_t>& known, std::vector<Suspect>& suspects, Notes& notes) {
  const std::string load = read_or_nothing(tree, "/proc/loadavg", 256);
  if (load.empty() || known.empty()) return;
  const std::uint32_t last = std::min(kPidMax, std::max(number(load.substr(load.rfind(' ') + 1)), *known.rbegin()));
  const auto end = std::chrono::steady_clock::now() + kProbeTime;
  std::string path;
  for (std::uint32_t pid = last; pid > 0 && suspects.size() < kSuspectsMax; --pid) {
    if (pid % 1024 == 0 && std::chrono::steady_clock::now() > end)
      return notes.add(fmt::format("process numbers 1 to {}", pid),
                       "there was no time to ask for each, in search of hidden ones");
    if (known.contains(pid)) continue;
    path = "/proc/";
    path += std::to_string(pid);
    if (!tree.stat(path)) continue;
    if (std::string at = started(tree, pid); !at.empty()) suspects.push_back({.pid = pid, .started = std::move(at)});
  }
}

}  // namespace

void load_hidden_processes(Host& host, SocketOwners& owners, Notes& notes) {
  const Tree& tree = *host.tree;
  const std::set<std::uint32_t> known = listed(tree);
  Groups groups{tree, known};
  groups.look("/sys/fs/cgroup", 0);
  std::vector<Suspect> suspects = groups.take();
  probe(tree, known, suspects, notes);
  for (int round = 0; round < kRounds && !suspects.empty(); ++round) {
    const std::set<std::uint32_t> now = listed(tree);
    std::erase_if(suspects, [&](const Suspect& suspect) {
      if (now.contains(suspect.pid)) return true;
      return suspect.started.empty() ? !is_in_group(tree, suspect) : started(tree, suspect.pid) != suspect.started;
    });
  }
  for (const Suspect& suspect : suspects) {
    if (std::ranges::find(host.processes, suspect.pid, &Process::pid) != host.processes.end()) continue;
    Process process;
    if (!read_process(tree, suspect.pid, process, owners)) {
      process = {};
      process.pid = suspect.pid;
      process.cgroup = folder_of(suspect.group);
    }
    process.hidden = true;
    host.processes.push_back(std::move(process));
  }
}

}  // namespace abate::sweep
