// SPDX-License-Identifier: Apache-2.0
// base/text.h — small work on strings, and what makes the world's strings safe to show. Pure and thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace abate {

std::string_view trim(std::string_view text);  // ASCII blanks, tabs, CR, LF
std::string to_lower(std::string_view text);   // ASCII only
bool equals_ignoring_case(std::string_view a, std::string_view b);
bool starts_with_ignoring_case(std::string_view text, std::string_view prefix);
bool contains_ignoring_case(std::string_view text, std::string_view part);
std::vector<std::string_view> split(std::string_view text, char separator);
std::string join(const std::vector<std::string>& parts, std::string_view separator);
// The word of `known` that lies nearest to `word` (Levenshtein), or "" when more than a third of it would have to
// change: for "did you mean".
std::string nearest_word(std::string_view word, const std::vector<std::string>& known);

bool is_valid_utf8(std::string_view text);  // also refuses surrogates and overlong forms
// Bytes that are not UTF-8, and U+0000, become U+FFFD: what PostgreSQL's text and JSON can hold.
std::string make_valid_utf8(std::string_view bytes);
// At most `bytes_max` bytes, cut between characters, "…" in place of the rest.
std::string shorten(std::string_view text, std::size_t bytes_max);

std::string escape_html(std::string_view text);  // & < > " '
// For terminals and logs: C0, DEL, C1, bidirectional controls and bytes that are not UTF-8 as \xNN, a backslash as \\.
std::string escape_terminal(std::string_view bytes);
// RFC 4180; a cell that a spreadsheet would run (= + - @ tab CR) is led by an apostrophe.
std::string escape_csv(std::string_view text);
// "http://x.example/a" -> "hxxp://x[.]example/a": shown, never clicked; also the addresses that its path holds.
std::string defang(std::string_view url);

}  // namespace abate
