// SPDX-License-Identifier: Apache-2.0
// "Not this server" is said on positive grounds only: an absence of findings proves nothing.
#include <algorithm>

#include "diagnosis/diagnose.h"

namespace abate::diagnosis {
namespace {

using namespace std::chrono_literals;

bool is_own_source(const Case& ticket, const IpAddress& address) {
  return std::ranges::any_of(ticket.incidents, [&](const Incident& incident) { return incident.source_ip == address; });
}

}  // namespace

std::vector<std::string> not_this_server(const sweep::Host& host, const std::vector<Finding>& findings) {
  std::vector<std::string> grounds;
  const Case& ticket = host.ticket;
  if (!ticket.span) return grounds;
  const Instant end = ticket.span->end;
  if (host.first_boot_at && *host.first_boot_at > end + 1h)
    grounds.push_back(fmt::format("this server was first started on {}, after the reported time",
                                  format_for_people(*host.first_boot_at)));
  // Which addresses its own logs say it had, and when (detector own_address_seen).
  for (const Finding& finding : findings) {
    if (finding.detector != "own_address_seen" || !finding.at) continue;
    const Result<IpAddress> address = parse_ip(finding.subject.address);
    if (!address || !is_own_source(ticket, *address) || *finding.at <= end) continue;
    for (const Finding& other : findings)
      if (other.detector == "own_address_seen" && other.at && *other.at <= end &&
          other.subject.address != finding.subject.address)
        grounds.push_back(fmt::format("it got the address {} on {}; at the reported time its logs name {}",
                                      finding.subject.address, format_for_people(*finding.at), other.subject.address));
  }
  const bool fixed = std::ranges::any_of(host.addresses, [](const IpAddress& address) { return address.is_v4(); });
  const bool named = std::ranges::any_of(ticket.incidents, [&](const Incident& incident) {
    return !incident.source_ip || std::ranges::find(host.addresses, *incident.source_ip) != host.addresses.end();
  });
  const bool same_family = std::ranges::any_of(
      ticket.incidents, [](const Incident& incident) { return incident.source_ip && incident.source_ip->is_v4(); });
  const bool ever = std::ranges::any_of(findings, [&](const Finding& finding) {
    const Result<IpAddress> address = parse_ip(finding.subject.address);
    return finding.detector == "own_address_seen" && address && is_own_source(ticket, *address);
  });
  if (fixed && same_family && !named && !ever && grounds.empty())
    grounds.push_back(fmt::format("none of the reported addresses is one of this server's: it has {}",
                                  host.addresses.front().to_string()));
  std::ranges::sort(grounds);
  grounds.erase(std::ranges::unique(grounds).begin(), grounds.end());
  return grounds;
}

}  // namespace abate::diagnosis
