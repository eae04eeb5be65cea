// SPDX-License-Identifier: Apache-2.0
#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace abate {

void check_failed(const char* condition, std::source_location where) {
  std::fprintf(stderr, "%s:%u: CHECK(%s) failed; this is a bug in Abate\n", where.file_name(), where.line(), condition);
  std::abort();
}

}  // namespace abate
