// SPDX-License-Identifier: Apache-2.0
// reading/kinds.h — the words that feeds, forms and people use for kinds of harm, as XARF v4 types: the categories of
// n6, IntelMQ's classification, IDEA, RSIT, X-ARF, Team Cymru, Spamhaus, Shadowserver's report names. One table,
// kinds.cc.
//
// Case, blanks and punctuation do not matter: "Open Resolver", "open-resolver" and "open_resolver" are one word. Pure;
// thread-safe.
#pragma once

#include <optional>
#include <string_view>

#include "model/category.h"

namespace abate::reading {

struct Kind {
  std::string_view type;    // "vulnerability/open_service"
  std::string_view detail;  // "proxy", or empty: what category_of_type() is told besides
  [[nodiscard]] Category category() const { return category_of_type(type, detail); }
  friend bool operator==(const Kind&, const Kind&) = default;
};

// The whole of `word` is a word of some taxonomy.
std::optional<Kind> kind_of_word(std::string_view word);
// The first words within `text` that are one, three together before two before one: "Shadowserver scan_ntp-sample".
// At most kKindTextBytesMax bytes are looked at.
std::optional<Kind> kind_in(std::string_view text);
constexpr std::size_t kKindTextBytesMax = 2'048;

}  // namespace abate::reading
