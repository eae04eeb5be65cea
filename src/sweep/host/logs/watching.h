// SPDX-License-Identifier: Apache-2.0
// sweep/host/logs/watching.h — what detectors that watch logs share: networks, visits, evidence. All of it bounded.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "model/finding.h"
#include "sweep/kit/event.h"
#include "sweep/kit/host.h"

namespace abate::sweep {

// The network that an address lies in, as its lowest address: providers move people about within a /16 (IPv6: /32), and
// intruders within a /24 (IPv6: /48).
IpAddress network_of(const IpAddress& address);
IpAddress nearby_of(const IpAddress& address);
bool is_private(const IpAddress& address);  // RFC 1918, RFC 4193, link-local, loopback
// Neither this server itself nor its private network.
bool is_outside(const Host& host, const std::optional<IpAddress>& address);

// Within the ticket's time, or shortly before it: where a way in would lie. True without a ticket's time.
bool near_harm(const Host& host, Instant at);

// Evidence of a finding: the first lines and the last ones.
class Evidence {
 public:
  void add(const Event& event);
  void into(Finding& finding) const;
  [[nodiscard]] bool empty() const { return first_.empty(); }

 private:
  static constexpr std::size_t kFirst = 4;
  std::vector<std::string> first_;
  std::string last_;
};

// Log-ins that worked: each combination of service, account and client once.
struct Visit {
  LoginService service = LoginService::other;
  std::string user;
  IpAddress client;
  Instant first, last;
  std::uint32_t count = 0;
  std::string method;  // of the first
  std::string key;
  std::string evidence;  // the first
};
class Visits {
 public:
  void see(const Event& event);  // Login, and mail handed in with a password
  [[nodiscard]] std::vector<const Visit*> by_time() const;

  // A first log-in of an account from a network where it never came from: after at least kKnownDays of others, or as
  // a guest of a few days amidst at least kHomeDays of others.
  struct Strange {
    const Visit* visit;
    std::size_t networks_before;
    Instant known_since;
  };
  [[nodiscard]] std::vector<Strange> strange(const std::set<LoginService>& services) const;

  static constexpr std::size_t kMax = 5000;
  static constexpr std::chrono::days kKnownDays{10};
  static constexpr std::chrono::days kHomeDays{6};
  static constexpr std::chrono::days kGuestDays{4};
  static constexpr std::size_t kNetworksMax = 64;  // an account that comes from everywhere

 private:
  std::map<std::string, Visit, std::less<>> all_;
  std::string key_;
};

std::string when(Instant at);  // "2 January 2026, 03:04 UTC"

Subject account_subject(std::string_view name, std::string_view address = {});
Subject mailbox_subject(std::string_view name);
// Mail services belong to a mailbox, all others to an account.
Subject login_subject(const Visit& visit);

}  // namespace abate::sweep
