// SPDX-License-Identifier: Apache-2.0
// web/target.h — the target of a request line: path and query, decoded once and strictly. Pure; thread-safe.
//
// SECURITY: what two readers could take for two different paths is refused, never repaired: "." and ".." segments, an
// encoded "/" or "\", %00 and other control characters, "%" without two hex digits, a fragment, bytes that are not
// UTF-8.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/result.h"

namespace abate::web {

constexpr std::size_t kQueryPairsMax = 64;

struct Target {
  std::string path;                                       // "/tickets/T-1"
  std::map<std::string, std::string, std::less<>> query;  // of a repeated name the first
};

// "/path?query", or "http://HOST/path?query" where HOST is that of the Host field.
Result<Target> parse_target(std::string_view target, std::string_view host);

// "%41" -> "A"; with `plus_is_blank` "+" -> " ". malformed: a broken escape, NUL, bytes that are not UTF-8.
Result<std::string> percent_decode(std::string_view text, bool plus_is_blank);

}  // namespace abate::web
