// SPDX-License-Identifier: Apache-2.0
// reading/prose/wording.h — what kind of harm a text speaks of, by its words. A row of the table is a phrase, a kind
// and how much it says; the subject counts thrice; each phrase counts once. Pure; thread-safe; linear in text times
// table.
#pragma once

#include <string>
#include <string_view>

namespace abate::reading::prose {

struct Kind {
  std::string_view type;    // XARF v4, or "" where no phrase was found
  std::string_view detail;  // "proxy" where an open service is one
  std::string phrase;       // that decided
  int score = 0;
  bool copyright_p2p = false;
};

constexpr std::size_t kWordingBytesMax = 48 * 1024;  // of the text that are searched for phrases

Kind kind_of(std::string_view subject, std::string_view text);

}  // namespace abate::reading::prose
