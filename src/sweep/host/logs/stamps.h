// SPDX-License-Identifier: Apache-2.0
// sweep/host/logs/stamps.h — the times that stand in front of log lines, turned into UTC.
//
// One Stamps reads one log after the other: start(), then the lines in order. Times without a year (RFC 3164) get it
// from context: start() names a bound that the log's first line cannot lie beyond (its file's last change, the date in
// its name, the next newer rotation), and from line to line a month far before the last one is the next year's. Times without a zone are the
// server's own. Each take_… reads its form from the front of `text` and takes it off, or leaves all as it was.
// Remembers the last second that it read, since neighbours share it. One thread.
#pragma once

#include <optional>
#include <string_view>

#include "base/time.h"
#include "sweep/host/logs/zone.h"

namespace abate::sweep {

class Stamps {
 public:
  explicit Stamps(Zone zone) : zone_{std::move(zone)} {}

  // `last_line_bound`: beyond it December did not turn into January, the clock was wrong for a while.
  void start(Instant first_line_bound) { start(first_line_bound, first_line_bound); }
  void start(Instant first_line_bound, Instant last_line_bound);

  std::optional<Instant> take_rfc3164(std::string_view& text);  // "Mar  2 10:00:00"
  // "2026-03-02T10:00:00.123456+01:00", "2026-03-02 10:00:00,123", "2026/03/02 10:00:00", "2026:03:02-10:00:00";
  // without a zone: the server's.
  std::optional<Instant> take_iso(std::string_view& text);
  std::optional<Instant> take_clf(std::string_view& text);    // "02/Mar/2026:10:00:00 +0100" or dashes
  std::optional<Instant> take_ctime(std::string_view& text);  // "Mon Mar  2 10:00:00.123456 2026"
  std::optional<Instant> take_epoch(std::string_view& text);  // "1772442000.123"
  std::optional<Instant> take_panel(std::string_view& text);  // cPanel: "03/02/2026:10:00:00 -0000"
  // The year is not remembered.
  [[nodiscard]] static std::optional<int> month_of(std::string_view three);
  [[nodiscard]] std::optional<Instant> wall(int year, int month, int day, int hour, int minute, int second) const;

  // For the years of one log's neighbours: the time of its first line, if it tells one.
  [[nodiscard]] std::optional<Instant> last() const { return last_; }

 private:
  Instant keep(Instant at) {
    last_ = at;
    return at;
  }

  Zone zone_;
  std::optional<Instant> last_;
  Instant bound_ = kDistantFuture;
  Instant latest_ = kDistantFuture;
  int year_ = 0;  // of the last RFC 3164 stamp; 0 before the first
  int month_ = 0;
  char memo_[32] = {};  // the text that was read last, to the second
  std::size_t memo_size_ = 0;
  Instant memo_at_;
};

}  // namespace abate::sweep
