// SPDX-License-Identifier: Apache-2.0
// store/store.h — transactions on pooled connections, run again where the database asks for it. Thread-safe.
#pragma once

#include <memory>

#include "desk/ports/store.h"
#include "store/pool.h"

namespace abate::store {

// `readers` and `writers` may be the same pool. SQLite's pool of writers holds one.
std::unique_ptr<desk::Store> make_store(std::shared_ptr<Pool> writers, std::shared_ptr<Pool> readers);

}  // namespace abate::store
