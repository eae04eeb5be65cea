// SPDX-License-Identifier: Apache-2.0
#include "reading/prose/named.h"

#include "base/text.h"

namespace abate::reading::prose {

bool shows(const Input& input, std::initializer_list<std::string_view> phrases) {
  const MailFacts& facts = input.facts();
  const std::string_view text = std::string_view(facts.text).substr(0, kLookedAtBytesMax);
  return std::all_of(phrases.begin(), phrases.end(), [&](std::string_view phrase) {
    return contains_ignoring_case(facts.subject, phrase) || contains_ignoring_case(text, phrase);
  });
}

Result<Reading> read_named(const Input& input, Rules rules, std::string_view fallback, std::string_view family) {
  const Story story = story_of(input, rules);
  if (rules.type.empty() && (family.empty() || !story.kind.type.starts_with(family))) rules.type = fallback;
  return tell(story, rules);
}

}  // namespace abate::reading::prose
