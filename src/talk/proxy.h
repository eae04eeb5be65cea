// SPDX-License-Identifier: Apache-2.0
// talk/proxy.h — does a proxy carry what a stranger says to a third place? It is told to reach a throw-away listener of
// ours, and only a random word that arrives there is the proof.
//
//   TRY_ASSIGN(const Listener listener, Listener::open(our_address));
//   const Trial trial = try_proxy(ProxyWay::connect, {.address = address, .port = 3128}, listener, {});
//
// A "yes" whose word never arrives, and a proxy that tried in vain, are unclear. Thread-safe: no state.
#pragma once

#include <array>

#include "talk/line.h"
#include "talk/listener.h"
#include "talk/trial.h"

namespace abate::talk {

enum class ProxyWay : std::uint8_t {
  connect,  // HTTP CONNECT (RFC 9110 §9.3.6)
  get,      // HTTP GET of an absolute URI (RFC 9112 §3.2.2)
  socks4,
  socks5  // RFC 1928, without a password
};
inline constexpr std::array kProxyWays = {ProxyWay::connect, ProxyWay::get, ProxyWay::socks5, ProxyWay::socks4};
std::string_view proxy_way_name(ProxyWay way);

// `seen_as`: our listener as the proxy can reach it, where that is another address (behind NAT); else listener.told().
Trial try_proxy(ProxyWay way, const Peer& peer, const Listener& listener, const Bounds& bounds,
                const std::optional<Peer>& seen_as = {});

}  // namespace abate::talk
