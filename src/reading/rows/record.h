// SPDX-License-Identifier: Apache-2.0
// reading/rows/record.h — one row of a feed by meaning, whatever it was written in, and the incident it makes.
//
// SECURITY: cells are hostile. What a cell does not hold by its form (an address, a time, a URL) is not taken. Pure.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/report.h"
#include "reading/kinds.h"
#include "reading/rows/columns.h"
#include "reading/values.h"

namespace abate::reading {

// How the columns of a feed tell its kind where no cell does.
enum class Pattern : std::uint8_t {
  unknown,
  fixed,     // Feed::kind for every row
  infected,  // a machine that called a sinkhole
  seen,      // seen by a darknet or honeypot: infected where the row names a malware, else a scan
};

struct Feed {  // what holds for all rows
  Pattern pattern = Pattern::unknown;
  std::optional<Kind> kind;  // of `fixed`, or what the file's name, subject or comments say
  bool utc = false;          // times without a zone are UTC: the feed's standard or its text says so
  std::string why;           // "columns of a Shadowserver report", for Incident::reasons
};

struct Record {
  std::array<std::string_view, kColumnKinds> cells{};
  std::vector<std::string_view> more_sources;  // further addresses of the same row
  bool started_is_utc = false;
  [[nodiscard]] std::string_view operator[](Column column) const { return cells[static_cast<std::size_t>(column)]; }
  [[nodiscard]] std::string_view& operator[](Column column) { return cells[static_cast<std::size_t>(column)]; }
};

// What the columns' names say of the feed: Shadowserver's reports, abuse.ch, IntelMQ, n6, Spamhaus, Team Cymru.
// `context`: file name, subject, comments. `columns`: plain_name() of each.
Feed recognise_feed(const std::vector<std::string>& columns, std::string_view context);

// The incidents of a row: one, or one for each address; none where it names neither address, URL, domain nor hash.
// Evidence and read_from are the caller's.
std::vector<Incident> incidents_of(const Record& record, const Feed& feed);
// The same at the end of `out`; returns how many.
std::size_t add_incidents(const Record& record, const Feed& feed, std::vector<Incident>& out);

// Empty for "-", "?", "NULL" and their kin too.
std::string_view filled(std::string_view cell);

// "2015-03-02 00:45:59", "1441008970", "20190326T101500Z", and what time_of() reads.
std::optional<ParsedTime> cell_time(std::string_view cell);

}  // namespace abate::reading
