// SPDX-License-Identifier: Apache-2.0
#include "apps/abate/where.h"

#include <filesystem>

namespace abate::apps {

Result<remedy::Where> where_of(const std::string& root, const std::string& state) {
  std::error_code wrong;
  const std::string real = std::filesystem::canonical(root, wrong).string();
  if (wrong) return failure(Fault::not_found, "{}: {}", root, wrong.message());
  remedy::Where where;
  where.root = real;
  where.live = real == "/";
  where.state_folder = !state.empty() ? state : where.live ? "/var/lib/abate" : real + ".abate";
  return where;
}

}  // namespace abate::apps
