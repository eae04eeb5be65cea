// SPDX-License-Identifier: Apache-2.0
// reading/stix_pattern.h — what a STIX 2 pattern compares with equality (section 9 of the standard):
//
//   [ipv4-addr:value = '192.0.2.1' AND network-traffic:dst_port = 443] OR [url:value IN ('http://x.example/')]
//
// gives two groups. Comparisons that AND joins are of one group; OR begins a new one. NOT, !=, <, LIKE, MATCHES name
// nobody and are left out. No regular expression is run. Linear in the text. Limits: the constants below. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace abate::reading {

constexpr std::size_t kPatternBytesMax = 256 * 1024;  // the rest is not looked at
constexpr std::size_t kComparisonsMax = 10'000;

struct Comparison {
  std::string path;  // "network-traffic:src_ref.value"
  std::string value;
};

std::vector<std::vector<Comparison>> pattern_groups(std::string_view pattern);

}  // namespace abate::reading
