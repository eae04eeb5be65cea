// SPDX-License-Identifier: Apache-2.0
#include "desk/csv.h"

#include "base/text.h"

namespace abate::desk {
namespace {

bool quotes_are_open(std::string_view text) {
  bool open = false;
  for (const char c : text) open ^= c == '"';
  return open;
}

}  // namespace

Result<bool> CsvReader::next(std::vector<std::string>& fields) {
  fields.clear();
  do {
    if (!std::getline(in_, text_)) return false;
    line_ = ++lines_read_;
    if (line_ == 1 && text_.starts_with("\xEF\xBB\xBF")) text_.erase(0, 3);
  } while (trim(text_).empty());
  for (std::string more; quotes_are_open(text_);) {
    if (text_.size() > kCsvRecordBytesMax || !std::getline(in_, more))
      return failure(Fault::malformed, "line {}: a quoted field is never closed", line_);
    ++lines_read_;
    (text_ += '\n') += more;
  }
  if (text_.size() > kCsvRecordBytesMax)
    return failure(Fault::too_big, "line {}: longer than {} bytes", line_, kCsvRecordBytesMax);
  if (text_.ends_with('\r')) text_.pop_back();
  TRY(take(text_, fields));
  return true;
}

Result<void> CsvReader::take(std::string_view text, std::vector<std::string>& fields) {
  for (std::size_t at = 0;;) {
    std::string& field = fields.emplace_back();
    if (at < text.size() && text[at] == '"') {
      for (++at;; ++at) {
        if (text[at] == '"' && (at + 1 >= text.size() || text[at + 1] != '"')) break;  // quotes are even: it ends
        if (text[at] == '"') ++at;
        field += text[at];
      }
      ++at;
      if (at < text.size() && text[at] != ',')
        return failure(Fault::malformed, "line {}: something stands between a closing quote and the comma", line_);
    } else {
      const std::size_t end = std::min(text.find(',', at), text.size());
      field = text.substr(at, end - at);
      at = end;
    }
    if (at >= text.size()) return {};
    ++at;
    if (at == text.size()) {
      fields.emplace_back();
      return {};
    }
  }
}

}  // namespace abate::desk
