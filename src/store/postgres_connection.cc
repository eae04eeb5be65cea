// SPDX-License-Identifier: Apache-2.0
#include "store/postgres_connection.h"

namespace abate::store {
Result<std::unique_ptr<Connection>> open_postgres(const std::string&) {
  return failure(Fault::unavailable, "PostgreSQL comes in a moment");
}
}  // namespace abate::store
