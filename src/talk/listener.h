// SPDX-License-Identifier: Apache-2.0
// talk/listener.h — a throw-away TCP listener of our own: that a random word arrives there is the proof that somebody
// carried it.
//
//   TRY_ASSIGN(Listener listener, Listener::open(*parse_ip("203.0.113.99")));
//   … tell a proxy to connect to listener.told() …
//   if (listener.came(word, deadline)) …
//
// SECURITY: whoever connects is read for a few thousand bytes at most, answered with an empty page, and let go. Not
// thread-safe.
#pragma once

#include <chrono>
#include <string_view>

#include "base/descriptor.h"
#include "talk/line.h"

namespace abate::talk {

class Listener {
 public:
  // unavailable: the address is not this machine's, or the port is taken. 0: the system chooses a port.
  static Result<Listener> open(const IpAddress& address, std::uint16_t port = 0);
  [[nodiscard]] const Peer& told() const { return told_; }
  // Takes whoever connects until one brings the word; false where none did by then.
  bool came(std::string_view word, std::chrono::steady_clock::time_point deadline) const;

 private:
  Listener(Descriptor socket, Peer told) : socket_{std::move(socket)}, told_{told} {}
  Descriptor socket_;
  Peer told_;
};

}  // namespace abate::talk
