// SPDX-License-Identifier: Apache-2.0
// What both parsers share.
#include "reading/json.h"

#include <charconv>

#include "base/text.h"
#include "reading/json_shared.h"

namespace abate::reading {

std::string JsonValue::text() const {
  const auto text = string();
  if (!text) return {};
  return text->find('\0') == std::string_view::npos ? std::string(*text) : make_valid_utf8(*text);
}

std::optional<std::int64_t> whole_number(std::string_view written) {
  std::int64_t value = 0;
  const std::string_view digits = trim(written);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size() || digits.empty()) return std::nullopt;
  return value;
}

std::optional<bool> truth(std::string_view written) {
  if (equals_ignoring_case(written, "true") || equals_ignoring_case(written, "yes")) return true;
  if (equals_ignoring_case(written, "false") || equals_ignoring_case(written, "no")) return false;
  return std::nullopt;
}

std::string_view without_mark(std::string_view bytes) {
  return bytes.starts_with("\xef\xbb\xbf") ? bytes.substr(3) : bytes;
}

bool looks_like_json(std::string_view bytes) {
  const std::string_view rest = without_mark(bytes);
  const auto first = rest.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && (rest[first] == '{' || rest[first] == '[');
}

}  // namespace abate::reading
