// SPDX-License-Identifier: Apache-2.0
// store/postgres_connection.h — a connection to PostgreSQL 15 or later, through libpq.
//
// Parameters and results are binary. Within a transaction the connection is in pipeline mode: deferred statements are
// sent and not waited for. Transactions are repeatable read.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "store/connection.h"

namespace abate::store {

Result<std::unique_ptr<Connection>> open_postgres(const std::string& url);

}  // namespace abate::store
