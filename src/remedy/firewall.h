// SPDX-License-Identifier: Apache-2.0
// remedy/firewall.h — a firewall from what really listens, and a gate for mail that leaves: nftables, in tables of our
// own (`inet abate`, `inet abate_egress`), so that nobody else's rules are touched. Pure: data for the executor.
//
// What may be reached stays so: sshd first, by its configuration, its sockets and the sessions that are open now; then
// whatever listens to everybody, but for what is meant for this machine alone (databases, file shares) and what a web
// user or a program of no package opened. Everything else that comes in is dropped, over IPv4 and IPv6. What goes out,
// answers, ICMP and DHCP pass; forwarded traffic (containers) is not filtered.
//
// At first the rules are on trial: dropping hangs on a set whose elements the kernel itself forgets after kTrialSeconds
// (nft(8), "timeout"), so that even a server that lost every session opens again. keep_firewall() makes it last.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "remedy/change.h"
#include "sweep/kit/host.h"

namespace abate::remedy {

constexpr int kTrialSeconds = 120;
constexpr const char* kFirewallFile = "/etc/abate-firewall.nft";  // the rules that last
constexpr const char* kEgressFile = "/etc/abate-egress.nft";
constexpr const char* kFirewallKept = "/var/lib/abate/firewall-kept";  // only with this are they loaded at the start

struct ListeningPort {
  std::string protocol;  // "tcp", "udp"
  std::uint16_t first = 0;
  std::uint16_t last = 0;
  std::string of;  // "sshd", "nginx"

  friend bool operator==(const ListeningPort&, const ListeningPort&) = default;
};
struct Reach {
  std::vector<ListeningPort> open;  // sshd's first
  std::vector<ListeningPort> shut;  // listens to everybody, and is not to
};
Reach reach_of(const sweep::Host& host);
std::string says_ports(const std::vector<ListeningPort>& ports);  // "22/tcp (sshd), 80/tcp (nginx)"

// As `nft -f` reads it. trial_seconds 0: for good.
std::string firewall_rules(const Reach& reach, int trial_seconds);
std::string egress_rules(const std::vector<std::uint32_t>& mail_uids);

// Accounts that the installed mail servers send as.
std::vector<std::uint32_t> mail_uids(const sweep::Host& host);
// "" or the firewall that filters here already.
std::string other_firewall(const sweep::Host& host);
// What to type for a firewall that is installed and off; "" where there is none.
std::string idle_firewall_words(const sweep::Host& host, const Reach& reach);
bool is_firewall_kept(const sweep::Host& host);

Result<Work> firewall_work(const sweep::Host& host);
Result<Work> egress_work(const sweep::Host& host);

}  // namespace abate::remedy
