// SPDX-License-Identifier: Apache-2.0
#include "remedy/executor/program.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/descriptor.h"

namespace abate::remedy {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFolders[] = {"/usr/sbin", "/usr/bin", "/sbin", "/bin"};

std::string exe_of(std::uint32_t pid) {
  std::error_code none;
  return fs::read_symlink("/proc/" + std::to_string(pid) + "/exe", none).string();
}

std::uint32_t parent_of(std::uint32_t pid) {
  std::ifstream in{"/proc/" + std::to_string(pid) + "/stat"};
  const std::string line{std::istreambuf_iterator<char>{in}, {}};
  // "pid (any name, also with brackets) S parent ..."
  const std::size_t at = line.rfind(')');
  if (at == std::string::npos || at + 4 >= line.size()) return 0;
  std::uint32_t parent = 0;
  std::from_chars(line.data() + at + 4, line.data() + line.size(), parent);
  return parent;
}

std::vector<std::uint32_t> all_processes() {
  std::vector<std::uint32_t> pids;
  std::error_code none;
  for (const fs::directory_entry& entry : fs::directory_iterator{"/proc", none}) {
    const std::string name = entry.path().filename().string();
    std::uint32_t pid = 0;
    if (std::from_chars(name.data(), name.data() + name.size(), pid).ptr == name.data() + name.size() && pid > 1)
      pids.push_back(pid);
  }
  return pids;
}

}  // namespace

ProgramEnd run_program(const std::vector<std::string>& argv) {
  ProgramEnd end;
  int ends[2];
  if (argv.empty() || ::pipe2(ends, O_CLOEXEC) != 0) return end;
  const Descriptor out{ends[0]};
  Descriptor in{ends[1]};
  posix_spawn_file_actions_t files;
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(&files, in.get(), 1);
  ::posix_spawn_file_actions_adddup2(&files, in.get(), 2);
  std::vector<char*> arguments;
  for (const std::string& word : argv) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  std::string path = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
  std::string language = "LC_ALL=C";
  char* environment[] = {path.data(), language.data(), nullptr};
  pid_t pid = 0;
  std::string program = argv[0];
  for (const char* folder : kFolders) {
    if (program.find('/') != std::string::npos) break;
    const std::string full = std::string{folder} + "/" + argv[0];
    if (::access(full.c_str(), X_OK) == 0) program = full;
  }
  end.started = ::posix_spawn(&pid, program.c_str(), &files, nullptr, arguments.data(), environment) == 0;
  ::posix_spawn_file_actions_destroy(&files);
  in = Descriptor{};
  if (!end.started) return end;
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{kProgramSecondsMax};
  char block[4096];
  for (bool open = true; open;) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
    pollfd ready{.fd = out.get(), .events = POLLIN, .revents = 0};
    if (left <= 0 || ::poll(&ready, 1, static_cast<int>(left)) <= 0) break;
    const ssize_t got = ::read(out.get(), block, sizeof block);
    open = got > 0;
    if (open && end.output.size() < kProgramOutputBytesMax) end.output.append(block, static_cast<std::size_t>(got));
  }
  // A daemon that kept our pipe open is left running; a program that still works at the deadline is ended.
  int status = 0;
  pid_t ended = 0;
  while ((ended = ::waitpid(pid, &status, WNOHANG)) == 0 && std::chrono::steady_clock::now() < deadline) ::usleep(5000);
  if (ended == 0) {
    ::kill(pid, SIGKILL);
    ::waitpid(pid, &status, 0);
  }
  end.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return end;
}

Result<bool> end_process_tree(std::uint32_t pid, const std::string& exe) {
  const auto send = [](int handle, int signal) { return ::syscall(SYS_pidfd_send_signal, handle, signal, nullptr, 0); };
  const Descriptor root{static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))};
  if (!root && errno == ESRCH) return false;
  if (!root)
    return failure(Fault::unavailable,
                   "process {} cannot be held by this kernel: end it yourself, kill -STOP, then "
                   "kill -KILL",
                   pid);
  // The handle is taken first: from here on the pid cannot become another process without the handle going stale.
  if (exe_of(pid) != exe) return false;
  for (auto above = static_cast<std::uint32_t>(::getpid()); above > 1; above = parent_of(above))
    if (above == pid)
      return failure(Fault::refused, "process {} is what this session runs beneath: end it from the console", pid);
  send(root.get(), SIGSTOP);
  std::set<std::uint32_t> tree{pid};
  std::vector<Descriptor> handles;
  // Until a round finds nobody new: who is frozen starts nobody.
  for (bool grew = true; grew;) {
    grew = false;
    for (const std::uint32_t other : all_processes()) {
      if (tree.contains(other) || !tree.contains(parent_of(other))) continue;
      Descriptor handle{static_cast<int>(::syscall(SYS_pidfd_open, other, 0))};
      if (!handle || !tree.contains(parent_of(other))) continue;
      send(handle.get(), SIGSTOP);
      tree.insert(other);
      handles.push_back(std::move(handle));
      grew = true;
    }
  }
  send(root.get(), SIGKILL);
  for (const Descriptor& handle : handles) send(handle.get(), SIGKILL);
  return true;
}

}  // namespace abate::remedy
