// SPDX-License-Identifier: Apache-2.0
// model/incident.h — one observation of harm that a report holds, and the evidence for it.
//
// What a report does not say stays empty: a guess is never written as a fact. Strings came from the world; they are
// valid UTF-8 (reading sees to it) and are escaped where they are shown.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ip.h"
#include "base/time.h"
#include "model/category.h"

namespace abate {

struct ByteRange {  // a stretch of the report's own bytes
  std::size_t offset = 0;
  std::size_t length = 0;
  friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

struct Evidence {
  std::string content_type;  // "text/plain"
  std::string description;   // "reported message", may be empty
  std::string bytes;         // the excerpt, at most kEvidenceBytesMax
  std::string sha256;        // of `bytes`, 64 lower-case digits
  // Set where `bytes` stand verbatim in the report: the store then keeps the range and not the bytes a second time.
  std::optional<ByteRange> range;
  friend bool operator==(const Evidence&, const Evidence&) = default;
};
constexpr std::size_t kEvidenceBytesMax = 64 * 1024;
constexpr std::size_t kEvidencePerIncidentMax = 16;
constexpr std::size_t kReadTextBytesMax = 4 * 1024;

struct Incident {
  Category category = Category::other;
  std::string type;  // XARF v4 "category/type"
  std::optional<IpAddress> source_ip;
  std::optional<std::uint16_t> source_port;
  std::optional<IpAddress> destination_ip;
  std::optional<std::uint16_t> destination_port;
  std::optional<std::string> protocol;  // lower case: "tcp"
  std::optional<std::string> url;       // refanged, as a machine would fetch it; never fetched
  std::optional<std::string> domain;
  std::optional<Instant> started_at;  // exact, or empty
  std::optional<Instant> ended_at;
  // A time whose zone nobody named, read as if it were UTC; then started_at is empty (span_of_unzoned).
  std::optional<Instant> started_unzoned;
  double confidence = 0.5;  // 0..1: how sure the reading is that this is the culprit
  std::uint32_t count = 1;  // observations folded into this one
  std::vector<Evidence> evidence;
  std::vector<std::string> reasons;  // why it was read so: "Source-IP field"
  std::string read_from;             // "part 2, line 17": where in the report it stands
  // What stands there, for the team alone (it may name the reporter): a stretch of the report, or, where a part was
  // encoded or packed, a text of at most kReadTextBytesMax. Neither where evidence holds it.
  std::optional<ByteRange> read_range;
  std::string read_text;
  friend bool operator==(const Incident&, const Incident&) = default;
};

// The interval in which the harm was done, for attribution: the instant (or start to end); the doubt of an unzoned
// time; else `undated_window` before the arrival.
TimeSpan span_of(const Incident& incident, Instant arrived_at, std::chrono::seconds undated_window);

}  // namespace abate
