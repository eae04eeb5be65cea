// SPDX-License-Identifier: Apache-2.0
// desk/ports/page.h — lists come in pages.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace abate::desk {

struct Page {
  std::string after;       // the cursor that the page before returned; empty: from the beginning
  std::size_t limit = 50;  // at most kPageMax
};
constexpr std::size_t kPageMax = 500;

template <class T>
struct Listed {
  std::vector<T> items;
  std::string next;  // the cursor of the next page; empty at the end
};

}  // namespace abate::desk
