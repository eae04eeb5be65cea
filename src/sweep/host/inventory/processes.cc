// SPDX-License-Identifier: Apache-2.0
// What runs: /proc read once. A number that was given to another program meanwhile is noticed by its start time and
// left out. Environments hold secrets: only the variables named here are kept.
#include <algorithm>
#include <charconv>
#include <set>

#include "base/text.h"
#include "sweep/host/inventory/inventory.h"

namespace abate::sweep {
namespace {

constexpr std::size_t kProcessesMax = 50'000;
constexpr std::size_t kArgumentBytesMax = 8192;
constexpr std::size_t kOpenFilesMax = 256;  // of one process
constexpr std::size_t kMapsBytesMax = std::size_t{512} << 10;
constexpr std::string_view kVariables[] = {
    "LD_PRELOAD", "LD_LIBRARY_PATH", "SCRIPT_FILENAME", "REQUEST_URI", "HTTP_HOST", "REMOTE_ADDR",
    "HISTFILE",   "SSH_CONNECTION",  "SSH_CLIENT",      "SUDO_USER",   "PWD"};

template <class T>
T number(std::string_view text, int base = 10) {
  T value{};
  text = trim(text);
  std::from_chars(text.data(), text.data() + text.size(), value, base);
  return value;
}

std::string_view field(std::string_view status, std::string_view name) {
  const std::size_t at = status.starts_with(name) ? 0 : status.find(fmt::format("\n{}", name));
  if (at == std::string_view::npos) return {};
  const std::size_t begin = at + name.size() + (at == 0 ? 0 : 1);
  return trim(status.substr(begin, status.find('\n', begin) - begin));
}

// The 22nd field: clock ticks since the start of the machine. The name before it may hold blanks and brackets.
std::uint64_t start_ticks(std::string_view stat) {
  const std::size_t name = stat.rfind(')');
  if (name == std::string_view::npos) return 0;
  std::string_view rest = stat.substr(name + 1);
  for (int field = 3; field < 22; ++field) {
    const std::size_t blank = rest.find(' ', 1);
    if (blank == std::string_view::npos) return 0;
    rest.remove_prefix(blank);
  }
  return number<std::uint64_t>(rest.substr(0, rest.find(' ', 1)));
}

std::optional<Instant> boot_time(const Tree& tree) {
  const std::string stat = read_or_nothing(tree, "/proc/stat");
  const std::string_view seconds = field(stat, "btime");
  return seconds.empty() ? std::nullopt : std::optional{from_micros(number<std::int64_t>(seconds) * 1'000'000)};
}

void split_zero(std::string_view text, auto&& each) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\0'), text.size());
    each(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

// The ninth field: PF_KTHREAD of the kernel's own threads, PF_EXITING of what is about to end. What ended and was not
// asked for has no program either.
bool has_no_program(std::string_view stat) {
  constexpr std::uint64_t kKernelThread = 0x00200000;
  constexpr std::uint64_t kExiting = 0x00000004;
  const std::size_t name = stat.rfind(')');
  if (name == std::string_view::npos) return false;
  const std::vector<std::string_view> words = split(stat.substr(name), ' ');
  return words.size() > 7 &&
         (words[1] == "Z" || words[1] == "X" || (number<std::uint64_t>(words[7]) & (kKernelThread | kExiting)) != 0);
}

void read_exe(const Tree& tree, const std::string& folder, Process& process) {
  const Result<std::string> exe = tree.link_target(folder + "/exe");
  if (!exe) {  // or it belongs to another account, and we may not see it
    const std::string stat = read_or_nothing(tree, folder + "/stat", 4096);  // as it is now: it may just have ended
    process.kernel_thread =
        has_no_program(stat) || (process.arguments.empty() && exe.error().fault == Fault::not_found);
    return;
  }
  process.exe = *exe;
  constexpr std::string_view kDeleted = " (deleted)";
  if (process.exe.ends_with(kDeleted)) {
    process.exe_deleted = true;
    process.exe.resize(process.exe.size() - kDeleted.size());
  }
  process.exe_in_memory = process.exe.starts_with("/memfd:");
}

void read_cgroup(const Tree& tree, const std::string& folder, Process& process) {
  const std::string text = read_or_nothing(tree, folder + "/cgroup", 16 * 1024);
  for (const std::string_view line : split(text, '\n')) {
    const std::size_t colon = line.rfind(':');
    if (colon == std::string_view::npos) continue;
    const std::string_view path = line.substr(colon + 1);
    if (process.cgroup.empty() || path.size() > process.cgroup.size()) process.cgroup = path;
  }
  for (const std::string_view part : split(process.cgroup, '/')) {
    if (part.ends_with(".service")) process.unit = part;
    for (const std::string_view prefix : {"docker-", "libpod-", "cri-containerd-"})
      if (part.starts_with(prefix)) process.container = part.substr(prefix.size(), 12);
    if (part.size() == 64 && part.find_first_not_of("0123456789abcdef") == std::string_view::npos)
      process.container = part.substr(0, 12);
  }
}

void read_maps(const Tree& tree, const std::string& folder, Process& process) {
  const std::string text = read_or_nothing(tree, folder + "/maps", kMapsBytesMax);
  std::set<std::string_view> seen;
  for (const std::string_view line : split(text, '\n')) {
    const std::size_t rights = line.find(' ');
    if (rights == std::string_view::npos || line.substr(rights + 1, 4).find('x') == std::string_view::npos) continue;
    const std::size_t path = line.find('/');
    if (path != std::string_view::npos && seen.insert(line.substr(path)).second && process.maps.size() < 200)
      process.maps.emplace_back(line.substr(path));
  }
}

bool read_one(const Tree& tree, const std::string& folder, std::optional<Instant> boot, Process& process) {
  // A number that was given to another program meanwhile has another start time at the end.
  const std::string before = read_or_nothing(tree, folder + "/stat", 4096);
  const std::string status = read_or_nothing(tree, folder + "/status", 16 * 1024);
  if (status.empty()) return false;
  process.comm = field(status, "Name:");
  process.parent = number<std::uint32_t>(field(status, "PPid:"));
  process.uid = number<std::uint32_t>(field(status, "Uid:").substr(0, field(status, "Uid:").find('\t')));
  process.gid = number<std::uint32_t>(field(status, "Gid:").substr(0, field(status, "Gid:").find('\t')));
  // In a user namespace of its own a program has rights within it only: they count for nothing outside.
  if (tree.link_target(folder + "/ns/user").value_or("") == tree.link_target("/proc/1/ns/user").value_or(""))
    process.capabilities = number<std::uint64_t>(field(status, "CapEff:"), 16);
  const std::string arguments = read_or_nothing(tree, folder + "/cmdline", 1U << 20).substr(0, kArgumentBytesMax);
  split_zero(arguments, [&](std::string_view word) { process.arguments.emplace_back(word); });
  read_exe(tree, folder, process);
  if (process.kernel_thread) return true;
  process.cwd = tree.link_target(folder + "/cwd").value_or("");
  read_cgroup(tree, folder, process);
  read_maps(tree, folder, process);
  const std::string environment = read_or_nothing(tree, folder + "/environ", 256 * 1024);
  split_zero(environment, [&](std::string_view word) {
    const std::size_t equals = word.find('=');
    if (equals == std::string_view::npos ||
        std::ranges::find(kVariables, word.substr(0, equals)) == std::end(kVariables))
      return;
    process.environment.emplace_back(word.substr(0, equals), word.substr(equals + 1, 512));
  });
  const std::uint64_t ticks = start_ticks(before);
  if (boot && ticks != 0)
    process.started_at = *boot + std::chrono::milliseconds(ticks * 10);  // USER_HZ is 100 on all that we run on
  return start_ticks(read_or_nothing(tree, folder + "/stat", 4096)) == ticks;
}

void read_descriptors(const Tree& tree, const std::string& folder, Process& process, SocketOwners& owners) {
  const Result<std::vector<Name>> names = tree.list(folder + "/fd");
  if (!names) return;
  for (const Name& name : *names) {
    const Result<std::string> target = tree.link_target(join_path(folder + "/fd", name.name));
    if (!target) continue;
    if (target->starts_with("socket:["))
      owners.emplace(number<std::uint64_t>(std::string_view{*target}.substr(8)), process.pid);
    else if (target->starts_with('/') && process.open_files.size() < kOpenFilesMax)
      process.open_files.push_back(*target);
  }
}

}  // namespace

bool read_process(const Tree& tree, std::uint32_t pid, Process& process, SocketOwners& owners) {
  process.pid = pid;
  const std::string folder = fmt::format("/proc/{}", pid);
  if (!read_one(tree, folder, boot_time(tree), process)) return false;
  read_descriptors(tree, folder, process, owners);
  return true;
}

SocketOwners load_processes(Host& host, Notes& notes) {
  const Tree& tree = *host.tree;
  SocketOwners owners;
  const Result<std::vector<Name>> names = tree.list("/proc");
  if (!names) {
    notes.add("running processes", names.error().what);
    return owners;
  }
  const std::optional<Instant> boot = boot_time(tree);
  std::size_t unseen = 0;
  for (const Name& name : *names) {
    if (name.name.find_first_not_of("0123456789") != std::string::npos) continue;
    if (host.processes.size() >= kProcessesMax) {
      notes.add("further processes", "more than the sweep keeps");
      break;
    }
    Process process{.pid = number<std::uint32_t>(name.name)};
    const std::string folder = "/proc/" + name.name;
    if (!read_one(tree, folder, boot, process)) {
      const Result<std::string> status = read_whole(tree, folder + "/status", 16 * 1024);
      if (!status && status.error().fault == Fault::refused) ++unseen;  // else it ended meanwhile
      continue;
    }
    if (process.exe.empty() && !process.kernel_thread) ++unseen;
    read_descriptors(tree, folder, process, owners);
    host.processes.push_back(std::move(process));
  }
  if (!host.processes.empty() && std::ranges::find(host.processes, 1U, &Process::pid) == host.processes.end())
    notes.add("processes of other accounts", "/proc does not list them (hidepid); run as root to see them");
  if (unseen > 0)
    notes.add(fmt::format("the programs of {} processes", unseen),
              "they belong to other accounts; run as root to see them");
  return owners;
}

}  // namespace abate::sweep
