// SPDX-License-Identifier: Apache-2.0
// sweep/host/web/directives.h — configuration files cut into directives, as Apache and nginx write them.
//
// Views point into the text. Both are forgiving: what is no directive is passed over. Linear in the text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace abate::sweep {

struct Directive {
  enum class Kind : std::uint8_t { plain, open, close } kind = Kind::plain;
  std::string name;                // lower case
  std::vector<std::string> words;  // arguments, quotes taken off
  std::uint32_t line = 0;
};

// "Name arg \"arg two\"", <Name arg>, </Name>; a backslash at a line's end joins; # begins a comment line.
std::vector<Directive> apache_directives(std::string_view text);
// "name arg 'arg two';", "name arg {", "}"; # begins a comment.
std::vector<Directive> nginx_directives(std::string_view text);

}  // namespace abate::sweep
