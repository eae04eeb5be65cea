// SPDX-License-Identifier: Apache-2.0
#include "reading/passages.h"

#include <algorithm>

#include "base/text.h"

namespace abate::reading {
namespace {

std::optional<std::size_t> verbatim_offset(const Part& part) {
  return part.transfer == Transfer::verbatim && part.range ? std::optional{part.range->offset} : std::nullopt;
}

ByteRange trimmed(std::string_view text, ByteRange place) {
  const std::string_view all = text.substr(place.offset, place.length);
  const std::string_view bare = trim(all);
  return bare.empty() ? place : ByteRange{static_cast<std::size_t>(bare.data() - text.data()), bare.size()};
}

// Where the objects of well-formed JSON begin and end, in the order of their beginnings.
std::vector<ByteRange> ranges_of_objects(std::string_view json) {
  std::vector<ByteRange> ranges;
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < json.size(); ++i) {
    if (json[i] == '"') {
      for (++i; i < json.size() && json[i] != '"'; ++i)
        if (json[i] == '\\') ++i;
    } else if (json[i] == '{') {
      if (ranges.size() >= kObjectsPlacedMax) break;
      open.push_back(ranges.size());
      ranges.push_back({i, 0});
    } else if (json[i] == '}' && !open.empty()) {
      ranges[open.back()].length = i + 1 - ranges[open.back()].offset;
      open.pop_back();
    }
  }
  return ranges;
}

}  // namespace

Passages::Passages(const Message& mail, std::size_t part)
    : Passages(mail.content(part), verbatim_offset(mail.parts()[part])) {}

void Passages::count() const {
  std::uint32_t ends = 0;
  for (std::size_t at = 0; ends_before_.size() <= text_.size() / kStretchBytes; at += kStretchBytes) {
    ends_before_.push_back(ends);
    ends += static_cast<std::uint32_t>(std::ranges::count(text_.substr(at, kStretchBytes), '\n'));
  }
}

std::size_t Passages::line_of(std::size_t at) const {
  if (ends_before_.empty()) count();
  const std::size_t stretch = at / kStretchBytes, begin = stretch * kStretchBytes;
  const auto within = std::ranges::count(text_.substr(begin, at - begin), '\n');
  return 1 + ends_before_[stretch] + static_cast<std::size_t>(within);
}

// The end of the text where it has fewer lines; from 0.
std::size_t Passages::begin_of_line(std::size_t line) const {
  if (line == 0) return 0;
  if (ends_before_.empty()) count();
  const auto behind = std::ranges::lower_bound(ends_before_, line);  // the first stretch that begins in it or later
  const auto stretch = static_cast<std::size_t>(behind - ends_before_.begin()) - 1;
  std::size_t at = stretch * kStretchBytes;
  for (std::size_t ends = ends_before_[stretch]; ends < line; ++ends) {
    at = text_.find('\n', at);
    if (at == text_.npos) return text_.size();
    ++at;
  }
  return at;
}

ByteRange Passages::range_of_lines(std::size_t first, std::size_t last) const {
  const std::size_t begin = begin_of_line(first);
  return {begin, std::max(begin_of_line(last + 1), begin) - begin};
}

void Passages::mark(Incident& incident, std::string where, std::optional<ByteRange> place) const {
  incident.read_from = std::move(where);
  if (!place || place->length == 0 || place->offset >= text_.size()) return;
  const ByteRange bare = trimmed(text_, {place->offset, std::min(place->length, text_.size() - place->offset)});
  const std::size_t first = line_of(bare.offset), last = line_of(bare.offset + bare.length - 1);
  if (!incident.read_from.empty()) incident.read_from += ", ";
  incident.read_from += first == last ? fmt::format("line {}", first) : fmt::format("lines {}-{}", first, last);
  if (offset_)
    incident.read_range = ByteRange{*offset_ + bare.offset, bare.length};
  else
    incident.read_text = shorten(make_valid_utf8(text_.substr(bare.offset, std::min(bare.length, kReadTextBytesMax))),
                                 kReadTextBytesMax);
}

std::optional<ByteRange> JsonPassages::place_of(JsonValue object) const {
  if (!object.exists()) return std::nullopt;
  if (object.order() == json_.root().order()) return ByteRange{0, passages_.text().size()};  // nearly every report
  if (orders_.empty()) {
    orders_ = json_.orders_of_objects(kObjectsPlacedMax);
    ranges_ = ranges_of_objects(passages_.text());
  }
  const auto found = std::ranges::lower_bound(orders_, object.order());
  const auto index = static_cast<std::size_t>(found - orders_.begin());
  if (found == orders_.end() || *found != object.order() || index >= ranges_.size()) return std::nullopt;
  return ranges_[index];
}

void JsonPassages::mark(Incident& incident, std::string where, JsonValue object) const {
  passages_.mark(incident, std::move(where), place_of(object));
}

}  // namespace abate::reading
