// SPDX-License-Identifier: Apache-2.0
#include "report/layout.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "model/finding.h"

namespace abate::report {
namespace {

constexpr std::size_t kPutBytesMax = 8192;

struct Range {
  char32_t first, last;
};
// From Unicode 15's DerivedGeneralCategory (Mn, Me, Cf) and EastAsianWidth (W, F), joined to what matters on a
// terminal.
constexpr Range kNoWidth[] = {{0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD}, {0x0610, 0x061A},  {0x064B, 0x065F},
                              {0x06D6, 0x06DC}, {0x0E31, 0x0E31}, {0x0E34, 0x0E3A}, {0x200B, 0x200D},  {0x20D0, 0x20F0},
                              {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}, {0xFEFF, 0xFEFF}, {0xE0000, 0xE0FFF}};
constexpr Range kWide[] = {{0x1100, 0x115F},   {0x2E80, 0x303E},   {0x3041, 0x33FF},  {0x3400, 0x4DBF},
                           {0x4E00, 0x9FFF},   {0xA000, 0xA4CF},   {0xAC00, 0xD7A3},  {0xF900, 0xFAFF},
                           {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},   {0xFFE0, 0xFFE6},  {0x1F300, 0x1F64F},
                           {0x1F680, 0x1F6FF}, {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD}};

bool in(const auto& ranges, char32_t c) {
  return std::ranges::any_of(ranges, [c](const Range& range) { return c >= range.first && c <= range.last; });
}

// The well-formed character at `at`: escape_terminal has seen to that.
std::pair<char32_t, std::size_t> character_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const unsigned char first = byte(0);
  const std::size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if (at + length > text.size()) return {first, 1};
  char32_t value = length == 1 ? first : first & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) value = (value << 6U) | (byte(i) & 0x3FU);
  return {value, length};
}

std::size_t cell_width(char32_t c) {
  if (c < 0x300) return 1;
  if (in(kNoWidth, c)) return 0;
  return in(kWide, c) ? 2 : 1;
}

// The characters that we use ourselves, for a terminal that has only ASCII.
std::string_view plain_for(char32_t c) {
  switch (c) {
    case U'…': return "...";
    case U'–':
    case U'—':
    case U'─': return "-";
    case U'·': return "-";
    case U'✖': return "!!";
    case U'▲': return " !";
    case U'○': return " o";
    case U'✔': return "ok";
    case U'│': return "|";
    case U'→': return "->";
    case U'’': return "'";
    case U'“':
    case U'”': return "\"";
    default: return {};
  }
}

std::string_view code_of(Ink ink) {
  switch (ink) {
    case Ink::plain: return "";
    case Ink::strong: return "\x1b[1m";
    case Ink::faint: return "\x1b[2m";
    case Ink::alarm: return "\x1b[1;31m";
    case Ink::warning: return "\x1b[33m";
    case Ink::door: return "\x1b[36m";
    case Ink::good: return "\x1b[32m";
  }
  return "";
}
constexpr std::string_view kPlainAgain = "\x1b[0m";

// How many bytes of `text` fill at most `cells`; at least one character. A path breaks after a slash where it can.
std::size_t fill(std::string_view text, std::size_t cells) {
  std::size_t at = 0, used = 0, slash = 0;
  while (at < text.size()) {
    const auto [c, length] = character_at(text, at);
    if (used + cell_width(c) > cells && at > 0) break;
    used += cell_width(c);
    at += length;
    if (c == U'/') slash = at;
  }
  return at < text.size() && slash > at / 2 ? slash : at;
}

std::string ascii_only(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto [c, length] = character_at(text, at);
    if (c < 0x80) {
      out += static_cast<char>(c);
    } else if (const std::string_view plain = plain_for(c); !plain.empty()) {
      out += plain;
    } else {
      for (const char b : text.substr(at, length)) out += fmt::format("\\x{:02x}", static_cast<unsigned char>(b));
    }
    at += length;
  }
  return out;
}

std::string made_safe(std::string_view text, bool utf8) {
  std::string calm{text.substr(0, kPutBytesMax)};
  std::ranges::replace(calm, '\t', ' ');
  calm = shown_text(calm, kPutBytesMax);
  return utf8 ? calm : ascii_only(calm);
}

}  // namespace

std::size_t display_width(std::string_view utf8) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < utf8.size();) {
    const auto [c, length] = character_at(utf8, at);
    width += cell_width(c);
    at += length;
  }
  return width;
}

Canvas::Canvas(const TerminalLook& look) : look_{look}, columns_{std::clamp(look.columns, kColumnsMin, kColumnsMax)} {}

std::string Canvas::safe(std::string_view text) const { return made_safe(text, look_.utf8); }

void Canvas::add_words(std::string_view text, Ink ink) {
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == ' ') {
      blank_pending_ = true;
      ++at;
      continue;
    }
    const std::size_t end = std::min(text.find(' ', at), text.size());
    pieces_.push_back({std::string{text.substr(at, end - at)}, ink, blank_pending_});
    blank_pending_ = false;
    at = end;
  }
}

void Canvas::begin(unsigned indent, unsigned hang) {
  pieces_.clear();
  blank_pending_ = false;
  indent_ = indent;
  hang_ = hang == 0 ? indent : hang;
}

void Canvas::put(std::string_view text, Ink ink) { add_words(safe(text), ink); }

void Canvas::end() { flow(indent_, hang_, std::numeric_limits<unsigned>::max()); }

