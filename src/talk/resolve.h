// SPDX-License-Identifier: Apache-2.0
// talk/resolve.h — the addresses of a name, by c-ares: /etc/hosts first, then the name servers of /etc/resolv.conf.
// Not by getaddrinfo: in a static program that would load the machine's own libraries.
#pragma once

#include <string>
#include <vector>

#include "base/ip.h"
#include "base/result.h"
#include "base/time.h"

namespace abate::talk {

// An address is its own answer. not_found, unavailable (no name server answered within `patience`). Blocks.
Result<std::vector<IpAddress>> resolve(const std::string& name, Duration patience);

}  // namespace abate::talk
