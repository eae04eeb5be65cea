// SPDX-License-Identifier: Apache-2.0
#include "reading/mime/fields.h"

#include "base/text.h"
#include "reading/mime/charset.h"

namespace abate::reading {
namespace {

// Most blocks have no more. More than a kilobyte, and the C library tidies all that was freed before it answers.
constexpr std::size_t kFieldsUsual = 24;

struct Line {
  std::string_view text;  // without its end
  std::size_t next;       // where the next line begins
};

Line line_at(std::string_view block, std::size_t at) {
  const auto feed = std::min(block.find('\n', at), block.size());
  const auto whole = block.substr(at, feed - at);
  if (const auto bare = whole.find('\r'); bare != std::string_view::npos && bare + 1 < whole.size())
    return {whole.substr(0, bare), at + bare + 1};
  return {whole.ends_with('\r') ? whole.substr(0, whole.size() - 1) : whole, std::min(feed + 1, block.size())};
}

// The length of a field name at the start of the line, 0 where there is none. Blanks before the colon are forgiven.
std::size_t name_length(std::string_view line) {
  std::size_t i = 0;
  while (i < line.size() && line[i] > ' ' && line[i] != ':' && line[i] != 0x7f) ++i;
  std::size_t colon = i;
  while (colon < line.size() && (line[colon] == ' ' || line[colon] == '\t')) ++colon;
  return i > 0 && colon < line.size() && line[colon] == ':' ? i : 0;
}

}  // namespace

Fields Fields::parse(std::string_view block, bool first_block_only) {
  Fields fields;
  fields.fields_.reserve(kFieldsUsual);
  for (std::size_t at = 0; at < block.size() && fields.fields_.size() < kFieldsMax;) {
    const Line line = line_at(block, at);
    const std::size_t start = at;
    at = line.next;
    if (first_block_only && line.text.empty() && !fields.fields_.empty()) break;
    const std::size_t length = name_length(line.text);
    if (length == 0) continue;
    std::size_t end = start + line.text.size();
    while (at < block.size() && (block[at] == ' ' || block[at] == '\t')) {  // folded
      const Line more = line_at(block, at);
      end = at + more.text.size();
      at = more.next;
    }
    const std::size_t value = block.find(':', start + length) + 1;
    fields.fields_.push_back({block.substr(start, length), block.substr(value, std::min(end - value, kFieldBytesMax))});
  }
  return fields;
}

bool Fields::has(std::string_view name) const {
  for (const Field& field : fields_)
    if (equals_ignoring_case(field.name, name)) return true;
  return false;
}

std::string_view Fields::get_raw(std::string_view name) const {
  for (const Field& field : fields_)
    if (equals_ignoring_case(field.name, name)) return trim(field.raw);
  return {};
}

std::string Fields::get(std::string_view name) const {
  const std::string_view raw = get_raw(name);
  return raw.empty() ? std::string() : shorten(decode_header(raw), kFieldBytesMax);
}

std::vector<std::string> Fields::get_all(std::string_view name) const {
  std::vector<std::string> values;
  for (const Field& field : fields_)
    if (equals_ignoring_case(field.name, name)) values.push_back(shorten(decode_header(field.raw), kFieldBytesMax));
  return values;
}

std::string_view after_semicolon(std::string_view value) {
  const auto at = value.find(';');
  return trim(at == std::string_view::npos ? value : value.substr(at + 1));
}

}  // namespace abate::reading
