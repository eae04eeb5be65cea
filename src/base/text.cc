// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <numeric>

#include <fmt/format.h>

namespace abate {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD
constexpr std::size_t kWordBytesMax = 64;                  // longer than any word that we know
constexpr std::string_view kEllipsis = "\xE2\x80\xA6";

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

// How many bytes the well-formed character at `at` takes (Unicode 15, table 3-7); 0: it is not well-formed.
std::size_t character_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U; };
  const auto in = [&](std::size_t i, unsigned low, unsigned high) { return byte(i) >= low && byte(i) <= high; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return in(1, 0x80, 0xBF) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const unsigned low = first == 0xE0 ? 0xA0 : 0x80;
    const unsigned high = first == 0xED ? 0x9F : 0xBF;
    return in(1, low, high) && in(2, 0x80, 0xBF) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const unsigned low = first == 0xF0 ? 0x90 : 0x80;
    const unsigned high = first == 0xF4 ? 0x8F : 0xBF;
    return in(1, low, high) && in(2, 0x80, 0xBF) && in(3, 0x80, 0xBF) ? 4 : 0;
  }
  return 0;
}

// The first byte from `at` that is not plain ASCII, eight at a time: most of what arrives is ASCII.
std::size_t skip_ascii(std::string_view text, std::size_t at) {
  while (at + 8 <= text.size()) {
    std::uint64_t chunk = 0;
    std::memcpy(&chunk, text.data() + at, 8);
    if ((chunk & 0x8080808080808080ULL) != 0) break;
    at += 8;
  }
  while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80) ++at;
  return at;
}

// U+0080..U+009F, U+061C, U+200E/F, U+202A..E, U+2066..9: they steer a terminal or turn the reading order round.
bool steers(std::string_view character) {
  if (character.size() == 2)
    return (character[0] == '\xC2' && static_cast<unsigned char>(character[1]) < 0xA0) || character == "\xD8\x9C";
  if (character.size() != 3 || character[0] != '\xE2') return false;
  const auto last = static_cast<unsigned char>(character[2]);
  if (character[1] == '\x80') return last == 0x8E || last == 0x8F || (last >= 0xAA && last <= 0xAE);
  return character[1] == '\x81' && last >= 0xA6 && last <= 0xA9;
}

void hex_escape(std::string& out, std::string_view bytes) {
  for (const char c : bytes) fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned char>(c));
}

}  // namespace

std::string_view trim(std::string_view text) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string to_lower(std::string_view text) {
  std::string out{text};
  std::ranges::transform(out, out.begin(), lower);
  return out;
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)  // written out: headers are looked up by it all the time
    if (a[i] != b[i] && lower(a[i]) != lower(b[i])) return false;
  return true;
}

bool starts_with_ignoring_case(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && equals_ignoring_case(text.substr(0, prefix.size()), prefix);
}

bool contains_ignoring_case(std::string_view text, std::string_view part) {
  if (part.empty()) return true;
  if (part.size() > text.size()) return false;
  const char first = lower(part.front());
  const std::size_t last = text.size() - part.size();
  for (std::size_t at = 0; at <= last; ++at)
    if (lower(text[at]) == first && equals_ignoring_case(text.substr(at, part.size()), part)) return true;
  return false;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> out;
  for (;;) {
    const std::size_t at = text.find(separator);
    out.push_back(text.substr(0, at));
    if (at == text.npos) return out;
    text.remove_prefix(at + 1);
  }
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string out;
  for (const std::string& part : parts) {
    if (&part != parts.data()) out += separator;
    out += part;
  }
  return out;
}

std::string nearest_word(std::string_view word, const std::vector<std::string>& known) {
  if (word.size() < 2 || word.size() > kWordBytesMax) return {};
  std::string nearest;
  std::size_t best = (word.size() + 2) / 3;  // further away than a third of the word is no typing mistake
  for (const std::string& candidate : known) {
    if (candidate.size() > word.size() + best || word.size() > candidate.size() + best) continue;
    std::vector<std::size_t> row(candidate.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < word.size(); ++i) {
      std::size_t diagonal = row[0];
      row[0] = i + 1;
      for (std::size_t j = 0; j < candidate.size(); ++j) {
        const std::size_t changed = diagonal + (lower(word[i]) == lower(candidate[j]) ? 0 : 1);
        diagonal = row[j + 1];
        row[j + 1] = std::min({changed, row[j] + 1, row[j + 1] + 1});
      }
    }
    if (row.back() < best || (row.back() == best && nearest.empty())) {
      best = row.back();
      nearest = candidate;
    }
  }
  return nearest;
}

bool is_valid_utf8(std::string_view text) {
  for (std::size_t at = 0; (at = skip_ascii(text, at)) < text.size();) {
    const std::size_t length = character_length(text, at);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

std::string make_valid_utf8(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  const auto add_ascii = [&](std::string_view run) {
    for (std::size_t nul = 0; (nul = run.find('\0')) != run.npos; run.remove_prefix(nul + 1))
      (out += run.substr(0, nul)) += kReplacement;
    out += run;
  };
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t end = skip_ascii(bytes, at);
    add_ascii(bytes.substr(at, end - at));
    if (end == bytes.size()) break;
    const std::size_t length = character_length(bytes, end);
    out += length == 0 ? kReplacement : bytes.substr(end, length);
    at = end + std::max<std::size_t>(length, 1);
  }
  return out;
}

std::string shorten(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return std::string{text};
  if (bytes_max < kEllipsis.size()) return {};
  std::size_t end = bytes_max - kEllipsis.size();
  while (end > 0 && is_continuation(text[end])) --end;
  return std::string{text.substr(0, end)} + std::string{kEllipsis};
}

std::string escape_html(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string escape_terminal(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t length = character_length(bytes, at);
    const std::string_view character = bytes.substr(at, std::max<std::size_t>(length, 1));
    const auto first = static_cast<unsigned char>(character[0]);
    if (length == 0 || first < 0x20 || first == 0x7F || steers(character))
      hex_escape(out, character);
    else if (first == '\\')
      out += "\\\\";
    else
      out += character;
    at += character.size();
  }
  return out;
}

std::string escape_csv(std::string_view text) {
  std::string cell;
  if (!text.empty() && std::string_view{"=+-@\t\r"}.find(text[0]) != std::string_view::npos) cell = "'";
  cell += text;
  if (cell.find_first_of("\",\r\n") == cell.npos) return cell;
  std::string out = "\"";
  for (const char c : cell) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

std::string defang(std::string_view url) {
  const std::size_t scheme = url.find("://");
  const std::size_t host = scheme == url.npos ? 0 : scheme + 3;
  const std::size_t host_end = std::min(url.find_first_of("/?#\\", host), url.size());
  std::string out;
  for (std::size_t i = 0; i < url.size(); ++i) {
    const std::string_view rest = url.substr(i);
    if (starts_with_ignoring_case(rest, "http://") || starts_with_ignoring_case(rest, "https://")) {
      out += "hxxp";
      i += 3;
    } else if (starts_with_ignoring_case(rest, "ftp://")) {
      out += "fxp";
      i += 2;
    } else if (url[i] == '.' && i >= host && i < host_end) {
      out += "[.]";
    } else {
      out += url[i];
    }
  }
  return out;
}

}  // namespace abate
