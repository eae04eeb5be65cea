// SPDX-License-Identifier: Apache-2.0
#include "web/framing.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace abate::web {
namespace {

using Refused = std::unexpected<HeadRefusal>;
Refused refuse(std::string what, int status = 400) { return Refused{HeadRefusal{status, std::move(what)}}; }

bool is_token(std::string_view text) {  // RFC 9110, 5.6.2
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view{"!#$%&'*+-.^_`|~"}.find(c) != std::string_view::npos;
  });
}

bool is_host(std::string_view text) {  // a name, an IPv4 address or [IPv6], and a port
  return !text.empty() && text.size() <= 300 && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view{".-_:[]~%"}.find(c) != std::string_view::npos;
  });
}

std::optional<HeadRefusal> request_line(std::string_view line, Head& head) {
  const std::vector<std::string_view> parts = split(line, ' ');
  if (parts.size() != 3) return HeadRefusal{400, "the request line is not 'METHOD TARGET VERSION'"};
  if (!is_token(parts[0]) || parts[0].size() > 32) return HeadRefusal{400, "the method is no token"};
  if (parts[1].empty() || std::ranges::any_of(parts[1], [](unsigned char c) { return c <= 0x20 || c >= 0x7f; }))
    return HeadRefusal{400, "the target holds bytes that have to be percent-encoded"};
  if (!parts[2].starts_with("HTTP/")) return HeadRefusal{400, "the request line names no HTTP version"};
  if (parts[2] != "HTTP/1.1" && parts[2] != "HTTP/1.0") return HeadRefusal{505, "HTTP/1.1 is spoken here"};
  head.method = parts[0];
  head.target = parts[1];
  head.http_1_0 = parts[2] == "HTTP/1.0";
  head.keep_alive = !head.http_1_0;
  return std::nullopt;
}

std::optional<HeadRefusal> field_line(std::string_view line, Head& head) {
  if (line.front() == ' ' || line.front() == '\t') return HeadRefusal{400, "a header line is folded"};
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon)))
    return HeadRefusal{400, "a header line is not 'Name: value'"};
  std::string_view value = line.substr(colon + 1);
  while (!value.empty() && (value.front() == ' ' || value.front() == '\t')) value.remove_prefix(1);
  while (!value.empty() && (value.back() == ' ' || value.back() == '\t')) value.remove_suffix(1);
  if (std::ranges::any_of(value, [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7f; }))
    return HeadRefusal{400, "a header value holds a control character"};
  if (head.fields.size() == kHeadFieldsMax) return HeadRefusal{431, "there are too many header fields"};
  head.fields.emplace_back(to_lower(line.substr(0, colon)), value);
  return std::nullopt;
}

std::optional<HeadRefusal> length_field(const std::string& value, Head& head) {
  if (head.content_length) return HeadRefusal{400, "Content-Length stands there twice"};
  std::uint64_t length = 0;
  const auto [end, wrong] = std::from_chars(value.data(), value.data() + value.size(), length);
  if (value.empty() || value.size() > 18 || wrong != std::errc{} || end != value.data() + value.size())
    return HeadRefusal{400, "Content-Length is no number"};
  head.content_length = length;
  return std::nullopt;
}

void connection_field(const std::string& value, Head& head) {
  for (const std::string_view option : split(value, ',')) {
    if (equals_ignoring_case(trim(option), "close")) head.keep_alive = false;
    // HTTP/1.0 with keep-alive is closed all the same: nobody needs it, and old proxies forward it blindly.
  }
}

// What the fields say about where the request ends.
std::optional<HeadRefusal> judge_fields(Head& head) {
  int hosts = 0;
  for (const auto& [name, value] : head.fields) {
    if (name == "host") {
      if (++hosts > 1) return HeadRefusal{400, "Host stands there twice"};
      if (!is_host(value)) return HeadRefusal{400, "Host is no host"};
      head.host = value;
    } else if (name == "content-length") {
      if (auto refused = length_field(value, head)) return refused;
    } else if (name == "transfer-encoding") {
      if (head.chunked) return HeadRefusal{400, "Transfer-Encoding stands there twice"};
      if (!equals_ignoring_case(value, "chunked"))
        return HeadRefusal{400, "only 'Transfer-Encoding: chunked' is taken"};
      head.chunked = true;
    } else if (name == "connection") {
      connection_field(value, head);
    } else if (name == "expect") {
      if (!equals_ignoring_case(value, "100-continue")) return HeadRefusal{417, "only 'Expect: 100-continue' is known"};
      head.expects_continue = !head.http_1_0;
    }
  }
  if (hosts == 0 && !head.http_1_0) return HeadRefusal{400, "Host is missing"};
  if (head.chunked && head.content_length) return HeadRefusal{400, "Content-Length beside Transfer-Encoding"};
  if (head.chunked && head.http_1_0) return HeadRefusal{400, "Transfer-Encoding in HTTP/1.0"};
  return std::nullopt;
}

}  // namespace

std::expected<std::size_t, HeadRefusal> find_head_end(std::string_view bytes, std::size_t from) {
  const std::string_view seen = bytes.substr(0, kHeadBytesMax);
  for (std::size_t i = from > 0 ? from - 1 : 0; i < seen.size(); ++i) {  // the last byte's neighbour is new
    if (seen[i] == '\0') return refuse("a NUL is in the head");
    if (seen[i] == '\n' && (i == 0 || seen[i - 1] != '\r')) return refuse("a line ends in a bare LF");
    if (seen[i] == '\r' && i + 1 < seen.size() && seen[i + 1] != '\n') return refuse("a bare CR is in the head");
    if (seen[i] == '\n' && i >= 3 && seen[i - 2] == '\n') return i + 1;
  }
  if (bytes.size() >= kHeadBytesMax) return refuse("the head is larger than 16 KiB", 431);
  return std::size_t{0};
}

std::expected<Head, HeadRefusal> parse_head(std::string_view bytes) {
  Head head;
  bool first = true;
  while (!bytes.empty()) {
    const auto end = bytes.find("\r\n");
    if (end == std::string_view::npos) return refuse("the head does not end");
    const std::string_view line = bytes.substr(0, end);
    bytes.remove_prefix(end + 2);
    if (line.empty()) break;
    if (auto refused = first ? request_line(line, head) : field_line(line, head)) return Refused{*std::move(refused)};
    first = false;
  }
  if (first) return refuse("there is no request line");
  if (auto refused = judge_fields(head)) return Refused{*std::move(refused)};
  return head;
}

}  // namespace abate::web
