// SPDX-License-Identifier: Apache-2.0
// sweep/host/logs/login_databases.h — log-ins where the times beyond 2038 are (Debian 13 and newer, SUSE): wtmpdb's
// table wtmp in place of /var/log/wtmp, lastlog2's in place of /var/log/lastlog. Both are SQLite.
//
// The events are those of records.h: programs "wtmp" and "lastlog", Login of service `other`, UnitChange "boot". Of one
// database no more than kLoginRowsMax rows are read, the newest. The database is hostile: tree_database.h.
#pragma once

#include <functional>

#include "base/result.h"
#include "sweep/kit/event.h"
#include "sweep/kit/tree.h"

namespace abate::sweep {

constexpr std::size_t kLoginRowsMax = 1'000'000;

Result<void> read_wtmpdb(const Tree& tree, std::string_view path, const std::function<void(const Event&)>& to);
Result<void> read_lastlog2(const Tree& tree, std::string_view path, const std::function<void(const Event&)>& to);

}  // namespace abate::sweep
