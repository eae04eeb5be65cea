// SPDX-License-Identifier: Apache-2.0
// sweep/host/logs/admin_uses.h — requests to the administration of a site that change its code: by whom, and whether
// that network had administered a site here before. Suspicious where it had not and the time fits the ticket's, else a
// note.
#pragma once

#include <memory>
#include <string_view>

#include "sweep/kit/detector.h"

namespace abate::sweep {

using RequestTest = bool (*)(const Request& request);
// "192.0.2.7 `did` shop.example on …"; `did` outlives it.
std::unique_ptr<LogWatcher> watch_admin_uses(const Host& host, RequestTest is_meant, std::string_view did);

}  // namespace abate::sweep
