// SPDX-License-Identifier: Apache-2.0
// desk/desk.h — what every use case stands on. Built once in apps; all of it is thread-safe and outlives its users.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ip.h"
#include "desk/bell.h"
#include "desk/ports/store.h"
#include "model/attribution.h"
#include "model/policy.h"

namespace abate::desk {

struct Provider {
  std::string name = "Example Hosting";
  std::vector<IpRange> prefixes;
  std::string public_url = "http://127.0.0.1:8080";
  std::string mail_from = "Abuse Team <abuse@example.net>";
  std::string bounce_domain = "example.net";
  std::vector<std::string> trusted_authserv;  // whose Authentication-Results (RFC 8601) count; lower case
  std::vector<std::string> enforcers;         // their names: an order goes to each
};

struct LedgerIndex {  // one version of the ledger, ready to be asked
  std::uint64_t version = 0;
  std::vector<IpRange> prefixes;  // the provider's, as they were when it was built
  AttributionIndex index;
};

struct Desk {
  Store& store;
  const Clock& clock;
  Bell& bell;
  std::atomic<bool> probes{false};  // tries from outside: what is due is scheduled only where somebody does it
  std::string node = "node-1";      // tells several `abated` on one database apart: leases, intake stream

  // These three are replaced while work goes on (SIGHUP, an import): load once, and use what was loaded.
  std::atomic<std::shared_ptr<const Provider>> provider;
  std::atomic<std::shared_ptr<const Policy>> policy{std::make_shared<const Policy>()};
  std::atomic<std::shared_ptr<const LedgerIndex>> ledger{};  // null until the first load

  Desk(Store& s, const Clock& c, Bell& b, Provider p)
      : store{s}, clock{c}, bell{b}, provider{std::make_shared<const Provider>(std::move(p))} {}
};

}  // namespace abate::desk
