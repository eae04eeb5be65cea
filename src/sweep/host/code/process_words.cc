// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/code/process_words.h"

#include <algorithm>

#include "sweep/host/config/config_text.h"

namespace abate::sweep {
namespace {

std::string command_line_of(const Process& process) {
  std::string text;
  for (const std::string& word : process.arguments) text.append(text.empty() ? "" : " ").append(word.substr(0, 200));
  return text.empty() ? fmt::format("[{}]", process.comm) : text.substr(0, 400);
}

bool is_started_by_service(const Host& host, const Process& process) {
  constexpr std::string_view kServices[] = {"php-fpm",   "apache2", "httpd",        "nginx",    "lsphp",
                                            "litespeed", "java",    "redis-server", "postgres", "mysqld",
                                            "mariadbd",  "exim",    "memcached"};
  const Process* child = &process;
  for (int n = 0; n < kParentsMax && child->parent != 0; ++n) {
    const Process* parent = process_of(host, child->parent);
    if (parent == nullptr || parent == child) return false;
    for (const std::string_view service : kServices)
      if (file_name(parent->exe).starts_with(service) || parent->comm.starts_with(service)) return true;
    child = parent;
  }
  return false;
}

bool is_connected_outside(const Host& host, const Process& process) {
  return std::ranges::any_of(host.sockets, [&](const Socket& socket) {
    if (socket.pid != process.pid) return false;
    if (socket.protocol == "raw" || socket.protocol == "packet") return true;
    return (socket.state == "established" || socket.state == "syn_sent") && socket.remote_port != 0 &&
           !host.is_own_address(socket.remote) && !is_private_address(socket.remote);
  });
}

}  // namespace

bool is_out_of_place(const Host& host, const Process& process) {
  const bool of_service = (process.uid != 0 && process.uid < 1000) || host.is_web_user(process.uid);
  const bool image = process.exe.starts_with("/tmp/.mount_");  // AppImage
  const bool hidden =
      (process.exe.find("/.") != std::string::npos && !image) || (process.exe_deleted && !process.exe_in_memory);
  const bool lies = !process.arguments.empty() && process.arguments.front().starts_with('[');
  return of_service || hidden || lies || is_started_by_service(host, process) || is_connected_outside(host, process);
}

Subject process_subject(const Process& process) {
  Subject subject;
  subject.kind = SubjectKind::process;
  subject.pid = process.pid;
  subject.path = process.exe;
  subject.name = process.arguments.empty() ? process.comm : process.arguments.front();
  return subject;
}

const Process* process_of(const Host& host, std::uint32_t pid) {
  const auto found = std::ranges::find(host.processes, pid, &Process::pid);
  return found == host.processes.end() ? nullptr : &*found;
}

std::string parents_of(const Host& host, const Process& process) {
  std::string text;
  const Process* child = &process;
  for (int n = 0; n < kParentsMax && child->parent != 0; ++n) {
    const Process* parent = process_of(host, child->parent);
    if (parent == nullptr || parent == child) break;
    text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", parent->comm, parent->pid);
    child = parent;
  }
  return text;
}

void fill_process(const Host& host, const Process& process, const char* role, Finding& finding) {
  finding.at = process.started_at;
  finding.uid = process.uid;
  finding.paths = {process.exe};
  finding.role = role;
  finding.evidence.push_back(fmt::format("pid {} of account {}: {} (program {}, in {}{}{}{}{})", process.pid,
                                         process.uid, command_line_of(process), process.exe, process.cwd,
                                         process.unit.empty() ? "" : ", unit ", process.unit,
                                         process.container.empty() ? "" : ", container ", process.container));
  if (const std::string parents = parents_of(host, process); !parents.empty())
    finding.evidence.push_back(fmt::format("started by {}", parents));
}

}  // namespace abate::sweep
