// SPDX-License-Identifier: Apache-2.0
// web/framing.h — the head of a request, judged byte for byte before anything else looks at it (RFC 9112).
//
// SECURITY: a proxy in front and we must agree where a request ends, or one client's bytes become another's request.
// So nothing doubtful is repaired. Refused: bare CR or LF, NUL, obs-fold, a blank before ":", two Hosts or none (1.1),
// two Content-Lengths even when equal, Content-Length beside Transfer-Encoding, any Transfer-Encoding but exactly
// "chunked", Transfer-Encoding in HTTP/1.0, control characters in a value. Pure; thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "web/http.h"

namespace abate::web {

constexpr std::size_t kHeadBytesMax = 16 * 1024;
constexpr std::size_t kHeadFieldsMax = 100;

struct Head {
  std::string method;
  std::string target;
  bool http_1_0 = false;
  std::vector<std::pair<std::string, std::string>> fields;  // names in lower case, values trimmed
  std::optional<std::uint64_t> content_length;
  bool chunked = false;
  bool keep_alive = true;
  bool expects_continue = false;
  std::string host;
};

struct HeadRefusal {
  int status = 400;
  std::string what;
};

// Where the head ends in what has come so far (behind the empty line), 0 when it is not whole yet. The refusal comes as
// soon as the bytes show it, so that a wrong head is not waited for. `from`: bytes that an earlier call has seen.
std::expected<std::size_t, HeadRefusal> find_head_end(std::string_view bytes, std::size_t from = 0);

// `bytes` is the whole head, the empty line included.
std::expected<Head, HeadRefusal> parse_head(std::string_view bytes);

}  // namespace abate::web
