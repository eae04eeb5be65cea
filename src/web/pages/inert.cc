// SPDX-License-Identifier: Apache-2.0
#include "web/pages/inert.h"

#include <array>
#include <cstdint>

#include <fmt/format.h>

#include "base/text.h"

namespace abate::web {
namespace {

struct Span {
  std::uint32_t first;
  std::uint32_t last;
};
// What has no picture of its own and changes how others look: bidirectional controls, zero widths, line and paragraph
// separators, fillers, interlinear marks, tags.
constexpr std::array kUnseen{Span{0x00AD, 0x00AD},  Span{0x034F, 0x034F}, Span{0x061C, 0x061C}, Span{0x115F, 0x1160},
                             Span{0x180E, 0x180E},  Span{0x200B, 0x200F}, Span{0x2028, 0x202E}, Span{0x2060, 0x206F},
                             Span{0x3164, 0x3164},  Span{0xFEFF, 0xFEFF}, Span{0xFFA0, 0xFFA0}, Span{0xFFF9, 0xFFFB},
                             Span{0xE0000, 0xE007F}};

std::size_t length_of(unsigned char lead) { return lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4; }

std::uint32_t decode(std::string_view text, std::size_t at, std::size_t length) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[at + i])); };
  if (length == 1) return byte(0);
  std::uint32_t out = byte(0) & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) out = (out << 6U) | (byte(i) & 0x3FU);
  return out;
}

void append_picture(std::string& out, std::uint32_t control) {  // U+2400 + control; DEL is U+2421
  out += "\xE2\x90";
  out += static_cast<char>(0x80U + (control == 0x7F ? 0x21U : control));
}

void append_char(std::string& out, std::uint32_t code, std::string_view bytes) {
  if (code == '\n' || code == '\t' || (code >= 0x20 && code < 0x7F)) {
    out += bytes;
  } else if (code < 0x20 || code == 0x7F) {
    append_picture(out, code);
  } else if (code >= 0x80 && code < 0xA0) {
    out += fmt::format("[U+{:04X}]", code);
  } else {
    for (const Span& span : kUnseen)
      if (code >= span.first && code <= span.last) {
        out += fmt::format("[U+{:04X}]", code);
        return;
      }
    out += bytes;
  }
}

}  // namespace

std::string inert(std::string_view text) {
  const std::string pictured = [&] {  // NUL first: make_valid_utf8 would call it U+FFFD
    std::string out{text.substr(0, kShownBytesMax + 1)};
    for (std::size_t at = out.find('\0'); at != out.npos; at = out.find('\0', at + 3))
      out.replace(at, 1, "\xE2\x90\x80");
    return make_valid_utf8(out);
  }();
  std::string out;
  out.reserve(pictured.size());
  for (std::size_t at = 0; at < pictured.size();) {
    if (pictured[at] == '\r') {
      if (at + 1 == pictured.size() || pictured[at + 1] != '\n') out += '\n';
      ++at;
      continue;
    }
    const std::size_t length = length_of(static_cast<unsigned char>(pictured[at]));
    append_char(out, decode(pictured, at, length), std::string_view{pictured}.substr(at, length));
    at += length;
  }
  if (text.size() > kShownBytesMax) out += fmt::format("\n[cut here: {} bytes in all]", text.size());
  return out;
}

std::string inert_evidence(std::string_view text) {
  constexpr std::array<std::string_view, 3> kSchemes{"http://", "https://", "ftp://"};
  const std::string shown = inert(text);
  const std::string lower = to_lower(shown);
  std::string out;
  out.reserve(shown.size());
  for (std::size_t at = 0; at < shown.size();) {
    bool found = false;
    for (const std::string_view scheme : kSchemes)
      found = found || std::string_view{lower}.substr(at).starts_with(scheme);
    if (!found) {
      out += shown[at++];
      continue;
    }
    const std::size_t end = std::min(shown.find_first_of(" \t\n\"'<>()", at), shown.size());
    out += defang(std::string_view{shown}.substr(at, end - at));
    at = end;
  }
  return out;
}

}  // namespace abate::web
