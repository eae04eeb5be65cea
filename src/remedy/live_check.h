// SPDX-License-Identifier: Apache-2.0
// remedy/live_check.h — what is tried by speaking to the running server's own services, and what the answers prove.
//
//   for (const LiveCheck& check : live_checks(stands, findings, host, own)) tried.push_back({check, speak(check)});
//   Verified verified = verify(stands, named, findings, host, now, tried);
//
// Only what the ticket, a finding or an action is about is tried. The address is this machine's own: one that strangers
// reach, where there is one, since every service trusts loopback. A server may trust its own addresses too (Postfix's
// mynetworks, BIND's localnets): a refusal proves that it is closed, but being let in proves nothing unless its
// configuration is open as well. Then it is said that it was not examined, and the desk tries from outside. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/ip.h"
#include "model/finding.h"
#include "model/reply.h"
#include "sweep/kit/host.h"

namespace abate::remedy {

struct Stands;

constexpr std::size_t kLiveUrlsMax = 5;
constexpr std::size_t kLiveAddressesMax = 2;  // of each family one
constexpr std::size_t kLivePortsMax = 8;

struct LiveCheck {
  enum class Kind : std::uint8_t { page, relay, proxy, resolver, service } kind = Kind::page;
  std::string about;  // "url:http://shop.example/x.php", "port:25": what of the ticket or the server it is about
  IpAddress address;
  std::uint16_t port = 0;
  std::string url;      // page
  std::string service;  // service: "memcached"
};

struct LiveSeen {
  enum class Outcome : std::uint8_t { open, closed, unclear } outcome = Outcome::unclear;
  std::string tried;
  std::string seen;
  // A page's:
  unsigned status = 0;
  std::string final_url;  // after redirections within the host
};

struct LiveTry {
  LiveCheck check;
  LiveSeen seen;
};

// `own`: the addresses that the kernel gives this machine's interfaces.
std::vector<LiveCheck> live_checks(const std::vector<Stands>& stands, const std::vector<Finding>& findings,
                                   const sweep::Host& host, const std::vector<IpAddress>& own);

struct LiveVerdict {
  enum class End : std::uint8_t { gone, there, not_examined } end = End::not_examined;
  std::string why;        // not_examined
  bool is_doubt = false;  // not_examined, and nothing else speaks for it being gone
};
LiveVerdict weigh(const LiveTry& one, const std::vector<Stands>& stands, const std::vector<Finding>& findings);

}  // namespace abate::remedy
