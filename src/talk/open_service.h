// SPDX-License-Identifier: Apache-2.0
// talk/open_service.h — services that answer anybody who asks, and so serve as amplifiers or give away what they hold:
// memcached, redis, NTP, SNMP and their like. One row a question.
//
//   const Trial trial = try_open_service(*open_service("memcached"), {.address = address, .port = 11211}, {});
//
// Each question is harmless: it asks for a version or a name, and changes nothing. Open: it answered as its protocol
// says. Closed: it wants a password, refuses, or says nothing. Anything else is unclear. Thread-safe: no state.
#pragma once

#include <span>
#include <string_view>

#include "talk/line.h"
#include "talk/trial.h"

namespace abate::talk {

struct OpenService {
  std::string_view name;  // "memcached_udp"
  std::string_view says;  // "for its version"
  bool is_udp = true;
  std::uint16_t port = 0;
  std::string_view question;
  Outcome (*judge)(std::string_view answer);
};
std::span<const OpenService> open_services();
const OpenService* open_service(std::string_view name);  // null: not known

// Is something listening at all? Open: a connection came about. Nothing is said.
Trial try_port(const Peer& peer, const Bounds& bounds);
Trial try_open_service(const OpenService& service, const Peer& peer, const Bounds& bounds);

}  // namespace abate::talk
