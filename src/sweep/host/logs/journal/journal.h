// SPDX-License-Identifier: Apache-2.0
// sweep/host/logs/journal/journal.h — systemd journal files, read without systemd and without its machine.
//
// The format: https://systemd.io/JOURNAL_FILE_FORMAT/. Header, then objects one behind the other, each with type and
// size; entries refer to data objects ("MESSAGE=…") by offset. We walk the objects in the order in which they were
// written, which is that of time, and need neither hash tables nor entry arrays: what was written but never linked in
// is found too. Regular and compact files, data packed with xz, lz4 or zstd, keyed hashes, files that were never
// closed, of another machine, cut or corrupt: where an object makes no sense the walk looks for the next one that does,
// and notes say so. Bounded memory (about 2 MiB); a message is cut at kLineBytesMax.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "sweep/host/logs/stream.h"

namespace abate::sweep {

struct JournalEntry {  // views are valid during the call
  std::int64_t realtime_us = 0;
  std::uint64_t number = 0;  // from 1, in this file
  std::string_view message;
  std::string_view identifier;  // SYSLOG_IDENTIFIER
  std::string_view comm;
  std::string_view unit;
  std::string_view transport;
  std::optional<std::uint32_t> pid;
  std::optional<std::uint32_t> uid;
};

struct JournalHead {
  std::int64_t first_us = 0;
  std::int64_t last_us = 0;
};
// Nothing where it is no journal.
std::optional<JournalHead> journal_head(const Tree& tree, std::string_view path);

// Returns the bytes read; 0 where it is no journal. `ended` is asked now and then.
std::uint64_t read_journal(const Tree& tree, std::string_view path, Notes& notes,
                           const std::function<void(const JournalEntry&)>& to, const std::function<bool()>& ended);

constexpr std::size_t kJournalItemsMax = 1024;  // fields of one entry

}  // namespace abate::sweep
