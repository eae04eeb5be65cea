// SPDX-License-Identifier: Apache-2.0
// bench/log_server.h — a made-up server with one large log, how long it takes to read it as events, and how long
// another program takes.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>

#include <sys/wait.h>

#include "measure.h"
#include "sweep/host/disk_tree.h"
#include "sweep/host/logs/read_logs.h"

namespace abate::bench {

class LogServer {
 public:
  LogServer() {
    std::string name = (std::filesystem::temp_directory_path() / "abate-bench-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~LogServer() { std::filesystem::remove_all(path_); }
  LogServer(const LogServer&) = delete;
  LogServer& operator=(const LogServer&) = delete;
  [[nodiscard]] std::string at(const std::string& file) const {
    const std::filesystem::path path = path_ / file;
    std::filesystem::create_directories(path.parent_path());
    return path;
  }
  // Every event to `to`; seconds of the processor.
  double read(const sweep::EventTaker& to) const {
    const auto tree = sweep::DiskTree::open_root(path_.string());
    if (!tree) return 0;
    sweep::Host host;
    host.tree = tree->get();
    sweep::Notes notes;
    const double before = used(RUSAGE_SELF);
    (void)sweep::read_events(host, to, notes, [] { return false; });
    return used(RUSAGE_SELF) - before;
  }
  // Of a command and all that it starts; nothing sensible (0) where it fails.
  static double run(const std::string& command) {
    const double before = used(RUSAGE_CHILDREN);
    if (std::system((command + " >/dev/null 2>&1").c_str()) != 0) return 0;
    return used(RUSAGE_CHILDREN) - before;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace abate::bench
