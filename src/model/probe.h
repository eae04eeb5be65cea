// SPDX-License-Identifier: Apache-2.0
// model/probe.h — checks from outside that the harm is gone (B6), and which of them fit what was reported.
//
// A probe goes to the address that an incident names as the culprit and to no other: never to a name that is looked up,
// never to an address that only evidence mentions. Whether that address is still the service's is for the desk to say.
// Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ip.h"
#include "model/category.h"
#include "model/incident.h"

namespace abate {

enum class ProbeOutcome : std::uint8_t {
  live,        // the harm is still there
  gone,        // it is not
  unclear,     // tried, and it tells nothing
  not_probed,  // not tried: the law, or no means
};
std::string_view probe_outcome_name(ProbeOutcome outcome);

struct ProbeTask {
  std::string kind;  // "http_content", "open_relay", …: a file of the room `probe`
  IpAddress address;
  std::uint16_t port = 0;
  std::string url;  // http_content
  friend bool operator==(const ProbeTask&, const ProbeTask&) = default;
};

struct ProbeSeen {
  ProbeOutcome outcome = ProbeOutcome::unclear;
  std::string tried;   // "GET http://shop.example/x on 203.0.113.10:80 as a phone"
  std::string seen;    // "status 404"
  std::string sha256;  // of the bytes that came; "" where none did
};

enum class ProbeWhy : std::uint8_t { claim, probation };
std::string_view probe_why_name(ProbeWhy why);
std::optional<ProbeWhy> parse_probe_why(std::string_view name);

constexpr std::size_t kProbeTasksMax = 12;

// Newest incidents first; each task once, at most kProbeTasksMax. Empty: nothing that was reported can be tried.
std::vector<ProbeTask> probes_for(Category category, const std::vector<Incident>& incidents);
// Material that nobody may fetch, whatever for (law 10).
bool is_never_fetched(const Incident& incident);

}  // namespace abate
