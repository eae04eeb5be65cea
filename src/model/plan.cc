// SPDX-License-Identifier: Apache-2.0
#include "model/plan.h"

namespace abate {

std::string action_id(const Action& action) {
  std::string id = finding_id(action.kind, action.subject);
  id[0] = 'a';
  return id;
}

}  // namespace abate
