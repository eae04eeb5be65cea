// SPDX-License-Identifier: Apache-2.0
// sweep/host/open_host.h — fills a Host from a tree: who the server is and its inventory.
//
// Each part of the inventory stands in a file of its own (accounts.h, keys.h, autostarts.h, …) as
//   void load_accounts(Host& host, Notes& notes);
// which reads through host.tree and what earlier parts filled, never throws, bounds what it keeps and tells notes
// what it could not look at (law 9).
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "sweep/kit/host.h"

namespace abate::sweep {

class Notes {  // what could not be examined: once each, in order; one thread
 public:
  void add(std::string what, std::string why);
  [[nodiscard]] const std::vector<NotExamined>& all() const { return all_; }
  [[nodiscard]] std::uint64_t told() const { return told_; }  // how often add was called, also in vain

  static constexpr std::size_t kMax = 500;  // then one line says how many more

 private:
  std::vector<NotExamined> all_;
  std::size_t more_ = 0;
  std::uint64_t told_ = 0;
};

struct OpenedHost {  // movable; `host` points into the rest
  Host host;
  std::unique_ptr<Packages> packages;
  std::unique_ptr<Releases> releases;
};

struct Running {  // what only a running server has
  std::vector<Process> processes;
  std::vector<Socket> sockets;
};

// Reads /proc of `tree`. Of other accounts' processes a user other than root sees little, and notes hear of it.
Running see_running(const Tree& tree, Notes& notes);

// `tree` must outlive the host. Without `running` it is a disk, not a live server.
std::unique_ptr<OpenedHost> open_host(const Tree& tree, std::optional<Running> running, Instant now, Case ticket,
                                      Notes& notes);

}  // namespace abate::sweep
