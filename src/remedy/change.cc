// SPDX-License-Identifier: Apache-2.0
#include "remedy/change.h"

#include <array>

namespace abate::remedy {

std::string_view change_kind_name(ChangeKind kind) {
  constexpr std::array<std::string_view, 7> kNames{"remove", "write", "make_link",  "restrict",
                                                   "move",   "run",   "end_process"};
  return kNames[static_cast<std::size_t>(kind)];
}

}  // namespace abate::remedy
