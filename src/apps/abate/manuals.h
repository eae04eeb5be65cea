// SPDX-License-Identifier: Apache-2.0
// apps/abate/manuals.h — the manuals of all detectors and actions: what `abate explain` prints.
#pragma once

#include <vector>

#include "report/manuals.h"

namespace abate::apps {

std::vector<report::ManualPage> manual_pages();

}  // namespace abate::apps
