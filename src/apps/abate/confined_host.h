// SPDX-License-Identifier: Apache-2.0
// apps/abate/confined_host.h — the server as a child without rights sees it: opens its root, gives all rights up
// (confine.h), reads the inventory. Call it in a child (in_child.h), once.
#pragma once

#include <memory>

#include "base/time.h"
#include "remedy/executor/executor.h"
#include "sweep/host/disk_tree.h"
#include "sweep/host/look.h"

namespace abate::apps {

struct ConfinedHost {
  std::unique_ptr<sweep::DiskTree> tree;  // outlives what was opened from it
  std::unique_ptr<sweep::OpenedHost> opened;
};
Result<ConfinedHost> open_confined(const remedy::Where& where, Instant now, sweep::Notes& notes);

}  // namespace abate::apps
