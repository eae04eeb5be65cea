// SPDX-License-Identifier: Apache-2.0
// tests/remedy/disk.h — a small server, written as for MemoryTree, on a real folder that goes with the test; and a
// picture of it: every byte and attribute but inode numbers and times of change.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "remedy/executor/executor.h"

namespace abate::remedy {

class Disk {
 public:
  explicit Disk(std::string_view text);
  ~Disk();
  Disk(const Disk&) = delete;
  Disk& operator=(const Disk&) = delete;
  [[nodiscard]] std::string root() const { return folder_ + "/root"; }
  [[nodiscard]] Where where() const;
  [[nodiscard]] std::string read(const std::string& path) const;
  void write(const std::string& path, std::string_view bytes) const;
  [[nodiscard]] std::map<std::string, std::string> picture() const;

 private:
  std::string folder_;
};

}  // namespace abate::remedy
