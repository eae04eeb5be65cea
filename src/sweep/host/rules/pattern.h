// SPDX-License-Identifier: Apache-2.0
// sweep/host/rules/pattern.h — a YARA string, or a ClamAV hex signature, as an expression for Vectorscan.
//
// The expression matches wherever the string does, and may match more: long repeats become unbounded, \b is left out, a
// dot takes every byte. So whatever it does not find, libyara would not find. Expressions are read as bytes, dot takes
// line ends. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sweep/host/rules/yara_text.h"

namespace abate::sweep {

constexpr std::size_t kUnbounded = ~std::size_t{0};

struct Pattern {
  std::string expression;
  bool ignores_case = false;
  unsigned score = 1;              // fixed bytes in every match: the more, the fewer files it lets through
  std::string literal{};           // the rarest few bytes in a row that stand in every match; "" where none do
  std::size_t width = kUnbounded;  // of a match, in bytes that are no blanks: those may be repeated without end
  friend auto operator<=>(const Pattern&, const Pattern&) = default;
};

// Any one of them; empty where the string cannot be expressed (xor, base64, wide regular expressions, odd forms).
std::vector<Pattern> patterns_of(const YaraString& string);

std::optional<Pattern> regex_pattern(std::string_view body, bool ignores_case);  // YARA's regular expressions
std::optional<Pattern> hex_pattern(std::string_view body);  // "6A ?? [4-6] (AA | B?)", without blanks and comments
std::string expression_of(std::string_view literal);        // that matches these bytes
Pattern text_pattern(std::string_view bytes, bool ignores_case, bool wide);

// What \s matches.
constexpr bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

constexpr std::size_t kLiteralBytesMin = 3, kLiteralBytesMax = 8;
constexpr unsigned kRepeatMax = 32;  // longer ones are widened to "or more"
constexpr std::size_t kPatternBytesMax = 8000;

}  // namespace abate::sweep
