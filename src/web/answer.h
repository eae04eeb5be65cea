// SPDX-License-Identifier: Apache-2.0
// web/answer.h — what is made of a request before a handler sees it, and of a Response before it is sent. Pure but for
// the date; thread-safe.
#pragma once

#include <span>
#include <string>

#include "base/ip.h"
#include "web/framing.h"
#include "web/http.h"

namespace abate::web {

// Target, headers and peer; the body comes later. malformed: the target.
Result<Request> request_of(const Head& head, const std::string& socket_peer, bool from_unix_socket,
                           std::span<const IpRange> trusted_proxies);

// Status line and headers. Security headers, Date and Cache-Control are added where the handler did not set them; a
// header that could not be sent whole (control characters) is left out and logged.
std::string head_of(const Response& response, bool close);

}  // namespace abate::web
