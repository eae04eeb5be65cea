// SPDX-License-Identifier: Apache-2.0
// web/pages/inert.h — makes the world's strings fit to be looked at (law 6). Escaping for HTML is not done here: that
// is the templates' (web/pages/sheet.h). Pure; thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace abate::web {

constexpr std::size_t kShownBytesMax = 64 * 1024;  // of one value: longer ones are cut, and say so

// Valid UTF-8; control characters as their pictures (NUL as U+2400, ESC as U+241B), bidirectional controls and the
// other invisible ones as [U+202E]: nothing that is shown can hide or reorder its neighbours. Line ends become \n.
std::string inert(std::string_view text);

// Evidence: inert, and each http(s) and ftp URL within it defanged ("hxxps://x[.]example/a").
std::string inert_evidence(std::string_view text);

}  // namespace abate::web
