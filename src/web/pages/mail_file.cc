// SPDX-License-Identifier: Apache-2.0
#include "web/pages/mail_file.h"

#include "base/hash.h"
#include "base/text.h"

namespace abate::web {
namespace {

constexpr int kDepthMax = 3;

int hex(char c) {
  return c >= '0' && c <= '9'   ? c - '0'
         : c >= 'A' && c <= 'F' ? c - 'A' + 10
         : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                : -1;
}

std::string from_base64(std::string_view text) {
  std::string packed;
  for (const char c : text)
    if (c > ' ') packed += c;
  return base64_decode(packed).value_or(packed);
}

std::string from_quoted_printable(std::string_view text, bool header) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (header && text[i] == '_') {
      out += ' ';
    } else if (text[i] != '=') {
      out += text[i];
    } else if (i + 2 < text.size() && hex(text[i + 1]) >= 0 && hex(text[i + 2]) >= 0) {
      out += static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2]));
      i += 2;
    } else {  // a soft line end
      if (i + 1 < text.size() && text[i + 1] == '\r') ++i;
      if (i + 1 < text.size() && text[i + 1] == '\n') ++i;
    }
  }
  return out;
}

// RFC 2047: "=?utf-8?B?...?=", the blank between two encoded words left out.
std::string decode_words(std::string_view text) {
  std::string out;
  std::size_t at = 0;
  for (std::size_t begin = text.find("=?"); begin != text.npos; begin = text.find("=?", at)) {
    const std::size_t how = text.find('?', begin + 2);
    const std::size_t body = how == text.npos ? text.npos : text.find('?', how + 1);
    const std::size_t end = body == text.npos ? text.npos : text.find("?=", body + 1);
    if (end == text.npos) break;
    const std::string_view between = text.substr(at, begin - at);
    if (at == 0 || !trim(between).empty()) out += between;
    const std::string_view coded = text.substr(body + 1, end - body - 1);
    const bool base64 = how + 1 < body && (text[how + 1] == 'B' || text[how + 1] == 'b');
    out += base64 ? from_base64(coded) : from_quoted_printable(coded, true);
    at = end + 2;
  }
  return out + std::string{text.substr(at)};
}

struct Piece {
  std::vector<std::pair<std::string, std::string>> headers;
  std::string_view body;
};

Piece part_of(std::string_view bytes) {
  Piece piece;
  std::size_t at = 0;
  while (at < bytes.size()) {
    const std::size_t end = std::min(bytes.find('\n', at), bytes.size());
    std::string_view line = bytes.substr(at, end - at);
    at = std::min(end + 1, bytes.size());
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) break;
    const std::size_t colon = line.find(':');
    if ((line[0] == ' ' || line[0] == '\t') && !piece.headers.empty())
      piece.headers.back().second += " " + std::string{trim(line)};
    else if (colon != line.npos)
      piece.headers.emplace_back(line.substr(0, colon), trim(line.substr(colon + 1)));
  }
  piece.body = bytes.substr(at);
  return piece;
}

std::string find(const Piece& piece, std::string_view name) {
  for (const auto& [key, value] : piece.headers)
    if (equals_ignoring_case(key, name)) return value;
  return {};
}

std::string boundary_of(std::string_view content_type) {
  const std::size_t at = to_lower(content_type).find("boundary=");
  if (at == std::string::npos) return {};
  std::string_view value = content_type.substr(at + 9);
  if (value.starts_with('"')) return std::string{value.substr(1, value.find('"', 1) - 1)};
  return std::string{trim(value.substr(0, value.find(';')))};
}

void collect(std::string_view bytes, int depth, MailFile& out) {
  const Piece piece = part_of(bytes);
  const std::string type = find(piece, "Content-Type");
  const std::string boundary = boundary_of(type);
  if (!boundary.empty() && depth < kDepthMax) {
    const std::string mark = "--" + boundary;
    std::size_t at = piece.body.find(mark);
    while (at != piece.body.npos) {
      const std::size_t begin = piece.body.find('\n', at);
      const std::size_t next = begin == piece.body.npos ? begin : piece.body.find(mark, begin);
      if (next == piece.body.npos) break;
      collect(piece.body.substr(begin + 1, next - begin - 1), depth + 1, out);
      at = next;
    }
    return;
  }
  const std::string encoding = to_lower(find(piece, "Content-Transfer-Encoding"));
  const std::string text = encoding == "base64"             ? from_base64(piece.body)
                           : encoding == "quoted-printable" ? from_quoted_printable(piece.body, false)
                                                            : std::string{piece.body};
  std::string& slot = starts_with_ignoring_case(type, "text/html") ? out.html : out.plain;
  if (slot.empty()) slot = text;
}

}  // namespace

std::string MailFile::header(std::string_view name) const {
  for (const auto& [key, value] : headers)
    if (equals_ignoring_case(key, name)) return value;
  return {};
}

MailFile read_mail_file(std::string_view bytes) {
  MailFile mail;
  for (auto& [name, value] : part_of(bytes).headers) mail.headers.emplace_back(name, decode_words(value));
  collect(bytes, 0, mail);
  return mail;
}

}  // namespace abate::web
