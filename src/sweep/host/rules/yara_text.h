// SPDX-License-Identifier: Apache-2.0
// sweep/host/rules/yara_text.h — YARA source cut into rules, strings and conditions, as far as the prefilter needs it.
//
// libyara compiles the rules and alone says what matches; this reading only finds out which strings a rule cannot do
// without. It understands less than libyara on purpose: what it does not understand makes rules that are always run.
// Linear in the text; never throws. Grammar: YARA 4.2's own lexer and parser as documented ("Writing YARA rules").
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace abate::sweep {

struct YaraString {
  std::string name;  // "$a"; anonymous: "$"
  enum class Kind : std::uint8_t { text, regex, hex } kind = Kind::text;
  std::string value;                   // text: its bytes; regex: between the slashes; hex: between the braces
  std::string regex_flags;             // "is"
  std::vector<std::string> modifiers;  // "nocase", "wide", "xor", …, without arguments
  [[nodiscard]] bool has(std::string_view modifier) const;
};

struct YaraToken {
  enum class Kind : std::uint8_t { word, number, text, regex, string, count, offset, length, sign } kind = Kind::sign;
  std::string_view text;  // string: "$a", count: "#a", sign: "(", ">="
};

struct YaraRule {
  std::string name;
  std::string_view source;  // from its first modifier to its closing brace
  bool global = false;
  std::vector<YaraString> strings;
  std::vector<YaraToken> condition;
};

struct YaraSource {
  std::vector<std::string_view> imports;  // `import "pe"`
  bool includes = false;                  // asks for other files: refused elsewhere
  std::vector<YaraRule> rules;
};

// Views point into `text`. `malformed` where it is not understood, with the line.
Result<YaraSource> parse_yara(std::string_view text);

}  // namespace abate::sweep
