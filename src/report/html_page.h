// SPDX-License-Identifier: Apache-2.0
// report/html_page.h — HTML that is well formed and escaped by type.
//
//   HtmlPage page;
//   page.open("p", {{"class", "where"}}).text(path).close();
//   page.leaf("code", path);
//
// SECURITY: markup is what the compiler saw as a literal (Word is consteval) and nothing else. Text and the values of
// attributes come from the server: first made visible as on a terminal (control characters, bidirectional controls,
// bytes that are not UTF-8: shown_text), then escaped for HTML, so that a name can neither leave its element nor turn
// round what stands beside it. Links lead only to fragments of the page itself: an href that does not begin with '#' is
// our own mistake (CHECK), as is an attribute that runs script or carries style, and an element left open. Pure.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace abate::report {

class HtmlPage {
 public:
  class Word {  // a tag, an attribute's name, or trusted markup: known when we compile
   public:
    consteval Word(const char* literal) : text_{literal} {}
    [[nodiscard]] constexpr std::string_view text() const { return text_; }

   private:
    std::string_view text_;
  };
  struct Attribute {
    Word name;
    std::string value;
  };
  using Attributes = std::initializer_list<Attribute>;

  HtmlPage& open(Word tag, Attributes attributes = {});
  HtmlPage& close();
  HtmlPage& text(std::string_view raw);
  HtmlPage& leaf(Word tag, std::string_view raw) { return open(tag).text(raw).close(); }
  HtmlPage& leaf(Word tag, Attributes attributes, std::string_view raw) {
    return open(tag, attributes).text(raw).close();
  }
  HtmlPage& markup(Word trusted);  // as it is: the doctype, the style sheet, void elements
  // A void element with attributes: <meta>. Not for elements that hold something.
  HtmlPage& lone(Word tag, Attributes attributes);

  [[nodiscard]] std::string take();

  static constexpr std::size_t kTextBytesMax = 8192;

 private:
  void put_tag(std::string_view tag, Attributes attributes);

  std::string out_;
  std::vector<std::string_view> open_;
};

std::string escaped(std::string_view raw);  // as text() writes it

}  // namespace abate::report
