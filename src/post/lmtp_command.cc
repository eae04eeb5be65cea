// SPDX-License-Identifier: Apache-2.0
#include "post/lmtp_command.h"

#include "base/text.h"

namespace abate::post {
namespace {

constexpr std::size_t kCountDigitsMax = 19;
constexpr std::size_t kParametersMax = 16;

// Where the '>' stands that closes a path, beyond quoted local parts; npos when none does.
std::size_t closing_bracket(std::string_view text) {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (quoted && text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      quoted = !quoted;
    } else if (!quoted && text[i] == '>') {
      return i;
    }
  }
  return std::string_view::npos;
}

bool has_control(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

// "@a.example,@b.example:x@c.example" -> "x@c.example" (RFC 5321, appendix C).
std::string_view without_route(std::string_view address) {
  if (!address.starts_with('@')) return address;
  const std::size_t colon = address.find(':');
  return colon == std::string_view::npos ? address : address.substr(colon + 1);
}

}  // namespace

CommandLine split_command(std::string_view line) {
  line = trim(line);
  const std::size_t blank = line.find_first_of(" \t");
  if (blank == std::string_view::npos) return {line, {}};
  return {line.substr(0, blank), trim(line.substr(blank))};
}

std::optional<std::uint64_t> parse_count(std::string_view text) {
  if (text.empty() || text.size() > kCountDigitsMax) return std::nullopt;
  std::uint64_t count = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    count = count * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return count;
}

Result<Path> parse_path(std::string_view rest, std::string_view lead) {
  if (!starts_with_ignoring_case(rest, lead)) return failure(Fault::malformed, "want {}<address>", lead);
  rest = trim(rest.substr(lead.size()));
  std::string_view address;
  if (rest.starts_with('<')) {
    rest.remove_prefix(1);
    const std::size_t end = closing_bracket(rest);
    if (end == std::string_view::npos) return failure(Fault::malformed, "the address has no closing '>'");
    address = rest.substr(0, end);
    rest.remove_prefix(end + 1);
  } else {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    address = rest.substr(0, end);
    rest.remove_prefix(end);
    if (address.empty()) return failure(Fault::malformed, "want {}<address>", lead);
  }
  if (has_control(address)) return failure(Fault::malformed, "the address holds control characters");
  Path path;
  path.address = make_valid_utf8(trim(without_route(trim(address))));
  for (const std::string_view word : split(rest, ' ')) {
    if (word.empty()) continue;
    if (path.parameters.size() == kParametersMax) return failure(Fault::malformed, "too many parameters");
    const std::size_t equals = word.find('=');
    if (equals == std::string_view::npos)
      path.parameters.emplace_back(word, std::string_view());
    else
      path.parameters.emplace_back(word.substr(0, equals), word.substr(equals + 1));
  }
  return path;
}

}  // namespace abate::post
