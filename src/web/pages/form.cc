// SPDX-License-Identifier: Apache-2.0
#include "web/pages/form.h"

#include <charconv>

#include <fmt/format.h>

#include "base/text.h"

namespace abate::web {
namespace {

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

Result<std::string> decoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      out += ' ';
    } else if (text[i] != '%') {
      out += text[i];
    } else {
      const int high = i + 2 < text.size() ? hex(text[i + 1]) : -1;
      const int low = high < 0 ? -1 : hex(text[i + 2]);
      if (low < 0) return failure(Fault::malformed, "the form holds a broken %-escape");
      out += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  std::string lines;
  lines.reserve(out.size());
  for (std::size_t i = 0; i < out.size(); ++i)
    if (out[i] != '\r' || i + 1 == out.size() || out[i + 1] != '\n') lines += out[i];
  return lines;
}

}  // namespace

Result<Form> Form::parse(const Request& request) {
  const std::string_view type =
      trim(request.header("content-type").substr(0, request.header("content-type").find(';')));
  if (!equals_ignoring_case(type, "application/x-www-form-urlencoded"))
    return failure(Fault::malformed, "a form comes as application/x-www-form-urlencoded");
  return parse_body(request.body);
}

Result<Form> Form::parse_body(std::string_view body) {
  Form form;
  if (body.empty()) return form;
  for (const std::string_view pair : split(body, '&')) {
    if (pair.empty()) continue;
    if (form.fields_.size() == kFormFieldsMax)
      return failure(Fault::too_big, "the form has more than {} fields", kFormFieldsMax);
    const std::size_t equals = pair.find('=');
    TRY_ASSIGN(std::string name, decoded(pair.substr(0, equals)));
    TRY_ASSIGN(std::string value, decoded(equals == pair.npos ? std::string_view{} : pair.substr(equals + 1)));
    form.fields_.emplace_back(std::move(name), std::move(value));
  }
  return form;
}

const std::string& Form::value(std::string_view name) const {
  static const std::string none;
  for (const auto& [key, value] : fields_)
    if (key == name) return value;
  return none;
}

bool Form::has(std::string_view name) const {
  for (const auto& field : fields_)
    if (field.first == name) return true;
  return false;
}

std::vector<std::string> Form::values(std::string_view name) const {
  std::vector<std::string> out;
  for (const auto& [key, value] : fields_)
    if (key == name) out.push_back(value);
  return out;
}

std::optional<std::uint64_t> Form::version() const {
  const std::string& text = value("version");
  std::uint64_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return out;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view kUnreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  std::string out;
  for (const char c : text) {
    if (kUnreserved.find(c) != kUnreserved.npos)
      out += c;
    else
      out += fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
  }
  return out;
}

std::string query_string(const std::vector<std::pair<std::string_view, std::string>>& pairs) {
  std::string out;
  for (const auto& [name, value] : pairs) {
    if (value.empty()) continue;
    out += fmt::format("{}{}={}", out.empty() ? '?' : '&', name, percent_encode(value));
  }
  return out;
}

}  // namespace abate::web
