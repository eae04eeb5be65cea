// SPDX-License-Identifier: Apache-2.0
#include "reading/prose/named.h"

namespace abate::reading::prose {

bool shows(const Input& input, std::initializer_list<std::string_view> phrases) {
  // A declared feedback report is no form in words: not worth a look.
  if (input.message() != nullptr && input.message()->multipart_type() == "multipart/report") return false;
  const std::string& head = input.lower_head();
  return std::all_of(phrases.begin(), phrases.end(),
                     [&](std::string_view phrase) { return head.find(phrase) != std::string::npos; });
}

Result<Reading> read_named(const Input& input, Rules rules, std::string_view fallback, std::string_view family) {
  const Story story = story_of(input, rules);
  if (rules.type.empty() && (family.empty() || !story.kind.type.starts_with(family))) rules.type = fallback;
  return tell(story, rules);
}

}  // namespace abate::reading::prose
