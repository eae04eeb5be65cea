// SPDX-License-Identifier: Apache-2.0
// post/dns_resolver.h — the desk's Resolver on c-ares: TXT records from the servers that the configuration names.
//
//   auto resolver = make_dns_resolver({"127.0.0.1:5353"});   // {"system"}: those of the host
//
// Answers are kept for their time to live, at most kTextKeptMax of them; that a name has none is kept kNothingKept. All
// names of a call are asked at once, and the call takes at most kDnsTimeMax. Answers are hostile: their size is
// bounded, and only strings of valid UTF-8 without U+0000 are taken. Thread-safe: calls wait for each other.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "desk/ports/resolver.h"

namespace abate::post {

constexpr std::chrono::milliseconds kDnsTimeMax{5'000};
constexpr std::chrono::minutes kTextKeptMost{60};
constexpr std::chrono::seconds kNothingKept{60};
constexpr std::size_t kTextKeptMax = 10'000;
constexpr std::size_t kTextBytesMax = 16 * 1'024;
constexpr std::size_t kTextsOfNameMax = 10;

// malformed: a server that is no address with an optional port.
Result<std::unique_ptr<desk::Resolver>> make_dns_resolver(const std::vector<std::string>& servers);

}  // namespace abate::post
