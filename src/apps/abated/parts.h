// SPDX-License-Identifier: Apache-2.0
// apps/abated/parts.h — the running desk: every part of it, started in order and stopped in the opposite order.
#pragma once

#include <memory>

#include "apps/abated/setup.h"
#include "base/result.h"
#include "desk/desk.h"

namespace abate::apps {

class Parts {
 public:
  virtual ~Parts() = default;  // finishes what was accepted, then stops
  virtual desk::Desk& desk() = 0;
};

// Ready when it returns: intake answers, pages are served, loops run.
Result<std::unique_ptr<Parts>> start_parts(Setup setup);

}  // namespace abate::apps
