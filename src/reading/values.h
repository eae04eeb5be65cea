// SPDX-License-Identifier: Apache-2.0
// reading/values.h — single values as reports write them: addresses, times, URLs, domains. What is not valid is not
// taken, and a warning says so. Pure; thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ip.h"
#include "base/time.h"
#include "model/report.h"

namespace abate::reading {

class Warnings {  // each sentence once, at most kWarningsPerReportMax; the last one then says that more was dropped
 public:
  template <class... Args>
  void add(fmt::format_string<Args...> format, Args&&... args) {
    add_sentence(fmt::format(format, std::forward<Args>(args)...));
  }
  void add_sentence(std::string sentence);
  [[nodiscard]] std::vector<std::string> take() && { return std::move(sentences_); }

 private:
  std::vector<std::string> sentences_;
};

constexpr std::size_t kUrlBytesMax = 4'096;
constexpr std::size_t kDomainBytesMax = 253;

// The value as it may stand in a warning: valid, one line, short.
std::string in_quotes(std::string_view value);

// The first address in the text, whatever stands around it: "[192.0.2.1]", "IPv6:2001:db8::1", "192.0.2.1:25 (host)".
std::optional<IpAddress> ip_in(std::string_view text);
// All of them, in their order, at most `count_max`.
std::vector<IpAddress> ips_in(std::string_view text, std::size_t count_max);
// 0.0.0.0/8, loopback, multicast, 255.255.255.255, "::": no server can be meant.
bool is_impossible(const IpAddress& address);
bool is_private(const IpAddress& address);  // RFC 1918, RFC 4193, link-local, RFC 6598

// An address that may be blamed; otherwise nothing, and a warning that names the field.
std::optional<IpAddress> address_of(std::string_view value, std::string_view field, Warnings& warnings);

// "hxxp://x[.]example/a" -> "http://x.example/a". Absolute http, https or ftp with a host; else nothing.
std::optional<std::string> url_of(std::string_view value);
std::optional<std::string> host_of(std::string_view url);      // of what url_of gave; lower case, no port, no brackets
std::optional<std::string> domain_of(std::string_view value);  // lower case; at least one dot, no address
std::optional<std::uint16_t> port_of(std::int64_t value);      // 1..65535

// A lone time: RFC 5322, RFC 3339 or another shape of reading/when.h, with or without a zone.
std::optional<ParsedTime> time_of(std::string_view value);
// Sets started_at, or started_unzoned with a warning; false where the value is no time (then also a warning).
bool set_started(Incident& incident, std::string_view value, std::string_view field, Warnings& warnings);

// Makes evidence of bytes that stand in the report at `range`, or of a copy. Cut to kEvidenceBytesMax with a warning.
Evidence evidence_of(std::string_view bytes, std::optional<ByteRange> range, std::string_view content_type,
                     std::string_view description, Warnings& warnings);

}  // namespace abate::reading
