// SPDX-License-Identifier: Apache-2.0
// talk/http.h — one HTTP/1.1 request (RFC 9110, 9112) and its answer, over TLS for https.
//
//   TRY_ASSIGN(const HttpAnswer answer, ask({.url = *parse_http_url("https://abuse.example.net/api/v1/tickets/T-1")}));
//
// SECURITY: a certificate must be good for the name (RFC 9525) by the machine's own list of authorities; there is no
// switch to look away. No redirection is followed: a token would go along. Head and body of the answer are bounded.
// Blocks for `patience` at most, from the look-up to the last byte. Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace abate::talk {

constexpr std::size_t kAnswerHeadBytesMax = std::size_t{64} << 10;
constexpr std::size_t kAnswerBytesMax = std::size_t{16} << 20;

struct HttpUrl {
  bool is_tls = true;
  std::string host;  // without brackets
  std::uint16_t port = 443;
  std::string target = "/";                     // path and query
  std::string fragment;                         // never sent
  [[nodiscard]] std::string authority() const;  // as in Host:
};
// http and https only, no user in it. malformed.
Result<HttpUrl> parse_http_url(std::string_view text);

struct HttpAsk {
  HttpUrl url;
  std::string method = "GET";
  std::map<std::string, std::string> headers;
  std::string body;
  Duration patience = std::chrono::seconds{20};
};

struct HttpAnswer {
  unsigned status = 0;
  std::map<std::string, std::string> headers;  // names in lower case; the last of several
  std::string body;
};

// unavailable: no connection, no answer in time, or not to be trusted; says which.
Result<HttpAnswer> ask(const HttpAsk& asked);

}  // namespace abate::talk
