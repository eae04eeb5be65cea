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
  // Another configuration and its policy, whole or not at all: policy, provider, mail server, enforcers, readers and
  // folders from now on. What is taken at the start only (the store, what is listened on) is logged as restart_needed.
  virtual Result<void> take(const Config& fresh) = 0;
};

// What the start would refuse in `config` by itself: addresses to listen on, the store's URL, the mail server,
// enforcers and their secrets, DNS. Starts nothing, opens no store and talks to nobody.
Result<void> check_parts(const Config& config);

// Ready when it returns: intake answers, pages are served, loops run.
Result<std::unique_ptr<Parts>> start_parts(Setup setup);

}  // namespace abate::apps
