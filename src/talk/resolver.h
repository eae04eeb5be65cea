// SPDX-License-Identifier: Apache-2.0
// talk/resolver.h — does a name server (RFC 1035) look names up for a stranger?
//
//   const Trial trial = try_resolver({.address = address, .port = 53}, "probe.example.com", {});
//
// One A question with "recursion desired", by UDP. Open: recursion is offered (RA) and the name was looked up, found or
// not. Closed: REFUSED, recursion not offered, or silence. SERVFAIL with recursion offered is unclear: it would have.
// A server that answers for its own names only is closed, so ask for a name that is not its own. Thread-safe: no state.
#pragma once

#include <string>

#include "talk/line.h"
#include "talk/trial.h"

namespace abate::talk {

// `name`: at most 200 bytes of letters, digits, hyphens and dots. Anything else is unclear.
Trial try_resolver(const Peer& peer, const std::string& name, const Bounds& bounds);

}  // namespace abate::talk
