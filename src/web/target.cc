// SPDX-License-Identifier: Apache-2.0
#include "web/target.h"

#include <algorithm>

#include "base/text.h"

namespace abate::web {
namespace {

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

Result<std::string> decode_path(std::string_view raw) {
  std::string path;
  for (const std::string_view segment : split(raw.substr(1), '/')) {
    TRY_ASSIGN(const std::string plain, percent_decode(segment, false));
    if (plain == "." || plain == "..") return failure(Fault::malformed, "the path has a '{}' in it", plain);
    if (std::ranges::any_of(plain, [](unsigned char c) { return c < 0x20 || c == 0x7f || c == '/' || c == '\\'; }))
      return failure(Fault::malformed, "the path hides a '/', a backslash or a control character");
    path += '/';
    path += plain;
  }
  return path;
}

}  // namespace

Result<std::string> percent_decode(std::string_view text, bool plus_is_blank) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_blank) {
      out += ' ';
    } else if (text[i] == '%') {
      const int high = i + 2 < text.size() ? digit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? digit(text[i + 2]) : -1;
      if (high < 0 || low < 0) return failure(Fault::malformed, "a '%' is not followed by two hex digits");
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += text[i];
    }
  }
  if (out.contains('\0')) return failure(Fault::malformed, "a NUL is in the target");
  if (!is_valid_utf8(out)) return failure(Fault::malformed, "the target is not UTF-8 when decoded");
  return out;
}

Result<Target> parse_target(std::string_view target, std::string_view host) {
  for (const std::string_view scheme : {"http://", "https://"})
    if (starts_with_ignoring_case(target, scheme)) {
      target.remove_prefix(scheme.size());
      const auto slash = std::min(target.find_first_of("/?"), target.size());
      if (host.empty() || !equals_ignoring_case(target.substr(0, slash), host))
        return failure(Fault::malformed, "the request line names another host than the Host field");
      target.remove_prefix(slash);
      break;
    }
  if (target.find('#') != std::string_view::npos) return failure(Fault::malformed, "a fragment is in the target");
  const auto mark = target.find('?');
  const std::string_view raw_path = target.substr(0, mark);
  if (raw_path.empty() || raw_path.front() != '/') return failure(Fault::malformed, "the target is no path");
  Target out;
  TRY_ASSIGN(out.path, decode_path(raw_path));
  if (mark == std::string_view::npos) return out;
  std::size_t pairs = 0;
  for (const std::string_view pair : split(target.substr(mark + 1), '&')) {
    if (pair.empty()) continue;
    if (++pairs > kQueryPairsMax) return failure(Fault::malformed, "the query has more than {} parts", kQueryPairsMax);
    const auto equals = pair.find('=');
    TRY_ASSIGN(std::string name, percent_decode(pair.substr(0, equals), true));
    TRY_ASSIGN(std::string value,
               percent_decode(equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1), true));
    out.query.emplace(std::move(name), std::move(value));
  }
  return out;
}

}  // namespace abate::web
