// SPDX-License-Identifier: Apache-2.0
// tests/report/samples.h — made-up outcomes of sweeps: what the reports' tests print, and what the pictures show.
#pragma once

#include "report/outcome.h"

namespace abate::report::samples {

Outcome clean_server();        // nothing malicious, a few notes, a few things not examined
Outcome compromised_server();  // a web shop: plugin, shell, cron job, spam; with diagnosis and plan
Outcome without_diagnosis();   // the same, as `abate sweep` has it
Outcome hostile_server();      // every text holds what steers terminals, breaks pages or turns lines round
extern const std::string kHostile;

}  // namespace abate::report::samples
