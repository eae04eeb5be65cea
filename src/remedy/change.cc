// SPDX-License-Identifier: Apache-2.0
#include "remedy/change.h"

#include <algorithm>
#include <array>

namespace abate::remedy {

namespace {

constexpr std::array<std::string_view, 8> kNames{"remove", "write",       "make_link",   "restrict",
                                                 "run",    "end_process", "make_folder", "set_mode"};

}  // namespace

std::string_view change_kind_name(ChangeKind kind) { return kNames[static_cast<std::size_t>(kind)]; }

std::optional<ChangeKind> parse_change_kind(std::string_view name) {
  const auto found = std::ranges::find(kNames, name);
  return found == kNames.end() ? std::nullopt : std::optional{static_cast<ChangeKind>(found - kNames.begin())};
}

}  // namespace abate::remedy
