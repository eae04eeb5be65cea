// SPDX-License-Identifier: Apache-2.0
// apps/abate/own_caller.h — a child of this program that speaks to this machine's own services, as a stranger would,
// while this process, which reads hostile files, has given the network up.
//
//   TRY_ASSIGN(OwnCaller caller, OwnCaller::start());   // before confine(), with one thread
//   confine(…);
//   for (const LiveCheck& check : checks) auto seen = caller.speak(check);
//
// SECURITY: the child writes no file and starts no program. What it is asked comes from a ticket and a broken-into
// server: it looks nothing up, and connects to an address only when the kernel says that an interface of this machine
// has it; everything else is refused. (The kernel's own means, Landlock and seccomp, cannot tell addresses apart.) It
// sends no mail, changes nothing, and reads no more than talk/line.h lets it. Not thread-safe.
#pragma once

#include <vector>

#include "apps/abate/messages.h"
#include "base/result.h"
#include "remedy/live_check.h"

namespace abate::apps {

class OwnCaller {
 public:
  static Result<OwnCaller> start();
  OwnCaller(OwnCaller&&) noexcept = default;
  OwnCaller& operator=(OwnCaller&&) noexcept = default;
  ~OwnCaller();

  // A page is looked at as several visitors, a proxy asked in several ways: one answer for each. refused: the address
  // is not this machine's.
  Result<std::vector<remedy::LiveSeen>> speak(const remedy::LiveCheck& check) const;
  // Of this machine's interfaces, as the kernel said at the start.
  [[nodiscard]] const std::vector<IpAddress>& own_addresses() const { return own_; }

 private:
  OwnCaller(ChildWay child, std::vector<IpAddress> own) : child_{std::move(child)}, own_{std::move(own)} {}

  ChildWay child_;
  std::vector<IpAddress> own_;
};

}  // namespace abate::apps