// Pieces without a blank between them stay together as one word, as far as a line holds them.
void Canvas::flow(unsigned indent, unsigned hang, unsigned lines_max) {
  std::string line;
  const auto begin_line = [&](unsigned cells) {
    line.assign(cells - display_width(rule_), ' ');
    if (look_.color && !rule_.empty())
      line += std::string{code_of(Ink::faint)} + rule_ + std::string{kPlainAgain};
    else
      line += rule_;
  };
  begin_line(indent);
  std::size_t used = indent;
  std::size_t start = indent;
  unsigned lines = 1;
  Ink current = Ink::plain;
  const auto turn = [&](Ink ink) {
    if (look_.color && ink != current)
      line += std::string{current == Ink::plain ? std::string_view{} : kPlainAgain} + std::string{code_of(ink)};
    current = ink;
  };
  const auto write = [&](std::string_view text, Ink ink) {
    turn(ink);
    line += text;
    used += display_width(text);
  };
  const auto next_line = [&] {
    turn(Ink::plain);
    out_ += line + "\n";
    begin_line(hang);
    used = start = hang;
    ++lines;
  };
  for (std::size_t i = 0; i < pieces_.size();) {
    std::size_t end = i + 1, width = display_width(pieces_[i].text);
    while (end < pieces_.size() && !pieces_[end].blank_before) width += display_width(pieces_[end++].text);
    const std::size_t gap = pieces_[i].blank_before && used > start ? 1 : 0;
    const bool is_last = lines == lines_max;  // keeps room for the dots that say that there was more
    const std::size_t dots = is_last && end < pieces_.size() ? 4 : 0;
    if (used > start && used + gap + width + dots > columns_) {
      if (is_last) {
        write(look_.utf8 ? " …" : " ...", Ink::faint);
        break;
      }
      next_line();
    } else if (gap != 0) {
      write(" ", current);
    }
    for (; i < end; ++i) {
      std::string_view rest = pieces_[i].text;
      while (used + display_width(rest) > columns_ && lines < lines_max) {
        const std::size_t part = fill(rest, columns_ - used);
        write(rest.substr(0, part), pieces_[i].ink);
        rest.remove_prefix(part);
        if (!rest.empty()) next_line();
      }
      write(rest.substr(0, used + display_width(rest) > columns_ ? fill(rest, columns_ - used) : rest.size()),
            pieces_[i].ink);
    }
  }
  turn(Ink::plain);
  out_ += line + "\n";
  last_was_blank_ = false;
  pieces_.clear();
}

void Canvas::paragraph(unsigned indent, std::string_view text, Ink ink) {
  begin(indent);
  put(text, ink);
  end();
}

void Canvas::excerpt(unsigned indent, std::string_view text, unsigned lines_max) {
  begin(indent + 2);
  put(text, Ink::faint);
  rule_ = look_.utf8 ? "│ " : "| ";
  flow(indent_, hang_, lines_max);
  rule_.clear();
}

void Canvas::row(unsigned indent, std::string_view word, unsigned column, std::string_view meaning) {
  const std::string shown = safe(word);
  const std::size_t used = indent + display_width(shown);
  begin(indent, column);
  pieces_.push_back({shown, Ink::strong, false});
  if (used + 1 > column || column > columns_ / 2) {  // the word fills its column: the meaning beneath it
    flow(indent, column, 1);
    return paragraph(indent + 2, meaning);
  }
  pieces_.push_back({std::string(column - used, ' '), Ink::plain, false});
  put(meaning);
  end();
}

void Canvas::blank() {
  if (!last_was_blank_) out_ += "\n";
  last_was_blank_ = true;
}

void Canvas::heading(std::string_view text) {
  blank();
  begin(0);
  const std::string shown = safe(text);
  add_words(shown, Ink::strong);
  blank_pending_ = true;
  const std::size_t width = display_width(shown);
  std::string rule;
  for (std::size_t i = width + 1; i < columns_; ++i) rule += look_.utf8 ? "─" : "-";
  if (!rule.empty()) add_words(rule, Ink::faint);
  end();
}

namespace {

// The longest beginning of at most `columns` cells.
std::size_t beginning_of(std::string_view text, std::size_t columns) {
  std::size_t at = 0;
  for (std::size_t used = 0; at < text.size();) {
    const auto [c, length] = character_at(text, at);
    if (used + cell_width(c) > columns) break;
    used += cell_width(c);
    at += length;
  }
  return at;
}

}  // namespace

std::string one_line(std::string_view raw, std::size_t columns, bool utf8) {
  const std::string text = made_safe(raw, utf8);
  const std::size_t width = display_width(text);
  if (width <= columns) return text;
  const std::string_view dots = utf8 ? "…" : "...";
  const std::size_t dots_width = display_width(dots);
  if (columns <= dots_width + 1) return std::string{dots.substr(0, columns == 0 ? 0 : dots.size())};
  if (!text.starts_with('/') && text.contains(' ')) {  // words
    const std::string_view kept = std::string_view{text}.substr(0, beginning_of(text, columns - dots_width));
    const std::size_t space = kept.rfind(' ');
    return std::string{kept.substr(0, space == 0 ? kept.npos : space)} + std::string{dots};
  }
  std::size_t at = beginning_of(text, (columns - dots_width) / 3);
  std::string out = text.substr(0, at);
  out += dots;
  std::size_t tail = width - display_width(out) + dots_width;
  const std::size_t room = columns - display_width(out);
  while (at < text.size() && tail > room) {
    const auto [c, length] = character_at(text, at);
    tail -= cell_width(c);
    at += length;
  }
  return out + text.substr(at);
}

}  // namespace abate::report
