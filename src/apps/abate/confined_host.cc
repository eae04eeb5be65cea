// SPDX-License-Identifier: Apache-2.0
#include "apps/abate/confined_host.h"

#include "apps/abate/confine.h"
#include "apps/abate/sweep_run.h"

namespace abate::apps {

Result<ConfinedHost> open_confined(const remedy::Where& where, Instant now, sweep::Notes& notes) {
  ConfinedHost host;
  TRY_ASSIGN(host.tree, sweep::DiskTree::open_root(where.root));
  std::optional<sweep::Running> running;
  const auto see = [&] {
    if (where.live) running = sweep::see_running(*host.tree, notes);
  };
  static_cast<void>(confine({.writable = {}, .live = where.live, .fast = false, .see_processes = see}));
  host.opened = sweep::open_host(*host.tree, std::move(running), now, {}, notes);
  host.opened->host.root = where.root;
  return host;
}

}  // namespace abate::apps
