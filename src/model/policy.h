// SPDX-License-Identifier: Apache-2.0
// model/policy.h — terms, required actions and the ladder of measures, per category (R8).
//
// A category inherits what it does not say from the default section; that is done when the file is read, so here every
// field is set. A Policy is a value: a running desk swaps the whole of it.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ip.h"
#include "model/category.h"
#include "model/measure.h"

namespace abate {

enum class OpenMode : std::uint8_t { review, automatic };
enum class RefuseMode : std::uint8_t {
  any,           // whoever reports it
  authenticated  // a reporter as `open = automatic` asks for; what others say is for a person to weigh
};
enum class ProbeMode : std::uint8_t {
  off,
  record,  // what a probe saw is entered; a person decides
  refuse   // a claim whose harm is still live goes back by itself; in probation the case is opened again
};
enum class EnforceMode : std::uint8_t { approve, automatic };

struct Terms {
  std::chrono::seconds respond_within = std::chrono::hours{24};
  std::chrono::seconds fix_within = std::chrono::hours{24};
  std::chrono::seconds probation = std::chrono::days{7};
  std::vector<std::chrono::seconds> remind_before = {std::chrono::hours{12}, std::chrono::hours{2}};
  // Harm that a new incident shows within so long after a claim may still be the old one: mail that waited elsewhere.
  // Later harm refuses the claim by itself, where `refuse` takes the reporter's word for it.
  std::chrono::seconds claim_slack{0};
  RefuseMode refuse = RefuseMode::any;
  OpenMode open = OpenMode::review;
  // Opening by itself asks for more, where these say so. A reporter's record: so many of its reports led to an opened
  // ticket, at most that share of its decided ones was dismissed, and at most so many were harmful.
  std::uint32_t record_right = 0;
  std::uint32_t record_wrong_percent = 100;
  std::uint32_t record_harmful = 0;
  // Less than so many incidents, of so many reporters, within that time is noise: a single complaint of a feedback
  // loop.
  std::uint32_t noise_incidents = 1;
  std::uint32_t noise_reporters = 1;
  std::chrono::seconds noise_window = std::chrono::hours{24};
  // Whose reports, and about what, are dismissed at once: "noc@example.org", "example.org"; our own scanners.
  std::vector<std::string> ignore_reporters;  // lower case
  std::vector<IpRange> ignore_addresses;
  std::vector<MeasureKind> ladder = {MeasureKind::suspend};
  EnforceMode enforce = EnforceMode::approve;
  ProbeMode probe = ProbeMode::record;
  std::chrono::seconds step_pause = std::chrono::hours{24};  // between two steps of the ladder
  std::chrono::seconds undated_window = std::chrono::days{7};
  std::uint32_t brake = 10;  // measures an hour without a person; beyond it they are only proposed
  std::vector<std::string> required_actions = {"Find and remove the cause",
                                               "Reply in this ticket: cause, actions, confirmation, prevention"};
  friend bool operator==(const Terms&, const Terms&) = default;
};

// A reporter's address, or the domain of it or beneath which it is, stands in ignore_reporters; or the incident's
// address in ignore_addresses.
bool is_ignored(const Terms& terms, const std::string& reporter_address, const std::optional<IpAddress>& source);
bool has_good_record(const Terms& terms, std::uint64_t opened, std::uint64_t dismissed, std::uint64_t harmful);
bool is_noise(const Terms& terms, std::uint64_t incidents, std::uint64_t reporters);

struct Policy {
  std::array<Terms, kCategories.size()> terms;
  [[nodiscard]] const Terms& of(Category category) const { return terms[static_cast<std::size_t>(category)]; }
  [[nodiscard]] Terms& of(Category category) { return terms[static_cast<std::size_t>(category)]; }
  friend bool operator==(const Policy&, const Policy&) = default;
};

}  // namespace abate
