// SPDX-License-Identifier: Apache-2.0
// model/measure.h — something done to a service, and the law under which it may be done.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace abate {

enum class MeasureKind : std::uint8_t { limit_port25, limit_egress, isolate, suspend, terminate };
std::string_view measure_name(MeasureKind kind);
std::string_view measure_title(MeasureKind kind);  // "outgoing mail (port 25) limited", for people
std::optional<MeasureKind> parse_measure(std::string_view name);

enum class MeasureState : std::uint8_t {
  proposed,  // waits for a person
  approved,  // decided; the order to the enforcer is in the outbox
  in_force,  // every enforcer has confirmed it
  failed,    // given up: a person must act
  lifting,   // decided to lift; the order is in the outbox
  lifted,    // no longer in force
};
std::string_view measure_state_name(MeasureState state);
std::optional<MeasureState> parse_measure_state(std::string_view name);

struct Measure {
  std::uint32_t number = 0;  // within its ticket, from 1
  MeasureKind kind = MeasureKind::suspend;
  MeasureState state = MeasureState::proposed;
  std::string reason;
  std::string by;           // the actor who decided; "system" where policy did
  bool deliberate = false;  // R12: deliberate abuse, a named person's decision
  Instant at;               // of the last change of state
  friend bool operator==(const Measure&, const Measure&) = default;
};

// Is it decided and not undone?
constexpr bool holds(MeasureState state) { return state == MeasureState::approved || state == MeasureState::in_force; }

}  // namespace abate
