// SPDX-License-Identifier: Apache-2.0
// reading/passages.h — where in a report an incident was read: for Incident::read_from, read_range and read_text.
//
//   const Passages passages(mail.content(i), offset);
//   passages.mark(incident, "part 2, row 3", {120, 84});  // read_from: "part 2, row 3, lines 7-9"
//
// Lines are those of the text itself: of a part whose transfer encoding was undone, or of a file out of an archive,
// those of what came out. The text is borrowed and must outlive the object. Pure; one thread at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/incident.h"
#include "reading/json.h"
#include "reading/mime/message.h"

namespace abate::reading {

class Passages {
 public:
  // `offset`: of the text in the report, where it stands there verbatim.
  Passages(std::string_view text, std::optional<std::size_t> offset) : text_{text}, offset_{offset} {}
  Passages(const Message& mail, std::size_t part);

  // `where` names the part. Without a place only that is said.
  void mark(Incident& incident, std::string where, std::optional<ByteRange> place) const;
  [[nodiscard]] std::string_view text() const { return text_; }
  // Of the lines from `first` to `last`, counted from 0.
  [[nodiscard]] ByteRange range_of_lines(std::size_t first, std::size_t last) const;

 private:
  static constexpr std::size_t kStretchBytes = 4 * 1024;
  void count() const;
  [[nodiscard]] std::size_t line_of(std::size_t at) const;
  [[nodiscard]] std::size_t begin_of_line(std::size_t line) const;

  std::string_view text_;
  std::optional<std::size_t> offset_;
  // Line ends before each stretch of kStretchBytes: a list of all of them could be larger than the text.
  mutable std::vector<std::uint32_t> ends_before_;
};

constexpr std::size_t kObjectsPlacedMax = 2'000'000;  // those behind them are marked without lines
// The same for objects of JSON.
class JsonPassages {
 public:
  JsonPassages(Json json, Passages passages) : json_{std::move(json)}, passages_{std::move(passages)} {}
  void mark(Incident& incident, std::string where, JsonValue object) const;

 private:
  [[nodiscard]] std::optional<ByteRange> place_of(JsonValue object) const;

  Json json_;
  Passages passages_;
  mutable std::vector<std::size_t> orders_;  // of all objects, beside `ranges_`
  mutable std::vector<ByteRange> ranges_;
};

}  // namespace abate::reading
