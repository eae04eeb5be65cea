// SPDX-License-Identifier: Apache-2.0
// sweep/host/logs/journal/unpack.h — a packed data object of a journal: its first bytes, at most kLineBytesMax.
#pragma once

#include <string>
#include <string_view>

namespace abate::sweep {

enum : unsigned { kJournalXz = 1, kJournalLz4 = 2, kJournalZstd = 4 };

// False where it is corrupt or packed in a way that is not known.
bool unpack_journal_data(unsigned flags, std::string_view packed, std::string& out);

}  // namespace abate::sweep
