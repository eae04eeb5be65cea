// SPDX-License-Identifier: Apache-2.0
// reading/prose/named.h — what the formats of well-known senders have in common: they know a report by its structure
// and hand it to prose with the kinds that such a report can have. Thread-safe: no state.
#pragma once

#include <initializer_list>
#include <string_view>

#include "reading/prose/prose.h"

namespace abate::reading::prose {

// All of these (in lower case) stand in Input::lower_head(), in any case.
bool shows(const Input& input, std::initializer_list<std::string_view> phrases);

// Reads with `fallback` as the kind unless the words name one that begins with `family` ("connection/").
Result<Reading> read_named(const Input& input, Rules rules, std::string_view fallback, std::string_view family);

}  // namespace abate::reading::prose
