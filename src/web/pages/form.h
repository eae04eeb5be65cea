// SPDX-License-Identifier: Apache-2.0
// web/pages/form.h — what a browser sent with a form (application/x-www-form-urlencoded), and query strings to link to.
//
// Pure; thread-safe. Line ends come as \r\n from browsers and are given back as \n.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "web/http.h"

namespace abate::web {

constexpr std::size_t kFormFieldsMax = 2'000;

class Form {
 public:
  // malformed: another content type, or a broken %XX; too_big: more than kFormFieldsMax fields.
  static Result<Form> parse(const Request& request);
  static Result<Form> parse_body(std::string_view body);

  [[nodiscard]] const std::string& value(std::string_view name) const;  // of a repeated one the first; "" when absent
  [[nodiscard]] bool has(std::string_view name) const;
  [[nodiscard]] std::vector<std::string> values(std::string_view name) const;
  // The hidden `version` of a ticket; nothing when it is absent or no number.
  [[nodiscard]] std::optional<std::uint64_t> version() const;

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

std::string percent_encode(std::string_view text);  // all but RFC 3986's unreserved
// "?a=b&c=d" of the pairs whose value is not empty; "" when there is none.
std::string query_string(const std::vector<std::pair<std::string_view, std::string>>& pairs);

}  // namespace abate::web
