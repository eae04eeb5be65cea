// SPDX-License-Identifier: Apache-2.0
// report/hardening.h — how a server stands towards R27 to R32, as text for a terminal: by requirement, what is weak
// with why, effect, risk and undo; what is as it should be in a line each. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/plan.h"
#include "report/layout.h"

namespace abate::report {

struct HardeningRow {
  enum class Standing : std::uint8_t { advised, by_hand, said, already } standing = Standing::already;
  Action action;  // its `why` says how it stands
};

std::string hardening_text(const std::vector<HardeningRow>& rows, const TerminalLook& look);

}  // namespace abate::report
