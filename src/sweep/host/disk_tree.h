// SPDX-License-Identifier: Apache-2.0
// sweep/host/disk_tree.h — a Tree over a folder of the machine: "/" live, or where a server's disk is mounted.
//
// SECURITY: the one place that opens names which an attacker may have chosen. Every path is opened beneath the root's
// descriptor by openat2(2) with RESOLVE_IN_ROOT and RESOLVE_NO_MAGICLINKS, O_NOFOLLOW where the node itself is meant,
// O_NONBLOCK and O_NOCTTY always, O_NOATIME where the kernel grants it. A file is first opened with O_PATH and only
// reopened for reading when it is a regular file: devices, FIFOs and sockets are never opened. Where the kernel lacks
// openat2 (before 5.6), the same is done component by component. Nothing is ever written, created or run.
// A walk opens millions of files, so in fewer calls: it asks what a name of the folder that it holds open is
// (fstatat), opens regular files by that name with O_NOFOLLOW, and reads only where it got the very node. Who swaps the
// name in between gains nothing: a link is not followed, a FIFO is not waited for, and a device can only be put there
// by root, and is closed unread.
//
// A walk holds one descriptor a level (kDepthMax), never leaves the root's file system for a pseudo or network one
// (it says so), and meets each folder once.
#pragma once

#include <memory>
#include <string>

#include "sweep/kit/tree.h"

namespace abate::sweep {

class DiskTree final : public Tree {
 public:
  static constexpr int kDepthMax = 4000;  // levels that a walk goes down

  // not_found, refused: names the folder and what can be done.
  static Result<std::unique_ptr<DiskTree>> open_root(const std::string& folder);
  ~DiskTree() override;
  DiskTree(const DiskTree&) = delete;
  DiskTree& operator=(const DiskTree&) = delete;

  [[nodiscard]] Result<Stat> stat(std::string_view path) const override;
  [[nodiscard]] Result<Stat> stat_through_links(std::string_view path) const override;
  [[nodiscard]] Result<std::unique_ptr<TreeFile>> open(std::string_view path) const override;
  [[nodiscard]] Result<std::string> link_target(std::string_view path) const override;
  [[nodiscard]] Result<std::vector<Name>> list(std::string_view path) const override;
  [[nodiscard]] std::uint8_t flags(std::string_view path) const override;
  [[nodiscard]] Result<std::string> attribute(std::string_view path, const std::string& name) const override;
  void walk(std::string_view path, Walker& walker) const override;

  // For tests: as on a kernel without openat2.
  void walk_carefully() { careful_ = true; }

 private:
  explicit DiskTree(int root) : root_{root} {}
  // A descriptor of O_PATH; -1 with errno. `follow`: a last link too.
  [[nodiscard]] int locate(std::string_view path, bool follow) const;

  int root_;
  bool careful_ = false;
};

}  // namespace abate::sweep
