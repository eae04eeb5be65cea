// SPDX-License-Identifier: Apache-2.0
#include "enforce/enforcer_kind.h"

namespace abate::enforce {

Result<std::unique_ptr<desk::Enforcer>> make_enforcer(const EnforcerConfig& config) {
  std::string known;
  for (const Kind* kind : kinds()) {
    if (kind->name == config.kind) return kind->make(config);
    known += (known.empty() ? "" : ", ") + std::string{kind->name};
  }
  return failure(Fault::malformed, "enforcer '{}': there is no kind '{}'; known are {}", config.name, config.kind,
                 known);
}

}  // namespace abate::enforce
