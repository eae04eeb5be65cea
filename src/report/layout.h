// SPDX-License-Identifier: Apache-2.0
// report/layout.h — text of a given width with colours, for a terminal.
//
//   Canvas canvas{{.columns = 80, .color = true, .utf8 = true}};
//   canvas.begin(2);
//   canvas.put("malicious", Ink::alarm);
//   canvas.put(" " + path);          // any bytes: made safe here
//   canvas.end();
//
// SECURITY: the one way to the terminal. Whatever is put is escaped as shown_text() does (control characters, DEL,
// bidirectional controls and bytes that are not UTF-8 become \xNN, a tab a blank); the only escape sequences in the
// output are the Canvas's own colours. Where the terminal is not UTF-8, other characters become \xNN too, and the few
// that we use ourselves an ASCII one. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace abate::report {

struct TerminalLook {
  unsigned columns = 80;  // 40..120 are used, whatever is asked
  bool color = false;
  bool utf8 = true;
  bool verbose = false;
};
constexpr unsigned kColumnsMin = 40;
constexpr unsigned kColumnsMax = 120;  // longer lines are hard to read

enum class Ink : std::uint8_t { plain, strong, faint, alarm, warning, door, good };

// How many cells a terminal needs: 0 for combining marks, 2 for wide East Asian characters and emoji.
std::size_t display_width(std::string_view utf8);

class Canvas {
 public:
  explicit Canvas(const TerminalLook& look);

  // A paragraph: its first line starts at `indent`, the following at `hang` (default: the same).
  void begin(unsigned indent, unsigned hang = 0);
  void put(std::string_view text, Ink ink = Ink::plain);
  void end();
  void paragraph(unsigned indent, std::string_view text, Ink ink = Ink::plain);
  // As a paragraph with a rule at its left, and at most `lines_max` lines, "…" in place of the rest.
  void excerpt(unsigned indent, std::string_view text, unsigned lines_max);
  // A word at `indent`, and from `column` on what it means.
  void row(unsigned indent, std::string_view word, unsigned column, std::string_view meaning);
  void blank();  // one empty line, never two
  void heading(std::string_view text);

  [[nodiscard]] unsigned columns() const { return columns_; }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  struct Piece {  // a word, with the blank in front of it
    std::string text;
    Ink ink;
    bool blank_before;
  };
  [[nodiscard]] std::string safe(std::string_view text) const;
  void add_words(std::string_view text, Ink ink);
  void flow(unsigned indent, unsigned hang, unsigned lines_max);

  TerminalLook look_;
  unsigned columns_;
  std::string out_;
  std::vector<Piece> pieces_;
  bool blank_pending_ = false;  // a blank ended the last put
  unsigned indent_ = 0;
  unsigned hang_ = 0;
  std::string rule_;  // stands at the end of each line's indent
  bool last_was_blank_ = true;
};

// One line of at most `columns` cells: safe; a path is shortened in the middle and keeps its end, words after a word.
std::string one_line(std::string_view raw, std::size_t columns, bool utf8);

}  // namespace abate::report
