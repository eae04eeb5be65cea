// SPDX-License-Identifier: Apache-2.0
// sweep/host/logs/seen_lines.h — remembers which syslog messages were read already, in bounded memory.
//
// rsyslog writes one message to several files (mail.log and syslog), and the journal keeps it once more. Each message
// counts once: a file that may repeat others, and the journal, are asked about each line. A Bloom filter of kBytes over
// (second, program, pid, message); a journal's time may differ by a second. With kLinesFull lines one message in fifty
// would be taken for a repeated one: from there on a program is taken as told where its own file tells of that day.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sweep/kit/event.h"

namespace abate::sweep {

class SeenLines {
 public:
  void keep(const Event& event);
  [[nodiscard]] bool has(const Event& event) const;

  static constexpr std::size_t kBytes = std::size_t{4} << 20;
  static constexpr std::uint64_t kLinesFull = 4'000'000;
  static constexpr std::size_t kProgramDaysMax = 20'000;

 private:
  std::vector<std::uint64_t> bits_;  // made with the first line
  std::uint64_t lines_ = 0;
  std::map<std::pair<std::uint64_t, std::int64_t>, bool> days_;  // (program, day)
};

}  // namespace abate::sweep
