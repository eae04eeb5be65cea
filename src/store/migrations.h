// SPDX-License-Identifier: Apache-2.0
// store/migrations.h — brings a schema up to date (migrations/NNNN_name.sql), all missing steps in one transaction.
#pragma once

#include "base/result.h"
#include "store/connection.h"

namespace abate::store {

int newest_schema();                            // that this program knows
Result<int> schema_of(Connection& connection);  // 0: none. Within a transaction.
// unavailable when the schema is newer than the program.
Result<void> migrate(Connection& connection);
// An error that says to run `abated migrate` unless the schema is the program's own.
Result<void> require_schema(Connection& connection);

}  // namespace abate::store
