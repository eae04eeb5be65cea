// SPDX-License-Identifier: Apache-2.0
// base/clock.h — where "now" comes from. Everything that needs the time is given a Clock, so a test can hold it still.
#pragma once

#include <atomic>

#include "base/time.h"

namespace abate {

class Clock {  // thread-safe
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Instant now() const = 0;
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override;
};

class ManualClock final : public Clock {  // for tests: moves only when told to
 public:
  explicit ManualClock(Instant start) : micros_{to_micros(start)} {}
  [[nodiscard]] Instant now() const override { return from_micros(micros_.load()); }
  void advance(Duration by) { micros_ += by.count(); }
  void set(Instant at) { micros_ = to_micros(at); }

 private:
  std::atomic<std::int64_t> micros_;
};

}  // namespace abate
