// SPDX-License-Identifier: Apache-2.0
// reading/received.h — who handed a reported mail to the reporter, out of its Received fields (RFC 5321 section 4.4).
// Only the topmost fields were written by the reporter's own hosts; those below may be the spammer's invention. Pure.
#pragma once

#include <optional>
#include <string>

#include "base/ip.h"
#include "reading/mime/fields.h"

namespace abate::reading {

struct Handover {
  IpAddress from;    // the public address that connected
  std::string date;  // what stands behind the semicolon, or ""
};

// The first field from the top whose "from" names a public address; inner hops of the reporter's (private addresses,
// loopback, two hosts of one domain) are passed over, at most kHopsMax of them. Where the reporter's host says whom it
// checked (Received-SPF, Exchange's Authentication-Results) and a field among them names that address, it is that one.
std::optional<Handover> find_handover(const Fields& headers);
constexpr std::size_t kHopsMax = 8;

}  // namespace abate::reading
