// SPDX-License-Identifier: Apache-2.0
// sweep/host/logs/read_logs.h — all logs of the server as Events, once each.
//
//   LogStats stats = read_logs(host, watchers, notes, ended);
//
// Logs come one after the other, each oldest rotation first, so the events of one log are in order; the logs of
// different services follow each other. Text before the journal, particular files (auth.log, mail.log) before general
// ones (syslog, messages): a message that stands in several of them, or in the journal as well, comes once
// (seen_lines.h). In the journal a message that says it is sshd's but was sent by logger(1) or an interpreter is not
// believed: it comes as Other. Memory: about 8 MiB. `ended` is asked often; what was seen until then stands. One
// thread; may be called again.
#pragma once

#include <functional>
#include <optional>
#include <span>

#include "sweep/host/open_host.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {

struct LogStats {
  std::uint64_t files = 0;
  std::uint64_t lines = 0;  // also entries of journals
  std::uint64_t bytes = 0;
  std::uint64_t repeated = 0;  // lines that another log had told already
  std::optional<Instant> first;
  std::optional<Instant> last;
};

using EventTaker = std::function<void(const Event&)>;
// Called with each file's path before it is read; the second number is lines so far.
using LogProgress = std::function<void(std::string_view path, std::uint64_t lines)>;

LogStats read_events(const Host& host, const EventTaker& to, Notes& notes, const std::function<bool()>& ended,
                     const LogProgress& progress = {});
LogStats read_logs(const Host& host, std::span<LogWatcher* const> watchers, Notes& notes,
                   const std::function<bool()>& ended, const LogProgress& progress = {});

}  // namespace abate::sweep
