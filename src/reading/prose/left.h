// SPDX-License-Identifier: Apache-2.0
// reading/prose/left.h — what the words before an address make of it. An inside matter of roles.cc.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "reading/prose/roles.h"

namespace abate::reading::prose {

struct Verdict {
  Role role = Role::unknown;
  int weight = 0;
  std::string word;
};

template <std::size_t N>
bool among(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

class Left {  // the words before an address, from right to left
 public:
  explicit Left(std::string_view text) : text_{text} {}
  // The next word in lower case, without quotes; "" at the begin of the sentence.
  std::string next();
  [[nodiscard]] std::string_view rest() const { return text_; }

 private:
  std::string_view text_;
  int behind_ = 0;
};

// `left_text` ends where the address begins, at most a line before it.
Verdict by_left(std::string_view left_text);
// "our network": one of the last words says whose it is, or that it was attacked.
bool names_ours(std::string_view left_text);

}  // namespace abate::reading::prose
