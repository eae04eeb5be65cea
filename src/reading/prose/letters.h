// SPDX-License-Identifier: Apache-2.0
// reading/prose/letters.h — lower case beyond ASCII: the capitals of Latin-1, Latin Extended-A, Greek and Cyrillic.
// Each keeps its number of bytes, so that places in the text stay the same. Pure; thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace abate::reading::prose {

// Call it when a byte was appended: a capital of two bytes that has become whole becomes small.
void lower_last_letter(std::string& text);
std::string lowered(std::string_view text);  // ASCII too

}  // namespace abate::reading::prose
