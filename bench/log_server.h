// SPDX-License-Identifier: Apache-2.0
// bench/log_server.h — a made-up server with one large log, how long it takes to read it as events, and how long
// another program takes. Times are of the processor, best of a few turns.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <random>
#include <string>

#include <sys/resource.h>
#include <sys/wait.h>

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
  static double used(int who) {
    rusage usage{};
    getrusage(who, &usage);
    const auto seconds = [](const timeval& t) {
      return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
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

template <class Work>
double best_of(int turns, Work work) {
  double best = std::numeric_limits<double>::max();
  for (int i = 0; i < turns; ++i) best = std::min(best, work());
  return best;
}

inline int tell(const char* name, const char* unit, double ours_each_s, double peer_each_s, const char* peer,
                double goal, bool right) {
  std::printf("ours %.0f, %s %.0f %s per second of the processor\n", ours_each_s, peer, peer_each_s, unit);
  std::printf("%s figure=%.0f unit=%s/s ratio=%.1f against=%s goal=%.0f checked=%s\n", name, ours_each_s, unit,
              peer_each_s > 0 ? ours_each_s / peer_each_s : 0.0, peer, goal, right ? "yes" : "no");
  return right ? 0 : 1;
}

}  // namespace abate::bench
