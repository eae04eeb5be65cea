// SPDX-License-Identifier: Apache-2.0
// model/diagnosis.h — how the harm came about: the chain of findings from the harm back to the entry, and how sure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "model/finding.h"

namespace abate {

enum class SweepVerdict : std::uint8_t { cause_found, harm_found, nothing_found, not_this_server, rebuild };
std::string_view sweep_verdict_name(SweepVerdict verdict);

enum class WayInKind : std::uint8_t {
  weak_password,
  stolen_password,
  stolen_mailbox,
  stolen_key,
  vulnerable_application,
  exposed_service,
  open_configuration,
  by_owner,
  unknown
};
using EntryKind = WayInKind;  // the form's word, "entry.kind"; an entry of the history has a kind of its own
std::string_view entry_kind_name(WayInKind kind);

enum class Step : std::uint8_t { entry, foothold, persistence, spread, harm };
std::string_view step_name(Step step);

struct CauseStep {
  Step step = Step::harm;
  std::string finding;  // id
  std::optional<Instant> at;
  std::string says;                  // one sentence in plain words
  std::vector<std::string> reasons;  // why it is joined to the step after it: "same client 192.0.2.247 within 40 s"
};

struct WayIn {  // the first act of an outsider that the harm needs
  EntryKind kind = EntryKind::unknown;
  Subject subject;
  std::string from;  // address, or ""
  std::optional<Instant> at;
  std::string says;
};

struct TimelineRow {
  std::optional<Instant> at;
  std::string says;
  std::string source;  // "/var/log/nginx/access.log:1234"
  bool intruder = false;
};

struct Rival {  // another explanation that is nearly as good
  EntryKind kind = EntryKind::unknown;
  double confidence = 0;
  std::string says;
};

struct Diagnosis {
  std::string ticket;
  SweepVerdict verdict = SweepVerdict::nothing_found;
  double confidence = 0;  // 0..1; of those said at 0.9, nine in ten are right
  std::optional<WayIn> entry;
  std::vector<CauseStep> cause;  // entry first, harm last
  std::vector<TimelineRow> timeline;
  std::vector<std::string> intruders;  // addresses
  std::vector<Rival> rivals;
  std::vector<std::string> next_steps;
  std::vector<std::string> grounds;  // of the verdict, in plain words
};

}  // namespace abate
