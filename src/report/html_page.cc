// SPDX-License-Identifier: Apache-2.0
#include "report/html_page.h"

#include <algorithm>

#include "base/check.h"
#include "base/text.h"
#include "model/finding.h"

namespace abate::report {

std::string escaped(std::string_view raw) {
  std::string calm{raw.substr(0, HtmlPage::kTextBytesMax)};
  std::ranges::replace(calm, '\t', ' ');
  return escape_html(shown_text(calm, HtmlPage::kTextBytesMax));
}

void HtmlPage::put_tag(std::string_view tag, Attributes attributes) {
  out_ += '<';
  out_ += tag;
  for (const Attribute& attribute : attributes) {
    const std::string_view name = attribute.name.text();
    CHECK(!name.starts_with("on") && name != "style" && name != "src");
    CHECK(name != "href" || attribute.value.starts_with('#'));
    out_ += fmt::format(" {}=\"{}\"", name, escaped(attribute.value));
  }
  out_ += '>';
}

HtmlPage& HtmlPage::open(Word tag, Attributes attributes) {
  put_tag(tag.text(), attributes);
  open_.push_back(tag.text());
  return *this;
}

HtmlPage& HtmlPage::close() {
  CHECK(!open_.empty());
  out_ += fmt::format("</{}>", open_.back());
  if (open_.back() != "span" && open_.back() != "code" && open_.back() != "strong" && open_.back() != "a") out_ += '\n';
  open_.pop_back();
  return *this;
}

HtmlPage& HtmlPage::text(std::string_view raw) {
  out_ += escaped(raw);
  return *this;
}

HtmlPage& HtmlPage::markup(Word trusted) {
  out_ += trusted.text();
  return *this;
}

HtmlPage& HtmlPage::lone(Word tag, Attributes attributes) {
  put_tag(tag.text(), attributes);
  out_ += '\n';
  return *this;
}

std::string HtmlPage::take() {
  CHECK(open_.empty());
  return std::move(out_);
}

}  // namespace abate::report
