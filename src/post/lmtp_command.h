// SPDX-License-Identifier: Apache-2.0
// post/lmtp_command.h — reads one command line of LMTP (RFC 2033, RFC 5321). Pure.
//
// Lenient where real senders are sloppy: verbs in any case, blanks after "FROM:", an address without angle brackets, a
// source route (dropped). An address with control characters is malformed; bytes that are not UTF-8 become U+FFFD.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace abate::post {

struct CommandLine {
  std::string_view verb;  // as sent
  std::string_view rest;  // without blanks around it
};
CommandLine split_command(std::string_view line);  // without its CRLF

struct Path {
  std::string address;                                                    // empty: the null sender
  std::vector<std::pair<std::string_view, std::string_view>> parameters;  // SIZE and its value, borrowed from the line
};
// `lead` is "FROM:" or "TO:".
Result<Path> parse_path(std::string_view rest, std::string_view lead);

// Digits only, at most 19 of them.
std::optional<std::uint64_t> parse_count(std::string_view text);

}  // namespace abate::post
