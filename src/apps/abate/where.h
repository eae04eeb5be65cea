// SPDX-License-Identifier: Apache-2.0
// apps/abate/where.h — which server is changed, and where the state of that is kept.
#pragma once

#include <string>

#include "base/result.h"
#include "remedy/executor/executor.h"

namespace abate::apps {

// The root without links; the state folder: as given, /var/lib/abate of the running server, or ROOT.abate beside a
// mounted disk. not_found.
Result<remedy::Where> where_of(const std::string& root, const std::string& state);

}  // namespace abate::apps
