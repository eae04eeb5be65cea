// SPDX-License-Identifier: Apache-2.0
// base/path_part.h — a path walked part by part, as whoever resolves links must. Pure.
#pragma once

#include <algorithm>
#include <string>

namespace abate {

// Takes the next part off the front of `rest`, slashes around it dropped; "" at the end.
inline std::string take_path_part(std::string& rest) {
  const std::size_t begin = std::min(rest.find_first_not_of('/'), rest.size());
  const std::size_t end = std::min(rest.find('/', begin), rest.size());
  std::string part = rest.substr(begin, end - begin);
  rest.erase(0, end);
  return part;
}

}  // namespace abate
