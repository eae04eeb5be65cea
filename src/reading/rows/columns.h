// SPDX-License-Identifier: Apache-2.0
// reading/rows/columns.h — what a column of a feed means, by its name. One table, columns.cc; names match without case
// and punctuation ("source.ip", "src_ip" and "SourceIP" are "sourceip" or "srcip"). Pure; thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace abate::reading {

enum class Column : std::uint8_t {
  source_ip,
  source_port,
  destination_ip,
  destination_port,
  protocol,
  url,
  domain,
  host,  // an address or a name: its content says which
  started,
  date,  // together with `clock`: a time in two columns
  clock,
  ended,
  kind,    // the kind of harm
  detail,  // the family of a malware, a tag, a comment: may hold words of a kind
  count,
  fingerprint,  // a hash of a file or certificate
};
constexpr std::size_t kColumnKinds = 16;

struct ColumnName {
  Column column;
  std::uint8_t rank;  // of several for one meaning the lowest is taken
  bool utc;           // the name says so
};

// "source.ip" -> "sourceip"
std::string plain_name(std::string_view name);
std::optional<ColumnName> column_of(std::string_view plain);

}  // namespace abate::reading
