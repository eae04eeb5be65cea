// SPDX-License-Identifier: Apache-2.0
// model/words.h — an enumerator and the word for it in tables, JSON and pages: written once, read both ways.
#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace abate {

template <class E>
struct Word {
  E value;
  std::string_view name;
};
template <class E>
Word(E, const char*) -> Word<E>;

template <class E, std::size_t N>
constexpr std::string_view word_of(const std::array<Word<E>, N>& words, E value) {
  for (const Word<E>& word : words)
    if (word.value == value) return word.name;
  return "unknown";
}

template <class E, std::size_t N>
constexpr std::optional<E> find_word(const std::array<Word<E>, N>& words, std::string_view name) {
  for (const Word<E>& word : words)
    if (word.name == name) return word.value;
  return std::nullopt;
}

}  // namespace abate
