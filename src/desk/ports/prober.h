// SPDX-License-Identifier: Apache-2.0
// desk/ports/prober.h — checks from outside that the harm is gone. Implemented by the room `probe`.
#pragma once

#include <vector>

#include "model/probe.h"

namespace abate::desk {

class Prober {
 public:
  virtual ~Prober() = default;
  // One answer for each thing tried (a page is looked at as several visitors); never none. Every error is an answer:
  // unclear, or not_probed. Bounded in time; thread-safe.
  virtual std::vector<ProbeSeen> probe(const ProbeTask& task) = 0;
};

}  // namespace abate::desk
