// SPDX-License-Identifier: Apache-2.0
// sweep/host/config/sshd.h — what OpenSSH's server would do, as sshd_config(5) is read: the first value of a keyword
// wins, Include stands for the files it names, what follows a Match counts for some sessions only and goes before the
// rest. An Include'd file's Match ends with that file.
//
// Reads by the tree only; bounded; what is nonsense is passed over. Immutable, so thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sweep/kit/tree.h"

namespace abate::sweep {

struct SshdLine {
  std::string key;    // lower case; the names of old releases as those of today
  std::string value;  // all behind the keyword, quotes taken off where one value is quoted as a whole
  std::string match;  // of the Match that it stands in; "" counts for all
  std::string path;
  std::uint32_t line = 0;
};

class Sshd {
 public:
  explicit Sshd(const Tree& tree);

  [[nodiscard]] bool configured() const { return configured_; }
  [[nodiscard]] const std::vector<SshdLine>& lines() const { return lines_; }
  // The line that counts for all sessions; null where nothing is said.
  [[nodiscard]] const SshdLine* global(std::string_view key) const;
  // Its value in lower case, OpenSSH's own default where nothing is said, "" where we know none.
  [[nodiscard]] std::string value(std::string_view key) const;
  // Lines of that keyword within a Match: they may count instead.
  [[nodiscard]] std::vector<const SshdLine*> in_matches(std::string_view key) const;
  [[nodiscard]] std::vector<std::uint16_t> ports() const;  // of Port and ListenAddress; 22 where none is said
  // A drop-in with this name would be read before anything else is said.
  [[nodiscard]] bool reads_first(std::string_view path) const;

  static constexpr std::string_view kPath = "/etc/ssh/sshd_config";
  static constexpr std::size_t kLinesMax = 20'000;
  static constexpr std::size_t kFilesMax = 256;  // a file may include itself, and all beside it

 private:
  void read(const Tree& tree, const std::string& path, std::string match, int depth);

  bool configured_ = false;
  std::size_t files_ = 0;
  std::vector<SshdLine> lines_;
  std::vector<std::string> first_includes_;  // patterns of an Include before all else
};

}  // namespace abate::sweep
