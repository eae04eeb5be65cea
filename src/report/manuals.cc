// SPDX-License-Identifier: Apache-2.0
#include "report/manuals.h"

#include <algorithm>

#include "base/text.h"
#include "model/finding.h"

namespace abate::report {

std::string manual_list(const std::vector<ManualPage>& pages, const TerminalLook& look) {
  Canvas canvas{look};
  std::size_t longest = 0;
  std::vector<std::string_view> groups;
  for (const ManualPage& page : pages) {
    longest = std::max(longest, page.id.size());
    if (std::ranges::find(groups, page.group) == groups.end()) groups.emplace_back(page.group);
  }
  for (const std::string_view group : groups) {
    canvas.heading(group);
    for (const ManualPage& page : pages) {
      if (page.group != group) continue;
      canvas.row(2, page.id, static_cast<unsigned>(longest) + 4, page.title);
    }
  }
  canvas.blank();
  canvas.paragraph(0, "abate explain NAME shows the manual of one of them.", Ink::faint);
  return canvas.take();
}

Result<std::string> manual_of(const std::vector<ManualPage>& pages, std::string_view id, const TerminalLook& look) {
  const auto page = std::ranges::find(pages, id, &ManualPage::id);
  if (page == pages.end()) {
    std::vector<std::string> known;
    for (const ManualPage& one : pages) known.push_back(one.id);
    const std::string near = nearest_word(id, known);
    return failure(Fault::not_found, "nothing is called '{}'; {}", shown_text(id, 200),
                   near.empty() ? std::string{"abate explain lists all names"} : fmt::format("did you mean {}?", near));
  }
  Canvas canvas{look};
  canvas.begin(0);
  canvas.put(page->id, Ink::strong);
  if (!page->title.empty()) canvas.put(" — " + page->title);
  canvas.end();
  canvas.paragraph(0, page->group + (page->facts.empty() ? "" : " · " + page->facts), Ink::faint);
  for (std::size_t at = 0; at < page->explain.size();) {
    const std::size_t end = std::min(page->explain.find("\n\n", at), page->explain.size());
    std::string paragraph = page->explain.substr(at, end - at);
    std::ranges::replace(paragraph, '\n', ' ');
    canvas.blank();
    canvas.paragraph(0, trim(paragraph));
    at = end + 2;
  }
  return canvas.take();
}

}  // namespace abate::report
