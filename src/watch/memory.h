// SPDX-License-Identifier: Apache-2.0
// watch/memory.h — what the watch remembers from one look to the next: STATE/watch/memory.json. Bounded; what cannot be
// read counts as a first look. Names of files, accounts and networks only, never contents. Pure.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/time.h"

namespace abate::watch {

struct Memory {
  std::optional<Instant> last;                            // when it looked
  std::map<std::string, std::string> things;              // "account anna" -> "uid 1000, /bin/bash"
  std::map<std::string, std::set<std::string>> networks;  // account -> networks that it came in from
  std::set<std::string> told;                             // findings
  double mails_an_hour = 0;                               // as usual, of mails sent
  std::uint64_t looks = 0;

  static constexpr std::size_t kThingsMax = 50'000;
  static constexpr std::size_t kToldMax = 20'000;
  static constexpr std::size_t kNetworksMax = 200;  // of one account
};

Memory read_memory(std::string_view text);
std::string memory_text(const Memory& memory);

}  // namespace abate::watch
