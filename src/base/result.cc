// SPDX-License-Identifier: Apache-2.0
#include "base/result.h"

namespace abate {

std::string_view fault_name(Fault fault) {
  switch (fault) {
    case Fault::malformed: return "malformed";
    case Fault::too_big: return "too_big";
    case Fault::not_found: return "not_found";
    case Fault::refused: return "refused";
    case Fault::conflict: return "conflict";
    case Fault::stale: return "stale";
    case Fault::unavailable: return "unavailable";
  }
  return "unknown";
}

}  // namespace abate
