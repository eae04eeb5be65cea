// SPDX-License-Identifier: Apache-2.0
#include "base/clock.h"

namespace abate {

Instant SystemClock::now() const { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); }

}  // namespace abate
