// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/logs/container_line.h"

#include "sweep/host/logs/scan.h"

namespace abate::sweep {
namespace {

// A JSON text up to its closing quote, which is taken. What a program wrote beyond ASCII stands as it is; \u of more
// than a byte is not worth keeping.
bool take_json_text(std::string_view& rest, std::string& out) {
  out.clear();
  while (!rest.empty()) {
    const std::size_t plain = rest.find_first_of("\"\\");
    if (plain == std::string_view::npos) return false;
    out += rest.substr(0, plain);
    const char mark = rest[plain];
    rest.remove_prefix(plain + 1);
    if (mark == '"') return true;
    if (rest.empty()) return false;
    const char escaped = rest.front();
    rest.remove_prefix(1);
    switch (escaped) {
      case 'n': out += '\n'; break;
      case 't': out += '\t'; break;
      case 'r': out += '\r'; break;
      case 'b':
      case 'f': out += ' '; break;
      case 'u': {
        unsigned code = 0;
        const char* const end = rest.data() + std::min<std::size_t>(4, rest.size());
        const auto [stop, error] = std::from_chars(rest.data(), end, code, 16);
        if (error != std::errc{} || stop != end || rest.size() < 4) return false;
        out += code < 0x80 ? static_cast<char>(code) : '?';
        rest.remove_prefix(4);
        break;
      }
      default: out += escaped; break;
    }
  }
  return false;
}

std::optional<Instant> time_in(std::string_view text) {
  const Result<Instant> at = parse_rfc3339(text);
  return at ? std::optional{*at} : std::nullopt;
}

}  // namespace

bool read_container_line(std::string_view line, ContainerLine& out) {
  out.at.reset();
  if (take(line, "{\"log\":\"")) {
    if (!take_json_text(line, out.text)) return false;
    while (out.text.ends_with('\n') || out.text.ends_with('\r')) out.text.pop_back();
    out.at = time_in(between(line, "\"time\":\"", "\""));
    return true;
  }
  const std::string_view time = take_word(line);
  const std::string_view stream = take_word(line);
  if (stream != "stdout" && stream != "stderr") return false;
  take_word(line);  // "F", or "P" of a line that goes on
  out.at = time_in(time);
  out.text = line;
  return out.at.has_value();
}

}  // namespace abate::sweep
